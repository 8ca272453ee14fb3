"""Watches: false alarms as rare as promised, real ones raised, and everybody told in the morning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import PrivateAttr

from doubles import Coin, Everything, Fixed, Level, small_season
from matchday import Agent, Component, hookimpl, play
from matchday.encoding import encode
from matchday.errors import AgentError
from matchday.events import Diagnosed, ForecastMade
from matchday.markets import MATCH_RESULT
from matchday_plugins.blends.average import Average
from matchday_plugins.calibration.temperature import Temperature
from matchday_plugins.diagnostics.calibration_watch import GROUPS, CalibrationWatch, Tally
from matchday_plugins.diagnostics.drift import Drift, detected
from settling import Theatre, beliefs, draw_winners

WATCHES = [Drift, CalibrationWatch]


def value_of(day, measure):
    return next(each.value for each in day.diagnoses if each.measure == measure)


def alarms_of(day):
    return [each for each in day.diagnoses if each.alarm]


def season_of(watch, truth_of, *, days=40, per_day=10, seed=0, prices=None) -> tuple[Theatre, list[int]]:
    """Play a season; answers the mornings with an alarm. ``truth_of`` makes the truth of what the model says."""
    theatre, rng, mornings = Theatre(watch), np.random.default_rng(seed), []
    for number in range(days):
        market, said = beliefs(rng, per_day)
        truth = truth_of(number, said, market)
        day, _ = theatre.morning(market, model=said)
        mornings += [number] if alarms_of(day) else []
        theatre.evening(draw_winners(truth, rng))
    return theatre, mornings


# --- both --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("watch", WATCHES)
def test_a_watch_changes_no_forecast_and_says_nothing_before_the_first_result(watch):
    season = small_season()

    def said(*extra):
        agent = Agent("a", [("coin", Coin()), *extra, Everything(), Level(share=0.001)])
        return list(play(agent, season))

    alone, watched = said(), said(watch())
    forecasts = [[encode(e) for e in events if isinstance(e, ForecastMade)] for events in (alone, watched)]
    assert forecasts[0] == forecasts[1]
    told = [e for e in watched if isinstance(e, Diagnosed)]
    assert {e.matchday for e in told} == set(range(2, 9)) and {e.diagnosis.source for e in told} == {watch().name}


class Reader(Component):
    """A component that reads the watches' diagnoses in each of its hooks."""

    _read: dict = PrivateAttr(default_factory=dict)

    def _note(self, hook, day):
        self._read.setdefault(hook, []).append([each.measure for each in day.diagnoses])

    @hookimpl
    def forecast(self, day):
        self._note("forecast", day)
        return Fixed().forecast(day)

    @hookimpl(wrapper=True)
    def blend(self, day):
        self._note("blend", day)
        return (yield)

    @hookimpl(wrapper=True)
    def find_edges(self, day):
        self._note("find_edges", day)
        return (yield)

    @hookimpl(wrapper=True)
    def size_stakes(self, day):
        self._note("size_stakes", day)
        return (yield)


def test_what_a_watch_sees_is_read_by_every_later_hook_of_the_day():
    reader = Reader()
    list(play(Agent("a", [reader, Drift(), CalibrationWatch(), Everything(), Level(share=0.001)]), small_season()))
    assert set(reader._read) == {"forecast", "blend", "find_edges", "size_stakes"}
    for mornings in reader._read.values():
        assert mornings[0] == [] and mornings == reader._read["forecast"]
        assert all(seen[:2] == ["log_loss_gap", "evidence"] and "draw_z" in seen for seen in mornings[1:])


@pytest.mark.parametrize("watch", WATCHES)
def test_the_watched_model_may_be_named_and_a_name_that_is_none_is_an_error(watch):
    theatre = Theatre(Average(), watch(of="one"), models=("one", "other"))
    theatre.play([[0.5, 0.3, 0.2]], [0], one=[[0.6, 0.2, 0.2]], other=[[0.2, 0.4, 0.4]])
    np.testing.assert_array_equal(theatre.listeners[1]._record.said("watched", MATCH_RESULT), [[0.6, 0.2, 0.2]])
    with pytest.raises(AgentError, match="of 'modle': no model has that name; did you mean 'model'"):
        Theatre(watch(of="modle")).morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])


