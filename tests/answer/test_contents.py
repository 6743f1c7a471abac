"""What a page holds, as one point."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from browseagent import extract
from browseagent.answer.contents import Contents, contents
from browseagent.answer.offer import is_code
from browseagent.answer.page_name import page_name
from browseagent.answer.summarize import summarize
from browseagent.records import Document


def page(body: str, kind: str, title: str = "Cups") -> Document:
    html = f"<html lang=en><title>{title}</title><body><main><h1>{title}</h1>{body}</main></body></html>"
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    return replace(read, kind=kind)


def held(document: Document) -> Contents:
    found = contents(document)
    assert found is not None
    for quote in found.point.quotes:
        texts = [document.text, document.rest.text if document.rest else ""]
        assert quote.text in [text[quote.start : quote.end] for text in texts]
    return found


CUPS = {"Blue cup": "$30.95", "Red cup": "$34.95", "Green cup": "$8.00", "Tall cup": "$12.50"}


def cards(cups: dict[str, str], level: int = 2) -> str:
    return "".join(
        f'<div class="card"><h{level}><a href="/{name.split()[0]}">{name}</a></h{level}>'
        f'<p class="cost">{price}</p></div>'
        for name, price in cups.items()
    )


def shop(cups: dict[str, str]) -> Document:
    return page(f"<p>Our potters make every cup by hand in a small town.</p>{cards(cups)}", "collection")


def test_a_shop_is_told_by_range_and_first_things() -> None:
    """The lowest and the highest price, and the first things with theirs; not how many there are, for the
    page does not say that these are all."""
    found = held(shop(CUPS))
    assert found.text == (
        "Cups: among those listed, $8.00 to $34.95: "
        "Blue cup ($30.95); Red cup ($34.95); Green cup ($8.00); Tall cup ($12.50)"
    )
    assert found.point.support == "entailed"


def test_a_long_list_is_cut() -> None:
    """As many are named as fit, with the prices of all."""
    words = "ash oak elm fir yew box may fig bay tea nut hop rye oat flax reed moss fern kelp sage".split()  # noqa: SIM905
    cups = {
        f"{a} {b} cup of the spring sale".capitalize(): f"${n}.50"
        for n, (a, b) in enumerate(pairwise(words), 10)
    }
    found = held(shop(cups))
    assert found.text.startswith(
        "Cups: among those listed, $10.50 to $28.50: Ash oak cup of the spring sale ($10.50)"
    )
    assert found.text.endswith("; …") and len(found.text) < 400


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("4 cups", "4 listed"),
        ("Showing 1–4 of 312 results", "312 listed, among them"),
        ("4 / 1,204", "1204 listed, among them"),
        ("4 reviews in 2026 from 12 people", "among those listed"),
        ("12 March 2026", "among those listed"),
        ("Only $4 each", "among those listed"),
        ("9 cups", "among those listed"),
    ],
)
def test_how_many_there_are_is_told_where_the_page_says_it(line: str, count: str) -> None:
    """As many as were found, or that these are the first of so many; the line that says so is quoted."""
    found = held(page(f"<p>Our potters make every cup by hand.</p><p>{line}</p>{cards(CUPS)}", "collection"))
    assert found.text.startswith(f"Cups: {count}, $8.00 to $34.95: Blue cup")
    assert (line in [quote.text for quote in found.point.quotes]) is (count != "among those listed")


def test_a_table_that_goes_on_elsewhere_is_not_counted() -> None:
    """Nor one of several with the same columns, nor one of which rows are alike: these may not be all."""
    names = ("Capital School", "River Works", "Open Door", "Goodwill House")

    def told(last: str, more: str) -> str:
        rows = "".join(f"<tr><td>{n}</td><td>Courses in plumbing</td></tr>" for n in (*names, last))
        head = "<tr><th>Provider</th><th>Services</th></tr>"
        few = "".join(f"<tr><td>{n}</td><td>Courses in baking</td></tr>" for n in ("Bread Hall", "Mill"))
        body = f"<p>The city pays.</p><table>{head}{rows}</table>{more.replace('TABLE', head + few)}"
        return held(page(body, "service", "Training")).text.split(": ")[1]

    assert told("Ship Yard", "") == "5 listed"
    assert told("Open Door", "") == "among those listed"
    assert told("Ship Yard", '<p><a href="?page=2">2</a></p>') == "among those listed"
    assert told("Ship Yard", "<h2>West</h2><table>TABLE</table>") == "among those listed"


def test_headings_that_skip_a_number_are_not_counted() -> None:
    """Where a number is missing, so may a thing be."""
    parts = "".join(f"<h2>{n}. {name}</h2><p>It takes place in the old town and costs nothing at all.</p>"
                    for n, name in ((1, "Jazz week"), (2, "Book fair"), (4, "Film night")))  # fmt: skip
    found = held(page(parts, "article", "Dates in May"))
    assert found.text == "Dates in May: among those listed: Jazz week; Book fair; Film night"


def test_what_a_price_is_of_is_no_name_of_a_list() -> None:
    """A heading with an amount is an offer, not what the things are called together."""
    body = f"<h2>Save up to $800 on plates</h2>{cards(CUPS, 4)}"
    html = f"<html lang=en><title>News</title><main>{body}</main></html>"
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    assert held(replace(read, kind="collection")).head is None


def test_prices_to_choose_from_are_no_things() -> None:
    """Names that are amounts are how a shop is sorted."""
    ranges = ("Under $1,000", "$1,000 to $6,000", "$6,000 to $13,000", "Over $13,000")
    links = "".join(f'<h3><a href="/w?{n}">{told}</a></h3><p>See all</p>' for n, told in enumerate(ranges))
    assert contents(page(links, "collection")) is None


def test_few_things_are_no_list() -> None:
    """Three things are no listing."""
    assert contents(shop(dict(list(CUPS.items())[:3]))) is None


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 2, 1)])
def test_numbered_headings_are_told_by_their_names(numbers: tuple[int, int, int]) -> None:
    """An article that counts up or down is told by what it counts."""
    parts = "".join(
        f"<h2>{number}. {name}</h2><p>It takes place in the old town and costs nothing at all.</p>"
        for number, name in zip(numbers, ("Jazz week", "Book fair", "Film night"), strict=True)
    )
    found = held(page(parts, "article", "Three dates in May"))
    assert found.text == "Three dates in May: 3 listed: Jazz week; Book fair; Film night"


def test_as_many_headings_as_the_title_says() -> None:
    """Headings without numbers count where the title says how many; the number is not said twice."""
    parts = "".join(
        f"<h2>Adjust the {x}</h2><p>Keep it level with your eyes.</p>" for x in ("seat", "desk", "screen")
    )
    assert held(page(parts, "article", "3 steps to sit well")).text == (
        "3 steps to sit well: Adjust the seat; Adjust the desk; Adjust the screen"
    )
    assert contents(page(parts, "article", "How to sit well")) is None


def test_questions_are_no_things() -> None:
    """What a page asks is not what it lists."""
    parts = "".join(f"<h2>{n}. How does it work?</h2><p>It works like this one does.</p>" for n in (1, 2, 3))
    assert contents(page(parts, "article")) is None


def test_a_manual_is_told_by_its_sections() -> None:
    """A manual's page covers what its sections are called."""
    parts = "".join(
        f"<h2>{name}</h2><p>This section tells how it is set.</p>"
        for name in ("Install", "Fields", "Options", "Errors")
    )
    assert (
        held(page(parts, "documentation", "Models")).text
        == "Models: sections: Install; Fields; Options; Errors"
    )


