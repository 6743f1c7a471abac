"""What a person sees: results, watches and progress on a terminal or in a pipe."""
