"""Committee, switcher and second opinion: whose money is bet, why, and that it adds up to the penny."""

import datetime
import math
import pickle
import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import PrivateAttr, ValidationError

from doubles import Coin, Everything, Fixed, Level, Positive, Watch, gambler, small_season
from matchday import (
    Agent,
    BetSlip,
    Catalogue,
    Component,
    Diagnosis,
    Edges,
    Episode,
    ForecastCache,
    Rules,
    hookimpl,
    play,
    summarise,
)
from matchday.agentfile import build_agent, parse_agent
from matchday.bets import SLIP_COLUMNS
from matchday.encoding import encode
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
from matchday.ledger import Bet, SettledBet, Settlement
from matchday.placing import place
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.guards.drawdown_brake import DrawdownBrake
from matchday_plugins.hybrids.committee import Committee
from matchday_plugins.hybrids.merging import merge, offer_of
from matchday_plugins.hybrids.purses import apportion, handed_out
from matchday_plugins.hybrids.second_opinion import SecondOpinion
from matchday_plugins.hybrids.switcher import Switcher

SEASON = small_season()
PAGE = (Path(__file__).parents[2] / "docs" / "hybrids.md").read_text(encoding="utf-8")


class Hears(Component):
    """Keeps each settlement that it is told of."""

    _settled: list[Settlement] = PrivateAttr(default_factory=list)

    @hookimpl
    def season_opened(self, season):
        self._settled = []

    @hookimpl
    def matchday_settled(self, settlement):
        self._settled.append(settlement)


class Alarm(Component):
    """A watch that raises an alarm on some matchdays."""

    on: tuple[int, ...] = (3,)

    @hookimpl
    def diagnose(self, day):
        return [Diagnosis(self.name, "doubt", 1.0, alarm=day.number in self.on, message="it is time")]


def backer(name, home=0.6, share=0.05, *extra):
    """An agent that sees value on home wins, and in nothing else."""
    return Agent(name, [Fixed(home=home), Positive(), Level(share=share), *extra])


def hears(agent):
    return agent.components["hears"]._settled


def events_of(component, rules=None, season=SEASON, seed=0):
    return list(play(Agent("whole", [("hybrid", component)]), season, rules, seed=seed))


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def bets_of(events):
    return [[(b.match_id, b.selection, b.stake, b.odds, b.share) for b in each.bets] for each in of(SlipPlaced, events)]


def acts(events, component="hybrid"):
    return [(e.matchday, e.action, e.cause) for e in of(ActionTaken, events) if e.component == component]


# Purses


