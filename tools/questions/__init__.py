"""Questions that we write on real pages: what they are checked against, and how. For developers only."""
