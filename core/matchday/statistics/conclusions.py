"""What can be said of a comparison, and what cannot, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from matchday.wording import listed

#: Seasons below which nothing is concluded of others. The spread of n seasons is itself known to ± 1/√(2(n − 1)), which
#: is a third of it for 5 and two thirds for 2.
MINIMUM_SEASONS = 5

#: Bets below which nothing is concluded of a yield. A bet's profit varies by about √(odds − 1) stakes, 1.4 at odds of
#: 3, so that the yield of 1,000 is known to ± 9 points, which is more than any honest edge.
MINIMUM_BETS = 1000

#: Agents from which on Hansen's test says more than the differences one by one.
MANY = 4

#: Differences that are not shown to be any, and yet told one by one.
AT_LENGTH = 3

Row = Mapping[Any, Any]


def conclusions(
    leaderboard: pd.DataFrame,
    differences: pd.DataFrame,
    *,
    plays: pd.DataFrame,
    baseline: str,
    tried: int,
    spa: Mapping[str, float] | None,
    level: float = 0.95,
) -> list[str]:
    """Say what the figures allow: the frames are those of ``Analysis``, ``plays`` that of the comparison.

    A difference is called one where its p-value after Holm's correction is below 1 − ``level``.
    """
    board = _records(leaderboard[leaderboard["plays"] > 0])
    if not board:
        return ["No play was finished, so there is nothing to conclude."]
    finished = plays[plays["status"] != "failed"]
    seasons = finished["schedule"].nunique()
    pooled = bool(finished.duplicated(["agent", "schedule"]).any())
    return [
        *_scope(seasons),
        *_differences(_records(differences), baseline, tried, level),
        *(_best(spa, baseline, level) if len(board) >= MANY else ()),
        *_against_nothing(board, tried, level, where=" in this season" if seasons == 1 else ""),
        *_forecasts(board, level),
        *_few_bets(board, seasons),
        *_mann_whitney(differences, pooled=pooled),
        *_unfinished(leaderboard),
    ]


def _scope(seasons: int) -> Iterator[str]:
    if seasons == 1:
        yield (
            "All plays are of one season. The intervals speak of the luck of its matchdays alone, and nothing can be "
            f"concluded about other seasons: compare over at least {MINIMUM_SEASONS}."
        )
    elif seasons < MINIMUM_SEASONS:
        yield (
            f"The plays are of {seasons} seasons, which say little of how seasons differ: intervals are wide for that "
            f"reason, and still uncertain. Compare over at least {MINIMUM_SEASONS}."
        )


def _few_bets(board: Mapping[str, Row], seasons: int) -> Iterator[str]:
    totals = {agent: round(row["bets"] * seasons) for agent, row in board.items()}
    few = [f"{agent} ({bets:,})" for agent, bets in totals.items() if bets < MINIMUM_BETS]
    if few:
        nothing = "nothing can be concluded" if seasons == 1 else "nothing can be concluded from their yields"
        yield (
            f"Fewer than {MINIMUM_BETS:,} bets of their own: {listed(few)}. At odds of 3 the yield of {MINIMUM_BETS:,} "
            f"bets is known to within 9 points, and of fewer not even that; {nothing}."
        )


def _differences(rows: Mapping[str, Row], baseline: str, tried: int, level: float) -> Iterator[str]:
    """Say how each agent compares; the many that cannot be told apart in one sentence."""
    alike = [agent for agent, row in rows.items() if row["p_holm"] >= 1.0 - level]
    if len(alike) > AT_LENGTH:
        rows = {agent: row for agent, row in rows.items() if agent not in alike}
    yield from (_difference(agent, row, baseline, tried, level) for agent, row in rows.items())
    if len(alike) > AT_LENGTH:
        yield f"Cannot be told apart from {baseline}, after Holm over the {tried - 1:,} tried: {listed(alike)}."


def _difference(agent: str, row: Row, baseline: str, tried: int, level: float) -> str:
    difference = row["difference"]
    if math.isnan(difference):
        return f"{agent} and {baseline} have no finished play in common, so they cannot be compared."
    if math.isnan(row["p_holm"]):
        return f"{agent} and {baseline} have too few matchdays in common to say anything."
    size = f"{signed(difference)} a season ({_interval(row['low'], row['high'], level)}; {_counted(row, tried)})"
    where = " in this season" if row["seasons"] == 1 else ""
    if row["p_holm"] >= 1.0 - level:
        return f"{agent} and {baseline} cannot be told apart: {size}{_needed(row)}."
    if difference > 0.0:
        return f"{agent} grew more than {baseline}{where}: {size}."
    return f"{agent} grew less than {baseline}{where}: {size}."


def _counted(row: Row, tried: int) -> str:
    against = f" after Holm over the {tried - 1:,} that were tried against it" if tried > 2 else ""
    return f"{chance(row['p_holm'])}{against}"


def _needed(row: Row) -> str:
    needed = row["seasons_needed"]
    if not math.isfinite(needed):
        return "; they grew alike"
    if needed <= row["seasons"]:
        return ""
    return f"; a difference of this size would take about {max(needed, MINIMUM_SEASONS):,.0f} seasons to show"


def _best(spa: Mapping[str, float] | None, baseline: str, level: float) -> Iterator[str]:
    if spa is None:
        return
    p = spa["consistent"]
    shown = "some agent does" if p < 1.0 - level else "it is not shown that any does"
    yield f"Taken together, does any agent beat {baseline}? Hansen's test: {chance(p)}; {shown}."


def _against_nothing(board: Mapping[str, Row], tried: int, level: float, *, where: str) -> Iterator[str]:
    """Sort agents by whether they are shown to have grown, to have shrunk, or neither; ruin speaks for itself."""
    board = {name: row for name, row in board.items() if row["ruined"] < row["plays"]}
    grown = [name for name, row in board.items() if row["growth_low"] > 0.0]
    shrunk = [name for name, row in board.items() if row["growth_high"] < 0.0]
    idle = [name for name, row in board.items() if row["growth_low"] == row["growth_high"] == 0.0]
    others = [name for name in board if name not in {*grown, *shrunk, *idle}]
    if grown:
        told = [_growth(name, board[name], level) for name in grown]
        luck = [f"{name} {board[name]['deflated_sharpe']:.0%}" for name in grown]
        yield (
            f"Better than not betting at all{where}, as far as these plays go: {listed(told)}. That it is more than "
            f"the luck of the best of {tried:,} tried has this probability (deflated Sharpe): {listed(luck)}."
        )
    if shrunk:
        yield f"Worse than not betting at all{where}: {listed([_growth(name, board[name], level) for name in shrunk])}."
    if others:
        yield f"Neither better nor worse than not betting at all, as far as can be told: {listed(others)}."
    if idle:
        yield f"The bankroll never moved: {listed(idle)}."


def _growth(name: str, row: Row, level: float) -> str:
    return f"{name} {signed(row['growth'])} a season ({_interval(row['growth_low'], row['growth_high'], level)})"


def _forecasts(board: Mapping[str, Row], level: float) -> Iterator[str]:
    """Say whose forecasts were closer to the results than the price, and that this is not enough."""
    known = {name: row for name, row in board.items() if not math.isnan(row["excess"])}
    if not known:
        return
    closer = [name for name, row in known.items() if row["excess_high"] < 0.0]
    losing = [name for name in closer if known[name]["growth"] <= 0.0]
    if closer:
        intervals = [_interval(known[name]["excess_low"], known[name]["excess_high"], level, ".4f") for name in closer]
        told = [
            f"{name} ({signed(known[name]['excess'], '.4f')} log-loss a match, {between})"
            for name, between in zip(closer, intervals, strict=True)
        ]
        yield f"Forecasts closer to the results than the price: {listed(told)}."
    else:
        yield "No agent's forecasts are shown to be closer to the results than the price."
    yield (
        "Prices have a margin: a forecast that is closer to the truth than the price is necessary for growth in the "
        f"long run, and not sufficient{f': {listed(losing)} did not grow' if losing else ''}."
    )


def _mann_whitney(differences: pd.DataFrame, *, pooled: bool) -> Iterator[str]:
    if differences["mann_whitney"].isna().all():
        return
    asks = "it asks whose matchdays tend to be better, not who grows more"
    if pooled:
        yield (
            "The Mann-Whitney test pools seeds that share a schedule and its luck, and so overstates significance; and "
            f"{asks}."
        )
    else:
        yield f"The Mann-Whitney test takes matchdays for independent, and {asks}."


def _unfinished(leaderboard: pd.DataFrame) -> Iterator[str]:
    rows = _records(leaderboard)
    failed = [f"{name} {row['failed']}" for name, row in rows.items() if row["failed"]]
    ruined = [f"{name} in {row['ruined']} of {row['plays']}" for name, row in rows.items() if row["ruined"]]
    if failed:
        yield (
            f"Plays that failed: {listed(failed)}. An agent is judged by those that it finished, and differences by "
            "those that both did; seasons in which an agent fails may not be like the others."
        )
    if ruined:
        yield f"Ruined: {listed(ruined)} plays. Matchdays after a ruin count as no growth; the loss is on its day."


def chance(p: float) -> str:
    """Write a p-value; a small one is never 0.

    >>> chance(0.0312), chance(0.00002)
    ('p = 0.031', 'p < 0.001')
    """
    return f"p = {p:.3f}" if p >= 0.0005 else "p < 0.001"


def signed(value: float, form: str = ".3f") -> str:
    """Write a number with its sign, a true minus.

    >>> signed(-0.0312), signed(0.5, ".1f")
    ('−0.031', '+0.5')
    """
    return format(value, f"+{form}").replace("-", "−")


def _interval(low: float, high: float, level: float, form: str = ".3f") -> str:
    if math.isnan(low):
        return "no interval"
    return f"{level * 100:g} % {signed(low, form)} to {signed(high, form)}"


def _records(frame: pd.DataFrame) -> dict[str, Row]:
    names: Sequence[str] = [str(name) for name in frame.index]
    return dict(zip(names, frame.to_dict("records"), strict=True))
