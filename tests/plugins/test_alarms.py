"""Acting on alarms: the same morning, once for each that is new, until it ends, on record with the cause, and never without one."""

import dataclasses
import pickle
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from doubles import Coin, Fixed, Level, Mean, Positive, gambler, small_season
from matchday import Agent, Catalogue, Diagnosis, ForecastCache, play
from matchday.agentfile import build_agent, parse_agent
from matchday.encoding import encode
from matchday.errors import AgentError
from matchday.events import ActionTaken, ForecastMade, MatchdayOpened, SlipPlaced
from matchday_plugins.calibration.platt import Platt
from matchday_plugins.calibration.recalibrate import Recalibrate
from matchday_plugins.diagnostics.alarms import ANY, Alert, NewAlarms, misnamed, watches
from matchday_plugins.guards.caution import Caution
from matchday_plugins.hybrids.switcher import Switcher
from matchday_plugins.models.logistic import Logistic
from members import SEASON, Alarm, acts, backer, of, on_record
from scrambling import scrambled
from settling import Theatre, draw_winners
from walking import synthetic

DAY = next(each for each in play(gambler(), SEASON) if isinstance(each, MatchdayOpened)).day
QUICK = {"features": ["ratings"], "warmup_days": 0, "minimum_matches": 10, "refit_days": 400, "totals": False}
CAUSE = "alarm of alarm: it is time"


def morning(number, *raised):
    """A matchday on which these alarms are raised, as (watch, measure)."""
    said = tuple(Diagnosis(source, measure, 1.0, alarm=True) for source, measure in raised)
    return dataclasses.replace(DAY, number=number, diagnoses=said)


def lines(agent, season=SEASON):
    return [encode(event) for event in play(agent, season)]


def forecasts(events):
    return [encode(each) for each in of(ForecastMade, events)]


# --- whose alarms, and which are new -----------------------------------------------------------------------------


def test_an_alarm_that_stands_is_new_on_its_first_morning_alone():
    alarms, first, second = NewAlarms((ANY,)), ("watch", "draw"), ("watch", "home")
    mornings = [(), (first,), (first,), (first, second), (), (first,)]
    new = [[each.measure for each in alarms.of(morning(n, *raised))] for n, raised in enumerate(mornings, 1)]
    assert new == [[], ["draw"], [], ["home"], [], ["draw"]]


def test_asked_twice_on_one_morning_it_answers_the_same():
    alarms = NewAlarms((ANY,))
    for day, new in ((morning(1, ("watch", "draw")), 1), (morning(2, ("watch", "draw")), 0)):
        assert [len(alarms.of(day)) for _ in range(3)] == [new] * 3


def test_an_alert_lasts_until_so_many_matchdays_have_passed_without_an_alarm():
    alert, mornings = Alert(("loud",), calm=3), {4: "loud", 5: "other", 6: "loud", 7: "other"}
    told = {n: alert.heed(morning(n, (mornings.get(n, "other"), "x"))) for n in range(1, 12)}
    assert {n: cause for n, cause in told.items() if cause} == {
        4: "alarm of loud: x 1",
        9: "3 matchdays without an alarm",
    }


def test_without_an_end_an_alert_lasts_for_the_season():
    alert = Alert((ANY,), calm=None)
    assert [alert.heed(morning(n, *([("w", "x")] if n == 2 else []))) is not None for n in range(1, 200)].count(
        True
    ) == 1
    assert alert.since == 2


def test_who_may_raise_alarms_is_read_off_a_composition_at_any_depth():
    inner = backer("inner", 0.6, 0.05, ("loud", Alarm()))
    nest = Agent("nest", [("switcher", Switcher(agents=[inner, backer("other")], drawdown=0.5))])
    assert list(watches(inner.spec())) == ["loud"]
    assert list(watches(nest.spec())) == ["inner/loud"]
    assert list(watches(Agent("outer", [inner, Positive(), Level(), Alarm()]).spec())) == ["loud", "alarm"]
    assert list(watches({"component": [{"use": "nowhere:Thing", "name": "unknown"}]})) == ["unknown"]


