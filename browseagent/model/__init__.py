"""The models: one that points at words, those that write, and how they are had and trained."""
