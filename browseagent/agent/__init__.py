"""The controller: decide, get, read, answer, believe or not, next source."""
