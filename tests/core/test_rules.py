import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from doubles import small_season
from matchday import BetSlip, Episode, Rules
from matchday.bets import SLIP_COLUMNS
from matchday.errors import RuleBroken

SEASON = small_season()


def slip(*rows, **common) -> BetSlip:
    base = {"probability": math.nan, "edge": math.nan, "reason": "", **common}
    return BetSlip(pd.DataFrame([{**base, **row} for row in rows], columns=list(SLIP_COLUMNS)))


def opened(**rules) -> Episode:
    episode = Episode(SEASON, Rules(**rules))
    episode.open()
    return episode


def bet(episode, match=0, selection="home", share=0.1, **changes):
    odds = episode.day.slate.odds
    return {
        "match_id": odds.index[match],
        "selection": selection,
        "odds": float(odds[selection].iloc[match]),
        "share": share,
        **changes,
    }


BROKEN = {
    "a negative share": ({"share": -0.01}, "negative"),
    "a share that is not a number": ({"share": math.nan}, "finite number"),
    "an infinite share": ({"share": math.inf}, "finite number"),
    "a share of more than the bankroll": ({"share": 1.5}, "at most 1"),
    "a share in words": ({"share": "all"}, "finite number"),
    "a match of another day": ({"match_id": SEASON.matches.index[0]}, "no such match that day"),
    "an unknown selection": ({"selection": "over_3_5"}, "not on offer that day; offered: home, draw"),
    "odds that moved": ({"odds": 9.99}, "are not the odds on offer"),
    "odds that are not a number": ({"odds": math.nan}, "are not the odds on offer"),
    "a share beyond float64": ({"share": 10**400}, "finite number"),
    "a share that is True": ({"share": True}, "finite number"),
    "a match that is a list": ({"match_id": ["x"]}, "no such match that day"),
    "a selection that is a dict": ({"selection": {}}, "not on offer that day"),
    "odds that are missing": ({"odds": pd.NA}, "are not the odds on offer"),
    "a probability in words": ({"probability": "high"}, "or NaN for no opinion"),
    "an infinite edge": ({"edge": math.inf}, "or NaN for no opinion"),
    "a probability above 1": ({"probability": 1.2}, r"not in \[0, 1\]"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_slip_with_one_bad_bet_is_refused_whole_and_nothing_changes(case):
    changes, message = BROKEN[case]
    episode = opened()
    bad = slip(bet(episode), {**bet(episode, match=1), **changes})
    with pytest.raises(RuleBroken, match=message):
        episode.place(bad)
    assert (episode.state, episode.bankroll) == ("open", 100.0)
    assert len(episode.place(slip(bet(episode))).bets) == 1


@given(share=st.floats(allow_nan=True, allow_infinity=True), odds=st.floats(), times=st.integers(1, 3))
def test_whatever_the_numbers_a_slip_is_placed_as_it_is_or_changes_nothing(share, odds, times):
    episode = opened(without_bet="off")
    good = bet(episode)["odds"]
    try:
        placed = episode.place(slip(*[bet(episode, share=share, odds=odds)] * times))
    except RuleBroken as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is right, and each is checked
        assert (episode.state, episode.bankroll) == ("open", 100.0)
    else:
        assert times == 1
        assert odds == good
        assert sum(b.stake for b in placed.bets) <= 10_000


@given(st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_stakes_never_exceed_the_bankroll(shares):
    episode = opened(without_bet="off")
    try:
        placed = episode.place(slip(*[bet(episode, match=i, share=share) for i, share in enumerate(shares)]))
    except RuleBroken:
        assert sum(shares) > 1
        assert episode.bankroll == 100.0
    else:
        assert sum(b.stake for b in placed.bets) <= 10_000


@pytest.mark.parametrize("missing", [None, pd.NA, math.nan])
def test_a_bet_without_an_opinion_is_a_bet(missing):
    episode = opened()
    (placed,) = episode.place(slip(bet(episode, probability=missing, edge=missing, reason=None))).bets
    assert math.isnan(placed.probability)
    assert placed.reason == ""


def test_numbers_of_numpy_are_numbers():
    episode = opened()
    row = {**bet(episode), "share": np.float32(0.25), "probability": np.int64(1)}
    assert episode.place(slip(row)).bets[0].stake == 2500


def test_a_column_twice_is_refused():
    episode = opened()
    frame = slip(bet(episode)).bets
    with pytest.raises(RuleBroken, match="a column stands in it twice"):
        episode.place(BetSlip(pd.concat([frame, frame[["odds"]]], axis=1)))


def test_an_empty_slip_is_nobodys_to_spoil():
    BetSlip.empty().bets.insert(0, "new", 1.0)
    assert "new" not in BetSlip.empty().bets


def test_a_bet_twice_on_one_slip_is_refused():
    episode = opened()
    with pytest.raises(RuleBroken, match="stands on the slip 2 times"):
        episode.place(slip(bet(episode), bet(episode)))


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ({"bet_limit": 0.05}, [{}]),
        ({"match_limit": 0.15}, [{}, {"selection": "draw"}]),
        ({"matchday_limit": 0.15}, [{}, {"match": 1}]),
        ({"bets_per_match": 1}, [{}, {"selection": "draw"}]),
    ],
)
def test_each_limit_refuses_what_is_over_it_and_names_itself(rule, rows):
    episode = opened(**rule)
    with pytest.raises(RuleBroken, match=f"rule: {next(iter(rule))}"):
        episode.place(slip(*[bet(episode, **row) for row in rows]))


def test_a_stake_below_the_minimum_bet_is_dropped_on_record():
    episode = opened(minimum_bet=1.0)
    placed = episode.place(slip(bet(episode, share=0.05), bet(episode, match=1, share=0.0099)))
    assert [b.stake for b in placed.bets] == [500]
    assert "stake 0.99 is below the minimum bet" in placed.dropped[0]


def test_a_matchday_without_a_bet_gets_a_penny_on_the_shortest_price_marked_as_forced():
    episode = opened()
    (forced,) = episode.place(BetSlip.empty()).bets
    assert forced.forced
    assert forced.stake == 1
    assert forced.odds == episode.day.slate.odds.min(axis=None)


def test_settling_without_placing_counts_as_an_empty_slip():
    episode = opened()
    assert [each.bet.forced for each in episode.settle().settlement.bets] == [True]


def test_where_the_rules_refuse_a_day_without_a_bet_the_episode_does_not_advance():
    episode = opened(without_bet="refuse")
    for step in (lambda: episode.place(BetSlip.empty()), episode.settle):
        with pytest.raises(RuleBroken, match="at least one a matchday"):
            step()
        assert (episode.state, episode.bankroll) == ("open", 100.0)


def test_where_no_bet_is_asked_for_none_is_placed():
    assert opened(without_bet="off").settle().settlement.bets == ()


def test_where_nothing_is_on_offer_the_obligation_lapses():
    season = small_season()
    season.quotes.iloc[season.first : season.first + 3] = math.nan
    episode = Episode(season, Rules(without_bet="refuse"))
    episode.open()
    assert episode.place(BetSlip.empty()).bets == ()


def test_ruin_ends_the_episode_with_a_finite_log_growth():
    season = small_season(odds={"home": 1.01, "draw": 30.0, "away": 40.0})
    season.matches.loc[season.played.index, ["home_goals", "away_goals"]] = [1, 0]
    episode = Episode(season, Rules())
    episode.open()
    episode.place(slip(bet(episode, selection="draw", share=1.0)))
    episode.settle()
    assert episode.state == "over"
    closed = episode.close()
    assert (closed.reason, closed.bankroll_end) == ("ruined", 0)
    assert closed.log_growth == pytest.approx(-math.log(10_000))


STEPS = ("open", "place", "settle", "close")


@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_a_step_out_of_turn_is_refused_and_changes_nothing(steps):
    allowed = {
        "waiting": {"open"},
        "open": {"place", "settle"},
        "placed": {"settle"},
        "over": {"close"},
        "closed": set(),
    }
    episode = Episode(SEASON)
    for step in steps:
        before = (episode.state, episode.bankroll, episode.day)
        call = (lambda: episode.place(BetSlip.empty())) if step == "place" else getattr(episode, step)
        if step in allowed[episode.state]:
            call()
        else:
            with pytest.raises(RuleBroken, match=r"possible now"):
                call()
            assert (episode.state, episode.bankroll, episode.day) == before


NONSENSE = [
    {"bankroll": 0},
    {"bankroll": 1.005},
    {"bankroll": math.nan},
    {"bankrol": 5},
    {"bet_limit": 0},
    {"without_bet": "never"},
    {"selections": []},
    {"selections": ["hom"]},
    {"selections": ["home", "home"]},
]


@pytest.mark.parametrize("bad", NONSENSE)
def test_rules_that_make_no_sense_are_refused(bad):
    with pytest.raises(ValidationError):
        Rules(**bad)


def test_only_the_selections_of_the_rules_are_on_offer():
    episode = opened(selections=("home", "away"))
    assert list(episode.day.slate.odds.columns) == ["home", "away"]
