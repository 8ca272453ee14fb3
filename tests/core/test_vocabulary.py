import dataclasses
import json
import pickle

import numpy as np
import pandas as pd
import pytest

from doubles import Everything, Level, small_season
from matchday import Agent, BetSlip, Component, Edges, Episode, Forecast, Matchday, MatchdayError, hookimpl
from matchday.encoding import encode
from matchday.events import ForecastMade
from matchday.markets import SELECTIONS, multiplicative, outcomes, price_scores, settle_score

SEASON = small_season()


def day():
    return Episode(SEASON).open().day


def frame(rows, columns=("home", "draw", "away")):
    return pd.DataFrame(rows, columns=list(columns), index=[f"m{i}" for i in range(len(rows))])


def test_a_forecast_may_have_no_opinion_on_a_match():
    Forecast(frame([[0.5, 0.3, 0.2], [np.nan] * 3]))


BAD_FORECASTS = {
    "probabilities that do not add up": (frame([[0.5, 0.3, 0.3]]), "add up to 1"),
    "a negative probability": (frame([[1.2, -0.3, 0.1]]), "add up to 1"),
    "half an opinion": (frame([[0.5, 0.5, np.nan]]), "add up to 1"),
    "infinity": (frame([[np.inf, 0.0, 0.0]]), "add up to 1"),
    "a lone selection": (frame([[1.0]], ["home"]), "stands without the rest of its market"),
    "an unknown selection": (frame([[1.0]], ["over_9_5"]), "is not a selection"),
    "a match twice": (pd.concat([frame([[0.5, 0.3, 0.2]])] * 2), "twice"),
}


@pytest.mark.parametrize("case", BAD_FORECASTS)
def test_a_forecast_that_makes_no_sense_is_refused_by_name(case):
    probabilities, message = BAD_FORECASTS[case]
    with pytest.raises(MatchdayError, match=message) as caught:
        Forecast(probabilities, source="oracle")
    assert "'oracle'" in str(caught.value)


def test_scores_of_the_wrong_shape_are_refused():
    with pytest.raises(MatchdayError, match="scores has shape"):
        Forecast(frame([[0.5, 0.3, 0.2]]), scores=np.ones((2, 3, 3)))


ONE = frame([[0.5, 0.3, 0.2]])
BAD_ERRORS = {
    "no frame": (np.full((1, 3), 0.1), "standard_error is no DataFrame"),
    "other matches": (frame([[0.1, 0.1, 0.1]]).rename({"m0": "m9"}), "differ in their index"),
    "other selections": (frame([[0.1] * 2], ["over_2_5", "under_2_5"]), "differ in their columns"),
    "another order": (frame([[0.1] * 3], ["away", "draw", "home"]), "differ in their columns"),
    "a negative one": (frame([[0.1, -0.1, 0.0]]), "on 'm0': standard_error of draw is -0.1; rule: at least 0"),
    "infinity": (frame([[0.1, 0.1, np.inf]]), "standard_error of away is inf; rule: at least 0 and finite"),
}


@pytest.mark.parametrize("case", BAD_ERRORS)
def test_standard_errors_that_make_no_sense_are_refused_by_name(case):
    errors, message = BAD_ERRORS[case]
    with pytest.raises(MatchdayError, match=message) as caught:
        Forecast(ONE, source="oracle", standard_error=errors)
    assert "'oracle'" in str(caught.value)


def test_a_standard_error_may_be_nothing_or_unknown():
    Forecast(ONE, standard_error=frame([[0.0, np.nan, 0.1]]))


def test_a_copy_keeps_the_standard_errors_and_lets_them_be_written_to():
    forecast = Forecast(ONE, standard_error=frame([[0.1, 0.1, 0.1]]))
    twin = forecast.copy()
    assert twin.same_as(forecast)
    twin.standard_error.iloc[0, 0] = 9.0
    assert forecast.standard_error.iloc[0, 0] == 0.1
    assert not twin.same_as(forecast)


def test_forecasts_that_differ_in_their_standard_errors_are_not_the_same():
    sure, unsure, silent = (Forecast(ONE, standard_error=e) for e in (frame([[0.1] * 3]), frame([[0.2] * 3]), None))
    assert sure.same_as(Forecast(ONE.copy(), standard_error=frame([[0.1] * 3])))
    assert not sure.same_as(unsure)
    assert not sure.same_as(silent)
    assert not silent.same_as(sure)


