"""Words by which pages name their parts: in the names of elements, and in short texts.

Class names are written by people for people: ``footer``, ``related-posts``, ``product-description``.
Each group here becomes one feature of the model: how far above a chunk such a name stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_GROUPS = {
    "nav": "nav navbar navigation menu menubar submenu megamenu sitenav navlist",
    "crumbs": "breadcrumb breadcrumbs crumb crumbs",
    "header": "header masthead topbar top banner announcement",
    "footer": "footer foot colophon copyright bottom legal",
    "sidebar": "sidebar aside rail secondary widget widgets side complementary sidenav",
    "advert": "ad ads advert advertisement sponsor sponsored promo promotion dfp gpt outbrain taboola "
    "affiliate",
    "share": "share sharing social follow facebook twitter sharebar addthis",
    "related": "related recommend recommended recommendations recommendation similar also upsell crosssell "
    "trending"
    " popular latest suggested suggestions recirc recirculation readnext readmore recent",
    "comments": "comment comments commentlist disqus respond replies",
    "reviews": "review reviews rating ratings testimonial testimonials stars",
    "form": "form newsletter subscribe subscription signup login signin register search searchbox input "
    "mailing",
    "filter": "filter filters facet facets sort sorting refine refinement toolbar controls",
    "overlay": "modal popup dialog overlay cookie cookies consent gdpr drawer offcanvas flyout dropdown "
    "mega toast"
    " tooltip popover lightbox onetrust ot optanon cookiebot usercentrics didomi cmp ccpa privacy sheet",
    "pager": "pagination pager paging pagenav next prev previous",
    "meta": "byline author date meta timestamp time tag tags category categories published info",
    "content": "content article post entry body main text story prose markdown rte copy maincontent "
    "articlebody"
    " richtext wysiwyg contents primary document",
    "product": "product pdp price sku specs specification specifications spec details detail attribute "
    "attributes"
    " features feature description desc summary variant ingredients",
    "list": "list grid results items cards collection catalog products listing listings feed stream archive "
    "plp",
    "card": "card item tile teaser result row cell entry product job record hit",
    "forum": "message messages thread topic answer answers question questions posts postbody reply cooked "
    "bbcode",
    "toc": "toc outline onthispage tableofcontents scrollspy anchors",
    "cart": "cart checkout wishlist account basket minicart bag buy purchase quantity qty add",
    "section": "section hero cta block module panel component container wrapper intro lead banner",
    "tabs": "tab tabs tabpanel accordion faq collapse collapsible toggle disclosure",
    "media": "gallery carousel slider swiper slick thumbnail thumbnails image img figure caption video "
    "media photo",
    "user": "user avatar profile member signature username poster bio",
    "action": "button btn action actions link links icon label badge control cta more",
    "code": "code highlight snippet pre codehilite prism example",
    "help": "feedback helpful edit contribute report support contact help chat",
}
NAME_GROUPS = tuple(_GROUPS)
_WORD_GROUPS: dict[str, list[int]] = {}
for _index, _words in enumerate(_GROUPS.values()):
    for _word in _words.split():
        _WORD_GROUPS.setdefault(_word, []).append(_index)
_ADVERT = NAME_GROUPS.index("advert")
_ADVERT_MARKS = frozenset(("ad", "ads", "advert", "advertisement", "sponsored"))
_MARK_WORDS = 6
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

TAG_GROUPS = (
    "nav", "header", "footer", "aside", "form", "main", "article", "section", "li", "table", "figure",
    "button",
    "details", "dl", "p", "blockquote", "dialog", "label",
)  # fmt: skip
_TAG_AT = {tag: index for index, tag in enumerate(TAG_GROUPS)} | {
    "ul": 8,
    "ol": 8,
    "fieldset": 4,
    "dt": 13,
    "dd": 13,
}
_ROLES = {"navigation": 0, "banner": 1, "contentinfo": 2, "complementary": 3, "search": 4, "main": 5,
    "article": 6,
          "listitem": 8, "button": 11, "dialog": 16, "alertdialog": 16}  # fmt: skip


@lru_cache(maxsize=16_384)
def name_groups(names: str) -> frozenset[int]:
    """The numbers of the groups that the words in an element's names belong to."""
    return frozenset().union(*(_WORD_GROUPS.get(part.lower(), ()) for part in _PART.findall(names)))


def marks_advert(names: str, text: str) -> bool:
    """Whether an element says in its names and in its few words that an advertisement comes next."""
    said = text.casefold().split()
    named = _ADVERT in name_groups(names)
    return named and 0 < len(said) <= _MARK_WORDS and said[0].strip(".:-") in _ADVERT_MARKS


