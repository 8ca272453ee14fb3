"""A language model that plays by itself and fails: whatever it does, the season goes on."""

import json
import re
import sys

import pytest

from doubles import small_season
from llm_players import NEXT, asked, bet, chosen, script, settled, slips, turns
from matchday import MatchdayError, Rules, play, summarise
from matchday.spec import RunSpec
from matchday.store import Store, record
from scripted_endpoint import calls, closes, garbage, late, says, scripted, status

SEASON = small_season(matchdays=4)

FAILURES = {
    "late": (late(5), {"seconds": 0.2}, "no answer within 0.2 s"),
    "garbage": (garbage(), {}, "what came is no chat completion"),
    "an error": (status(500), {}, "status 500"),
    "closed": (closes(), {}, "no connection"),
    "words": ("I would rather talk.", {}, "it called no tool"),
    "nothing": (says(""), {}, "it called no tool"),
    "no such tool": (calls("bet_it_all", {}), {"matchday_calls": 5}, "5 of 5 calls a matchday are spent"),
    "no JSON": (calls("place_bet", "{stake: lots"), {"matchday_calls": 5}, "5 of 5 calls a matchday are spent"),
    "a list": (calls("place_bet", "[1, 2]"), {"matchday_calls": 5}, "5 of 5 calls a matchday are spent"),
    "too much": (calls("view_bankroll", {}), {"matchday_tokens": 200}, "a matchday are spent"),
    "too dear": (calls("view_bankroll", {}), {"season_cost": 0.0001, "price_in": 1.0}, "of cost a season are spent"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_however_it_fails_the_season_is_completed_and_what_it_had_placed_stands(failure, player):
    reply, parameters, why = FAILURES[failure]
    with scripted(script(bet(), reply)) as endpoint:
        events = list(play(player(endpoint, patience=None, **parameters), SEASON))
    placed = slips(events)
    assert len(settled(events)) == 4 and chosen(placed[0]) == [("home", 100)]
    (note,) = placed[0].notes
    assert note.startswith("llm: ") and note.endswith("; the bets placed by then stand") and why in note
    assert asked(events)[0].failure == ""


def test_an_endpoint_that_is_gone_is_asked_no_more_after_three_failures_and_the_season_goes_on(player):
    with scripted(turns(NEXT)) as endpoint:
        pass
    season = small_season(matchdays=6)
    events = list(play(player(endpoint), season))
    assert len(settled(events)) == 6
    failures = [each.failure.partition(":")[0] for each in asked(events)]
    assert failures == ["no connection"] * 3 + ["not asked"] * 3
    assert summarise(iter(events), season).calls == 3


def test_a_budget_of_the_season_ends_the_asking_and_not_the_season(player):
    with scripted(turns(NEXT)) as endpoint:
        events = list(play(player(endpoint, season_calls=2), SEASON))
    assert endpoint.count == 2 and len(settled(events)) == 4
    assert [each.failure for each in asked(events)[2:]] == ["not asked: 2 of 2 calls a season are spent"] * 2


def test_a_mistake_is_told_and_can_be_mended(player):
    wrong = calls("place_bet", {"match_id": "T Nobody v Nobody", "selection": "home", "stake": 1})
    with scripted(script(wrong, calls("place_bet", "{"), bet(), NEXT)) as endpoint:
        events = list(play(player(endpoint), SEASON))
    assert [chosen(each) for each in slips(events)] == [[("home", 100)]] * 4
    sent = endpoint.requests[3]["messages"]
    told = [each["content"] for each in sent if each["role"] == "tool"]
    assert "no such match that day" in told[0] and "the arguments are no JSON" in told[1]
    assert all(text.endswith("Nothing has changed.") for text in told[:2])
    called = [each["tool_calls"][0]["function"]["arguments"] for each in sent if each["role"] == "assistant"]
    assert [isinstance(json.loads(text), dict) for text in called] == [True] * 3
    assert '"arguments": "{"' in asked(events)[1].answered


@pytest.mark.parametrize(
    "arguments",
    [
        '{"match_id": "\\ud800", "selection": "home", "stake": 1}',
        '{"match_id": "a\\u0000b", "selection": "\\u0000", "stake": 1, "reason": "\\udfff"}',
        '{"match_id": "x", "selection": "home", "stake": 1e999}',
        '{"match_id": "x", "selection": "home", "stake": NaN}',
        "[" * 5000,
        '{"match_id": ' * 500,
        '{"match_id": "' + "x" * 9_000 + '", "selection": "home", "stake": 1}',
        "null",
        '"place"',
    ],
    ids=range(9),
)
def test_no_arguments_whatever_can_stop_the_season(arguments, player):
    wild = says("\x1b[2J\u0000", tools=[("place_bet", arguments), ("\u0000" * 9, arguments)])
    with scripted(script(wild, NEXT)) as endpoint:
        agent, store = player(endpoint), Store.temporary()
        list(record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON))
    (run,) = store.runs()
    assert run.status == "completed" and len(store.frame("consultations", run.id)) == 8 == endpoint.count
    told = [each["content"] for each in endpoint.requests[1]["messages"] if each["role"] == "tool"]
    assert all(len(text) < 1500 and text.startswith("Refused: ") for text in told)


def test_of_a_reply_that_calls_tools_without_end_a_hundred_are_called(player):
    flood = says(tools=[("write_notes", {"text": f"note {number}"}) for number in range(300)])
    with scripted(turns(flood, NEXT)) as endpoint:
        list(play(player(endpoint, context_tokens=100_000), small_season(matchdays=2)))
    answers = [each["content"] for each in endpoint.requests[1]["messages"] if each["role"] == "tool"]
    assert len(answers) == 300 and all("Noted" in each for each in answers[:100])
    assert set(answers[100:]) == {"Refused: a reply calls at most 100 tools. Nothing has changed."}
    assert "Your notes:\nnote 99\n" in endpoint.requests[2]["messages"][1]["content"]


def test_one_that_calls_no_tool_is_asked_once_to_go_on(player):
    with scripted(script("Let me think.", bet(), "Hm.", NEXT)) as endpoint:
        events = list(play(player(endpoint), SEASON))
    assert [chosen(each) for each in slips(events)] == [[("home", 100)]] * 4
    assert not any(each.notes for each in slips(events))
    assert endpoint.requests[1]["messages"][-1]["content"].startswith("You called no tool.")


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"model": ""}, "no model is named; set it, and where it is: --set llm.model=NAME --set llm.base_url="),
        (
            {"base_url": "https://example.invalid/v1", "key_variable": "SAGE_KEY"},
            "environment variable SAGE_KEY is not set; put the endpoint's key into it",
        ),
    ],
)
def test_what_is_not_set_up_stops_the_play_with_one_line_that_says_what_to_set(parameters, why, player):
    with scripted(turns(NEXT)) as endpoint, pytest.raises(MatchdayError, match=re.escape(why)) as stopped:
        list(play(player(endpoint, **parameters), SEASON))
    assert "\n" not in str(stopped.value) and endpoint.count == 0


def test_without_the_package_the_play_stops_and_the_line_names_the_extra(player, monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with scripted(turns(NEXT)) as endpoint, pytest.raises(MatchdayError, match=r"pip install 'matchday\[llm\]'"):
        list(play(player(endpoint), SEASON))