def test_standard_errors_are_on_record_unknown_ones_as_null():
    forecast = Forecast(ONE, "oracle", standard_error=frame([[0.1, np.nan, 0.2]]))
    line = json.loads(encode(ForecastMade(1, forecast, blended=True)))
    assert line["forecast"]["standard_error"] == {"index": ["m0"], "home": [0.1], "draw": [None], "away": [0.2]}
    assert json.loads(encode(ForecastMade(1, Forecast(ONE), blended=True)))["forecast"]["standard_error"] is None


class Unsure(Component):
    """A model that owns up to a standard error of 0.1."""

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        p = pd.DataFrame([[0.5, 0.3, 0.2]] * len(day.slate), index=day.slate.index, columns=["home", "draw", "away"])
        return Forecast(p, source=self.name, standard_error=0.0 * p + 0.1)


class Doubter(Component):
    """A calibrator that doubles the standard errors and leaves the probabilities alone."""

    @hookimpl(wrapper=True)
    def blend(self):
        forecast = yield
        return dataclasses.replace(forecast, standard_error=2.0 * forecast.standard_error)


@pytest.mark.parametrize(("wrappers", "error"), [((), 0.1), ((Doubter(),), 0.2)])
def test_a_blend_keeps_the_standard_errors_it_answers(wrappers, error):
    agent = Agent("inner", [Unsure(), *wrappers, Everything(), Level()])
    (model,), blended = agent.opinion(day())
    assert (model.standard_error == 0.1).all(axis=None)
    assert (blended.standard_error == error).all(axis=None)
    assert (agent.forecast(day()).standard_error == error).all(axis=None)
    assert (blended is model) == (not wrappers)


def test_a_score_grid_prices_every_market():
    grid = np.zeros((1, 4, 4))
    grid[0, 1, 0], grid[0, 1, 1], grid[0, 0, 3] = 0.5, 0.2, 0.3
    prices = {name: float(p[0]) for name, p in price_scores(grid).items()}
    assert prices == pytest.approx({"home": 0.5, "draw": 0.2, "away": 0.3, "over_2_5": 0.3, "under_2_5": 0.7})
    forecast = Forecast.from_scores(pd.Index(["m"]), grid, source="grid")
    assert list(forecast.probabilities.columns) == list(SELECTIONS)


@pytest.mark.parametrize(
    ("score", "won"),
    [((2, 1), {"home", "over_2_5"}), ((0, 0), {"draw", "under_2_5"}), ((0, 2), {"away", "under_2_5"})],
)
def test_every_market_has_one_winner_at_every_score(score, won):
    assert {name for name, (share, back) in settle_score(*score).items() if share == 1.0 and back == 0.0} == won


def test_outcomes_of_matches_are_ones_and_zeros():
    table = outcomes(SEASON.matches)
    assert set(np.unique(table.to_numpy())) <= {0.0, 1.0} and (table.sum(axis=1) == 1).all()


def test_proportional_devig_keeps_missing_prices_missing():
    p = multiplicative(np.array([[2.6, 2.4, 4.3], [2.0, np.nan, 3.0]]))
    assert p[0].tolist() == pytest.approx([0.372026, 0.403028, 0.224946], abs=1e-6)
    assert np.isnan(p[1]).all()


def test_edges_leave_out_what_is_not_on_offer():
    slate = day().slate
    chosen = pd.DataFrame(True, index=slate.index, columns=["home", "away"])
    season = small_season()
    season.quotes.iloc[season.first, :] = np.nan
    holes = Episode(season).open().day.slate
    assert len(Edges.where(chosen, slate=slate, forecast=Forecast.silent(slate.index)).bets) == 6
    assert len(Edges.where(chosen, slate=holes, forecast=Forecast.silent(slate.index)).bets) == 4


def test_an_edge_is_probability_times_odds_less_one():
    slate = day().slate
    forecast = Forecast(pd.DataFrame([[0.5, 0.3, 0.2]] * 3, index=slate.index, columns=["home", "draw", "away"]))
    bets = Edges.where(forecast.probabilities > 0.4, slate=slate, forecast=forecast).bets
    assert bets["edge"].tolist() == pytest.approx((0.5 * slate.odds["home"] - 1).tolist())


