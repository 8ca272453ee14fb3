"""Guards: what each takes off a slip, what it says of it, and what it forgets."""

import dataclasses
import datetime
import inspect

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles import Coin, Everything, Fixed, Level, Positive, small_season
from matchday import Agent, Component, Episode, History, Matchday, Rules, Slate, hookimpl, play
from matchday.encoding import encode
from matchday.events import ActionTaken, MatchdaySettled, SlipPlaced
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.guards.caution import Caution
from matchday_plugins.guards.drawdown_brake import DrawdownBrake
from matchday_plugins.guards.exposure_cap import ExposureCap
from matchday_plugins.guards.promoted_caution import PromotedCaution
from matchday_plugins.guards.stake_cap import StakeCap
from matchday_plugins.guards.stop_loss import StopLoss
from matchday_plugins.staking.adaptive import Adaptive
from matchday_plugins.staking.fractional import Fractional
from matchday_plugins.staking.proportional import Proportional
from matchday_plugins.staking.shrunk import Shrunk

DAY = Episode(small_season()).open().day
GUARDS = [StakeCap, DrawdownBrake, PromotedCaution, StopLoss, Caution]


def slip_of(*components, day=DAY, bankroll=100.0):
    return Agent("test", components).decide(day, bankroll).slip


def mornings(guard, bankrolls, share=0.1):
    """Decide one matchday after the other; answers each one's decision."""
    agent = Agent("test", [Favourite(), Level(share=share), guard])
    days = enumerate(bankrolls, start=1)
    return [agent.decide(dataclasses.replace(DAY, number=number), bankroll) for number, bankroll in days]


def fractions(decisions, share=0.1):
    return [float(each.slip.bets["share"].max()) / share if len(each.slip) else 0.0 for each in decisions]


def actions(decisions):
    return [(number, act.action, act.cause) for number, each in enumerate(decisions, 1) for act in each.actions]


class Shares(Component):
    """A staking that gives each candidate the share of its position, over and over."""

    shares: tuple[float, ...] = (0.2, 0.01, 0.05)

    @hookimpl
    def size_stakes(self, edges):
        given_out = [self.shares[row % len(self.shares)] for row in range(len(edges.bets))]
        return edges.slip(pd.Series(given_out, index=edges.bets.index, dtype="float64"), reason="shares")


def test_a_stake_cap_cuts_each_bet_above_it_and_says_from_what_to_what():
    slip = slip_of(Favourite(), Shares(), StakeCap())
    assert slip.bets["share"].tolist() == [0.05, 0.01, 0.05]
    assert slip.bets["reason"].tolist() == [
        "shares; stake-cap: 0.2000 of the bankroll to 0.05",
        "shares",
        "shares",
    ]


def test_the_brake_is_a_line_from_one_at_the_beginning_to_the_least_at_the_full_drawdown():
    played = mornings(DrawdownBrake(), [100, 110, 99, 77, 55, 11])
    assert fractions(played) == pytest.approx([1, 1, 1, 0.55, 0.1, 0.1])
    assert played[3].slip.bets["reason"].iloc[0] == "level: 0.1; drawdown-brake: × 0.55 (drawdown 30.0 %)"
    assert played[2].slip.bets["reason"].iloc[0] == "level: 0.1"


def test_a_brake_never_gives_way_before_the_drawdown_is_back_to_its_release():
    played = mornings(DrawdownBrake(), [100, 70, 80, 94, 95, 90, 85])
    assert fractions(played) == pytest.approx([1, 0.55, 0.55, 0.55, 1, 1, 1 - 0.9 * 0.05 / 0.4])
    assert played[2].slip.bets["reason"].iloc[0].endswith("× 0.55 (drawdown 20.0 %, 30.0 % at worst)")


def test_the_brake_goes_on_record_when_it_grips_and_when_it_comes_off_and_not_in_between():
    assert actions(mornings(DrawdownBrake(), [100, 70, 60, 95, 96])) == [
        (2, "brake on", "drawdown 30.0 % from 100.00"),
        (4, "brake off", "drawdown back to 5.0 %"),
    ]


def test_patience_ends_a_brake_that_would_never_end_and_takes_the_peak_anew():
    impatient = mornings(DrawdownBrake(patience=3), [100, 40, 40, 40, 40, 38, 30])
    assert fractions(impatient) == pytest.approx([1, 0.1, 0.1, 0.1, 1, 1, 1 - 0.9 * 0.15 / 0.4])
    assert actions(impatient)[1] == (5, "brake off", "patience of 3 matchdays; peak taken anew at 40.00")
    assert fractions(mornings(DrawdownBrake(), [100, *[40] * 30]))[-1] == pytest.approx(0.1)


def test_a_brake_whose_least_is_nothing_vetoes_every_bet_and_says_so():
    played = mornings(DrawdownBrake(least=0.0), [100, 50])
    assert len(played[1].slip) == 0
    assert "drawdown-brake: × 0.00 (drawdown 50.0 %): no bet on " in played[1].slip.notes[0]


