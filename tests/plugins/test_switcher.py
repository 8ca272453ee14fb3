"""The switcher: who plays, on which signal, and what is on record of it."""

import re

import pytest
from pydantic import ValidationError

from doubles import Level, Watch, gambler, small_season
from matchday import (
    Agent,
)
from matchday.events import (
    ForecastMade,
    MatchdayOpened,
    MatchdaySettled,
    SlipPlaced,
)
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.hybrids.switcher import Switcher
from members import SEASON, Alarm, Hears, acts, backer, events_of, hears, of


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
        ({"alarms": ["alarn"]}, "alarms names 'alarn', and no watch is called so; did you mean 'alarm'?"),
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
