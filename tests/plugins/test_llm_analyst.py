"""The language model at the table: it moves, vetoes, is late, talks nonsense, costs too much; the season goes on."""

import contextlib
import json
import shutil
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from doubles import Everything, Fixed, Level, Mean, gambler, small_season
from faulty import broken_by
from matchday import Agent, Forecast, Rules, play, summarise
from matchday.cli import main
from matchday.encoding import encode
from matchday.errors import StoreError
from matchday.events import (
    ActionTaken,
    Consulted,
    ForecastMade,
    MatchdayOpened,
    MatchdaySettled,
    SeasonClosed,
    SlipPlaced,
)
from matchday.markets import MATCH_RESULT
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from matchday_plugins.language.analyst import LLMAnalyst
from matchday_plugins.language.digest import digest_of
from matchday_plugins.language.opinion import Nonsense, Opinion, Written, read, schema, shift_table, weighed
from members import of
from scripted_endpoint import closes, garbage, late, says, scripted, status

SEASON = small_season(matchdays=5)
NOTHING = {"adjustments": [], "vetoes": []}


@pytest.fixture
def desk(tmp_path):
    """An agent with an analyst who asks an endpoint, and keeps its answers in the test's own folder."""

    def made(url, *, models=None, **parameters):
        chosen = {"model": "sage", "cache": tmp_path / "answers", "retries": 0, **parameters}
        listed = [*(models or [Fixed(home=0.5)]), ("analyst", LLMAnalyst(base_url=url, **chosen))]
        return Agent("desk", [*listed, Everything(), Level(share=0.001)])

    return made


def played(agent, seed=0):
    events = list(play(agent, SEASON, seed=seed))
    assert isinstance(events[-1], SeasonClosed) and events[-1].matchdays == SEASON.matchdays
    return events


def lines(events):
    return [encode(each) for each in events]


def told(body):
    """What the model is told of the matchday."""
    return json.loads(body["messages"][1]["content"])


def first_match(body):
    return told(body)["matches"][0]["match_id"]


def moves(log_odds, selection="home", reason="a hunch"):
    """A model that moves the first match of each day."""

    def answer(body):
        entry = {"match_id": first_match(body), "selection": selection, "log_odds": log_odds, "reason": reason}
        return {**NOTHING, "adjustments": [entry]}

    return answer


def vetoes(selection="home", reason="the pitch is under water"):
    def answer(body):
        return {**NOTHING, "vetoes": [{"match_id": first_match(body), "selection": selection, "reason": reason}]}

    return answer


def failures(events):
    return [each.consultation.failure for each in of(Consulted, events)]


def causes(events, action):
    return [each.cause for each in of(ActionTaken, events) if each.action == action]


def blended(events):
    """Each day's blended forecast of its first match."""
    return [each.forecast.probabilities.iloc[0] for each in of(ForecastMade, events) if each.blended]


def test_an_adjustment_moves_log_odds_by_what_was_said_and_the_others_keep_their_ratio(desk):
    with scripted(moves(0.2)) as endpoint:
        events = played(desk(endpoint.url))
    for p in blended(events):
        assert np.log(p["home"] / (1 - p["home"])) == pytest.approx(0.2)
        assert p["draw"] == pytest.approx(p["away"])
    moved = of(ActionTaken, events)[0]
    assert moved.action.endswith("home by +0.200") and moved.cause == "a hunch"


def test_it_is_asked_once_a_matchday_and_what_it_costs_is_added_up(desk):
    with scripted(says(json.dumps(NOTHING), tokens=(1000, 10))) as endpoint:
        agent = desk(endpoint.url, price_in=1.0, price_out=100.0)
        summary = summarise(play(agent, SEASON), SEASON)
    assert endpoint.count == SEASON.matchdays == summary.calls
    assert (summary.tokens, summary.cost) == (5 * 1010, pytest.approx(5 * 0.002))


