"""The server: an HTTP API, a web page and MCP over the same forms, with the agent and its model kept warm."""