LONG = "This is done twice a day for two minutes, and nobody should leave it out for long. "


def courses(kind: str, number: int, told: str = LONG, more: str = "") -> str | None:
    parts = "".join(f"<h2>Course {n}</h2><p>{told.replace('This', f'No. {n}')}</p>" for n in range(number))
    found = contents(page(f"<p>We teach.</p>{parts}{more}", kind, "Courses"))
    return found.text if found is not None else None


def test_what_offers_something_is_told_by_its_sections_where_they_are_many() -> None:
    """Those with prose, where most of the text is theirs; of few most are parts of the page. A question and
    a call below are none of them."""
    told = f"Courses: sections: {'; '.join(f'Course {n}' for n in range(10))}"
    others = f"<h2>Any questions?</h2><p>{LONG}</p><h2>Sign up</h2><p>Now</p>"
    assert courses("service", 10) == courses("service", 10, more=others) == told
    assert courses("service", 10, "Twice a day.") is None
    assert courses("service", 9) is None


def test_an_article_is_told_by_its_sentences() -> None:
    """Headings without numbers are no point of it."""
    assert courses("article", 10) is None


def test_a_table_that_is_most_of_a_page_is_told_by_its_rows() -> None:
    """The rows of a table are named where it is a good part of the page."""
    names = ("Capital School", "River Works", "Open Door", "Goodwill House")
    rows = "".join(f"<tr><td>{name}</td><td>Courses in plumbing and repair</td></tr>" for name in names)
    table = f"<p>The city pays.</p><table><tr><th>Provider</th><th>Services</th></tr>{rows}</table>"
    assert held(page(table, "service", "Training")).text == f"Training: 4 listed: {'; '.join(names)}"


