"""The client of OpenAI-compatible endpoints: what is sent, what is read, and what every kind of failure comes to."""

import sys

import pytest

from matchday_plugins.language.endpoint import Endpoint
from matchday_plugins.language.replies import EndpointFailed, ToolCall
from scripted_endpoint import calls, closes, garbage, late, says, scripted, status

QUESTION = [{"role": "user", "content": "Who wins?"}]
TOOLS = [{"type": "function", "function": {"name": "bet", "parameters": {"type": "object", "properties": {}}}}]
SCHEMA = {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}


def ask(endpoint, *, messages=QUESTION, tools=None, schema=None, **parameters):
    made = Endpoint("scripted", endpoint.url, **{"retries": 0, **parameters})
    return made.ask(messages, tools=tools, schema=schema)


def failure(*script, **parameters):
    with scripted(*script) as endpoint, pytest.raises(EndpointFailed) as failed:
        ask(endpoint, **parameters)
    assert "\n" not in failed.value.reason and failed.value.calls == endpoint.count
    return failed.value


def test_a_reply_has_its_words_its_tokens_and_what_they_cost():
    with scripted(says("Home.", tokens=(1000, 200))) as endpoint:
        reply = ask(endpoint, price_in=2.0, price_out=10.0)
    assert (reply.text, reply.finish_reason, reply.calls) == ("Home.", "stop", 1)
    assert (reply.tokens_in, reply.tokens_out, reply.cost) == (1000, 200, pytest.approx(0.004))
    assert reply.message == {"role": "assistant", "content": "Home."}


def test_a_conversation_with_tools_goes_on_with_the_replys_own_message():
    with scripted(calls("bet", {"stake": 2}), "Done.") as endpoint:
        first = ask(endpoint, tools=TOOLS)
        assert first.tool_calls == (ToolCall("call_1", "bet", '{"stake": 2}'),)
        told = {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "placed"}
        second = ask(endpoint, messages=[*QUESTION, first.message, told], tools=TOOLS)
    assert second.text == "Done." and endpoint.requests[1]["messages"][1]["tool_calls"][0]["id"] == "call_1"
    assert endpoint.requests[0]["tools"] == TOOLS


@pytest.mark.parametrize(("answers_as", "kind"), [("schema", "json_schema"), ("json", "json_object"), ("text", None)])
def test_json_is_asked_for_as_the_endpoint_can_take_it(answers_as, kind):
    with scripted("{}") as endpoint:
        ask(endpoint, schema=SCHEMA, answers_as=answers_as)
    assert endpoint.requests[0].get("response_format", {}).get("type") == kind


def test_sampling_parameters_are_sent_only_where_they_are_given():
    with scripted("x") as endpoint:
        ask(endpoint)
        ask(endpoint, temperature=0.5, max_tokens=9, options={"top_p": 0.5})
    assert set(endpoint.requests[0]) == {"model", "messages"}
    assert endpoint.requests[1] | {"temperature": 0.5, "max_tokens": 9, "top_p": 0.5} == endpoint.requests[1]


def test_what_may_pass_is_tried_again_and_every_attempt_counts():
    with scripted(status(500), status(429), closes(), "At last.") as endpoint:
        reply = ask(endpoint, retries=3)
    assert (reply.text, reply.calls) == ("At last.", 4)


@pytest.mark.parametrize("code", [400, 401, 404])
def test_what_does_not_pass_is_not_tried_again(code):
    assert failure(status(code, "because"), retries=3).reason == f"status {code}: because"


def test_an_endpoint_that_answers_too_late_has_not_answered():
    assert failure(late(5), seconds=0.2).reason == "no answer within 0.2 s"


def test_an_answer_that_drips_in_does_not_outlast_its_time():
    assert failure(late(0.1, "slowly " * 50, drips=True), seconds=0.3).reason == "no answer within 0.3 s"


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"choices": []}', b"", b'{"choices": [{"message": 5}]}', b"[1]"])
def test_a_body_that_is_no_completion_is_a_failure(body):
    assert failure(garbage(body)).reason.startswith("what came is no chat completion: ")


