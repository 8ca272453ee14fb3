"""A range of odds to bet in."""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field, model_validator

from matchday import Component, Edges, hookimpl


class OddsRange(Component):
    """Leave out candidates at odds below ``minimum`` or above ``maximum``; both ends are within.

    The defaults keep away from the two places where an error in a probability does most harm. At short odds the Kelly
    share (p·o − 1)/(o − 1) moves by o/(o − 1) times the error: 4.3 times at 1.3, 11 times at 1.1. At long odds the edge
    p·o − 1 moves by o times the error, and prices are worse, by the favourite-longshot bias.

    Cain, M., Law, D. & Peel, D. (2000). The favourite-longshot bias and market efficiency in UK football betting.
    Scottish Journal of Political Economy 47(1), 25-36.
    """

    minimum: float = Field(1.3, ge=1, allow_inf_nan=False, description="shortest decimal odds; 1: any")
    maximum: float = Field(5.0, gt=1, description="longest decimal odds; inf: any")

    @model_validator(mode="after")
    def _in_order(self) -> OddsRange:
        if not self.minimum < self.maximum:
            raise ValueError(f"minimum {self.minimum:g} is not below maximum {self.maximum:g}; rule: minimum < maximum")
        return self

    @hookimpl(wrapper=True)
    def find_edges(self) -> Generator[None, Edges, Edges]:
        """Answer the candidates within the range."""
        edges = yield
        long_enough = edges.keep(edges.bets["odds"] >= self.minimum, reason=f"{self.name}: odds below {self.minimum:g}")
        return long_enough.keep(
            long_enough.bets["odds"] <= self.maximum, reason=f"{self.name}: odds above {self.maximum:g}"
        )