def test_a_product_is_told_by_price_and_facts() -> None:
    """A product's price comes first, then its short facts; codes and addresses are none."""
    body = (
        "<p>$39.99</p><p>In stock</p><p>The cup keeps tea warm for about an hour.</p>"
        "<h2>Details</h2><p>Material: stoneware</p><p>Weight: 280 g</p><p>SKU: AB-12345</p>"
        "<p>Our shop: www.cups.example/all</p>"
    )
    assert held(page(body, "product", "Blue cup")).text == (
        "Blue cup: $39.99; In stock; Material: stoneware; Weight: 280 g"
    )


def test_instalments_are_no_part_of_a_price() -> None:
    """What a thing costs is told without what it costs in four parts."""
    body = "<p>$195.00or 4 payments of $48.75 with Klarna</p><p>Material: oak</p>"
    assert held(page(body, "product", "Tall cup")).text == "Tall cup: $195.00; Material: oak"


def test_a_price_below_the_name_said_again() -> None:
    """It is the price of the thing under a heading that says its name with one word more, not with many."""

    def told(heading: str) -> str:
        body = f"<h2>About</h2><p>OS: any</p><p>Disk: 5 GB</p><h2>{heading}</h2><p>$59.99</p>"
        return held(page(body, "product", "Red Cup")).text

    assert told("Buy Red Cup") == "Red Cup: $59.99; OS: any; Disk: 5 GB"
    assert told("Buy Red Cup and a plate") == told("Buy all") == "Red Cup: OS: any; Disk: 5 GB"


@pytest.mark.parametrize(
    ("text", "code"), [("100176", True), ("AB-12345", True), ("12.5oz", False), ("1920x1080", False)]
)
def test_what_is_a_code(text: str, *, code: bool) -> None:
    """A number by which a shop knows a thing is one, a measure is not."""
    assert is_code(text) is code


def test_a_page_without_a_heading_of_the_first_rank() -> None:
    """It is called what a heading and its title both are."""
    html = (
        "<html lang=en><title>Tall cup</title><body><main><h2>Tall cup</h2><p>$9.00</p></main></body></html>"
    )
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    assert held(replace(read, kind="product")).text == "Tall cup: $9.00"


def test_a_thread_and_a_bare_page_hold_no_list() -> None:
    """A forum is people's words, and a page of one text is that text."""
    text = "<p>The harbour wall will be repaired this summer by the council.</p>"
    assert contents(page(text, "forum")) is None and contents(page(text, "article")) is None


