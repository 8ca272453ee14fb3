"""Twenty ways to stake on one model: each fitting it for itself, and all sharing its forecasts."""

import pytest

from matchday import Agent, Catalogue, ForecastCache, play

CATALOGUE = Catalogue()


@pytest.fixture(scope="module")
def season(football_data):
    return CATALOGUE.load("source", "football-data")(data=football_data, history=5).season("2023-24")


def agents():
    model, value, kelly, fractional = map(CATALOGUE.component, ("dixon-coles", "value", "kelly", "fractional"))
    fractions = [0.01 * (1 + number) for number in range(20)]
    return [Agent(f"{each:g}", [model(), value(), kelly(), fractional(fraction=each)]) for each in fractions]


@pytest.mark.parametrize("shared", [False, True])
def test_twenty_stakings_on_one_model(benchmark, season, shared):
    def compare():
        cache = ForecastCache()
        for agent in agents():
            lent = cache.lend(agent, season) if shared else agent
            for _ in play(lent, season):
                pass

    benchmark.pedantic(compare, rounds=1)
