"""Why each bet was placed as it was: a run's events, as a person reads them, matchday by matchday.

The bets of a matchday stand with the chain behind each; asked for one matchday, all forecasts and candidates do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding

from matchday.cli.bets import BetColumns, Row, bet_row, money
from matchday.cli.chain import Chain, Key
from matchday.cli.screen import table
from matchday.errors import MatchdayError
from matchday.markets import SELECTIONS
from matchday.places import located
from matchday.wording import figure, printable

INDENT = 2

Event = dict[str, Any]
Told = list[RenderableType]


@dataclass(frozen=True, slots=True)
class Day:
    """What is on record of one matchday; number 0 holds what belongs to none."""

    number: int
    events: list[Event] = field(default_factory=list)

    def one(self, kind: str) -> Event:
        """Find the day's only event of a kind; empty where there is none."""
        return next((each for each in self.events if each["event"] == kind), {})

    @property
    def settlement(self) -> Event:
        """How the bets were paid; empty before that."""
        found: Event = self.one("MatchdaySettled").get("settlement", {})
        return found

    @property
    def bets(self) -> list[tuple[Event, Row]]:
        """The settled bets, each with its row of the table."""
        clubs, settled = self.clubs, self.settlement.get("bets", [])
        return [(each["bet"], bet_row(each["bet"], each["payout"], clubs=clubs)) for each in settled]

    @property
    def chain(self) -> Chain:
        """What led to the bets."""
        return Chain.of(self.events)

    def odds(self, match_id: str) -> list[str]:
        """Write the odds on offer on a match, selection by selection."""
        offered = self.one("MatchdayOpened")["day"]["odds"]
        place = offered["index"].index(match_id)
        return [figure(offered[name][place], ".2f") if name in offered else "" for name in SELECTIONS]

    @property
    def clubs(self) -> dict[str, str]:
        """Who plays, by match id."""
        fixtures = self.one("MatchdayOpened").get("day", {}).get("fixtures")
        if fixtures is None:
            return {}
        matches = zip(fixtures["index"], fixtures["home"], fixtures["away"], strict=True)
        return {match_id: f"{home} v {away}" for match_id, home, away in matches}


def explain(run_id: str, lines: Iterable[str], *, matchday: int | None = None) -> Group:
    """Turn a run's event lines into what a person reads, of one matchday or of all that are on record.

    Raises ``MatchdayError`` where the matchday asked for is not on record.
    """
    days = _by_matchday(lines)
    over = days[0].one("SeasonClosed")
    chosen = [*days.values()] if matchday is None else [_picked(run_id, days, matchday)]
    columns = BetColumns.fit([row for day in chosen for _, row in day.bets], indent=INDENT)
    end = [] if over or matchday is not None else ["", "The record ends here, the season does not."]
    told = (_told(day, columns, whole=matchday is not None) for day in chosen)
    return Group(*_spaced(told), *end)


def _by_matchday(lines: Iterable[str]) -> dict[int, Day]:
    days = {0: Day(0)}
    for event in map(json.loads, lines):
        number = event.get("matchday") or event.get("day", {}).get("number", 0)
        days.setdefault(number, Day(number)).events.append(event)
    return days


def _picked(run_id: str, days: dict[int, Day], number: int) -> Day:
    if number < 1 or number not in days:
        raise MatchdayError(f"Run {run_id!r}: matchday {number} is not on record; on record: 1 to {max(days)}.")
    return days[number]


def _spaced(days: Iterable[Told]) -> Iterator[RenderableType]:
    """Set matchdays apart that take more than a line."""
    last = 2
    for told in filter(None, days):
        if max(last, len(told)) > 1:
            yield ""
        yield from told
        last = len(told)


def _told(day: Day, columns: BetColumns, *, whole: bool) -> Told:
    """Tell a matchday: in one line where nothing but a forced bet happened, unless the ``whole`` of it is asked for."""
    remarks = [(label, plain_text(text, day)) for event in day.events for label, text in remarks_of(event)]
    if not (whole or remarks or not all(bet["forced"] for bet, _ in day.bets)):
        return [paired([(_heading(day), _forced(day))])] if day.number else []
    remarks += totals_told(day)
    listed = [indented(paired(remarks))] if remarks else []
    return [_heading(day), *listed, *(forecasts_told(day) if whole else ()), *bets_told(day.bets, day, columns)]


def _heading(day: Day) -> str:
    if not day.number:
        return "[bold]before the first matchday[/]"
    opened = day.one("MatchdayOpened")
    return f"[bold]matchday {day.number:<3}[/] {opened['day']['date']}  {_change(opened['bankroll'], day)}"


def _change(before: int, day: Day) -> str:
    """What the matchday did to the bankroll."""
    if not day.settlement:
        return f"{money(before)}, not settled"
    after = day.settlement["after"]
    return f"{money(before)} -> {money(after)}  {money(after - before, '+')}"


