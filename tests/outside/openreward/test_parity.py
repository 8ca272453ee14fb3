"""A season through the OpenReward client, held against the core to the penny; and what the client finds on the way."""

import asyncio
import math
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("openreward", reason="the OpenReward SDK is not installed: pip install 'matchday[openreward]'")

import scripted_strategy
from matchday import Rules, play
from matchday.environment import Host, Task
from matchday.environment.tools import TOOLS
from matchday.events import MatchdaySettled
from matchday.money import to_units
from matchday.serving.address import Address
from matchday.serving.openreward import openreward_app
from served import served

LEAGUE = {"synthetic": {"clubs": 4, "history": 1}}
TASK = Task(name="little", split="train", source="synthetic", season="2024-25", seed=3, rules=Rules(bankroll=250))


@asynccontextmanager
async def client(base, **options):
    from openreward import AsyncOpenReward

    asking = AsyncOpenReward(api_key="nobody", base_url=base, **options)
    try:
        yield asking
    finally:
        await asking.environments.aclose()


def of(asking, base, variant=None):
    return asking.environments.get("local/matchday", variant=variant, base_url=base)


async def play_out(session):
    """Play the scripted rule to the end; answers what next_matchday answered."""
    answers, bankroll = [], None
    slate = await session.call_tool("view_matches", {})
    while not answers or not answers[-1].finished:
        bankroll = slate.metadata["bankroll"]
        bets = scripted_strategy.bets_of(slate.blocks[0].text, bankroll)
        if bets:
            placed = await session.call_tool("place_bets", {"bets": bets})
            assert placed.metadata["ok"], placed.blocks[0].text
        slate = await session.call_tool("next_matchday", {"matchday": slate.metadata["matchday"]})
        answers.append(slate)
    return answers


def play_through_client(host, name, variant=None):
    async def played():
        with served(openreward_app(host, Address())) as base:
            async with client(base) as asking:
                environment = of(asking, base, variant)
                tasks = await environment.list_tasks(host.task(name).split)
                (task,) = [task for task in tasks if task.task_spec["name"] == name]
                async with environment.session(task=task) as session:
                    return await play_out(session)

    return asyncio.run(played())


def held_against_the_core(host, task):
    answers = play_through_client(host, task.name)
    core = [
        event.settlement
        for event in play(scripted_strategy.agent(), host.load(task), task.rules)
        if isinstance(event, MatchdaySettled)
    ]
    assert [answer.metadata["bankroll"] for answer in answers] == [to_units(each.after) for each in core]
    assert [answer.reward for answer in answers] == [each.log_growth for each in core]
    assert sum(len(each.bets) for each in core) > len(core)


def test_the_client_reaches_the_same_bankroll_as_the_core_to_the_penny_on_every_matchday_of_a_synthetic_season():
    task = Task(name="synthetic", split="train", source="synthetic", season="2024-25", seed=5)
    held_against_the_core(Host([task]), task)


def test_the_client_reaches_the_same_bankroll_as_the_core_to_the_penny_on_every_matchday_of_a_real_season(
    football_data,
):
    task = Task(name="recent-season", source="football-data", league="E0", season="2023-24", rules=Rules(bankroll=220))
    held_against_the_core(Host([task], parameters={"football-data": {"data": football_data}}), task)


def test_the_final_environment_rewards_the_last_call_with_the_whole_season_and_the_others_with_nothing():
    host = Host([TASK], parameters=LEAGUE)
    each, final = play_through_client(host, "little"), play_through_client(host, "little", "matchday-final")
    *before, last = [answer.reward for answer in final]
    assert set(before) == {0.0} and last == pytest.approx(math.fsum(answer.reward for answer in each))
    assert last == pytest.approx(math.log(final[-1].metadata["bankroll"] / 250))


