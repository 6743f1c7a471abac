"""What a person sees is compared: shown or hidden, struck out, controls, images."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.records import Change
from browseagent.watch.compare import compare

SHOP = """<html lang="en"><head><title>Gull 12</title><style>.gone {{ display: none }}</style></head><body>
<header><a href="/">Home</a></header><main><h1>Gull 12 rowing boat</h1>
<p>A light boat of cedar for two rowers, 3.6 metres long, with oars and a cover, made in our own yard.</p>
<p>Price: £1,240</p>{}<p>Delivery takes ten working days within the county.</p></main></body></html>"""


def change(before: str, after: str) -> Change:
    """What differs between a shop's page with one piece of markup and with another."""
    one, other = (
        extract(SHOP.format(each).encode(), "https://example.org/", "text/html") for each in (before, after)
    )
    return compare(one, other)


def sides(found: Change) -> tuple[set[str], set[str]]:
    return {before for before, _ in found.hunks if before}, {after for _, after in found.hunks if after}


@pytest.mark.parametrize(
    "hidden",
    ['style="display:none"', 'class="gone"', "hidden", 'style="visibility: hidden"', 'aria-hidden="true"'],
)
def test_what_is_hidden_and_shown_by_turns_is_a_change(hidden: str) -> None:
    """Both texts stand in the page each time; the one that is seen is compared."""
    one, other = "<p {}>In stock, ready to ship</p><p {}>Sold out</p>".format(hidden, ""), ""
    other = f"<p>In stock, ready to ship</p><p {hidden}>Sold out</p>"
    assert sides(change(one, other)) == ({"Sold out"}, {"In stock, ready to ship"})
    assert sides(change(other, one)) == ({"In stock, ready to ship"}, {"Sold out"})


@pytest.mark.parametrize("hidden", ["d-none", "stock is-hidden", "hide", "invisible"])
def test_a_class_that_says_hidden_counts_without_its_style_sheet(hidden: str) -> None:
    """Over HTTP the sheets of the site are not known: that the markup says it of another text is told."""
    one = f'<p class="{hidden}">In stock, ready to ship</p><p>Sold out</p>'
    other = f'<p>In stock, ready to ship</p><p class="{hidden}">Sold out</p>'
    found = change(one, other)
    assert found.changed and "Sold out" in " ".join(sides(found)[1])


SHEET = """<style>.in .out, .sold .buy, [data-stock=no] .yes, #a > .x { display: none }
.note { display: none } .late .note { display: block }</style>"""


@pytest.mark.parametrize(
    ("sheet", "before", "after"),
    [
        ("@media screen {{ .away {{ display: none }} }}", "class=away", ""),
        ("@media only screen {{ p.away {{ display: none }} }} .x {{ color: red }}", "class=away", ""),
        (".shop:not(.open) .stock {{ display: none }}", "class=stock", "class=other"),
        (".stock:not([data-ready]) {{ display: none }}", "class=stock", "class=stock data-ready"),
    ],
)
def test_a_rule_for_screens_and_one_with_an_exception_hide_as_any(
    sheet: str, before: str, after: str
) -> None:
    """What is not printed is shown."""
    page = f"<style>{sheet.format()}</style><div class=shop><p %s>In stock, ready to ship</p></div>"
    assert sides(change(page % before, page % after)) == (set(), {"In stock, ready to ship"})
    printed = page.replace("screen", "print").replace(":not(", ":print(")
    assert not change(printed % before, printed % after).changed


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("class='in'", "class=''", ("", "Sold out now")),
        ("class='in sold'", "class='in'", ("", "In stock, ready to ship")),
        ("data-stock=no", "data-stock=yes", ("", "Pick up today")),
        ("id=a", "id=b", ("", "Ships in May")),
        ("class=late", "class=''", ("The boat is late", "")),
    ],
)
def test_what_a_name_further_up_hides_is_a_change(before: str, after: str, said: tuple[str, str]) -> None:
    """Selectors of more than one name, the weightiest of which has the last word."""
    texts = (
        '<p class="out">Sold out now</p><p class="buy">In stock, ready to ship</p>'
        '<p class="yes">Pick up today</p><p class="x">Ships in May</p><p class="note">The boat is late</p>'
    )
    one, other = (f"{SHEET}<div {each}>{texts}</div>" for each in (before, after))
    assert said in [(h.before, h.after) for h in change(one, other).differences]
    assert change(other, one).changed and not change(one, one).differences


