"""The page store: versions of pages, and what was derived from them, in one SQLite database."""
