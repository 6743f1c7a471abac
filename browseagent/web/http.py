"""Getting a page by plain HTTP: one GET, its redirects followed here, every limit kept."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

import httpx

from browseagent.records import Via
from browseagent.session import Session
from browseagent.web.cookies import Sessions, StorageState, from_jar, jar_of
from browseagent.web.egress import TOKEN_HEADER, Egress, Passage
from browseagent.web.inflate import ACCEPTED, EncodingError, Inflater, TooMuch
from browseagent.web.limits import Limits
from browseagent.web.manners import Identity
from browseagent.web.policy import absolute, origin_of, same_origin
from browseagent.web.port import Request
from browseagent.web.response import Response
from browseagent.web.trouble import Trouble, TroubleKind

_REDIRECTS = {301, 302, 303, 307, 308}
_ACCEPT = (
    "text/markdown,text/html;q=0.9,application/xhtml+xml;q=0.9,application/pdf;q=0.8,application/xml;q=0.8,"
    "text/*;q=0.7,*/*;q=0.5"
)
"""Markdown first: where a site has a page in both forms, that is the one without a frame around it."""


@dataclass(frozen=True, slots=True)
class HttpFetcher:
    """Fetches by httpx. Holds no connection between pages: each page has its own lane."""

    egress: Egress
    limits: Limits
    identity: Identity
    tls: ssl.SSLContext
    sessions: Sessions

    async def fetch(self, request: Request, deadline: float) -> Response:
        """What came, by ``deadline`` (loop time). Never raises for trouble with the page."""
        start = Response(request.url, request.url, Via.HTTP)
        main = origin_of(request.url)
        if main is None:
            return replace(start, trouble=Trouble(TroubleKind.URL, f"{request.url} is no http or https URL"))
        brought = await self.sessions.bring(request.session)
        lane = self.egress.lane(
            main, typed=request.trusted, followed=request.followed, proxy=request.session.proxy
        )
        async with lane as passage:
            # The transport and not httpx's client: that one reads Location itself, follows cookies and
            # raises on what servers send there, before we have seen the response.
            transport = httpx.AsyncHTTPTransport(
                verify=self.tls, proxy=httpx.Proxy(passage.proxy), trust_env=False
            )
            async with transport:
                talk = _Exchange(transport, passage, self, request.session, jar_of(brought.cookies), start)
                response = await talk.run(request, deadline)
        left = StorageState(from_jar(talk.cookies), brought.storage)
        await self.sessions.keep(request.session, brought, left)
        return response

    def headers(self, session: Session) -> dict[str, str]:
        """What every request says of us."""
        said = self.identity.of(session)
        return {
            "User-Agent": said.user_agent,
            "Accept": _ACCEPT,
            "Accept-Language": said.languages,
            "Accept-Encoding": ACCEPTED,
        }


class _Exchange:
    """One page's requests. ``response`` is what is known so far, whatever interrupts it."""

    def __init__(
        self,
        transport: httpx.AsyncHTTPTransport,
        passage: Passage,
        fetcher: HttpFetcher,
        session: Session,
        cookies: httpx.Cookies,
        response: Response,
    ) -> None:
        self.transport = transport
        self.lane = passage.lane
        self.limits = fetcher.limits
        self.headers = fetcher.headers(session)
        self.response = response
        self.cookies = cookies
        self.body = bytearray()

    async def run(self, request: Request, deadline: float) -> Response:
        try:
            async with asyncio.timeout_at(deadline):
                await self._follow(request)
        except TimeoutError:
            said = "sent only a part of the page" if self.response.status else "did not answer"
            self._trouble(TroubleKind.TIMEOUT, f"the server {said} within {request.timeout:g} s")
        except TooMuch as error:
            self._trouble(TroubleKind.TOO_LARGE, f"the page is {error}")
        except EncodingError as error:
            self._trouble(TroubleKind.ENCODING, f"the page is {error}")
        except httpx.TransportError as error:
            self._transport(error)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            self._trouble(TroubleKind.URL, f"{self.response.final_url} is not a usable URL: {error}")
        if self.body:
            self.response = replace(self.response, body=bytes(self.body))
        return self.response

    async def _follow(self, request: Request) -> None:
        theirs = same_origin(request.url, request.owner)
        headers = dict(request.session.headers) if theirs else {}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        url, fragment = urldefrag(request.url)
        seen: set[tuple[str, str]] = set()
        chain = [request.url]
        while True:
            target = await self._get(url, headers)
            if target is None:
                return
            url, own = urldefrag(target)
            fragment = own or fragment
            final = f"{url}#{fragment}" if fragment else url
            chain.append(final)
            self.response = replace(self.response, final_url=final, redirects=tuple(chain))
            state = (url, repr(sorted((c.name, c.value or "") for c in self.cookies.jar)))
            if state in seen or len(chain) > self.limits.redirects + 1:
                circle = "in a circle" if state in seen else f"more than {self.limits.redirects} times"
                self._trouble(TroubleKind.REDIRECTS, f"the server redirects {circle}, last to {url}")
                return
            seen.add(state)
            if origin_of(url) is None:
                self._trouble(
                    TroubleKind.POLICY, f"the server redirects to {url[:200]}, which is not http or https"
                )
                return
            headers = _for_redirect(headers, request.url, url)

    async def _get(self, url: str, headers: dict[str, str]) -> str | None:
        """One request. The absolute URL of a redirect, or None where this was the last response."""
        fields = httpx.Headers(self.headers)
        fields.update(headers)
        wire = httpx.Request("GET", url, headers=fields)
        self.cookies.set_cookie_header(wire)
        answer = await self.transport.handle_async_request(wire)
        answer.request = wire
        try:
            came = tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in answer.headers.raw)
            if answer.headers.get(TOKEN_HEADER) == self.lane.token:
                self._gate(url)
                return None
            self.response = replace(self.response, status=answer.status_code, headers=came)
            self.cookies.extract_cookies(answer)
            location = answer.headers.get("location")
            if answer.status_code in _REDIRECTS and location:
                return absolute(url, location)
            await self._read(answer)
        finally:
            await answer.aclose()
        return None

    async def _read(self, answer: httpx.Response) -> None:
        announced = answer.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self.limits.body_bytes:
            raise TooMuch(f"{int(announced) / 1e6:.0f} MB, more than {self.limits.body_bytes / 1e6:.0f} MB")
        inflater = Inflater(
            answer.headers.get("content-encoding", ""),
            limit=self.limits.decoded_bytes,
            ratio=self.limits.ratio,
        )
        async for data in answer.aiter_raw():
            if inflater.received + len(data) > self.limits.body_bytes:
                raise TooMuch(f"more than {self.limits.body_bytes // 1_000_000} MB")
            self.body += inflater.feed(data)
        if not inflater.complete:
            self._trouble(TroubleKind.PROTOCOL, "the compressed page breaks off in the middle")

    def _gate(self, url: str) -> None:
        """The gate answered in place of the server: what it noted is what happened."""
        trouble = self.lane.trouble_of(url) or Trouble(TroubleKind.CONNECT, f"{url} could not be reached")
        self.response = replace(self.response, trouble=trouble)

    def _transport(self, error: httpx.TransportError) -> None:
        origin = origin_of(self.response.final_url)
        noted = self.lane.trouble_of(self.response.final_url)
        host = origin.host if origin else self.response.final_url
        if noted is not None:
            self.response = replace(self.response, trouble=self.lane.exhausted or noted)
        elif self.lane.exhausted is not None:
            self.response = replace(self.response, trouble=self.lane.exhausted)
        elif "SSL" in str(error) or isinstance(error.__cause__, ssl.SSLError):
            self._trouble(TroubleKind.TLS, f"no secure connection to {host}: {_tls_words(str(error))}")
        elif self.response.status is not None:
            self._trouble(TroubleKind.PROTOCOL, f"{host} broke off in the middle of the page")
        else:
            what = str(error) or type(error).__name__
            self._trouble(TroubleKind.PROTOCOL, f"{host} gave no usable answer ({what})")

    def _trouble(self, kind: TroubleKind, detail: str) -> None:
        self.response = replace(self.response, trouble=Trouble(kind, detail))


def _for_redirect(headers: dict[str, str], start: str, target: str) -> dict[str, str]:
    """Request headers for the next hop: validators are of the first URL only, and what the person set
    (perhaps a password) stays with the origin that they set it for."""
    if not same_origin(start, target):
        return {}
    return {k: v for k, v in headers.items() if k.lower() not in ("if-none-match", "if-modified-since")}


def _tls_words(text: str) -> str:
    for mark, words in (
        ("self-signed", "its certificate is self-signed"),
        ("self signed", "its certificate is self-signed"),
        ("has expired", "its certificate has expired"),
        ("ostname mismatch", "its certificate is for another name"),
        ("not valid for", "its certificate is for another name"),
        ("unable to get local issuer", "its certificate was issued by nobody this machine trusts"),
    ):
        if mark in text:
            return words
    return text.strip() or "the handshake failed"