@pytest.mark.parametrize(
    "closed", ["<dialog{}>Sold out until May</dialog>", "<div{}>Sold out until May</div>"]
)
def test_a_dialog_that_stands_open_is_a_change(closed: str) -> None:
    """By its attribute: a closed one is there for who clicks."""
    states = (" open", "") if "dialog" in closed else ("", " popover")
    assert change(*(closed.format(each) for each in states)).changed


def test_what_is_only_seen_or_only_read_out_is_compared() -> None:
    """A sign beside a text, and the words that screen readers have in its place."""
    row = '<p>Lift <span aria-hidden="true">{}</span><span class="sr-only">{}</span> at the north pier</p>'
    assert change(row.format("✓", "runs"), row.format("✗", "runs")).changed
    assert change(row.format("", "runs"), row.format("", "stands still")).changed


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('<i class="ic" aria-label="Open"></i>', '<i class="ic" aria-label="Closed"></i>', "image “Closed”"),
        ('<span title="Full"></span>', '<span title="Places left"></span>', "image “Places left”"),
        (
            '<iframe src="/v/1" title="The film"></iframe>',
            '<iframe src="/v/2" title="The film"></iframe>',
            "iframe “The film” → https://example.org/v/2",
        ),
        (
            '<audio title="Horn"><source src="a.mp3"></audio>',
            '<audio title="Horn"><source src="b.mp3"></audio>',
            "audio “Horn” → https://example.org/b.mp3",
        ),
    ],
)
def test_what_stands_in_the_place_of_words_is_compared(before: str, after: str, said: str) -> None:
    """A picture that a style sheet draws, a film, a sound."""
    found = change(f"<p>At the pier: {before}</p>", f"<p>At the pier: {after}</p>")
    assert sides(found)[1] == {said}


