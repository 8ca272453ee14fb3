"""Adaptive stakes: what settled bets teach, and what is staked on it."""

import datetime
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles import Coin, Fixed, Positive, small_season
from matchday import (
    Agent,
    Catalogue,
    Component,
    Edges,
    Episode,
    Forecast,
    History,
    Matchday,
    Rules,
    Slate,
    hookimpl,
    play,
)
from matchday.encoding import encode
from matchday.events import SlipPlaced
from matchday.ledger import Bet, SettledBet, Settlement
from matchday.markets import MATCH_RESULT, multiplicative
from matchday.money import share_in_pence
from matchday.placing import place
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.staking.adaptive import Adaptive, fair
from matchday_plugins.staking.belief import Belief
from matchday_plugins.staking.proportional import Proportional

RESULT = list(MATCH_RESULT.selections)


def day_of(odds, columns=RESULT):
    """A matchday with these odds, a row a match."""
    index = pd.Index([f"m{row}" for row in range(len(odds))])
    fixtures = pd.DataFrame({"home": "A", "away": "B"}, index=index)
    slate = Slate(fixtures, pd.DataFrame(odds, index=index, columns=columns, dtype="float64"))
    empty = pd.DataFrame({"date": pd.to_datetime([]), "home": [], "away": []})
    return Matchday(1, datetime.date(2020, 8, 8), slate, History(empty))


def settlement(*bets):
    """The day's money: bets as (match, selection, probability, odds, won), a penny each."""
    settled = tuple(
        SettledBet(Bet(match, selection, 1, odds, probability), round(odds) if won else 0)
        for match, selection, probability, odds, won in bets
    )
    return Settlement(1, datetime.date(2020, 8, 8), 10_000, 10_000, settled)


ODDS = [2.14, 3.42, 3.42]  # an overround of 5.2 %: de-vigged .444, .278, .278
FAIR = multiplicative(np.array(ODDS))


def after(*bets, day=None, **parameters):
    adaptive = Adaptive(**parameters)
    adaptive.matchday_settled(day=day or day_of([ODDS]), settlement=settlement(*bets))
    return adaptive.belief


def world(theta, *, matches=1000, seed=0):
    """Bets on home and draw of many matches in a world where this much of the claimed edge is real."""
    rng = np.random.default_rng(seed)
    claimed = FAIR + np.array([0.12, -0.02, -0.10])
    drawn = rng.choice(3, size=matches, p=FAIR + theta * (claimed - FAIR))
    return [
        (f"m{row}", RESULT[k], claimed[k], ODDS[k], winner == k) for row, winner in enumerate(drawn) for k in (0, 1)
    ]


