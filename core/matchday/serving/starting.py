"""Starting the MCP server with what the command line offers."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable

from matchday.environment import Host, Sessions
from matchday.errors import MatchdayError
from matchday.serving.address import Address
from matchday.serving.episodes import Episodes


def serve_mcp_stdio(make_host: Callable[[], Host], *, agent: str) -> None:
    """Open the host's season for the program at the other end of standard input and output, until it closes them.

    Raises ``MatchdayError`` where there is more than one, or where mcp is not installed.
    """
    _need_mcp()
    from matchday.serving.mcp import serve_stdio

    host = make_host()
    task, *more = host.tasks()
    if more:
        offered = ", ".join(each.name for each in host.tasks())
        raise MatchdayError(f"MCP over stdio plays one season, and these are {offered}; name one, or add --http.")
    season = host.open(task, agent=agent, session=secrets.token_hex(4))
    print(f"matchday: MCP over standard input and output, {task.title}; end of input ends it", file=sys.stderr)
    serve_stdio(season)


def serve_mcp_http(
    make_host: Callable[[], Host], address: Address, *, agent: str, idle_seconds: float, limit: int
) -> None:
    """Offer the host's seasons over HTTP until interrupted; raises ``MatchdayError`` where mcp is not installed."""
    _need_mcp()
    from matchday.serving.web import serve_http

    serve_http(Episodes(make_host(), Sessions(idle_seconds=idle_seconds, limit=limit), agent=agent), address)


def _need_mcp() -> None:
    try:
        import mcp_types  # noqa: F401  (new in version 2)
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise MatchdayError("MCP: version 2 of mcp is not installed; pip install 'matchday[mcp]' brings it.") from error
