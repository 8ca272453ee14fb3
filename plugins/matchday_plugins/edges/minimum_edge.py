"""A least edge, whatever rule found the candidates."""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field

from matchday import Component, Edges, hookimpl


class MinimumEdge(Component):
    """Leave out candidates whose edge, p·o − 1, is not more than ``minimum_edge``.

    A candidate without a probability has no edge to speak of, and is left out too.
    """

    minimum_edge: float = Field(
        0.02, ge=0, allow_inf_nan=False, description="least edge, exclusive: 0.02 asks for more than 2 %"
    )

    @hookimpl(wrapper=True)
    def find_edges(self) -> Generator[None, Edges, Edges]:
        """Answer the candidates with more."""
        edges = yield
        edge = edges.bets["edge"]
        known = edges.keep(edge.notna(), reason=f"{self.name}: no probability, no edge")
        enough = known.bets["edge"] > self.minimum_edge
        return known.keep(enough, reason=f"{self.name}: edge not above {self.minimum_edge:g}")