def test_before_any_bet_the_prior_is_believed():
    assert Adaptive().belief.mean == pytest.approx(0.2, abs=1e-3)
    assert Adaptive(prior_mean=0.01, prior_weight=2.0).belief.mean == pytest.approx(0.01, abs=2e-3)
    assert Adaptive(prior_mean=0.7, prior_weight=1000.0).belief.mean == pytest.approx(0.7, abs=1e-3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_evidence_moves_the_belief_towards_the_world_it_comes_from(seed):
    day = day_of([ODDS] * 1000)
    real, claimed_only = (after(*world(theta, seed=seed), day=day) for theta in (1.0, 0.0))
    assert claimed_only.mean < 0.2 < 0.5 < real.mean
    assert real.bets == claimed_only.bets == 2000


def test_a_bet_with_no_edge_that_hedges_nothing_is_held_to_the_minimum():
    slate = Episode(small_season()).open().day
    believes = Agent("test", [Fixed(home=0.1), Favourite(), Proportional(fraction=0.05), Adaptive()])
    slip = believes.decide(slate, 100.0).slip.bets
    worth = slip["probability"] * slip["odds"]
    assert (slip.loc[worth <= 1, "share"] == 0.01 / 100).all() and (worth <= 1).any()


def test_the_belief_of_one_match_is_bayes_rule():
    claimed = (0.6, 0.3)
    theta = np.linspace(0, 1, 20_001)
    weight = (1 - theta) ** 3  # Beta(1, 4)
    real = FAIR[0] + theta * (claimed[0] - FAIR[0]) + FAIR[1] + theta * (claimed[1] - FAIR[1])
    expected = (theta * weight * (1 - real)).sum() / (weight * (1 - real)).sum()
    lost = after(("m0", "home", 0.6, ODDS[0], False), ("m0", "draw", 0.3, ODDS[1], False), prior_weight=5.0)
    assert lost.mean == pytest.approx(expected, abs=1e-4)


def test_two_sides_of_one_market_are_one_piece_of_evidence():
    day = day_of([[1.9, 1.9]], ["over_2_5", "under_2_5"])
    over, under = ("m0", "over_2_5", 0.6, 1.9, True), ("m0", "under_2_5", 0.4, 1.9, False)
    both, alone = after(over, under, day=day), after(over, day=day)
    assert both.mean == pytest.approx(alone.mean, abs=1e-12)  # as independent bets they would count twice
    assert alone.mean > 0.2


def test_bets_on_two_markets_of_a_match_count_as_two_pieces_of_evidence():
    columns = ["home", "draw", "away", "over_2_5", "under_2_5"]
    day = day_of([[*ODDS, 1.9, 1.9]], columns)
    home, over = ("m0", "home", 0.6, ODDS[0], True), ("m0", "over_2_5", 0.6, 1.9, True)
    assert after(home, over, day=day).mean > max(after(home, day=day).mean, after(over, day=day).mean)


def test_forced_bets_and_bets_without_a_probability_teach_nothing():
    adaptive = Adaptive()
    forced = SettledBet(Bet("m0", "home", 1, ODDS[0], 0.9, forced=True), 2)
    silent = SettledBet(Bet("m0", "draw", 1, ODDS[1]), 0)
    money = Settlement(1, datetime.date(2020, 8, 8), 10_000, 10_000, (forced, silent))
    adaptive.matchday_settled(day=day_of([ODDS]), settlement=money)
    assert adaptive.belief.mean == Adaptive().belief.mean and adaptive.belief.bets == 0


def test_the_market_is_devigged_where_it_is_whole_and_taken_as_it_stands_where_it_is_not():
    table = fair(day_of([ODDS, [2.0, math.nan, 4.0], [1.25, 2.5, math.nan]]).slate.odds)
    assert table.loc["m0"].tolist() == pytest.approx(FAIR.tolist())
    assert table.loc["m1", ["home", "away"]].tolist() == [0.5, 0.25] and math.isnan(table.loc["m1", "draw"])
    assert table.loc["m2", ["home", "draw"]].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert fair(day_of([[2.0]], ["over_2_5"]).slate.odds).loc["m0", "over_2_5"] == 0.5


class Told(Component):
    """An edge rule and Kelly one by one: the bets it is told of, (match, selection, probability, odds[, share])."""

    rows: list[tuple]

    @hookimpl
    def find_edges(self, forecast):
        bets = pd.DataFrame([row[:4] for row in self.rows], columns=["match_id", "selection", "probability", "odds"])
        bets = bets.astype({"probability": "float64", "odds": "float64"})
        return Edges(bets.assign(edge=bets["probability"] * bets["odds"] - 1.0), forecast)

    @hookimpl
    def size_stakes(self, edges):
        kelly = (edges.bets["edge"] / (edges.bets["odds"] - 1.0)).tolist()
        shares = [row[4] if len(row) > 4 else own for row, own in zip(self.rows, kelly, strict=True)]
        return edges.slip(pd.Series(shares, index=edges.bets.index, dtype="float64"))


def slip(rows, adaptive, *, day=None, bankroll=100.0):
    return Agent("test", [Told(rows=rows), adaptive]).decide(day or day_of([ODDS] * 3), bankroll).slip


@given(mean=st.floats(0.05, 0.95), p=st.floats(0.48, 0.9))
def test_one_bet_is_kelly_at_the_probability_believed(mean, p):
    adaptive = Adaptive(prior_mean=mean)
    believed = FAIR[0] + adaptive.belief.mean * (p - FAIR[0])
    kelly = (believed * ODDS[0] - 1.0) / (ODDS[0] - 1.0)
    if kelly * 100 < 0.01:
        return
    assert slip([("m0", "home", p, ODDS[0])], adaptive).bets["share"].item() == pytest.approx(kelly, abs=1e-12)


def test_each_bet_says_how_much_of_its_edge_is_believed_and_after_how_many_bets():
    adaptive = Adaptive(prior_mean=0.5, prior_weight=1000.0)
    bets = slip([("m0", "home", 0.6, ODDS[0])], adaptive).bets
    factor = ((FAIR[0] + 0.6) / 2 * ODDS[0] - 1) / (0.6 * ODDS[0] - 1)
    assert bets["reason"].item() == f"adaptive: × {factor:.2f} (50 % of the edge believed after 0 bets)"


@pytest.mark.parametrize("bankroll", [100.0, 33.33, 0.07, 98_765.43])
def test_a_bet_whose_edge_is_not_believed_is_placed_at_the_minimum_bet(bankroll):
    bets = slip([("m0", "home", 0.48, ODDS[0], 0.2)], Adaptive(), bankroll=bankroll).bets
    assert share_in_pence(bets["share"].item(), round(100 * bankroll)) == 1
    assert bets["reason"].item() == "adaptive: minimum bet (20 % of the edge believed after 0 bets)"


def test_the_minimum_bet_is_that_of_the_rules_and_passes_them():
    season, rules = small_season(), Rules(minimum_bet=2.5)
    adaptive = Adaptive()
    adaptive.season_opened(season=Episode(season, rules).begin())
    bets = slip([("m0", "home", 0.48, ODDS[0], 0.2)], adaptive)
    placed = place(bets, offer={"m0": {"home": ODDS[0]}}, rules=rules, bankroll=10_000)
    assert [bet.stake for bet in placed.bets] == [250] and placed.dropped == ()


def test_a_bet_that_was_smaller_than_the_minimum_does_not_grow_to_it():
    bets = slip([("m0", "home", 0.48, ODDS[0], 1e-6)], Adaptive()).bets
    assert bets["share"].item() == 1e-6 and bets["reason"].item() == ""


def test_a_hedge_is_scaled_as_the_bets_it_hedges_and_a_bet_without_an_opinion_stays():
    rows = [("m0", "home", 0.7, ODDS[0], 0.2), ("m0", "draw", 0.2, ODDS[1], 0.02), ("m1", "home", math.nan, 2.14, 0.1)]
    home, draw, silent = slip(rows, Adaptive(prior_mean=0.6)).bets["share"]
    assert home < 0.2 and draw == pytest.approx(0.02 * home / 0.2) and silent == 0.1


def test_an_empty_slip_stays_empty():
    assert len(slip([], Adaptive())) == 0 and slip([], Adaptive()).notes == ()


@pytest.mark.parametrize("bad", [{"prior_mean": 0.0}, {"prior_mean": 1.0}, {"prior_weight": 0.0}])
def test_a_prior_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        Adaptive(**bad)


@given(
    st.lists(
        st.tuples(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.01, 0.49), st.floats(0.01, 0.49), st.booleans()),
        max_size=30,
    )
)
def test_the_belief_is_a_mean_in_the_unit_interval_whatever_the_evidence(draws):
    belief = Belief.prior(0.2, 5.0)
    for one, other, q, r, won in draws:
        belief = belief.after(np.array([one, other]), np.array([q, r]), 0 if won else None)
    assert 0.0 < belief.mean < 1.0


