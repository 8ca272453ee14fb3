"""Kelly over a whole slate: published values, enumeration of all outcomes, other solvers, limits, and bad input."""

import itertools
import math

import cvxpy
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from doubles import CLUBS, Everything, Fixed, Positive, small_season
from matchday import Agent, Edges, Episode, Forecast, MatchdayError, Rules
from matchday.errors import ComponentError
from matchday.growth.candidates import Book
from matchday.growth.payoffs import Payoffs, of_market
from matchday.growth.wealth import Grid, Slopes, Wealth
from matchday.markets import MARKET_OF, SELECTIONS, price_scores
from matchday_plugins.staking.joint.exclusive import exclusive_kelly, lone_kelly
from matchday_plugins.staking.joint.interior import Limits, maximise
from matchday_plugins.staking.joint.newton import solve_by_gradients, solve_directly
from matchday_plugins.staking.joint.sizing import ACCURACY, size
from matchday_plugins.staking.kelly import Kelly
from matchday_plugins.staking.risk_constrained import RiskConstrained

PENNY = Limits(total=1 - 1e-4)


def bets(*rows):
    """Candidates from (match, selection, probability, odds)."""
    frame = pd.DataFrame(rows, columns=["match_id", "selection", "probability", "odds"])
    return frame.assign(market=[MARKET_OF[name].name for name in frame["selection"]])


def evens(n, p=0.55):
    return bets(*[(f"match {i}", "home", p, 2.0) for i in range(n)])


def log_growth(p, odds, shares):
    """E[log W] of bets on one market."""
    rest = 1 - shares.sum()
    return float(p @ np.log(rest + shares * odds) + (1 - p.sum()) * math.log(rest))


# ------------------------------------------------------------------------------------------- published values


@pytest.mark.parametrize(
    ("p", "odds", "shares"),
    [
        ((0.55,), (2.0,), (0.1,)),
        ((0.5, 0.27, 0.23), (2.2, 3.6, 3.6), (0.109434, 0.031321, 0.0)),
        ((0.45, 0.28, 0.27), (2.5, 3.8, 2.9), (0.129375, 0.069062, 0.0)),
        ((0.4,), (2.0,), (0.0,)),
    ],
)
def test_exclusive_selections_get_their_published_shares_from_the_closed_form_and_from_the_solver(p, odds, shares):
    p, odds = np.array(p), np.array(odds)
    assert exclusive_kelly(p, odds).tolist() == pytest.approx(list(shares), abs=1e-6)
    if max(shares) > 0:
        solved = maximise(Payoffs.of([of_market(p, odds)]), PENNY)
        assert solved.shares[0].tolist() == pytest.approx(list(shares), abs=1e-6)


def test_the_growth_of_one_bet_is_the_published_one():
    assert size(evens(1)).growth == pytest.approx(0.0050084, abs=5e-8)
    half, double = (log_growth(np.array([0.55]), np.array([2.0]), np.array([f])) for f in (0.05, 0.2))
    assert (half, double) == pytest.approx((0.0037526, -0.0001377), abs=5e-8)
    exact = log_growth(np.array([0.45, 0.28]), np.array([2.5, 3.8]), np.array([0.129375, 0.069062]))
    assert exact == pytest.approx(0.01065, abs=5e-6)


@pytest.mark.parametrize(("n", "share"), [(1, 0.1), (2, 0.09901), (3, 0.098002), (5, 0.095914), (10, 0.089653)])
def test_independent_even_money_bets_get_their_published_shares(n, share):
    assert size(evens(n)).shares.tolist() == pytest.approx([share] * n, abs=6e-7)


def test_the_risk_constrained_share_is_the_published_one():
    power = RiskConstrained(alpha=0.7, beta=0.1).power
    assert size(evens(1), power=power).shares[0] == pytest.approx(0.0269, abs=5e-5)


# ------------------------------------------------------------------------------------- every outcome, enumerated