def test_a_name_that_is_no_watchs_is_told_with_the_one_that_may_be_meant():
    assert misnamed(["drfit"], ["drift", "other"]) == "names 'drfit', and no watch is called so; did you mean 'drift'?"
    assert misnamed(["drift"], []) == "names 'drift', and no watch is called so; there are none."
    assert misnamed([ANY, "drift"], ["drift"]) is None


# --- all that act ------------------------------------------------------------------------------------------------


def acting(kind, **parameters):
    """An agent with a component that acts on alarms, and a name to look for on record."""
    if kind == "logistic":
        return ("tested", Logistic(**QUICK, **{"refit_on": "any", **renamed(parameters)}))
    return ("tested", {"recalibrate": Recalibrate, "caution": Caution}[kind](**parameters))


def renamed(parameters):
    return {"refit_on" if name == "alarms" else name: value for name, value in parameters.items()}


def agent_of(part, *extra):
    """An agent that bets every day, with what is tested at its place."""
    model = part if isinstance(part[1], Logistic) else ("model", Coin())
    rest = [] if model is part else [part]
    return Agent("acting", [model, Positive(), Level(), *rest, *extra])


ACTING = pytest.mark.parametrize("kind", ["logistic", "recalibrate", "caution"])
FIRST = {"logistic": "refitted", "recalibrate": "recalibrates", "caution": "stakes × 0.5"}


def taken(events, kind):
    """What was done about alarms, as (matchday, action, cause)."""
    return [act for act in acts(events, "tested") if act[1] == FIRST[kind] and "alarm of" in act[2]]


@ACTING
def test_an_alarm_is_acted_on_the_same_morning_and_on_record_with_its_cause(kind):
    events = list(play(agent_of(acting(kind), Alarm(on=(5,))), SEASON))
    ((number, _, cause),) = taken(events, kind)
    assert number == 5 and cause.startswith(CAUSE)


@ACTING
def test_an_alarm_that_is_repeated_every_morning_is_acted_on_once(kind):
    events = list(play(agent_of(acting(kind), Alarm(on=(3, 4, 5, 6, 7, 8))), SEASON))
    assert [number for number, *_ in taken(events, kind)] == [3]


@ACTING
def test_without_an_alarm_nothing_is_changed(kind):
    idle = {"logistic": ("tested", Logistic(**QUICK)), "recalibrate": None, "caution": None}[kind]
    events = list(play(agent_of(acting(kind), Alarm(on=())), SEASON))
    other = Agent("acting", [*([idle] if idle else [("model", Coin())]), Positive(), Level()])
    plain = list(play(other, SEASON))
    assert forecasts(events) == forecasts(plain)
    assert [each.bets for each in of(SlipPlaced, events)] == [each.bets for each in of(SlipPlaced, plain)]
    assert not taken(events, kind)


@ACTING
def test_only_the_watches_that_are_named_are_heeded(kind):
    watching = [("loud", Alarm(on=(2, 6))), ("heard", Alarm(on=(4,)))]
    events = list(play(agent_of(acting(kind, alarms="heard"), *watching), SEASON))
    assert [number for number, *_ in taken(events, kind)] == [4]
    assert "alarm of heard" in taken(events, kind)[0][2]
    assert not taken(list(play(agent_of(acting(kind, alarms=[]), *watching), SEASON)), kind)


@ACTING
def test_a_watch_that_is_not_there_is_refused_when_the_agent_is_assembled(kind):
    parameter = "refit_on" if kind == "logistic" else "alarms"
    message = f"{parameter} names 'alarn', and no watch is called so; did you mean 'alarm'?"
    with pytest.raises(AgentError, match=re.escape(f"component 'tested': {message}")) as caught:
        agent_of(acting(kind, alarms=["alarn"]), Alarm())
    assert "\n" not in str(caught.value)


