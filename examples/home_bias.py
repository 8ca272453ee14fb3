"""A strategy component in twenty lines: shade every forecast towards the home side, and see whether it pays.

python examples/home_bias.py
"""

from collections.abc import Generator

from pydantic import Field

from matchday import Agent, Catalogue, Component, Forecast, hookimpl, play, summarise


class HomeBias(Component):
    """Multiply the odds of a home win by ``factor``; the rest of the market makes room."""

    factor: float = Field(1.1, gt=0, description="1 changes nothing")

    @hookimpl(wrapper=True)
    def blend(self) -> Generator[None, Forecast, Forecast]:
        """Answer the blended forecast, shaded."""
        forecast = yield
        p = forecast.probabilities[["home", "draw", "away"]].copy()
        p["home"] *= self.factor
        return Forecast(p.div(p.sum(axis=1), axis=0), source=self.name)


def log_growth(factor: float, seed: int) -> float:
    """Play one synthetic season, one of many leagues that could have been."""
    catalogue = Catalogue()
    season = catalogue.load("source", "synthetic")(seed=seed, history=1).season("2023-24")
    market, value, kelly = (catalogue.component(name)() for name in ("market", "value", "kelly"))
    agent = Agent("home bias", [market, HomeBias(factor=factor), value, kelly])
    return summarise(play(agent, season), season).log_growth


if __name__ == "__main__":
    for factor in (1.0, 1.1, 1.3):
        growths = [log_growth(factor, seed) for seed in range(5)]
        seasons = " ".join(f"{growth:+.2f}" for growth in growths)
        print(f"factor {factor}: log growth of five seasons {seasons}, mean {sum(growths) / 5:+.3f}")
