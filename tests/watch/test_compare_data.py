"""JSON by path, feeds by entry, PDFs by page."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.read import read_page
from browseagent.records import Document, Outcome, Page, Via
from browseagent.watch.compare import compare, text_key
from browseagent.watch.rows import is_csv
from tests.pdf import pdf_of

URL = "https://example.org/data"


def document(body: bytes, content_type: str) -> Document:
    headers = (("content-type", content_type),)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return read_page(Page(URL, URL, Outcome.OK, Via.HTTP, at, status=200, headers=headers, body=body))


def of_json(value: Any) -> Document:
    return document(json.dumps(value).encode(), "application/json")


def feed(*entries: tuple[str, str, str]) -> Document:
    items = "".join(
        f"<item><guid>{name}</guid><title>{title}</title><description>{text}</description></item>"
        for name, title, text in entries
    )
    return document(
        f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode(), "text/xml"
    )


def told(before: Document, after: Document) -> list[tuple[str, str, str, str]]:
    return [(h.kind, h.where, h.before, h.after) for h in compare(before, after).differences]


ONE, TWO = {"id": 1, "price": 49}, {"id": 2, "price": 12}
PRICE = "shop.items[id=1].price"
SHOP = {"shop": {"open": True, "items": [ONE, TWO]}, "tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (
            {"shop": {"open": True, "items": [TWO, {"id": 1, "price": 39}]}, "tags": ["a", "b"]},
            [
                (
                    "changed",
                    "shop.items[id=1].price",
                    "shop.items[id=1].price: 49",
                    "shop.items[id=1].price: 39",
                )
            ],
        ),
        ({"tags": ["a", "b"], "shop": {"items": [{"price": 12, "id": 2}, ONE], "open": True}}, []),
        (
            {"shop": {"open": False, "items": [ONE]}, "tags": ["a", "c", "b"]},
            [
                ("changed", "shop.open", "shop.open: true", "shop.open: false"),
                ("removed", "shop.items[id=2]", 'shop.items[id=2]: {"id": 2, "price": 12}', ""),
                ("added", "tags[1]", "", "tags[1]: c"),
            ],
        ),
        (
            {"shop": None, "tags": ["a", "b"]},
            [("changed", "shop", f"shop: {json.dumps(SHOP['shop'])}", "shop: null")],
        ),
    ],
)
def test_json_is_compared_by_path(after: Any, expected: list[tuple[str, str, str, str]]) -> None:
    """A value is known by its path, a record by its id; the order of keys and records is no change."""
    assert told(of_json(SHOP), of_json(after)) == expected


def test_one_is_not_true() -> None:
    """Python takes them for equal, JSON does not."""
    assert told(of_json({"a": 1}), of_json({"a": True})) == [("changed", "a", "a: 1", "a: true")]


def test_a_json_beyond_what_is_read_is_compared_whole() -> None:
    """A value behind the first 20,000 counts as much as one before it."""
    one, other = ({"rows": [[n, str(n)] for n in range(30_000)]} for _ in range(2))
    other["rows"][29_999][1] = "new"
    before, after = of_json(one), of_json(other)
    assert text_key(before) != text_key(after)
    assert [hunk[3] for hunk in told(before, after)] == ["rows[29999][1]: new"]


LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=9))
def test_json_is_itself(value: Any) -> None:
    """Nothing differs from itself, however its keys are ordered."""
    again = json.loads(json.dumps(value, sort_keys=True))
    assert compare(of_json([value]), of_json([again])).differences == ()


ENTRIES = [(f"e{n}", f"Title {n}", f"What happened on day {n}.") for n in range(9)]


def test_a_feed_that_reorders_has_not_changed() -> None:
    """An entry is known by its id; even its text as it is compared is the same."""
    shuffled = random.Random(1).sample(ENTRIES, len(ENTRIES))
    assert told(feed(*ENTRIES), feed(*shuffled)) == []
    assert text_key(feed(*ENTRIES)) == text_key(feed(*shuffled))


def test_a_new_entry_of_a_feed_is_one_change() -> None:
    """With its title and text; the oldest, which it pushed off the end, is no news."""
    new = ("e9", "Bridge closed", "Until Friday.")
    hunks = told(feed(*ENTRIES), feed(new, *ENTRIES[:-1]))
    assert hunks == [("added", "Bridge closed", "", "Bridge closed\nUntil Friday.")]


@pytest.mark.parametrize("anew", ["https://example.org/{}", "{}?r=8f2c41d09ab3e7f6"])
def test_entries_that_are_named_anew_are_the_same(anew: str) -> None:
    """A site that moves to https, or draws its ids by lot, has published nothing."""
    named = [(anew.format(name), title, text) for name, title, text in ENTRIES]
    assert told(feed(*ENTRIES), feed(*named)) == []
    hunks = told(feed(*ENTRIES), feed(("e9", "Bridge closed", "Until Friday."), *named))
    assert [(kind, where) for kind, where, _, _ in hunks] == [("added", "Bridge closed")]
    assert [kind for kind, *_ in told(feed(*ENTRIES), feed(*named[:4], *named[5:]))] == ["removed"]


def test_a_new_entry_in_the_words_of_one_that_fell_off_is_told() -> None:
    """Where the others keep their ids: a build that passes again is news."""
    runs = [(str(number), f"Build {said}", "") for number, said in ((2, "failed"), (1, "passed"))]
    new = [("4", "Build passed", ""), ("3", "Build failed", "")]
    hunks = told(feed(*runs), feed(*new, runs[0]))
    assert [(kind, where) for kind, where, _, _ in hunks] == [
        ("added", "Build passed"),
        ("added", "Build failed"),
    ]


def test_an_entry_that_is_corrected_or_withdrawn() -> None:
    """The one is a change of that entry, the other a removal: it did not stand at the end."""
    corrected = [("e0", "Title 0", "It was day 7."), ENTRIES[1], *ENTRIES[3:]]
    hunks = told(feed(*ENTRIES), feed(*corrected))
    assert [(kind, where) for kind, where, _, _ in hunks] == [("changed", "Title 0"), ("removed", "Title 2")]


def test_a_pdf_says_the_page() -> None:
    """What moved to another page is no change; what changed is told with its page."""
    pages = [["Rules of the house", "Quiet after ten."], ["Guests", "They pay 4 euros."]]
    moved = [["Rules of the house"], ["Quiet after ten."], ["Guests", "They pay 5 euros."]]
    before, after = (document(pdf_of(each), "application/pdf") for each in (pages, moved))
    assert [(kind, where.partition(" ›")[0], a) for kind, where, _, a in told(before, after)] == [
        ("changed", "page 3", "They pay 5 euros."),
    ]  # fmt: skip


def of_csv(text: str, content_type: str = "text/csv", encoding: str = "utf-8") -> Document:
    return document(text.encode(encoding), f"{content_type}; charset={encoding}")


DREDGING = [
    {"ID": 1203, "Title": "Crane"},
    {"ID": 1201, "Title": "Dredging"},
    {"ID": 1202, "Title": "Dredging"},
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (DREDGING, [*reversed(DREDGING)], []),
        (
            DREDGING,
            [{"ID": 1202, "Title": "Quay"}, *DREDGING[:2]],
            [("changed", "[ID=1202].Title", "[ID=1202].Title: Dredging", "[ID=1202].Title: Quay")],
        ),
        (  # no field is called an id: the one that stays is one
            [{"price": 5, "berth": "N1"}, {"price": 7, "berth": "N2"}],
            [{"price": 8, "berth": "N2"}, {"price": 5, "berth": "N1"}],
            [("changed", "[berth=N2].price", "[berth=N2].price: 7", "[berth=N2].price: 8")],
        ),
        (
            {"edges": [{"node": {"id": 1, "at": "a"}}, {"node": {"id": 2, "at": "b"}}]},
            {"edges": [{"node": {"id": 2, "at": "b"}}, {"node": {"id": 1, "at": "c"}}]},
            [
                (
                    "changed",
                    "edges[node.id=1].node.at",
                    "edges[node.id=1].node.at: a",
                    "edges[node.id=1].node.at: c",
                )
            ],
        ),
        (  # two alike: no field names them, and their order says nothing
            [{"a": 1}, {"a": 1}, {"a": 2}],
            [{"a": 2}, {"a": 1}, {"a": 1}],
            [],
        ),
        ([3, 1], [1, 3], [("added", "[0]", "", "[0]: 1"), ("removed", "[1]", "[1]: 1", "")]),
    ],
)
def test_records_are_known_by_any_field_of_their_own(
    before: Any, after: Any, expected: list[tuple[str, str, str, str]]
) -> None:
    """A list of records in another order has not changed; a list of plain values has."""
    assert told(of_json(before), of_json(after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (b'{"n": 1e3}', b'{"n": 1000}', True),
        (b'{"n": 2879.2}', b'{"n": "2879.20"}', True),
        (b'{"price": "2879.2"}', b'{"price": "2879.20"}', True),
        (b'{"offer": {"lowPrice": "49"}}', b'{"offer": {"lowPrice": "49.00"}}', True),
        (b'{"version": "1.1"}', b'{"version": "1.10"}', False),
        (b'{"n": 1}', b'{"n": true}', False),
        (b'{"n": 1}', b'{"n": "one"}', False),
        (b'{"price": "49.00"}', b'{"price": "49.01"}', False),
    ],
)
def test_numbers_are_compared_by_value(before: bytes, after: bytes, same: bool) -> None:
    """However a number is written; text is one only where it is a price, for versions are not numbers."""
    found = told(document(before, "application/json"), document(after, "application/json"))
    assert (not found) == same


ROWS = '№;Товар;Сорт;Цена\n1;Трос;стальной;1 250,5\n2;Канат;"пенька; джут";310\n'


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ROWS, ROWS.replace("310", "320"), [("changed", "[№=2].Цена", "[№=2].Цена: 310", "[№=2].Цена: 320")]),
        (ROWS, "".join(ROWS.splitlines(keepends=True)[each] for each in (0, 2, 1)), []),
        ("id,a,b\n1,x,y\n", "id,b,a\n1,y,x\n", []),
        ("id,a\n1,x\n", "id,a,b\n1,x,y\n", [("added", "b", "", "b")]),
        (
            "id\ta\n1\tx\n2\ty\n",
            "id\ta\n2\ty\n",
            [("removed", "[id=1]", '[id=1]: {"id": "1", "a": "x"}', "")],
        ),
        ("a,b\nx,1\nx,1\n", "a,b\nx,1\nx,2\n", [("changed", "[0].b", "[0].b: 1", "[0].b: 2")]),
        ("a,b\n", "a,b\nx,1\n", [("added", "[0]", "", '[0]: {"a": "x", "b": "1"}')]),
    ],
)
def test_csv_is_compared_by_rows_and_cells(
    before: str, after: str, expected: list[tuple[str, str, str, str]]
) -> None:
    """The cell that changed in the row that it stands in; another order of rows or columns is no change."""
    assert told(of_csv(before), of_csv(after)) == expected


@pytest.mark.parametrize(
    "named", ['filename="gates.csv"', "filename*=UTF-8''gates.csv", "filename=gates.csv"]
)
def test_a_csv_is_known_by_the_name_that_it_is_saved_under(named: str) -> None:
    """Of a download without a type of its own."""
    headers = (("content-type", "application/octet-stream"), ("content-disposition", f"attachment; {named}"))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    one, other = (
        read_page(Page(URL, URL, Outcome.OK, Via.HTTP, at, status=200, headers=headers, body=body))
        for body in (b"id,open\n1,yes\n2,yes\n", b"id,open\n1,yes\n2,no\n")
    )
    assert told(one, other) == [("changed", "[id=2].open", "[id=2].open: yes", "[id=2].open: no")]


def test_a_saved_name_is_read_however_long_the_header_is() -> None:
    """And only what stands for the name itself is one."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    page = Page(URL, URL, Outcome.OK, Via.HTTP, at, status=200)
    long = "filename" * 200_000
    for said, is_one in (
        (f"attachment; {long}; filename=a.csv; size=9", True),
        (f"attachment; {long}", False),
        ("attachment; filename=notes.txt; about=filename.csv", False),
    ):
        assert is_csv(replace(page, headers=(("content-disposition", said),))) is is_one