def test_more_than_the_bound_is_cut_to_it_and_said_so(desk):
    with scripted(moves(3.0)) as endpoint:
        events = played(desk(endpoint.url, bound=0.1))
    assert np.log(blended(events)[0]["home"] / (1 - blended(events)[0]["home"])) == pytest.approx(0.1)
    assert causes(events, "corrects the answer")[0].endswith("home: +3.000 cut to +0.100, the bound is 0.1")


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"match_id": "X v Y"}, "there is no such match today"),
        ({"selection": "corner"}, "there is no such selection"),
        ({"selection": "over_2_5"}, "the forecast has no opinion to be moved"),
        ({"log_odds": float("nan")}, "log_odds is nan; rule: a number"),
        ({"log_odds": 1e999}, "log_odds is inf; rule: a number"),
    ],
)
def test_what_cannot_be_done_is_left_out_and_said_so_and_the_rest_is_done(desk, entry, problem):
    def answer(body):
        good = {"match_id": first_match(body), "selection": "home", "log_odds": 0.1, "reason": "a hunch"}
        return {**NOTHING, "adjustments": [{**good, **entry}, {**good, "selection": "draw"}]}

    with scripted(answer) as endpoint:
        events = played(desk(endpoint.url))
    assert all(cause.endswith(problem) for cause in causes(events, "corrects the answer"))
    assert len(of(ActionTaken, events)) == 2 * SEASON.matchdays


def bets(event, match_id=None):
    return {
        (each.match_id, each.selection) for each in event.bets if not each.forced and match_id in {None, each.match_id}
    }


@pytest.mark.parametrize(("selection", "gone"), [("home", {"home"}), ("all", {"home", "draw", "away", "over_2_5"})])
def test_a_veto_strikes_bets_out_with_its_reason_on_the_slips_notes(desk, selection, gone):
    with scripted(vetoes(selection)) as endpoint:
        events = played(desk(endpoint.url))
    for placed, request in zip(of(SlipPlaced, events), endpoint.requests, strict=True):
        left = {name for _, name in bets(placed, first_match(request))}
        assert not gone & left and len(bets(placed)) > len(left)
        assert any(note.startswith("analyst: the pitch is under water: no bet on") for note in placed.notes)


def test_vetoes_are_not_heeded_where_the_agent_says_so(desk):
    with scripted(vetoes("all")) as endpoint:
        heard, unheard = played(desk(endpoint.url)), played(desk(endpoint.url, vetoes=False))
    assert sum(map(len, map(bets, of(SlipPlaced, unheard)))) > sum(map(len, map(bets, of(SlipPlaced, heard))))
    assert of(SlipPlaced, unheard)[0].notes == ()


def test_it_sees_the_prices_every_model_the_blend_and_the_past_and_nothing_of_money(desk):
    models = [("bold", Fixed(home=0.6)), ("meek", Fixed(home=0.4)), Mean()]
    with scripted(json.dumps(NOTHING)) as endpoint:
        events = played(desk(endpoint.url, models=models))
    last = told(endpoint.requests[-1])
    match = last["matches"][0]
    assert match["models"]["bold"]["home"] == 0.6 and match["blend"]["home"] == 0.5
    assert sum(match["market"][name] for name in MATCH_RESULT.selections) == pytest.approx(1, abs=1e-3)
    assert set(match["odds"]) == set(SEASON.odds("closing").columns)
    assert len(last["clubs"][match["home"]]["latest"]) == 5 and "played 4" in last["table"][0]
    assert "bankroll" not in json.dumps(endpoint.requests[-1])
    assert of(Consulted, events)[-1].consultation.asked.endswith(endpoint.requests[-1]["messages"][1]["content"])


def test_what_it_is_told_is_no_longer_than_allowed_and_keeps_the_fixtures_longest(desk):
    with scripted(json.dumps(NOTHING)) as endpoint:
        for longest in (1000, 1500, 2500, 24_000):
            played(desk(endpoint.url, longest=longest))
    sizes = [len(each["messages"][1]["content"]) for each in endpoint.requests[:: SEASON.matchdays]]
    assert sizes == sorted(sizes) and (np.array(sizes) <= [1000, 1500, 2500, 24_000]).all()
    assert told(endpoint.requests[0])["matches"]
    assert "clubs" not in told(endpoint.requests[0]) and "clubs" in told(endpoint.requests[-1])


def test_a_slate_too_large_to_be_told_says_how_many_matches_are_left_out():
    day = next(event.day for event in play(gambler(), SEASON) if isinstance(event, MatchdayOpened))
    silent = Forecast.silent(day.slate.index)
    short = json.loads(digest_of(day, silent, [], season=SEASON.name, longest=500))
    assert (len(short["matches"]), short["matches_left_out"]) == (1, 2)
    assert digest_of(day, silent, [], season=SEASON.name, longest=1) == json.dumps(short, separators=(",", ":"))


