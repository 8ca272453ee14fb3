"""Each criterion of the sophistication audit, met and not, on small planted runs."""

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from doubles import Coin, Everything, Faulty, Fixed, Level, Mean, Positive, Times, small_season
from matchday import Agent, Component, Rules
from matchday.auditing import audit
from matchday.auditing.sophistication import RUBRIC
from matchday.auditing.sophistication.growing import CLOSE, part_of_growth
from matchday.errors import StoreError
from matchday.store import Store, resume
from matchday.traits import TRAITS
from matchday.tuned import Tuned
from planted import (
    SEASON,
    Calibrator,
    Called,
    Cap,
    Careful,
    Copies,
    Decider,
    Doubt,
    Fading,
    First,
    Flat,
    Halves,
    Heeds,
    Joint,
    Levels,
    Looks,
    Moody,
    Moving,
    Obedient,
    OwnKelly,
    Promises,
    Rambles,
    Saying,
    Shrinking,
    Strengths,
    Unsure,
    audited,
    on_record,
)

PAGE = (Path(__file__).parents[2] / "docs" / "auditing.md").read_text(encoding="utf-8")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.db")


def staking(*components, model=None):
    return Agent("mine", [model or Coin(), Positive(), *components])


def modelling(*components):
    return Agent("mine", [*components, Everything(), Level(share=0.001)])


@pytest.mark.parametrize(
    ("components", "status"),
    [
        ([OwnKelly()], "met"),
        ([OwnKelly(fraction=1.0)], "met"),
        ([OwnKelly(fraction=1.0), Cap(share=0.1)], "met"),
        ([OwnKelly(fraction=1.2)], "not met"),
        ([OwnKelly(), Times(factor=0.5)], "met"),
        ([OwnKelly(fraction=0.2), Times(factor=2.0)], "not met"),
        ([Level(share=0.01)], "not met"),
        ([Joint()], "met"),
        ([Joint(), Unsure()], "met"),
        ([Moody()], "not met"),
        ([Careful()], "met"),
        ([Flat()], "not met"),
        ([Shrinking()], "met"),
        ([OwnKelly(), Levels()], "not met"),
        ([Joint(), Levels()], "not met"),
    ],
)
def test_kelly_is_met_where_every_stake_follows_from_the_record(store, components, status):
    assert audited(store, staking(*components))["Kelly at execution"].status == status


def test_kelly_earns_its_two_points_and_nothing_else_does(store):
    found = audited(store, staking(OwnKelly()))
    assert found["Kelly at execution"].points == 2.0
    assert "0.25 of Kelly's" in found["Kelly at execution"].evidence


def test_without_a_chosen_bet_there_is_no_stake_to_judge(store):
    found = audited(store, staking(Joint(), model=Fixed(home=0.34)), season=small_season(odds={"home": 1.2}))
    assert found["Kelly at execution"].status == found["a cap, and held"].status == "not applicable"


def test_an_agent_that_decides_by_itself_is_judged_by_its_bets(store):
    assert audited(store, Agent("alone", [Decider()]))["Kelly at execution"].status == "not met"


@pytest.mark.parametrize(
    ("component", "status"),
    [(Joint(), "met"), (OwnKelly(), "not met"), (Called(), "not met"), (Flat(), "not met")],
)
def test_joint_sizing_asks_for_slips_that_were_sized_as_a_whole(store, component, status):
    assert audited(store, staking(component))["joint sizing"].status == status


def test_the_limits_of_the_rules_do_not_hide_that_a_slip_is_sized_as_a_whole(store):
    found = audited(store, staking(Obedient()), rules=Rules(bet_limit=0.005))
    assert found["joint sizing"].status == found["Kelly at execution"].status == "met"


def test_what_a_component_decides_by_itself_is_said_to_have_no_steps(store):
    found = audited(store, Agent("alone", [Decider()]))
    assert found["joint sizing"].evidence == "a component decides by itself, and no step of it is on record"


def test_single_bets_need_no_joint_sizing(store):
    season = small_season(per_day=1, odds={"home": 3.0})
    assert audited(store, staking(OwnKelly()), season=season)["joint sizing"].status == "not applicable"


@pytest.mark.parametrize(
    ("components", "status"),
    [
        ([Level(), Cap()], "met"),
        ([Level(), Cap(share=0.9)], "met"),
        ([Level(), Cap(), Times(factor=3.0)], "not met"),
        ([Level(), Times(factor=3.0), Cap()], "met"),
        ([Level(), Cap(share=1.0)], "not met"),
        ([Level(), Promises()], "not met"),
        ([Level()], "not met"),
    ],
)
def test_a_cap_counts_where_nothing_behind_it_raises_a_share(store, components, status):
    found = audited(store, staking(*components))["a cap, and held"]
    assert found.status == status
    assert "of the bankroll was at risk on a day" in found.evidence


