"""The base of every strategy component: validated parameters outside, fitted state inside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from matchday.actions import Action, Consultation
from matchday.errors import AgentError, explain
from matchday.traits import check_traits

if TYPE_CHECKING:
    from matchday.agent import Agent

#: Keys of an agent's list that are not parameters.
RESERVED = frozenset({"use", "name"})


class Component(BaseModel):
    """A strategy component.

    Parameters are pydantic fields: frozen, validated, and the same in TOML, on the command line and in Python.
    Fitted state is private (``_fit: Fit | None = PrivateAttr(default=None)``) and is built anew in ``season_opened``.
    Hooks are methods marked ``@hookimpl``; ``matchday.hooks`` lists them. Two components are equal only if they are
    the same object. ``effects`` declares what a component does besides computing: "network", "stdin"; ``traits`` what
    an audit of a run gives credit for, in the words of ``matchday.traits``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    effects: ClassVar[frozenset[str]] = frozenset()
    traits: ClassVar[frozenset[str]] = frozenset()

    _name: str = PrivateAttr(default="")
    _actions: list[Action] = PrivateAttr(default_factory=list)

    def __init__(self, **parameters: Any) -> None:
        """Take the parameters; what is wrong with them is said in one line too, as of those in an agent's file."""
        try:
            super().__init__(**parameters)
        except ValidationError as error:
            error.add_note(f"Component {kebab(type(self).__name__)!r}: {explain(error, type(self))}")
            raise

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse parameters that an agent's list could not name, and traits that nobody knows."""
        super().__init_subclass__(**kwargs)
        clash = RESERVED & set(cls.__annotations__)
        if clash:
            raise TypeError(f"Component {cls.__name__}: {min(clash)!r} cannot be a parameter; agents use that key.")
        check_traits(cls.__name__, cls.traits)

    @property
    def lacks(self) -> frozenset[str]:
        """Those of its class's traits that this one, with the parameters it was given, does not have."""
        return frozenset()

    @property
    def name(self) -> str:
        """The name that the agent gave it; by default the class's, in kebab case."""
        return self._name or kebab(type(self).__name__)

    def check_agent(self, agent: Agent) -> None:
        """Raise ``MatchdayError`` where a parameter names a component that is not in the agent's list; here none does.

        Called when an agent that lists it is assembled.
        """

    def act(self, action: str, *, cause: str) -> None:
        """Put an action and its cause on record; it becomes an ``ActionTaken`` event of the day."""
        self._actions.append(Action(self.name, action, cause))

    def consulted(self, consultation: Consultation) -> None:
        """Put on record what somebody outside was asked and answered; it becomes a ``Consulted`` event of the day."""
        self._actions.append(consultation)

    def drain(self) -> list[Action]:
        """Hand over the actions on record, and forget them."""
        taken, self._actions[:] = list(self._actions), []
        return taken

    def rename(self, name: str) -> None:
        """Take the name that an agent's list gives; agents call this, nobody else.

        Raises ``AgentError`` where another agent has given it another name: its generator goes by its name.
        """
        if self._name not in {"", name}:
            raise AgentError(f"Component {name!r} is {self._name!r} in another agent; make a second one.")
        self._name = name

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def kebab(name: str) -> str:
    """Turn a class name into a component name.

    >>> kebab("DixonColes"), kebab("OneBetAMatch")
    ('dixon-coles', 'one-bet-a-match')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
