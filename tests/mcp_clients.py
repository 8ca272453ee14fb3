"""MCP clients for tests: of a process over stdio, of an application over HTTP, and the scripted rule as their player."""

import sys
from contextlib import asynccontextmanager, contextmanager

import scripted_strategy
from matchday import Rules
from matchday.environment import Host, Sessions, Task
from matchday.serving.address import Address
from served import served

#: A league of four clubs: a season of twelve matches or so, over in a moment.
LITTLE = Task(name="little", split="train", source="synthetic", season="2024-25", seed=3, rules=Rules(bankroll=250))
HOST = Host([LITTLE], parameters={"synthetic": {"clubs": 4, "history": 1}})
LITTLE_OPTIONS = [
    *("--source", "synthetic", "--seed", "3", "--bankroll", "250"),
    *("--set", "source.clubs=4", "--set", "source.history=1"),
]


def process(*options, cwd=None):
    """What starts ``matchday serve mcp`` with options, as a client's configuration would."""
    from mcp import StdioServerParameters

    return StdioServerParameters(command=sys.executable, args=["-m", "matchday", "serve", "mcp", *options], cwd=cwd)


@contextmanager
def over_http(host=HOST, address=None, **options):
    """Serve a host's seasons; hands out the URL."""
    from matchday.serving.episodes import Episodes
    from matchday.serving.web import PATH, http_app

    game = Episodes(host, Sessions(**options))
    with served(http_app(game, address or Address())) as base:
        yield base + PATH


class Player:
    """One client's season: calls tools, of an episode where there is one."""

    def __init__(self, client, episode=None):
        self.client, self.episode = client, episode

    async def call(self, name, arguments=None):
        """Call a tool; answers what the client got."""
        named = {} if self.episode is None else {"episode": self.episode}
        return await self.client.call_tool(name, {**(arguments or {}), **named})

    async def play_out(self):
        """Play the scripted rule to the end; answers the figures of every matchday's end."""
        figures, slate = [], (await self.call("view_matches")).structured_content
        while not slate["finished"]:
            if bets := scripted_strategy.bets_of(slate["text"], slate["bankroll"]):
                assert not (await self.call("place_bets", {"bets": bets})).is_error
            slate = (await self.call("next_matchday", {"matchday": slate["matchday"]})).structured_content
            figures.append(slate)
        return figures


@asynccontextmanager
async def player(where, task=None, **options):
    """Connect to a process, a server or a URL, and open an episode of the task if one is named."""
    from mcp import Client

    async with Client(where, **options) as client:
        episode = None
        if task is not None:
            opened = await client.call_tool("open_episode", {"task": task})
            episode = opened.structured_content["episode"]
        yield Player(client, episode)