def test_csv_in_another_encoding_and_what_is_none() -> None:
    """The bytes are read as they say; text that only says it is CSV is compared as text."""
    changed = ROWS.replace("№", "N").replace("310", "320")
    encoded = [of_csv(each.replace("№", "N"), encoding="windows-1251") for each in (ROWS, changed)]
    assert told(*encoded) == [("changed", "[N=2].Цена", "[N=2].Цена: 310", "[N=2].Цена: 320")]
    plain = [of_csv(f"The ferry leaves at {time}.") for time in ("four", "five")]
    assert told(*plain) == [("changed", "", "The ferry leaves at four.", "The ferry leaves at five.")]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"start": "2026-05-04T10:00:00Z"}, {"start": "2026-12-18T15:30:00Z"}, False),
        ({"start": "2026-05-04T10:00:00Z"}, {"start": "2026-05-04T11:00:00Z"}, False),
        ({"start": "2026-05-04T10:00:12Z"}, {"start": "2026-05-05T10:00:12Z"}, False),
    ],
)
def test_an_appointment_that_moves_is_a_change(before: Any, after: Any, same: bool) -> None:
    """Whatever stands beside it, and whether or not it has seconds."""
    assert (not told(of_json(before), of_json(after))) == same


STOPS = [
    {"line": "A", "stop": 1, "at": 5},
    {"line": "A", "stop": 2, "at": 7},
    {"line": "B", "stop": 1, "at": 9},
]


