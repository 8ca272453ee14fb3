"""The models that read every bookmaker's prices: consensus, sharp, and the favourite-longshot bias."""

import datetime
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from matchday import Agent, Catalogue, History, Matchday, MatchdayError, Rules, Slate, hookimpl, play
from matchday.events import ActionTaken, ForecastMade, SeasonOpened
from matchday.markets import MARKETS, SELECTIONS
from matchday.scoring import winners
from matchday_plugins.models.consensus import Consensus
from matchday_plugins.models.devig import devig
from matchday_plugins.models.flb import FLB, biased, fit_bias
from matchday_plugins.models.sharp import Sharp
from members import on_record

NAN = float("nan")
RESULT, TOTALS = (list(market.selections) for market in MARKETS)
A, B, C = (2.6, 2.4, 4.3), (2.5, 2.5, 4.0), (2.7, 2.45, 4.5)
NOTHING = pd.DataFrame({"home": [], "away": []})


def board(*matches: dict) -> pd.DataFrame:
    """Quotes of matches, each {bookmaker: prices of 1X2, or of all five selections}."""
    codes = list(dict.fromkeys(code for match in matches for code in match))
    rows = [[p for code in codes for p in (*match.get(code, ()), *[NAN] * 5)[:5]] for match in matches]
    index = pd.Index([f"m{i}" for i in range(len(matches))], name="match_id", dtype="str")
    return pd.DataFrame(rows, index=index, columns=pd.MultiIndex.from_product([codes, SELECTIONS]), dtype="float64")


def opened(quotes: pd.DataFrame, *, closing=(), not_bookmakers=(), history: History | None = None) -> SeasonOpened:
    past = history or History(NOTHING, quotes=quotes.iloc[:0])
    flags = {"closing": frozenset(closing), "not_bookmakers": frozenset(not_bookmakers)}
    return SeasonOpened("2001-02", "T", "doubles", ("a", "b"), Rules(), 0, {}, past, **flags)


def day(quotes: pd.DataFrame, odds: pd.DataFrame | None = None, history: History | None = None) -> Matchday:
    fixtures = pd.DataFrame({"home": "a", "away": "b", "kickoff": pd.NaT}, index=quotes.index)
    offered = pd.DataFrame(index=quotes.index) if odds is None else odds
    return Matchday(1, datetime.date(2001, 8, 12), Slate(fixtures, offered, quotes), history or History(NOTHING))


def asked(model, quotes: pd.DataFrame, **season):
    model.season_opened(opened(quotes, **season))
    return model.forecast(day(quotes))


def fair(*prices, method="power"):
    return np.array([devig(each, method) for each in prices])


# -- consensus -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["multiplicative", "power", "shin"])
def test_the_consensus_is_the_mean_of_what_each_bookmaker_says_by_himself(method):
    p = asked(Consensus(method=method), board({"A": A, "B": B, "C": C})).probabilities
    np.testing.assert_allclose(p.loc["m0", RESULT], fair(A, B, C, method=method).mean(axis=0), rtol=1e-14)
    assert p[TOTALS].isna().all(axis=None)


def test_by_log_odds_the_consensus_is_the_geometric_mean():
    p = asked(Consensus(mean="log_odds"), board({"A": A, "B": B})).probabilities.loc["m0", RESULT].to_numpy()
    geometric = np.sqrt(np.prod(fair(A, B), axis=0))
    np.testing.assert_allclose(p, geometric / geometric.sum(), rtol=1e-14)


def test_closing_prices_and_earlier_ones_are_never_mixed():
    quotes = board({"A": A, "AC": B, "BC": C}, {"A": A, "B": C, "AC": B}, {"A": A, "B": B})
    told = asked(Consensus(), quotes, closing=["AC", "BC"])
    expected = [fair(B, C).mean(axis=0), fair(A, C).mean(axis=0), fair(A, B).mean(axis=0)]
    np.testing.assert_allclose(told.probabilities[RESULT], expected, rtol=1e-14)
    assert told.explanation["closing_match_result"].tolist() == [1.0, 0.0, 0.0]
    one = asked(Consensus(minimum_bookmakers=1), quotes, closing=["AC", "BC"]).probabilities
    np.testing.assert_allclose(one.loc["m1", RESULT], fair(B)[0], rtol=1e-14)


