"""Walls that answer 200 are known by how they are built, in any language; pages about them stay pages."""

from __future__ import annotations

from html import escape

import pytest

from browseagent.records import Outcome, Via
from browseagent.web.outcome import judge
from browseagent.web.response import Response

SAID = "<p>Et øyeblikk, vi ser bare etter at alt er som det skal.</p>"
"""What a wall says, in a language that no word of ours is in."""
PROSE = "<p>A site may ask its reader to wait while it looks at who is asking, and this is how.</p>"

WALLS = {
    "Cloudflare, a challenge": f"<script>window._cf_chl_opt = {{cvId: '3'}}</script>{SAID}",
    "Cloudflare, its form": f"<form id=challenge-form action=/x method=POST></form>{SAID}",
    "Cloudflare, a limit": f"<div id=cf-wrapper><div id=cf-error-details>{SAID}</div></div>",
    "DataDome": f"<iframe src=https://geo.captcha-delivery.com/captcha/?cid=1></iframe>{SAID}",
    "HUMAN": f"<div id=px-captcha></div>{SAID}",
    "Akamai, an interstitial": "<meta http-equiv=refresh content=\"5; URL='/?bm-verify=AAQAAA'\">" + SAID,
    "Akamai, a challenge": f"<div id=sec-if-cpt-container></div>{SAID}",
    "Imperva": f"<iframe id=main-iframe src='/_Incapsula_Resource?CWUDNSAI=9&incident_id=1'></iframe>{SAID}",
    "AWS WAF": f"<script>window.gokuProps = {{'key': 'a'}}</script><div id=challenge-container></div>{SAID}",
    "Sucuri": f"<script>var sucuri_cloudproxy_js = '';</script>{SAID}",
    "Kasada": f"<script>window.KPSDK = {{}}; KPSDK.now = 1</script>{SAID}",
    "F5": f"<script>window['bobcmn'] = '1'</script><script src=/TSPD/08aa?type=7></script>{SAID}",
    "Aliyun": f"<script>var arg1 = '3'; setCookie('acw_sc__v2', arg1)</script>{SAID}",
    "SiteGround": f"<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=%2F'>{SAID}",
    "Vercel": f"<script src=/.well-known/vercel/security/static/challenge.v2.min.js></script>{SAID}",
    "Anubis": f"<script id=anubis_challenge type=application/json>{{}}</script>{SAID}",
    "Google": f"<form action=/sorry/index method=post></form>{SAID}",
    "Queue-it": f"<div id=MainPart_lbWhichIsIn>1 204</div><script>var queueViewModel = {{}}</script>{SAID}",
    "Heroku": "<iframe src=//www.herokucdn.com/error-pages/maintenance-mode.html></iframe>",
    "WordPress": f"<body id=error-page><div class=wp-die-message>{SAID}</div>",
    "a plug-in of WordPress": f"<link rel=stylesheet href=/wp-content/plugins/coming-soon/a.css>{SAID}",
    "a notice of its own": f"<body class=maintenance-mode><h1>Vedlikehold</h1>{SAID}",
    "a waiting room of its own": f"<div class=waiting-room><b class=queue-position>12</b>{SAID}</div>",
    "reCAPTCHA alone": f"<form method=post><input type=hidden><div class=g-recaptcha></div></form>{SAID}",
    "Turnstile alone": f"<form method=post><div class=cf-turnstile></div><input type=submit></form>{SAID}",
    "GeeTest alone": f"<div class=geetest_holder></div>{SAID}",
    "Imunify360": f"<div id=imunify360-captcha></div>{SAID}",
    "SafeLine": f"<script>SafeLineChallenge('a')</script>{SAID}",
    "a shop behind a password": f"<body class=template-password><form action=/password></form>{SAID}",
}
PAGES = {
    "about its element": f"<article><h1>Walls</h1>{PROSE * 5}<pre>{escape(WALLS['HUMAN'])}</pre>",
    "about its script": f"<h1>Reading a challenge</h1>{PROSE * 4}<code>window._cf_chl_opt = {{}}</code>",
    "of a few lines about it": f"<h1>px-captcha</h1>{SAID}<p>See geo.captcha-delivery.com, gokuProps.</p>",
    "with a sensor on it": f"<script src=https://client.px-cloud.net/PX1/main.min.js></script>{SAID}",
    "with an invisible check": f"<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>{SAID}",
    "with DataDome's tag": f"<script src=https://js.datadome.co/tags.js></script>{SAID}",
    "with a queue's connector": f"<script src=//static.queue-it.net/script/queueclient.js></script>{SAID}",
    "with a form and Turnstile": "<script src=https://challenges.cloudflare.com/turnstile/v0/api.js></script>"
    f"<h1>Contact</h1>{SAID}<form action=/contact><textarea></textarea><button>Send</button></form>",
    "with a form and a riddle": f"<h1>Contact</h1>{SAID}"
    "<form><textarea></textarea><div class=g-recaptcha></div></form>",
    "with comments and a riddle": f"<h1>Ferry</h1>{PROSE * 5}<div class=h-captcha></div>",
    "that sells maintenance": "<body class=page-maintenance><h1>Maintenance</h1>"
    f"<nav>{'<a href=/x>Boilers</a>' * 8}</nav>{SAID}",
    "with many links": f"<body class=maintenance-mode>{'<a href=/x>Boilers</a>' * 8}{SAID}",
}
HEADERS = (("x-vercel-mitigated", "challenge"), ("sg-captcha", "challenge"), ("cf-mitigated", "challenge"))


def _came(markup: str, *headers: tuple[str, str], dom: str | None = None, at: str = "/") -> Response:
    url = f"https://a.example{at}"
    kind = ("content-type", "text/html; charset=utf-8")
    via = Via.HTTP if dom is None else Via.CHROMIUM
    body = f"<!doctype html><html lang=no><title>A</title>{markup}".encode()
    return Response(url, url, via, 200, headers=(kind, *headers), body=body, dom=dom)


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_is_known_by_how_it_is_built(wall: str) -> None:
    """No word of it is looked at; it is blocked, and never a page or a change of one."""
    assert judge(_came(WALLS[wall])).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("header", HEADERS)
def test_a_wall_is_known_by_what_it_came_with(header: tuple[str, str]) -> None:
    """Headers that only a challenge has."""
    assert judge(_came(SAID, header)).outcome is Outcome.BLOCKED


def test_a_wall_is_known_by_where_it_stands() -> None:
    """A queue on the host of a service that keeps queues."""
    url = "https://team.cloudflareaccess.com/cdn-cgi/access/login/shop.example"
    assert judge(Response("https://shop.example/", url, Via.HTTP, 200, body=SAID.encode())).outcome is (
        Outcome.BLOCKED
    )
    url = "https://shop.queue-it.net/?c=shop&e=sale"
    came = Response("https://shop.example/", url, Via.HTTP, 200, body=SAID.encode())
    assert judge(came).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("wall", ["Cloudflare, a challenge", "AWS WAF", "Kasada", "Aliyun"])
def test_a_wall_that_a_browser_shows(wall: str) -> None:
    """What its scripts were is told by the page as served: a rendered document is without them."""
    assert judge(_came(WALLS[wall], dom=f"<html><body>{SAID}</body></html>")).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("page", PAGES)
def test_pages_that_write_about_walls_or_carry_their_parts(page: str) -> None:
    """Sensors and connectors stand on ordinary pages, and names of services in ordinary texts."""
    assert judge(_came(PAGES[page])).outcome is Outcome.OK
