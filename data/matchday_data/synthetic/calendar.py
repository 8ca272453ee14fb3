"""A season's calendar: a double round robin over weekends and midweeks, with television days and postponements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchday_data.synthetic.scorelines import Ints

Dates = npt.NDArray[np.datetime64]

#: Weekends from the first Saturday; those of internationals (3, 8, 13, 32) and of the cups stay free of the league.
WEEKENDS = 41
FREE = (3, 8, 13, 20, 24, 29, 32, 35)
#: Weeks that get a midweek round before their weekend, in the order in which they are needed.
MIDWEEKS = (19, 16, 26, 34, 37, 22, 28, 11, 5, 31, 14, 39, 7)
LEAGUE_WEEKENDS = tuple(week for week in range(WEEKENDS) if week not in FREE)
#: The most clubs whose rounds find room in the weeks above.
MOST_CLUBS = (len(LEAGUE_WEEKENDS) + len(MIDWEEKS)) // 2 + 1

#: Days counted from the week's Saturday.
TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY = -4, -3, -1, 0, 1, 2

#: Chances of a Friday and of a Monday match in a round, the share of Sunday, the chance of a winter postponement.
FRIDAY_CHANCE, MONDAY_CHANCE, SUNDAY_SHARE, POSTPONED = 0.4, 0.8, 0.27, 0.012
WINTER = range(14, 33)
#: Days between two matches of a club, at least.
REST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Fixtures:
    """A season's matches in order of play; all arrays (matches,), clubs counted from 0.

    ``date`` is datetime64[D], ``kickoff`` datetime64[m]; ``home_turn`` and ``away_turn`` count each club's matches.
    """

    date: Dates
    kickoff: Dates
    home: Ints
    away: Ints
    home_turn: Ints
    away_turn: Ints


def draw_calendar(rng: np.random.Generator, *, year: int, clubs: int) -> Fixtures:
    """Draw the fixtures of the season that begins in August of ``year``; every pair meets at home and away."""
    labels = rng.permutation(clubs)
    pairs = labels[double_round_robin(clubs)]
    weeks, midweek = _slots(len(pairs))
    day, clock = _days(rng, weeks, midweek, matches=clubs // 2)
    when = weeks[:, None] * 7 + day
    _postpone(rng, pairs, when, clock, weeks)
    return _in_order(first_saturday(year), pairs.reshape(-1, 2), when.ravel(), clock.ravel())


def double_round_robin(clubs: int) -> Ints:
    """Pair ``clubs`` (even) by the circle method: (2(clubs−1), clubs/2, 2), home before away, halves mirrored.

    >>> double_round_robin(4)[:3].tolist()
    [[[0, 3], [1, 2]], [[3, 1], [2, 0]], [[2, 3], [0, 1]]]
    """
    circle = clubs - 1
    turn, seat = np.arange(circle)[:, None], np.arange(clubs // 2)[None, :]
    one, other = (turn + seat) % circle, (turn - seat) % circle
    other[:, 0] = circle
    swap = np.where(seat == 0, turn % 2 == 1, seat % 2 == 0)
    first = np.stack([np.where(swap, other, one), np.where(swap, one, other)], axis=-1)
    return np.concatenate([first, first[..., ::-1]]).astype(np.int64)


def first_saturday(year: int) -> np.datetime64:
    """Find the Saturday on which the season opens: between 10 and 16 August."""
    tenth = np.datetime64(f"{year}-08-10", "D")
    return np.datetime64(np.busday_offset(tenth, 0, roll="forward", weekmask="Sat"))


def _slots(rounds: int) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Choose each round's week, and whether it is played midweek; in order of play."""
    if rounds <= len(LEAGUE_WEEKENDS):
        chosen = np.linspace(0, len(LEAGUE_WEEKENDS) - 1, rounds).round().astype(int)
        return np.array(LEAGUE_WEEKENDS)[chosen], np.zeros(rounds, dtype=np.bool_)
    midweeks = MIDWEEKS[: rounds - len(LEAGUE_WEEKENDS)]
    slots = sorted([(week, 1) for week in LEAGUE_WEEKENDS] + [(week, 0) for week in midweeks])
    week, weekend = np.array(slots).T
    return week, weekend == 0


