"""Many seasons behind one set of tools: every call says which episode it means."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field, create_model

from matchday.environment import Answer, Host, SeasonEnvironment, Sessions, Tool
from matchday.environment.answer import refused
from matchday.environment.arguments import Arguments
from matchday.environment.tools import read
from matchday.errors import MatchdayError

_PROMPT = """\
Football betting seasons, played matchday by matchday; the aim is to make a bankroll grow. list_tasks shows the \
seasons, open_episode opens one and tells its rules and an episode id. Every other tool takes that id as its argument \
`episode`. Each episode has a bankroll and a clock of its own."""


class _ListTasks(Arguments):
    """No arguments."""


class _OpenEpisode(Arguments):
    task: str = Field(description="a task's name, as list_tasks writes it")


class _Episode(Arguments):
    episode: str = Field(description="the id that open_episode told")


_LIST = Tool("list_tasks", "List the seasons that can be played, as CSV.", _ListTasks)
_OPEN = Tool("open_episode", "Open a season to play: tells its rules, and the id of the episode.", _OpenEpisode)
_CLOSE = Tool("close_episode", "Close an episode that will not be played on.", _Episode)


class Episodes:
    """Seasons of a host, opened and closed by tools, as many as ``sessions`` allows; each call names its episode.

    It offers what one environment does, ``tools``, ``prompt`` and ``call``, for programs that keep no session.
    ``agent`` is the name under which seasons go on record.
    """

    def __init__(self, host: Host, sessions: Sessions[SeasonEnvironment], *, agent: str = "outside") -> None:
        self._host, self._sessions, self._agent = host, sessions, agent
        self._own: dict[str, Callable[[Any], Answer]] = {
            _LIST.name: self._list,
            _OPEN.name: self._open,
            _CLOSE.name: self._close,
        }
        self.tools = (_LIST, _OPEN, _CLOSE, *(_of_episode(tool) for tool in host.tools))
        self.prompt = _PROMPT

    def call(self, name: str, arguments: Mapping[str, Any] | None = None) -> Answer:
        """Call a tool; a mistake is answered with what was wrong, and changes nothing."""
        try:
            tool, asked = read(self.tools, name, arguments)
            if tool.name in self._own:
                return self._own[tool.name](asked)
            assert isinstance(asked, _Episode)
            environment = self._sessions.get(asked.episode)
        except MatchdayError as error:
            return refused(str(error))
        return environment.call(name, {key: value for key, value in (arguments or {}).items() if key != "episode"})

    def _list(self, _: _ListTasks) -> Answer:
        rows = [
            f"{task.name},{task.split},{task.source},{task.league or ''},{task.season},{task.rules.bankroll:.2f}"
            for task in self._host.tasks()
        ]
        text = "\n".join(["task,split,source,league,season,bankroll", *rows])
        return Answer(text, figures={"tasks": [task.name for task in self._host.tasks()]})

    def _open(self, asked: _OpenEpisode) -> Answer:
        task = self._host.task(asked.task)
        folder = secrets.token_hex(8)  # not the id: whoever sees the folders shall not play the episodes
        ident = self._sessions.open(lambda: self._host.open(task, agent=self._agent, session=folder))
        told = self._sessions.get(ident).prompt
        return Answer(f"Episode {ident}; every tool takes it as `episode`.\n\n{told}", figures={"episode": ident})

    def _close(self, asked: _Episode) -> Answer:
        self._sessions.get(asked.episode)
        self._sessions.close(asked.episode)
        return Answer(f"Episode {asked.episode} is closed.")


def _of_episode(tool: Tool) -> Tool:
    """Let a tool take the episode besides its own arguments."""
    named = tool.arguments.__name__
    return Tool(tool.name, tool.description, create_model(named, __base__=(_Episode, tool.arguments)))
