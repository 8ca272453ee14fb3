"""What a language model that plays is shown: its memory, its notes and the answers of tools, within its context."""

import json
import re

import pytest

from doubles import small_season
from llm_players import NEXT, turns
from matchday import Agent, play
from matchday.events import Consulted, SlipPlaced
from matchday_plugins.language.context import GONE, Conversation, cut, tokens_of
from matchday_plugins.language.memory import Memory, Past
from matchday_plugins.language.notes import Notes, WriteNotes
from matchday_plugins.language.player import LanguageModel
from scripted_endpoint import calls, says, scripted

SEASON = small_season(matchdays=8)


@pytest.fixture
def played(tmp_path):
    """Plays a season by a script, and answers what was sent to the endpoint, and the events."""

    def run(script, season=SEASON, **parameters):
        with scripted(script) as endpoint:
            model = LanguageModel(model="scripted", base_url=endpoint.url, cache=tmp_path, retries=0, **parameters)
            events = list(play(Agent("llm", [("llm", model)]), season))
        return endpoint.requests, events

    return run


def mornings(requests):
    """What it was shown when each matchday opened."""
    return [body["messages"][1]["content"] for body in requests if len(body["messages"]) == 2]


def test_every_matchday_begins_with_the_rules_and_ends_with_the_slate(played):
    requests, _ = played(turns(NEXT), instructions="Bet on nobody.")
    system = {body["messages"][0]["content"] for body in requests}
    assert len(system) == 1 and "Make the bankroll grow" in (told := system.pop())
    assert "at most" in told and "write_notes" in told and told.endswith("Bet on nobody.")
    assert [
        re.findall(r"^Matchday (\d+), [\d-]+: 3 matches. Bankroll", shown, re.M) for shown in mornings(requests)
    ] == [[str(number)] for number in range(1, 9)]


def test_it_remembers_the_last_matchdays_whole_and_older_ones_in_a_line(played):
    requests, _ = played(turns(says("I wait.", tools=[("next_matchday", {})])), recent_matchdays=2)
    shown = mornings(requests)
    assert "Your earlier matchdays" not in shown[2] and shown[2].count("You said: I wait.") == 2
    last = shown[7]
    assert re.findall(r"^Matchday (\d), [\d-]+, is played\.$", last, re.M) == ["6", "7"]
    assert re.findall(r"^(\d), 2001-[\d-]+: 1 bets, [01] won, 0.01 staked, [\d.]+ -> [\d.]+$", last, re.M) == list(
        "12345"
    )


def test_its_notes_are_shown_on_every_later_matchday_until_they_are_written_anew(played):
    def script(body):
        number = re.findall(r"^Matchday (\d+), [\d-]+: ", body["messages"][1]["content"], re.M)[-1]
        noted = [("write_notes", {"text": f"seen {number}"})] if number in "13" else []
        return says(tools=[*noted, ("next_matchday", {})])

    requests, _ = played(script)
    found = [re.findall(r"Your notes:\n(.*)", shown) for shown in mornings(requests)]
    assert found == [[], ["seen 1"], ["seen 1"], *[["seen 3"]] * 5]


def test_notes_that_are_too_long_are_refused_and_the_old_ones_stay():
    notes = Notes(20)
    assert notes.write(WriteNotes(text=" short ")) == "Noted: 5 of at most 20 characters."
    with pytest.raises(Exception, match="write_notes: 21 characters; rule: at most 20; shorten them."):
        notes.write(WriteNotes(text="x" * 21))
    assert notes.text == "short"


def test_it_has_the_tools_that_its_parameters_name(played):
    def offered(**parameters):
        requests, _ = played(turns(NEXT), small_season(matchdays=1), **parameters)
        return {tool["function"]["name"] for tool in requests[0]["tools"]}

    plain = offered()
    assert {"view_matches", "view_history", "place_bet", "next_matchday", "write_notes"} <= plain
    assert "forecast" not in plain
    assert offered(notes_tokens=0) == plain - {"write_notes"}
    assert offered(models=["elo"]) == plain | {"forecast"}
    assert offered(models=None) == plain | {"forecast"}


