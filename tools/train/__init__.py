"""How the reader learns from questions on real pages: what is collected, fitted and trained. For
developers."""
