"""Tables: which are read, whole and with what names them, and how they are set in Markdown."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.records import BlockKind, Document

FERNS = (
    "<h1>Ferns of the valley</h1><p>Four ferns grow on the wet side of the valley, and this table says "
    "how each "
    "was found and who wrote it down.</p>"
)


def page(body: str, url: str = "https://a.example/ferns") -> Document:
    html = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Ferns of the valley</title></head>"
    return extract(
        f"{html}<body><nav><a href=/>Home</a></nav><main>{body}</main></body></html>".encode(),
        url,
        "text/html",
    )


def rows(document: Document) -> list[str]:
    return [document.block_text(block) for block in document.blocks if block.kind is BlockKind.ROW]


HOURS = (
    "<h1>Quay Library</h1><p>The library stands at the north end of the old quay and lends books, maps "
    "and tools "
    "to everyone with a card.</p><h2>Opening hours</h2><table><tbody>"
    "<tr><td>Mon</td><td><ul><li>10:00 AM - 8:00 PM</li></ul></td><td><span>Closed now</span></td></tr>"
    "<tr><td>Tue</td><td><ul><li>Closed</li></ul></td><td></td></tr>"
    "<tr><td>Wed</td><td><ul><li>9:00 AM - 12:30 PM</li><li>2:00 PM - 6:00 PM</li></ul></td><td></td></tr>"
    "</tbody></table>"
)


def test_lists_in_cells_stay_in_their_table_under_its_heading() -> None:
    """Opening hours set as a list in each cell are read, each hour on a line of its cell."""
    document = page(HOURS)
    assert rows(document)[2] == "Wed\t9:00 AM - 12:30 PM\n2:00 PM - 6:00 PM\t"
    assert "## Opening hours\n\n|  |  |  |\n| --- | --- | --- |\n| Mon |" in document.markdown
    assert "| Wed | 9:00 AM - 12:30 PM<br>2:00 PM - 6:00 PM |  |" in document.markdown


@pytest.mark.parametrize(
    "cell",
    [
        "<p>dry</p><p>wet</p>",
        "dry<br>wet",
        "<ol><li>dry<li>wet</ol>",
        "<div>dry</div>wet",
        "dry<dl><dd>wet</dl>",
    ],
)
def test_what_stands_on_two_lines_of_a_cell_is_two_words(cell: str) -> None:
    """However a cell is divided, its parts do not run together, and a row stays one row."""
    document = page(f"{FERNS}<table><tr><th>Place<th>Ground</tr><tr><td>Mill race<td>{cell}</tr></table>")
    assert rows(document)[-1] == "Mill race\tdry\nwet"
    assert document.markdown.endswith("| Mill race | dry<br>wet |\n")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("<span>10:00</span><span>12:00</span>", "10:00 12:00"),
        ("<span>Mon</span><span>9:00</span>", "Mon 9:00"),
        ("<b>Open</b><b>Daily</b>", "Open Daily"),
        ("<span>1</span><span>2</span><span>5</span>", "125"),
        ("<span>12</span><span>.99</span>", "12.99"),
        ("<span>£44.50</span><span class=was>was £52.00</span>", "£44.50 was £52.00"),
        ("<strong>£44.50</strong><small>was £52.00</small>", "£44.50 was £52.00"),
        ("<span>€56</span><span>€62</span>", "€56 €62"),
        ("<span>12</span><span>th</span>", "12th"),
        ("<span>120</span><span>万元</span>", "120万元"),
        ("<code><span>foo</span><span>Bar</span></code>", "fooBar"),
        ("<span>Wel</span><span>come</span>", "Welcome"),
    ],
)
def test_values_that_only_style_sets_apart_are_two_words(cell: str, read: str) -> None:
    """In a cell and in a line; the digits of a counter and the parts of a word stay together."""
    table = f"<table><tr><th>Place<th>Time</tr><tr><td>Mill race<td>{cell}</tr></table>"
    document = page(f"{FERNS}{table}<p>At {cell} now.</p>")
    assert rows(document)[-1] == f"Mill race\t{read}"
    assert f"At {read} now." in document.text + "".join(document.omitted)


def test_a_cell_may_reach_to_the_end_of_its_table() -> None:
    """A rowspan of 0 does."""
    table = "<tr><th>Pier<th>Day</tr><tr><td rowspan=0>North<td>Mon</tr><tr><td>Tue</tr><tr><td>Wed</tr>"
    assert rows(page(f"{FERNS}<table>{table}</table>"))[1:] == ["North\tMon", "North\tTue", "North\tWed"]


def test_a_foot_is_shown_at_the_foot() -> None:
    """Wherever it stands in the markup; the header stays one."""
    foot = "<tfoot><tr><td>Sum<td>9</tfoot>"
    table = f"<table>{foot}<thead><tr><th>Site<th>Ferns</thead><tbody><tr><td>North<td>9</tbody></table>"
    document = page(f"{FERNS}{table}")
    assert rows(document) == ["Site\tFerns", "North\t9", "Sum\t9"]
    assert [document.block_text(block) for block in document.blocks if block.is_header] == ["Site\tFerns"]


def test_a_further_head_or_foot_stays_where_it_stands() -> None:
    """Only the first of each is moved."""
    head, foot = ("<thead><tr><th>Site<th>{}</thead>", "<tfoot><tr><td>Sum<td>{}</tfoot>")
    body = "<tbody><tr><td>{}<td>9</tbody>"
    parts = (foot.format("last"), body.format("North"), head.format("Ferns"), body.format("South"))
    more = (head.format("Mosses"), foot.format("second"), body.format("East"))
    assert rows(page(f"{FERNS}<table>{''.join((*parts, *more))}</table>")) == [
        "Site\tFerns", "North\t9", "South\t9", "Site\tMosses", "Sum\tsecond", "East\t9", "Sum\tlast",
    ]  # fmt: skip


COUNTS = (
    "<table><caption>Counts by site</caption><thead><tr><th rowspan=2>Site</th><th colspan=2>Royal "
    "fern</th></tr>"
    "<tr><th>2024</th><th>2025</th></tr></thead><tbody><tr><td rowspan=2>North "
    "bank</td><td>14</td><td>19</td></tr>"
    "<tr><td>8</td><td>11</td></tr><tr><td>Mill race</td><td colspan=2>none</td></tr></tbody></table>"
)


def test_every_row_has_as_many_cells_as_its_header() -> None:
    """Two header rows are one in Markdown; a merged cell is the value of each row and column it covers."""
    assert page(FERNS + COUNTS).markdown.partition("Counts by site\n\n")[2].splitlines() == [
        "| Site | Royal fern / 2024 | Royal fern / 2025 |",
        "| --- | --- | --- |",
        "| North bank | 14 | 19 |",
        "| North bank | 8 | 11 |",
        "| Mill race | none | none |",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "<table><tr><th colspan=2>Valley ferns<br>Range: Devonian</th></tr><tr><td>Clade<td>Ferns</tr>"
        "<tr><td>Order<td>Osmun<wbr>dales</tr></table>",
        "<table><tr><td>Filter used<td>grep fern | sort -u</tr><tr><td>Order<td>Osmundales</tr></table>",
        "<table><tr><td colspan=3>Wide<td>1</tr><tr><td>a<td>b<td>c<td>2</tr></table>",
    ],
)
def test_a_second_table_is_read_as_the_first_one_is(first: str) -> None:
    """Both tables are there, whole, and each is one table in Markdown."""
    document = page(FERNS + first + COUNTS)
    assert len({block.table for block in document.blocks if block.kind is BlockKind.ROW}) == 2
    for table in document.markdown.split("\n\n"):
        if table.startswith("|"):
            assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1
    assert "Mill race\tnone\tnone" in rows(document)


KIT = (
    "<h1>Notes on kit</h1><p>The well-known, twin-engined, fly-by-wire trainer costs £1,250-£1,400 a day, "
    "fuel "
    "included.</p><ul><li>Hot start: 4 minutes</li><li>Cold start: 35 minutes, pre-heat</li></ul>"
    "<dl><dt>Insurance excess</dt><dd>£5,000</dd><dt>Deposit</dt><dd>£750</dd></dl>"
    "<table><tr><th>Course</th><th>Hours</th><th>Price</th></tr><tr><td>Conversion, day-VFR</td><td>8</td>"
    "<td>£2,960</td></tr><tr><td>Night-rating</td><td>5</td><td>£1,910</td></tr></table>"
    "<p>Instructors: Ann-Marie O’Dell, J.-P. Rousseau; bookings at 50% deposit&nbsp;only.</p>"
)


@pytest.mark.parametrize(
    "url", ["file:///home/ann/saved/kit.html", "https://a.example/kit.html", "http://127.0.0.1:8000/kit.html"]
)
def test_header_and_labels_are_read_wherever_the_page_comes_from(url: str) -> None:
    """A table keeps its header row, and a value the label above it, from a file as from an address."""
    document = page(KIT, url)
    assert rows(document)[0] == "Course\tHours\tPrice"
    assert "Insurance excess\n\n£5,000\n\nDeposit\n\n£750" in document.text
    assert document.text == page(KIT, "https://a.example/kit.html").text


def test_where_a_page_was_saved_changes_nothing() -> None:
    """A folder with the name of a shop or a forum says nothing of the page that lies in it."""
    plain = page(KIT, "file:///kit.html")
    assert page(KIT, "file:///srv/forum/products/docs/2025/kit.html").kind == plain.kind


def test_a_menu_set_as_a_table_stays_a_menu() -> None:
    """A table in the navigation is not taken for data because the page's own text stands beside it."""
    document = page(
        f"{FERNS}<p>{FERNS[40:]}</p><nav><table><tr><td>Mon<td>Tue</tr><tr><td>1<td>2</tr></table></nav>"
    )
    assert "Mon\tTue" not in document.text


