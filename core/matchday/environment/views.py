"""What an agent reads: a matchday, the past, its money, a model's opinion, and how a matchday ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from matchday.environment import tables
from matchday.errors import MatchdayError
from matchday.ledger import Settlement
from matchday.money import to_units

if TYPE_CHECKING:
    from matchday.environment.arguments import ViewHistory
    from matchday.environment.desk import Desk
    from matchday.environment.seat import Seat
    from matchday.forecast import Forecast


def matches(seat: Seat, *, quotes: bool = False) -> str:
    """Write the matchday: its number and date, the bankroll, and the slate."""
    day, desk = seat.desk.day, seat.desk
    many = "1 match" if len(day.slate) == 1 else f"{len(day.slate)} matches"
    head = f"Matchday {day.number}, {day.date}: {many}. Bankroll {to_units(desk.bankroll):.2f}."
    return f"{head}\n{tables.slate_table(day.slate, quotes=quotes)}"


def history(seat: Seat, asked: ViewHistory) -> str:
    """Write a page of the past."""
    frame = tables.past_table(seat.desk.day.history, asked.table)
    if not len(frame):
        raise MatchdayError(f"table {asked.table!r} is empty: the source has none; see another one.")
    chosen = tables.selected(
        frame,
        clubs=asked.clubs,
        player=asked.player,
        season=asked.season,
        since=asked.since,
        until=asked.until,
    )
    page, heading = tables.page_of(chosen, page=asked.page, size=asked.page_size)
    return f"{asked.table}: {heading}\n{tables.as_csv(tables.with_columns(page, asked.columns))}"


def bankroll(seat: Seat, *, last: int) -> str:
    """Write the money: what there is, what lies on the desk, and the last settled bets."""
    account = seat.account
    lines = [desk(seat.desk)]
    settled = [(each.date, bet) for each in account.settlements for bet in each.bets]
    if settled:
        so_far = f"{account.bets} bets settled, {account.staked:.2f} staked, profit {account.profit:+.2f}"
        lines.append(f"So far: {so_far}, log growth {account.reward:+.4f}.")
    if settled and last:
        lines.append(f"The last {min(last, len(settled))}:")
        lines.append("date,match_id,selection,odds,stake,paid,forced")
        lines += [
            f"{date},{each.bet.match_id},{each.bet.selection},{each.bet.odds:.10g},{to_units(each.bet.stake):.2f},"
            f"{to_units(each.payout):.2f},{'yes' if each.bet.forced else 'no'}"
            for date, each in settled[-last:]
        ]
    return "\n".join(lines)


def desk(desk: Desk) -> str:
    """Write what lies on the desk, and what is free."""
    head = f"Bankroll {to_units(desk.bankroll):.2f}, of which {desk.staked:.2f} is staked and {desk.free:.2f} is free."
    if not desk.wagers:
        return f"{head}\nNo bet on this matchday yet."
    rows = [f"{each.match_id},{each.selection},{desk.odds(each):.10g},{each.stake:.2f}" for each in desk.wagers]
    return "\n".join([head, "Bets on this matchday:", "match_id,selection,odds,stake", *rows])


def forecast(said: Forecast) -> str:
    """Write a model's probabilities; blank is no opinion."""
    return f"{said.source}:\n{tables.as_csv(said.probabilities.round(6))}"


def settled(settlement: Settlement, results: pd.DataFrame) -> str:
    """Write how a matchday ended: scores, bets, money, reward."""
    scores = zip(results["home"], results["home_goals"], results["away_goals"], results["away"], strict=True)
    lines = [f"Matchday {settlement.matchday}, {settlement.date}, is played."]
    lines += [f"{home} {home_goals}-{away_goals} {away}" for home, home_goals, away_goals, away in scores]
    lines += [
        f"{'Forced bet' if each.bet.forced else 'Bet'} on {each.bet.match_id} {each.bet.selection}: "
        f"{to_units(each.bet.stake):.2f} at {each.bet.odds:.10g}, paid {to_units(each.payout):.2f}."
        for each in settlement.bets
    ]
    change = to_units(settlement.after - settlement.before)
    lines.append(
        f"Bankroll {to_units(settlement.before):.2f} -> {to_units(settlement.after):.2f} ({change:+.2f}), "
        f"reward {settlement.log_growth:+.6f}."
    )
    return "\n".join(lines)
