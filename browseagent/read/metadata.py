"""Title, author, date and language of a page, as the page states them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from browseagent.read.dom import Element, attribute, text_of
from browseagent.read.site import is_of_site, leads_home
from browseagent.read.text import clean, fold_space

_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_TAG = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_ARTICLES = {
    "article",
    "newsarticle",
    "blogposting",
    "techarticle",
    "report",
    "webpage",
    "discussionforumposting",
    "qapage",
}
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
_DATES = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.created", "parsely-pub-date",
    "pubdate",
    "sailthru.date", "publishdate", "og:published_time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; empty strings where it does not say."""

    title: str = ""
    author: str = ""
    date: str = ""
    language: str = ""


def linked_data(root: Element) -> list[Mapping[str, Any]]:
    """Every object of the page's JSON-LD, graphs taken apart. What does not parse is left out."""
    found: list[Mapping[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in attribute(script, "type").lower():
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        found.extend(_objects(value))
    return found


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            stack.extend(
                item[key] for key in ("@graph", "mainEntity") if isinstance(item.get(key), list | dict)
            )


def types_of(item: Mapping[str, Any]) -> set[str]:
    """The schema.org types of an object, in lower case, without their prefix."""
    said = item.get("@type")
    names = said if isinstance(said, list) else [said]
    return {str(name).rsplit("/", 1)[-1].lower() for name in names if name}


def meta_tags(root: Element) -> dict[str, str]:
    """The page's ``<meta>`` elements by lower-case name, property or itemprop; the first of each."""
    tags: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower().strip()
        content = fold_space(clean(meta.get("content") or ""))
        if name and content:
            tags.setdefault(name, content)
    return tags


def metadata(
    root: Element, objects: list[Mapping[str, Any]], tags: Mapping[str, str], url: str = ""
) -> Metadata:
    """Title, author, date and language from the tags of a page and its JSON-LD."""
    article = next((item for item in objects if types_of(item) & _ARTICLES), {})
    return Metadata(
        title=_title(root, tags, article, url),
        author=_author(root, tags, article),
        date=_date(root, tags, objects),
        language=_language(root, tags),
    )


def _title(root: Element, tags: Mapping[str, str], article: Mapping[str, Any], url: str) -> str:
    element = next(root.iter("title"), None)
    title = fold_space(text_of(element)) if element is not None else ""
    site, own = tags.get("og:site_name", ""), tags.get("og:title", "")
    tops = [(h, fold_space(text_of(h))) for h in root.iter("h1")]
    headings = [
        said
        for h, said in tops
        if said
        and not (own and said == site != own)
        and not is_of_site(said, title, url)
        and not (_is_logo(h, url) and said != title)
    ]
    # A heading that the title begins or ends with is the title without the site's name.
    for heading in headings:
        if len(heading) > 3 and heading in title:
            return heading
    headline = article.get("headline")
    for candidate in (tags.get("og:title"), headline if isinstance(headline, str) else None, title):
        if candidate and candidate.strip():
            return fold_space(clean(candidate))
    return headings[0] if headings else ""


def _is_logo(heading: Element, url: str) -> bool:
    """Whether a heading is, or stands in, a link to the site's first page."""
    links = (*heading.iter("a"), *heading.iterancestors("a"))
    return any(leads_home(attribute(link, "href"), url) for link in links if link.get("href"))


def _author(root: Element, tags: Mapping[str, str], article: Mapping[str, Any]) -> str:
    names = _names(article.get("author"))
    if names:
        return ", ".join(names)
    for name in _AUTHORS:
        said = tags.get(name, "")
        if said and not said.startswith(("http:", "https:", "@")):
            return said
    for link in root.iter("a"):
        if "author" in (link.get("rel") or "").split():
            text = fold_space(text_of(link))
            if 2 < len(text) < 60:
                return text
    return ""


def _names(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    names = []
    for item in items:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and name.strip() and not name.startswith("http"):
            names.append(fold_space(clean(name)))
    return list(dict.fromkeys(names))


def _date(root: Element, tags: Mapping[str, str], objects: list[Mapping[str, Any]]) -> str:
    for item in objects:
        for key in ("datePublished", "uploadDate", "dateCreated"):
            if date := iso_date(item.get(key)):
                return date
    for name in _DATES:
        if date := iso_date(tags.get(name)):
            return date
    for time in root.iter("time"):
        if date := iso_date(time.get("datetime")):
            return date
    return ""


def iso_date(value: Any) -> str:
    """The ISO date that a value begins with, or an empty string."""
    found = _DATE.match(value.strip()) if isinstance(value, str) else None
    if not found:
        return ""
    year, month, day = (int(part) for part in found.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 and year > 1900 else ""


def _language(root: Element, tags: Mapping[str, str]) -> str:
    html = next(root.iter("html"), None)
    for said in (
        attribute(html, "lang") if html is not None else "",
        attribute(html, "xml:lang") if html is not None else "",
        tags.get("content-language", ""),
        tags.get("og:locale", ""),
        tags.get("language", ""),
    ):
        if _TAG.match(said.strip()):
            return said.strip().replace("_", "-")
    return ""


_TYPES = (
    {
        "article",
        "newsarticle",
        "blogposting",
        "techarticle",
        "report",
        "reportagenewsarticle",
        "scholarlyarticle",
    },
    {"product", "productgroup", "offer", "vehicle", "book", "individualproduct"},
    {"itemlist", "collectionpage", "offercatalog", "searchresultspage", "productcollection", "listitem"},
    {"discussionforumposting", "qapage", "question", "socialmediaposting", "comment"},
    {"faqpage", "howto"},
    {"organization", "localbusiness", "service", "professionalservice", "corporation", "store"},
    {"softwareapplication", "webapplication", "mobileapplication"},
    {"breadcrumblist"},
)
_ADDRESSES = (
    r"forum|thread|topic|discussion|community|/t/|question|viewtopic|showthread|/r/|comments",
    r"docs?\b|documentation|reference|/api|guide|manual|wiki|/learn|tutorial|help|support|developer",
    r"product|/p/|/dp/|/item|/pd/|/shop/[^/]+|\.html?$|/buy",
    r"collection|categor|/c/|/shop/?$|/browse|catalog|list|search|tag/|/jobs|directory|archive|/all",
    r"blog|news|article|/20\d\d/|story|post|magazine|best-|how-to|review",
)
_SERVICES = re.compile(
    r"service|solution|pricing|platform|features|about|business|enterprise|insurance|bank|treatment|clinic",
    re.I,
)
_PATTERNS = tuple(re.compile(pattern, re.I) for pattern in _ADDRESSES)
_FORUMS = re.compile(
    r"discourse|phpbb|xenforo|vbulletin|invision|nodebb|flarum|mybb|simple machines|vanilla|stack ?exchange"
    r"|lithium|khoros",
    re.I,
)
_DOCS = re.compile(
    r"sphinx|docusaurus|mkdocs|gitbook|vitepress|hugo|jekyll|doxygen|mediawiki|readthedocs|nextra|antora"
    r"|javadoc",
    re.I,
)
_SHOPS = re.compile(
    r"shopify|woocommerce|magento|prestashop|bigcommerce|demandware|salesforce commerce|squarespace commerce",
    re.I,
)


SIGNS = (
    "ld_article", "ld_product", "ld_list", "ld_forum", "ld_faq", "ld_organization", "ld_software",
    "ld_breadcrumb",
    "og_article", "og_product", "og_website", "url_depth", "url_forum", "url_docs", "url_product", "url_list",
    "url_article", "url_home", "url_service", "generator_forum", "generator_docs", "generator_shop",
    "has_main",
    "has_article", "articles",
)  # fmt: skip


def page_signs(
    root: Element, url: str, objects: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
) -> list[float]:
    """Numbers in the order of :data:`SIGNS`."""
    types: set[str] = set()
    for item in objects:
        types |= types_of(item)
    og = tags.get("og:type", "").lower()
    address = urlsplit(url)
    path = address.path.rstrip("/")
    if address.scheme == "file":  # the folder that a page was saved in says nothing of the page
        path = path[path.rfind("/") :]
    whole = f"{address.netloc}{path if address.scheme == 'file' else address.path}"
    html = next(root.iter("html"), None)
    body = next(root.iter("body"), None)
    marks = " ".join(
        [tags.get("generator", ""), *((e.get("class") or "") + " " + (e.get("id") or "") for e in (html,
        body) if e is not None)]
    ) + " " + " ".join(islice((link.get("href") or "" for link in root.iter("link")), 12))  # fmt: skip
    articles = sum(1 for _ in islice(root.iter("article"), 50))
    return [
        *(float(bool(types & group)) for group in _TYPES),
        float("article" in og), float("product" in og), float("website" in og), path.count("/"),
        *(float(bool(pattern.search(whole))) for pattern in _PATTERNS),
        float(not path), float(bool(_SERVICES.search(path))), float(bool(_FORUMS.search(marks))),
        float(bool(_DOCS.search(marks))), float(bool(_SHOPS.search(marks))),
        float(next(root.iter("main"), None) is not None), float(articles > 0), articles,
    ]  # fmt: skip
