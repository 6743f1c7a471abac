"""What a summary may be made of: sentences, and lines that belong together."""

from __future__ import annotations

from dataclasses import replace

from browseagent import extract
from browseagent.answer.pieces import Piece, pieces
from browseagent.records import Document


def document(body: str, kind: str = "article", author: str = "") -> Document:
    html = (
        f"<html lang=en><title>Oak Street</title><body><main><h1>Oak Street</h1>{body}</main></body></html>"
    )
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    return replace(read, kind=kind, author=author)


def texts(found: list[Piece]) -> list[str]:
    return [piece.text for piece in found]


def test_an_item_of_a_list_is_named_by_its_heading() -> None:
    """The price under an item's heading is shown after the item's name, each with its quote."""
    shop = document(
        "<h2>Blue cup</h2><p>S, 177 ml</p><p>$30.95</p><h2>Red cup</h2><p>$34.95</p>", "collection"
    )
    found = pieces(shop)
    assert texts(found) == ["Blue cup: S, 177 ml; $30.95", "Red cup: $34.95"]
    point = found[0].point()
    assert [quote.text for quote in point.quotes] == ["Blue cup", "S, 177 ml\n\n$30.95"]
    assert all(shop.text[quote.start : quote.end] == quote.text for quote in point.quotes)


def test_a_thing_begins_where_a_link_names_it() -> None:
    """Lines about one thing are not put with the name of the next."""
    rows = "".join(
        f"<p><a href=/{name}>{name} tent</a></p><p>${price}.00</p><p>{beds}-person</p>"
        for name, price, beds in (("North", 585, 6), ("East", 499, 4), ("West", 99, 2))
    )
    assert texts(pieces(document(rows, "listing"))) == [
        "North tent; $585.00; 6-person",
        "East tent; $499.00; 4-person",
        "West tent; $99.00; 2-person",
    ]


def test_two_peoples_words_are_two_pieces() -> None:
    """On a forum nothing is put together: neighbouring lines may be two people's."""
    thread = document("<p>Use the blue one</p><p>No, the red one</p>", "forum")
    assert texts(pieces(thread)) == ["Use the blue one", "No, the red one"]


def test_what_is_no_point() -> None:
    """Headings, bylines, dates, questions to the reader and what introduces a list are no pieces."""
    body = (
        "<p>By Ada Lund</p><p>Updated 3 May 2026</p><h2>Trams</h2><p>Trams</p>"
        "<p>Have you ever missed a tram at night?</p><p>There are two reasons why that happens so often:</p>"
        "<p>The last tram now leaves at half past one.</p>"
    )
    assert texts(pieces(document(body, author="Ada Lund"))) == ["The last tram now leaves at half past one."]


def test_what_is_struck_out_is_not_shown() -> None:
    """A former price is no part of a point."""
    body = "<h2>Blue cup</h2><p><del>$40.00</del> $30.95</p><p>dishwasher safe</p>"
    assert not any("40" in text for text in texts(pieces(document(body, "collection"))))


def test_a_rank_belongs_to_what_it_stands_before() -> None:
    """The number of the next thing is no part of this one."""
    rows = "".join(
        f"<p>{rank}.</p><p><a href=/{name}>{name} tent</a></p><p>{score} points</p>"
        for rank, (name, score) in enumerate((("North", 9), ("East", 8), ("West", 7)), start=1)
    )
    assert [text.endswith("points") for text in texts(pieces(document(rows, "listing")))] == [True] * 3


def test_prices_without_names_are_no_points() -> None:
    """Where a list shows prices alone, the line before them is not what they are of."""
    prices = "".join(f"<p>${price}.00</p>" for price in (129, 174, 209, 139))
    assert texts(pieces(document(f"<p>Carry-On Luggage</p>{prices}", "collection"))) == []


def test_of_several_names_the_last_has_the_price() -> None:
    """Names that stand together before one price are not all of that price."""
    body = "".join(f"<p><a href=/{name}>{name} microphone</a></p>" for name in ("First", "Second", "Third"))
    found = texts(pieces(document(f"{body}<p>£98</p><p><a href=/4>Fourth microphone</a></p>", "collection")))
    assert "Third microphone; £98" in found
    assert not any("First" in text and "98" in text for text in found)


def test_choices_of_a_buyer_are_no_points() -> None:
    """A long run of lines without a figure is what a product may be had in."""
    colours = "".join(
        f"<p>Velvet {colour}</p>"
        for colour in ("Red", "Blue", "Olive", "Pearl", "Nut", "Mint", "Teal", "Jet")
    )
    assert texts(pieces(document(f"{colours}<p>Weight: 12 kg</p>", "product"))) == ["Weight: 12 kg"]


