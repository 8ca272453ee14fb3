"""Seasons whose future is another one: the testing kit's own."""

from matchday.testing.scrambling import scrambled

__all__ = ["scrambled"]
