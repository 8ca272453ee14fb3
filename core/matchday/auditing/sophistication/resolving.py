"""Stakes worked out again, from the probabilities, the odds and the bankroll that are on record.

A staking is Kelly's if each bet has the same fraction c ≤ 1 of what it would get as the only one,
f* = (p·o − 1)/(o − 1), or if the component that declares it gives the recorded shares once more. How bets on two
markets of a match depend on one another is not on record; where the shares differ on such a matchday, they must reach
most of the growth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import PrivateAttr

from matchday.agent import Agent
from matchday.auditing.sophistication.parts import Part
from matchday.auditing.sophistication.record import Chain, Day, Event, Key, framed
from matchday.bets import Edges
from matchday.component import Component
from matchday.errors import MatchdayError
from matchday.events import SeasonOpened
from matchday.forecast import Forecast
from matchday.growth import expected_growth
from matchday.history import RESULT_COLUMNS, History
from matchday.hooks import hookimpl
from matchday.markets import MARKET_OF, Array
from matchday.money import to_units
from matchday.rules import Rules
from matchday.slate import Matchday, Slate

#: How far a share may be from what it should be, as a part of the largest of the day.
ACCURACY = 1e-3

#: The part of the optimum's growth that shares reach where dependence is not known.
GROWTH = 0.9

#: Bets that it takes to see a constant fraction in them.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Resolved:
    """A chain's first shares on a matchday: whether they are Kelly's, and whether to the last digit."""

    kelly: bool
    exact: bool = True
    why: str = ""


class _Recorded(Component):
    """Proposes the candidates that are on record."""

    _edges: Edges = PrivateAttr()

    @hookimpl
    def find_edges(self) -> Edges:
        return self._edges


class Resolver:
    """Works out a staking's shares again; ``opened`` is how the season opened, as it is on record.

    Raises ``MatchdayError`` where the component cannot do without the season's past.
    """

    def __init__(self, part: Part, opened: Event) -> None:
        self._recorded, self._part = _Recorded(), part
        name = part.path.rpartition("/")[2]
        self._agent = Agent("again", [("the record", self._recorded), (name, part.component)])
        self._agent.season_opened(_season(opened))

    def resolve(self, day: Day, chain: Chain) -> Resolved:
        """Hold the recorded shares of a matchday against those that come out now."""
        candidates, recorded = chain.candidates, chain.sized[0][1]
        try:
            again = self._again(day, candidates)
        except MatchdayError as error:
            return Resolved(False, why=str(error))
        keys = list(dict.fromkeys([*again, *recorded]))
        new, old = (np.array([shares.get(key, 0.0) for key in keys]) for shares in (again, recorded))
        if not len(keys) or np.abs(new - old).max() <= ACCURACY * max(new.max(), old.max()):
            return Resolved(True)
        reached = _reached(old, new, keys, candidates) if _dependent(candidates) else 0.0
        name = self._part.path
        return Resolved(reached >= GROWTH, False, f"{name!r} stakes otherwise on matchday {day.number} by the record")

    def _again(self, day: Day, candidates: pd.DataFrame) -> dict[Key, float]:
        slate = Slate(day.fixtures, day.odds)
        self._recorded._edges = Edges(candidates, _believed(day))
        date = pd.Timestamp(day.opened["date"]).date()
        slip = self._agent.decide(Matchday(day.number, date, slate, _NO_PAST), to_units(day.bankroll)).slip.bets
        keys = zip(slip["match_id"].tolist(), slip["selection"].tolist(), strict=True)
        return dict(zip(keys, slip["share"].tolist(), strict=True))


def constant_fraction(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Answer the fraction c ≤ 1 of Kelly's stake for a lone bet that all shares are; None: there is none.

    ``pairs`` are of a share and that stake. Shares below c count where they all are as large as the largest one: a cap.

    >>> constant_fraction([(0.01 * k, 0.02 * k) for k in range(1, 7)])
    0.5
    >>> constant_fraction([(0.01, 0.02 * k) for k in range(1, 7)]) is None
    True
    """
    share, lone = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    if len(share) < ENOUGH or np.isnan(lone).any() or (lone <= 0.0).any():
        return None
    fraction = float(np.max(share / lone))
    fits, free = share >= (1.0 - ACCURACY) * fraction * lone, share < (1.0 - ACCURACY) * share.max()
    capped = not fits.all() and (fits | ~free).all() and (fits & free).sum() >= ENOUGH
    return fraction if (fits.all() or capped) and fraction <= 1.0 + ACCURACY else None


def lone_kelly(probability: float | None, odds: float) -> float:
    """Answer f* = (p·o − 1)/(o − 1); NaN without a probability.

    >>> round(lone_kelly(0.55, 2.0), 6)
    0.1
    """
    return np.nan if probability is None else (probability * odds - 1.0) / (odds - 1.0)


def beside_lone(chain: Chain) -> list[tuple[float, float]]:
    """Pair each of a chain's first shares with Kelly's for that bet alone."""
    bets = chain.candidates
    offered = {
        (match_id, selection): lone_kelly(probability, odds)
        for match_id, selection, probability, odds in bets.iloc[:, :4].itertuples(index=False)
    }
    return [(share, offered.get(key, np.nan)) for key, share in chain.sized[0][1].items()]


def _dependent(candidates: pd.DataFrame) -> bool:
    """Whether some match has candidates on two markets."""
    markets = candidates["selection"].map(lambda name: MARKET_OF[name].name)
    return bool((markets.groupby(candidates["match_id"]).nunique() > 1).any())


def _reached(old: Array, new: Array, keys: Sequence[Key], candidates: pd.DataFrame) -> float:
    """Answer the part of the new shares' expected log growth that the old ones reach, markets taken as independent."""
    bets = candidates.set_index(["match_id", "selection"]).reindex(pd.MultiIndex.from_tuples(keys)).reset_index()
    bets.columns = pd.Index(["match_id", "selection", *bets.columns[2:]])
    if bets["probability"].isna().any():
        return 0.0
    bets = bets.assign(market=bets["selection"].map(lambda name: MARKET_OF[name].name))
    best = expected_growth(bets, new)
    return expected_growth(bets, old) / best if best > 0.0 else 0.0


def _believed(day: Day) -> Forecast:
    """Answer the blended forecast of a matchday, without what is not on record of it."""
    made = [event["forecast"] for event in day.of("ForecastMade") if event["blended"]]
    if not made:
        return Forecast.silent(day.odds.index)
    errors = made[0]["standard_error"]
    frame = framed(made[0]["probabilities"])
    return Forecast(frame, made[0]["source"], standard_error=None if errors is None else framed(errors))


_NO_PAST = History(pd.DataFrame(columns=list(RESULT_COLUMNS)))


def _season(opened: Event) -> SeasonOpened:
    """Make the opening of a season of its record, with no past."""
    return SeasonOpened(
        name=opened["name"],
        competition=opened["competition"],
        source=opened["source"],
        clubs=tuple(opened["clubs"]),
        rules=Rules(**opened["rules"]),
        seed=opened["seed"],
        agent={},
        history=_NO_PAST,
        closing=frozenset(opened["closing"]),
        not_bookmakers=frozenset(opened["not_bookmakers"]),
    )
