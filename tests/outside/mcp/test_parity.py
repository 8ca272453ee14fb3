"""A season through the MCP client, over stdio and over HTTP, held against the core to the penny."""

import asyncio
import math
import re
from pathlib import Path

import pytest

pytest.importorskip("mcp_types", reason="version 2 of mcp is not installed: pip install 'matchday[mcp]'")

import scripted_strategy
from matchday import Rules, play
from matchday.environment import Host, Task
from matchday.events import MatchdaySettled
from matchday.money import to_units
from mcp_clients import HOST, LITTLE, LITTLE_OPTIONS, over_http, player, process

WAYS = ["stdio", "http", "http before 2026"]


def play_by(way, task, parameters, options):
    """Play a task's season in one of the ways; answers the figures of every matchday's end."""

    async def playing(where, **more):
        async with player(where, **more) as there:
            return await there.play_out()

    if way == "stdio":
        return asyncio.run(playing(process(*options)))
    with over_http(Host([task], parameters=parameters)) as url:
        return asyncio.run(playing(url, task=task.name, mode="auto" if way == "http" else "legacy"))


def hold_against_the_core(figures, season, rules):
    core = [e.settlement for e in play(scripted_strategy.agent(), season, rules) if isinstance(e, MatchdaySettled)]
    assert [each["bankroll"] for each in figures] == [to_units(each.after) for each in core]
    assert [each["reward"] for each in figures] == [each.log_growth for each in core]
    assert sum(len(each.bets) for each in core) > len(core)


@pytest.mark.parametrize("way", WAYS)
def test_a_scripted_strategy_reaches_the_same_bankroll_as_in_the_core_to_the_penny_on_every_matchday(way):
    figures = play_by(way, LITTLE, {"synthetic": {"clubs": 4, "history": 1}}, LITTLE_OPTIONS)
    hold_against_the_core(figures, HOST.load(LITTLE), LITTLE.rules)


@pytest.mark.parametrize("way", WAYS[:2])
def test_the_real_season_too(football_data, way):
    task = Task(name="real", source="football-data", season="2023-24", rules=Rules(bankroll=220))
    parameters = {"football-data": {"data": football_data}}
    figures = play_by(way, task, parameters, ["--scenario", "recent-season", "--data", str(football_data)])
    hold_against_the_core(figures, Host([task], parameters=parameters).load(task), task.rules)


def test_the_pages_program_plays_a_season(capsys):
    page = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text(encoding="utf-8")
    program, shown = re.search(r"```python\n(.*?)```", page, re.S)[1], "http://127.0.0.1:8000/mcp"
    assert shown in program
    named = LITTLE.model_copy(update={"name": "recent-season"})
    with over_http(Host([named], parameters={"synthetic": {"clubs": 4, "history": 1}})) as url:
        exec(program.replace(shown, url), {})
    bankroll, growth = map(float, capsys.readouterr().out.split())
    assert math.log(bankroll / 250) == pytest.approx(growth, abs=1e-4)
