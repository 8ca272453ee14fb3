"""Features: computed from the past alone, the same day by day as all at once, and worth what they say."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doubles import small_season
from matchday import Catalogue, History, Matchday, MatchdayError, Slate
from matchday_plugins.features.builder import FeatureBuilder
from matchday_plugins.features.groups import GROUPS, describe, features_of, known_groups
from matchday_plugins.features.perclub import FadingMean, PerClub
from matchday_plugins.features.players import ELEVEN
from scrambling import scrambled
from walking import history, matchdays, synthetic

EVERYTHING = list(GROUPS)


def builder(season, groups=EVERYTHING):
    made = FeatureBuilder(groups)
    made.announce(season.name, season.clubs)
    return made


def day_by_day(season, groups=EVERYTHING):
    following = builder(season, groups)
    return pd.concat([following.rows(day) for day in matchdays(season)])


def at_once(season, groups=EVERYTHING):
    made = builder(season, groups)
    made.follow(history(season, len(season.matches)))
    return pd.DataFrame(made.played.values[season.first :], index=season.played.index, columns=made.columns)


def frame(*rows, season="2000-01"):
    """Matches (date, home, away, home goals, away goals) as a history has them."""
    columns = ["date", "home", "away", "home_goals", "away_goals"]
    made = pd.DataFrame([row[:5] for row in rows], columns=columns).assign(season=season)
    made["date"] = pd.to_datetime(made["date"])
    made.index = pd.Index([f"{date} {home} v {away}" for date, home, away, *_ in rows])
    return made


def ask(past, date, home, away, groups, *, players=None, odds=None):
    fixtures = pd.DataFrame({"home": [home], "away": [away], "kickoff": pd.NaT}, index=["x"])
    slate = Slate(fixtures, pd.DataFrame(index=["x"]) if odds is None else pd.DataFrame(odds, index=["x"]))
    made = FeatureBuilder(groups)
    made.announce("2000-01", {*past["home"], *past["away"], home, away})
    return made.rows(Matchday(1, pd.Timestamp(date).date(), slate, History(past, players=players))).iloc[0]


# --- nothing but the past ----------------------------------------------------------------------------------------


@cache
def honest():
    return at_once(synthetic())


@settings(max_examples=4)
@given(matchday=st.integers(1, 60), seed=st.integers(0, 100))
def test_whatever_happens_on_or_after_a_date_no_row_up_to_it_changes_by_a_bit(matchday, seed):
    season = synthetic()
    other = scrambled(season, matchday, seed=seed)
    last = season.played["date"].unique()[matchday - 1]
    known = (season.played["date"] <= last).to_numpy()
    rows = at_once(other)
    assert honest()[known].to_numpy().tobytes() == rows[known].to_numpy().tobytes()
    assert not honest().equals(rows)


@pytest.mark.parametrize("make", [synthetic, small_season])
def test_day_by_day_is_the_same_as_all_at_once_by_the_bit(make):
    season = make()
    followed, whole = day_by_day(season), at_once(season)
    assert followed.to_numpy().tobytes() == whole.to_numpy().tobytes()
    assert list(followed.index) == list(whole.index)


def test_training_rows_are_those_that_were_answered_on_the_day():
    season = synthetic()
    following = builder(season)
    told = np.concatenate([following.rows(day).to_numpy() for day in matchdays(season)[:30]][:-1])
    assert following.played.values[season.first :].tobytes() == told.tobytes()


def test_real_player_rows_are_seen_only_after_their_date(real_data):
    load = Catalogue().load("source", "football-data")
    season = load(data=real_data / "football-data", players=real_data / "fpl", history=1).season("2023-24")
    other, last = scrambled(season, 40), season.played["date"].unique()[39]
    known, groups = (season.played["date"] <= last).to_numpy(), ["players", "shots", "ratings"]
    honest, strange = at_once(season, groups), at_once(other, groups)
    assert honest[known].to_numpy().tobytes() == strange[known].to_numpy().tobytes()
    assert honest["home_lineup_strength"].notna().mean() > 0.98
    followed = day_by_day(season, groups)
    assert followed.to_numpy().tobytes() == honest.to_numpy().tobytes()


def test_another_history_is_begun_anew():
    season, made = small_season(), FeatureBuilder(EVERYTHING)
    assert made.follow(history(small_season(seed=7), 20))
    assert not made.follow(history(season, 10))
    assert len(made) == len(made.played.values) == 10
    fresh = FeatureBuilder(EVERYTHING)
    fresh.follow(history(season, 10))
    assert fresh.played.values.tobytes() == made.played.values.tobytes()


def test_an_empty_history_and_a_club_never_seen_have_rows_of_what_is_not_known():
    row = ask(frame(), "2000-08-01", "A", "B", EVERYTHING)
    assert np.isnan(row["home_points_form"]) and np.isnan(row["home_promoted"]) and np.isnan(row["market_home"])
    assert (row["elo_gap"], row["season_days"], row["meetings"]) == (0.0, 0.0, 0.0)


def test_a_history_of_results_alone_leaves_shots_prices_and_players_unknown():
    past = frame(("2000-08-01", "A", "B", 2, 0))
    row = ask(past, "2000-08-08", "A", "B", EVERYTHING)
    groups = describe()["group"]
    unknown = groups.isin(["shots", "market", "players"])
    assert row[unknown].isna().all()
    assert row["home_goals_for"] == 2.0


# --- what they say -----------------------------------------------------------------------------------------------


def test_every_column_is_named_once_and_has_a_unit_and_a_meaning():
    table = describe()
    assert table.index.is_unique and not (table == "").any().any()
    assert list(table.index) == FeatureBuilder(EVERYTHING).columns == [f.name for f in features_of(EVERYTHING)]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["rating"], "group 'rating' is unknown; did you mean 'ratings'"),
        (["rest", "rest"], "group 'rest' stands twice"),
        ([], "no group is named; known: form"),
    ],
)
def test_groups_that_are_not_there_are_refused(names, message):
    with pytest.raises(MatchdayError, match=message):
        known_groups(names)


def test_form_counts_points_and_goals_of_the_latest_matches():
    past = frame(*[(f"2000-08-{day:02d}", "A", "B", goals, 1) for day, goals in enumerate([0, 0, 1, 1, 2, 2, 3], 1)])
    row = ask(past, "2000-09-01", "A", "B", ["form"])
    assert row["home_points_5"] == pytest.approx((1 + 1 + 3 + 3 + 3) / 5)
    assert row["away_goal_difference_5"] == pytest.approx(-(0 + 0 + 1 + 1 + 2) / 5)
    weights = 2.0 ** (-np.arange(6, -1, -1) / 15)
    assert row["home_goals_for"] == pytest.approx(np.average([0, 0, 1, 1, 2, 2, 3], weights=weights))
    assert np.isnan(ask(past, "2000-09-01", "B", "A", ["form"])["home_venue_form"])


def test_rest_is_counted_in_days_and_two_weeks_are_as_good_as_a_summer():
    past = frame(("2000-08-01", "A", "B", 0, 0), ("2000-08-05", "A", "C", 0, 0))
    row = ask(past, "2000-08-08", "A", "B", ["rest"])
    assert row.to_list() == [3.0, 7.0, 2.0, 1.0, -4.0]
    assert ask(past, "2001-01-01", "A", "B", ["rest"])["home_rest_days"] == 14.0


def test_the_table_of_the_season_is_by_points_then_goal_difference_then_goals():
    past = frame(("2000-08-01", "A", "B", 2, 0), ("2000-08-01", "C", "D", 3, 2), ("2000-08-02", "E", "F", 1, 1))
    places = {club: ask(past, "2000-08-09", "A", club, ["season"])["position_gap"] for club in "CEFBD"}
    assert places == {"C": 1.0, "E": 2.0, "F": 2.0, "D": 4.0, "B": 5.0}


def test_a_club_that_comes_up_is_flagged_and_enters_below_the_average_without_form():
    old = frame(*[("1999-08-01", h, a, 1, 1) for h, a in ("AB", "CD")], season="1999-00")
    row = ask(old, "2000-08-01", "A", "E", ["season", "ratings", "form"])
    assert (row["home_promoted"], row["away_promoted"]) == (0.0, 1.0)
    assert row["away_elo"] < -30.0 < row["home_elo"] and row["elo_gap"] > 30.0
    assert np.isnan(row["away_points_form"]) and row["home_points_form"] == 1.0


def test_meetings_are_seen_from_the_home_clubs_side():
    past = frame(("2000-08-01", "A", "B", 3, 0))
    here, there = (ask(past, "2000-09-01", *pair, ["head-to-head"]) for pair in ("AB", "BA"))
    assert here["meetings_goal_difference"] == -there["meetings_goal_difference"] == 1.0


def test_market_features_are_the_days_own_prices_without_the_margin():
    odds = {"home": [1.9], "draw": [3.6], "away": [4.2], "over_2_5": [1.8], "under_2_5": [2.0]}
    row = ask(frame(), "2000-08-01", "A", "B", ["market"], odds=odds)
    assert row.to_list() == pytest.approx(np.log([3.6 / 1.9, 3.6 / 4.2, 2.0 / 1.8]).tolist())


# --- players -----------------------------------------------------------------------------------------------------


def team_sheet(date, club, names, **columns):
    rows = {"date": pd.Timestamp(date), "player": names, "team": club, "minutes": 90.0, "goals": 0.0, "assists": 0.0}
    return pd.DataFrame(rows | columns)


REGULARS = [f"P{i}" for i in range(ELEVEN)]
PAST = frame(*[(f"2000-08-{day:02d}", "A", "B", 1, 1) for day in (1, 8, 15)])


def sheets(*names, **columns):
    days = ("2000-08-01", "2000-08-08", "2000-08-15")
    return pd.concat([team_sheet(day, "A", each, **columns) for day, each in zip(days, names, strict=True)])


def test_the_eleven_that_always_start_are_settled_and_nobody_is_missing():
    row = ask(PAST, "2000-08-22", "A", "B", ["players"], players=sheets(REGULARS, REGULARS, REGULARS))
    assert row["home_lineup_settled"] == pytest.approx(1.0)
    assert row["home_regulars_missing"] == 0.0
    assert np.isnan(row["away_lineup_strength"])


def test_a_regular_who_did_not_play_last_time_is_missing_with_what_he_creates():
    players = sheets(REGULARS, REGULARS, [*REGULARS[1:], "Reserve"])
    players.loc[players["player"] == "P0", "goals"] = 1.0
    row = ask(PAST, "2000-08-22", "A", "B", ["players"], players=players)
    assert row["home_regulars_missing"] == 1.0
    assert row["home_missing_strength"] > 0.2


def test_who_was_sent_off_last_time_is_missing():
    players = sheets(REGULARS, REGULARS, REGULARS).assign(red_cards=0.0)
    players.loc[(players["player"] == "P0") & (players["date"] == "2000-08-15"), "red_cards"] = 1.0
    row = ask(PAST, "2000-08-22", "A", "B", ["players"], players=players)
    assert row["home_regulars_missing"] == 1.0
    assert row["home_lineup_settled"] == pytest.approx(10 / 11)


def test_expected_goals_are_preferred_to_goals_where_they_are_known():
    players = sheets(REGULARS, REGULARS, REGULARS)
    plain = ask(PAST, "2000-08-22", "A", "B", ["players"], players=players)
    rated = ask(PAST, "2000-08-22", "A", "B", ["players"], players=players.assign(expected_goals=0.5))
    unknown = ask(PAST, "2000-08-22", "A", "B", ["players"], players=players.assign(expected_goals=np.nan))
    assert rated["home_lineup_strength"] > plain["home_lineup_strength"] == unknown["home_lineup_strength"]


def test_rows_of_the_day_itself_are_never_looked_at():
    early = sheets(REGULARS, REGULARS, REGULARS)
    late = pd.concat([early, team_sheet("2000-08-22", "A", ["Surprise"], goals=5.0)])
    rows = [ask(PAST, "2000-08-22", "A", "B", ["players"], players=players) for players in (early, late)]
    assert rows[0].equals(rows[1])


def test_a_player_who_changes_clubs_is_expected_at_the_new_one():
    players = pd.concat([sheets(REGULARS, REGULARS, REGULARS), team_sheet("2000-08-16", "B", REGULARS[:1])])
    row = ask(PAST, "2000-08-22", "A", "B", ["players"], players=players)
    assert row["home_lineup_settled"] == pytest.approx(10 / 11)
    assert row["away_lineup_settled"] == pytest.approx(1 / 11)


# --- state -------------------------------------------------------------------------------------------------------


def test_state_has_room_for_as_many_clubs_as_come():
    state = PerClub(np.nan, 1.0)
    state[np.array([500])] = np.array([[2.0, 3.0]])
    assert state[np.array([[500, 900]])].tolist()[0][0] == [2.0, 3.0]
    assert state[np.array([900])][0, 1] == 1.0


@given(st.lists(st.one_of(st.just(np.nan), st.floats(-5, 5)), min_size=1, max_size=20))
def test_a_fading_mean_is_the_weighted_mean_of_what_is_known(values):
    mean, club = FadingMean(1, half_life=3.0), np.array([4])
    for value in values:
        mean.add(club, np.array([[value]]))
    known = [value for value in values if not np.isnan(value)]
    weights = 2.0 ** (-np.arange(len(known))[::-1] / 3.0)
    if known:
        assert mean[club][0, 0] == pytest.approx(np.average(known, weights=weights), abs=1e-9)
    else:
        assert np.isnan(mean[club][0, 0])


def test_a_season_that_was_not_announced_is_an_error_that_names_the_remedy():
    with pytest.raises(MatchdayError, match="no season is announced; call announce\\(season.name, season.clubs\\)"):
        FeatureBuilder(["ratings"]).rows(matchdays(synthetic())[0])
