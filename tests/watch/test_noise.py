"""What says nothing in any page, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from browseagent.read import extract
from browseagent.records import Document, Outcome, Page, Via
from browseagent.watch.compare import compare
from browseagent.watch.linked import Linked, links_changed
from browseagent.watch.noise import Mask

URL = "https://example.org/"
NOON = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def seen(text: str, at: datetime = NOON, language: str = "en") -> Document:
    """A page with a line of text, as it was seen at a time."""
    html = f'<html lang="{language}"><title>Ferry</title><main><h1>Ferry</h1><p>{text}</p></main>'
    page = Page(URL, URL, Outcome.OK, Via.HTTP, at, body=html.encode())
    return replace(extract(page.body, URL, "text/html"), page=page, language=language)


def noise(before: Document, after: Document) -> list[str]:
    """Why each difference is noise; an empty word where it is none."""
    change = compare(before, after)
    assert change.changed == any(not hunk.noise for hunk in change.differences)
    return [hunk.noise for hunk in change.differences]


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "Posted 5 minutes ago by Ada.", "Posted 2 hours ago by Ada."),
        ("en", "3h ago", "an hour ago"),
        ("de", "Vor 3 Tagen geschrieben", "Vor einer Woche geschrieben"),
        ("fr", "Publié il y a 3 jours", "Publié il y a une heure"),
        ("es", "Visto hace 2 días", "Visto hace 5 minutos"),
        ("zh", "发布于3天前", "发布于5分钟前"),
        ("pl", "Dodano 2 godziny temu", "Dodano 3 dni temu"),
        ("ar", "نشر قبل ساعتين", "نشر قبل 3 ساعات"),
        ("he", "פורסם לפני שעתיים", "פורסם לפני 3 שעות"),
        ("sv", "Skrevs för 3 dagar sedan", "Skrevs för 2 timmar sedan"),
        ("en", "Updated yesterday", "Updated 2 days ago"),
        ("en", "Posted just now", "Posted a few seconds ago"),
        ("en", "Seen 1 hour and 5 minutes ago", "Seen 2 hours, 3 minutes ago"),
        ("en", "Today at 14:03", "Yesterday at 14:03"),
        ("de", "Aktualisiert: gestern", "Aktualisiert: vor 2 Tagen"),
        ("de", "Vor ein paar Sekunden geladen", "Vor 3 Minuten geladen"),
        ("fr", "Mis à jour aujourd’hui", "Mis à jour il y a 2 jours"),
        ("ja", "昨日更新", "2日前更新"),
        ("pl", "Dodano wczoraj", "Dodano 2 dni temu"),
        ("ar", "نشر أمس", "نشر قبل يومين"),
        ("fi", "Päivitetty eilen", "Päivitetty 2 päivää sitten"),
    ],
)
def test_a_relative_time_is_noise(language: str, before: str, after: str) -> None:
    """In the words of the page's language, by CLDR."""
    assert noise(seen(before, language=language), seen(after, language=language)) == ["a relative time"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The ferry leaves in 5 minutes.", "The ferry leaves in 15 minutes."),
        ("It takes 5 minutes.", "It takes 9 minutes."),
        ("Closed since 3 days ago at noon", "Open since 2 days ago at noon"),
        ("12 minutes a day", "14 minutes a day"),
        ("Open today until noon", "Closed today until noon"),
        ("The sale ends tomorrow", "The sale ends today"),
        ("We opened 7 shops 2 days ago", "We closed 5 shops 3 days ago"),
    ],
)
def test_other_times_are_none(before: str, after: str) -> None:
    """What is to come, what something takes, and a relative time beside which something else changed."""
    assert noise(seen(before), seen(after)) == [""]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Generated at {:%H:%M:%S}", "Generated at {:%H:%M:%S}"),
        ("Stand: {:%Y-%m-%d %H:%M:%S}", "Stand: {:%Y-%m-%d %H:%M:%S}"),
        ("Made {:%Y-%m-%dT%H:%M:%S}Z", "Made {:%Y-%m-%dT%H:%M:%S}Z"),
        ("It is {:%I:%M:%S %p} now", "It is {:%I:%M:%S %p} now"),
        ("DTSTAMP:{:%Y%m%dT%H%M%S}Z", "DTSTAMP:{:%Y%m%dT%H%M%S}Z"),
    ],
)
@pytest.mark.parametrize("zone", [0, 2, -5])
def test_a_clock_that_shows_the_look_is_noise(before: str, after: str, zone: int) -> None:
    """Whatever is said beside it, in any time zone, as long as it goes with the looks."""
    if "Z" in before and zone:
        pytest.skip("it says its zone")
    later = NOON + timedelta(hours=7, minutes=13)
    one, other = (moment + timedelta(hours=zone) for moment in (NOON, later))
    found = noise(seen(before.format(one), NOON), seen(after.format(other), later))
    assert found == ["the time of the look"]


