"""From the words of the command line to a source, a season, rules and parameters."""

from __future__ import annotations

import dataclasses
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matchday.agent import Agent
from matchday.agentfile import AgentFile, build_agent, read_agent
from matchday.catalogue import Catalogue
from matchday.errors import MatchdayError, explain
from matchday.rules import Rules
from matchday.scenario import Scenario
from matchday.season import Season, season_year
from matchday.source import Source, make_source

EMBEDDED = "synthetic"
REAL = "football-data"

#: The name under which ``--set`` reaches the source, as it reaches a component under the component's.
SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose about the season and the rules; None where it is left to the defaults."""

    source: str | None = None
    season: str | None = None
    scenario: str | None = None
    league: str | None = None
    data: Path | None = None
    prices: str | None = None
    bankroll: float | None = None
    rules: Sequence[str] = field(default_factory=list)
    seed: int = 0
    partial: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def load(self) -> tuple[Source, Season, Rules]:
        """Load the season chosen, with its source and the rules to play it by."""
        source, name, rules = self.plan()
        season = source.season(name, partial=self.partial)
        season.policy(rules.prices)
        return source, season, rules

    def plan(self) -> tuple[Source, str, Rules]:
        """Say which season of which source is to be played by which rules, before any is loaded."""
        scenario = self._scenario()
        rules = self.rules_of(scenario)
        source = self.open_source(scenario)
        name = scenario.season if scenario else self.season
        if name is not None:
            season_year(name)
        return source, name or source.default_season(), rules

    def open_source(self, scenario: Scenario | None = None) -> Source:
        """Make the source chosen; raises ``MatchdayError`` for an option it does not take."""
        return make_source(self.source_name(scenario), self._source_parameters(scenario), seed=self.seed)

    def source_name(self, scenario: Scenario | None = None) -> str:
        """Say which source is chosen; raises ``MatchdayError`` where a scenario is played on another one."""
        default = scenario.source if scenario else REAL if self.data or self.season or self.league else EMBEDDED
        if scenario and self.source not in {None, scenario.source}:
            raise MatchdayError(f"--scenario {self.scenario} is played on {scenario.source}; leave out --source.")
        return self.source or default

    def _source_parameters(self, scenario: Scenario | None) -> dict[str, Any]:
        league = self.league or (scenario.competition if scenario else None)
        chosen = {"data": self.data and self.data.expanduser().resolve(), "league": league}
        return {**{name: value for name, value in chosen.items() if value is not None}, **self.parameters}

    def _scenario(self) -> Scenario | None:
        if self.scenario is None:
            return None
        if self.season is not None:
            raise MatchdayError(
                f"--scenario {self.scenario} has a season of its own; leave out --season {self.season}."
            )
        found: Scenario = Catalogue().load("scenario", self.scenario)
        return found

    def rules_of(self, scenario: Scenario | None) -> Rules:
        """Put the rules together: a scenario's bankroll, and what was set."""
        named: list[tuple[str, Any]] = [("bankroll", self.bankroll)] if self.bankroll is not None else []
        named += [("prices", self.prices)] if self.prices is not None else []
        named += map(assignment, self.rules)
        for name, times in Counter(name for name, _ in named).items():
            if times > 1:
                raise MatchdayError(f"Rules: {name} is set {times} times; set it once.")
        chosen: dict[str, Any] = {"bankroll": scenario.bankroll} if scenario else {}
        chosen |= dict(named)
        try:
            return Rules(**chosen)
        except ValidationError as error:
            raise MatchdayError(f"Rules: {explain(error, Rules)}") from error


def assignment(text: str) -> tuple[str, Any]:
    """Read NAME=VALUE, the value as TOML where it is TOML and as text where it is not; ``none`` is no value.

    >>> assignment("bet_limit=0.1"), assignment("without_bet=off"), assignment('selections=["home"]')
    (('bet_limit', 0.1), ('without_bet', 'off'), ('selections', ['home']))
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise MatchdayError(f"{text!r} is not an assignment; rule: NAME=VALUE.")
    if value.strip().lower() == "none":
        return name.strip(), None
    try:
        read = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()
    return name.strip(), read["value"] if len(read) == 1 else value.strip()


def read_overrides(texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Read component.parameter=value, as ``--set`` takes it.

    >>> read_overrides(["goals.half_life_days=300"])
    {'goals': {'half_life_days': 300}}
    """
    chosen: dict[str, dict[str, Any]] = {}
    for text in texts:
        target, value = assignment(text)
        component, dot, parameter = target.rpartition(".")
        if not dot or parameter in {"use", "name"}:
            raise MatchdayError(f"--set {text!r}: {target!r} is not component.parameter, e.g. kelly.fraction=0.5.")
        chosen.setdefault(component, {})[parameter] = value
    return chosen


def choose_agent(target: str | AgentFile, choice: Choice, overrides: Sequence[str]) -> tuple[Agent, Choice]:
    """Build an agent, by name, path or content, with what ``--set`` says of its components.

    Answers the choice with what it says of the source, too.
    """
    parameters = read_overrides(overrides)
    choice = dataclasses.replace(choice, parameters=parameters.pop(SOURCE, {}))
    file = target if isinstance(target, AgentFile) else read_agent(target)
    return build_agent(file, overrides=parameters), choice


def source_overrides(texts: Sequence[str]) -> dict[str, Any]:
    """Read source.parameter=value, where there is no component to set anything of."""
    chosen = read_overrides(texts)
    for name in chosen:
        if name != SOURCE:
            raise MatchdayError(f"--set {name}: only the source has parameters here; rule: source.PARAMETER=VALUE.")
    return chosen.get(SOURCE, {})