@pytest.mark.parametrize("watch", WATCHES)
def test_a_watch_sees_the_blend_as_it_stands_at_its_place_in_the_list(watch):
    before, after = watch(), watch()
    theatre, rng = Theatre(("before", before), Temperature(prior_cases=1.0), ("after", after)), np.random.default_rng(0)
    for _ in range(3):
        market, said = beliefs(rng, 10)
        theatre.play(market, draw_winners(market, rng), model=said)
    raw, calibrated = (each._record.said("watched", MATCH_RESULT) for each in (before, after))
    assert np.array_equal(raw[:10], calibrated[:10]) and not np.allclose(raw[10:], calibrated[10:])


@pytest.mark.parametrize("watch", WATCHES)
def test_no_opinion_no_price_and_certainties_do_no_harm(watch):
    theatre = Theatre(watch(longshot=0.2) if watch is CalibrationWatch else watch())
    nothing, sure = [np.nan] * 3, [1.0, 0.0, 0.0]
    theatre.play([[0.5, 0.3, 0.2]] * 2, [0, 1], model=[nothing, nothing])
    day, _ = theatre.morning([[0.5, 0.3, 0.2], nothing], model=[sure, [0.2, 0.3, 0.5]])
    assert day.diagnoses == ()
    theatre.evening([1, 2])
    day, _ = theatre.morning([[0.5, 0.3, 0.2]], model=[sure])
    assert len(day.diagnoses) >= 2
    for each in day.diagnoses:
        encode(Diagnosed(3, each))


@pytest.mark.parametrize("watch", WATCHES)
def test_asking_twice_in_a_morning_gives_the_same_answer(watch):
    theatre, _ = season_of(watch(), lambda number, said, market: market, days=5)
    day, _ = theatre.morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])
    assert theatre.agent.diagnosed(day).diagnoses == day.diagnoses * 2


@pytest.mark.parametrize("watch", WATCHES)
def test_what_was_seen_is_forgotten_when_the_next_season_opens(watch):
    agent = Agent("a", [("coin", Coin()), watch(), Everything(), Level(share=0.001)])
    assert [encode(e) for e in play(agent, small_season())] == [encode(e) for e in play(agent, small_season())]


# --- drift -------------------------------------------------------------------------------------------------------


def test_of_a_sound_forecast_false_alarms_are_as_rare_as_promised():
    rng, threshold, matches, alarms = np.random.default_rng(1), 100.0, 40_000, 0
    q, p = beliefs(rng, matches)
    won = draw_winners(p, rng)
    gaps = np.log(q[np.arange(matches), won] / p[np.arange(matches), won])
    evidence = 0.0
    for gap in gaps:
        evidence, peak = detected(evidence, np.array([gap]), threshold=threshold)
        alarms += peak >= threshold
    assert 0 < alarms <= matches / threshold  # on average; here it is about a half of that


def test_the_market_that_becomes_better_is_noticed():
    theatre, mornings = season_of(Drift(window=250), lambda number, said, market: said if number < 15 else market)
    assert mornings and 15 < mornings[0] < 30
    assert value_of(theatre.morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])[0], "log_loss_gap") > 0.02


def test_a_forecast_that_is_better_than_the_market_raises_no_alarm():
    theatre, mornings = season_of(Drift(), lambda number, said, market: said)
    assert mornings == []
    assert value_of(theatre.morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])[0], "log_loss_gap") < 0.0


def test_an_alarm_is_one_line_on_the_next_morning_and_the_evidence_begins_anew():
    drift = Drift(false_alarm_matches=2.0, window=1)
    theatre = Theatre(drift)
    theatre.play([[0.5, 0.3, 0.2]], [0], model=[[0.1, 0.4, 0.5]])
    day, _ = theatre.morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])
    (alarm,) = alarms_of(day)
    assert alarm.message == (
        "the market forecasts match_result better than the blend by 1.609 nats a match, last 1 matches; "
        "a sound forecast would seem so once in 2 matches"
    )
    assert alarm.value == pytest.approx(5.0) and drift.evidence == 0.0
    theatre.evening([0])
    assert alarms_of(theatre.morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])[0]) == []
    assert drift.evidence == pytest.approx(1.0)