@pytest.mark.parametrize(
    "form", ["Made {:%Y-%m-%dT%H:%M:%S%z}", "Made {:%d %B %Y %H:%M:%S %z}", "{:%H:%M:%S %z} is the time"]
)
def test_a_clock_that_tells_its_zone_may_tell_another(form: str) -> None:
    """Summer time begins between the looks."""
    zones = [timezone(timedelta(hours=hours)) for hours in (1, 2)]
    later = NOON + timedelta(hours=18)
    one, other = (form.format(at.astimezone(z)) for at, z in zip((NOON, later), zones, strict=True))
    assert noise(seen(one, NOON), seen(other, later)) == ["the time of the look"]
    assert noise(seen(one, NOON), seen(form.format(later + timedelta(hours=1)), later)) != [
        "the time of the look"
    ]


@pytest.mark.parametrize("hours", [0, 5, 30])
@pytest.mark.parametrize(
    "form",
    [
        "Generated {:%a, %d %b %Y %H:%M:%S} GMT",
        "Now: {:%d/%m/%Y} {:%H:%M:%S}",
        "Now: {:%m/%d/%Y}, {:%I:%M:%S %p}",
        "Read at {:%H:%M:%S} on {:%d %B %Y}",
        "Page made {:%B %d, %Y} at {:%H:%M:%S}",
    ],
)
def test_the_day_beside_such_a_clock_is_noise(form: str, hours: int) -> None:
    """However it is written; the day of something else, or of another look, is a change."""
    later = NOON + timedelta(hours=hours, minutes=13)
    one, other = (form.format(each, each) for each in (NOON, later))
    assert noise(seen(one, NOON), seen(other, later)) == ["the time of the look"]
    old = later - timedelta(days=40)
    assert {*noise(seen(one, NOON), seen(form.format(old, old), later))} == {""}
    sails = "The ferry sails on {:%d %B %Y}. Made at {:%H:%M:%S}"
    assert noise(
        seen(sails.format(NOON, NOON), NOON), seen(sails.format(NOON + timedelta(days=1), later), later)
    ) == [""]


@pytest.mark.parametrize("ahead", [-11, -5, 0, 2, 9, 13])
def test_the_day_of_such_a_clock_is_that_of_its_zone(ahead: int) -> None:
    """Which may be another than in UTC; the day after it is another moment, and told."""
    zone = timezone(timedelta(hours=ahead))
    looks = [NOON + timedelta(hours=hours) for hours in (0, 7, 11, 14, 24)]
    for form in ("Made {:%d %B %Y, %H:%M:%S}", "Made {:%a, %d %b %Y %H:%M:%S %z}"):
        made = [seen(form.format(at.astimezone(zone)), at) for at in looks]
        assert [noise(made[0], later) for later in made[1:]] == [["the time of the look"]] * 4
        ends = [seen(form.format((at + timedelta(days=1)).astimezone(zone)), at) for at in looks]
        if -10 <= ahead < 10:  # others are a clock of the zone on the other side of the date line
            assert noise(ends[0], ends[-1]) == [""]


@pytest.mark.parametrize(
    "form",
    [
        "The auction ends on {:%d %B %Y, %H:%M:%S}.",
        "The auction ends at {:%H:%M:%S} on {:%d %B %Y}.",
        "The auction ends on {:%Y-%m-%d %H:%M:%S}.",
    ],
)
@pytest.mark.parametrize("days", [0, 1])
def test_a_deadline_that_moves_with_the_looks_is_told(form: str, days: int) -> None:
    """A clock at the full hour was set by people, even where the looks are at that of some zone."""
    looks = [datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC), datetime(2026, 3, 3, 12, 0, 4, tzinfo=UTC)]
    ends = [at.replace(hour=18, second=0) + timedelta(days=days) for at in looks]
    one, other = (seen(form.format(end, end), at) for end, at in zip(ends, looks, strict=True))
    assert noise(one, other) == [""]


def test_many_dates_beside_a_clock_are_read() -> None:
    """A log in one text: each date is looked at by what stands around it."""
    line = " ".join(f"Run {number} on {1 + number % 28} March 2025." for number in range(20_000))
    later = NOON + timedelta(hours=1)
    one, other = (Mask(seen("", at)).text(f"{line} Made {at:%H:%M:%S}").text for at in (NOON, later))
    assert one == other and one.endswith("Made ‹clock +0›")


