"""Seasons as environments of the OpenReward SDK: its server's view of a host's tasks, tools and episodes.

Names, descriptions and schemas are those of the tools. A mistake is answered in text by the tool itself: an exception
would end the session of whoever made it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from fastapi import HTTPException
from openreward.environments import Environment, Split, TextBlock, ToolOutput, tool
from pydantic import BaseModel, ConfigDict

from matchday.environment import Answer, Host, SeasonEnvironment, Task, Tool
from matchday.environment.task import SPLITS
from matchday.environment.tools import NEXT
from matchday.errors import MatchdayError

#: The environments' names: rewarded each matchday, and rewarded when the season is over.
EACH, FINAL = "matchday", "matchday-final"


class _Episode(Environment):  # type: ignore[misc]
    """A season of one client. ``setup`` opens it and ``teardown`` lets it go; a task that is not offered is refused."""

    host: ClassVar[Host]
    agent: ClassVar[str]
    named: ClassVar[str]
    _season: SeasonEnvironment | None = None

    def __init__(self, task_spec: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> None:
        super().__init__(task_spec, dict(secrets or {}))
        self._turn = asyncio.Lock()
        try:
            self._task = task_of(self.host, task_spec)
        except MatchdayError as error:
            raise HTTPException(400, str(error)) from error

    @classmethod
    def name(cls) -> str:
        return cls.named

    @classmethod
    def list_splits(cls) -> Sequence[Split]:
        return [Split(name=split, type=split) for split in SPLITS if cls.host.tasks(split)]

    @classmethod
    def list_tasks(cls, split: str) -> Sequence[Mapping[str, Any]]:
        return [task.model_dump(mode="json") for task in cls.host.tasks() if task.split == split]

    def setup(self) -> None:
        try:
            self._season = self.host.open(self._task, agent=self.agent, session=secrets.token_hex(8))
        except MatchdayError as error:
            raise HTTPException(409, str(error)) from error

    def teardown(self) -> None:
        self._season = None

    def get_prompt(self) -> Sequence[TextBlock]:
        return [TextBlock(text=self._playing().prompt)]

    def use(self, name: str, arguments: Mapping[str, Any]) -> ToolOutput:
        """Call a tool of the season."""
        answer = self._playing().call(name, arguments)
        return ToolOutput(
            blocks=[TextBlock(text=answer.text)],
            metadata={**answer.figures, "ok": answer.ok},
            reward=self.reward(answer),
            finished=answer.finished,
        )

    def reward(self, answer: Answer) -> float | None:
        """Say what a call is rewarded with: the log growth of the matchday that it ended, if it ended one."""
        return answer.reward

    def _playing(self) -> SeasonEnvironment:
        if self._season is None:
            raise HTTPException(410, "Session deleted")
        return self._season


class _FinalReward(_Episode):
    """A season that is rewarded with its log growth when it is over, and with 0 on each matchday before."""

    def reward(self, answer: Answer) -> float | None:
        if answer.reward is None:
            return None
        return float(answer.figures["cumulative_reward"]) if answer.finished else 0.0


def environments_of(host: Host, *, agent: str = "outside") -> list[type[Environment]]:
    """Make the two environments of a host, the one that is rewarded each matchday first."""
    methods = {each.name: _method(each) for each in host.tools}
    offered = {EACH: _Episode, FINAL: _FinalReward}
    return [
        type(named, (kind,), {"named": named, "host": host, "agent": agent, **methods})
        for named, kind in offered.items()
    ]


def task_of(host: Host, spec: Mapping[str, Any]) -> Task:
    """Read a task that a client names; raises ``MatchdayError`` for one that is not offered as it stands there.

    Only what is offered is played: whoever could change a seed or a bankroll could have any number of seasons loaded,
    and a reward that compares with nobody's.
    """
    name = spec.get("name")
    if not isinstance(name, str):
        raise MatchdayError("the task has no name; send one as it is listed, or its name alone.")
    task = host.task(name)
    offered = task.model_dump(mode="json")
    for key, value in spec.items():
        if key not in offered or offered[key] != value:
            raise MatchdayError(
                f"task {name!r}: {key[:50]} is not as it is offered; send the task as it is listed, or its name alone."
            )
    return task


def _method(offered: Tool) -> Any:
    """Make the method that the SDK takes for a tool; what it is called with is read by the tool itself."""

    class Input(BaseModel):
        model_config = ConfigDict(extra="allow")

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return offered.schema

    async def method(self: _Episode, asked: Input) -> ToolOutput:
        async with self._turn:  # one thread a session, so that none waits for another's long call
            return await asyncio.to_thread(self.use, offered.name, asked.model_extra or {})

    method.__doc__ = offered.description
    method.__annotations__ = {"asked": Input, "return": ToolOutput}
    return tool(exclusive=offered.name == NEXT)(method)