def test_a_connection_that_is_refused_or_closed_is_a_failure():
    assert failure(closes()).reason.startswith("no connection: ")
    with scripted("x") as endpoint:
        pass
    with pytest.raises(EndpointFailed, match="no connection"):
        ask(endpoint)


def test_what_endpoints_of_other_makers_leave_out_or_say_otherwise_is_read():
    parts = b'{"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"text": "b\\u0000"}]}}], "x": 1}'
    refused = b'{"choices": [{"message": {"content": null, "refusal": "No."}}], "usage": {}}'
    called = b'{"choices": [{"message": {"tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]}}]}'
    with scripted(garbage(parts), garbage(refused), garbage(called)) as endpoint:
        assert [ask(endpoint).text, ask(endpoint).text] == ["ab", "No."]
        assert ask(endpoint).tool_calls == (ToolCall("call_1", "f", '{"a": 1}'),)


def test_the_key_is_sent_and_stands_in_no_reply_and_in_no_reason(monkeypatch):
    monkeypatch.setenv("SAGE_KEY", "very-secret-key")
    with scripted(says("you sent very-secret-key"), key="very-secret-key") as endpoint:
        assert ask(endpoint, key_variable="SAGE_KEY").text == "you sent …"
    monkeypatch.setenv("SAGE_KEY", "another-secret")
    with scripted("x", key="very-secret-key") as endpoint, pytest.raises(EndpointFailed) as failed:
        ask(endpoint, key_variable="SAGE_KEY")
    assert failed.value.reason == "status 401: wrong key: Bearer …"


def test_the_key_is_taken_out_of_words_and_calls_though_it_is_written_letter_by_letter(monkeypatch):
    monkeypatch.setenv("SAGE_KEY", "very-secret-key")
    letters = "".join(f"\\u{ord(each):04x}" for each in "very-secret-key")
    call = f'{{"id": "{letters}", "function": {{"name": "{letters}", "arguments": "{letters}"}}}}'
    body = f'{{"choices": [{{"message": {{"content": "{letters}", "tool_calls": [{call}]}}}}]}}'
    with scripted(garbage(body.encode())) as endpoint:
        reply = ask(endpoint, key_variable="SAGE_KEY")
    assert (reply.text, reply.tool_calls) == ("…", (ToolCall("…", "…", "…"),))


@pytest.mark.parametrize("word", ["x", "1", "message", "EMPTY"])
def test_a_word_that_stands_for_a_key_is_left_where_it_is(word, monkeypatch):
    monkeypatch.setenv("SAGE_KEY", word)
    with scripted(calls("bet", {"stake": 11, "on": "x EMPTY"})) as endpoint:
        (call,) = ask(endpoint, key_variable="SAGE_KEY").tool_calls
    assert call.arguments == '{"stake": 11, "on": "x EMPTY"}'


def test_without_an_address_it_asks_where_the_environment_leads(monkeypatch):
    with scripted("x") as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        made = Endpoint("scripted", max_tokens=5)
        assert made.ask(QUESTION).text == "x" and made.address == endpoint.url
    assert endpoint.requests[0]["max_tokens"] == 5
    monkeypatch.setenv("OPENAI_BASE_URL", " ")
    assert made.address == "https://api.openai.com/v1" and "max_completion_tokens" in made.request(QUESTION)


def test_without_a_key_nobody_is_asked_but_on_this_machine():
    with pytest.raises(EndpointFailed, match="environment variable SAGE is not set; put the endpoint's key") as failed:
        Endpoint("m", "https://example.invalid/v1", key_variable="SAGE").ask(QUESTION)
    assert failed.value.calls == 0
    with scripted("x") as endpoint:
        assert ask(endpoint, key_variable="SAGE").text == "x"


def test_without_the_package_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(EndpointFailed, match=r"package openai is missing .*; pip install 'matchday\[llm\]'"):
        Endpoint("m", "http://127.0.0.1:9/v1").ask(QUESTION)


def test_a_long_reason_is_cut_and_stands_in_one_line():
    assert len(failure(status(400, "very\nlong " * 100)).reason) == 300


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr("matchday_plugins.language.sending.LARGEST", 1000)
    assert failure("x" * 2000).reason == "the answer is longer than 1,000 bytes"