def test_lines_that_differ_by_a_number_are_no_points() -> None:
    """Steps that are only counted say nothing."""
    steps = "".join(f"<h2>Sit {x}</h2><p>Step {n} of this</p><p>Keep your back to the chair at all times.</p>"
                    for n, x in enumerate(("up", "down", "still"), start=1))  # fmt: skip
    assert not any("Step" in text for text in texts(pieces(document(steps))))


def test_what_stands_before_the_page_s_heading_is_a_notice() -> None:
    """A line above the first heading says where the page stands, not what it says."""
    text = "<p>The harbour wall will be repaired this summer by the council.</p>" * 12
    html = (
        f"<html lang=en><title>Plans</title><body><main><p>This is version 5 of the page.</p>"
        f"<h1>Plans</h1>{text}</main></body></html>"
    )
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    assert read.text.startswith("This is version 5")
    assert not any("version" in text for text in texts(pieces(replace(read, kind="article"))))


def test_an_advertisement_above_a_thread_is_no_point() -> None:
    """What has a heading of its own above the thread's; the opening post may stand above that heading too."""

    def read(above: str) -> list[str]:
        body = f"{above}<h1>Oak Street</h1><p>The trees there were felled in one night.</p>"
        html = f"<html lang=en><title>Oak Street</title><body><main>{body}</main></body></html>"
        found = extract(html.encode(), url="https://example.org/", content_type="text/html")
        return texts(pieces(replace(found, kind="forum")))

    replies = ["The trees there were felled in one night."]
    assert read("<h2>Advertise</h2><p>It starts at just $1 for each thousand views.</p>") == replies
    opening = "Does anybody know what happened to the trees?"
    assert read(f"<p>{opening}</p>") == [opening, *replies]


def test_a_menu_above_the_pages_name_is_no_point() -> None:
    """Before a heading that is the page's name nothing is said, be it a good part of the text."""
    body = "<p>Need help with finding the right cup of all?</p><p>Click here to fill out our form now.</p>"
    html = (
        f"<html lang=en><title>Oak cups</title><body><main>{body}<h1>Oak cups</h1>"
        "<p>Each cup is turned by hand from one piece of old oak from the north, oiled twice, and dried for "
        "a month before it is sent.</p><p>They hold a quarter of a litre and cost $30 each.</p></main></html>"
    )
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    assert [text[:4] for text in texts(pieces(replace(read, kind="listing")))] == ["Each", "They"]


def test_labels_of_a_list_are_no_points() -> None:
    """What stands on the page again and again says nothing by itself, and is told once beside a name."""
    sold = "<p>Sold out</p><p>Sold out</p>"
    shop = document(f"<h2>Blue cup</h2>{sold}<h2>Red cup</h2><p>$34.95</p>{sold}", "collection")
    assert texts(pieces(shop)) == ["Red cup: $34.95"]
    twice = document("<h2>Blue cup</h2><p>Sold out</p><p>Sold out</p><p>$30.95</p>", "collection")
    assert texts(pieces(twice)) == ["Blue cup: Sold out; $30.95"]


def test_codes_addresses_and_posts_of_other_pages_are_no_points() -> None:
    """A product's number, a bare address, and what is full of tags."""
    body = (
        "<p>SKU: 100176</p><p>https://example.org/cups/17</p>"
        "<p>I love this cup so much and take it everywhere. #cup #oak #tea</p><p>It holds 0.25 litres.</p>"
    )
    assert texts(pieces(document(body, "product"))) == ["It holds 0.25 litres."]


def test_lines_of_two_products_are_two_pieces() -> None:
    """Where neither a link, a heading nor a list says that lines are of one thing, they may be of two."""
    body = "".join(
        f"<p>{name} 19.5 pit for {n} people</p><ul><li>{told}</li></ul>"
        for name, n, told in (("Bonfire", 4, "Great for 2 yards"), ("Yukon", 8, "The centre of 1 yard"))
    )
    assert texts(pieces(document(body, "collection"))) == [
        "Bonfire 19.5 pit for 4 people",
        "Great for 2 yards",
        "Yukon 19.5 pit for 8 people",
        "The centre of 1 yard",
    ]


def test_several_links_under_a_heading_are_several_things() -> None:
    """A heading over links names none of them."""
    links = "".join(f"<p><a href=/{n}>Explore {n} paints</a></p>" for n in ("North", "East"))
    found = texts(pieces(document(f"<h2>Ends in May</h2>{links}<p>$9.00 a tube</p>", "collection")))
    assert not any("North" in text and ("East" in text or "$" in text) for text in found)


def test_a_price_is_not_told_with_lines_beside_it() -> None:
    """On a product's page a line goes with the next in one list, after a colon, or as facts with labels."""
    body = (
        "<p>See all details</p><p>(No returns here)</p><p>$279.05</p><p>Delivery:</p><p>in 3 days</p>"
        "<p>Weight: 280 g</p><p>Height: 9 cm</p><ul><li>holds 350 ml</li><li>dishwasher safe</li></ul>"
    )
    assert texts(pieces(document(body, "product"))) == [
        "See all details",
        "(No returns here)",
        "$279.05",
        "Delivery: in 3 days",
        "Weight: 280 g; Height: 9 cm",
        "holds 350 ml; dishwasher safe",
    ]


