"""The Model Context Protocol: a season, or many, as the tools of a server, over stdio or HTTP.

Whoever offers ``tools``, ``prompt`` and ``call`` can be served: one environment (stdio, where a process is a season),
or ``Episodes`` (HTTP, where every call says which one it means). Names, descriptions and schemas are the tools' own.
"""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import anyio
import anyio.to_thread
import mcp_types as types
from mcp import MCPError
from mcp.server import Server
from mcp.server.stdio import stdio_server

import matchday
from matchday.environment import Answer, Tool
from matchday.environment.tools import FORECAST, VIEW_BANKROLL, VIEW_HISTORY, VIEW_MATCHES

_READING = {tool.name for tool in (VIEW_MATCHES, VIEW_HISTORY, VIEW_BANKROLL, FORECAST)} | {"list_tasks"}
_PROMPT = "play"


class Game(Protocol):
    """What is served."""

    prompt: str

    @property
    def tools(self) -> Sequence[Tool]:
        """The tools on offer."""

    def call(self, name: str, arguments: Mapping[str, Any] | None = None) -> Answer:
        """Call a tool; never raises for what an agent says."""


class _Handlers:
    """What the server does for each request; calls that name one episode are answered in the order they came in."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self._turns: weakref.WeakValueDictionary[str, anyio.Lock] = weakref.WeakValueDictionary()
        self._threads = anyio.CapacityLimiter(math.inf)  # one an episode, so that none waits for another's long call

    async def list_tools(self, _: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_as_mcp(tool) for tool in self._game.tools])

    async def call_tool(self, _: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        episode = str((asked.arguments or {}).get("episode", ""))
        async with self._turns.setdefault(episode, anyio.Lock()):
            call = functools.partial(self._game.call, asked.name, asked.arguments)
            return _result(await anyio.to_thread.run_sync(call, limiter=self._threads))

    async def list_prompts(self, _: Any, __: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[types.Prompt(name=_PROMPT, description="The game and its rules.")])

    async def get_prompt(self, _: Any, asked: types.GetPromptRequestParams) -> types.GetPromptResult:
        if asked.name != _PROMPT:
            raise MCPError(types.INVALID_PARAMS, f"there is no prompt {asked.name[:64]!r}; there is {_PROMPT!r}")
        told = types.TextContent(type="text", text=self._game.prompt)
        return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=told)])


def server_of(game: Game) -> Server[Any]:
    """Make the MCP server of a game; its prompt is also the server's instructions."""
    handlers = _Handlers(game)
    return Server(
        "matchday",
        version=matchday.__version__,
        title="matchday",
        instructions=game.prompt,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_prompts=handlers.list_prompts,
        on_get_prompt=handlers.get_prompt,
    )


def serve_stdio(game: Game) -> None:
    """Serve over this process's standard input and output, until the client closes them."""

    async def serve() -> None:
        server = server_of(game)
        async with stdio_server() as (asked, answered):
            await server.run(asked, answered, server.create_initialization_options())

    anyio.run(serve)


def _as_mcp(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=tool.name in _READING, destructive_hint=False, open_world_hint=False)
    return types.Tool(name=tool.name, description=tool.description, input_schema=tool.schema, annotations=hints)


def _result(answer: Answer) -> types.CallToolResult:
    """Write an answer; its text is in the structured content too, which is all that some clients show a model."""
    figures = {"text": answer.text, **answer.figures}
    if answer.reward is not None:
        figures["reward"] = answer.reward
    text = types.TextContent(type="text", text=answer.text)
    return types.CallToolResult(content=[text], structured_content=figures, is_error=not answer.ok)