def test_two_fields_together_name_the_records_of_a_list() -> None:
    """No field alone does: the time that changed is one of the same stop, wherever its record stands."""
    later = [STOPS[2], {**STOPS[1], "at": 8}, STOPS[0]]
    assert told(of_json(STOPS), of_json(later)) == [
        ("changed", "[line=A, stop=2].at", "[line=A, stop=2].at: 7", "[line=A, stop=2].at: 8")
    ]


ITEM = (
    "<item><guid>{id}</guid><title>{title}</title><link>https://example.org/{link}</link>"
    "<description>Seen from the pier.</description>{more}</item>"
)


def rss(*items: str, about: str = "All of it") -> Document:
    head = f"<title>News</title><description>{about}</description>"
    names = 'xmlns:g="http://base.google.com/ns/1.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    text = f'<rss version="2.0" {names}><channel>{head}{"".join(items)}</channel></rss>'
    return document(text.encode(), "application/rss+xml")


def item(title: str = "Lamp", link: str = "lamp", more: str = "", name: str = "1") -> str:
    return ITEM.format(id=name, title=title, link=link, more=more)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (item(link="lamp"), item(link="sold"), "Lamp → https://example.org/sold"),
        (
            item(more="<g:price>40 EUR</g:price>"),
            item(more="<g:price>30 EUR</g:price>"),
            "Lamp\nSeen from the pier.\nprice: 30 EUR",
        ),
        (
            item(more="<category>Open</category>"),
            item(more="<category>Solved</category>"),
            "Lamp\nSeen from the pier.\ncategory: Solved",
        ),
        (
            item(more='<enclosure url="/a/1.mp3" type="audio/mpeg"/>'),
            item(more='<enclosure url="/b/1.mp3" type="audio/mpeg"/>'),
            "1.mp3 → https://example.org/b/1.mp3",
        ),
        (item() + item(title="Rope"), item() + item(title="Chain"), "Chain\nSeen from the pier."),
    ],
)
def test_all_that_an_entry_says_is_compared(before: str, after: str, said: str) -> None:
    """Its link, its fields, its file, and a second entry of the same id."""
    assert [now for *_, now in told(rss(before), rss(after))] == [said]
    assert text_key(rss(before)) != text_key(rss(after))


