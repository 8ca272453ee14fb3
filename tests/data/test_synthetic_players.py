"""Player rows and match statistics of the synthetic league agree with each other and with the scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from matchday.season import Season
from matchday_data.synthetic import Synthetic
from matchday_data.synthetic.invented_names import CLUB_NAMES, DISTINCT_PLAYERS, player_names


@pytest.fixture(scope="module")
def season() -> Season:
    return Synthetic(seed=3).season("2008-09")


def sides(season: Season) -> pd.DataFrame:
    """Players' counts summed by match and side, beside the match's own."""
    summed = season.players.groupby(["match_id", "home"]).sum(numeric_only=True)
    both = []
    for side, other, home in (("home", "away", True), ("away", "home", False)):
        matches = season.matches
        match = pd.DataFrame(
            {
                "scored": matches[f"{side}_goals"],
                "all_shots": matches[f"{side}_shots"],
                "booked": matches[f"{side}_yellow_cards"],
                "sent_off": matches[f"{side}_red_cards"],
                "saved": matches[f"{other}_shots_on_target"] - matches[f"{other}_goals"],
            }
        )
        both.append(match.join(summed.xs(home, level="home")))
    return pd.concat(both)


def test_players_count_adds_up_to_the_match_s(season: Season) -> None:
    total = sides(season)
    for players, match in [
        ("goals", "scored"),
        ("shots", "all_shots"),
        ("red_cards", "sent_off"),
        ("saves", "saved"),
        ("yellow_cards", "booked"),
    ]:
        assert (total[players] == total[match]).all(), players


def test_eleven_start_three_to_five_come_on_and_minutes_add_up_to_990_unless_somebody_is_sent_off(
    season: Season,
) -> None:
    total = sides(season)
    complete = total["sent_off"] == 0
    assert (total["starts"] == 11).all()
    assert (total.loc[complete, "minutes"] == 990).all()
    assert (total.loc[~complete, "minutes"] < 990).all()
    played = season.players.groupby(["match_id", "team"]).size()
    assert set(played) == {14, 15, 16}
    assert season.players["minutes"].between(1, 90).all()


def test_nobody_plays_twice_in_a_match_or_for_two_clubs(season: Season) -> None:
    assert not season.players.duplicated(["match_id", "player"]).any()
    assert (season.players.groupby("player")["team"].nunique() == 1).all()


def test_each_side_has_one_goalkeeper_who_neither_scores_nor_shoots(season: Season) -> None:
    keepers = season.players[season.players["position"] == "GK"]
    assert len(keepers) == 2 * len(season.matches)
    assert (keepers["minutes"] == 90).all()
    assert (keepers[["goals", "shots", "expected_goals"]] == 0).to_numpy().all()


def test_nobody_scores_without_a_shot_or_is_booked_twice(season: Season) -> None:
    players = season.players
    assert (players["goals"] <= players["shots"]).all()
    assert set(players["yellow_cards"]) == {0, 1}
    total = sides(season)
    assert (total["assists"] <= total["scored"]).all()
    assert 0.65 < total["assists"].sum() / total["scored"].sum() < 0.8


def test_players_rows_name_the_match_s_date_clubs_and_side(season: Season) -> None:
    of_match = season.matches[["date", "home", "away"]].add_suffix("_of_match")
    rows = season.players.join(of_match, on="match_id")
    assert (rows["date"] == rows["date_of_match"]).all()
    assert (rows["team"] == rows["home_of_match"].where(rows["home"], rows["away_of_match"])).all()
    assert (rows["opponent"] == rows["away_of_match"].where(rows["home"], rows["home_of_match"])).all()
    assert rows["date"].is_monotonic_increasing


def test_regulars_are_sometimes_missing_and_squads_change_over_the_summer(season: Season) -> None:
    own = season.players[season.players["season"] == season.name]
    starts = own.groupby(["team", "player"])["starts"].sum()
    regulars = starts[starts >= 20]
    assert 6 <= len(regulars) / 20 <= 13
    assert 0.02 < (regulars == 38).mean() < 0.6
    before = season.players[season.players["season"] == "2007-08"]
    stayed = set(own["team"]) & set(before["team"])
    kept = [len(set(own[own["team"] == t]["player"]) & set(before[before["team"] == t]["player"])) for t in stayed]
    assert 12 < np.mean(kept) < 22


def test_ability_shows_in_shots_and_in_expected_goals(season: Season) -> None:
    truth, played = season.truth, season.played
    assert truth is not None
    edge = truth.probabilities["home"] - truth.probabilities["away"]
    shots = played["home_shots"] - played["away_shots"]
    xg = season.players.groupby(["match_id", "home"])["expected_goals"].sum().unstack().loc[played.index]
    assert np.corrcoef(edge, shots)[0, 1] > 0.4
    assert np.corrcoef(edge, xg[True] - xg[False])[0, 1] > 0.4


def test_expected_goals_add_up_to_about_the_goals(season: Season) -> None:
    total = season.players[["goals", "expected_goals", "assists", "expected_assists"]].sum()
    assert total["expected_goals"] == pytest.approx(total["goals"], rel=0.1)
    assert total["expected_assists"] == pytest.approx(total["assists"], rel=0.15)


def test_a_side_without_its_best_expects_fewer_goals() -> None:
    campaign = next(Synthetic(line_up=0.1).campaigns(1990))
    change = campaign.intensities - campaign.expected
    attack = campaign.line_ups.attack[campaign.fixtures.home, campaign.fixtures.home_turn]
    assert (campaign.line_ups.attack <= campaign.line_ups.attack.max()).all()
    assert np.corrcoef(change[:, 0], attack)[0, 1] > 0.5


def test_goals_are_shots_on_target_and_those_are_shots(season: Season) -> None:
    for side in ("home", "away"):
        matches = season.matches
        assert (matches[f"{side}_half_time_goals"] <= matches[f"{side}_goals"]).all()
        assert (matches[f"{side}_goals"] <= matches[f"{side}_shots_on_target"]).all()
        assert (matches[f"{side}_shots_on_target"] <= matches[f"{side}_shots"]).all()


def test_invented_names_are_distinct() -> None:
    assert len(set(CLUB_NAMES)) == len(CLUB_NAMES) == 48
    assert len(set(player_names(np.arange(DISTINCT_PLAYERS)))) == DISTINCT_PLAYERS
