"""The synthetic source: seeded, consistent, complete."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from matchday.errors import SourceError
from matchday.history import RESULT_COLUMNS, STATISTIC_COLUMNS
from matchday.markets import MARKETS, SELECTIONS
from matchday.season import Season
from matchday_data.synthetic import Synthetic


@pytest.fixture(scope="module")
def season() -> Season:
    return Synthetic().season("2010-11")


def fingerprint(name: str = "2003-04", **parameters: object) -> str:
    return Synthetic.model_validate({"clubs": 6, "history": 1, **parameters}).season(name).fingerprint


def test_the_same_seed_gives_the_same_season() -> None:
    assert fingerprint(seed=7) == fingerprint(seed=7)


def test_another_seed_season_or_league_gives_another_world() -> None:
    worlds = [fingerprint(), fingerprint(seed=1), fingerprint("2004-05"), fingerprint(league="TWO")]
    assert len(set(worlds)) == len(worlds)


def test_another_process_gives_the_same_season() -> None:
    season = "Synthetic(clubs=6, history=1).season('2003-04')"
    code = f"from matchday_data.synthetic import Synthetic; print({season}.fingerprint)"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == fingerprint()


def test_a_season_is_the_same_whichever_season_is_asked_for_and_however_long_the_history() -> None:
    early = Synthetic(clubs=8, history=2).season("2003-04")
    late = Synthetic(clubs=8, history=5).season("2004-05")
    shared = late.matches.loc[early.matches.index]
    pd.testing.assert_frame_equal(shared, early.matches)
    pd.testing.assert_frame_equal(late.quotes.loc[early.matches.index], early.quotes)
    players = late.players[late.players["match_id"].isin(early.matches.index)]
    pd.testing.assert_frame_equal(players.reset_index(drop=True), early.players)


def test_bookmakers_can_be_changed_without_changing_what_happens_on_the_pitch() -> None:
    one = Synthetic(clubs=6, history=0).season("2003-04")
    other = Synthetic(clubs=6, history=0, overround=0.02, noise=0.2).season("2003-04")
    pd.testing.assert_frame_equal(one.matches, other.matches)
    pd.testing.assert_frame_equal(one.players, other.players)
    assert not one.quotes.equals(other.quotes)


def test_the_seasons_are_listed_and_the_latest_is_the_default() -> None:
    source = Synthetic()
    assert source.seasons()[0] == "2000-01"
    assert source.default_season() == source.seasons()[-1] == "2024-25"


def test_the_first_season_has_as_much_history_as_any() -> None:
    matches = Synthetic(clubs=4, history=10).season("2000-01").matches
    assert matches["season"].drop_duplicates().tolist()[::10] == ["1990-91", "2000-01"]


@pytest.mark.parametrize("name", ["1999-00", "2025-26"])
def test_a_season_out_of_range_is_refused_with_the_range(name: str) -> None:
    with pytest.raises(SourceError, match=rf"'{name}' is not one of .* seasons: 2000-01 to 2024-25\.$"):
        Synthetic().season(name)


def test_a_season_written_wrongly_is_refused_with_the_rule() -> None:
    with pytest.raises(SourceError, match=r"'2003-5' is not a season; rule: two years in a row"):
        Synthetic().season("2003-5")


@pytest.mark.parametrize("wrong", [{"clubs": 5}, {"clubs": 2}, {"seed": -1}, {"overround": -0.1}, {"club": 20}])
def test_parameters_out_of_bounds_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Synthetic.model_validate(wrong)


def test_every_parameter_is_described() -> None:
    assert all(field.description for field in Synthetic.model_fields.values())


def test_matches_have_the_columns_and_types_of_the_vocabulary(season: Season) -> None:
    matches = season.matches
    assert tuple(matches.columns) == RESULT_COLUMNS + STATISTIC_COLUMNS
    assert {str(matches[name].dtype) for name in ("date", "kickoff")} == {"datetime64[us]"}
    assert {str(matches[name].dtype) for name in ("home_goals", "away_goals")} == {"int64"}
    assert set(matches[list(STATISTIC_COLUMNS)].dtypes.astype(str)) == {"float64"}
    assert matches.index.name == "match_id"
    assert not matches.isna().to_numpy().any()


def test_five_seasons_of_history_come_before_the_played_one(season: Season) -> None:
    assert len(season.matches) == 6 * 380
    assert season.first == 5 * 380


def test_every_price_policy_offers_every_selection(season: Season) -> None:
    for policy in season.policies.values():
        odds = policy.odds(season.quotes_at(policy))
        assert odds.notna().to_numpy().all(), policy
        assert (odds > 1.0).to_numpy().all(), policy


def test_no_closing_price_is_quoted_at_the_opening(season: Season) -> None:
    opening = season.quotes_at(season.policy("opening"))
    assert not set(opening.columns.get_level_values(0)) & season.closing
    assert opening.shape[1] * 2 == season.quotes.shape[1]


def test_prices_have_two_decimals(season: Season) -> None:
    cents = season.quotes.to_numpy() * 100
    assert np.abs(cents - cents.round()).max() < 1e-9


def test_the_truth_is_told_of_the_played_matches_and_adds_up_to_one_in_each_market(season: Season) -> None:
    assert season.truth is not None
    truth = season.truth.probabilities
    assert truth.index.equals(season.played.index)
    assert tuple(truth.columns) == SELECTIONS
    for market in MARKETS:
        np.testing.assert_allclose(truth[list(market.selections)].sum(axis=1), 1.0, atol=1e-12)


def test_asking_for_a_partial_season_changes_nothing() -> None:
    source = Synthetic(clubs=4, history=0)
    assert source.season("2003-04", partial=True).fingerprint == source.season("2003-04").fingerprint


@given(
    clubs=st.integers(2, 6).map(lambda half: 2 * half),
    seed=st.integers(0, 2**64),
    year=st.integers(2000, 2010),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_seed_and_even_number_of_clubs_gives_a_season_that_can_be_played(clubs: int, seed: int, year: int) -> None:
    season = Synthetic(clubs=clubs, seed=seed, history=1).season(f"{year}-{(year + 1) % 100:02d}")
    assert len(season.played) == clubs * (clubs - 1)
    assert len(season.clubs) == clubs
    assert (season.quotes > 1.0).to_numpy().all()
    starters = season.players.groupby(["match_id", "team"])["starts"].sum()
    assert (starters == 11).all()
    assert len(starters) == 2 * len(season.matches)


@given(spread=st.floats(0, 0.5), line_up=st.floats(0, 0.2), rho=st.floats(-0.2, 0.2), noise=st.floats(0, 0.5))
@settings(max_examples=20, deadline=None)
def test_extreme_parameters_still_give_probabilities_and_prices(
    spread: float, line_up: float, rho: float, noise: float
) -> None:
    source = Synthetic(clubs=4, history=0, spread=spread, line_up=line_up, rho=rho, noise=noise)
    season = source.season("2000-01")
    assert season.truth is not None
    assert ((season.truth.probabilities >= 0) & (season.truth.probabilities <= 1)).to_numpy().all()
    assert (season.quotes >= 1.01).to_numpy().all()
