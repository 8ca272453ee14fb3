"""Stakes worked out again, from the probabilities, the odds and the bankroll that are on record.

A staking is Kelly's if all bets of a matchday have the same fraction c ≤ 1 of what each would get as the only one,
f* = (p·o − 1)/(o − 1), or if the component that declares it gives the recorded shares once more, and these reach most
of the growth that any shares would. How bets on two markets of a match depend on one another is not on record; where
the shares differ on such a matchday, they must reach most of the growth of those that come out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchday.auditing.sophistication.asking import Asked, believed
from matchday.auditing.sophistication.growing import part_of_growth
from matchday.auditing.sophistication.record import Chain, Day, Event, Key
from matchday.errors import MatchdayError
from matchday.growth import expected_growth
from matchday.markets import MARKET_OF, Array
from matchday.parts import Part
from matchday.rules import Rules

#: How far a share may be from what it should be, as a part of the largest of the day.
ACCURACY = 1e-3

#: The part of the largest growth that shares reach which are Kelly's, dependence being unknown.
GROWTH = 0.9

#: Bets that it takes to see a constant fraction in them.
ENOUGH = 5

#: Matchdays, spread over the season, of which growth is worked out.
SAMPLED = 12


@dataclass(frozen=True, slots=True)
class Resolved:
    """A chain's first shares on a matchday: whether they are Kelly's, and whether to the last digit."""

    kelly: bool
    exact: bool = True
    why: str = ""


class Resolver:
    """Works out a staking's shares again; raises ``MatchdayError`` where the component cannot be asked."""

    def __init__(self, part: Part, opened: Event) -> None:
        self._asked, self._name = Asked(part, opened), part.path

    def resolve(self, day: Day, chain: Chain) -> Resolved:
        """Hold the recorded shares of a matchday against those that come out now."""
        recorded = chain.sized[0][1]
        try:
            again = self._asked.shares(day, chain.candidates)
        except MatchdayError as error:
            return Resolved(False, why=str(error))
        keys = list(dict.fromkeys([*again, *recorded]))
        new, old = (np.array([shares.get(key, 0.0) for key in keys]) for shares in (again, recorded))
        if not len(keys) or np.abs(new - old).max() <= ACCURACY * max(new.max(), old.max()):
            return Resolved(True)
        bets = _bets(day, chain, keys)
        reached = _reached(old, new, bets) if _dependent(bets) else 0.0
        why = f"{self._name!r} stakes otherwise on matchday {day.number} by the record"
        return Resolved(reached >= GROWTH, False, why)


def growth_reached(chains: Sequence[tuple[Day, Chain]], opened: Event) -> float:
    """Answer the part of the largest growth that the first shares of some matchdays reach.

    NaN: it cannot be told, as rules limit what may be staked. A bet without a probability brings no growth.
    """
    rules = Rules(**opened["rules"])
    if rules.bets_per_match is not None or min(rules.bet_limit, rules.match_limit, rules.matchday_limit) < 1.0:
        return np.nan
    chosen = np.unique(np.linspace(0, len(chains) - 1, min(SAMPLED, len(chains))).astype(int))
    return part_of_growth([_slate(*chains[place]) for place in chosen])


def _slate(day: Day, chain: Chain) -> tuple[pd.DataFrame, Array]:
    """Answer the bets of a chain, candidates that got nothing among them, and their first shares."""
    shares = chain.sized[0][1]
    candidates = list(zip(chain.candidates["match_id"], chain.candidates["selection"], strict=True))
    bets = _bets(day, chain, list(dict.fromkeys([*candidates, *shares])))
    bets = bets[bets["probability"].notna()]
    keys = zip(bets["match_id"], bets["selection"], strict=True)
    return bets, np.array([shares.get(key, 0.0) for key in keys])


def _bets(day: Day, chain: Chain, keys: Sequence[Key]) -> pd.DataFrame:
    """Lay bets out: a candidate's probability is its own, that of a hedge the forecast's."""
    own = chain.candidates.set_index(["match_id", "selection"])["probability"].to_dict()
    said, odds = (frame.to_dict("index") for frame in (believed(day).probabilities, day.odds))
    rows = [
        (
            match_id,
            selection,
            MARKET_OF[selection].name,
            own.get((match_id, selection), said[match_id].get(selection, np.nan)),
            odds[match_id][selection],
        )
        for match_id, selection in keys
    ]
    return pd.DataFrame(rows, columns=["match_id", "selection", "market", "probability", "odds"])


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


def fractions(days: Sequence[Sequence[tuple[float, float]]]) -> tuple[float, float] | None:
    """Answer the smallest and largest fraction c ≤ 1 of Kelly's stake for a lone bet on some matchdays; None: none.

    ``days`` are pairs as of ``constant_fraction``. Where it finds no constant one, each matchday may have its own, if
    there are enough bets beside others to see it.

    >>> fractions([[(0.01, 0.02), (0.02, 0.04), (0.03, 0.06)], [(0.01, 0.04), (0.02, 0.08)]])
    (0.25, 0.5)
    """
    pairs = [pair for day in days for pair in day]
    if (constant := constant_fraction(pairs)) is not None:
        return constant, constant
    if not all(lone > 0.0 for _, lone in pairs) or sum(len(day) for day in days if len(day) > 1) < ENOUGH:
        return None
    found = [[share / lone for share, lone in day] for day in days if day]
    if not all(map(alike, found)) or max(map(max, found)) > 1.0 + ACCURACY:
        return None
    return min(map(min, found)), max(map(max, found))


def alike(numbers: Sequence[float]) -> bool:
    """Whether numbers are all the same, but for ``ACCURACY``.

    >>> alike([0.01, 0.01]), alike([0.01, 0.02]), alike([])
    (True, False, True)
    """
    return not numbers or max(numbers) - min(numbers) <= ACCURACY * max(map(abs, numbers))


def levelled(chains: Sequence[tuple[Day, Chain]]) -> bool:
    """Whether later steps left bets of a matchday alike wherever the first answer told them apart."""
    firsts = [(list(chain.sized[0][1].values()), chain.sized_last) for _, chain in chains]
    apart = [list(last.values()) for first, last in firsts if len(last) > 1 and not alike(first)]
    return bool(apart) and all(map(alike, apart))


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


def _dependent(bets: pd.DataFrame) -> bool:
    """Whether some match has bets on two markets."""
    return bool((bets.groupby("match_id")["market"].nunique() > 1).any())


def _reached(old: Array, new: Array, bets: pd.DataFrame) -> float:
    """Answer the part of the new shares' expected log growth that the old ones reach, markets taken as independent."""
    if bets["probability"].isna().any():
        return 0.0
    best = expected_growth(bets, new)
    return expected_growth(bets, old) / best if best > 0.0 else 0.0