def test_the_page_is_called_what_its_title_repeats() -> None:
    """Of two headings of the first rank the one that the title holds."""
    body = "<h1>Welcome</h1><h1>Old bridge</h1><p>It is closed to all cars this winter.</p>"
    html = f"<html lang=en><title>Old bridge | City</title><body><main>{body}</main></body></html>"
    document = extract(html.encode(), url="https://example.org/", content_type="text/html")
    name = page_name(document)
    assert name is not None and name.words == "Old bridge"


def test_the_first_point_says_what_the_page_is() -> None:
    """The page's name stands before the first point where none says it."""
    text = "<p>Workers will repair the wall before the autumn storms arrive.</p>"
    told = summarize([page(text, "article", "Harbour plans")], "short").points[0]
    assert told.text == f"Harbour plans: {text[3:-4]}"
    assert [quote.text for quote in told.quotes] == ["Harbour plans", text[3:-4]]
    own = "<p>The harbour plans were agreed by the council on Monday.</p>"
    assert summarize([page(own, "article", "Harbour plans")], "short").points[0].text == own[3:-4]
    both = summarize([page(text + own, "article", "Harbour plans")], "short").points
    assert [point.text for point in both] == [text[3:-4], own[3:-4]]


PROSE = "".join(
    f"<p>The harbour wall, of which part {n} was built in 19{n}0, will be mended by the council in May.</p>"
    for n in range(1, 6)
)


NEWS = (
    "A storm in the north", "Bread costs more than ever", "Trains run late", "Oaks are felled by the river",
    "A new school for the whole town", "The tram is back", "Ferries stay at home",
)  # fmt: skip
LINKS = "".join(f'<li><a href="/news/{n}">{name}</a></li>' for n, name in enumerate(NEWS))
STORIES = "".join(
    f'<div class="story"><h3><a href="/{n}">{name}</a></h3><p>{name}, in a few words.</p></div>'
    for n, name in enumerate(NEWS)
)


def test_what_stands_below_an_article_is_not_its_contents() -> None:
    """Stories below a text of its own, under another heading; a list with an introduction is a list."""
    below = page(f"{PROSE}<h3>Showcase</h3>{STORIES}", "listing", "Harbour wall")
    assert contents(below) is None
    told = [point.text for point in summarize([below], "short").points]
    assert "harbour wall" in told[0] and not any(point.startswith("Harbour wall: among") for point in told)
    introduced = page(f"{PROSE}{STORIES}", "listing", "News")
    assert held(introduced).text.startswith("News: among those listed: A storm in the north; Bread")


def test_labels_among_links_are_no_things_of_a_list() -> None:
    """What does not lead anywhere where the others do."""
    labels = "<li>PAST WEEK</li><li>PAST MONTH</li>"
    told = held(page(f"<ul>{labels}{LINKS}</ul>", "listing", "News")).text
    assert "PAST" not in told and told.startswith("News: among those listed: A storm in the north; ")


def test_a_list_below_another_is_not_called_as_the_page() -> None:
    """Where links that are headings come between the page's name and it."""
    others = "".join(f'<h3><a href="/v/{n}">Film {n} of the wall</a></h3>' for n in range(4))
    told = held(page(f"{others}<ul>{LINKS}</ul>", "listing", "Harbour wall"))
    assert told.head is None and told.text.startswith("Among those listed: A storm in the north; ")


def test_what_the_list_says_is_no_other_point() -> None:
    """A thing that is named with its price is not told again."""
    told = [point.text for point in summarize([shop(CUPS)], "medium").points]
    assert sum("Blue cup" in text for text in told) == 1


def test_how_a_list_is_sorted_is_no_point() -> None:
    """Lines above the things choose from them; sentences there are points."""
    body = (
        f"<p>Our potters make every cup by hand.</p><p>(24 cups)</p><p>Sort: 10 best first</p>{cards(CUPS)}"
    )
    told = [point.text for point in summarize([page(body, "collection")], "medium").points]
    assert told[0] == "Our potters make every cup by hand." and told[1].startswith("Cups: among those listed")
    assert not any("Sort" in text or "24" in text for text in told)


