"""The commands, each a thin layer over the agent, the store or the watch."""
