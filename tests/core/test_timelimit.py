"""The optional limit on the time of a call: what hangs is cut off, by name, and nothing else reads the clock."""

import signal
import threading
import time

import pytest

from doubles import Coin, Everything, Fixed, Level, Positive, gambler, small_season
from matchday import (
    Agent,
    AgentOfAgents,
    BetSlip,
    Component,
    Decision,
    ForecastCache,
    Rules,
    compare,
    hookimpl,
    play,
    summarise,
)
from matchday.encoding import encode
from matchday.errors import ComponentError, MatchdayError
from matchday.events import ComponentFailed, SeasonClosed, SlipPlaced
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from matchday.timelimit import OutOfTime, time_limit

SEASON = small_season(matchdays=3)

#: A limit that a busy machine does not break where nobody hangs.
SECONDS = 0.3


def hang():
    while True:
        try:
            sum(range(100))
        except Exception:
            raise AssertionError("whoever catches exceptions does not catch the alarm") from None


def hang_after(limit):
    with limit:
        pass
    hang()


class Hangs(Component):
    """A guard that hangs on a matchday."""

    matchday: int = 2

    @hookimpl(wrapper=True)
    def size_stakes(self, day):
        slip = yield
        if day.number == self.matchday:
            hang()
        return slip


def hanging(**parameters):
    return Agent("stuck", [Coin(), Positive(), Level(share=0.01), Hangs(**parameters)])


def test_a_component_that_hangs_is_cut_off_and_named_and_ends_the_run():
    events, played = [], play(hanging(), SEASON, Rules(call_seconds=SECONDS))
    message = r"component 'hangs', hook 'size_stakes', matchday 2 .*: was cut off"
    with pytest.raises(ComponentError, match=message) as caught:
        events.extend(played)
    assert isinstance(events[-1], ComponentFailed) and events[-1].component == "hangs"
    assert f"cut off after {SECONDS} s; rule: call_seconds {SECONDS} (" in str(caught.value)
    assert "test_timelimit.py, line" in str(caught.value)


def test_by_rule_its_agent_sits_the_matchday_out_and_the_season_goes_on():
    events = list(play(hanging(), SEASON, Rules(call_seconds=SECONDS, on_failure="sit-out")))
    assert [event.matchday for event in events if isinstance(event, ComponentFailed)] == [2]
    assert len([event for event in events if isinstance(event, SlipPlaced)]) == 3
    assert isinstance(events[-1], SeasonClosed)


@pytest.mark.parametrize("hook", ["season_opened", "matchday_opened", "matchday_settled", "forecast"])
def test_every_call_is_limited(hook):
    stuck = type("Stuck", (Component,), {hook: hookimpl(lambda self: hang()), "__module__": __name__})()
    with pytest.raises(ComponentError, match=f"component 'stuck', hook '{hook}', .* was cut off"):
        list(play(Agent("mine", [stuck, Everything(), Level()]), SEASON, Rules(call_seconds=SECONDS)))


def test_who_catches_the_alarm_and_answers_all_the_same_is_late():
    class Stubborn(Component):
        @hookimpl
        def size_stakes(self, edges):
            try:
                hang()
            except BaseException:
                return BetSlip.empty()

    with pytest.raises(ComponentError, match="component 'stubborn', .* was cut off"):
        list(play(Agent("mine", [Fixed(), Positive(), Stubborn()]), SEASON, Rules(call_seconds=SECONDS)))


def test_the_clock_of_who_asks_others_stands_still_while_they_work():
    with time_limit(0.5):
        with pytest.raises(OutOfTime), time_limit(0.4):
            hang()
        with pytest.raises(OutOfTime), time_limit(0.4):
            hang()
    with pytest.raises(OutOfTime), time_limit(0.1):
        hang_after(time_limit(60))