def test_a_brake_that_is_asked_twice_on_one_morning_answers_the_same():
    agent = Agent("test", [Favourite(), Level(), DrawdownBrake(patience=1)])
    for number, bankroll in enumerate((100.0, 70.0, 60.0, 50.0), start=1):
        day = dataclasses.replace(DAY, number=number)
        once, twice = (agent.decide(day, bankroll).slip.bets for _ in range(2))
        pd.testing.assert_frame_equal(once, twice)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"begin": 0.5}, "begin 0.5 is not below full 0.5; rule: begin < full"),
        ({"begin": 0.02}, "release 0.05 is above begin 0.02; rule: release <= begin"),
        ({"least": 1.0}, "less than 1"),
        ({"patience": 0}, "greater than or equal to 1"),
    ],
)
def test_a_brake_that_makes_no_sense_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        DrawdownBrake(**bad)


def day_after(matches, fixtures, date="2020-08-08"):
    """A matchday with these fixtures after a history of (date, home, away)."""
    rows = pd.DataFrame(matches, columns=["date", "home", "away"]).assign(home_goals=1, away_goals=0)
    rows["date"] = pd.to_datetime(rows["date"])
    slate = pd.DataFrame(fixtures, columns=["home", "away"], index=[f"{h} v {a}" for h, a in fixtures])
    odds = pd.DataFrame(2.5, index=slate.index, columns=["home", "draw", "away"])
    return Matchday(1, datetime.date.fromisoformat(date), Slate(slate, odds), History(rows))


def test_caution_halves_the_stakes_on_a_club_that_has_hardly_played_and_says_which():
    known = [("2020-01-01", "Albion", "Borough")] * 10
    day = day_after([*known, ("2020-08-01", "Luton", "Albion")], [("Albion", "Borough"), ("Luton", "Albion")])
    slip = slip_of(Favourite(), Level(share=0.1), PromotedCaution(), day=day)
    assert slip.bets["share"].tolist() == pytest.approx([0.1, 0.05])
    assert slip.bets["reason"].tolist() == [
        "level: 0.1",
        "level: 0.1; promoted-caution: × 0.5 (of 10 matches in 365 days: Luton 1)",
    ]


def test_matches_of_long_ago_do_not_count_unless_all_history_does():
    day = day_after([("2019-08-09", "Albion", "Borough")] * 20, [("Albion", "Borough")])
    long_ago = day_after([("2019-08-08", "Albion", "Borough")] * 20, [("Albion", "Borough")])
    assert slip_of(Favourite(), Level(share=0.1), PromotedCaution(), day=day).bets["share"].item() == 0.1
    assert slip_of(Favourite(), Level(share=0.1), PromotedCaution(), day=long_ago).bets["share"].item() == 0.05
    patient = PromotedCaution(window_days=None)
    assert slip_of(Favourite(), Level(share=0.1), patient, day=long_ago).bets["share"].item() == 0.1


def test_caution_ends_with_the_tenth_match():
    for played, share in ((9, 0.05), (10, 0.1)):
        day = day_after([("2020-01-01", "Albion", "Borough")] * played, [("Albion", "Borough")])
        assert slip_of(Favourite(), Level(share=0.1), PromotedCaution(), day=day).bets["share"].item() == share


def test_caution_where_history_begins_names_both_clubs():
    slip = slip_of(Favourite(), Level(), PromotedCaution(window_days=None), day=day_after([], [("Albion", "Borough")]))
    assert slip.bets["reason"].item().endswith("× 0.5 (of 10 matches: Albion 0, Borough 0)")


def test_a_stop_loss_ends_the_season_below_its_line_whatever_comes_later():
    played = mornings(StopLoss(), [80, 40, 39.99, 200])
    assert fractions(played) == [1, 1, 0, 0]
    assert actions(played) == [(3, "stopped for the season", "bankroll 39.99 is below the line of 40.00")]
    assert "stop-loss: stopped at a line of 40.00: no bet on " in played[2].slip.notes[0]


@pytest.mark.parametrize("bad", [{"loss": 0.0}, {"loss": 1.0}])
def test_a_stop_loss_of_nothing_or_of_all_is_refused(bad):
    with pytest.raises(ValueError, match="loss"):
        StopLoss(**bad)


def test_a_bankroll_just_at_a_line_is_not_beyond_it():
    assert actions(mornings(StopLoss(loss=0.41), [100.0, 59.0])) == []
    assert actions(mornings(DrawdownBrake(begin=0.01, release=0.0), [114.0, 112.86])) == []


@pytest.mark.parametrize("kind", [*GUARDS, ExposureCap, Adaptive, Shrunk, Fractional])
def test_a_guard_or_wrapper_survives_a_bankroll_of_nothing(kind):
    agent = Agent("test", [Favourite(), Proportional(fraction=0.1), kind()])
    assert agent.decide(DAY, 0.0).slip.bets["share"].between(0, 0.1).all()