def test_ruin_has_a_finite_reward_and_ends_the_season_in_both_environments():
    async def ruined(variant):
        with served(openreward_app(Host([TASK], parameters=LEAGUE), Address())) as base:
            async with client(base) as asking, of(asking, base, variant).session(split="train", index=0) as session:
                answer, rewards = await session.call_tool("view_matches", {}), []
                while not answer.finished:
                    odds = scripted_strategy.slate_of(answer.blocks[0].text)[["home", "draw", "away"]].iloc[0]
                    bet = {"match_id": odds.name, "selection": odds.idxmax(), "stake": answer.metadata["bankroll"]}
                    assert (await session.call_tool("place_bet", bet)).metadata["ok"]
                    answer = await session.call_tool("next_matchday", {})
                    rewards.append(answer.reward)
                return rewards, answer

    for variant in (None, "matchday-final"):
        rewards, answer = asyncio.run(ruined(variant))
        assert answer.metadata["bankroll"] == 0.0 and "ruined" in answer.blocks[0].text
        assert all(math.isfinite(reward) for reward in rewards)
        assert math.fsum(rewards) == pytest.approx(math.log(0.01 / 250))


def test_the_client_finds_both_environments_their_splits_their_tasks_and_the_tools_as_they_are():
    async def found():
        tasks = [TASK, TASK.model_copy(update={"name": "other", "split": "test", "seed": 4})]
        with served(openreward_app(Host(tasks, parameters=LEAGUE), Address())) as base:
            async with client(base) as asking:
                environment = of(asking, base)
                assert sorted(await environment.list_splits()) == ["test", "train"]
                for task in tasks:
                    (listed,) = await environment.list_tasks(task.split)
                    assert listed.task_spec == task.model_dump(mode="json")
                async with asking.environments._clients[base].get("/list_environments") as answer:
                    assert await answer.json() == ["matchday", "matchday-final"]
                async with environment.session(task=listed) as session:
                    (prompt,) = await session.get_prompt()
                    assert "Bankroll: 250.00" in prompt.text
                    return await session.list_tools()

    listed = {tool.name: tool for tool in asyncio.run(found())}
    assert set(listed) == {tool.name for tool in TOOLS}
    for tool in TOOLS:
        assert (listed[tool.name].description, listed[tool.name].input_schema) == (tool.description, tool.schema)


def test_a_mistake_is_answered_in_text_and_the_session_plays_on():
    async def mistaken():
        with served(openreward_app(Host([TASK], parameters=LEAGUE), Address())) as base:
            async with client(base) as asking, of(asking, base).session(split="train", index=0) as session:
                for name, asked in [
                    ("place_bet", {"match_id": "x"}),
                    ("place_bet", {"match_id": "x", "selection": "home", "stake": -1}),
                    ("place_bets", {"bets": "all of them"}),
                    ("next_matchday", {"matchday": 7}),
                    ("view_history", {"self": 1, "page": "first"}),
                    ("forecast", {"model": "oracle"}),
                ]:
                    answer = await session.call_tool(name, asked)
                    assert answer.blocks[0].text.startswith("Refused: ") and not answer.metadata["ok"]
                    assert answer.reward is None and not answer.finished
                return (await play_out(session))[-1]

    assert asyncio.run(mistaken()).finished


def test_a_client_without_the_token_is_turned_away_and_one_with_it_plays():
    from openreward.api._session.http import AuthenticationError

    async def asked(key):
        from openreward import AsyncOpenReward

        with served(openreward_app(Host([TASK], parameters=LEAGUE), Address(token="sesame"))) as base:
            asking = AsyncOpenReward(api_key=key, base_url=base)
            try:
                async with of(asking, base).session(split="train", index=0) as session:
                    return (await session.call_tool("next_matchday", {})).metadata["matchday"]
            finally:
                await asking.environments.aclose()

    assert asyncio.run(asked("sesame")) == 2
    with pytest.raises(AuthenticationError, match="Send the token"):
        asyncio.run(asked("mellon"))