def test_a_member_that_hangs_is_named_inside_its_agent_and_not_the_one_that_asks_it():
    class Asks(AgentOfAgents):
        def _begin(self, season): ...

        def _whole(self, day, forecasts):
            return None

        def _parts(self, settlement):
            return {}

        @hookimpl
        def decide(self, day, bankroll) -> Decision:
            return self._answer(day, {}, self._ask("stuck", day, bankroll))

    with pytest.raises(ComponentError) as caught:
        list(play(Agent("outer", [Asks(agents=[hanging()])]), SEASON, Rules(call_seconds=SECONDS)))
    assert caught.value.component == "stuck/hangs"


def test_an_alarm_of_somebody_else_goes_on_afterwards():
    handler = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 500)
    try:
        list(play(gambler(), SEASON, Rules(call_seconds=60)))
        assert 400 < signal.setitimer(signal.ITIMER_REAL, 0)[0] <= 500
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def test_without_the_rule_a_play_reads_no_clock(monkeypatch):
    def clock(*_):
        raise AssertionError("somebody read the clock")

    for name in ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns", "process_time"):
        monkeypatch.setattr(time, name, clock)
    monkeypatch.setattr(signal, "setitimer", clock)
    assert len(list(play(gambler(), SEASON))) > 10


def test_what_happens_is_the_same_with_a_limit_that_nobody_meets():
    alike = [
        [encode(event) for event in play(gambler(), SEASON, rules)][1:] for rules in (Rules(), Rules(call_seconds=600))
    ]
    assert alike[0] == alike[1]


def test_in_another_thread_the_rule_is_refused_before_anything_is_played():
    refused = []

    def other():
        try:
            next(iter([*play(gambler(), SEASON, Rules(call_seconds=1))]))
        except MatchdayError as error:
            refused.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert refused == [
        "Rule call_seconds = 1: calls are cut off by an alarm signal, which the main thread of a process on Linux or macOS "
        "can take, and this is another thread; play it there, or leave the rule out."
    ]


def test_on_a_system_without_alarms_the_rule_is_refused(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    with pytest.raises(MatchdayError, match="call_seconds = 2.5: .* and this system has none; play it there, or leave"):
        list(play(gambler(), SEASON, Rules(call_seconds=2.5)))


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_limit_is_a_time(seconds):
    with pytest.raises(ValueError, match="call_seconds"):
        Rules(call_seconds=seconds)


@pytest.mark.parametrize(("rules", "reproducible"), [(Rules(), True), (Rules(call_seconds=60), False)])
def test_a_run_with_a_limit_says_that_it_cannot_be_reproduced(tmp_path, rules, reproducible):
    assert summarise(play(gambler(), SEASON, rules), SEASON).reproducible is reproducible
    store, agent = Store(tmp_path / "runs.db"), gambler()
    list(record(store, RunSpec.of(agent, SEASON, rules, seed=0), agent, SEASON))
    (run,) = store.runs()
    assert run.summary.reproducible is run.spec.rules.reproducible is reproducible


def test_a_comparison_never_takes_a_run_with_a_limit_from_the_record(tmp_path):
    def reused(rules):
        seen = []
        compare([gambler()], [SEASON], rules=rules, store=tmp_path / "runs.db", follow=seen.append)
        return [each.reused for each in seen]

    for rules, expected in [(Rules(), True), (Rules(call_seconds=60), False)]:
        assert reused(rules) == [False] and reused(rules) == [expected]


def test_forecasts_are_not_shared_where_calls_are_limited():
    agent = gambler()
    assert ForecastCache().lend(agent, SEASON, Rules(call_seconds=60)) is agent
    assert ForecastCache().lend(agent, SEASON, Rules()) is not agent


def test_a_replay_that_goes_another_way_blames_the_limit(tmp_path):
    rules = Rules(call_seconds=SECONDS, on_failure="sit-out")
    store, agent = Store(tmp_path / "runs.db"), hanging()
    for _, event in record(store, RunSpec.of(agent, SEASON, rules, seed=0), agent, SEASON):
        if getattr(event, "matchday", 0) == 3:
            break
    (run,) = store.runs()
    with pytest.raises(
        MatchdayError, match="the replay differs from the record .*; call_seconds cuts elsewhere, so play"
    ):
        list(resume(store, run, hanging(matchday=9), SEASON))