@pytest.mark.parametrize(
    ("components", "status"),
    [
        ([Level(), Unsure()], "met"),
        ([Level(), Unsure(factor=1.0)], "not met"),
        ([Level(), Halves()], "not met"),
        ([Level()], "not met"),
        ([Shrinking()], "met"),
    ],
)
def test_a_component_that_tells_no_bets_apart_earns_nothing_for_its_trait(store, components, status):
    assert audited(store, staking(*components))["estimation error in the stake"].status == status


@pytest.mark.parametrize(
    ("models", "ability", "learning"),
    [
        ([Moving()], "met", "met"),
        ([Moving(step=0.0)], "not met", "not met"),
        ([Fading(refit=6)], "partly", "met"),
        ([Fading()], "partly", "not met"),
        ([Strengths(refit=6)], "not met", "not met"),
        ([Strengths(step=0.2, refit=6)], "not met", "met"),
        ([Strengths()], "not met", "not met"),
        ([Strengths(), Calibrator()], "not met", "partly"),
        ([Strengths(), Moving(), First()], "not met", "not met"),
        ([Moving(), Strengths(), First()], "met", "met"),
        ([Moving(), Strengths(), Mean()], "met", "met"),
        ([], "not met", "not met"),
        ([Copies()], "not met", "not assessable"),
    ],
)
def test_abilities_and_learning_count_where_they_are_heard_and_forecasts_move(store, models, ability, learning):
    found = audited(store, modelling(*models))
    assert found["dynamic models of ability"].status == ability
    assert found["learning in season"].status == learning


def test_in_a_few_matchdays_nobody_can_see_clubs_move(store):
    found = audited(store, modelling(Moving()), season=small_season(matchdays=4))
    assert found["dynamic models of ability"].status == "not assessable"


@pytest.fixture(scope="module")
def with_newcomers():
    """The season, before which Forest played elsewhere."""
    matches = SEASON.matches.copy()
    before = matches["season"] != SEASON.name
    for side in ("home", "away"):
        matches.loc[before, side] = matches.loc[before, side].replace("Forest", "Gone")
    return dataclasses.replace(SEASON, matches=matches)


@pytest.mark.parametrize(("model", "status"), [(Moving(), "met"), (Strengths(), "not met")])
def test_promoted_clubs_have_to_be_known_as_such_and_forecast(store, with_newcomers, model, status):
    found = audited(store, modelling(model), season=with_newcomers)["promoted clubs"]
    assert found.status == status
    assert "Forest" in found.evidence


def test_a_watch_that_says_it_knows_newcomers_does_nothing_for_them(store, with_newcomers):
    found = audited(store, modelling(Strengths(), Looks()), season=with_newcomers)
    assert found["promoted clubs"].status == "not met"


def test_where_no_club_has_come_up_none_has_to_be_known(store):
    assert audited(store, modelling(Moving()))["promoted clubs"].status == "not applicable"


@pytest.mark.parametrize(
    ("components", "status"),
    [([Coin(), Calibrator()], "met"), ([Coin(), Calibrator(since=99)], "not met"), ([Coin()], "not met")],
)
def test_a_calibrator_counts_where_it_corrected_something(store, components, status):
    assert audited(store, modelling(*components))["calibration on other data"].status == status


@pytest.mark.parametrize(
    ("models", "status"),
    [
        ([Moving(), ("second", Coin()), Mean()], "met"),
        ([Moving(), ("second", Coin()), First()], "partly"),
        ([Heeds()], "not met"),
        ([], "not applicable"),
    ],
)
def test_a_model_without_a_say_is_idle(store, models, status):
    assert audited(store, modelling(*models))["nothing idle"].status == status


def test_models_that_say_the_same_share_their_weight(store):
    found = audited(store, modelling(("one", Saying()), ("other", Saying()), Mean()))["nothing idle"]
    assert found.status == "met"
    assert "one 0.50, other 0.50" in found.evidence


@pytest.mark.parametrize(("draw", "status"), [(0.25, "met"), (0.6, "not met")])
def test_draws_have_to_come_true_as_often_as_is_said(store, draw, status):
    found = audited(store, modelling(Saying(home=0.3, draw=draw)), season=small_season(matchdays=30))
    assert found["draws calibrated"].status == status


@pytest.mark.parametrize(("home", "status"), [(0.45, "met"), (0.05, "not met")])
def test_longshots_have_to_come_true_as_often_as_is_said(store, home, status):
    season = small_season(matchdays=30, odds={"home": 1.6, "draw": 3.4, "away": 6.0})
    found = audited(store, modelling(Saying(home=home, draw=0.25)), season=season)
    assert found["longshots calibrated"].status == status


