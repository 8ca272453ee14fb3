"""What an MCP client finds: tools, prompts, answers, refusals; and calls that it sends without waiting."""

import asyncio
import json

import pytest

pytest.importorskip("mcp_types", reason="version 2 of mcp is not installed: pip install 'matchday[mcp]'")

import scripted_strategy
from matchday.environment.tools import TOOLS
from matchday.serving.mcp import server_of
from mcp_clients import HOST, LITTLE, LITTLE_OPTIONS, over_http, player, process

FIT = {"forecast": {"model": "market"}, "view_history": {"table": "odds", "page_size": 3}}


def season():
    return HOST.open(LITTLE)


def run(where, scenario, **options):
    async def running():
        async with player(where, **options) as there:
            return await scenario(there)

    return asyncio.run(running())


async def use_every_tool(there):
    """List the tools and call each; answers them with what they answered."""
    listed = (await there.client.list_tools()).tools
    first = scripted_strategy.bets_of((await there.call("view_matches")).structured_content["text"], 250)
    fit = {**FIT, "place_bet": first[0], "place_bets": {"bets": first}}
    own = {"list_tasks", "open_episode", "close_episode"}
    return listed, {
        tool.name: await there.call(tool.name, fit.get(tool.name)) for tool in listed if tool.name not in own
    }


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_client_lists_and_calls_every_tool_over_stdio(mode):
    listed, answers = run(process(*LITTLE_OPTIONS), use_every_tool, mode=mode)
    assert [(tool.name, tool.description, tool.input_schema) for tool in listed] == [
        (tool.name, tool.description, tool.schema) for tool in TOOLS
    ]
    assert {name for name, answer in answers.items() if not answer.is_error} == {tool.name for tool in TOOLS}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_and_over_http_where_each_takes_the_episode_besides(mode):
    with over_http() as url:
        listed, answers = run(url, use_every_tool, task="little", mode=mode)
    assert {name for name, answer in answers.items() if not answer.is_error} == {tool.name for tool in TOOLS}
    by_name = {tool.name: tool for tool in listed}
    for tool in TOOLS:
        schema = by_name[tool.name].input_schema
        assert schema["required"][-1] == "episode" and schema["properties"].pop("episode")
        assert schema["properties"] == tool.schema["properties"]


def test_the_game_is_told_as_instructions_and_as_a_prompt():
    async def read(there):
        prompt = await there.client.get_prompt("play")
        return there.client.instructions, prompt.messages[0].content.text

    environment = season()
    assert run(server_of(environment), read) == (environment.prompt, environment.prompt)


def test_an_answer_says_the_same_in_text_and_in_structured_content_with_the_reward():
    async def ending(there):
        return await there.call("next_matchday")

    answer = run(server_of(season()), ending)
    figures = answer.structured_content
    assert figures["text"] == answer.content[0].text
    assert set(figures) == {"text", "matchday", "bankroll", "cumulative_reward", "finished", "reward"}
    assert f"reward {figures['reward']:+.6f}" in figures["text"]


def test_reading_tools_are_marked_as_such_and_no_tool_reaches_beyond_the_game():
    async def listing(there):
        return (await there.client.list_tools()).tools

    tools = run(server_of(season()), listing)
    reading = {tool.name for tool in tools if tool.annotations.read_only_hint}
    assert reading == {"view_matches", "view_history", "view_bankroll", "forecast"}
    assert not any(tool.annotations.destructive_hint or tool.annotations.open_world_hint for tool in tools)


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("place", {}, "there is no tool 'place'; did you mean 'place_bet'?"),
        ("place_bet", {"stakes": 1}, "unknown key 'stakes'; did you mean 'stake'?"),
        ("view_history", {"page": "many"}, "page"),
        ("next_matchday", {"matchday": 7}, "matchday 7 is not open; matchday 1 is"),
    ],
)
def test_a_mistake_is_an_error_that_says_what_was_wrong(name, arguments, says):
    async def mistake(there):
        before = (await there.call("view_bankroll")).content
        answer = await there.call(name, arguments)
        assert (await there.call("view_bankroll")).content == before
        return answer

    answer = run(server_of(season()), mistake)
    assert answer.is_error and says in answer.content[0].text


def test_an_unknown_prompt_is_refused_in_one_line():
    from mcp import MCPError

    async def asking(there):
        with pytest.raises(MCPError, match="there is no prompt 'plays'; there is 'play'"):
            await there.client.get_prompt("plays")

    run(server_of(season()), asking, mode="legacy")


def test_calls_sent_without_waiting_are_answered_in_the_order_in_which_they_were_sent():
    environment = season()
    bets = scripted_strategy.bets_of(environment.call("view_matches").text, 250)

    async def hurrying(there):
        calls = [there.call("place_bet", bet) for bet in bets] + [
            there.call("next_matchday"),
            there.call("view_bankroll"),
        ]
        return await asyncio.gather(*calls)

    *placed, ended, after = run(process(*LITTLE_OPTIONS), hurrying, mode="legacy")
    assert not any(answer.is_error for answer in placed)
    assert ended.content[0].text.count("Bet on") == len(bets)
    assert after.structured_content["matchday"] == 2


def test_after_the_end_calls_are_refused_politely_and_every_answer_is_json():
    async def beyond(there):
        figures = await there.play_out()
        json.dumps(figures, allow_nan=False)
        return await there.call("view_matches")

    answer = run(server_of(season()), beyond)
    assert answer.is_error and "the season is over" in answer.content[0].text