@pytest.mark.parametrize(
    ("script", "parameters", "failure"),
    [
        (late(5), {"seconds": 0.1}, "no answer within 0.1 s"),
        (status(500, "on fire"), {}, "status 500: on fire"),
        (status(401, "wrong key"), {}, "status 401: wrong key"),
        (garbage(), {}, "what came is no chat completion: '<html>no JSON</html>'"),
        (closes(), {}, "no connection: "),
    ],
)
def test_an_endpoint_that_fails_changes_nothing_and_the_season_goes_on(desk, script, parameters, failure):
    with scripted(script) as endpoint:
        events = played(desk(endpoint.url, patience=2, **parameters))
    assert all(each.startswith(failure) for each in failures(events)[:2])
    assert set(failures(events)[2:]) == {"not asked: 2 failures in a row"} and endpoint.count == 2
    assert [p["home"] for p in blended(events)] == [0.5] * 5
    assert causes(events, "changes nothing") == failures(events)


def test_one_failure_is_forgiven_and_the_next_matchday_is_asked_about(desk):
    good = moves(0.1)
    script = iter([status(500), None, closes(), None, None])
    with scripted(lambda body: next(script) or good(body)) as endpoint:
        events = played(desk(endpoint.url))
    assert [bool(each) for each in failures(events)] == [True, False, True, False, False]
    assert [p["home"] > 0.5 for p in blended(events)] == [False, True, False, True, True]


@pytest.mark.parametrize("nonsense", ["I would bet on Arsenal.", "{", "[]", '{"a": 1}', '{"adjustments": [5]}', "{}}{"])
def test_nonsense_is_asked_for_once_more_and_then_changes_nothing(desk, nonsense):
    with scripted(nonsense) as endpoint:
        events = played(desk(endpoint.url))
    assert endpoint.count == 2 * SEASON.matchdays
    assert [p["home"] for p in blended(events)] == [0.5] * 5 and len(causes(events, "changes nothing")) == 5
    assert endpoint.requests[1]["messages"][-1]["content"].startswith("That is no answer of the form")


def test_an_answer_that_is_mended_counts(desk):
    with scripted(lambda body: "Hm." if len(body["messages"]) == 2 else moves(0.1)(body)) as endpoint:
        events = played(desk(endpoint.url))
    assert all(p["home"] > 0.5 for p in blended(events)) and not causes(events, "changes nothing")


def test_of_several_objects_the_last_is_the_answer(desk):
    thinking = '<think>{"adjustments": [{"match_id": "perhaps {this}"}]} or {"no": 1}</think>'
    with scripted(lambda body: f"{thinking} {json.dumps(moves(0.1)(body))}") as endpoint:
        events = played(desk(endpoint.url))
    assert all(p["home"] > 0.5 for p in blended(events)) and not causes(events, "corrects the answer")


def test_an_answer_in_a_fence_among_other_words_is_read(desk):
    with scripted(lambda body: f"Well: ```json\n{json.dumps(moves(0.1)(body))}\n``` That is all.") as endpoint:
        assert all(p["home"] > 0.5 for p in blended(played(desk(endpoint.url))))


@pytest.mark.parametrize(
    ("limit", "asked"),
    [({"season_calls": 2}, 2), ({"season_tokens": 300}, 3), ({"season_cost": 0.0001}, 1), ({"matchday_calls": 0}, 0)],
)
def test_over_budget_nobody_is_asked_nothing_changes_and_the_record_says_so(desk, limit, asked):
    with scripted(moves(0.1)) as endpoint:
        events = played(desk(endpoint.url, price_in=1.0, **limit))
    assert endpoint.count == asked
    assert [p["home"] > 0.5 for p in blended(events)] == [True] * asked + [False] * (5 - asked)
    assert all("are spent" in each for each in failures(events)[asked:])
    assert [each.consultation.calls for each in of(Consulted, events)] == [1] * asked + [0] * (5 - asked)


def test_retries_stay_within_the_budget_of_calls(desk):
    with scripted(status(500)) as endpoint:
        played(desk(endpoint.url, retries=5, season_calls=3))
    assert endpoint.count == 3


def test_nonsense_is_not_asked_for_again_where_the_matchdays_budget_is_spent(desk):
    with scripted("Hm.") as endpoint:
        events = played(desk(endpoint.url, matchday_calls=1))
    assert endpoint.count == 5 and len(causes(events, "changes nothing")) == 5


def test_without_a_key_or_the_package_the_season_goes_on(desk, monkeypatch):
    unset = "environment variable OPENAI_API_KEY is not set; put the endpoint's key into it"
    assert failures(played(desk("https://example.invalid/v1", patience=None))) == [unset] * 5
    monkeypatch.setitem(sys.modules, "openai", None)
    missing = failures(played(desk("http://127.0.0.1:9/v1", patience=None)))
    assert all("pip install 'matchday[llm]'" in each for each in missing)


