"""Packages to begin from: a component, an agent that uses it, tests that pass, and a README that says every step."""

from matchday.scaffold.kinds import KINDS, Kind
from matchday.scaffold.names import Names, named
from matchday.scaffold.writing import rendered, write_package

__all__ = ["KINDS", "Kind", "Names", "named", "rendered", "write_package"]
