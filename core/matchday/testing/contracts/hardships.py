"""Contracts on what comes up in real seasons: a component goes on, with less to go by."""

from __future__ import annotations

from collections.abc import Callable

from matchday.errors import ComponentError, MatchdayError
from matchday.events import ForecastMade, MatchdayOpened, SlipPlaced, SlipRefused
from matchday.season import Season
from matchday.testing import hardships
from matchday.testing.contract import Broken, Contract, NotApplicable, contract, first_line
from matchday.testing.specimen import Played, Specimen
from matchday.testing.subjects import TESTED


@contract("it plays a season to its end")
def plays(specimen: Specimen) -> str:
    """Play the plain season."""
    if (failure := specimen.attempt.failure) is not None:
        raise Broken(_failure(failure))
    return f"{_summary(specimen.attempt)}{_silent(specimen, specimen.attempt)}"


@contract("its slips keep the rules", "staking", "guard", "agent of agents", "agent")
def keeps_the_rules(specimen: Specimen) -> str:
    """See whether the plain season's slips were accepted."""
    for refused in specimen.honest.of(SlipRefused):
        raise Broken(
            f"matchday {refused.matchday}, refused: {refused.reason} Share out no more than there is; the rules are "
            "handed over in season_opened, as season.rules."
        )
    return _summary(specimen.honest)


def _survives(name: str, season: Callable[[int], Season], *, lonely: bool = False) -> Contract:
    """Make the contract that a component goes on in a season of a kind; ``lonely``: one with slates of one match."""

    def holds(specimen: Specimen) -> str:
        _ = specimen.honest
        played = specimen.through(season)
        if played.failure is not None and lonely and specimen.through(hardships.one_match_a_day).failure is not None:
            raise NotApplicable("it fails on a slate of one match already")
        if played.failure is not None:
            raise Broken(_failure(played.failure))
        return f"{_summary(played)}{_silent(specimen, played)}"

    return Contract(f"it survives {name}", f"survives_{name.replace(' ', '_')}", frozenset(), first_line(season), holds)


SURVIVES = (
    _survives("a slate of one match", hardships.one_match_a_day),
    _survives("missing odds", hardships.missing_odds),
    _survives("unseen clubs", hardships.unseen_clubs),
    _survives("an empty history", hardships.empty_history),
    _survives("a postponed match", hardships.postponed_match, lonely=True),
    _survives("an odd calendar", hardships.odd_calendar, lonely=True),
    _survives("a source of scores and prices alone", hardships.bare_source),
)


def _failure(failure: MatchdayError) -> str:
    """Say what failed; the agent around the component is none of the reader's business."""
    text = str(failure)
    if isinstance(failure, ComponentError):
        where = text.partition(": component ")[2].removeprefix(f"{TESTED!r}, ")
        return f"{where.rstrip('.') or text}. Mend that line, or go on without an opinion there."
    return text


def _summary(played: Played) -> str:
    days, bets = len(list(played.of(MatchdayOpened))), sum(len(each.bets) for each in played.of(SlipPlaced))
    return f"{days} matchdays, {bets} bets"


def _silent(specimen: Specimen, played: Played) -> str:
    """Mention a model that has said nothing at all."""
    said = [each.forecast for each in played.of(ForecastMade) if "model" in specimen.kinds]
    nothing = said and all(forecast.probabilities.isna().all(axis=None) for forecast in said)
    return "; but it had no opinion on any match" if nothing else ""
