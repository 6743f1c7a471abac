"""Editors' choices for summaries, and what is fitted to them."""