def test_a_panel_that_opens_is_a_change() -> None:
    """A panel's text is read whether or not it is open; which one is open is seen."""
    panel = '<div class="panel"{}><p>%s</p></div>'
    panels = panel % "Pick up at the yard today." + panel % "Ships in May."
    closed = ' style="display:none"'
    assert change(panels.format(closed, ""), panels.format("", closed)).changed


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<p>Deadline: 15 March</p>", "<p>Deadline: <s>15 March</s></p>", "Deadline: ~~15 March~~"),
        ("<p>£60 £45</p>", "<p><del>£60</del> £45</p>", "~~£60~~ £45"),
        (
            "<ul><li>Tide tables<li>Knots</ul>",
            "<ul><li><strike>Tide tables</strike><li>Knots</ul>",
            "~~Tide tables~~",
        ),
        (
            "<table><tr><th>Day<th>Boat<tr><td>Monday<td>Ora</table>",
            "<table><tr><th>Day<th>Boat<tr><td><s>Monday</s><td>Ora</table>",
            "~~Monday~~\tOra",
        ),
    ],
)
def test_what_is_struck_out_is_a_change(before: str, after: str, said: str) -> None:
    """The words are the same; that they do not hold any more is told."""
    assert sides(change(before, after))[1] == {said}
    assert change(after, before).changed and not change(after, after).differences


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "<button disabled>Add to basket</button>",
            "<button>Add to basket</button>",
            "button “Add to basket”",
        ),
        (
            '<input type="submit" value="Sold out" disabled>',
            '<input type="submit" value="Buy">',
            "submit “Buy”",
        ),
        (
            '<label><input type="checkbox"> Gift wrap</label>',
            '<label><input type="checkbox" checked> Gift wrap</label>',
            "checkbox “Gift wrap”: checked",
        ),
        (
            '<label for="s">Size</label><select id="s"><option>S<option selected>M</select>',
            '<label for="s">Size</label><select id="s"><option selected>S<option>M</select>',
            "select “Size”: S",
        ),
        (
            '<select name="size"><option>S<option>M</select>',
            '<select name="size"><option>S<option disabled>M</select>',
            "select “size”: S, M disabled",
        ),
        (
            "<fieldset><input type=radio name=r aria-label=Pickup></fieldset>",
            "<fieldset disabled><input type=radio name=r aria-label=Pickup></fieldset>",
            "radio “Pickup”: not checked, disabled",
        ),
        (
            '<span role="switch" aria-checked="false">Alerts</span>',
            '<span role="switch" aria-checked="true">Alerts</span>',
            "switch “Alerts”: checked",
        ),
        (
            '<p><img src="a.png" alt="Sold out"></p>',
            '<p><img src="a.png" alt="In stock"></p>',
            "image “In stock” (a)",
        ),
        (
            "<table><tr><th>Boat<th>State<tr><td>Ora<td><img alt='open'></table>",
            "<table><tr><th>Boat<th>State<tr><td>Ora<td><img alt='closed'></table>",
            "image “closed”",
        ),
        (
            "<picture><source srcset=b.png><img src=a.png alt='Flag green'></picture>",
            "<picture><source srcset=b.png><img src=a.png alt='Flag red'></picture>",
            "image “Flag red” (a)",
        ),
        (
            "<svg role=img><title>Open</title></svg>",
            "<svg role=img><title>Closed</title></svg>",
            "image “Closed”",
        ),
        (
            "<i role=img aria-label='4 of 5'></i>",
            "<i role=img aria-label='3 of 5'></i>",
            "image “3 of 5”",
        ),
        (
            "<input type=image alt='Sold out' src=a.png>",
            "<input type=image alt=Buy src=a.png>",
            "image “Buy”",
        ),
        (
            "<a href=/a1.pdf><img src=i.png alt=Map></a>",
            "<a href=/a2.pdf><img src=i.png alt=Map></a>",
            "link “Map” → https://example.org/a2.pdf",
        ),
        (
            "<a class='btn' href=/buy>Buy now</a>",
            "<a class='btn btn-disabled' href=/buy>Buy now</a>",
            "link “Buy now”: disabled",
        ),
        (
            "<select name=s><option>S<option>M<option>L</select>",
            "<select name=s><option>S<option>M<option>XL</select>",
            "option “XL” of “s”",
        ),
        (
            "<select name=s><optgroup label='In stock'><option>L</optgroup></select>",
            "<select name=s><optgroup label='Sold out'><option>L</optgroup></select>",
            "option “Sold out: L” of “s”",
        ),
        (
            "<p>Lift <font color=green>●</font></p>",
            "<p>Lift <font color=red>●</font></p>",
            "sign “●”: red",
        ),
        (
            "<select name=s><option>S<optgroup label=Big><option>L</optgroup></select>",
            "<select name=s><option>S<optgroup label=Big disabled><option>L</optgroup></select>",
            "select “s”: S, L disabled",
        ),
        ("<meter value=3></meter>", "<meter value=7></meter>", "meter “”: 7"),
        (
            "<input name=code value=A1 readonly>",
            "<input name=code value=B2 readonly>",
            "text “code”: B2",
        ),
        (
            "<textarea name=notice readonly>Gate shut</textarea>",
            "<textarea name=notice readonly>Gate open</textarea>",
            "textarea “notice”: Gate open",
        ),
        (
            "<input type=range name=level value=4 disabled>",
            "<input type=range name=level value=6 disabled>",
            "range “level”: 6, disabled",
        ),
        (
            "<div role=progressbar aria-valuenow=45 aria-label=Funded></div>",
            "<div role=progressbar aria-valuenow=60 aria-label=Funded></div>",
            "progressbar “Funded”: 60",
        ),
        (
            "<svg><text>Water 4</text><text>Gate open</text></svg>",
            "<svg><text>Water 4</text><text>Gate shut</text></svg>",
            "drawn “Water 4 Gate shut”",
        ),
        (
            "<ul><li class=size>M</li><li class=size>L</li></ul>",
            "<ul><li class='size sold-out'>M</li><li class=size>L</li></ul>",
            "marked as unavailable: “M”",
        ),
        (
            "<button class=size>EU 42</button>",
            "<button class='size unavailable'>EU 42</button>",
            "button “EU 42”: disabled",
        ),
        (
            "<table><tr><th>Mo<th>Tu<tr><td aria-disabled=true>1<td>2</table>",
            "<table><tr><th>Mo<th>Tu<tr><td aria-disabled=true>1<td aria-disabled=true>2</table>",
            "marked as unavailable: “2”",
        ),
        (
            "<ol><li aria-current=step>Ordered<li>Shipped</ol>",
            "<ol><li>Ordered<li aria-current=step>Shipped</ol>",
            "marked as the current step: “Shipped”",
        ),
        (
            "<p>Lift <span style='color: green'>●</span></p>",
            "<p>Lift <span style='color: red'>●</span></p>",
            "sign “●”: red",
        ),
        (
            "<p><i class=on>★</i><i class=off>★</i></p>",
            "<p><i class=on>★</i><i class=on>★</i></p>",
            "sign “★”: on",
        ),
        (
            "<div><button>Book</button></div>",
            "<div inert><button>Book</button></div>",
            "button “Book”: disabled",
        ),
    ],
)
def test_controls_and_images_are_compared(before: str, after: str, said: str) -> None:
    """A control's label and state, and the words of an image."""
    assert said in sides(change(before, after))[1]
    assert not change(before, before).differences


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<i class='fa fa-check'></i>", "<i class='fa fa-times'></i>", "fa fa-times"),
        ("<img src=/i/green.png>", "<img src=/i/red.png>", "red.png"),
        ("<svg><use href='#yes'></use></svg>", "<svg><use href='#no'></use></svg>", "#no"),
    ],
)
def test_a_cell_without_words_is_known_by_what_it_shows(before: str, after: str, said: str) -> None:
    """A tick, a cross or a colour says what words would, and its row says of what."""
    table = "<table><tr><th>Fare<th>Bicycle<tr><td>Day ticket<td>{}<tr><td>Pass<td>{}</table>"
    found = change(table.format(before, before), table.format(after, before))
    assert sides(found)[1] == {f"cell “{said}” of “Day ticket”"}


def test_the_words_of_a_button_are_told_once() -> None:
    """They stand in the text: the control adds nothing."""
    found = change("<p><button>Add to basket</button></p>", "<p><button>Tell me when it is back</button></p>")
    assert len(found.hunks) <= 2 and found.changed
    assert not any("button “" in text for pair in found.hunks for text in pair)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<input type="hidden" name="csrf" value="a1">', '<input type="hidden" name="csrf" value="b2">'),
        ('<p class="note">Boats float.</p>', '<p class="note wide">Boats float.</p>'),
        ("<p>Boats <b>float</b>.</p>", "<p>Boats float.</p>"),
        ("<input name=q value=boats>", "<input name=q value=oars>"),
        ('<p style="color:#222">Boats float.</p>', '<p style="color:#333">Boats float.</p>'),
    ],
)
def test_what_nobody_sees_is_no_change(before: str, after: str) -> None:
    """Hidden fields, other classes, other markup of the same words."""
    assert not change(before, after).differences