def test_each_market_has_its_own_bookmakers_and_too_few_are_no_opinion():
    quotes = board({"A": (*A, 1.9, 1.95), "B": (*B[:2], NAN, 2.0, 1.85), "C": C}, {"A": A})
    told = asked(Consensus(), quotes)
    np.testing.assert_allclose(told.probabilities.loc["m0", RESULT], fair(A, C).mean(axis=0), rtol=1e-14)
    totals = fair((1.9, 1.95), (2.0, 1.85)).mean(axis=0)
    np.testing.assert_allclose(told.probabilities.loc["m0", TOTALS], totals, rtol=1e-14)
    assert told.probabilities.loc["m1"].isna().all()
    numbers = told.explanation
    assert numbers["bookmakers_match_result"].tolist() == [2.0, 0.0]
    assert numbers["bookmakers_total_goals_2_5"].tolist() == [2.0, 0.0]
    margin = np.mean([sum(1 / o for o in prices) - 1 for prices in (A, C)])
    assert numbers.loc["m0", "overround_match_result"] == pytest.approx(margin, rel=1e-12)
    assert numbers.loc["m1", ["closing_match_result", "overround_match_result"]].isna().all()


def test_averages_of_the_market_are_no_bookmakers():
    p = asked(Consensus(), board({"A": A, "B": B, "Avg": C}), not_bookmakers=["Avg"]).probabilities
    np.testing.assert_allclose(p.loc["m0", RESULT], fair(A, B).mean(axis=0), rtol=1e-14)


def test_the_standard_error_is_the_spread_between_bookmakers_and_not_known_of_one():
    told = asked(Consensus(minimum_bookmakers=1), board({"A": A, "B": B, "C": C}, {"B": B}))
    np.testing.assert_allclose(told.standard_error.loc["m0", RESULT], fair(A, B, C).std(axis=0, ddof=1), rtol=1e-12)
    assert told.standard_error.loc["m1"].isna().all()
    assert told.probabilities.loc["m1", RESULT].notna().all()


def test_only_the_bookmakers_that_are_named_are_listened_to():
    p = asked(Consensus(bookmakers=["C", "A"]), board({"A": A, "B": B, "C": C})).probabilities
    np.testing.assert_allclose(p.loc["m0", RESULT], fair(A, C).mean(axis=0), rtol=1e-14)


def test_a_bookmaker_the_source_does_not_have_is_refused_with_the_nearest_name():
    with pytest.raises(MatchdayError, match=r"'B356' is not quoted by source 'doubles'; did you mean 'B365'\?"):
        asked(Consensus(bookmakers=["B356"]), board({"B365": A, "WH": B}))
    with pytest.raises(MatchdayError, match="'Avg' is not quoted"):
        asked(Consensus(bookmakers=["Avg"]), board({"B365": A, "Avg": B}), not_bookmakers=["Avg"])


@pytest.mark.parametrize("model", [Consensus(), Consensus(bookmakers=["A"]), Sharp()], ids=["all", "named", "sharp"])
def test_a_slate_without_any_quotes_is_no_opinion(model):
    told = asked(model, pd.DataFrame(index=pd.Index(["m0", "m1"], dtype="str")))
    assert list(told.probabilities.columns) == list(SELECTIONS)
    assert told.probabilities.isna().all(axis=None)


odds = st.floats(1.01, 50.0)


