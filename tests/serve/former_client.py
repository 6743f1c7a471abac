"""A session by the SDK's former major version: run by the Python of an environment that has it."""

# mypy: ignore-errors

import asyncio
import json
import sys

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client


async def main(server: str, page: str) -> None:
    """Lists, calls, and calls what fails; prints what came as one JSON document."""
    async with (
        streamablehttp_client(f"{server}/mcp") as (reading, writing, _),
        ClientSession(reading, writing) as session,
    ):
        begun = await session.initialize()
        tools = await session.list_tools()
        found = await session.call_tool("find_quote", {"url": page, "text": "4.2 million"})
        wrong = await session.call_tool("read_page", {"url": "/etc/passwd"})
        resources = await session.list_resources()
        read = await session.read_resource(resources.resources[0].uri)
    said = {
        "version": begun.protocolVersion,
        "tools": [tool.name for tool in tools.tools],
        "found": found.structuredContent,
        "text": found.content[0].text,
        "wrong": wrong.isError,
        "page": read.contents[0].text,
    }
    sys.stdout.write(json.dumps(said))


asyncio.run(main(*sys.argv[1:]))