@given(st.integers(0, 10**14), st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_parts_add_up_and_are_less_than_a_penny_from_their_quotas(amount, weights):
    parts = apportion(amount, weights)
    assert sum(parts) == amount and min(parts) >= 0
    if sum(weights) > 0 and amount < 10**9:
        quotas = [amount * weight / math.fsum(weights) for weight in weights]
        assert all(abs(part - quota) < 1 + 1e-6 for part, quota in zip(parts, quotas, strict=True))


def bet(selection, stake, **more):
    return Bet("m", selection, stake, 2.0, **more)


def settlement_of(before, *settled):
    after = before + sum(each.profit for each in settled)
    return Settlement(1, datetime.date(2020, 1, 1), before, after, settled)


def test_two_that_back_one_selection_share_stake_and_payout_in_proportion():
    whole = settlement_of(1000, SettledBet(bet("home", 30), 61), SettledBet(bet("draw", 5), 0))
    backers = {
        ("m", "home"): {"a": bet("home", 20, probability=0.6), "b": bet("home", 10)},
        ("m", "draw"): {"b": bet("draw", 5)},
    }
    parts = handed_out(whole, {"a": 600, "b": 400, "c": 0}, backers)
    told = {name: [(s.bet.selection, s.bet.stake, s.payout) for s in part.bets] for name, part in parts.items()}
    assert told == {"a": [("home", 20, 41)], "b": [("home", 10, 20), ("draw", 5, 0)], "c": []}
    assert {name: (part.before, part.after) for name, part in parts.items()} == {
        "a": (600, 621),
        "b": (400, 405),
        "c": (0, 0),
    }
    assert parts["a"].bets[0].bet.probability == 0.6


@pytest.mark.parametrize(("purses", "bearers"), [((3, 5, 5), {"b": 4}), ((3, 2, 1), {"a": 3, "b": 1})])
def test_a_forced_bet_is_borne_by_the_largest_purse_as_far_as_it_goes(purses, bearers):
    purses = dict(zip("abc", purses, strict=True))
    whole = settlement_of(sum(purses.values()), SettledBet(bet("home", 4, forced=True), 8))
    parts = handed_out(whole, purses, {("m", "home"): {"c": bet("home", 1)}})
    assert {name: part.bets[0].bet.stake for name, part in parts.items() if part.bets} == bearers
    assert sum(part.after for part in parts.values()) == whole.after


@given(st.data())
def test_a_settlement_that_is_handed_out_adds_up_whatever_was_made_of_the_bets(data):
    names = "abc"
    purses = {name: data.draw(st.integers(0, 500)) for name in names}
    left, backers, settled = dict(purses), {}, []
    for number in range(data.draw(st.integers(1, 5))):
        own = {}
        for name in names:
            stake = data.draw(st.integers(0, left[name]))
            left[name] -= stake
            if stake:
                own[name] = Bet(str(number), "home", stake, 2.0)
        if own:
            backers[str(number), "home"] = own
            stake = data.draw(st.integers(1, sum(each.stake for each in own.values())))
            settled.append(SettledBet(Bet(str(number), "home", stake, 2.0), data.draw(st.integers(0, 3 * stake))))
    whole = settlement_of(sum(purses.values()), *settled)
    parts = handed_out(whole, purses, backers)
    assert sum(part.after for part in parts.values()) == whole.after
    assert sum(part.staked for part in parts.values()) == whole.staked
    for name, part in parts.items():
        assert part.before == purses[name] and part.after == part.before - part.staked + part.paid >= 0


# Committee


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


# Switcher


def switched(*agents, rules=None, season=SEASON, **parameters):
    return events_of(Switcher(agents=list(agents), **parameters), rules, season=season)


def test_an_alarm_of_the_agent_that_plays_is_heeded_the_same_day_and_on_record():
    first, second = backer("first", 0.6, 0.05, Alarm(on=(3,))), backer("second", 0.6, 0.01)
    events = switched(first, second)
    assert acts(events) == [(3, "second plays in place of first", "alarm of first/alarm: it is time")]
    shares = [slip.bets[0].share for slip in of(SlipPlaced, events)]
    assert shares == [0.05] * 2 + [0.01] * 6
    blended = [e.forecast.source for e in of(ForecastMade, events) if e.blended]
    assert blended == ["first"] * 2 + ["second"] * 6


def test_the_first_plays_again_after_so_many_matchdays_without_a_signal():
    first, second = backer("first", 0.6, 0.05, Alarm(on=(2, 4))), backer("second", 0.6, 0.01)
    assert [number for number, *_ in acts(switched(first, second, back_after=1))] == [2, 3, 4, 5]
    events = switched(first, second, back_after=3)
    assert acts(events) == [
        (2, "second plays in place of first", "alarm of first/alarm: it is time"),
        (7, "first plays in place of second", "3 matchdays without a signal of its own"),
    ]


def test_a_drawdown_since_an_agent_began_to_play_is_a_signal():
    loser, other = Agent("loser", [Favourite(), Level(share=0.2)]), backer("other", 0.1, 0.0)
    season = small_season(seed=2, odds={"home": 1.4, "draw": 5.0, "away": 9.0})
    events = switched(loser, other, drawdown=0.1, season=season)
    bankrolls = [event.bankroll for event in of(MatchdayOpened, events)]
    ((number, action, cause),) = acts(events)
    peak = max(bankrolls[:number])
    assert action == "other plays in place of loser"
    assert bankrolls[number - 1] <= 0.9 * peak < bankrolls[number - 2]
    assert cause.startswith("drawdown ") and cause.endswith(f"from {peak / 100:.2f} under loser")


def test_the_last_agent_of_the_list_stays():
    agents = [backer(f"a{k}", 0.6, 0.01 * (k + 1), Alarm(on=tuple(range(1, 9)))) for k in range(3)]
    events = switched(*agents)
    assert [action for _, action, _ in acts(events)] == ["a1 plays in place of a0", "a2 plays in place of a1"]
    assert {slip.bets[0].share for slip in of(SlipPlaced, events)} == {0.03}


def test_only_the_alarms_that_are_named_are_signals():
    first = backer("first", 0.6, 0.05, ("loud", Alarm(on=(2,))), ("heard", Alarm(on=(5,))))
    assert [number for number, *_ in acts(switched(first, backer("second"), alarms=["heard"]))] == [5]


def test_all_members_go_on_learning_and_only_the_one_that_plays_bets():
    first = backer("first", 0.6, 0.05, Alarm(on=(3,)), Hears(), Watch())
    second = backer("second", 0.6, 0.01, Hears(), Watch())
    switcher = Switcher(agents=[first, second])
    events = events_of(switcher)
    settled = [event.settlement for event in of(MatchdaySettled, events)]
    one, two = (hears(agent) for agent in switcher.members.values())
    assert [len(part.bets) for part in one] == [len(each.bets) for each in settled[:2]] + [0] * 6
    assert [len(part.bets) for part in two] == [0] * 2 + [len(each.bets) for each in settled[2:]]
    for name in ("first", "second"):
        assert [number for number, *_ in acts(events, f"{name}/watch")] == list(range(1, 9))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"alarms": ["alarn"]}, "alarms names 'alarn', and no agent has such a watch; did you mean 'alarm'?"),
        ({"alarms": []}, "nothing is a signal: set drawdown, or list an agent that has a watch"),
        ({"drawdown": 0.0}, "greater than 0"),
        ({"agents": [gambler()]}, "at least 2 items"),
        ({"agents": [gambler(), backer("b")]}, "nothing is a signal"),
    ],
)
def test_a_switcher_that_would_never_switch_is_refused(parameters, message):
    agents = [backer("a", 0.6, 0.05, Alarm()), backer("b")]
    with pytest.raises(ValidationError, match=re.escape(message)):
        Switcher(**{"agents": agents, **parameters})


