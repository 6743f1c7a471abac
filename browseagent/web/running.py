"""Browsers that run already: a Playwright server, or a Chromium's DevTools."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Playwright


async def attach(playwright: Playwright, address: str, seconds: float) -> Browser:
    """The browser at an address. ``http(s)`` and ``ws(s)://…/devtools/…`` are DevTools, every other ``ws(s)``
    is a Playwright server. Raises Playwright's Error."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") or "/devtools/" in parts.path:
        return await playwright.chromium.connect_over_cdp(address, timeout=seconds * 1000)
    return await playwright.chromium.connect(address, timeout=seconds * 1000)


def on_this_machine(address: str) -> bool:
    """Whether such an address is this machine's own, so that the browser can reach our egress gate."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(error: Error) -> str:
    """Why a browser could not be had, without its address: that may hold a password or a token."""
    text = str(error)
    for sign, words in (
        ("ECONNREFUSED", "nothing answers there"),
        ("ENOTFOUND", "there is no such host"),
        ("EAI_AGAIN", "there is no such host"),
        ("Timeout", "it did not answer in time"),
        ("version mismatch", "it is a Playwright server of another version"),
        ("401", "it wants a password or a token"),
        ("403", "it wants a password or a token"),
    ):
        if sign in text:
            return words
    return "it is neither a Playwright server nor a Chromium with its DevTools open"
