"""Signs of what kind of page this is: its JSON-LD, its tags, its address, the software that made it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from browseagent.read.dom import Element
from browseagent.read.metadata import types_of

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


def page_signs(
    root: Element, url: str, objects: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
) -> list[float]:
    """Numbers in the order of :data:`browseagent.read.features.SIGNS`."""
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
