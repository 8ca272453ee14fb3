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


if __name__ == "__main__":
    catalogue = Catalogue()
    source = catalogue.load("source", "synthetic")(seed=1)
    season = source.season("2023-24")
    market, value, kelly = (catalogue.component(name) for name in ("market", "value", "kelly"))
    for factor in (1.0, 1.1, 1.3):
        agent = Agent(f"home bias {factor}", [market(), HomeBias(factor=factor), value(), kelly()])
        result = summarise(play(agent, season), season)
        print(f"{result.agent}: {result.bets} bets, bankroll {result.bankroll_end:.2f}, {result.model_log_loss:.4f}")