def test_a_thing_does_not_name_the_others() -> None:
    """A heading of the things' own rank, or of a lower one, is not what they are called together."""
    cards = "".join(
        f'<div class="card"><h2><a href="/{name.split()[0]}">{name}</a></h2><p>{price}</p></div>'
        for name, price in CUPS.items()
    )
    html = (
        f"<html lang=en><title>News</title><body><main><h4>Advertise with us</h4>{cards}</main></body></html>"
    )
    document = replace(
        extract(html.encode(), url="https://example.org/", content_type="text/html"), kind="listing"
    )
    found = held(document)
    assert found.head is None and found.text.startswith("Among those listed, $8.00 to $34.95: Blue cup")


def offers(*names: str, terms: str = "Must be shown before the work begins.") -> str:
    remark = "Not valid with another offer, some restrictions apply."
    return "".join(f"<h2>{name}</h2><p>{terms}</p><p>{remark}</p>" for name in names)


OFFERS = ("$25 off any repair", "$50 off a new lamp", "10% off rewiring", "Free check of the fuses")


@pytest.mark.parametrize("kind", ["listing", "collection", "article", "service"])
def test_sections_of_one_form_are_things(kind: str) -> None:
    """What the same lines stand below is one of a kind; the lines are no points."""
    read = page(offers(*OFFERS), kind, "Coupons")
    assert held(read).text == f"Coupons: among those listed: {'; '.join(OFFERS)}"
    if kind == "listing":
        assert [point.text for point in summarize([read], "short").points] == [held(read).text]


def test_sections_that_share_a_label_are_things() -> None:
    """The agencies of "The best agencies", of which each has its "Perfect for"; the introduction is none."""
    body = "<h2>Why you need one</h2><p>Every day that you wait, others are selling.</p>" + "".join(
        f"<h2>{name}</h2><p>Some words about {name}, which are its own.</p>"
        f"<p><b>Perfect for:</b> brands of {name} size.</p><p><a href=/{name}>Visit website</a></p>"
        for name in ("Alder", "Birch", "Cedar", "Damson")
    )
    assert held(page(body, "article")).text == "Cups: among those listed: Alder; Birch; Cedar; Damson"


def test_sections_of_a_text_are_no_things() -> None:
    """A single line that comes again is an advertisement."""
    body = "".join(
        f"<h2>The {name} year</h2><p>Much was different in the {name} one.</p><p>Advertisement</p>"
        for name in ("first", "second", "third", "fourth")
    )
    assert contents(page(body, "article")) is None


def test_labelled_items_are_what_is_offered() -> None:
    """Where a list whose items begin in bold is a good part of a page that offers something."""
    items = "".join(
        f"<li><b>{name}:</b> All that one needs for it, from the first to the last of them.</li>"
        for name in ("Hand tools", "Power tools", "Welding", "Storage")
    )
    body = f"<p>The right tool makes the work go well.</p><ul>{items}</ul>"
    assert held(page(body, "service", "Tools")).text == (
        "Tools: among those listed: Hand tools; Power tools; Welding; Storage"
    )
    assert contents(page(body, "article", "Tools")) is None
    notes = re.sub("<b>[^<]*</b>", "<b>^</b>", body)
    assert contents(page(notes, "service", "Tools")) is None


def test_a_table_of_contents_is_no_section() -> None:
    """Nor is a heading under which nothing stands."""
    names = ("Install", "Use", "Update", "Remove")
    links = "".join(f'<li><a href="#{name}">{name}</a></li>' for name in names)
    parts = "".join(f"<h2 id={name}>{name}</h2><p>How to {name} it is told here.</p>" for name in names)
    body = f"<h2>In this article</h2><ul>{links}</ul>{parts}<h2>Feedback</h2>"
    assert held(page(body, "documentation", "Rakes")).text == "Rakes: sections: Install; Use; Update; Remove"


