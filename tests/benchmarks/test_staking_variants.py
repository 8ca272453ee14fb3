"""Many stakings on one model's forecasts, over five real seasons, one after the other in one process, nothing stored.

To reach: twenty stakings cost no more than 1.5 times what one does, and 50 ms a play beside.
"""

import time

import pytest

from matchday import Agent, Catalogue, ForecastCache, load_agent, play

CATALOGUE = Catalogue()
SEASONS = ("2019-20", "2020-21", "2021-22", "2022-23", "2023-24")
FRACTIONS = [0.05 * (1 + number) for number in range(20)]


@pytest.fixture(scope="module")
def seasons(football_data):
    source = CATALOGUE.load("source", "football-data")(data=football_data, history=5)
    loaded = [source.season(name) for name in SEASONS]
    assert all(season.fingerprint for season in loaded)  # worked out once a season, which is none of a play's cost
    return loaded


def of_kelly(fraction, model):
    """A fraction of Kelly on every edge that the model sees."""
    model, value, kelly, fractional = map(CATALOGUE.component, (model, "value", "kelly", "fractional"))
    return Agent(f"kelly {fraction:g}", [model(), value(), kelly(), fractional(fraction=fraction)])


def simple(fraction, model):
    """Level stakes on the same edges, of money below a half and of the bankroll above."""
    model, value, flat, proportional = map(CATALOGUE.component, (model, "value", "flat", "proportional"))
    staking = flat(stake=10.0 * fraction) if fraction < 0.5 else proportional(fraction=0.1 * fraction)
    return Agent(f"simple {fraction:g}", [model(), value(), staking])


def compare(agents, seasons):
    """Play every agent through every season, each distinct model being fitted once a season."""
    cache = ForecastCache()
    for season in seasons:
        for agent in agents:
            for _ in play(cache.lend(agent, season), season):
                pass


@pytest.mark.parametrize("model", ["dixon-coles", "gbm"])
@pytest.mark.parametrize("variant", [of_kelly, simple])
def test_twenty_stakings_against_one(benchmark, seasons, variant, model):
    begun = time.perf_counter()
    compare([variant(0.25, model)], seasons)
    one = time.perf_counter() - begun
    benchmark.pedantic(compare, ([variant(each, model) for each in FRACTIONS], seasons), rounds=1)
    twenty, plays = benchmark.stats.stats.min, len(FRACTIONS) * len(seasons)
    benchmark.extra_info["one_variant_seconds"] = round(one, 2)
    benchmark.extra_info["ratio"] = round(twenty / one, 2)
    benchmark.extra_info["milliseconds_a_further_play"] = round(1000 * (twenty - one) / (plays - len(seasons)))


@pytest.mark.parametrize("name", ["dixon-coles", "market-follower", "favourites-only"])
def test_a_season_on_forecasts_that_are_known(benchmark, seasons, name):
    cache, agent, season = ForecastCache(), load_agent(name), seasons[2]
    for _ in play(cache.lend(agent, season), season):
        pass
    lent = cache.lend(agent, season)
    benchmark.pedantic(lambda: list(play(lent, season)), rounds=5, warmup_rounds=1)
