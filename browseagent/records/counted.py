"""How many of something, in words."""


def counted(count: int, noun: str, several: str = "") -> str:
    """``1 page``, ``1,200 pages``; ``several`` where the plural is not made with an s."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"