def enumerated(payoffs, shares):
    """Probability and wealth of every outcome of a slate."""
    each = [
        [(p, w) for p, w in zip(match, added, strict=True) if p > 0]
        for match, added in zip(payoffs.probability, payoffs.added(shares), strict=True)
    ]
    outcomes = [(math.prod(p for p, _ in row), 1 + sum(w for _, w in row)) for row in itertools.product(*each)]
    return np.array(outcomes).T


def random_slate(seed, matches, *, generous=1.1):
    """Matches with candidates on 1X2 and totals, dependent through random score grids."""
    rng = np.random.default_rng(seed)
    rows, scores = [], {}
    for i in range(matches):
        grid = rng.dirichlet(np.full(36, 0.7)).reshape(6, 6)
        scores[f"match {i}"] = grid
        prices = price_scores(grid[None])
        for name in SELECTIONS:
            p = float(prices[name][0])
            odds = round(float(rng.uniform(0.75, generous)) / p, 2) if p > 0.01 else 1.0
            if odds > 1.01 and rng.random() < 0.7:
                rows.append((f"match {i}", name, p, odds))
    return bets(*rows), scores


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 6), st.sampled_from([PENNY, Limits(0.05, 0.08, 0.2)]))
def test_growth_and_optimum_equal_those_of_all_outcomes_enumerated(seed, matches, limits):
    slate, scores = random_slate(seed, matches, generous=1.02)
    assume(len(slate))
    sized = size(slate, limits=limits, scores=scores)
    payoffs, shares = Book(slate, scores).laid_out(sized.shares)
    p, wealth = enumerated(payoffs, shares)
    assert p.sum() == pytest.approx(1.0)
    assert sized.growth == pytest.approx(p @ np.log(wealth), abs=1e-8)
    assert sized.gap <= ACCURACY
    rng = np.random.default_rng(seed)
    for _ in range(10):
        other = within(limits, np.abs(shares + rng.normal(0, 0.02, shares.shape) * (rng.random(shares.shape) < 0.5)))
        p, wealth = enumerated(payoffs, other)
        assert p @ np.log(wealth) <= sized.growth + ACCURACY


def within(limits, shares):
    shares = np.minimum(shares, limits.bet)
    shares = shares * np.minimum(1, limits.match / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))
    return shares * min(1, limits.total / max(shares.sum(), 1e-12))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 4), st.sampled_from([0.0, 0.01, 1.7, 5.24, 28.0, 300.0]))
def test_the_integral_and_its_slope_equal_those_of_all_outcomes(seed, matches, power):
    slate, scores = random_slate(seed, matches)
    assume(len(slate))
    payoffs = Payoffs.of(Book(slate, scores).payoffs)
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(payoffs.real.size + 1))[:-1].reshape(payoffs.real.shape) * payoffs.real
    wealth, price = Wealth.at(shares, payoffs, Grid(power)), 0.3 if power else 0.0
    p, w = enumerated(payoffs, shares)
    assert wealth.growth == pytest.approx(p @ np.log(w), abs=1e-11)
    assume(-power * math.log(w.min()) < 600)  # float64 holds it
    if power:
        assert wealth.risk == pytest.approx(p @ w**-power - 1, rel=1e-8, abs=1e-12)

    def objective(at):
        p, w = enumerated(payoffs, at)
        return p @ np.log(w) - price * (p @ w**-power) if power else p @ np.log(w)

    assume(w.min() > 0.05)
    step, where = 1e-6, tuple(rng.integers(0, s) for s in shares.shape)
    assume(payoffs.real[where])
    up, down = shares.copy(), shares.copy()
    up[where] += step
    down[where] -= step
    slope = (objective(up) - objective(down)) / (2 * step)
    found = Slopes.of(wealth, payoffs, price=price).gradient[where]
    assert found == pytest.approx(slope, rel=1e-4, abs=1e-7)


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_both_ways_of_solving_newtons_equations_agree(seed, matches):
    rng = np.random.default_rng(seed)
    raw, coupling = rng.normal(size=(matches, 7, 4)), 0.3 * rng.normal(size=(matches, 9, 4))
    blocks = raw.transpose(0, 2, 1) @ raw + coupling.transpose(0, 2, 1) @ coupling + np.eye(4)
    right = rng.normal(size=(matches, 4, 2))
    direct, iterated = (way(blocks, coupling, right) for way in (solve_directly, solve_by_gradients))
    np.testing.assert_allclose(iterated, direct, rtol=1e-5, atol=1e-6)


