"""Cookie files in Netscape's format, as browsers' add-ons, curl and yt-dlp write them. Pure.

One cookie a line, seven fields apart by tabs: domain, whether subdomains get it, path, whether only over
TLS, when it expires (seconds since 1970, 0: with the browser), name, value. Errors name the line and never
repeat what is in it.
"""

from __future__ import annotations

from browseagent.session import Cookie

_FLAGS = {"TRUE": True, "FALSE": False}
_HTTP_ONLY = "#HttpOnly_"
_FIELDS = "domain, subdomains, path, secure, expires, name, value"


def parse_cookie_file(text: str, now: float) -> tuple[Cookie, ...]:
    """The cookies of such a file that have not expired at ``now`` (seconds since 1970). Raises ValueError
    with the number of the line that is none."""
    if text.lstrip()[:1] in ("[", "{"):
        raise ValueError("this is JSON; export the cookies in Netscape's format (cookies.txt)")
    cookies = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        http_only = line.startswith(_HTTP_ONLY)
        if not line.strip() or (line.startswith("#") and not http_only):
            continue
        try:
            cookies.append(_cookie(line.removeprefix(_HTTP_ONLY), http_only))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    if not cookies:
        raise ValueError("there is no cookie in it")
    return tuple(cookie for cookie in cookies if cookie.expires < 0 or cookie.expires > now)


def _cookie(line: str, http_only: bool) -> Cookie:
    fields = line.split("\t")
    if len(fields) != 7:
        raise ValueError(f"there are {len(fields)} fields, and seven are needed ({_FIELDS}), apart by tabs")
    domain, subdomains, path, secure, expires, name, value = fields
    if subdomains not in _FLAGS or secure not in _FLAGS:
        raise ValueError("its second and fourth fields (subdomains, secure) must be TRUE or FALSE")
    bare = domain.lstrip(".").lower()
    if not bare or any(character.isspace() or character in "/;," for character in bare):
        raise ValueError("its first field is no domain")
    if not path.startswith("/"):
        raise ValueError("its third field (path) must begin with a slash")
    try:
        until = float(expires or 0)
    except ValueError:
        raise ValueError("its fifth field (expires) is no number of seconds") from None
    if not until < 1e12:
        raise ValueError("its fifth field (expires) is no time in seconds")
    if not name or not f"{name}{value}".isprintable() or ";" in value:
        raise ValueError("its name or value holds what no cookie can hold")
    return Cookie(
        name=name,
        value=value,
        domain=f".{bare}" if _FLAGS[subdomains] else bare,
        path=path,
        expires=until if until > 0 else -1,
        secure=_FLAGS[secure],
        http_only=http_only,
    )