@pytest.mark.parametrize("places", ["", "000"])
def test_a_number_that_is_the_moment_of_the_look_is_noise(places: str) -> None:
    """In seconds since 1970 or in thousandths; one that stood still, or is of another time, is a change."""
    later = NOON + timedelta(hours=7)
    one, other = (f"Stamp {each.timestamp():.0f}{places}" for each in (NOON, later))
    assert noise(seen(one, NOON), seen(other, later)) == ["the time of the look"]
    assert noise(seen(one, later), seen(other, NOON)) == [""]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The record stands at 2:29:44.", "The record stands at 2:28:10."),
        ("Start: 2026-03-01T12:00:30Z", "Start: 2026-12-18T15:30:00Z"),
        ("Start: 20260301T120030Z", "Start: 20261218T153000Z"),
        ("Next ferry at 12:00", "Next ferry at 13:00"),
        ("Next ferry at 12:00:30", "Next ferry at 12:30:30"),
        ("Seen on 2026-03-01 12:00:29", "Seen on 2026-03-02 13:00:29"),
    ],
)
def test_other_clocks_are_none(before: str, after: str) -> None:
    """A record, an appointment, a timetable, and a clock that went otherwise than the looks."""
    assert noise(seen(before), seen(after, NOON + timedelta(hours=1))) == [""]


def test_without_the_time_of_the_look_a_clock_is_a_change() -> None:
    """Of documents made from bytes alone nothing is known."""
    one, other = (replace(seen(f"Made at 12:0{n}:30"), page=None) for n in (0, 5))
    assert noise(one, other) == [""]


TOKENS = [
    ("?sid=83hf", "?sid=x93k"),
    (";jsessionid=A1B2C3", ";jsessionid=FF09AB"),
    ("?session=52c2ae0c-3f1c-4ff1-a1fc-95032d5637ca", "?session=dcaf0ee1-c4ca-44dd-b602-992da67b9eef"),
    ("?q=boat&utm_source=mail", "?q=boat&utm_source=site"),
    ("?q=boat&gclid=Cj0KCQiA1sucBhDgAR", "?q=boat&gclid=EAIaIQobChMI8fG2"),
    (
        "?X-Amz-Date=20260301T120000Z&X-Amz-Signature=4f2a9c",
        "?X-Amz-Date=20260301T130000Z&X-Amz-Signature=9b1d",
    ),
    (
        "?Expires=1772366400&Signature=aZ3kQ9&Key-Pair-Id=K1",
        "?Expires=1772370000&Signature=xPm2Lw&Key-Pair-Id=K1",
    ),
    ("?sp=r&se=2026-03-01T12%3A00Z&sig=Rt5%2Fy", "?sp=r&se=2026-03-01T13%3A00Z&sig=U1nX%3D"),
    ("?v=20260301", "?v=20260302"),
    ("?v=4f2a9c1e", "?v=9b1d3c5e"),
    ("?_=1772366400", "?_=1772370000"),
]


@pytest.mark.parametrize(("before", "after"), TOKENS)
@pytest.mark.parametrize("form", ["See https://example.org/a{} for more", '<a href="/a{}">The timetable</a>'])
def test_a_token_in_an_address_is_noise(before: str, after: str, form: str) -> None:
    """By its name, in the text and behind a link."""
    assert noise(seen(form.format(before)), seen(form.format(after))) == ["a token in an address"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/timetable-summer", "/timetable-winter"),
        ("/files/4f2a9c1e77ab4c029d11.pdf", "/files/9b1d3c5e12ab4c029d11.pdf"),
        ("/list?page=2", "/list?page=3"),
        ("/get?file=annual-report-2026.pdf", "/get?file=annual-report-2027.pdf"),
        ("/buy?sku=8812AB", "/buy?sku=9913CD"),
        ("/item?id=550e8400-e29b-41d4-a716-446655440000", "/item?id=dcaf0ee1-c4ca-44dd-b602-992da67b9eef"),
        ("/doc?key=aZ3kQ9xPm2LwT7vB", "/doc?key=Rt5yU1nXc8Jd0Gh4"),
        ("/get?sum=4f2a9c1e77ab4c029d11", "/get?sum=9b1d3c5e12ab4c029d11"),
        ("/app#9584828a828993ca958296928294", "/app#f9e8eee6eee5ffa6f9eefafeeef8"),
        ("/watch?v=dQw4w9WgXcQ", "/watch?v=9bZkp7q19f0"),
        ("/nft?tokenId=17", "/nft?tokenId=18"),
        ("/offer?expires=20260301", "/offer?expires=20260401"),
        ("/meetings?sig=chi", "/meetings?sig=graph"),
        ("/wines?signature=red", "/wines?signature=white"),
        ("/a%2Fb", "/a/b"),
        ("https://shop.example.org/", "https://store.example.org/"),
    ],
)
def test_another_address_of_a_link_is_a_change(before: str, after: str) -> None:
    """The words of the link stay; where it leads is told with both addresses."""
    one, other = (seen(f'<a href="{each}">The timetable</a> is here') for each in (before, after))
    (hunk,) = compare(one, other).differences
    assert (hunk.kind, hunk.noise) == ("changed", "")
    assert hunk.before.startswith("The timetable → ") and before in hunk.before and after in hunk.after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://Example.org:80/a", "http://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("http://example.org/a", "https://example.org/a"),
        ("/caf%c3%a9", "/café"),
        ("/%7Emarket/x", "/~market/x"),
        ("/list?page=2&by=name", "/list?by=name&page=2"),
    ],
)
def test_an_address_in_another_spelling_is_the_same(before: str, after: str) -> None:
    """Of its host, its signs, the order of what it asks."""
    one, other = (seen(f'<a href="{each}">The timetable</a> is here') for each in (before, after))
    assert compare(one, other).differences == ()