def test_the_rule_of_integration_errs_by_no_more_than_its_bound_for_any_wealth():
    for wealth in np.geomspace(1e-6, 1e3, 50):
        payoffs = Payoffs(np.ones((1, 1)), np.array([[[wealth - 1.0]]]), np.ones((1, 1), dtype=bool))
        error = Wealth.at(np.ones((1, 1)), payoffs, Grid()).growth - math.log(1 + (wealth - 1))
        assert abs(error) <= 2.5e-12


@pytest.mark.parametrize("power", [0.01, 0.1, 1.0, 2.0, 4.0, 5.24, 6.456, 8.0, 28.0, 90.0])
def test_powers_of_wealth_err_by_no_more_than_a_billionth(power):
    for wealth in np.geomspace(0.05, 20, 30):
        payoffs = Payoffs(np.ones((1, 1)), np.array([[[wealth - 1.0]]]), np.ones((1, 1), dtype=bool))
        risk = Wealth.at(np.ones((1, 1)), payoffs, Grid(power)).risk
        assert risk + 1 == pytest.approx((1 + (wealth - 1)) ** -power, rel=1e-9, abs=1e-9)


# ---------------------------------------------------------------------------------------------- other solvers


@pytest.mark.filterwarnings("ignore:Solution may be inaccurate:UserWarning")  # cvxpy's own, near the border
@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0.02, 1), st.floats(1.1, 15)), min_size=1, max_size=5))
def test_one_event_agrees_with_cvxpy(raw):
    total = 1.05 * sum(w for w, _ in raw)
    p, odds = np.array([w / total for w, _ in raw]), np.array([o for _, o in raw])
    f = cvxpy.Variable(len(p), nonneg=True)
    rest = 1 - cvxpy.sum(f)
    growth = p @ cvxpy.log(rest + cvxpy.multiply(odds, f)) + (1 - p.sum()) * cvxpy.log(rest)
    cvxpy.Problem(cvxpy.Maximize(growth), [cvxpy.sum(f) <= 1 - 1e-6]).solve(solver=cvxpy.CLARABEL)
    rows = {
        "match_id": "m",
        "market": "m",
        "selection": [f"s{k}" for k in range(len(p))],
        "probability": p,
        "odds": odds,
    }
    ours = size(pd.DataFrame(rows))
    assert ours.growth == pytest.approx(max(float(growth.value), 0.0), abs=2e-7)


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(1.05, 20)), min_size=1, max_size=3),
    st.integers(0, 2),
    st.floats(-0.02, 0.02),
)
def test_no_other_stakes_on_one_market_grow_faster_than_the_closed_form(raw, which, change):
    weight = sum(w for w, _ in raw) * 1.05
    p, odds = np.array([w / weight for w, _ in raw]), np.array([o for _, o in raw])
    assume((1 / odds).sum() < 1 or len(p) < 3)
    shares = exclusive_kelly(p, odds)
    other = shares.copy()
    other[which % len(p)] = max(other[which % len(p)] + change, 0.0)
    assume(other.sum() < 1)
    assert log_growth(p, odds, shares) >= log_growth(p, odds, other) - 1e-12
    assert (shares >= 0).all() and shares.sum() < 1


# -------------------------------------------------------------------------------------------------- properties


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(2, 8))
def test_permuting_matches_permutes_stakes(seed, matches):
    slate, scores = random_slate(seed, matches, generous=1.05)
    assume(len(slate) > 1)
    order = np.random.default_rng(seed).permutation(len(slate))
    shuffled = size(slate.iloc[order].reset_index(drop=True), scores=scores)
    assert shuffled.shares == pytest.approx(size(slate, scores=scores).shares[order], abs=1e-6)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 8))
