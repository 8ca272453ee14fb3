"""The command ``advise``: what an agent would bet today."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from rich.markup import escape

from matchday.advice import Advice, advise
from matchday.cli import screen
from matchday.cli.bets import KNOWN, BetColumns, bet_row, money
from matchday.cli.explaining import INDENT, Day, bets_told, indented, paired, plain_text, remarks_of, totals_told
from matchday.cli.options import Choice, assignment, choose_agent
from matchday.encoding import encode, plain
from matchday.errors import MatchdayError
from matchday.forecastcache import ForecastCache
from matchday.markets import MARKETS
from matchday.money import to_units
from matchday.rules import Rules
from matchday.season import Season, season_year
from matchday.slatefile import VERSUS, read_slate
from matchday.upcoming import newcomers, season_of, season_so_far, with_slate

Output = Literal["screen", "csv", "json"]

#: Days without a match, in a season, after which the source may not be up to date.
STALE = 21

#: Σ 1/odds of a market between which a price raises no eyebrows.
MARGINS = (0.97, 1.4)

FIELDS = ("date", "match", "selection", "probability", "odds", "edge", "share", "stake", "reason", "forced")


def advise_today(
    target: str,
    choice: Choice,
    *,
    slate: str,
    date: str | None,
    newcomer: Sequence[str],
    overrides: Sequence[str],
    forecasts: Path | None,
    output: Output,
) -> None:
    """Ask an agent about a slate; everything is checked before it begins to think."""
    agent, choice = choose_agent(target, choice, overrides)
    file = read_slate(slate)
    day = _date(date) or file.date() or datetime.date.today()
    fixtures = file.on(day)
    today, choice = choice.bankroll, _beginning(choice)
    rules, source = choice.rules_of(None), choice.open_source()
    name = choice.season or season_of(day)
    so_far = season_so_far(source, name)
    new = newcomers(so_far, fixtures, expected=newcomer)
    season = with_slate(so_far, fixtures, date=day, prices=rules.prices, name=name)
    _remark(file.name, so_far, season, new)
    for told in _unlikely(season, rules):
        screen.remark(f"{file.name}: {told}")
    if forecasts is not None:
        agent = ForecastCache(forecasts.expanduser()).lend(agent, season, rules, seed=choice.seed)
    advice = advise(agent, season, rules, bankroll=today, seed=choice.seed)
    {"screen": _show, "csv": _print_csv, "json": _print_json}[output](advice, season)


def _remark(slate: str, so_far: Season, season: Season, new: Sequence[str]) -> None:
    """Say what is not wrong and may yet be a mistake."""
    league = f"{season.source} {season.competition}"
    if season_year(season.name) > season_year(so_far.name) + 1:
        screen.remark(f"the latest season of {league} is {so_far.name}, the slate's is {season.name}")
    if len(so_far.matches) and so_far.name == season.name:
        last, day = so_far.matches["date"].iloc[-1], season.matches["date"].iloc[-1]
        if (day - last).days > STALE:
            screen.remark(
                f"the latest match of {league} before {day:%Y-%m-%d} is of {last:%Y-%m-%d}; fetch what is new"
            )
    for club in new:
        screen.remark(f"{slate}: {club!r} is new to {league}; taken as a newcomer")


def _unlikely(season: Season, rules: Rules) -> Iterator[str]:
    """Say which of the day's prices look like slips of the pen: markets whose Σ 1/odds no bookmaker offers."""
    offered = season.odds(rules.prices)[(season.matches["date"] == season.matches["date"].iloc[-1]).to_numpy()]
    for market in MARKETS:
        if set(market.selections) <= set(offered.columns):
            total = (1.0 / offered[list(market.selections)]).sum(axis=1, skipna=False)
            for match_id, each in total[(total < MARGINS[0]) | (total > MARGINS[1])].items():
                yield f"Σ 1/odds of {market.name} is {each:.3f} on {match_id}; look for a slip of the pen"


def _date(text: str | None) -> datetime.date | None:
    try:
        return None if text is None else datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise MatchdayError(f"--date {text!r} is not a date; rule: year-month-day, as 2026-08-15.") from None


