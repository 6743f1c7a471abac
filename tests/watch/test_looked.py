"""What a person sees without words is compared: pictures, signs, colours, what pointing or opening shows."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.records import Change
from browseagent.watch.compare import compare
from tests.watch.test_seen import SHOP, change, sides

URL = "https://example.org/"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<img src=/p/lake-1.jpg alt='The lake'>", "<img src=/p/lake-2.jpg alt='The lake'>", "p/lake-2"),
        ("<img src=/2026/05/menu.png alt=''>", "<img src=/2026/06/menu.png alt=''>", "2026/06/menu"),
        (
            "<img srcset='/a-400.jpg 400w, /a-800.jpg 800w' src=/x.gif>",
            "<img srcset='/b-400.jpg 400w, /b-800.jpg 800w' src=/x.gif>",
            "b-400",
        ),
        (
            "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src=/plan-may.png>",
            "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src=/plan-june.png>",
            "plan-june",
        ),
        (
            f"<img src=data:image/png;base64,{'A' * 500}>",
            f"<img src=data:image/png;base64,{'B' * 500}>",
            "data ",
        ),
        (
            "<img src='/_next/image?url=%2Fp%2Fone.jpg&w=640' alt=Map>",
            "<img src='/_next/image?url=%2Fp%2Ftwo.jpg&w=640' alt=Map>",
            "p/two",
        ),
        ("<img src='/pic.php?id=4&w=90'>", "<img src='/pic.php?id=5&w=90'>", "/pic.php?id=5"),
        (
            "<div style='background-image: url(/one.jpg)'></div>",
            "<div style='background: url(/two.jpg)'></div>",
            "two",
        ),
    ],
)
def test_another_picture_is_a_change(before: str, after: str, said: str) -> None:
    """By its file, wherever the markup keeps that; alone or with words."""
    assert said in "".join(sides(change(before, after))[1])


@pytest.mark.parametrize(
    "other",
    [
        "/p/lake.jpg?v=13",
        "/p/lake-800x600.jpg",
        "/p/lake@2x.jpg",
        "/p/lake.webp",
        "/p/w_300,h_200/lake.jpg",
        "/p/lake.3f2a9c1d.jpg",
        "//cdn2.example.org/p/lake.jpg",
        "/_next/image?url=%2Fp%2Flake.jpg&w=750&q=75",
    ],
)
def test_one_picture_in_other_files_is_no_change(other: str) -> None:
    """Other sizes, formats, servers, and what only passes caches."""
    assert not change("<img src=/p/lake.jpg alt=Lake>", f"<img src='{other}' alt=Lake>").differences
    counter = '<img src="https://t.example/c?n={}" width="1" height="1" alt="">'
    assert not change(counter.format(1), counter.format(2)).differences


@pytest.mark.parametrize(
    ("markup", "before", "after"),
    [
        ("<iframe src={}></iframe>", "/v/1", "/v/2"),
        (
            "<iframe src=about:blank data-src={}></iframe>",
            "https://v.example/embed/1",
            "https://v.example/embed/2",
        ),
        ("<video src={}></video>", "/a.mp4", "/b.mp4"),
        ("<object data={}>Map</object>", "/a.svg", "/b.svg"),
    ],
)
def test_another_page_or_film_without_a_name_is_a_change(markup: str, before: str, after: str) -> None:
    """It is known by its address; one that is too small to be seen is none."""
    assert after in "".join(sides(change(markup.format(before), markup.format(after)))[1])
    tiny = markup.replace(" ", " width=1 height=1 ", 1)
    assert not change(tiny.format(before), tiny.format(after)).differences


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "<p>Lift <i class='dot on'></i></p>",
            "<p>Lift <i class='dot off'></i></p>",
            "sign “dot off” by “Lift”",
        ),
        ("<p>Lift <b class=ok></b></p>", "<p>Lift</p>", "no sign by “Lift”"),
        (
            "<ul><li><i class='fa fa-check'></i> Sauna<li><i class='fa fa-check'></i> Pool</ul>",
            "<ul><li><i class='fa fa-check'></i> Sauna<li><i class='fa fa-times'></i> Pool</ul>",
            "sign “fa fa-times” by “Pool”",
        ),
        (
            "<p>Lift <span style='background: green'></span></p>",
            "<p>Lift <span style='background: red'></span></p>",
            "sign “red” by “Lift”",
        ),
        (
            "<p>Lift <span class=dot data-state=open></span></p>",
            "<p>Lift <span class=dot data-state=shut></span></p>",
            "sign “dot shut” by “Lift”",
        ),
        (
            "<div><div style='width:60%'></div></div><p>Funded so far</p>",
            "<div><div style='width:75%'></div></div><p>Funded so far</p>",
            "sign “75%” by “Funded so far”",
        ),
        (
            "<p>Lift <i class=Dot_green__x1Y2z></i></p>",
            "<p>Lift <i class=Dot_red__q9R8s></i></p>",
            "sign “Dot_red” by “Lift”",
        ),
        (
            "<p>Lift <svg aria-hidden=true><use href=/i.svg#open></use></svg></p>",
            "<p>Lift <svg aria-hidden=true><use href=/i.svg#closed></use></svg></p>",
            "sign “closed” by “Lift”",
        ),
    ],
)
def test_a_sign_that_a_style_sheet_draws_is_compared(before: str, after: str, said: str) -> None:
    """An element without words that stands by some: known by its class, colour or size."""
    assert sides(change(before, after))[1] == {said}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<div class=clear></div>", "<div class=spacer></div>"),
        ("<p>Lift <i class=Dot_green__x1Y2z></i></p>", "<p>Lift <i class=Dot_green__q9R8s></i></p>"),
        ("<p>Lift stands <i class=on></i></p>", "<p>Lift runs <i class=off></i></p>"),
    ],
)
def test_what_only_lays_a_page_out_is_no_sign(before: str, after: str) -> None:
    """It stands by no words; a build names it anew; words that changed tell more."""
    assert not any("sign" in text for side in sides(change(before, after)) for text in side)


DAYS = {
    "table": "<table><tr><th>Mo<th>Tu<th>We<tr>{}</table>",
    "td": "<td class='day {}'>{}</td>",
    "div": "<div class='day {}'>{}</div>",
    "li": "<li data-state={}>{}</li>",
    "a": "<a href=#b class={}>{}</a>",
    "span": "<span style='color:{}'>{}</span>",
}


@pytest.mark.parametrize("tag", ["td", "div", "li", "a", "span"])
@pytest.mark.parametrize("few", [0, 1])
def test_a_day_that_looks_otherwise_than_before_is_a_change(tag: str, few: int) -> None:
    """Booked and free differ by class or colour alone: of a calendar's days, of seats, of slots."""

    def days(*booked: int) -> str:
        said = "".join(
            DAYS[tag].format("red" if n in booked else "green", n) for n in range(1, 4 if few else 22)
        )
        return DAYS["table"].format(said) if tag == "td" else f"<div>{said}</div>"

    assert sides(change(days(2), days(2, 3)))[1] == {
        f"“3” looks “{'day ' if tag in ('td', 'div') else ''}red”"
    }
    assert not change(days(2), days(2).replace("red", "r-1").replace("green", "g-1")).differences