@ACTING
def test_where_there_is_no_watch_it_says_once_that_it_will_not_act(kind):
    events = list(play(agent_of(acting(kind)), SEASON))
    cause = "the agent has no watch, as 'drift' is one"
    assert [act for act in acts(events, "tested") if act[2] == cause] == [(1, "will not act on any alarm", cause)]


@ACTING
def test_one_season_is_forgotten_before_the_next(kind):
    agent = agent_of(acting(kind), Alarm(on=(3,)))
    assert lines(agent) == lines(agent) == lines(pickle.loads(pickle.dumps(agent)))


@ACTING
def test_a_member_hears_the_watches_of_its_own_agent_alone(kind):
    members = [agent_of(acting(kind)), backer("other", 0.6, 0.01, Alarm(on=(3,)))]
    events = list(play(Agent("whole", [("pair", Switcher(agents=members[::-1]))]), SEASON))
    assert not [each for each in of(ActionTaken, events) if each.component == "acting/tested" and CAUSE in each.cause]


def test_names_of_watches_may_be_set_from_text_and_from_a_list():
    def heeded(given):
        entry = {"use": "caution", "alarms": given}
        rest = [{"use": f"doubles:{name}"} for name in ("Coin", "Positive", "Level")]
        rest += [{"use": "drift", "name": name} for name in ("drift", "a", "b")]
        return (
            build_agent(parse_agent({"name": "a", "component": [entry, *rest]}, where="test"))
            .components["caution"]
            .alarms
        )

    assert (heeded("any"), heeded("drift"), heeded(["a", "b"]), heeded([])) == (("any",), ("drift",), ("a", "b"), ())
    with pytest.raises(AgentError, match="alarms = 5: Input should be a valid tuple"):
        heeded(5)


# --- refitting ---------------------------------------------------------------------------------------------------


def test_a_refit_on_an_alarm_learns_from_all_that_is_known_by_that_morning():
    model = Logistic(**QUICK, refit_on="any")
    events = list(play(agent_of(("tested", model), Alarm(on=(6,))), SEASON))
    refits = [(number, cause) for number, action, cause in acts(events, "tested") if action == "refitted"]
    assert [number for number, _ in refits] == [1, 6]
    assert refits[1][1].startswith(f"{CAUSE}; {SEASON.first + 15} matches from ")
    unmoved = list(play(agent_of(("tested", Logistic(**QUICK)), Alarm(on=(6,))), SEASON))
    same = [one == other for one, other in zip(forecasts(events), forecasts(unmoved), strict=True)]
    assert same == [True] * 5 + [False] * 3


def test_the_days_to_the_next_refit_count_from_an_alarm():
    model = Logistic(**{**QUICK, "refit_days": 28}, refit_on="any")
    events = list(play(agent_of(("tested", model), Alarm(on=(3,))), SEASON))
    assert [number for number, action, _ in acts(events, "tested") if action == "refitted"] == [1, 3, 7]


def test_a_learner_that_refits_on_alarms_is_shared_beside_the_same_watch_alone():
    def agent(on, share):
        return Agent(
            "shared", [("tested", Logistic(**QUICK, refit_on="any")), Positive(), Level(share=share), Alarm(on=on)]
        )

    cache, honest = ForecastCache(), [lines(agent(on, 0.01)) for on in ((3,), (5,))]
    for _ in range(2):
        assert [lines(cache.lend(agent(on, 0.01), SEASON)) for on in ((3,), (5,))] == honest
    assert honest[0] != honest[1]
    assert lines(cache.lend(agent((3,), 0.03), SEASON)) == lines(agent((3,), 0.03))


# --- recalibrating -----------------------------------------------------------------------------------------------

PRICES = [[0.5, 0.3, 0.2]]


