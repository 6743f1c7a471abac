"""Notes of a document that other rooms act upon."""

READ_UNSEEN = "the page hides its text until scripts have run; it was read nevertheless"
"""Hidden text was taken for the page's own, because hardly anything else is there."""
