"""The loop with a strategy that does nothing: what a matchday costs beside its plugins."""

import pytest

from matchday import BetSlip, Catalogue, Component, Decision, Rules, hookimpl, play
from matchday.agent import Agent


class Idle(Component):
    @hookimpl
    def decide(self, day, bankroll):
        return Decision(BetSlip.empty())


@pytest.fixture(scope="module")
def season(football_data):
    return Catalogue().load("source", "football-data")(data=football_data, history=0).season("2023-24")


@pytest.mark.parametrize("rules", [Rules(without_bet="off"), Rules()], ids=["no bets", "forced bets"])
def test_a_120_matchday_season_with_an_idle_agent(benchmark, season, rules):
    agent = Agent("idle", [Idle()])
    events = benchmark.pedantic(lambda: list(play(agent, season, rules)), rounds=20, warmup_rounds=2)
    assert len(events) == 2 + 3 * 120
    benchmark.extra_info["events_per_second"] = round(len(events) / benchmark.stats.stats.median)


def test_favourites_only_over_a_season(benchmark, season):
    from matchday import load_agent

    agent = load_agent("favourites-only")
    benchmark.pedantic(lambda: list(play(agent, season)), rounds=10, warmup_rounds=1)