def test_the_command_line_says_how_often_there_was_no_answer_and_why(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path))
    agent = tmp_path / "desk.toml"
    listed = [{"use": "market"}, {"use": "llm-analyst", "model": "sage"}, {"use": "value"}, {"use": "flat"}]
    tables = ["\n".join(f'{key} = "{value}"' for key, value in each.items()) for each in listed]
    agent.write_text("\n[[component]]\n".join(['name = "desk"', *tables]))
    with pytest.raises(SystemExit) as ended:
        main(["play", str(agent), "--store", str(tmp_path / "runs.db"), "--set", "source.clubs=4"])
    assert ended.value.code in {0, None}
    said = " ".join(capsys.readouterr().out.split())
    assert "times, first: environment variable OPENAI_API_KEY is not set; put the endpoint's key into it" in said


def test_a_replay_makes_no_call_and_is_the_same_byte_for_byte(desk):
    with scripted(moves(0.1)) as endpoint:
        first = played(desk(endpoint.url))
        again = played(desk(endpoint.url))
        assert endpoint.count == 5
        played(desk(endpoint.url), seed=1)
        assert endpoint.count == 10
    assert lines(again) == lines(first) == lines(played(desk(endpoint.url)))


def cut_off(store, agent, *, after):
    """Play and record as far as a matchday; answers the run."""
    for run_id, event in record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON):
        if isinstance(event, MatchdaySettled) and event.matchday == after:
            return store.run(run_id)
    return None


@pytest.mark.parametrize("answered", [moves(0.1), lambda _: status(500), lambda _: "nonsense"])
def test_a_run_that_is_cut_off_goes_on_as_it_was_with_no_call_made_twice(desk, tmp_path, answered):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    with scripted(answered) as endpoint:
        run = cut_off(store, desk(endpoint.url, patience=None), after=3)
        before = endpoint.count
        resumed = [event for _, event in resume(store, run, desk(endpoint.url, patience=None), SEASON)]
        assert endpoint.count == before // 3 * 5
        whole = played(desk(endpoint.url, patience=None))
    assert lines(resumed) == lines(whole) == store.events(run.id)