class Fancies(Coin):
    """A model without an edge: of each match it fancies one selection at random, by two fifths more than the price."""

    @hookimpl
    def forecast(self, day):
        p = multiplicative(day.slate.odds[RESULT].to_numpy())
        rows, fancied = np.arange(len(p)), self._rng.integers(3, size=len(p))
        p[rows, fancied] *= 1.4
        p /= p.sum(axis=1, keepdims=True)
        return Forecast(pd.DataFrame(p, index=day.slate.index, columns=RESULT))


class KellyOneByOne(Component):
    """Half of each bet's own Kelly share, within the bankroll."""

    @hookimpl
    def size_stakes(self, edges):
        shares = 0.5 * edges.bets["edge"] / (edges.bets["odds"] - 1.0)
        return edges.slip(shares / max(shares.sum(), 1.0))


def test_an_edge_that_hundreds_of_bets_belie_is_staked_no_more_than_a_penny():
    adaptive, day = Adaptive(), day_of([ODDS] * 1000)
    rows = [("m0", "home", 0.6, ODDS[0], 0.1)]
    assert slip(rows, adaptive).bets["share"].item() > 1e-3
    adaptive.matchday_settled(day=day, settlement=settlement(*world(0.0)))
    assert slip(rows, adaptive).bets["share"].item() == pytest.approx(1e-4)


@pytest.mark.parametrize("seed", [1, 4])
def test_an_agent_without_an_edge_bets_only_pennies_by_the_end_of_the_season(seed):
    # Luck may flatter it: of seeds 1 to 8 five end so, and in the others the largest stake of the last days is 24 pence.
    season = Catalogue().load("source", "synthetic")(seed=seed, history=1).season("2023-24")
    agent = Agent("dreamer", [Fancies(), Positive(), KellyOneByOne(), Adaptive()])
    slips = [event for event in play(agent, season) if isinstance(event, SlipPlaced)]
    early, late = ([bet.stake for each in part for bet in each.bets] for part in (slips[:10], slips[-10:]))
    assert max(early) > 5 and len(late) > 20
    assert set(late) == {1}


def test_the_run_is_forgotten_when_the_next_season_opens():
    adaptive = Adaptive(prior_mean=0.8)
    agent = Agent("gambler", [Coin(), Positive(), KellyOneByOne(), adaptive])
    once = [encode(each) for each in play(agent, small_season())]
    learnt = adaptive.belief.mean
    assert learnt != Adaptive(prior_mean=0.8).belief.mean
    assert once == [encode(each) for each in play(agent, small_season())]
    assert adaptive.belief.mean == learnt
