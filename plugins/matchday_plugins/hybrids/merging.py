"""One slip of several agents' bets, each on a purse of its own."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matchday import BetSlip
from matchday.bets import SLIP_COLUMNS
from matchday.ledger import Bet
from matchday.money import to_units
from matchday_plugins.hybrids.purses import Backers, Key


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """A slip, and who stands behind each bet on it."""

    slip: BetSlip
    backers: Backers


def merge(wanted: Mapping[str, tuple[Bet, ...]], purses: Mapping[str, int], *, bets_per_match: int | None) -> Merged:
    """Put agents' bets, each within the rules on its own purse (pence), on one slip for all purses together.

    Agents that back one selection share a bet: its stake is the sum of theirs, its probability their mean, weighted by
    stake. Limits on shares of the bankroll that hold for every purse hold for the whole. Where a match has more than
    ``bets_per_match`` bets, those with most money on them stay, the first of equals, and a note says which do not.
    """
    found: dict[Key, dict[str, Bet]] = defaultdict(dict)
    for name, bets in wanted.items():
        for bet in bets:
            found[bet.match_id, bet.selection][name] = bet
    kept, notes = _within(found, bets_per_match)
    bankroll = sum(purses.values())
    rows = [_row(key, backers, purses, bankroll) for key, backers in kept.items()]
    slip = BetSlip(pd.DataFrame(rows, columns=list(SLIP_COLUMNS))) if rows else BetSlip.empty()
    return Merged(slip.noted(*notes), kept)


def _within(found: Backers, most: int | None) -> tuple[Backers, list[str]]:
    """Keep the bets of each match with most money on them; answer them in their order, and notes on the others."""
    if most is None:
        return found, []
    matches = defaultdict(list)
    for key in found:
        matches[key[0]].append(key)
    ranked = {match: sorted(keys, key=lambda key: -_stake(found[key])) for match, keys in matches.items()}
    out = {key for keys in ranked.values() for key in keys[most:]}
    notes = [
        f"bets_per_match {most}: no bet on {' '.join(key)}, {to_units(_stake(found[key])):.2f} of "
        f"{' and '.join(found[key])}; more is staked on the match otherwise"
        for key in found
        if key in out
    ]
    return {key: backers for key, backers in found.items() if key not in out}, notes


def _stake(backers: Mapping[str, Bet]) -> int:
    return sum(bet.stake for bet in backers.values())


def _row(key: Key, backers: Mapping[str, Bet], purses: Mapping[str, int], bankroll: int) -> tuple[Any, ...]:
    """Write a bet as a row of the slip; one agent with all the money has the very share it wanted."""
    (name, first), stake = next(iter(backers.items())), _stake(backers)
    if len(backers) == 1:
        share = first.share if purses[name] == bankroll else stake / bankroll
        return *key, first.probability, first.odds, first.edge, share, _reason(name, first)
    probability = _mean(backers)
    reasons = [_reason(f"{name} {to_units(bet.stake):.2f}", bet) for name, bet in backers.items()]
    return *key, probability, first.odds, probability * first.odds - 1.0, stake / bankroll, " + ".join(reasons)


def _mean(backers: Mapping[str, Bet]) -> float:
    """Answer the mean probability of those that have one, weighted by stake; NaN where nobody has."""
    known = [bet for bet in backers.values() if not math.isnan(bet.probability)]
    staked = sum(bet.stake for bet in known)
    return sum(bet.stake * bet.probability for bet in known) / staked if staked else math.nan


def _reason(who: str, bet: Bet) -> str:
    return f"{who}: {bet.reason}" if bet.reason else who