def test_a_dozen_forecasts_prove_nothing(store):
    found = audited(store, modelling(Saying()), season=small_season(matchdays=4))
    assert found["draws calibrated"].status == "not assessable"
    assert audited(store, modelling())["draws calibrated"].status == "not applicable"


def searched(*seasons):
    return Tuned(trials=40, seasons=seasons, source="doubles", value=0.1, parameters=("level.share",))


@pytest.mark.parametrize(
    ("tuned", "status"),
    [(searched("1999-00"), "met"), (searched("1999-00", SEASON.name), "not met"), (None, "not applicable")],
)
def test_tries_have_to_be_on_record_and_made_elsewhere(store, tuned, status):
    agent = Agent("mine", [Coin(), Positive(), Level()], tuned=tuned)
    assert audited(store, agent)["multiple testing"].status == status


def test_variants_that_the_store_has_seen_are_tries(store):
    on_record(store, staking(Level(share=0.01)))
    found = audited(store, staking(Level(share=0.02)))["multiple testing"]
    assert found.status == "not met"
    assert found.evidence.startswith("2 agents called 'mine'")


@pytest.mark.parametrize(
    ("components", "status"),
    [
        ([Doubt(), Heeds()], "met"),
        ([Doubt(on=(3,)), ("other", Doubt(on=(9,))), Heeds(until=5)], "partly"),
        ([Doubt()], "not met"),
        ([Doubt(on=())], "not applicable"),
        ([Heeds()], "not met"),
        ([Doubt(), Rambles()], "not met"),
    ],
)
def test_an_alarm_has_to_be_followed_by_an_action_that_names_it(store, components, status):
    assert audited(store, modelling(*components))["diagnosis, then action"].status == status


def test_a_season_played_to_its_end_without_a_refusal_is_sound(store):
    found = audited(store, staking(Level()))
    for name in ("season completed", "nothing refused, nothing failed", "no ruin"):
        assert found[name].status == "met"


def test_ruin_ends_the_season(store):
    found = audited(store, Agent("all in", [Decider(share=1.0)]))
    assert found["season completed"].status == found["no ruin"].status == "not met"


def test_a_refused_slip_is_held_against_the_agent(store):
    found = audited(store, Agent("greedy", [Decider(share=0.5)]), rules=Rules(bet_limit=0.1))
    assert found["nothing refused, nothing failed"].status == "not met"
    assert "bet_limit" in found["nothing refused, nothing failed"].evidence


def test_a_component_that_failed_is_held_against_the_agent(store):
    found = audited(store, modelling(Faulty()), rules=Rules(on_failure="sit-out"))
    assert "1 components failed; on matchday 3" in found["nothing refused, nothing failed"].evidence


def test_what_no_record_can_decide_is_said_and_not_counted(store):
    found = audited(store, staking(Level()))
    assert found["no future information"].status == "not assessable"
    assert "matchday audit lookahead mine" in found["no future information"].evidence
    assert not found["no future information"].counts


def test_points_do_not_depend_on_money(store):
    agent = staking(OwnKelly(), Cap())
    poor = audited(store, agent)
    rich = audited(store, agent, rules=Rules(bankroll=100_000))
    assert {name: each.status for name, each in poor.items()} == {name: each.status for name, each in rich.items()}


def test_the_total_is_of_what_applies_and_can_be_decided(store):
    agent = staking(OwnKelly())
    found = audit(store, on_record(store, agent), agent=agent, season=SEASON)
    frame = found.frame()
    counted = frame[frame["status"].isin(["met", "partly", "not met"])]
    assert (found.points, found.possible) == (counted["points"].sum(), counted["of"].sum())
    assert sum(points for points, _ in found.groups.values()) == found.points


def test_what_cannot_be_loaded_again_is_said_by_the_criteria_that_need_it(store):
    run_id = on_record(store, staking(OwnKelly()))
    found = audit(store, run_id).frame()
    assert found.loc["draws calibrated", "status"] == "not assessable"
    assert "audit(store, run_id, season=...)" in found.loc["draws calibrated", "evidence"]
    assert found.loc["Kelly at execution", "status"] == "met"


def test_components_that_cannot_be_made_again_are_not_judged_by_their_traits(store):
    class Local(OwnKelly):
        pass

    run_id = on_record(store, staking(Local()))
    found = audit(store, run_id, season=SEASON).frame()
    assert found.loc["a cap, and held", "status"] == "not assessable"
    assert "cannot be made again" in found.loc["a cap, and held", "evidence"]
    assert found.loc["Kelly at execution", "status"] == "met"


def test_a_whole_agent_among_the_components_is_made_again_from_the_record(store):
    inner = Agent("inner", [Moving(), Positive(), OwnKelly()])
    run_id = on_record(store, Agent("mine", [inner, Positive(), OwnKelly()]))
    found = audit(store, run_id, season=SEASON).frame()
    assert found.loc["learning in season", "status"] == "met"
    assert "'inner/moving' learned" in found.loc["learning in season", "evidence"]