def test_how_much_is_said_about_an_entry_is_no_part_of_it() -> None:
    """A number of comments, and what programs fetch by, change with every visitor."""
    one, other = (item(more=f"<slash:comments>{n}</slash:comments>") for n in (3, 4))
    assert told(rss(one), rss(other)) == []


def test_what_a_feed_says_of_itself_is_compared() -> None:
    """Its title and its description."""
    found = told(rss(item()), rss(item(), about="Closed for good"))
    assert [(was, now) for _, _, was, now in found] == [("News\nAll of it", "News\nClosed for good")]


def of_xml(text: str, content_type: str = "application/xml") -> Document:
    return document(f'<?xml version="1.0"?>{text}'.encode(), content_type)


RATES = """<e:Envelope xmlns:e="http://e.example" xmlns="http://r.example"><e:subject>Rates</e:subject><Cube>
<Cube time="2026-11-27"><Cube currency="USD" rate="{}"/><Cube currency="JPY" rate="161.55"/></Cube></Cube>
</e:Envelope>"""
PLACES = "<urlset><url><loc>/a</loc><lastmod>{}</lastmod></url>{}<url><loc>/b</loc></url></urlset>"
STOCK = (
    "<stock><item id='4'><name>Oar</name><count>{}</count></item><item id='5'><name>Net</name></item></stock>"
)


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        (RATES.format("1.08"), RATES.format("1.09"), "Cube.Cube.Cube[currency=USD].rate"),
        (PLACES.format("2026-11-01", ""), PLACES.format("2026-11-09", ""), "url[loc=/a].lastmod"),
        (STOCK.format(4), STOCK.format(3), "item[id=4].count"),
        ("<note>Gate <b>shut</b> today</note>", "<note>Gate <b>open</b> today</note>", "text"),
    ],
)
def test_xml_is_compared_by_its_elements_and_attributes(before: str, after: str, where: str) -> None:
    """Rates that are attributes alone, a site's list of pages, records: the one value that changed."""
    assert [(kind, path) for kind, path, *_ in told(of_xml(before), of_xml(after))] == [("changed", where)]


