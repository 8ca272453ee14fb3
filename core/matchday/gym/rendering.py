"""A matchday in a few lines of text."""

from __future__ import annotations

from matchday.events import MatchdaySettled
from matchday.ledger import SettledBet
from matchday.money import to_units
from matchday.slate import Matchday

#: How many of a day's bets are shown.
SHOWN = 5


def evening(settled: MatchdaySettled) -> list[str]:
    """Say what became of a matchday's bets, the largest ones each."""
    money = settled.settlement
    bets = sorted(money.bets, key=lambda each: -each.bet.stake)
    before, after, staked, paid = (to_units(each) for each in (money.before, money.after, money.staked, money.paid))
    count = f"{len(bets)} bet{'' if len(bets) == 1 else 's'}"
    head = f"matchday {money.matchday}, {money.date}: {count}, {staked:.2f} staked, {paid:.2f} paid"
    more = [f"  ... and {len(bets) - SHOWN} smaller ones"] if len(bets) > SHOWN else []
    return [f"{head}; bankroll {before:.2f} -> {after:.2f}", *map(_line, bets[:SHOWN]), *more]


def morning(day: Matchday, bankroll: int) -> str:
    """Say what is on offer on a matchday, on a bankroll in pence."""
    offered = int(day.slate.odds.notna().to_numpy().sum())
    matches = f"{len(day.slate)} match{'' if len(day.slate) == 1 else 'es'}"
    return f"matchday {day.number}, {day.date}: {matches}, {offered} prices; bankroll {to_units(bankroll):.2f}"


def _line(settled: SettledBet) -> str:
    bet, forced = settled.bet, " (forced)" if settled.bet.forced else ""
    return (
        f"  {bet.match_id} {bet.selection} at {bet.odds:.2f}: "
        f"{to_units(bet.stake):.2f} -> {to_units(settled.payout):.2f}{forced}"
    )
