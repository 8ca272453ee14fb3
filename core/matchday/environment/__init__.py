"""The season as an environment: the game for agents from outside, by tools that answer in text.

    Host            the tasks on offer, each season loaded once; opens environments
    SeasonEnvironment    one season of one agent: every tool, the clock with it
    Seat            what a bettor has in hand on a matchday: every tool but the one that moves the clock
    Sessions        many environments at once, by id; idle ones go

Whatever stands around it (a server, a test, a component that holds a language model) calls ``call(name, arguments)``
and hands on the answer. A mistake is answered with text that says what was wrong, and changes nothing.
"""

from __future__ import annotations

from matchday.environment.answer import Answer
from matchday.environment.hosting import Host
from matchday.environment.seasonal import SeasonEnvironment
from matchday.environment.seat import Seat
from matchday.environment.sessions import Sessions
from matchday.environment.task import Task
from matchday.environment.tools import Tool

__all__ = ["Answer", "Host", "SeasonEnvironment", "Seat", "Sessions", "Task", "Tool"]
