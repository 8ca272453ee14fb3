"""The calendar of the synthetic league."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchday_data.synthetic.calendar import MOST_CLUBS, REST, Fixtures, double_round_robin, draw_calendar
from matchday_data.synthetic.league import Nature

SUNDAY = 6
EVEN = st.integers(2, MOST_CLUBS // 2).map(lambda half: 2 * half)


def calendar(seed: int = 0, *, year: int = 2003, clubs: int = 20) -> Fixtures:
    return draw_calendar(np.random.default_rng(seed), year=year, clubs=clubs)


@given(clubs=EVEN)
def test_every_pair_meets_once_at_each_ground_and_every_club_plays_in_every_round(clubs: int) -> None:
    rounds = double_round_robin(clubs)
    meetings = {tuple(pair) for pair in rounds.reshape(-1, 2).tolist()}
    assert meetings == {(a, b) for a in range(clubs) for b in range(clubs) if a != b}
    assert (np.sort(rounds.reshape(len(rounds), -1)) == np.arange(clubs)).all()


@pytest.mark.parametrize("clubs", [4, 10, 20, 24])
def test_no_club_plays_more_than_three_times_running_at_home_or_away(clubs: int) -> None:
    rounds = double_round_robin(clubs)
    at_home = np.stack([(rounds[..., 0] == club).any(axis=1) for club in range(clubs)])
    for running in at_home.astype(int):
        streaks = np.diff(np.flatnonzero(np.diff(running, prepend=-1, append=-1)))
        assert streaks.max() <= 3


@given(seed=st.integers(0, 1000), clubs=EVEN, year=st.integers(1990, 2024))
@settings(max_examples=60, deadline=None)
def test_every_club_rests_between_matches_and_the_season_lasts_from_august_to_may(
    seed: int, clubs: int, year: int
) -> None:
    fixtures = calendar(seed, year=year, clubs=clubs)
    assert len(fixtures.date) == clubs * (clubs - 1)
    assert (np.diff(fixtures.kickoff).astype(int) >= 0).all() or (np.diff(fixtures.date).astype(int) >= 0).all()
    assert np.datetime64(f"{year}-08-01") < fixtures.date[0] < np.datetime64(f"{year}-09-01")
    assert np.datetime64(f"{year + 1}-05-01") < fixtures.date[-1] < np.datetime64(f"{year + 1}-06-01")
    for club in range(clubs):
        own = fixtures.date[(fixtures.home == club) | (fixtures.away == club)]
        assert np.diff(own).astype(int).min() >= REST


def test_turns_count_each_club_s_matches_in_order_of_play() -> None:
    fixtures = calendar()
    for club in range(20):
        at_home = fixtures.home == club
        own = at_home | (fixtures.away == club)
        turns = np.where(at_home, fixtures.home_turn, fixtures.away_turn)[own]
        assert turns.tolist() == list(range(38))


def test_twenty_clubs_play_on_about_a_hundred_and_ten_dates_mostly_saturdays() -> None:
    dates = [calendar(seed).date for seed in range(40)]
    counts = [len(np.unique(each)) for each in dates]
    assert min(counts) >= 98
    assert max(counts) <= 125
    assert 105 <= np.mean(counts) <= 118
    weekday = (np.concatenate(dates).astype(int) + 3) % 7
    share = np.bincount(weekday, minlength=7) / len(weekday)
    assert 0.45 < share[5] < 0.58
    assert 0.2 < share[SUNDAY] < 0.32
    assert 0.08 < share[1] + share[2] < 0.18
    assert share[3] == 0


def test_the_last_round_is_played_at_one_time() -> None:
    fixtures = calendar()
    assert len(set(fixtures.kickoff[-10:].tolist())) == 1
    assert (fixtures.date[-1].astype(int) + 3) % 7 == SUNDAY


def test_some_winter_matches_are_postponed_to_later_midweeks() -> None:
    moved = []
    for seed in range(30):
        fixtures = calendar(seed)
        dates, played = np.unique(fixtures.date, return_counts=True)
        moved += [
            date for date, count in zip(dates, played, strict=True) if count <= 2 and (date.astype(int) + 3) % 7 == 2
        ]
    assert 20 <= len(moved) <= 150


def test_the_league_takes_as_many_clubs_as_the_calendar_has_room_for() -> None:
    bound = next(m.le for m in Nature.model_fields["clubs"].metadata if hasattr(m, "le"))
    assert bound == MOST_CLUBS == 24