def test_xml_in_another_order_is_no_change() -> None:
    """Of attributes, of elements that name themselves, of white space between them."""
    one = of_xml(STOCK.format(4))
    other = of_xml(
        "<stock>\n <item id='5'><name>Net</name></item>\n "
        "<item id='4'><count>4</count><name>Oar</name></item></stock>"
    )
    assert not told(one, other)


def test_xml_is_read_as_values_and_records() -> None:
    """Elements that are alike are the rows of a table; a drawing and what is no XML at all are none."""
    assert of_xml(RATES.format("1.08")).text.endswith("currency\trate\nUSD\t1.08\nJPY\t161.55")
    assert of_xml(PLACES.format("2026-11-01", ""), "text/plain").text.startswith("url:")
    assert "<text>" in document(b"<?xml version='1.0'?><svg><text>Gate</text></svg>", "text/plain").text


LINES = '{"id": 1, "n": 4}\n{"id": 2, "n": 7}\n'


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/json", "text/plain"])
def test_lines_of_json_are_a_list(content_type: str) -> None:
    """Compared by record, in whatever order they stand."""
    one = document(LINES.encode(), content_type)
    assert one.text == "id\tn\n1\t4\n2\t7"
    other = document("".join(reversed(LINES.splitlines(keepends=True))).encode(), content_type)
    assert not told(one, other) and text_key(one) != text_key(document(LINES[:18].encode(), content_type))
    changed = document(LINES.replace("7", "8").encode(), content_type)
    assert told(one, changed) == [("changed", "[id=2].n", "[id=2].n: 7", "[id=2].n: 8")]
    assert "{" in document(b'{"id": 1}\n{"id": 2', content_type).text