def test_what_failed_before_a_kill_has_failed_after_it_though_the_endpoint_is_well_again(desk, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    good, well = moves(0.1), []
    with scripted(lambda body: good(body) if well else status(500)) as endpoint:
        run = cut_off(store, desk(endpoint.url), after=2)
        well.append(True)
        resumed = [event for _, event in resume(store, run, desk(endpoint.url), SEASON)]
        assert [p["home"] > 0.5 for p in blended(resumed)] == [False, False, True, True, True]
        again = played(desk(endpoint.url))
        assert all(p["home"] > 0.5 for p in blended(again)) and endpoint.count == 2 + 3 + 2


def test_a_run_whose_failures_a_later_play_has_mended_is_resumed_as_it_was(desk, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    script = iter([status(500), status(500)])
    with scripted(lambda body: next(script, None) or moves(0.1)(body)) as endpoint:
        run = cut_off(store, desk(endpoint.url), after=2)
        whole = played(desk(endpoint.url))
        before = endpoint.count
        resumed = [event for _, event in resume(store, run, desk(endpoint.url), SEASON)]
        assert endpoint.count == before
    assert [bool(each) for each in failures(resumed)] == [True, True, False, False, False]
    assert lines(resumed)[-1] == store.events(run.id)[-1] and not any(failures(whole))


def test_a_run_whose_answers_are_gone_is_not_asked_about_anew_and_says_so(desk, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    with scripted(moves(0.1)) as endpoint:
        run = cut_off(store, desk(endpoint.url), after=2)
        shutil.rmtree(tmp_path / "answers")
        why = "the replay fails where the record goes on .matchday 1, 'analyst': .*not among the answers in .* play it again"
        with pytest.raises(StoreError, match=why):
            list(resume(store, run, desk(endpoint.url), SEASON))
        assert endpoint.count == 2


def test_reasons_that_no_file_could_take_are_cleaned_and_the_season_is_on_record(desk, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    reason = "\ud800 wet\x00\x1b[31m\u202e\n\nand cold"

    def answer(body):
        return json.dumps(
            {**vetoes("all\udfff", reason)(body), "adjustments": moves(0.1, reason=reason)(body)["adjustments"]}
        )

    with scripted(answer) as endpoint:
        run = cut_off(store, desk(endpoint.url), after=5)
    assert "wet [31m and cold" in "".join(store.events(run.id)) and run.summary.calls == 5


def test_what_could_not_be_read_is_shown_again_in_short_and_without_calls_of_tools(desk):
    with scripted(says("word " * 10_000, tools=[("bet", {})]), NOTHING) as endpoint:
        played(desk(endpoint.url))
    said = endpoint.requests[1]["messages"][2]
    assert set(said) == {"role", "content"} and len(said["content"]) == 2_000


def test_another_address_in_the_environment_is_another_question(desk, monkeypatch):
    with scripted(NOTHING) as one, scripted(NOTHING) as other:
        for endpoint in (one, other, one):
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            played(desk(None))
        assert (one.count, other.count) == (5, 5)


@pytest.mark.parametrize("words", ['{"' + "{" * 1_000_000, '{"a":' * 200_000, '{"a":[' * 200_000])
def test_an_answer_is_found_behind_any_number_of_words(words):
    assert read(f'{words} "}} {json.dumps(NOTHING)}') == Written()


def test_no_key_is_in_the_events_or_in_the_answers(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("SAGE_KEY", "very-secret-key")
    with scripted(lambda body: f"your key is very-secret-key {json.dumps(NOTHING)}", key="very-secret-key") as endpoint:
        events = played(desk(endpoint.url, key_variable="SAGE_KEY"))
    kept = "".join(path.read_text() for path in (tmp_path / "answers").iterdir())
    assert "very-secret-key" not in "".join(lines(events)) + kept and "your key is …" in kept


def test_it_keeps_every_contract_of_the_testing_kit(tmp_path):
    def answer(body):
        entry = {"match_id": first_match(body), "selection": "away", "log_odds": 0.3, "reason": "a hunch"}
        veto = {"match_id": told(body)["matches"][-1]["match_id"], "selection": "all", "reason": "a doubt"}
        return {"adjustments": [entry], "vetoes": [veto]}

    with scripted(answer, most=2000) as endpoint:
        parameters = {"model": "sage", "base_url": endpoint.url, "cache": tmp_path}
        assert broken_by(LLMAnalyst, parameters) == {}
        assert endpoint.count > 0


@pytest.mark.parametrize(
    "url", ["ftp://host/v1", "host/v1", "https://user:secret@host/v1", "https://host/v1?key=1", ""]
)
def test_an_address_that_is_none_or_holds_a_key_is_refused(url):
    with pytest.raises(ValidationError, match="rule: an address"):
        LLMAnalyst(model="sage", base_url=url)


FRAME = pd.DataFrame({"home": [0.5, 0.2], "draw": [0.3, 0.3], "away": [0.2, 0.5]}, index=["A v B", "C v D"])


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.floats(0.01, 2))
def test_no_log_odds_move_by_more_than_the_bound_whatever_is_asked_for(shifts, bound):
    entries = [
        {"match_id": "A v B", "selection": name, "log_odds": shift}
        for name, shift in zip(MATCH_RESULT.selections, shifts, strict=True)
    ]
    opinion = weighed(Written.model_validate({"adjustments": entries}), FRAME, bound=bound)
    factors = np.exp(shift_table(opinion.shifts, FRAME.index, MATCH_RESULT))
    p = FRAME.to_numpy() * factors
    p /= p.sum(axis=1, keepdims=True)
    change = np.log(p / (1 - p)) - np.log(FRAME / (1 - FRAME)).to_numpy()
    assert np.abs(change).max() <= bound + 1e-9 and (change[1] == pytest.approx(0))


def test_standard_errors_follow_the_probabilities_as_they_are_moved():
    index = pd.Index(["A v B"])
    p = pd.DataFrame({"over_2_5": [0.6], "under_2_5": [0.4]}, index=index)
    before = Forecast(p, standard_error=pd.DataFrame(0.02, index=index, columns=p.columns))
    after = LLMAnalyst(model="sage")._moved(before, Opinion({("A v B", "over_2_5"): 0.3}, {}, {}))
    slope = np.exp(0.3) / (0.4 + 0.6 * np.exp(0.3)) ** 2
    assert after.standard_error.to_numpy() == pytest.approx(np.full((1, 2), 0.02 * slope))


@given(st.text() | st.recursive(st.none() | st.text() | st.floats(), lambda inner: st.lists(inner)).map(json.dumps))
def test_whatever_comes_is_an_answer_or_nonsense(text):
    with contextlib.suppress(Nonsense):
        assert isinstance(read(text), Written)


def test_the_schema_needs_every_field_and_allows_no_other():
    made = schema()
    for each in (made, *made["$defs"].values()):
        assert each["required"] == list(each["properties"]) and each["additionalProperties"] is False