def test_no_bet_without_an_edge_is_staked_unless_it_hedges_another_on_its_match(seed, matches):
    slate, scores = random_slate(seed, matches, generous=1.05)
    assume(len(slate))
    slate["share"] = size(slate, scores=scores).shares
    edge = slate["probability"] * slate["odds"] - 1
    backed = set(slate.loc[(edge > 0) & (slate["share"] > 0), "match_id"])
    assert set(slate.loc[(edge <= 0) & (slate["share"] > 0), "match_id"]) <= backed


@pytest.mark.parametrize("margin", [1.0, 0.95])
def test_prices_without_an_edge_get_no_stake(margin):
    p = np.array([0.34, 0.33, 0.33])
    slate = bets(*[("m", name, q, margin / q) for name, q in zip(SELECTIONS[:3], p, strict=True)])
    assert not size(slate).shares.any()


def test_bets_on_two_markets_of_a_match_depend_on_one_another_as_the_scores_say():
    grid = np.zeros((5, 5))
    grid[3, 1], grid[0, 0], grid[0, 1] = 0.5, 0.3, 0.2  # a home win is always over 2.5
    together = bets(("m", "home", 0.5, 2.2), ("m", "over_2_5", 0.5, 2.2))
    dependent = size(together, scores={"m": grid})
    assert dependent.notes == ()
    assert dependent.shares.sum() == pytest.approx(lone_kelly(np.array([0.5]), np.array([2.2]))[0], abs=1e-6)
    independent = size(together)
    assert independent.shares.sum() > 1.8 * dependent.shares.sum()
    assert "the markets of m are taken as independent" in independent.notes[0]
    other = size(together, scores={"m": np.full((5, 5), 0.04)})
    assert other.notes == (f"{independent.notes[0]}: no scoreline distribution agrees with its probabilities",)


def test_an_arbitrage_gets_a_bounded_stake_and_a_note():
    sized = size(bets(("m", "over_2_5", 0.5, 2.2), ("m", "under_2_5", 0.5, 2.2)), limits=PENNY)
    assert 0.99 < sized.shares.sum() < 1.0
    assert sized.shares[0] == pytest.approx(sized.shares[1], abs=1e-5)
    assert sized.notes[0].startswith("an arbitrage, bounded by the limits: the prices of total_goals_2_5 of m add")
    assert sized.notes[1] == "limits that bind: the slate at 0.9999"
    many = bets(*[(f"m{i}", name, 0.5, 2.1) for i in range(10) for name in ("over_2_5", "under_2_5")])
    assert size(many).gap <= ACCURACY


def test_without_a_limit_the_closed_form_puts_the_whole_bankroll_into_an_arbitrage():
    assert exclusive_kelly(np.array([0.5, 0.5]), np.array([2.2, 2.2])).tolist() == pytest.approx([0.5, 0.5])


def test_a_certain_winner_gets_all_but_what_the_limits_keep():
    assert size(bets(("m", "home", 1.0, 1.5)), limits=PENNY).shares[0] == pytest.approx(PENNY.total, abs=1e-9)


def test_a_probability_that_rounding_put_above_one_is_one():
    slate = bets(("m", "home", 1.0000000000000002, 1.5), ("n", "home", 0.6, 2.0))
    assert size(slate).gap <= ACCURACY


def test_what_a_market_lacks_to_one_is_a_chance_however_small():
    almost = size(bets(("m", "home", 1 - 5e-7, 1.5)), power=RiskConstrained(alpha=0.95, beta=0.01).power)
    assert almost.shares[0] < 0.2 and almost.notes == ()