def test_a_model_that_is_not_installed_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="there is no model 'dixon-cole'; did you mean 'dixon-coles'"):
        LanguageModel(models=["dixon-cole"])


def test_it_may_ask_the_models_that_it_was_given_and_no_others(played):
    asks = says(tools=[("forecast", {"model": "elo"}), ("forecast", {"model": "dixon-coles"})])
    requests, _ = played(turns(asks, NEXT), models=["elo"])
    answers = [each["content"] for each in requests[1]["messages"] if each["role"] == "tool"]
    assert answers[0].startswith("elo:\nmatch_id,home,draw,away")
    assert "'dixon-coles' is not on offer; offered: elo" in answers[1]


def test_a_long_answer_is_cut_behind_a_line_and_says_how_to_see_more(played):
    requests, _ = played(turns(calls("view_history", {"page_size": 200}), NEXT), answer_tokens=200)
    (answer,) = [each["content"] for each in requests[1]["messages"] if each["role"] == "tool"]
    assert len(answer) < 200 * 4 + 150
    assert re.search(r"\n\[cut after [\d,]+ of [\d,]+ characters; ask for less: fewer rows", answer)
    assert cut("short", 10, remedy="") == "short" and cut("x" * 50, 10, remedy="no").startswith("x" * 40 + "\n[cut")


def test_no_request_is_longer_than_the_context(played):
    looks = calls("view_history", {"page_size": 30})
    requests, events = played(turns(*[looks] * 12, NEXT), context_tokens=4_500, answer_tokens=600)
    sizes = [tokens_of(body["tools"]) + tokens_of(body["messages"]) for body in requests]
    assert max(sizes) <= 4_500
    late = requests[10]["messages"]
    assert next(each["content"] for each in late if each["role"] == "tool") == GONE
    assert late[-1]["content"] != GONE
    assert not any(event.notes for event in events if isinstance(event, SlipPlaced))


def test_where_even_the_last_answers_do_not_fit_the_matchday_ends_and_says_so(played):
    looks = says(tools=[("view_history", {"page_size": 200, "table": "quotes"})] * 6)
    _, events = played(turns(looks, NEXT), context_tokens=4_500, answer_tokens=2_000)
    notes = [event.notes for event in events if isinstance(event, SlipPlaced)]
    assert notes == [("llm: its context is full; the bets placed by then stand",)] * 8


def test_the_first_request_of_a_matchday_is_sent_however_long_the_slate():
    talk = Conversation([{"role": "system", "content": "x" * 1000}, {"role": "user", "content": "x" * 1000}], most=10)
    assert len(talk.request()) == 2


def test_a_memory_tells_what_fits_and_how_much_it_leaves_out():
    memory = Memory(recent=2)
    for number in range(10):
        memory.add(Past(whole=f"whole {number} " + "x" * 80, line=f"line {number} " + "y" * 20))
    assert memory.recall(0) == "[10 earlier matchdays are left out]"
    assert memory.recall(1000).startswith("Your earlier matchdays:\nline 0") and "left out" not in memory.recall(1000)
    some = memory.recall(45)
    assert len(some) <= 45 * 4 + len("[99 earlier matchdays are left out]\n\nYour earlier matchdays:\n")
    assert "whole 9" in some and "whole 8" not in some and "line 8" in some and "line 0" not in some
    assert Memory(recent=2).recall(100) == ""


def test_the_record_has_every_message_once(played):
    requests, events = played(turns(calls("view_bankroll", {}), NEXT), small_season(matchdays=2))
    told = [event.consultation for event in events if isinstance(event, Consulted)]
    asked = [json.loads(each.asked) for each in told]
    assert [[each["role"] for each in new] for new in asked] == [["system", "user"], ["tool"], ["user"], ["tool"]]
    assert asked[0] + asked[1] == [each for each in requests[1]["messages"] if each["role"] != "assistant"]
    assert [json.loads(each.answered)["tool"] for each in told] == ["view_bankroll", "next_matchday"] * 2