def test_variants_in_another_competition_are_no_tries_in_this(store):
    on_record(store, staking(Level(share=0.01)), season=dataclasses.replace(SEASON, competition="E9"))
    assert audited(store, staking(Level(share=0.02)))["multiple testing"].status == "not applicable"


SLATE = pd.DataFrame(
    {
        "match_id": ["A v B", "C v D", "E v F"],
        "market": "match_result",
        "selection": "home",
        "probability": [0.6, 0.3, 0.12],
        "odds": [1.8, 4.0, 9.5],
    }
)
ALONE = (SLATE["probability"] * SLATE["odds"] - 1.0).to_numpy() / (SLATE["odds"] - 1.0).to_numpy()


@pytest.mark.parametrize(
    ("shares", "least", "most"),
    [(ALONE, 0.99, 1.0), (ALONE / 4.0, 0.99, 1.0), (0.01 + 0.0 * ALONE, 0.3, 0.9), (4.0 * ALONE, -20.0, 0.2)],
    ids=["kelly", "a quarter", "flat", "four times"],
)
def test_fractions_of_kelly_reach_nearly_all_growth_and_flat_or_larger_stakes_do_not(shares, least, most):
    assert least <= part_of_growth([(SLATE, shares)]) <= most + CLOSE


def test_another_agent_or_season_than_what_was_played_is_refused(store):
    run_id = on_record(store, staking(Level()))
    with pytest.raises(StoreError, match="was not played by this agent, 'mine'; give the one that is on record"):
        audit(store, run_id, agent=staking(Level(share=0.5)))
    with pytest.raises(StoreError, match="was not played on this season"):
        audit(store, run_id, season=small_season())
    with pytest.raises(StoreError, match="is not in store"):
        audit(store, "nowhere")


@pytest.mark.parametrize("lacking", ["closing", "rules", None], ids=["a field", "the rules", "all of it"])
@pytest.mark.parametrize("component", [Shrinking(), Joint()], ids=["asked", "seen"])
def test_a_record_that_does_not_say_how_the_season_opened_is_no_obstacle(store, monkeypatch, lacking, component):
    agent = staking(component, Cap())
    run_id = on_record(store, agent)
    lines = store.events(run_id)
    opened = json.loads(lines[0])
    opened.pop(lacking or "event")
    older = [json.dumps(opened), *lines[1:]] if lacking else lines[1:]
    monkeypatch.setattr(store, "events", lambda _: older)
    found = audit(store, run_id, agent=agent, season=SEASON).frame()
    told = lacking == "closing" or isinstance(component, Joint)
    assert found.loc["Kelly at execution", "status"] == ("met" if told else "not met")
    assert found.loc["joint sizing", "status"] == ("met" if isinstance(component, Joint) else "not met")
    assert found.loc["a cap, and held", "status"] == "met"


def test_a_run_that_was_cut_off_and_gone_on_with_is_judged_as_if_it_had_not_been(store, tmp_path):
    agent = staking(OwnKelly(), Cap())
    run_id = on_record(store, agent, stop_after=6)
    for _ in resume(store, store.run(run_id), agent, SEASON):
        pass
    whole = audited(Store(tmp_path / "whole.db"), agent)
    found = audit(store, run_id, agent=agent, season=SEASON)
    assert {criterion.name: each for criterion, each in found.rows} == whole


def test_a_run_that_was_cut_off_can_be_audited(store):
    agent = staking(OwnKelly())
    run_id = on_record(store, agent, stop_after=6)
    found = audit(store, run_id, agent=agent, season=SEASON).frame()
    assert found.loc["season completed", "evidence"] == "running, 6 of 24 matchdays settled"


def test_a_trait_that_nobody_knows_is_refused_as_the_class_is_made():
    with pytest.raises(TypeError, match="Component Mine: trait 'kely' is not known; did you mean 'kelly'?"):
        type("Mine", (Component,), {"traits": frozenset({"kely"})})
    with pytest.raises(TypeError, match=r"traits is 'kelly'; rule: a set, as frozenset\(\{'kelly'\}\)"):
        type("Mine", (Component,), {"traits": "kelly"})


@pytest.mark.parametrize("criterion", RUBRIC, ids=lambda each: each.name)
def test_every_criterion_is_documented_in_its_own_words(criterion):
    assert f"| {criterion.name} | {criterion.points} | {criterion.asks} | {criterion.decided} |" in PAGE


@pytest.mark.parametrize("name", TRAITS)
def test_every_trait_is_documented_in_its_own_words(name):
    assert f"| `{name}` | {TRAITS[name]} |" in PAGE