def test_edges_can_be_filtered_and_stay_in_order():
    slate = day().slate
    everything = pd.DataFrame(True, index=slate.index, columns=["home", "draw"])
    edges = Edges.where(everything, slate=slate, forecast=Forecast.silent(slate.index))
    kept = edges.keep(edges.bets["selection"] == "draw").bets
    assert kept.index.tolist() == [0, 1, 2] and set(kept["selection"]) == {"draw"}


def test_a_filter_with_a_reason_says_what_it_left_out():
    slate = day().slate
    everything = pd.DataFrame(True, index=slate.index, columns=["home", "draw"])
    edges = Edges.where(everything, slate=slate, forecast=Forecast.silent(slate.index))
    first = slate.index[0]
    kept = edges.keep(~((edges.bets["match_id"] == first) & (edges.bets["selection"] == "home")), reason="filter: why")
    assert kept.notes == (f"filter: why: left out {first} home",)
    assert kept.keep(kept.bets["odds"] > 1.0, reason="another").notes == kept.notes


def test_a_veto_leaves_its_reason_on_the_slip_and_a_change_on_the_bet():
    slate = day().slate
    everything = pd.DataFrame(True, index=slate.index, columns=["home"])
    slip = Edges.where(everything, slate=slate, forecast=Forecast.silent(slate.index)).slip(0.1, reason="level")
    whys = pd.Series(["a: half", "b: never", "c: not applied"])
    changed = slip.with_shares(pd.Series([0.05, 0.0, 0.1]), reason=whys)
    assert changed.bets["reason"].tolist() == ["level; a: half", "level"]
    assert changed.notes == (f"b: never: no bet on {slate.index[1]} home",)
    assert changed.with_shares(0.0 * changed.bets["share"], reason="all off").notes[1:] == (
        f"all off: no bet on {slate.index[0]} home, {slate.index[2]} home",
    )


@pytest.mark.parametrize("nothing", [None, float("nan"), ""])
def test_a_bet_without_a_reason_takes_the_next_one(nothing):
    slate = day().slate
    everything = pd.DataFrame(True, index=slate.index, columns=["home"])
    slip = Edges.where(everything, slate=slate, forecast=Forecast.silent(slate.index)).slip(0.1)
    bare = BetSlip(slip.bets.assign(reason=nothing))
    assert bare.with_shares(bare.bets["share"] / 2, reason="half").bets["reason"].tolist() == ["half"] * 3


def test_a_slip_without_its_columns_is_refused():
    with pytest.raises(MatchdayError, match="no column 'share'"):
        BetSlip(BetSlip.empty().bets.drop(columns="share"))


def test_nothing_a_plugin_does_to_a_frame_reaches_anybody_else():
    today = day()
    before = today.history.matches.copy()
    for spoil in (today.history.matches, today.history.odds, today.slate.odds, today.slate.fixtures):
        spoil.iloc[0] = spoil.iloc[-1]
        spoil["new"] = 1
    pd.testing.assert_frame_equal(today.history.matches, before)
    assert "new" not in today.slate.odds and "new" not in today.slate.fixtures
    with pytest.raises(ValueError, match="read-only"):
        today.slate.odds.to_numpy()[0, 0] = 99.0


def test_history_and_slate_hold_the_past_and_the_day_and_pickle_nothing_else():
    today = day()
    assert len(today.history) == 24 and len(today.slate) == 3
    assert (today.history.matches["date"] < pd.Timestamp(today.date)).all()
    assert (today.history.players["date"] < pd.Timestamp(today.date)).all()
    assert not {"home_goals", "away_goals"} & set(today.slate.fixtures.columns)
    copy = pickle.loads(pickle.dumps(today))
    assert len(copy.history._matches) == 24 and len(copy.slate._odds) == 3


def test_at_opening_prices_closing_quotes_are_not_shown():
    from matchday import Rules

    early = Episode(SEASON, Rules(prices="opening")).open().day.slate
    assert set(early.quotes.columns.get_level_values(0)) == {"A"}
    assert set(day().slate.quotes.columns.get_level_values(0)) == {"A", "B"}