# Second opinion


def reviewed(*reviewers, first=None, **parameters):
    first = first or Agent("first", [Everything(), Level(share=0.01)])
    component = SecondOpinion(agents=[first, *reviewers], **parameters)
    return events_of(component, season=small_season(matchdays=1))


def selections(events):
    return {bet.selection for bet in of(SlipPlaced, events)[0].bets if not bet.forced}


def test_a_bet_stays_only_where_every_reviewer_sees_value():
    assert selections(reviewed(backer("r", 0.6))) == {"home"}
    assert selections(reviewed(backer("r", 0.6), backer("s", 0.1))) == set()
    assert selections(reviewed(backer("r", 0.6), backer("s", 0.1), agreeing=1)) == {"home", "draw", "away"}
    assert selections(reviewed(backer("r", 0.6), minimum_edge=0.5)) == set()


def test_a_reviewer_without_an_opinion_keeps_or_strikes_as_it_is_told():
    kept = {"home", "over_2_5", "under_2_5"}
    assert selections(reviewed(backer("r", 0.6), abstains="keep")) == kept
    silent = Agent("silent", [Favourite(), Level()])
    assert selections(reviewed(silent, abstains="strike")) == set()
    assert len(selections(reviewed(silent, abstains="keep"))) == 5


def test_what_is_struck_out_is_on_the_slips_notes_with_the_reviewers_probability():
    events = reviewed(backer("r", 0.6), backer("s", 0.55))
    placed = of(SlipPlaced, events)[0]
    match, odds = placed.bets[0].match_id, SEASON_ODDS["draw"]
    note = next(note for note in placed.notes if f"{match} draw" in note)
    expected = (
        f"hybrid: r says 0.200, an edge of {0.2 * odds - 1:+.1%}, s says 0.225, an edge of {0.225 * odds - 1:+.1%}"
    )
    assert note.startswith(expected)
    assert any("r has no opinion, s has no opinion: no bet on" in note for note in placed.notes)


SEASON_ODDS = small_season(matchdays=1).odds("closing").iloc[-3]


def test_what_stays_has_the_share_and_the_probability_of_the_first():
    first = gambler()
    alone = {(b[0], b[1]): b for day in bets_of(list(play(first, SEASON))) for b in day}
    kept = [b for day in bets_of(events_of(SecondOpinion(agents=[first, backer("r", 0.5)]))) for b in day]
    assert kept and all(alone[b[0], b[1]][3:] == b[3:] for b in kept if (b[0], b[1]) in alone)
    made = of(ForecastMade, events_of(SecondOpinion(agents=[first, backer("r")])))
    assert [(event.forecast.source, event.blended) for event in made[:2]] == [("r", False), ("gambler", True)]


def test_more_reviewers_cannot_be_asked_for_than_there_are():
    with pytest.raises(ValidationError, match="agreeing is 2 and there is 1 to review; rule: at most that many"):
        SecondOpinion(agents=[gambler(), backer("r")], agreeing=2)


# All of them


def table(name, *uses):
    return {"name": name, "component": [{"use": f"doubles:{use}"} for use in (*uses, "Positive", "Level")]}