def test_the_market_of_goals_may_be_watched_instead():
    theatre = Theatre(Drift(market="total_goals_2_5"))
    prices, said = [[0.5, 0.3, 0.2, 0.6, 0.4]], [[0.5, 0.3, 0.2, 0.3, 0.7]]
    theatre.play(prices, [0], [True], model=said)
    day, _ = theatre.morning(prices, model=said)
    assert value_of(day, "log_loss_gap") == pytest.approx(np.log(2.0)) and value_of(day, "evidence") == pytest.approx(
        2.0
    )


@given(st.lists(st.floats(-2, 2), max_size=30))
def test_the_detector_is_shiryaevs_and_roberts(gaps):
    total = sum(np.exp(sum(gaps[start:])) for start in range(len(gaps)))
    assert detected(0.0, np.array(gaps), threshold=np.inf)[0] == pytest.approx(total)


# --- calibration -------------------------------------------------------------------------------------------------


def test_in_at_most_the_promised_share_of_seasons_a_calibrated_forecast_is_ever_accused():
    accused, seasons, level = 0, 50, 0.2
    for seed in range(seasons):
        rng, watch = np.random.default_rng(seed), CalibrationWatch(level=level)
        p = rng.dirichlet([3, 2, 2], size=(38, 10))
        for day in p:
            won = draw_winners(day, rng)
            for name, claimed, happened in watch._groups(MATCH_RESULT, day, won):
                watch._tallies[name] = watch._tallies.get(name, Tally()).after(claimed, happened)
            if any(tally.evidence >= len(GROUPS) / level for tally in watch.tallies.values()):
                accused += 1
                break
    assert accused <= level * seasons


def test_missing_draws_are_noticed_and_named():
    def more_draws(number, said, market):
        truth = said * [1.0, 2.0, 1.0]
        return truth / truth.sum(axis=1, keepdims=True)

    watch = CalibrationWatch()
    theatre, mornings = season_of(watch, more_draws)
    day, _ = theatre.morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])
    assert mornings and mornings == list(range(mornings[0], 40))  # it stands until the season is over
    assert "draw_evidence" in [each.measure for each in alarms_of(day)]
    assert value_of(day, "draw_gap") > 0.1 and value_of(day, "draw_z") > 4.0
    message = next(each.message for each in alarms_of(day) if each.measure == "draw_evidence")
    assert message.startswith("draw: the blend said ") and "miscalibrated at level 0.05 since case " in message


def test_longshots_that_never_win_are_noticed_apart():
    watch = CalibrationWatch(longshot=0.25)
    theatre, rng = Theatre(watch), np.random.default_rng(0)
    truth, said = np.array([[0.72, 0.25, 0.03]] * 10), np.array([[0.55, 0.25, 0.2]] * 10)
    for _ in range(20):
        theatre.play(truth, draw_winners(truth, rng), model=said)
    tally = watch.tallies["longshot"]
    assert tally.cases == 200 and tally.gap < -0.1 and tally.evidence == pytest.approx(watch.tallies["away"].evidence)
    assert watch.tallies["draw"].evidence < 120.0 <= tally.evidence


def test_gap_and_z_are_those_of_the_counts():
    tally = Tally().after(np.array([0.5, 0.2]), np.array([1.0, 0.0])).after(np.array([0.3]), np.array([1.0]))
    assert tally.gap == pytest.approx(1 / 3) and tally.z == pytest.approx(1.0 / np.sqrt(0.25 + 0.16 + 0.21))
    assert Tally().evidence == 1.0 and np.isnan(Tally().gap)


@given(p=st.floats(0, 1), past=st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=10))
def test_no_bet_is_expected_to_gain_where_the_forecast_is_true(p, past):
    tally = Tally().after(np.array([q for q, _ in past]), np.array([float(y) for _, y in past]))
    won, lost = (tally.after(np.array([p]), np.array([y])).evidence for y in (1.0, 0.0))
    assert p * won + (1 - p) * lost == pytest.approx(tally.evidence)


@pytest.mark.parametrize(
    ("watch", "bad"),
    [
        (Drift, {"market": "market"}),
        (Drift, {"false_alarm_matches": 1}),
        (CalibrationWatch, {"level": 0}),
        (Drift, {"window": 0}),
    ],
)
def test_parameters_out_of_range_are_refused(watch, bad):
    with pytest.raises(ValueError, match="should be"):
        watch(**bad)