def theatre_of(recalibrate, on, *, days=30, per_day=10, seed=0):
    """A model twice as sure as it should be plays before a recalibration; answers what was said, raw and corrected."""
    stage, rng, said = Theatre(recalibrate, Alarm(on=on)), np.random.default_rng(seed), []
    stage.agent.season_opened(next(iter(play(stage.agent, SEASON))))
    for _ in range(days):
        truth = rng.dirichlet([5, 3, 3], size=per_day)
        raw = truth**2 / (truth**2).sum(axis=1, keepdims=True)
        _, blend = stage.morning(PRICES * per_day, model=raw)
        said.append((raw, blend.probabilities.to_numpy(), truth))
        stage.evening(draw_winners(truth, rng))
    return said


def test_from_the_alarm_on_an_error_is_mended_and_before_it_nothing_is_touched():
    said = theatre_of(Recalibrate(prior_cases=100.0), on=(20,))
    assert all((raw == corrected).all() for raw, corrected, _ in said[:19])
    assert not any((raw == corrected).all() for raw, corrected, _ in said[19:])
    raw, corrected, truth = (np.concatenate(part) for part in zip(*said[19:], strict=True))
    assert np.abs(corrected - truth).mean() < 0.8 * np.abs(raw - truth).mean()


def test_it_ends_after_so_many_matchdays_without_an_alarm_and_may_begin_again():
    component = Recalibrate(calm=4)
    said = theatre_of(component, on=(10, 12, 20))
    touched = [number for number, (raw, corrected, _) in enumerate(said, 1) if (raw != corrected).any()]
    assert touched == [*range(10, 16), *range(20, 24)]
    told = [each for each in on_record(component) if not each[0].startswith("corrects match_result")]
    assert told == [
        ("recalibrates", CAUSE),
        ("corrects no more", "4 matchdays without an alarm"),
        ("recalibrates", CAUSE),
        ("corrects no more", "4 matchdays without an alarm"),
    ]
    assert component.fitted == {}


def test_what_it_corrects_is_platts_correction_of_the_last_matches_alone():
    recalibrate, platt = Recalibrate(window=50, prior_cases=100.0), Platt(prior_cases=100.0)
    theatre_of(recalibrate, on=(1,), days=20)
    assert recalibrate.fitted["match_result"].matches == 50
    whole = Recalibrate(window=10_000, prior_cases=100.0)
    theatre_of(whole, on=(1,), days=20), theatre_of(platt, on=(), days=20)
    assert whole.fitted["match_result"].slope == pytest.approx(platt.fitted["match_result"].slope, abs=1e-6)
    assert whole.fitted["match_result"].matches == platt.fitted["match_result"].matches == 200


def test_an_alarm_before_the_first_result_corrects_nothing_yet():
    said = theatre_of(Recalibrate(), on=(1,), days=3)
    assert (said[0][0] == said[0][1]).all() and (said[1][0] != said[1][1]).any()


@pytest.mark.parametrize("bad", [{"window": 0}, {"calm": 0}, {"prior_cases": 0.0}])
def test_a_recalibration_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        Recalibrate(**bad)


# --- caution -----------------------------------------------------------------------------------------------------


def shares_of(caution, *on):
    agent = Agent("cautious", [Fixed(home=0.6), Positive(), Level(share=0.04), caution, Alarm(on=on)])
    events = list(play(agent, SEASON))
    return [slip.bets[0].share for slip in of(SlipPlaced, events)], events


def test_stakes_are_smaller_from_the_alarm_until_so_many_matchdays_have_passed():
    shares, events = shares_of(Caution(fraction=0.25, matchdays=3), 2, 3)
    assert shares == pytest.approx([0.04, *[0.01] * 4, *[0.04] * 3])
    assert acts(events, "caution") == [
        (2, "stakes × 0.25", CAUSE),
        (6, "full stakes again", "3 matchdays without an alarm"),
    ]
    assert of(SlipPlaced, events)[3].bets[0].reason == "level: 0.04; caution: × 0.25 (alarm on matchday 3)"