def deep():
    """A committee of a switcher and a second opinion, of agents that can be imported by name."""
    switcher = {
        "name": "switches",
        "component": [
            {"use": "switcher", "drawdown": 0.02, "back_after": 2, "agents": [table("a", "Coin"), table("b", "Fixed")]}
        ],
    }
    opinion = {
        "name": "asks",
        "component": [{"use": "second-opinion", "agents": [table("c", "Coin"), table("d", "Fixed")]}],
    }
    nested = {"name": "inner", "component": [{"use": "committee", "agents": [table("e", "Coin"), table("f", "Fixed")]}]}
    whole = {"use": "committee", "learning_rate": 2.0, "divide_every": 2, "agents": [switcher, opinion, nested]}
    return build_agent(parse_agent({"name": "deep", "component": [whole]}, where="test"))


def lines(agent, season=SEASON, rules=None, seed=0):
    return [encode(event) for event in play(agent, season, rules, seed=seed)]


def test_hybrids_two_deep_play_the_same_again_pickled_or_lent_and_keep_the_money_together():
    honest = lines(deep())
    assert lines(deep()) == honest
    agent = deep()
    assert lines(agent) == lines(agent) == honest
    assert lines(pickle.loads(pickle.dumps(agent))) == honest
    cache = ForecastCache()
    assert lines(cache.lend(deep(), SEASON)) == honest == lines(cache.lend(deep(), SEASON))
    committee = agent.components["committee"]
    inner = committee.members["inner"].components["committee"]
    assert sum(inner.purses.values()) == committee.purses["inner"]
    text = "\n".join(honest)
    assert '"source":"inner"' in text and "inner/committee" in text and "switches/switcher" in text


@pytest.mark.parametrize("killed", [1, 4, 7])
def test_a_run_of_hybrids_that_was_cut_off_resumes_to_the_same_end(killed, tmp_path):
    store = Store(tmp_path / "runs.db")
    spec = RunSpec.of(deep(), SEASON, Rules(), seed=1)
    for run_id, event in record(store, spec, deep(), SEASON):  # noqa: B007
        if isinstance(event, MatchdaySettled) and event.matchday == killed:
            break
    run = store.run(run_id)
    again = build_agent(parse_agent(run.spec.agent, where="the record"))
    for _ in resume(store, run, again, SEASON):
        pass
    assert store.events(run_id) == lines(deep(), seed=1)


HYBRIDS = [
    ("committee", {}),
    ("switcher", {"drawdown": 0.1, "back_after": 5}),
    ("second-opinion", {"abstains": "keep"}),
]


@cache
def real(folder):
    return Catalogue().load("source", "football-data")(data=folder, history=1).season("2022-23")


@cache
def synthetic():
    source = Catalogue().load("source", "synthetic")(seed=0, history=1)
    return source.season(source.default_season())


@pytest.mark.parametrize(("use", "parameters"), HYBRIDS)
def test_hybrids_of_bundled_agents_play_a_real_season_and_share_their_models(use, parameters, football_data):
    season = real(football_data)
    entry = {"use": use, "agents": ["market-follower", "favourites-only"], **parameters}
    entry["agents"] = ["favourites-only", "market-follower"] if use != "committee" else entry["agents"]
    agent = build_agent(parse_agent({"name": "hybrid", "component": [entry]}, where="test"))
    events = list(play(agent, season))
    assert events[-1].reason in {"completed", "ruined"} and not of(SlipRefused, events)
    cache = ForecastCache()
    assert [encode(event) for event in events] == lines(cache.lend(agent, season), season)


def examples():
    return {tomllib.loads(text)["name"]: tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)}


CACHE = ForecastCache()


@pytest.mark.parametrize("name", examples())
def test_the_pages_agents_play_as_the_page_says(name):
    season = synthetic()
    agent = build_agent(parse_agent(examples()[name], where="docs/hybrids.md"))
    summary = summarise(play(CACHE.lend(agent, season), season), season)
    assert summary.bets > summary.forced_bets


def test_every_parameter_of_the_hybrids_is_on_the_page():
    for name in ("committee", "switcher", "second-opinion"):
        for parameter in Catalogue().component(name).model_fields:
            assert f"`{parameter}`" in PAGE


def test_a_hybrid_is_shown_with_its_agents_by_name(capsys, tmp_path):
    from matchday.cli.listing import show_agent

    (tmp_path / "mine.toml").write_text(next(text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)))
    show_agent(str(tmp_path / "mine.toml"))
    shown = " ".join(capsys.readouterr().out.split())
    for words in (
        "three-schools/dixon-coles The textbook",
        "three-schools/market-follower",
        "goals dixon-coles answers",
    ):
        assert words in shown
    assert "matchday_plugins" not in shown and "{" not in shown
