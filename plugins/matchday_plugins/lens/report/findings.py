"""All that the lens finds in a network on a season's matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matchday import MatchdayError
from matchday.report.words import named
from matchday_plugins.features.groups import describe
from matchday_plugins.lens.network import steps_of
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.report.boundaries import boundary_table, unit_table, way_table
from matchday_plugins.lens.report.regions import match_table, peculiarities, polytope_of, polytope_table, rule_table
from matchday_plugins.lens.report.specimen import Specimen
from matchday_plugins.lens.studies import Study, direction_validity, region_map, semantic_boundaries, untrained


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was found; the functions that made the frames say what is in them.

    ``matches`` and ``boundaries`` have a row a match, ``ways`` its steps to the nearest boundary; ``polytopes``,
    ``peculiarities`` and ``rules`` are by polytope, ``units`` by unit. ``twin`` counts the polytopes that the matches
    lie in before the network has learned anything. ``studies`` are by name, and ``missing`` says why one is not there.
    ``axes`` are those of the map.
    """

    specimen: Specimen
    matches: pd.DataFrame
    polytopes: pd.DataFrame
    peculiarities: pd.DataFrame
    rules: pd.DataFrame
    boundaries: pd.DataFrame
    ways: pd.DataFrame
    units: pd.DataFrame
    twin: int
    studies: Mapping[str, Study]
    missing: Mapping[str, str]
    axes: tuple[str, str]

    @property
    def alone(self) -> int:
        """How many matches are alone in their polytopes."""
        return int((self.polytopes["matches"] == 1).sum())

    def rules_of(self, contrast: str) -> pd.DataFrame:
        """The rules of a contrast, by polytope."""
        return _of(self.rules, contrast)

    def weights(self, contrast: str, polytope: int) -> str:
        """The inputs to which a polytope's rule gives the most weight; "": none has any."""
        return strongest(row(self.rules_of(contrast), polytope))


def look(specimen: Specimen, *, axes: tuple[str, str] | None = None, seed: int = 0) -> Findings:
    """Look at a specimen; ``axes`` are the features of the map, by default two that the rules give most weight.

    Raises ``MatchdayError`` for fewer than two matches.
    """
    seed %= 2**32  # as scikit-learn takes one
    if len(specimen.points) < 2:
        raise MatchdayError(f"The lens has {len(specimen.points)} matches to look at; rule: at least 2.")
    matches = match_table(specimen)
    rules, nearest = rule_table(specimen, matches), specimen.lens.nearest_boundary(specimen.points)
    boundaries, ways = boundary_table(specimen, nearest), way_table(specimen, nearest)
    chosen = axes or _strongest(specimen, matches, rules)
    studies, missing = _studies(specimen, chosen, seed)
    twin = PolytopeLens(untrained(steps_of(specimen.estimator)[-1], seed=seed))
    return Findings(
        specimen=specimen,
        matches=matches,
        polytopes=polytope_table(specimen, matches, rules),
        peculiarities=peculiarities(specimen, matches),
        rules=rules,
        boundaries=boundaries,
        ways=ways,
        units=unit_table(specimen, boundaries, ways),
        twin=int(polytope_of(twin, specimen.points).max()),
        studies=studies,
        missing=missing,
        axes=chosen,
    )


def _studies(specimen: Specimen, axes: tuple[str, str], seed: int) -> tuple[dict[str, Study], dict[str, str]]:
    """Run the studies on the season's matches; one that they do not allow says why."""
    model, rows = specimen.estimator, specimen.rows.to_numpy()
    asked: dict[str, Callable[[], Study]] = {
        "boundaries": lambda: semantic_boundaries(model, rows, seed=seed),
        "directions": lambda: direction_validity(model, rows, seed=seed),
        "map": lambda: region_map(model, specimen.rows, *axes, labels=[*map(named, specimen.labels)], seed=seed),
    }
    found, missing = {}, {}
    for name, study in asked.items():
        try:
            found[name] = study()
        except MatchdayError as error:
            missing[name] = str(error)
    return found, missing


def _strongest(specimen: Specimen, matches: pd.DataFrame, rules: pd.DataFrame) -> tuple[str, str]:
    """Choose the feature that moves the matches' log-odds most, and the one that does so of another group."""
    own = _of(rules, next(iter(specimen.contrasts))).loc[matches["polytope"]].abs().mean()
    varies = specimen.rows.nunique() > 1
    ranked = [name for name in own.sort_values(ascending=False, kind="stable").index if varies.get(name, False)]
    ranked += [name for name in specimen.rows.columns if name not in ranked and varies[name]]
    if len(ranked) < 2:  # the map says what it misses
        return (str(specimen.rows.columns[0]), str(specimen.rows.columns[-1]))
    groups = describe()["group"]
    first = groups.get(ranked[0])
    return ranked[0], next((name for name in ranked[1:] if groups.get(name) != first), ranked[1])


def _of(rules: pd.DataFrame, contrast: str) -> pd.DataFrame:
    own = rules.xs(contrast, level="contrast")
    assert isinstance(own, pd.DataFrame)
    return own


def row(frame: pd.DataFrame, key: Any) -> pd.Series[Any]:
    """Answer the row of a key that the frame has once."""
    found = frame.loc[key]
    assert isinstance(found, pd.Series)
    return found


def strongest(values: pd.Series[Any], *, most: int = 3, form: str = "+.2f") -> str:
    """Name the largest of some figures by name, either way; "" where all are nothing.

    >>> strongest(pd.Series({"a": 0.1, "b": -0.52, "c": 0.0}))
    'b -0.52, a +0.10'
    """
    ranked = values.iloc[np.argsort(-values.abs().to_numpy(), kind="stable")[:most]]
    return ", ".join(f"{name} {value:{form}}" for name, value in ranked.items() if round(abs(value), 10) > 0.0)
