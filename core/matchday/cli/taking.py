"""Options that several commands take together: one function has them, and makes one thing of them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from matchday.cli.arguments import (
    Bankroll,
    Data,
    FirstSeed,
    League,
    Partial,
    Prices,
    Rule,
    Scenario,
    Scenarios,
    Season,
    Seasons,
    Seed,
    Seeds,
    Source,
)

if TYPE_CHECKING:
    from matchday.cli.options import Choice
    from matchday.cli.schedules import Span

Command = Callable[..., None]


def takes(options: Callable[..., Any]) -> Callable[[Command], Command]:
    """Let a command take the options of a function, and hand it what the function makes of them.

    They stand where the command has its parameter of the type that the function answers. That type may be known to type
    checkers alone, so that nothing is imported for it before the command runs.
    """

    def decorated(command: Command) -> Command:
        made = options.__annotations__["return"]
        theirs, own = _parameters(options, made), _parameters(command, made)
        place = next(name for name, each in own.items() if each.annotation == made)

        @functools.wraps(command)
        def taking(**given: Any) -> None:
            answer = options(**{name: given.pop(name) for name in theirs})
            command(**{place: answer}, **given)

        listed = [each for name in own for each in (theirs.values() if name == place else [own[name]])]
        taking.__dict__["__signature__"] = inspect.Signature(listed)
        taking.__annotations__ = {each.name: each.annotation for each in listed}
        return taking

    return decorated


def _parameters(function: Callable[..., Any], made: str) -> dict[str, inspect.Parameter]:
    """Answer parameters by name, their annotations read but for the one that is made of options."""
    told = {name: kind for name, kind in function.__annotations__.items() if kind != made and name != "return"}
    known = cast(FunctionType, function).__globals__
    read = get_type_hints(SimpleNamespace(__annotations__=told), known, include_extras=True)
    parameters = inspect.signature(function).parameters
    kind = inspect.Parameter.KEYWORD_ONLY
    return {name: each.replace(annotation=read.get(name, made), kind=kind) for name, each in parameters.items()}


def one_season(
    season: Season = None,
    scenario: Scenario = None,
    league: League = None,
    source: Source = None,
    data: Data = None,
    prices: Prices = None,
    bankroll: Bankroll = None,
    rule: Rule = None,
    seed: Seed = 0,
    partial: Partial = False,
) -> Choice:
    """Choose a season, and the rules to play it by."""
    from matchday.cli.options import Choice

    return Choice(source, season, scenario, league, data, prices, bankroll, rule or [], seed, partial)


def many_seasons(
    season: Seasons = None,
    scenario: Scenarios = None,
    seeds: Seeds = None,
    league: League = None,
    source: Source = None,
    data: Data = None,
    prices: Prices = None,
    bankroll: Bankroll = None,
    rule: Rule = None,
    seed: FirstSeed = 0,
    partial: Partial = False,
) -> Span:
    """Choose seasons, each with so many seeds, and the rules to play them by."""
    from matchday.cli.schedules import Span

    choice = one_season(None, None, league, source, data, prices, bankroll, rule, seed, partial)
    return Span(season or [], scenario or [], seeds, choice)