def _days(rng: np.random.Generator, weeks: Ints, midweek: npt.NDArray[np.bool_], *, matches: int) -> tuple[Ints, Ints]:
    """Choose each match's day, counted from the week's Saturday, and kick-off in minutes: both (rounds, matches)."""
    friday, monday, sunday = (count[:, None] for count in _television(rng, weeks, midweek, matches))
    rank = rng.permuted(np.tile(np.arange(matches), (len(weeks), 1)), axis=1)
    ends = [friday, friday + monday, friday + monday + sunday]
    day = np.select([rank < end for end in ends], [FRIDAY, MONDAY, SUNDAY], SATURDAY)
    tuesday = rank < rng.binomial(matches, 0.5, size=len(weeks))[:, None]
    day = np.where(midweek[:, None], np.where(tuesday, TUESDAY, WEDNESDAY), day)
    clock = _kickoffs(day, rank, first_saturday_match=ends[2])
    day[-1], clock[-1] = SUNDAY, _clock(16)
    return day, clock


def _kickoffs(day: Ints, rank: Ints, *, first_saturday_match: Ints) -> Ints:
    """Choose kick-offs in minutes: early, mid-afternoon and late on Saturdays, the last match of Sundays later."""
    first, last = first_saturday_match, rank.shape[1] - 1
    saturday = (day == SATURDAY) & (last > first)
    special: list[tuple[npt.NDArray[np.bool_], Ints | int]] = [
        ((day == FRIDAY) | (day == MONDAY), _clock(20)),
        (day == SUNDAY, np.where(rank == first - 1, _clock(16, 30), _clock(14))),
        ((day == TUESDAY) | (day == WEDNESDAY), np.where(rank == last, _clock(20, 15), _clock(19, 45))),
        (saturday & (rank == last), _clock(17, 30)),
        (saturday & (rank == first) & (last > first + 1), _clock(12, 30)),
    ]
    return np.select([where for where, _ in special], [np.asarray(clock) for _, clock in special], _clock(15))


def _television(
    rng: np.random.Generator, weeks: Ints, midweek: npt.NDArray[np.bool_], matches: int
) -> tuple[Ints, Ints, Ints]:
    """Count each round's matches on Friday, Monday and Sunday; no Monday before a midweek round."""
    small = matches < 4
    friday = (rng.random(len(weeks)) < FRIDAY_CHANCE).astype(np.int64)
    friday[0] = 1
    busy = np.isin(weeks + 1, weeks[midweek])
    monday = ((rng.random(len(weeks)) < MONDAY_CHANCE) & ~busy).astype(np.int64)
    sunday = round(matches * SUNDAY_SHARE) + rng.integers(-1, 2, size=len(weeks))
    if small:
        return friday * 0, monday * 0, sunday.clip(0, 1)
    return friday, monday, sunday.clip(1, matches - 2)


def _clock(hour: int, minute: int = 0) -> int:
    return 60 * hour + minute


def _postpone(rng: np.random.Generator, pairs: Ints, when: Ints, clock: Ints, weeks: Ints) -> None:
    """Move a few winter matches to the first later Wednesday on which both clubs are free; in place."""
    drawn = (rng.random(when.shape) < POSTPONED) & ((weeks >= WINTER[0]) & (weeks <= WINTER[-1]))[:, None]
    for turn, seat in np.argwhere(drawn):
        one, other = pairs[turn, seat]
        club_days = when[((pairs == one) | (pairs == other)).any(axis=2)]
        wednesdays = 7 * np.arange(weeks[turn] + 3, weeks[-1] + 1) + WEDNESDAY
        free = (np.abs(wednesdays[:, None] - club_days) >= REST).all(axis=1)
        if free.any():
            when[turn, seat], clock[turn, seat] = wednesdays[free.argmax()], _clock(19, 45)


def _in_order(opening: np.datetime64, pairs: Ints, when: Ints, clock: Ints) -> Fixtures:
    order = np.lexsort((pairs[:, 0], clock, when))
    date = opening + when[order].astype("timedelta64[D]")
    kickoff = date.astype("datetime64[m]") + clock[order].astype("timedelta64[m]")
    home, away = pairs[order].T
    turns = _turns(pairs[order])
    return Fixtures(date, kickoff, home, away, turns[:, 0], turns[:, 1])


def _turns(pairs: Ints) -> Ints:
    """Count each club's matches in order of play, from 0: (matches, 2)."""
    clubs = pairs.ravel()
    each = np.bincount(clubs)
    counted = np.empty_like(clubs)
    counted[np.argsort(clubs, kind="stable")] = np.tile(np.arange(each[0]), len(each))
    return counted.reshape(-1, 2)