def test_a_question_among_questions_has_no_sections() -> None:
    """What comes after the last of them is the page's, as its level may say otherwise."""

    def parts_of(level: int, names: list[str]) -> str:
        told = ((name, LONG.replace("This", f"No. {name}")) for name in names)
        return "".join(f"<h{level}>{name}</h{level}><p>{text}</p>" for name, text in told)

    asked = parts_of(3, ["How much?", "How long?", "Where?"])
    parts = parts_of(4, [f"Part {letter}" for letter in "abcdefghijkl"])
    found = held(page(f"<h2>Common questions</h2>{asked}{parts}", "service", "Pensions"))
    assert found.text.startswith("Pensions: sections: Part a; Part b")


def test_a_fact_below_the_name_is_no_price() -> None:
    """A row says by its label what it tells; pounds with tenths are a weight."""
    facts = {"Price drop": "$5", "Item weight": "0.1 Pounds"}
    rows = "".join(f"<tr><td>{each}</td><td>{said}</td></tr>" for each, said in facts.items())
    found = held(page(f"<table>{rows}</table><p>Height: 39.1 cm</p><p>Colour: red</p>", "product"))
    assert "$5" not in found.text and "Height: 39.1 cm" in found.text


def test_a_heading_of_a_slider_is_not_the_name_of_the_things_below_it() -> None:
    """Where items of another list stand between a heading and the things, these have no name."""
    tabs = (
        "<ul><li>Popular with those who drink their tea at home</li><li>Best sold of all this year</li></ul>"
    )
    prose = "<p>Our potters make every cup by hand in a small town by the sea, and have for years.</p>" * 6
    body = f"{prose}<h2>Amazing teapot sale!</h2>{{}}{cards(CUPS, level=3)}"
    named = page(body.format(""), "collection", title="")
    apart = page(body.format(tabs), "collection", title="")
    assert "teapot" in held(named).text
    assert "teapot" not in held(apart).text and "Blue cup" in held(apart).text


def test_what_else_there_is_below_an_article_is_not_its_contents() -> None:
    """Be there headings between the page's name and its paragraphs."""
    prose = "".join(
        f"<p>The dress number {n} was taken from her room on a Wednesday evening, police said.</p>"
        for n in range(6)
    )
    others = "".join(f"<li><a href='/{n}'>Wine of the year {n} is stolen in town</a></li>" for n in range(5))
    body = f"<h2>A singer</h2><h4>Her dress is gone</h4>{prose}<h3>See also</h3><ul>{others}</ul>"
    assert contents(page(body, "listing", title="A dress is stolen")) is None


def test_what_a_shop_sells_beside_a_recipe_is_not_what_the_page_holds() -> None:
    """Things with prices beside the main text, under a heading of their own, are of another."""
    steps = "".join(
        f"<p>Step {n}: stir the potatoes well and bake them for {n} minutes more.</p>" for n in range(3, 9)
    )
    recipe = f"<main><h1>Potato bake</h1>{steps}</main>"
    shelf = f"<aside class='sidebar'><h3>More like this</h3>{cards(CUPS, level=4)}</aside>"
    html = f"<html lang=en><title>Potato bake</title><body>{recipe}{shelf}</body></html>"
    read = extract(html.encode(), url="https://example.org/bake", content_type="text/html")
    assert "Blue cup" not in read.text
    assert contents(replace(read, kind="collection")) is None


def test_another_articles_title_beside_the_text_is_not_the_pages_name() -> None:
    """A heading that shares a word with the page's title names it in the main text alone."""
    body = "<main><h1>Who owns the find of the century?</h1><p>A court hears the case in May.</p></main>"
    teaser = "<aside class='sidebar'><h1>Firm wants to store your genome</h1></aside>"
    html = f"<html lang=en><title>A fight to control genome editing</title><body>{body}{teaser}</body></html>"
    read = extract(html.encode(), url="https://example.org/genome", content_type="text/html")
    assert read.rest is not None and "store your genome" in read.rest.text
    assert page_name(read) is None


def test_things_are_not_called_as_one_of_them() -> None:
    """Where the first of them is all that a page has for a name."""
    assert held(page(cards(CUPS), "listing", title="Blue cup")).text.startswith("Among those listed")
    assert held(page(cards(CUPS), "listing", title="Cups")).text.startswith("Cups: among those listed")
