"""The public JSON forms, each once."""