def tag_group(tag: str, role: str | None) -> int:
    """Index into :data:`TAG_GROUPS` for an element, or -1."""
    if role and role in _ROLES:
        return _ROLES[role]
    return _TAG_AT.get(tag, -1)


_TEXTS = (
    ("share", r"^(?:share|tweet|pin it|follow us|facebook|twitter|linkedin|whatsapp|copy link|email|print"
            r"|instagram|youtube)\b"),
    ("account", r"\b(?:sign in|sign up|log ?in|register|subscribe|newsletter|my account|create (?:an "
            r")?account|e-?mail address|your email)\b"),
    ("legal", r"©|\ball rights reserved\b|\bcookies?\b|\bprivacy\b|\bterms (?:of|and|&)|\bcopyright\b"
            r"|\bdisclaimer\b"),
    ("consent", r"\b(?:we use cookies|our cookies|this (?:web)?site uses|(?:similar|these) technologies"
            r"|cookie (?:policy|settings|preferences|notice)|accept all|reject all|strictly necessary"
            r"|manage consent|legitimate interest)\b"),
    ("shop", r"\b(?:add to (?:cart|bag|basket)|buy now|checkout|wish ?list|free (?:shipping|delivery)|in "
            r"stock|out of stock|sold out|quick view|compare)\b"),
    ("related", r"^(?:related|you (?:may|might) (?:also )?(?:like|be)|recommended|more (?:from|in|on|like)"
            r"|similar|people also|customers also|recently viewed|trending|popular|latest|read next|see "
            r"also|keep reading|featured|top stories|explore)\b"),
    ("more", r"^(?:read more|view all|show (?:more|all|less)|load more|see (?:all|more)|learn more|continue "
            r"reading|view (?:more|details)|more|details|next|previous|prev|back|back to top)\b"),
    ("reply", r"^(?:reply|quote|report|like|likes?|comments?|\d+ (?:comments?|replies|likes?|views?"
            r"|shares?)|leave a (?:reply|comment)|permalink|edit|flag|upvote|vote|share)\b"),
    ("skip", r"^(?:skip to|menu|close|search|toggle|open|loading|please (?:enable|wait)|home|contact(?: "
            r"us)?|about(?: us)?|help|faq|careers|jobs|blog|advertisement|sponsored|ad)\b"),
    ("filter", r"\b(?:filter|sort by|refine|clear all|apply|showing \d+|\d+ (?:results|items|products)|page "
            r"\d+ of \d+|price range)\b"),
    ("help", r"\b(?:was this (?:page |article )?helpful|edit this page|feedback|report (?:a|an) (?:bug"
            r"|issue)|on this page|table of contents|in this article|last (?:updated|modified|edited))\b"),
    ("price", r"[$€£¥₹]\s?\d|\d\s?(?:€|£|USD|EUR|kr|zł)\b"),
    ("date", r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d|\b\d{1,2} (?:jan|feb|mar"
            r"|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{4}-\d\d-\d\d|\b\d{1,2}/\d{1,2}/\d{2,4}|\bago\b"),
    ("by", r"^(?:by|written by|author|posted|published|updated|joined|reviewed by|\d+ min(?:ute)?s? read)\b"),
    ("stars", r"\b\d(?:\.\d)?\s*(?:/|out of)\s*5\b|★|\breviews?\b|\brating"),
)  # fmt: skip
TEXT_GROUPS = tuple(name for name, _ in _TEXTS)


def _finders(flags: re.RegexFlag, spelt: Callable[[str], str]) -> tuple[Callable[[str], object], ...]:
    compiled = (re.compile(spelt(pattern), flags) for _, pattern in _TEXTS)
    return tuple(each.match if each.pattern.startswith("^") else each.search for each in compiled)


_FIND = _finders(re.I, str)
_FIND_LOWER = _finders(re.NOFLAG, str.lower)
"""The same for text in lower case, in half the time."""


def text_hints(text: str) -> tuple[int, ...]:
    """For each of :data:`TEXT_GROUPS`, whether the beginning of the text speaks of it."""
    return _hints(text[:200])


@lru_cache(maxsize=2048)  # menus and buttons say the same many times
def _hints(head: str) -> tuple[int, ...]:
    if head.isascii():  # else there is more to case than lower and upper
        head = head.lower()
        return tuple([1 if find(head) else 0 for find in _FIND_LOWER])
    return tuple([1 if find(head) else 0 for find in _FIND])