@given(st.lists(st.tuples(odds, odds, odds), min_size=2, max_size=6))
def test_the_consensus_lies_between_the_bookmakers(prices):
    p = asked(Consensus(), board({f"b{i}": each for i, each in enumerate(prices)})).probabilities
    each = fair(*prices)
    assert (p.loc["m0", RESULT] >= each.min(axis=0) - 1e-12).all()
    assert (p.loc["m0", RESULT] <= each.max(axis=0) + 1e-12).all()


# -- sharp -----------------------------------------------------------------------------------------------------------


def test_the_sharp_price_is_the_first_of_the_chain_that_prices_the_whole_market():
    quotes = board(
        {"PS": (*A, 1.9, 1.95), "PSC": (*B, 1.9, NAN), "WH": C}, {"PS": A, "PSC": (2.5, NAN, 4.0)}, {"WH": C}
    )
    told = asked(Sharp(method="shin"), quotes, closing=["PSC"])
    p, place = told.probabilities, told.explanation
    np.testing.assert_array_equal(p.loc["m0", RESULT], devig(B, "shin"))
    np.testing.assert_array_equal(p.loc["m0", TOTALS], devig((1.9, 1.95), "shin"))
    np.testing.assert_array_equal(p.loc["m1", RESULT], devig(A, "shin"))
    assert p.loc["m2"].isna().all()
    assert place["place_match_result"].tolist()[:2] == [1.0, 2.0] and np.isnan(place.loc["m2", "place_match_result"])
    assert place.loc["m0", "overround_total_goals_2_5"] == pytest.approx(1 / 1.9 + 1 / 1.95 - 1)


def test_a_source_without_the_sharp_bookmaker_is_said_once_and_answered_with_no_opinion():
    model = Sharp()
    told = asked(model, board({"PSX": A}))
    assert told.probabilities.isna().all(axis=None)
    actions, causes = zip(*on_record(model), strict=True)
    assert actions == ("passed over bookmaker 'PSC'", "passed over bookmaker 'PS'", "has no opinion")
    assert causes[0] == "source 'doubles' does not quote it; did you mean 'PSX'?"
    assert not asked(Sharp(bookmakers=["PSX"]), board({"PSX": A})).probabilities[RESULT].isna().any(axis=None)


def test_the_synthetic_source_has_a_sharp_bookmaker_too():
    season = Catalogue().load("source", "synthetic")(history=0).season("2023-24")
    value, flat = (Catalogue().component(name) for name in ("value", "flat"))
    for chain, silent in (["EXCC", "EXC"], False), (["PSC", "PS"], True):
        agent = Agent("watcher", [Sharp(bookmakers=chain), value(minimum_edge=10), flat()])
        events = list(play(agent, season, Rules(without_bet="off")))
        told = pd.concat([event.forecast.probabilities for event in events if isinstance(event, ForecastMade)])
        assert told.isna().all(axis=None) == told.isna().any(axis=None) == silent
        assert len([event for event in events if isinstance(event, ActionTaken)]) == (3 if silent else 0)


# -- favourite-longshot bias -----------------------------------------------------------------------------------------


def past(odds: pd.DataFrame, won: np.ndarray) -> History:
    """A history of matches a day apart, won by home, draw or away."""
    goals = np.array([[3, 0], [0, 0], [0, 3]])[won]
    dates = pd.date_range(end="2001-08-11", periods=len(odds))
    frame = pd.DataFrame({"date": dates, "home_goals": goals[:, 0], "away_goals": goals[:, 1]}, index=odds.index)
    return History(frame, odds=odds)