@pytest.mark.parametrize("edge", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
def test_the_bound_on_drawdown_scales_with_the_edge_down_to_the_smallest(edge):
    sized = size(bets(("m", "home", 0.5, 2 * (1 + edge))), power=RiskConstrained(alpha=0.7, beta=0.1).power)
    assert sized.shares[0] == pytest.approx(0.2682 * edge, rel=0.03)


def test_a_bet_of_a_strangers_market_is_sized_too_and_bad_frames_are_refused():
    rows = {"match_id": [1, 1], "market": "corners", "selection": ["over", "under"], "probability": 0.5, "odds": 2.1}
    sized = size(pd.DataFrame(rows), scores={"1": np.full((3, 3), 1 / 9)})
    assert sized.shares.sum() > 0.99
    with pytest.raises(MatchdayError, match="there is no column 'market'; rule: match_id, market, selection"):
        size(pd.DataFrame(rows).drop(columns="market"))
    with pytest.raises(MatchdayError, match="Limits: bet is 2; rule: above 0, at most 1"):
        Limits(bet=2.0)
    with pytest.raises(MatchdayError, match="Limits: total is 1; rule: at least 0, below 1"):
        Limits(total=1.0)


def test_the_first_bad_row_is_the_one_that_is_named():
    with pytest.raises(MatchdayError, match="m home: odds 0.9; rule"):
        size(bets(("m", "home", 0.5, 0.9), ("m", "draw", math.nan, 3.0)))


# ------------------------------------------------------------------------------------------------------ limits


@settings(max_examples=40)
@given(
    st.integers(0, 2**32),
    st.integers(1, 6),
    st.tuples(*[st.floats(0.01, 1).map(lambda x: round(x, 3))] * 3),
    st.none() | st.integers(1, 3),
)
def test_shares_keep_within_every_limit(seed, matches, limit, most):
    slate, scores = random_slate(seed, matches)
    assume(len(slate))
    limits = Limits(limit[0], limit[1], min(limit[2], 1 - 1e-4))
    sized = size(slate, limits=limits, bets_per_match=most, scores=scores)
    by_match = pd.Series(sized.shares).groupby(slate["match_id"])
    assert sized.shares.min() >= 0 and sized.shares.max() <= limits.bet
    assert by_match.sum().max() <= limits.match + 1e-12 and sized.shares.sum() <= limits.total + 1e-12
    assert most is None or (by_match.agg(lambda s: (s > 0).sum()) <= most).all()
    assert sized.gap <= ACCURACY


@settings(max_examples=30)
@given(
    st.tuples(*[st.floats(0.001, 1).map(lambda x: round(x, 4))] * 3),
    st.none() | st.integers(1, 2),
    st.integers(1, 10**7),
    st.booleans(),
)
def test_no_slip_of_kelly_is_ever_refused_by_the_rules(limit, most, pence, hedge):
    rules = Rules(
        bankroll=pence / 100,
        bet_limit=limit[0],
        match_limit=limit[1],
        matchday_limit=limit[2],
        bets_per_match=most,
    )
    episode = Episode(small_season(), rules)
    agent = Agent("kelly", [Fixed(home=0.6), Positive(), Kelly(hedge=hedge)])
    agent.season_opened(episode.begin())
    day = episode.open().day
    episode.place(agent.decide(day, rules.bankroll).slip)


def test_of_a_crowded_match_the_bets_that_grow_most_together_are_kept():
    crowded = bets(("m", "home", 0.5, 2.2), ("m", "draw", 0.3, 4.5), ("n", "home", 0.5, 2.1))
    sized = size(crowded, bets_per_match=1)
    assert (sized.shares > 0).tolist() == [False, True, True]
    assert sized.notes == ("the rule bets_per_match 1 leaves the bets of a match that grow most together",)
    alike = bets(("m", "draw", 0.271813, 3.95), ("m", "away", 0.539673, 1.96), ("m", "over_2_5", 0.361864, 2.96))
    goals = np.array([[math.exp(-r) * r**k / math.factorial(k) for k in range(12)] for r in (0.75, 1.35)])
    grid = np.outer(*goals) / np.outer(*goals).sum()
    rows = alike.assign(probability=[float(price_scores(grid[None])[name][0]) for name in alike["selection"]])
    rows["odds"] = 1.07 / rows["probability"]
    growths = [
        size(rows.drop(index=left_out).reset_index(drop=True), scores={"m": grid}).growth for left_out in range(3)
    ]
    assert size(rows, scores={"m": grid}, bets_per_match=2).growth == pytest.approx(max(growths), abs=1e-9)


@settings(max_examples=30)
@given(
    st.integers(0, 2**32),
    st.integers(1, 5),
    st.sampled_from([(0.5, 0.1), (0.9, 0.05), (0.3, 0.9), (0.01, 0.99), (0.95, 0.01)]),
)
def test_risk_constrained_shares_keep_the_bound_and_no_others_grow_more(seed, matches, bound):
    slate, scores = random_slate(seed, matches, generous=1.05)
    assume(len(slate))
    power = RiskConstrained(alpha=bound[0], beta=bound[1]).power
    free, sized = size(slate, scores=scores), size(slate, scores=scores, power=power)
    assert sized.growth <= free.growth + ACCURACY and sized.gap <= ACCURACY
    payoffs, shares = Book(slate, scores).laid_out(sized.shares)
    p, wealth = enumerated(payoffs, shares)
    assert p @ wealth**-power <= 1 + 1e-7


def test_the_chance_of_a_drawdown_is_kept_in_a_simulation():
    share = size(evens(1), power=RiskConstrained(alpha=0.7, beta=0.1).power).shares[0]
    rng = np.random.default_rng(0)
    steps = np.where(rng.random((4000, 2000)) < 0.55, math.log1p(share), math.log1p(-share))
    lowest = np.exp(np.cumsum(steps, axis=1).min(axis=1))
    assert 0.05 < (lowest < 0.7).mean() < 0.1


# --------------------------------------------------------------------------------------------- as a component

DAY = Episode(small_season()).open().day


def slip_of(*components, bankroll=100.0):
    return Agent("test", components).decide(DAY, bankroll).slip


def edges_of(*rows) -> Edges:
    frame = pd.DataFrame(rows, columns=["match_id", "selection", "probability", "odds"])
    return Edges(frame.assign(edge=frame["probability"] * frame["odds"] - 1), Forecast.silent(DAY.slate.index))


def test_the_slip_says_what_each_bet_would_get_alone():
    slip = slip_of(Fixed(home=0.6), Positive(), Kelly())
    alone = lone_kelly(*(slip.bets[name].to_numpy() for name in ("probability", "odds")))
    assert (slip.bets["share"] < alone).all()
    assert slip.bets["reason"].iloc[0] == f"kelly: {slip.bets['share'].iloc[0]:.4f}, alone {alone[0]:.4f}"


def test_only_candidates_are_staked_and_with_hedge_the_rest_of_their_markets_too():
    day = DAY
    odds = day.slate.odds
    said = pd.DataFrame({"home": 0.5, "draw": 0.27, "away": 0.23}, index=odds.index)
    quiet = Episode(small_season(odds={"home": 2.2, "draw": 3.7, "away": 3.6})).open().day
    forecast = Forecast(said)
    edge = said * quiet.slate.odds[["home", "draw", "away"]] - 1
    edges = Edges.where(edge > 0.05, slate=quiet.slate, forecast=forecast)
    plain, hedged = (Kelly(hedge=h).size_stakes(quiet, edges, 100.0).bets for h in (False, True))
    assert set(plain["selection"]) == {"home"}
    added = hedged[hedged["selection"] != "home"]
    assert len(added) and set(added["match_id"]) <= set(plain["match_id"])
    assert added["reason"].str.contains("as a hedge").all()


def test_where_an_edge_rule_has_probabilities_of_its_own_nothing_of_their_markets_hedges():
    said = pd.DataFrame({"home": 0.5, "draw": 0.27, "away": 0.23}, index=DAY.slate.index)
    edges = Edges.where(said > 0.4, slate=DAY.slate, forecast=Forecast(said))
    bold = Edges(edges.bets.assign(probability=0.9), edges.forecast)
    assert set(Kelly(hedge=True).size_stakes(DAY, bold, 100.0).bets["selection"]) == {"home"}


def test_a_candidate_without_an_edge_that_is_staked_is_called_a_hedge():
    slip = Kelly().size_stakes(DAY, edges_of(("m", "home", 0.5, 2.2), ("m", "draw", 0.27, 3.6)), 100.0)
    assert slip.bets["reason"].tolist() == ["kelly: 0.1094, alone 0.0833", "kelly: 0.0313 as a hedge"]


def test_a_candidate_nobody_has_an_opinion_on_gets_no_stake_and_the_slip_says_so():
    slip = slip_of(Everything(), Kelly())
    assert len(slip) == 0 and "15 candidates without a probability" in slip.notes[0]


def test_on_a_day_of_many_edges_stakes_stay_within_the_bankroll_and_the_rules():
    edges = edges_of(*[(club, "home", 0.9, 2.0) for club in CLUBS])
    kelly = Kelly()
    slip = kelly.size_stakes(DAY, edges, 100.0)
    assert 0.99 < slip.bets["share"].sum() <= 1 - 1e-4
    kelly.season_opened(Episode(small_season(), Rules(matchday_limit=0.3, bet_limit=0.1)).begin())
    slip = kelly.size_stakes(DAY, edges, 100.0)
    assert slip.bets["share"].tolist() == pytest.approx([0.05] * 6, abs=1e-6)
    assert slip.notes == ("kelly: limits that bind: the slate at 0.3",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("m", "home", 1.2, 2.0), "m home: probability 1.2; rule: a number between 0 and 1"),
        (("m", "home", -0.1, 2.0), "m home: probability -0.1; rule"),
        (("m", "home", 0.5, 1.0), "m home: odds 1; rule: finite decimal odds above 1"),
        (("m", "home", 0.5, math.inf), "m home: odds inf; rule"),
        (("m", "home", 0.5, math.nan), "m home: odds nan; rule"),
        (("m", "away", 0.5, 2.0), "m away: stands among the bets twice; rule: once"),
        (
            ("m", "home", 0.6, 2.0),
            r"m home: the probabilities of its market \(match_result\) add up to 1\.1; rule: at most 1",
        ),
    ],
)
def test_bets_that_cannot_be_sized_are_refused_by_row(row, said):
    with pytest.raises(MatchdayError, match=said):
        Kelly().size_stakes(DAY, edges_of(("m", "away", 0.5, 2.0), row), 100.0)


def test_a_missing_probability_is_refused_by_the_solver_itself():
    with pytest.raises(MatchdayError, match="m home: probability nan; rule"):
        size(bets(("m", "home", math.nan, 2.0)))


@pytest.mark.parametrize("bankroll", [0.0, -1.0, math.nan])
def test_a_bankroll_of_nothing_is_refused(bankroll):
    with pytest.raises(ComponentError, match=r"bankroll (0|-1|nan): there is nothing to stake; rule: above 0"):
        slip_of(Fixed(home=0.6), Positive(), Kelly(), bankroll=bankroll)


@pytest.mark.parametrize("bad", [{"alpha": 1.0}, {"alpha": 0.0}, {"beta": 1.0}, {"beta": 0.0}])
def test_a_bound_on_drawdown_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="alpha|beta"):
        RiskConstrained(**bad)


@pytest.mark.parametrize("solver", [solve_directly, solve_by_gradients])
def test_bets_whose_returns_are_in_proportion_are_solved_and_no_error(solver):
    blocks, right = np.full((2, 2, 2), 4.0), np.full((2, 2, 1), 8.0)
    found = solver(blocks, np.zeros((2, 3, 2)), right)
    np.testing.assert_allclose(blocks @ found, right, rtol=1e-9)
