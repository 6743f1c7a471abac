"""Watching pages: when to look, what changed, who is told."""
