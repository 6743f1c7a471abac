"""What changed is framed where it stands on the picture."""

from __future__ import annotations

from browseagent.records import Box, Hunk
from browseagent.serve.framed import AROUND, LEAST, MOST, TALLEST, framed, window


def boxes(*texts: str) -> list[Box]:
    """Boxes one below the other."""
    return [Box(text, 0, 20 * number, 300, 18) for number, text in enumerate(texts)]


def texts(found: tuple[Box, ...]) -> list[str]:
    return [box.text for box in found]


def test_a_price_that_changed_is_framed_on_both_sides() -> None:
    """White space and typography are as on the page, the words as the comparison tells them."""
    old = boxes("Lantern", "It costs £44.50\n  today.", "Add to basket")
    new = boxes("Lantern", "It costs  £34.00 today.", "Add to basket")
    hunk = Hunk("It costs £44.50 today.", "It costs £34.00 today.", "changed")
    before, after = framed([hunk], old, new)
    assert (before, after) == ((old[1],), (new[1],))


def test_of_like_texts_the_one_that_changed_is_framed() -> None:
    """Three lamps were in stock and one of them is not: no other is framed."""
    old = boxes("Lamp A", "In stock", "Lamp B", "In stock", "Lamp C", "In stock")
    new = boxes("Lamp A", "In stock", "Lamp B", "Sold out", "Lamp C", "In stock")
    before, after = framed([Hunk("In stock", "Sold out", "changed")], old, new)
    assert before == (old[3],)
    assert after == (new[3],)


def test_a_row_is_framed_by_its_cells() -> None:
    """Of a table's row the cell that is another is framed; of a new row all of it."""
    old = boxes("Day", "Hours", "Monday", "9–17", "Tuesday", "9–17")
    new = boxes("Day", "Hours", "Monday", "closed", "Tuesday", "9–17", "Sunday", "10–12")
    changes = [Hunk("Monday\t9–17", "Monday\tclosed", "changed"), Hunk("", "Sunday\t10–12", "added")]
    before, after = framed(changes, old, new)
    assert texts(before) == ["9–17"]
    assert texts(after) == ["closed", "Sunday", "10–12"]


def test_noise_and_what_is_not_on_the_picture_is_not_framed() -> None:
    """A relative time says nothing; an address is not to be seen, its link is."""
    old, new = boxes("3 hours ago", "Terms"), boxes("4 hours ago", "Terms")
    ago = Hunk("3 hours ago", "4 hours ago", "changed", noise="a relative time")
    assert framed([ago], old, new) == ((), ())
    link = Hunk("Terms → https://a.example/1", "Terms → https://a.example/2", "changed")
    assert framed([link], old, new) == ((old[1],), (new[1],))
    assert framed([Hunk("", "image “A red lamp”", "added")], old, new) == ((), ())


def test_where_a_picture_is_missing_the_other_one_is_framed() -> None:
    """A first picture, or one that went with its limit."""
    new = boxes("Lantern", "It costs £34.00 today.")
    hunk = Hunk("It costs £44.50 today.", "It costs £34.00 today.", "changed")
    assert framed([hunk], [], new) == ((), (new[1],))
    assert framed([hunk], [], []) == ((), ())


def test_a_page_that_is_another_has_few_frames() -> None:
    """However much changed, a picture stays one."""
    new = boxes(*(f"Line number {number} of another page" for number in range(500)))
    before, after = framed([Hunk("", box.text, "added") for box in new], boxes("Nothing"), new)
    assert before == ()
    assert after == tuple(new[:MOST])


def test_a_history_shows_the_part_with_the_frames() -> None:
    """With something around them, never beyond the picture, and no more than is to be looked at at once."""
    price = Box("39", 900, 2500, 80, 20)
    part = window([price], 1280, 3000)
    assert (part.width, part.height) == LEAST
    assert part.x <= price.x - AROUND and price.x + price.width + AROUND <= part.x + part.width
    assert part.y == price.y - AROUND
    far = Box("40", 100, 200, 300, 20)
    both = window([far, price], 1280, 3000)
    assert both.y == 100 and both.height <= TALLEST and both.x == 0
    tall = window([Box("all", 0, 0, 1280, 5000)], 1280, 5000)
    assert (tall.width, tall.height) == (1280, TALLEST)
    assert window([], 1280, 400) == Box("", 0, 0, 1280, 400)
    assert window([Box("small", 5, 5, 20, 10)], 390, 200) == Box("", 0, 0, 390, 200)
