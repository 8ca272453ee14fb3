"""The synthetic league: an invented world with seeded luck, which needs no file and no network."""

from matchday_data.synthetic.source import Synthetic

__all__ = ["Synthetic"]