def test_what_a_guard_did_before_another_component_failed_is_on_record_that_day():
    class Fails(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self, day):
            slip = yield
            if day.number == 6:
                raise ZeroDivisionError("late")
            return slip

    class Brakes(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self, day):
            slip = yield
            self.act("looked", cause=f"matchday {day.number}")
            return slip

    agent = Agent("test", [Coin(), Positive(), Level(), Brakes(), Fails()])
    acted = [e for e in play(agent, small_season(), Rules(on_failure="sit-out")) if isinstance(e, ActionTaken)]
    assert [e.cause for e in acted] == [f"matchday {e.matchday}" for e in acted] and len(acted) == 8


def test_the_order_of_guards_in_the_list_is_the_order_of_their_effect():
    capped_first = slip_of(Favourite(), Proportional(fraction=0.2), StakeCap(), Fractional(fraction=0.5))
    scaled_first = slip_of(Favourite(), Proportional(fraction=0.2), Fractional(fraction=0.5), StakeCap())
    assert capped_first.bets["share"].tolist() == pytest.approx([0.025] * 3)
    assert scaled_first.bets["share"].tolist() == pytest.approx([0.05] * 3)
    order = [part.split(":")[0] for part in capped_first.bets["reason"].iloc[0].split("; ")]
    assert order == ["proportional", "stake-cap", "fractional"]


@pytest.mark.parametrize("guard", GUARDS)
def test_guards_leave_an_empty_slip_empty(guard):
    slip = slip_of(Favourite(), Shares(shares=(0.0,)), guard())
    assert len(slip) == 0 and slip.notes == ()


@pytest.mark.parametrize("guard", [StakeCap(share=1.0), DrawdownBrake(), PromotedCaution(matches=1), StopLoss()])
def test_a_guard_that_changes_nothing_says_nothing(guard):
    slip = slip_of(Favourite(), Level(), guard)
    assert slip.bets["reason"].tolist() == ["level: 0.02"] * 3 and slip.notes == ()


@pytest.mark.parametrize(
    ("make", "action"),
    [
        (DrawdownBrake, "brake on"),
        (lambda: StopLoss(loss=0.2), "stopped for the season"),
    ],
)
def test_a_guard_forgets_one_season_before_the_next(make, action):
    agent = Agent("gambler", [Coin(), Positive(), Level(share=0.1), make()])
    once, twice = ([*play(agent, small_season(seed=5))] for _ in range(2))
    assert next(each.action for each in once if isinstance(each, ActionTaken)) == action
    assert [encode(each) for each in once] == [encode(each) for each in twice]


def test_a_stopped_agent_bets_only_what_it_is_forced_to():
    agent = Agent("gambler", [Coin(), Positive(), Level(share=0.1), StopLoss(loss=0.2)])
    events = list(play(agent, small_season(seed=5)))
    low = next(e.matchday for e in events if isinstance(e, MatchdaySettled) and e.settlement.after < 8000)
    later = [bet for e in events if isinstance(e, SlipPlaced) and e.matchday > low for bet in e.bets]
    assert later and all(bet.forced for bet in later)


WRAPPERS = [
    StakeCap,
    DrawdownBrake,
    PromotedCaution,
    StopLoss,
    ExposureCap,
    Caution,
    Fractional,
    Shrunk,
    Adaptive,
]


def through(wrapper, slip, **known):
    """Send a slip through a wrapper of the staking."""
    asked = inspect.signature(wrapper.size_stakes).parameters
    generator = wrapper.size_stakes(**{name: known[name] for name in asked})
    next(generator)
    with pytest.raises(StopIteration) as answered:
        generator.send(slip)
    return answered.value.value


@pytest.mark.parametrize("kind", WRAPPERS)
@given(
    home=st.floats(0.05, 0.95),
    shares=st.lists(st.floats(0, 0.05), min_size=15, max_size=15),
    bankrolls=st.lists(st.floats(0.01, 1000), min_size=1, max_size=4),
)
def test_no_guard_or_wrapper_adds_a_bet_or_raises_a_share_or_makes_one_negative(kind, home, shares, bankrolls):
    edges = Everything().find_edges(DAY, Fixed(home=home).forecast(DAY))
    slip, wrapper = edges.slip(pd.Series(shares)), kind()
    before = shares_of(slip)
    for number, bankroll in enumerate(bankrolls, start=1):
        day = dataclasses.replace(DAY, number=number)
        after = shares_of(through(wrapper, slip, day=day, edges=edges, bankroll=bankroll))
        assert set(after) <= set(before)
        assert all(0.0 < share <= before[bet] for bet, share in after.items())


def shares_of(slip):
    bets = slip.bets
    return dict(zip(zip(bets["match_id"], bets["selection"], strict=True), bets["share"], strict=True))
