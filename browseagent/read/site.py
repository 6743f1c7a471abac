"""The name of a site, which is none of what one of its pages is about."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def is_of_site(name: str, title: str, url: str) -> bool:
    """Whether a heading is the site's name by the page's address ("Engadget" on www.engadget.com), where its
    title begins otherwise. On the site's first page it is what that is about."""
    address = urlsplit(url)
    if _is_first(address.path) or title.casefold().startswith(name.casefold()):
        return False
    said = _letters(name)
    host = (address.hostname or "").removeprefix("www.")
    return bool(said) and said in (_letters(host), *map(_letters, host.split(".")[:-1]))


def leads_home(link: str, url: str) -> bool:
    """Whether a link on another page leads to the site's first one, as that of a logo does."""
    try:
        target, here = urlsplit(urljoin(url, link)), urlsplit(url)
    except ValueError:  # no address
        return False
    apart = not _is_first(here.path) and not target.query and not target.fragment
    return apart and target.hostname == here.hostname and _is_first(target.path)


def _is_first(path: str) -> bool:
    return not path.strip("/")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
