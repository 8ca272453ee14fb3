"""The body of a completion, read with patience: what endpoints leave out or say otherwise does not lose an answer."""

import json

import pytest

from doubles import small_season
from llm_players import asked
from matchday import Rules
from matchday.spec import RunSpec
from matchday.store import Store, record
from matchday_plugins.language.completion import MOST_TOKENS, Completion
from scripted_endpoint import garbage, scripted

CALL = {"id": "1", "function": {"name": "next_matchday", "arguments": "{}"}}


def body(message=None, usage=None, **choice):
    message = {"content": "Home."} if message is None else message
    return json.dumps({"choices": [{"message": message, **choice}], "usage": usage})


def read(text):
    return Completion.model_validate_json(text).reply(calls=1, price_in=1.0, price_out=2.0)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        [],
        "many",
        {"prompt_tokens": None, "completion_tokens": None},
        {"prompt_tokens": -5, "completion_tokens": "many"},
        {"prompt_tokens": float("nan"), "completion_tokens": float("inf")},
        {"prompt_tokens": 10**30, "completion_tokens": [1]},
    ],
)
def test_a_count_of_tokens_that_is_none_counts_nothing_and_the_answer_stands(usage):
    reply = read(body(usage=usage))
    assert (reply.text, reply.tokens_in, reply.tokens_out, reply.cost) == ("Home.", 0, 0, 0.0)


def test_a_count_of_tokens_is_read_as_text_and_as_a_fraction_too():
    reply = read(body(usage={"prompt_tokens": "100", "completion_tokens": 20.0}))
    assert (reply.tokens_in, reply.tokens_out, reply.cost) == (100, 20, pytest.approx(140e-6))


@pytest.mark.parametrize("odd", [{"id": None}, {"id": 7}, {"function": {"name": "next_matchday", "arguments": None}}])
def test_an_odd_call_of_a_tool_is_a_call(odd):
    (call,) = read(body({"content": None, "tool_calls": [{**CALL, **odd}]})).tool_calls
    assert call.name == "next_matchday" and call.id


@pytest.mark.parametrize("content", [5, {"words": "a"}, [1, None, {"text": 2}]])
def test_content_that_is_no_text_says_nothing_and_the_calls_stand(content):
    reply = read(body({"content": content, "tool_calls": [CALL]}, finish_reason=3))
    assert (reply.text, len(reply.tool_calls), reply.finish_reason) == ("", 1, "")


def test_only_the_first_choice_is_read():
    whole = json.loads(body())
    whole["choices"].append({"message": 5})
    assert read(json.dumps(whole)).text == "Home."


def test_every_call_of_a_tool_has_an_id_of_its_own():
    calls = [{**CALL, "id": each} for each in ("a", "a", "", None, "a_2", "call_3")]
    found = [each.id for each in read(body({"tool_calls": calls})).tool_calls]
    assert found[0] == "a" and len(set(found)) == 6 and all(found)


def test_an_endpoint_that_counts_without_measure_does_not_end_the_season(player, tmp_path):
    season, store = small_season(matchdays=2), Store(f"sqlite:///{tmp_path / 'runs.db'}")
    usage = {"prompt_tokens": 10**30, "completion_tokens": MOST_TOKENS}
    with scripted(garbage(body({"tool_calls": [CALL]}, usage=usage).encode())) as endpoint:
        agent = player(endpoint)
        spec = RunSpec.of(agent, season, Rules(), seed=0)
        events = [event for _, event in record(store, spec, agent, season)]
    assert [each.tokens_out for each in asked(events)] == [MOST_TOKENS] * 2
