"""The committee: whose money is bet, how it is divided anew, and that it adds up to the penny."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doubles import Coin, Everything, Level, Positive, Watch, gambler, small_season
from matchday import (
    Agent,
    BetSlip,
    Component,
    Edges,
    Episode,
    Rules,
    hookimpl,
    play,
)
from matchday.bets import SLIP_COLUMNS
from matchday.errors import RuleBroken
from matchday.events import (
    ActionTaken,
    ForecastMade,
    MatchdayOpened,
    MatchdaySettled,
    SeasonClosed,
    SlipPlaced,
    SlipRefused,
)
from matchday.placing import offer_of, place
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.guards.drawdown_brake import DrawdownBrake
from matchday_plugins.hybrids.committee import Committee
from matchday_plugins.hybrids.merging import merge
from matchday_plugins.hybrids.purses import apportion
from members import SEASON, Hears, acts, backer, bets_of, events_of, hears, of


def test_a_committee_of_one_bets_as_its_agent_alone():
    for seed in range(3):
        alone = list(play(gambler(), SEASON, seed=seed))
        assert bets_of(events_of(Committee(agents=[gambler()]), seed=seed)) == bets_of(alone)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 100),
    bankroll=st.sampled_from([0.03, 1.0, 99.99, 12_345.67]),
    shares=st.lists(st.sampled_from([0.001, 0.05, 0.2, 1 / 3, 0.9]), min_size=1, max_size=4),
    rate=st.sampled_from([0.0, 0.5, 1.0, 5.0]),
    even=st.sampled_from([0.0, 0.1, 1.0]),
    every=st.integers(1, 4),
    rules=st.sampled_from([{}, {"bets_per_match": 1}, {"bet_limit": 0.05, "match_limit": 0.1, "matchday_limit": 0.2}]),
)
@example(seed=0, bankroll=0.03, shares=[0.9, 0.9], rate=5.0, even=0.0, every=1, rules={"bets_per_match": 1})
def test_purses_add_up_to_the_bankroll_to_the_penny_on_every_matchday(seed, bankroll, shares, rate, even, every, rules):
    agents = [
        Agent(f"agent {k}", [(f"coin {k}", Coin()), Positive(), Level(share=share), Hears()])
        for k, share in enumerate(shares)
    ]
    committee = Committee(agents=agents, learning_rate=rate, even_share=even, divide_every=every)
    settled = []
    for event in play(Agent("whole", [committee]), SEASON, Rules(bankroll=bankroll, **rules), seed=seed):
        match event:
            case MatchdayOpened():
                assert sum(committee.purses.values()) == event.bankroll
                assert min(committee.purses.values()) >= 0
            case SlipPlaced():
                assert sum(committee.purses.values()) == (settled[-1].after if settled else round(100 * bankroll))
            case SlipRefused():
                pytest.fail(event.reason)
            case MatchdaySettled():
                settled.append(event.settlement)
            case SeasonClosed():
                assert sum(committee.purses.values()) == event.bankroll_end
    for day, *parts in zip(settled, *(hears(agent) for agent in committee.members.values()), strict=True):
        assert sum(part.before for part in parts) == day.before
        assert sum(part.after for part in parts) == day.after
        assert all(part.after == part.before - part.staked + part.paid >= 0 for part in parts)


def test_at_rate_one_and_without_an_even_share_no_money_is_moved_and_the_bound_holds():
    agents = [backer("bold", share=0.2), backer("shy", share=0.02), Agent("coin", [Coin(), Positive(), Level()])]
    events = events_of(Committee(agents=agents, even_share=0.0, divide_every=1))
    assert [number for number, *_ in acts(events)] == [1]
    alone = [[*play(agent, SEASON, Rules(bankroll=33.33))][-1].bankroll_end for agent in agents]
    whole = events[-1].bankroll_end
    assert whole == pytest.approx(sum(alone), abs=30)
    best = max(math.log(end / 3333) for end in alone)
    assert events[-1].log_growth >= best - math.log(3) - 0.01


def purses_after(rate, even=0.0, every=1):
    committee = Committee(
        agents=[backer("bold", share=0.2), backer("shy", share=0.01)],
        learning_rate=rate,
        even_share=even,
        divide_every=every,
    )
    events = events_of(committee)
    return committee.purses, events


def test_the_rate_moves_money_to_those_that_grow_or_back():
    kept, chased, undone = (
        {n: p / sum(ps.values()) for n, p in ps.items()} for ps in (purses_after(r)[0] for r in (1.0, 3.0, 0.0))
    )
    winner = max(kept, key=kept.get)
    assert chased[winner] > kept[winner] > undone[winner]


def test_weights_are_exponential_in_realised_log_growth():
    committee = Committee(agents=[backer("a"), backer("b")], learning_rate=2.0, even_share=0.1, divide_every=1)
    list(play(Agent("whole", [committee]), SEASON))
    committee._purses, committee._grown, committee._settled = {"a": 6000, "b": 4000}, {"a": math.log(1.5), "b": -0.2}, 5
    committee._divide_anew()
    tilted = np.array([6000 * 1.5, 4000 * math.exp(-0.2)])
    expected = 0.9 * tilted / tilted.sum() + 0.05
    assert list(committee.purses.values()) == apportion(10_000, expected.tolist())


def test_every_division_is_on_record_with_its_cause_and_only_when_it_is_due():
    _, events = purses_after(2.0, even=0.1, every=3)
    told = acts(events)
    assert [number for number, *_ in told] == [1, 4, 7]
    assert told[0][1:] == ("divided the bankroll: bold 50.00, shy 50.00", "the season opens")
    assert re.fullmatch(r"divided the bankroll: bold [\d.]+, shy [\d.]+", told[1][1])
    assert re.fullmatch(r"growth over 3 matchdays: bold [+-][\d.]+%, shy [+-][\d.]+%", told[1][2])


class Plunges(Component):
    """A staking that puts everything on the first candidate, the longest price of the day or so."""

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(np.where(np.arange(len(edges.bets)) == 0, 1.0, 0.0), reason="all of it")


def ruined(even):
    plunger = Agent("plunger", [Coin(), Everything(), Plunges(), Hears(), Watch()])
    committee = Committee(agents=[plunger, backer("shy", share=0.01)], even_share=even, divide_every=2)
    events = events_of(committee, season=small_season(seed=3))
    return events, hears(committee.members["plunger"])


def test_a_ruined_member_gets_nothing_more_but_goes_on_learning_where_nothing_is_shared_evenly():
    events, parts = ruined(0.0)
    first = next(k for k, part in enumerate(parts) if part.after == 0)
    assert len(parts) == 8 and first < 7
    assert all((part.before, part.after, part.bets) == (0, 0, ()) for part in parts[first + 1 :])
    assert len([e for e in of(ActionTaken, events) if e.component == "plunger/watch"]) == 8
    assert len([e for e in of(ForecastMade, events) if e.forecast.source == "plunger"]) == 8


def test_a_ruined_member_bets_again_once_an_even_share_gives_it_money():
    _, parts = ruined(0.2)
    first = next(k for k, part in enumerate(parts) if part.after == 0)
    again = next(part for part in parts[first + 1 :] if part.before > 0)
    assert len(again.bets) == 1 and again.staked == again.before


def test_a_brake_inside_sees_its_own_purse():
    brake = DrawdownBrake(begin=0.05, full=0.5)
    committee = Committee(
        agents=[backer("loses", 0.6, 0.2, brake, Hears()), backer("idle", home=0.1, share=0.0)], even_share=0.0
    )
    events = events_of(committee, season=small_season(seed=4))
    causes = acts(events, "loses/drawdown-brake")
    settled = hears(committee.members["loses"])
    peak = max(part.before for part in settled[: causes[0][0]])
    assert causes[0][2].endswith(f" from {peak / 100:.2f}") and peak < 6000


def test_members_that_back_one_selection_share_a_bet_with_the_mean_of_their_probabilities():
    committee = Committee(agents=[backer("a", 0.6, 0.06), backer("b", 0.5, 0.03)])
    first = of(SlipPlaced, events_of(committee))[0].bets[0]
    assert first.stake == 450 and first.share == pytest.approx(0.045)
    assert first.probability == pytest.approx((2 * 0.6 + 0.5) / 3)
    assert first.edge == pytest.approx(first.probability * first.odds - 1.0)
    assert first.reason == "a 3.00: level: 0.06 + b 1.50: level: 0.03"


class Away(Component):
    """An edge rule that proposes every away win."""

    @hookimpl
    def find_edges(self, day, forecast):
        odds = day.slate.odds[["away"]]
        return Edges.where(odds.notna(), slate=day.slate, forecast=forecast)


def test_where_members_together_exceed_bets_per_match_the_bets_with_most_money_stay():
    home = backer("home", 0.6, 0.02)
    rules = Rules(bets_per_match=1)
    away = Agent("away", [Away(), Level(share=0.05)])
    events = events_of(Committee(agents=[home, away]), rules)
    assert not of(SlipRefused, events)
    for slip in of(SlipPlaced, events):
        assert [bet.selection for bet in slip.bets] == ["away"] * 3
    noted = [note for slip in of(SlipPlaced, events) for note in slip.notes]
    assert all(
        re.fullmatch(r"bets_per_match 1: no bet on T .* \w+, [\d.]+ of home; more is staked .*", n) for n in noted
    )


def test_what_breaks_a_rule_on_its_own_purse_is_left_out_and_noted():
    greedy = Agent("greedy", [Everything(), Level(share=0.5)])
    events = events_of(Committee(agents=[greedy, backer("shy", share=0.01)]))
    assert not of(SlipRefused, events)
    for slip in of(SlipPlaced, events):
        assert slip.notes[0].startswith("greedy: slip refused: Slip: stakes of ") and "matchday_limit" in slip.notes[0]
        assert {bet.reason.split(":")[0] for bet in slip.bets} == {"shy"}


@settings(max_examples=30)
@given(
    purses=st.lists(st.integers(1, 100_000), min_size=1, max_size=4),
    limits=st.lists(st.sampled_from([0.01, 0.05, 0.1, 0.3, 1 / 3, 0.5, 0.7, 1.0]), min_size=3, max_size=3),
    most=st.sampled_from([None, 1, 2]),
    data=st.data(),
)
def test_slips_that_keep_the_rules_one_by_one_keep_them_together(purses, limits, most, data):
    bet_limit, match_limit, matchday_limit = limits
    rules = Rules(bet_limit=bet_limit, match_limit=match_limit, matchday_limit=matchday_limit, bets_per_match=most)
    day = Episode(SEASON).open().day
    offer = offer_of(day.slate)
    priced = [(match, name, odds) for match, row in offer.items() for name, odds in row.items()]
    wanted = {}
    for number, purse in enumerate(purses):
        share = st.floats(0, min(bet_limit, match_limit / 5, matchday_limit / 15))
        rows = [(m, s, 0.5, o, 0.5 * o - 1, data.draw(share), "") for m, s, o in priced if data.draw(st.booleans())]
        slip = BetSlip(pd.DataFrame(rows, columns=list(SLIP_COLUMNS))) if rows else BetSlip.empty()
        try:
            wanted[f"agent {number}"] = place(slip, offer=offer, rules=rules, bankroll=purse).bets
        except RuleBroken:  # bets_per_match: the limits are kept
            wanted[f"agent {number}"] = ()
    merged = merge(wanted, dict(zip(wanted, purses, strict=True)), bets_per_match=most)
    placed = place(merged.slip, offer=offer, rules=rules, bankroll=sum(purses))
    for each in placed.bets:
        assert each.stake == sum(own.stake for own in merged.backers[each.match_id, each.selection].values())


def test_the_forecast_of_a_committee_is_the_mean_weighted_by_purse():
    agents = [backer("a", 0.6), backer("b", 0.4), Agent("none", [Favourite(), Level(share=0.0)])]
    committee = Committee(agents=agents)
    events = events_of(committee, season=small_season(matchdays=1))
    made = {event.forecast.source: event.forecast.probabilities["home"].iloc[0] for event in of(ForecastMade, events)}
    assert made == pytest.approx({"a": 0.6, "b": 0.4, "hybrid": (3334 * 0.6 + 3333 * 0.4) / 6667})