@pytest.mark.parametrize("lead", ["", "<p>From the office:</p>"])
def test_a_list_of_links_stays_under_its_heading(lead: str) -> None:
    """Downloads below the text are read with what names them."""
    names = ("Chart of the valley", "Key to the ferns", "Table of counts")
    links = "".join(f"<li><a href=/files/{n}.pdf>{name} (PDF)</a></li>" for n, name in enumerate(names))
    document = page(f"{FERNS}<h2>Downloads</h2>{lead}<ul>{links}</ul>")
    assert "## Downloads" in document.markdown
    assert all(f"[{name} (PDF)]" in document.markdown for name in names)


def test_a_heading_of_which_nothing_is_kept_goes_with_it() -> None:
    """The name of a box beside the text does not stay alone where its text is left out."""
    box = (
        "<h2>Sponsored</h2><p class=ad><a href=/x>Buy pots now</a></p><p class=ad><a href=/y>Buy soil</a></p>"
    )
    document = page(f"{FERNS}<p>{FERNS[40:]}</p><div class='advert sponsored'>{box}</div>")
    assert "Sponsored" not in document.text
    assert "Sponsored" in document.omitted


@pytest.mark.parametrize(
    "terms",
    [
        "<dl><dt>Monday</dt><dd>Open</dd><dt>Tuesday</dt><dd>Closed</dd></dl>",
        "<h2>Rules</h2><dl><dt>Draught</dt><dd>2 m</dd></dl><h2>Contact</h2><p>Quay 4</p>",
        "<dl><div><dt>Monday</dt><dd>Open</dd></div><div><dt>Sunday</dt><dd>By bell</dd></div></dl>",
    ],
)
def test_terms_are_kept_with_what_explains_them(terms: str) -> None:
    """A short list of terms beside the page's own text is a table in other markup."""
    lead = "<p>The harbour office keeps this page for all who sail from the inner basin, and often.</p>"
    body = f"<html lang=en><title>Harbour</title><main><h1>Harbour office</h1>{lead}{terms}</main></html>"
    document = extract(body.encode(), "https://a.example/", "text/html; charset=utf-8")
    assert document.rest is None and document.kept == 1