@pytest.mark.parametrize("how", ["class=alarm", "style='background: #fcc'", "bgcolor=red"])
def test_a_row_in_another_colour_is_a_change(how: str) -> None:
    """It means a state; which rows are odd means none."""
    rows = "<tr {}><td>Ora<td>9:00<tr {}><td>Ida<td>10:00<tr {}><td>Una<td>11:00"
    table = f"<table><tr><th>Boat<th>Sails{rows}</table>"
    found = change(table.format("", "", ""), table.format("", how, ""))
    assert len(found.hunks) == 1 and "“Ida 10:00” looks plain" in sides(found)[0]
    assert sides(change(table.format("", how, ""), table.format("", "", "")))[1] == {
        "“Ida 10:00” looks plain"
    }
    one, other = ("class=odd", "class=even", ""), ("class=even", "class=odd", "")
    assert not change(table.format(*one), table.format(*other)).differences


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<input type=number name=n max=4>", "<input type=number name=n max=2>", "number “n”: ≤ 2"),
        (
            "<input type=date name=d min=2027-05-01>",
            "<input type=date name=d min=2027-06-01>",
            "≥ 2027-06-01",
        ),
        ("<input type=range name=h max=8 step=1>", "<input type=range name=h max=8 step=2>", "≤ 8, by 2"),
        (
            "<abbr title='Newlyn datum'>ODN</abbr>",
            "<abbr title='Chart datum'>ODN</abbr>",
            "tooltip “Chart datum”",
        ),
        (
            "<p>The <b data-tooltip='Till May'>sale</b></p>",
            "<p>The <b data-tooltip='Till June'>sale</b></p>",
            "June",
        ),
        (
            "<table><tr><th>Mo<th>Tu<tr><td title='Open'>1<td>2<tr><td>3<td>4</table>",
            "<table><tr><th>Mo<th>Tu<tr><td title='Shut'>1<td>2<tr><td>3<td>4</table>",
            "tooltip “Shut” of “1”",
        ),
        (
            "<button title='In stock'><svg></svg></button>",
            "<button title='Sold out'><svg></svg></button>",
            "Sold out",
        ),
        (
            "<details><summary>Stock</summary><p>Till May</p></details>",
            "<details open><summary>Stock</summary><p>Till May</p></details>",
            "details “Stock”: open",
        ),
        (
            "<button aria-expanded=false>Notices</button>",
            "<button aria-expanded=true>Notices</button>",
            "button “Notices”: open",
        ),
        ("<progress value=3 max=10></progress>", "<progress value=3 max=12></progress>", "3 of 12"),
        (
            "<div role=progressbar style='width: 40%'></div>",
            "<div role=progressbar style='width: 70%'></div>",
            "progressbar “”: 70%",
        ),
        (
            "<svg><foreignObject><p>Gate open</p></foreignObject></svg>",
            "<svg><foreignObject><p>Gate shut</p></foreignObject></svg>",
            "drawn “Gate shut”",
        ),
    ],
)
def test_what_is_seen_on_pointing_choosing_or_opening_is_compared(before: str, after: str, said: str) -> None:
    """Bounds of fields, tooltips, what stands open, gauges, words in drawings."""
    assert said in "".join(sides(change(before, after))[1])


