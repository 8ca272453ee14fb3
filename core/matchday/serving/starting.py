"""Starting the MCP server with what the command line offers."""

from __future__ import annotations

import secrets
import signal
import sys
from collections.abc import Callable

from matchday.environment import Host, SeasonEnvironment, Sessions
from matchday.errors import MatchdayError
from matchday.serving.address import Address, where
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
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # else the thread that waits for input would outlive Ctrl-C
    print(f"matchday: MCP over standard input and output, {task.title}; end of input ends it", file=sys.stderr)
    serve_stdio(season)


def serve_mcp_http(
    make_host: Callable[[], Host], address: Address, *, agent: str, idle_seconds: float, limit: int
) -> None:
    """Offer the host's seasons over HTTP until interrupted; says on standard error where.

    Raises ``MatchdayError`` where mcp is not installed, the address cannot be had, or a season cannot be played.
    """
    _need_mcp()
    from matchday.serving.web import PATH, serve_http

    with address.listen() as opened:
        host = make_host()
        print(f"matchday: MCP at {where(opened)}{PATH}, until interrupted", file=sys.stderr)
        print(f"tasks: {', '.join(task.name for task in host.tasks())}", file=sys.stderr, flush=True)
        sessions = Sessions[SeasonEnvironment](idle_seconds=idle_seconds, limit=limit)
        serve_http(Episodes(host, sessions, agent=agent), address, opened)


def _need_mcp() -> None:
    try:
        import mcp_types  # noqa: F401  (new in version 2)
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise MatchdayError("MCP: version 2 of mcp is not installed; pip install 'matchday[mcp]' brings it.") from error