def priced(n: int, beta: float, seed: int = 0) -> History:
    """A history in which the bias is known."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet([4.0, 3.0, 2.5], size=n)
    prices = pd.DataFrame(1 / (1.05 * p), columns=RESULT, index=[f"h{i}" for i in range(n)]).clip(lower=1.01)
    drawn = biased(prices.to_numpy(), beta).cumsum(axis=1) > rng.uniform(size=(n, 1))
    return past(prices, drawn.argmax(axis=1))


def test_beta_is_where_the_likelihood_is_highest_and_its_error_the_curvature_there():
    history = priced(2000, 1.3)
    odds, won = history.odds.to_numpy(), winners(history.matches)
    found = fit_bias(odds, won)

    def likelihood(beta):
        return np.log(biased(odds, beta)[np.arange(len(won)), won]).sum()

    here, h = likelihood(found.beta), 1e-3
    assert all(likelihood(found.beta + step) < here for step in (-h, h))
    curvature = -(likelihood(found.beta + h) - 2 * here + likelihood(found.beta - h)) / h**2
    assert found.standard_error == pytest.approx(curvature**-0.5, rel=1e-4)
    assert found.beta == pytest.approx(1.3, abs=3 * found.standard_error)
    assert found.matches == 2000


def test_a_prior_weighs_as_an_observation_of_beta_would():
    history = priced(500, 1.3)
    odds, won = history.odds.to_numpy(), winners(history.matches)
    free, drawn = fit_bias(odds, won), fit_bias(odds, won, mean=1.0, sd=0.05)
    precision = np.array([free.standard_error, 0.05]) ** -2.0
    assert drawn.beta == pytest.approx(precision @ [free.beta, 1.0] / precision.sum(), abs=0.01)
    assert drawn.standard_error < min(free.standard_error, 0.05)
    assert fit_bias(odds[:0], won[:0], mean=1.08, sd=0.05).beta == 1.08
    assert fit_bias(odds[:0], won[:0]).standard_error == np.inf


def test_a_weight_of_two_is_the_same_match_twice():
    history = priced(300, 1.1)
    odds, won = history.odds.to_numpy(), winners(history.matches)
    twice = fit_bias(np.concatenate([odds, odds[:100]]), np.concatenate([won, won[:100]]))
    weight = np.where(np.arange(300) < 100, 2.0, 1.0)
    assert fit_bias(odds, won, weight=weight).beta == pytest.approx(twice.beta, abs=1e-9)


def test_beta_of_one_is_de_vigging_in_proportion():
    odds = np.array([A, B, C])
    np.testing.assert_allclose(biased(odds, 1.0), devig(odds), rtol=1e-14)


def flb_day(history: History, rows=(A,)) -> Matchday:
    index = pd.Index([f"m{i}" for i in range(len(rows))], dtype="str")
    return day(pd.DataFrame(index=index), pd.DataFrame(list(rows), index=index, columns=RESULT), history)


def test_each_morning_beta_is_fitted_to_what_is_known_then_and_a_warm_start_changes_nothing():
    history = priced(800, 1.25)
    first, whole = History(history.matches, odds=history.odds, rows=slice(0, 500)), history
    warm, cold = FLB(), FLB()
    warm.season_opened(opened(NOTHING, history=first))
    warm.forecast(flb_day(first))
    assert warm.fitted["match_result"].matches == 500
    cold.season_opened(opened(NOTHING, history=whole))
    told, anew = warm.forecast(flb_day(whole)), cold.forecast(flb_day(whole))
    assert warm.fitted["match_result"].matches == 800
    np.testing.assert_allclose(told.probabilities, anew.probabilities, rtol=1e-12)
    np.testing.assert_allclose(told.probabilities.loc["m0", RESULT], biased(np.array([A]), _beta(warm))[0])
    assert told.explanation.loc["m0", "beta_match_result"] == _beta(warm)


def _beta(model: FLB) -> float:
    return model.fitted["match_result"].beta


def test_half_life_and_window_weigh_the_past():
    old, new = priced(600, 1.6, seed=1), priced(600, 0.9, seed=2)
    odds = pd.concat([old.odds, new.odds]).set_axis([f"h{i}" for i in range(1200)])
    history = past(odds, np.concatenate([winners(old.matches), winners(new.matches)]))
    betas = []
    for parameters in ({"window_days": 600}, {"half_life_days": 200.0}, {"half_life_days": None}):
        model = FLB(**{"half_life_days": None, "prior_sd": 10.0} | parameters)
        model.season_opened(opened(NOTHING, history=history))
        model.forecast(flb_day(history))
        betas.append(_beta(model))
    assert betas[0] == pytest.approx(fit_bias(new.odds.to_numpy(), winners(new.matches)).beta, abs=1e-3)
    assert betas[0] < betas[1] < betas[2]


def test_without_priced_matches_beta_is_the_priors_and_that_is_said():
    model = FLB(prior_beta=1.0)
    quiet = History(pd.DataFrame({"date": pd.to_datetime([]), "home_goals": [], "away_goals": []}))
    model.season_opened(opened(NOTHING, history=quiet))
    said = "no past match has prices of it"
    assert on_record(model) == [
        ("believes in β = 1 of match_result", said),
        ("believes in β = 1 of total_goals_2_5", said),
    ]
    told = model.forecast(flb_day(quiet, [A, (2.5, NAN, 4.0)])).probabilities
    np.testing.assert_allclose(told.loc["m0", RESULT], devig(A), rtol=1e-14)
    assert told.loc["m1"].isna().all()


def test_a_second_season_begins_anew():
    model, history = FLB(), priced(300, 1.4)
    model.season_opened(opened(NOTHING, history=history))
    model.forecast(flb_day(history))
    other = priced(200, 0.8, seed=5)
    model.season_opened(opened(NOTHING, history=other))
    assert model.fitted == {}
    model.forecast(flb_day(other))
    fresh = FLB()
    fresh.season_opened(opened(NOTHING, history=other))
    fresh.forecast(flb_day(other))
    assert model.fitted == fresh.fitted
    assert pickle.loads(pickle.dumps(model)).fitted == fresh.fitted


@pytest.mark.parametrize("wrong", [{"prior_sd": 0.0}, {"half_life_days": -1.0}, {"window_days": 0}])
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        FLB(**wrong)


# -- on real prices --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def premier_league(football_data):
    return Catalogue().load("source", "football-data")(data=football_data).season("2023-24")


@pytest.mark.parametrize(
    ("code", "beta", "error"),
    [("IW", 1.159, 0.027), ("WH", 1.108, 0.026), ("B365", 1.074, 0.025), ("PS", 1.043, 0.032), ("PSC", 1.049, 0.031)],
)
def test_the_bias_of_real_bookmakers_is_what_was_published(premier_league, code, beta, error):
    """Published: 1.06 for Pinnacle to 1.15 for Interwetten. These are Premier League matches from 2000-01 on."""
    odds = premier_league.quotes[code][RESULT].to_numpy()
    quoted = ~np.isnan(odds).any(axis=1)
    found = fit_bias(odds[quoted], winners(premier_league.matches)[quoted])
    assert (found.beta, found.standard_error) == (pytest.approx(beta, abs=5e-4), pytest.approx(error, abs=5e-4))
    published = {"IW": 1.15, "PS": 1.06, "PSC": 1.06}.get(code, found.beta)
    assert abs(found.beta - published) < found.standard_error


class AskedTwice(FLB):
    """Compares what it answers to the same question."""

    @hookimpl
    def forecast(self, day):
        first, second = FLB.forecast(self, day), FLB.forecast(self, day)
        assert first.probabilities.to_numpy().tobytes() == second.probabilities.to_numpy().tobytes()
        assert first.explanation.equals(second.explanation)
        return second


def test_flb_asked_twice_in_a_morning_answers_the_same_bits():
    source = Catalogue().load("source", "synthetic")(seed=2, history=1)
    asked = [AskedTwice(), Catalogue().component("value")(), Catalogue().component("flat")()]
    events = play(Agent("twice", asked), source.season(source.default_season()))
    assert sum(isinstance(event, ForecastMade) for event in events) > 90