def calendar(*entries: tuple[str, str, str], made: str = "20260101T000000Z") -> Document:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{made}\r\nDTSTART:{day}\r\nSUMMARY:{said}\r\nEND:VEVENT\r\n"
        for uid, day, said in entries
    )
    body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"
    return document(body.encode(), "text/calendar")


PAPER, GLASS = ("a", "20260310", "Paper"), ("b", "20260312", "Glass\\, green\r\n  and brown")


@pytest.mark.parametrize(
    "after",
    [
        calendar(GLASS, PAPER),
        calendar(PAPER, GLASS, made="20260214T000000Z"),
        calendar(PAPER, ("b", "20260312", "Glass\\, green and brown")),
        calendar(("x", *PAPER[1:]), ("y", *GLASS[1:])),
    ],
)
def test_a_calendar_of_the_same_entries_has_not_changed(after: Document) -> None:
    """In another order, written anew, with lines broken elsewhere, or each with a new name."""
    assert not told(calendar(PAPER, GLASS), after)


def test_an_entry_of_a_calendar_is_known_by_its_name() -> None:
    found = told(
        calendar(PAPER, GLASS), calendar(("b", "20260313", GLASS[2]), PAPER, ("c", "20260401", "Trees"))
    )
    assert [(kind, where.rpartition(".VEVENT")[2]) for kind, where, *_ in found] == [
        ("changed", "[UID=b].DTSTART"),
        ("added", "[UID=c]"),
    ]
    cancelled = document(b"BEGIN:VCARD\nFN:Ann\nTEL:123\nEND:VCARD", "text/vcard")
    assert told(cancelled, document(b"BEGIN:VCARD\nFN:Ann\nTEL:124\nEND:VCARD", "text/vcard"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("0.3", "0.30000000000000004", False),
        ("19.990000000000002", "19.99", False),
        ("1.5e3", "1500.0", False),
        ("12345678901234567.1", "12345678901234567.9", True),
        ("19.99", "19.98999", True),
        ("1e400", "2e400", True),
        ("9007199254740993", "9007199254740992", True),
    ],
)
def test_numbers_are_compared_as_they_are_written(before: str, after: str, changed: bool) -> None:
    """Beyond what a float holds; what computing leaves in the last digits says nothing."""
    one, other = (document(f'{{"v": {each}}}'.encode(), "application/json") for each in (before, after))
    assert bool(told(one, other)) == changed


def linked_feed(*entries: tuple[str, str, str, str]) -> Document:
    items = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><link>{link}</link>"
        f"<description>{text}</description></item>"
        for guid, title, link, text in entries
    )
    return document(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "text/xml")


TALK, WALK = ("a", "Talk", "https://e.org/a", "At five"), ("b", "Walk", "https://e.org/b", "At six")


@pytest.mark.parametrize(
    "after",
    [
        linked_feed(("x9", *TALK[1:]), WALK),
        linked_feed(TALK, WALK, WALK),
        linked_feed(("a", "Talk", "http://e.org/a", "At five"), WALK),
    ],
)
def test_an_entry_that_says_and_leads_to_the_same_is_the_same(after: Document) -> None:
    """One got another id, one stands twice, the site moved to https."""
    assert not told(linked_feed(TALK, WALK), after)


def test_an_entry_of_the_same_words_that_leads_elsewhere_is_another() -> None:
    found = told(
        linked_feed(TALK, WALK), linked_feed(("c", "Talk", "https://e.org/c", "At five"), WALK, TALK)
    )
    assert [(kind, where) for kind, where, *_ in found] == [("added", "Talk")]


def test_what_is_struck_out_in_an_entry_is_told() -> None:
    struck = ("a", "Talk", "https://e.org/a", "&lt;p&gt;&lt;s&gt;At five&lt;/s&gt;&lt;/p&gt;")
    ((_, _, before, after),) = told(linked_feed(TALK), linked_feed(struck))
    assert (before, after) == ("Talk\nAt five", "Talk\n~~At five~~")