def test_addresses_with_half_a_sign_are_compared() -> None:
    """A program that cut a text in the middle of a sign left one that no encoding has."""
    one, same, other = (
        [Linked("The timetable", f"https://example.org/{path}", "", "")]
        for path in ("a\ud83d", "a\ud83d", "b")
    )
    assert [*links_changed(one, same, Counter())] == []
    assert [hunk.kind for hunk in links_changed(one, other, Counter())] == ["changed"]


def test_an_address_that_is_hidden_from_programs_is_compared_as_it_is() -> None:
    """Cloudflare hides an e-mail address by another key each time; another one behind it is a change."""
    hidden = '<a href="/cdn-cgi/l/email-protection#{}">[email protected]</a>'
    one, again, other = (
        seen(hidden.format(bytes([key, *(each ^ key for each in said)]).hex()))
        for key, said in ((0x16, b"a@b.example"), (0xF9, b"a@b.example"), (0x4F, b"c@b.example"))
    )
    assert noise(one, again) == []
    assert noise(one, other) == [""]


@pytest.mark.parametrize("form", ["See https://example.org/a?k={} for more", "https://example.org/a?k={}"])
def test_what_is_drawn_by_lot_is_one_place_whatever_is_drawn(form: str) -> None:
    """So that a page can show it; where the rest of the address differs too, the place is another."""
    keys = "aZ3kQ9xPm2LwT7vB", "Rt5yU1nXc8Jd0Gh4", "Gh4kU1nXc8Jd0Rt5"
    first, second, third = (
        compare(seen(form.format("x1Yz8Qw3Er5Ty7Ui")), seen(form.format(key))) for key in keys
    )
    places = [change.differences[0].place for change in (first, second, third)]
    assert len(set(places)) == 1 and [h.kind for h in first.differences] == ["changed"]
    moved = compare(seen(form.format(keys[0])), seen(form.format(keys[1]).replace("/a?", "/b?")))
    assert moved.differences[0].place not in places


def test_words_that_lead_nowhere_any_more_are_a_change() -> None:
    """Or that do now: tickets go on sale so. Of words that came or went it is told with them."""
    link, plain = seen('<a href="/buy">Tickets</a> for the ferry'), seen("Tickets for the ferry")
    (hunk,) = compare(plain, link).differences
    assert (hunk.before, hunk.after) == ("Tickets → nowhere", "Tickets → https://example.org/buy")
    (hunk,) = compare(link, plain).differences
    assert hunk.after == "Tickets → nowhere"
    new = seen('<a href="/buy">Tickets</a> for the ferry</p><p>Now <a href="/new">in red</a> too')
    assert [h.kind for h in compare(link, new).differences] == ["added"]


def test_a_link_put_between_others_of_the_same_words_moves_none() -> None:
    """Three links that all say "here": the new one is no change of the others."""
    two = "".join(f'<p>Sailing {n} is <a href="/{n}">here</a> to see.</p>' for n in (1, 2))
    three = '<p>Sailing 0 is <a href="/0">here</a> to see.</p>' + two
    assert [hunk.kind for hunk in compare(seen(two), seen(three)).differences] == ["added"]


def test_the_days_that_a_field_offers_are_counted_from_the_look() -> None:
    """A form that always offers the next year says nothing; one that offers less does."""
    field = "<label>Arrival <input type=date min={} max={}></label>"
    day, next_day = NOON.date(), NOON.date() + timedelta(days=1)
    year, month = timedelta(days=365), timedelta(days=30)
    one = seen(field.format(day, day + year))
    later = seen(field.format(next_day, next_day + year), NOON + timedelta(days=1))
    assert noise(one, later) == ["days from the look"]
    assert noise(one, seen(field.format(next_day, next_day + month), NOON + timedelta(days=1))) == [""]
    assert noise(one, seen(field.format(day, next_day + year), NOON)) == [""]