def _beginning(choice: Choice) -> Choice:
    """Let the season begin with what there is today, unless a rule says with what it did."""
    began = any(assignment(rule)[0] == "bankroll" for rule in choice.rules)
    return dataclasses.replace(choice, bankroll=None) if began else choice


def _show(advice: Advice, season: Season) -> None:
    """Print the advice as a person reads it, as ``--explain`` tells a matchday of a run."""
    opened = advice.opened
    day = Day(opened.matchday, [json.loads(encode(event)) for event in advice.events()])
    screen.out.print(
        f"[bold]{escape(advice.agent)}[/] on {opened.day.date}, matchday {opened.matchday} of {season.source} "
        f"{season.competition} {season.name}",
        soft_wrap=True,
    )
    facts = [("bankroll", _bankroll(advice)), ("history", _history(season, advice))]
    remarks = [(label, plain_text(text, day)) for event in day.events for label, text in remarks_of(event)]
    screen.out.print(indented(paired([*facts, *remarks, *totals_told(day)])))
    if advice.bets:
        bets = [(bet, bet_row(bet, 0, clubs=day.clubs)[: len(KNOWN)]) for bet in map(plain, advice.bets)]
        columns = BetColumns.fit([row for _, row in bets], indent=INDENT, names=KNOWN)
        screen.out.print()
        for part in bets_told(bets, day, columns):
            screen.out.print(part)
    screen.out.print(f"\n{_total(advice)}", soft_wrap=True)


def _bankroll(advice: Advice) -> str:
    start, left = map(money, advice.so_far)
    so_far = f"; the agent's own season so far: {start} -> {left}" if advice.opened.matchday > 1 else ""
    return f"{money(advice.opened.bankroll)}{so_far}"


def _history(season: Season, advice: Advice) -> str:
    matches = advice.opened.day.history.matches
    if matches.empty:
        return "none"
    current = int((matches["season"] == season.name).sum())
    last = matches["date"].max().date()
    return f"{len(matches):,} matches, {current:,} of this season; the last on {last}"


def _total(advice: Advice) -> str:
    number = len(advice.bets)
    if not number:
        return f"no bet of {money(advice.opened.bankroll)}"
    growth = "" if advice.growth is None else f"; expected log growth {advice.growth:+.6f}"
    on = "1 bet" if number == 1 else f"{number} bets"
    return f"{money(advice.staked)} of {money(advice.opened.bankroll)} on {on}{growth}"


def _print_json(advice: Advice, season: Season) -> None:
    print(json.dumps(as_object(advice, season), allow_nan=False))


def _print_csv(advice: Advice, season: Season) -> None:  # noqa: ARG001 - all outputs are called alike
    """Print the bets as CSV; what is no bet and yet matters goes to stderr."""
    for note in ([f"refused: {advice.refused}"] if advice.refused else []) + list(advice.placed.dropped):
        screen.remark(note)
    table = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    table.writeheader()
    for bet in _listed(advice):
        table.writerow({"date": advice.opened.day.date, **bet, "forced": str(bet["forced"]).lower()})


def as_object(advice: Advice, season: Season) -> dict[str, Any]:
    """Write an advice as one object: money in currency units with two decimals, None for what is not known."""
    return {
        "agent": advice.agent,
        "date": advice.opened.day.date.isoformat(),
        "source": season.source,
        "season": season.name,
        "bankroll": to_units(advice.opened.bankroll),
        "staked": to_units(advice.staked),
        "growth": plain(advice.growth),
        "bets": _listed(advice),
        "refused": advice.refused or None,
        "dropped": list(advice.placed.dropped),
        "notes": list(advice.placed.notes),
        "diagnoses": plain(advice.decision.diagnoses),
    }


def _listed(advice: Advice) -> list[dict[str, Any]]:
    fixtures = advice.opened.day.slate.fixtures
    clubs = dict(zip(fixtures.index, fixtures["home"] + VERSUS + fixtures["away"], strict=True))
    return [
        {
            "match": clubs[bet.match_id],
            **{name: plain(getattr(bet, name)) for name in ("selection", "probability", "odds", "edge", "share")},
            "stake": to_units(bet.stake),
            "reason": bet.reason,
            "forced": bet.forced,
        }
        for bet in advice.bets
    ]