def _forced(day: Day) -> str:
    told = [f"{clubs} {selection} at {odds}, {came}" for _, (clubs, selection, odds, *_, came, _) in day.bets]
    return f"forced: {escape('; '.join(told))}" if told else "no bet"


def remarks_of(event: Event) -> list[tuple[str, str]]:
    """What an event says of a matchday beside its bets: pairs of a label and a text."""
    match event:
        case {"event": "Diagnosed", "diagnosis": {"alarm": alarm, "message": message} as seen} if alarm or message:
            return [("alarm" if alarm else "watch", _observed(seen))]
        case {"event": "ActionTaken", "component": who, "action": action, "cause": cause}:
            return [("action", f"{who}: {action} ({cause})" if cause else f"{who}: {action}")]
        case {"event": "Consulted", "consultation": {"component": who, "action": action, "failure": failure}}:
            return [("asked", f"{who}: {action}, {failure}" if failure else f"{who}: {action}")]
        case {"event": "ComponentFailed", "message": message}:
            return [("failed", located(message, event.get("place")))]
        case {"event": "SlipRefused", "reason": reason}:
            return [("refused", reason)]
        case {"event": "SlipPlaced", "notes": notes, "dropped": dropped}:
            return [*(("note", each) for each in notes), *(("dropped", each) for each in dropped)]
    return []


def _observed(seen: Event) -> str:
    where = f" on {seen['match_id']}" if seen["match_id"] else ""
    message = f": {seen['message']}" if seen["message"] else ""
    return f"{seen['source']}: {seen['measure']} {figure(seen['value'], '.4g')}{where}{message}"


def plain_text(text: str, day: Day) -> str:
    """Write what a third party says on one line, its markup escaped, with the clubs in place of match ids."""
    clubs = day.clubs
    if clubs:
        named = "|".join(re.escape(match_id) for match_id in sorted(clubs, key=len, reverse=True))
        text = re.sub(rf"(?<!\w)(?:{named})(?!\w)", lambda found: clubs[found[0]], text)
    return escape(" ".join(printable(text).split()))


def totals_told(day: Day) -> list[tuple[str, str]]:
    """Tell how many edges there were, and how much was staked on them, after each step of the chain."""
    return [(label, plain_text(text, day)) for label, text in day.chain.totals()]


def forecasts_told(day: Day) -> Iterator[RenderableType]:
    """Tell what everybody forecast of every match, and which candidates there is no bet on."""
    chain, clubs = day.chain, day.clubs
    shown = table("forecast<", "of<", *SELECTIONS)
    for match_id, said in chain.forecasts():
        for place, (who, row) in enumerate([*said, ("odds", day.odds(match_id))]):
            shown.add_row(escape(clubs.get(match_id, match_id)) if place == 0 else "", plain_text(who, day), *row)
    if shown.row_count:
        yield indented(shown)
    if left := chain.left():
        told = "; ".join(f"{clubs.get(match_id, match_id)} {name} {why}" for (match_id, name), why in left)
        yield indented(paired([("no bet", plain_text(told, day))]))


def bets_told(bets: Iterable[tuple[Event, Row]], day: Day, columns: BetColumns) -> Iterator[RenderableType]:
    """Tell bets, each with what led to it, and beneath those in a row that have the same reason what it is."""
    chain, headed = day.chain, True
    for reason, group in groupby(bets, key=lambda pair: str(pair[0]["reason"])):
        rows: list[Row] = []
        for behind, same in groupby(group, key=lambda pair: chain.behind(_key(pair[0]))):
            some = [row for _, row in same]
            yield indented(columns.table(some, headed=headed))
            rows, headed = rows + some, False
            if behind:
                yield _beneath(some, behind, day)
        if reason:
            yield _beneath(rows, reason, day)


def _beneath(rows: Sequence[Row], text: str, day: Day) -> RenderableType:
    """Set a text beneath the bets that it is of."""
    these = f"these {len(rows)}: " if len(rows) > 1 else ""
    return indented(f"[dim]{these}{plain_text(text, day)}[/]", by=2 * INDENT)


def _key(bet: Event) -> Key:
    return str(bet["match_id"]), str(bet["selection"])


def paired(pairs: Sequence[tuple[str, str]]) -> RenderableType:
    """Set texts beside their labels, so that a long one stays beside its own."""
    shown = table("label<", "text<")
    shown.show_header, shown.columns[0].no_wrap = False, True
    for pair in pairs:
        shown.add_row(*pair)
    return shown


def indented(part: RenderableType, *, by: int = INDENT) -> Padding:
    """Set a part in from the left."""
    return Padding(part, (0, 0, 0, by), expand=False)