def test_the_title_of_the_window_alone_is_a_change() -> None:
    """Tabs and search results show it; with the heading in it, what stands beside that is compared."""

    def titled(title: str, heading: str = "Gull 12 rowing boat") -> Change:
        pages = (
            ("Gull 12 rowing boat – in stock", SHOP),
            (title, SHOP.replace("Gull 12 rowing boat", heading)),
        )
        was, is_ = (shop.replace("<title>Gull 12<", f"<title>{said}<").format("") for said, shop in pages)
        return compare(extract(was.encode(), URL), extract(is_.encode(), URL))

    assert sides(titled("Gull 12 rowing boat – sold out")) == (
        {"title “Gull 12 rowing boat – in stock”"},
        {"title “Gull 12 rowing boat – sold out”"},
    )
    assert sides(titled("Gull 14 – in stock", "Gull 14"))[1] == {"Gull 14"}


def test_what_cannot_be_read_is_said() -> None:
    """A canvas is a picture of a script's, a drawing has words out of order, a frame is another page."""
    document = extract(
        SHOP.format("<canvas></canvas><svg><text>Gate</text></svg><iframe src=/v/1></iframe>").encode(),
        "https://example.org/",
    )
    assert document.notes == (
        "1 frame left out: “/v/1”",
        "1 drawing with words left out: “Gate”",
        "1 canvas, drawn by a script, left out",
    )


@pytest.mark.parametrize(
    "beside",
    [
        "<div class=download><a href=/t.pdf>Timetable for {}</a></div>",
        "<ul><li><a href=/a>Timetable for {}</a><li><a href=/b>Fares of the islands</a></ul>",
        "<figure><img src=a.png alt=Pier><figcaption><a href=/p>The pier in {}</a></figcaption></figure>",
        "<marquee>No ferry in {}</marquee>",
    ],
)
def test_text_among_the_main_text_is_compared_whether_or_not_it_was_taken_for_it(beside: str) -> None:
    """A link below an article, a caption, a line of another kind; a menu is no part of it."""
    article = (
        "<p>The harbour office is open all year, and the café serves soup until the last boat has left.</p>"
    )
    page = (
        f"<html><head><title>Harbour</title></head><body><article><h1>Harbour</h1>{article * 3}{{}}</article>"
    )
    one, other = (extract(page.format(beside.format(month)).encode(), URL) for month in ("May", "June"))
    assert any("June" in text for text in sides(compare(one, other))[1])
    one, other = (
        extract(page.format(f"<nav>{beside.format(month)}</nav>").encode(), URL) for month in ("May", "June")
    )
    assert not compare(one, other).differences


@pytest.mark.parametrize("how", ["words", "class", "attribute"])
def test_words_that_a_style_sheet_writes_are_compared(how: str) -> None:
    """Before or after an element, by its class, or those of one of its attributes."""
    sheet = "<style>.in::after { content: 'In stock' } p .out:before, .off::before { content: \"Sold out\" }"
    sheet += (
        " .say::after { content: attr(data-say) } .sep::after { content: '»' } .i::before { content: '\\f0' }"
    )
    span = (
        "<span class='say' data-say='{}'></span>" if how == "attribute" else "<span class='sep i {}'></span>"
    )
    texts = ("In stock", "Sold out") if how == "attribute" else ("in", "out" if how == "words" else "off")
    one, other = (f"{sheet}</style><p>{span.format(each)}</p>" for each in texts)
    assert sides(change(one, other)) == ({"drawn “In stock”"}, {"drawn “Sold out”"})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<time datetime=2027-05-01></time>", "<time datetime=2027-06-01></time>", "time “2027-06-01”"),
        (
            "<map name=m><area href=/1 alt='Berth 1 free'></map>",
            "<map name=m><area href=/1 alt='Berth 1 taken'></map>",
            "link “Berth 1 taken” → https://example.org/1",
        ),
        (
            "<ul><li><input type=checkbox disabled> Mend net</ul>",
            "<ul><li><input type=checkbox disabled checked> Mend net</ul>",
            "checkbox “Mend net”: checked, disabled",
        ),
    ],
)
def test_what_scripts_write_and_maps_and_lists_of_tasks_say_is_compared(
    before: str, after: str, said: str
) -> None:
    """A moment that stands in the markup alone, a place on a picture, a task that is done."""
    assert said in sides(change(before, after))[1]


def test_the_pages_of_a_frameset_are_named() -> None:
    """They are all that there is."""
    page = "<html><head><title>Tides</title></head><frameset cols=20%,80%><frame src=menu.html><frame src={}>"
    one, other = (extract(page.format(each).encode(), "https://e.org/") for each in ("may.html", "june.html"))
    assert one.notes == ("2 frames left out: “/menu.html”, “/may.html”",)
    assert sides(compare(one, other))[1] == {"frame “/june.html” → https://e.org/june.html"}
