"""The record of a run: forecasts made before the results, paired with them, and nothing else."""

import numpy as np
import pytest

from doubles import Coin, Everything, Level, small_season
from matchday import Agent, MatchdayError, play
from matchday.events import ForecastMade, MatchdayOpened
from matchday.markets import MARKETS, MATCH_RESULT, TOTAL_GOALS_2_5
from matchday.scoring import winners
from matchday_plugins.blends.benter import Benter
from matchday_plugins.track_record import PRICE, TrackRecord, fair_prices, tabulated
from settling import day_of, forecast_of, results_of

FAIR = np.array([[0.5, 0.3, 0.2, 0.6, 0.4], [0.2, 0.3, 0.5, 0.55, 0.45]])


def test_forecasts_meet_the_results_of_their_matches():
    record, day = TrackRecord(), day_of(FAIR)
    record.note(day, {"m": FAIR})
    assert len(record) == 0
    assert record.settle(results_of(day, [2, 1], over=[True, False]).iloc[::-1]) == 2
    np.testing.assert_array_equal(record.said("m", MATCH_RESULT), FAIR[:, :3])
    np.testing.assert_array_equal(record.said("m", TOTAL_GOALS_2_5), FAIR[:, 3:])
    assert record.won(MATCH_RESULT).tolist() == [2, 1] and record.won(TOTAL_GOALS_2_5).tolist() == [0, 1]


def test_a_second_forecast_of_a_morning_replaces_the_first():
    record, day = TrackRecord(), day_of(FAIR)
    record.note(day, {"m": FAIR[::-1]})
    record.note(day, {"m": FAIR})
    assert record.settle(results_of(day, [0, 0])) == 2
    np.testing.assert_array_equal(record.said("m", MATCH_RESULT), FAIR[:, :3])


def test_results_of_matches_that_were_not_forecast_are_nobodys_record():
    record, day, other = TrackRecord(), day_of(FAIR), day_of(FAIR, number=2)
    assert record.settle(results_of(day, [0, 0])) == 0
    record.note(day, {"m": FAIR})
    assert record.settle(results_of(other, [0, 0])) == 0
    assert record.settle(results_of(day, [0, 0])) == 0 == len(record)  # yesterday's forecast is no longer one


def test_what_was_said_is_never_rewritten_as_the_record_grows():
    record, rng, told = TrackRecord(), np.random.default_rng(0), []
    for number in range(1, 60):
        day, table = day_of(FAIR, number), rng.dirichlet([1, 1, 1, 1, 1], size=2)
        table[0] = np.nan if number % 5 == 0 else table[0]
        record.note(day, {"m": table} | ({"late": table} if number > 30 else {}))
        record.settle(results_of(day, [0, 1]))
        told.append(table)
        np.testing.assert_array_equal(record.said("m", MATCH_RESULT), np.concatenate(told)[:, :3])
    assert np.isnan(record.said("late", MATCH_RESULT)[:60]).all()
    np.testing.assert_array_equal(record.said("late", MATCH_RESULT)[60:], np.concatenate(told[30:])[:, :3])
    assert np.isnan(record.said("never", TOTAL_GOALS_2_5)).all()


def test_a_component_records_its_run_in_full_and_forgets_it_when_the_next_season_opens():
    season, benter = small_season(), Benter()
    agent = Agent("a", [("coin", Coin()), benter, Everything(), Level(share=0.001)])
    for seed in (0, 1):
        events = list(play(agent, season, seed=seed))
        said = [e.forecast for e in events if isinstance(e, ForecastMade) and not e.blended]
        days = [e.day for e in events if isinstance(e, MatchdayOpened)]
        record = benter._record
        assert len(record) == len(season.played) and record.names == [PRICE, "coin"]
        expected = np.concatenate([tabulated(each) for each in said])
        np.testing.assert_array_equal(record.said("coin", MATCH_RESULT), expected[:, :3])
        for market, columns in zip(MARKETS, (slice(0, 3), slice(3, 5)), strict=True):
            prices = np.concatenate([fair_prices(day.slate)[:, columns] for day in days])
            np.testing.assert_array_equal(record.said(PRICE, market), prices)
            np.testing.assert_array_equal(record.won(market), winners(season.played, market))


def test_prices_are_fair_where_a_market_is_wholly_on_offer_and_unknown_elsewhere():
    prices = FAIR.copy()
    prices[0, 1] = np.nan
    fair = fair_prices(day_of(prices).slate)
    assert np.isnan(fair[0, :3]).all()
    np.testing.assert_allclose(fair[1], FAIR[1])
    assert fair[0, 3:] == pytest.approx(FAIR[0, 3:])
    assert np.isnan(fair_prices(day_of(FAIR[:, :3]).slate)[:, 3:]).all()


def test_a_forecast_of_one_market_has_no_opinion_on_the_other():
    table = tabulated(forecast_of(day_of(FAIR), FAIR[:, :3]))
    np.testing.assert_array_equal(table[:, :3], FAIR[:, :3])
    assert np.isnan(table[:, 3:]).all()


@pytest.mark.parametrize("table", [FAIR[:, :3], FAIR[:1], [0.5, 0.3, 0.2]])
def test_a_table_of_another_shape_is_refused_when_it_is_noted(table):
    with pytest.raises(MatchdayError, match="what 'm' said is of shape .*; rule: \\(2, 5\\), a row a match"):
        TrackRecord().note(day_of(FAIR), {"m": table})