def test_caution_without_an_end_lasts_for_the_season():
    shares, events = shares_of(Caution(matchdays=None), 2)
    assert shares == pytest.approx([0.04, *[0.02] * 7]) and len(acts(events, "caution")) == 1


def test_caution_hears_alarms_on_days_on_which_its_agent_does_not_bet():
    first = backer("first", 0.6, 0.04, Caution(alarms=("doubt",), matchdays=4), ("doubt", Alarm(on=(3,))))
    first = Agent("first", [*first.components.items(), ("out", Alarm(on=(2,)))])
    whole = Switcher(agents=[first, backer("second")], alarms=("out",), back_after=3)
    events = list(play(Agent("whole", [("hybrid", whole)]), SEASON))
    begun = [each for each in of(ActionTaken, events) if each.action == "stakes × 0.5"]
    assert [(each.matchday, each.component) for each in begun] == [(3, "first/caution")]  # away from 2 to 4
    placed = {each.matchday: [bet.share for bet in each.bets if not bet.forced] for each in of(SlipPlaced, events)}
    assert placed[5] and placed[5] == pytest.approx([0.02] * len(placed[5]))


def test_caution_may_be_to_bet_nothing():
    _, events = shares_of(Caution(fraction=0.0), 2)
    assert all(bet.forced for slip in of(SlipPlaced, events)[1:] for bet in slip.bets)


@pytest.mark.parametrize("bad", [{"fraction": 1.0}, {"fraction": -0.1}, {"matchdays": 0}])
def test_a_caution_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        Caution(**bad)


# --- all of it at once -------------------------------------------------------------------------------------------


def whole():
    """An agent with every policy, and real watches that are easily alarmed."""
    catalogue = Catalogue()
    return Agent(
        "adaptive",
        [
            ("ratings", Logistic(**QUICK, refit_on="any")),
            ("coin", Coin()),
            Mean(),
            catalogue.component("drift")(false_alarm_matches=8),
            catalogue.component("calibration-watch")(level=0.9),
            Recalibrate(alarms="drift", window=20, calm=2),
            Positive(),
            Level(),
            Caution(alarms=["drift"], matchdays=2),
        ],
    )


def test_what_is_done_about_alarms_is_the_same_again_shared_and_knows_nothing_of_the_future():
    season = small_season(matchdays=16, seed=4)
    events = list(play(whole(), season))
    honest = [encode(event) for event in events]
    done = {(act.component, act.action) for act in of(ActionTaken, events) if "alarm" in act.cause}
    assert {("ratings", "refitted"), ("recalibrate", "recalibrates"), ("recalibrate", "corrects no more")} <= done
    assert {("caution", "stakes × 0.5"), ("caution", "full stakes again")} <= done
    cache = ForecastCache()
    assert lines(cache.lend(whole(), season), season) == honest == lines(cache.lend(whole(), season), season)
    for matchday in (6, 13):
        replayed = lines(whole(), scrambled(season, matchday))
        slip = next(n for n, line in enumerate(honest) if f'"SlipPlaced","matchday":{matchday},' in line)
        assert replayed[: slip + 1] == honest[: slip + 1]


# --- the page ----------------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "adaptivity.md").read_text(encoding="utf-8")


def test_the_pages_agent_acts_as_the_page_says():
    content = tomllib.loads(re.search(r"```toml\n(.*?)```", PAGE, re.S)[1])
    drift = next(entry for entry in content["component"] if entry["use"] == "drift")
    drift["false_alarm_matches"] = 20  # the season is short
    agent = build_agent(parse_agent(content, where="docs/adaptivity.md"))
    done = {(act.component, act.action) for act in of(ActionTaken, play(agent, synthetic())) if "alarm" in act.cause}
    assert {("learner", "refitted"), ("caution", "stakes × 0.5")} <= done


def test_every_parameter_of_those_that_act_is_on_the_page():
    for name in ("recalibrate", "caution"):
        for parameter in Catalogue().component(name).model_fields:
            assert f"`{parameter}`" in PAGE
    assert "`refit_on`" in PAGE
