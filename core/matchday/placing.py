"""From a slip to bets: round once, down to whole pence, then hold every bet against the rules."""

from __future__ import annotations

import math
import numbers
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matchday.bets import SLIP_COLUMNS, BetSlip
from matchday.errors import RuleBroken, did_you_mean
from matchday.ledger import Bet
from matchday.money import share_in_pence, to_pence, to_units
from matchday.rules import Rules
from matchday.slate import Slate

#: What is on offer on a matchday: ``{match_id: {selection: decimal odds}}``, only selections that have a price.
Offer = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Placed:
    """The bets that a slip became, and a line for each one that was too small to be a bet."""

    bets: tuple[Bet, ...]
    dropped: tuple[str, ...] = ()


def offer_of(slate: Slate) -> Offer:
    """Say what is on offer, match by match."""
    odds = slate.odds
    rows = zip(odds.index.tolist(), odds.to_numpy(dtype=np.float64).tolist(), strict=True)
    named = odds.columns.tolist()
    return {
        match: {name: price for name, price in zip(named, row, strict=True) if price == price} for match, row in rows
    }


def place(slip: BetSlip, *, offer: Offer, rules: Rules, bankroll: int) -> Placed:
    """Turn a slip into bets on a bankroll in pence; raises ``RuleBroken`` at the first rule that it breaks.

    Which rules: every bet is on offer at the odds it states, once, with a finite share that is not negative; stakes
    are within the limits and, together, within the bankroll. A stake below the minimum bet is dropped, on record.
    """
    bets = [_bet(row, offer=offer, bankroll=bankroll) for row in _rows(slip)]
    _check_duplicates(bets)
    minimum = to_pence(rules.minimum_bet)
    kept = tuple(bet for bet in bets if bet.stake >= minimum)
    _check_limits(kept, rules=rules, bankroll=bankroll)
    dropped = tuple(
        f"{_label(bet.match_id, bet.selection)}: stake {to_units(bet.stake):.2f} is below the minimum bet"
        + (f" ({bet.reason})" if bet.reason else "")
        for bet in bets
        if bet.stake < minimum
    )
    return Placed(kept, dropped)


def without_bet(offer: Offer, *, rules: Rules, matchday: int) -> Placed:
    """Answer what the rule ``without_bet`` puts in place of a slip that comes to no bet; raises ``RuleBroken``."""
    if rules.without_bet == "off":
        return Placed(())
    forced = forced_bet(offer, rules=rules)
    if forced.bets and rules.without_bet == "refuse":
        raise RuleBroken(
            f"Matchday {matchday}: the slip has no bet; rule: at least one a matchday (without_bet: refuse)."
        )
    return forced


def forced_bet(offer: Offer, *, rules: Rules) -> Placed:
    """Place the minimum bet on the shortest price of the day, the first of equals; nothing where there is none."""
    prices = [(odds, match_id, name) for match_id, row in offer.items() for name, odds in row.items()]
    if not prices:
        return Placed(())
    odds, match_id, selection = min(prices, key=lambda price: price[0])
    stake = to_pence(rules.minimum_bet)
    return Placed((Bet(match_id, selection, stake, odds, reason="forced: a bet a matchday", forced=True),))


def _rows(slip: BetSlip) -> list[dict[str, Any]]:
    if len(slip) == 0:
        return []
    if len(set(slip.bets.columns)) < len(slip.bets.columns):
        raise RuleBroken("Slip: a column stands in it twice; rule: one of each.")
    columns = [slip.bets[name].tolist() for name in SLIP_COLUMNS]
    return [dict(zip(SLIP_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def _label(match_id: Any, selection: Any) -> str:
    return f"Bet on {match_id!r} {selection!r}"


def _bet(row: dict[str, Any], *, offer: Offer, bankroll: int) -> Bet:
    label = _label(row["match_id"], row["selection"])
    price = _price(row, offer=offer, label=label)
    share = _share(row["share"], label=label)
    probability = _opinion(row["probability"], f"{label}: probability")
    if not math.isnan(probability) and not 0.0 <= probability <= 1.0:
        raise RuleBroken(f"{label}: probability {probability:g} is not in [0, 1].")
    return Bet(
        match_id=row["match_id"],
        selection=row["selection"],
        stake=share_in_pence(share, bankroll),
        odds=price,
        probability=probability,
        edge=_opinion(row["edge"], f"{label}: edge"),
        share=share,
        reason="" if pd.isna(row["reason"]) else str(row["reason"]),
    )


def _price(row: dict[str, Any], *, offer: Offer, label: str) -> float:
    match_id, selection = row["match_id"], row["selection"]
    if not isinstance(match_id, str) or match_id not in offer:
        raise RuleBroken(f"{label}: no such match that day; {did_you_mean(str(match_id), offer)}")
    prices = offer[match_id]
    if not isinstance(selection, str) or selection not in prices:
        raise RuleBroken(f"{label}: not on offer that day; offered: {', '.join(prices) or 'nothing'}.")
    if real_number(row["odds"]) != prices[selection]:
        stated, price = row["odds"], prices[selection]
        raise RuleBroken(f"{label}: odds {stated} are not the odds on offer, {price:g}; bet at the slate's odds.")
    return prices[selection]


def _share(value: Any, *, label: str) -> float:
    share = real_number(value)
    if not math.isfinite(share):
        raise RuleBroken(f"{label}: share is {value!r}; rule: a finite number.")
    if share < 0:
        raise RuleBroken(f"{label}: share {share:g} is negative; rule: one backs a selection or leaves it.")
    if share > 1.0 + 1e-9:
        raise RuleBroken(f"{label}: share {share:g} is more than the bankroll; rule: at most 1.")
    return share


def _opinion(value: Any, subject: str) -> float:
    """Read a number that may be missing: NaN, None and NA are no opinion."""
    if value is None or value is pd.NA:
        return math.nan
    number = real_number(value)
    if math.isinf(number) or (math.isnan(number) and value == value):
        raise RuleBroken(f"{subject} is {value!r}; rule: a finite number, or NaN for no opinion.")
    return number


def real_number(value: Any) -> float:
    """Read a real number of Python or numpy; NaN for everything else, and for what float64 cannot hold."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def _check_duplicates(bets: list[Bet]) -> None:
    for (match_id, selection), times in Counter((bet.match_id, bet.selection) for bet in bets).items():
        if times > 1:
            raise RuleBroken(f"{_label(match_id, selection)}: stands on the slip {times} times; rule: once.")


def _check_limits(bets: tuple[Bet, ...], *, rules: Rules, bankroll: int) -> None:
    _within(sum(bet.stake for bet in bets), rules.matchday_limit, bankroll, "Slip", "matchday_limit")
    for bet in bets:
        _within(bet.stake, rules.bet_limit, bankroll, _label(bet.match_id, bet.selection), "bet_limit")
    for match_id, count in Counter(bet.match_id for bet in bets).items():
        if rules.bets_per_match is not None and count > rules.bets_per_match:
            raise RuleBroken(f"Match {match_id!r}: {count} bets on it; rule: bets_per_match {rules.bets_per_match}.")
        staked = sum(bet.stake for bet in bets if bet.match_id == match_id)
        _within(staked, rules.match_limit, bankroll, f"Match {match_id!r}", "match_limit")


def _within(staked: int, limit: float, bankroll: int, subject: str, rule: str) -> None:
    if staked > share_in_pence(limit, bankroll):
        raise RuleBroken(
            f"{subject}: stakes of {to_units(staked):.2f} are more than {limit:.0%} of the bankroll of "
            f"{to_units(bankroll):.2f}; rule: {rule} {limit:g}."
        )