def test_a_name_goes_with_its_facts_in_an_article() -> None:
    """Lines with labels tell of the line before them, until a label returns."""
    body = "".join(
        f"<p>{name}</p><p>Interval: {n}0,000 miles</p><p>Price: ${n}00</p>"
        for name, n in (("Coolant Flush", 3), ("Spark Plugs", 6))
    )
    assert texts(pieces(document(body))) == [
        "Coolant Flush; Interval: 30,000 miles; Price: $300",
        "Spark Plugs; Interval: 60,000 miles; Price: $600",
    ]


def test_the_pages_name_is_that_of_no_offer() -> None:
    """What stands below it in short lines may be another thing's."""
    html = (
        "<html lang=en><title>Calculator: how much do I need?</title><main><h1>Pension calculator</h1>"
        "<p>Get up to</p><p>$600</p><p>with code 600ME</p>"
        f"<h2>A new account</h2><p>{'Some words about it that go on. ' * 4}</p></main></html>"
    )
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    found = texts(pieces(replace(read, kind="service")))
    assert not any(text.startswith("Pension calculator") for text in found)


def test_a_link_to_another_page_says_nothing_of_a_product() -> None:
    """It is another product; a link within the page is a line of this one."""
    other = "Case for the Oak lamp with a cleaning kit and two spare bulbs, made by somebody else, green"
    own = "Ninety of a hundred reviews that were written in the last thirty days are good ones."
    body = f'<p><a href="/other">{other}</a></p><p><a href="#reviews">{own}</a></p>'
    assert texts(pieces(document(body, "product"))) == [own]


def test_a_question_begins_what_comes_next() -> None:
    """A line that asks is not told with the thing above it."""
    rows = "".join(
        f"<div class=way><p>{asked}</p><ul><li><a href='/{n}'>{n} Ingredient Recipes</a></li></ul></div>"
        for n, asked in (
            (5, "Small kitchen?"),
            (4, "On a budget?"),
            (3, "Short on time?"),
            (2, "New to this?"),
        )
    )
    read = document(f"<p>Here are recipes that are made simple, from scratch, for every day.</p>{rows}")
    assert not any("Recipes; " in text for text in texts(pieces(read)))


def test_when_a_page_was_written_is_no_point() -> None:
    """The date in the page's data belongs to none of its items."""
    prose = "<p>Our bakery was opened by two sisters who wanted bread as their grandmother made it.</p>" * 4
    items = (
        "<ul><li><a href='/b'>No Knead Bread</a></li><li><a href='/r'>Rye Bread of the North</a></li></ul>"
    )
    html = (
        '<html lang=en><head><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2020-06-01"></head>'
        f"<body><article><h1>Bread</h1>{prose}<h2>Our breads</h2>{items}</article></body></html>"
    )
    read = extract(html.encode(), url="https://a.example/blog/2020/bread", content_type="text/html")
    assert "2020-06-01 [page data]" in read.text
    assert not any("2020" in text for text in texts(pieces(read)))


def test_links_alone_and_what_a_link_cuts_short_are_no_points() -> None:
    """A block of two links is a menu; a sentence that "More info" ends, as others, is a teaser."""
    tours = "".join(
        f"<h2>Tour {name}</h2><p>The boat leaves from the old pier of {name} early in the "
        f"morning and a transfe <a href='/{name}'>More info</a></p>"
        for name in ("Anda", "Bora", "Cuta")
    )
    menu = "<p><a href='/a'>Explore our tours of the islands</a> <a href='/b'>Explore our cruises</a></p>"
    whole = "<p>Each tour costs 40 pounds, with lunch on the boat. <a href='/l'>More info</a></p>"
    told = " ".join(texts(pieces(document(f"{menu}{tours}{whole}", "service"))))
    assert "transfe" not in told and "Explore" not in told
    assert "40 pounds" in told


def test_a_loose_line_under_a_thing_of_a_list_is_not_told() -> None:
    """It may be the label of the next one; with a figure it tells of the thing."""
    body = (
        "<h2><a href='/m'>The best matcha</a></h2><p>From Our Paper for Sprouts</p>"
        "<h2><a href='/s'>Shop for less</a></h2><p>Ready in 20 minutes</p>"
        "<h2><a href='/t'>Tea at home</a></h2><h2><a href='/c'>Cups of clay</a></h2>"
    )
    told = texts(pieces(document(body, "listing")))
    assert not any("Sprouts" in text for text in told)
    assert any("20 minutes" in text for text in told)
