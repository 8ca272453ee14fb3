"""Where the boundaries lie: the nearest one of each match, and those between a match and the typical one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchday_plugins.lens.polytope import Boundary
from matchday_plugins.lens.report.specimen import Specimen
from matchday_plugins.lens.studies.study import divided


def boundary_table(specimen: Specimen, nearest: Boundary) -> pd.DataFrame:
    """Answer the nearest boundary of each match, and how many lie between it and the typical match.

    Index ``match_id``; ``distance`` in the network's inputs, ``layer`` and ``unit`` from 1 (0: none), and ``between``,
    the units that switch on the straight way from the mean of the season's inputs.
    """
    typical = np.broadcast_to(specimen.points.mean(axis=0), specimen.points.shape)
    between = specimen.lens.line(typical, specimen.points).crossings(len(specimen.lens.hidden)).sum(axis=1)
    columns = {"distance": nearest.distance, "layer": nearest.layer + 1, "unit": nearest.unit + 1, "between": between}
    return pd.DataFrame(columns, index=specimen.matches.index)


def way_table(specimen: Specimen, nearest: Boundary) -> pd.DataFrame:
    """Answer the shortest way from each match to its nearest boundary, a column for each of the network's inputs.

    A step is in the input's standard deviations over the training matches; NaN where nothing bounds the polytope.
    """
    steps = divided(nearest.way, specimen.sizes, otherwise=0.0)
    return pd.DataFrame(steps, index=specimen.matches.index, columns=list(specimen.names))


def unit_table(specimen: Specimen, boundaries: pd.DataFrame, ways: pd.DataFrame) -> pd.DataFrame:
    """Answer the units whose boundaries are the nearest of some match, that of the most first.

    Index ``layer`` and ``unit``; ``matches``, ``on`` (the share of the season's matches for which the unit is on), and
    the unit's direction, towards where it is on, as a unit vector in standard deviations: a column for each input that
    is no indicator, for what is known of a match does not change. In the first layer a unit has one direction; in
    others it is the mean over the matches that are nearest to it.
    """
    codes = specimen.lens.spline_codes(specimen.points)
    bounded = boundaries["unit"].to_numpy() > 0
    place = np.array(specimen.lens.offsets)[boundaries["layer"].to_numpy() - 1] + boundaries["unit"].to_numpy() - 1
    towards = np.where(codes[np.arange(len(codes)), np.where(bounded, place, 0)], -1.0, 1.0)
    steps = ways[specimen.measured].mul(towards, axis=0)[bounded]
    lengths = np.linalg.norm(steps, axis=1)
    directions = steps.div(np.where(lengths > 0.0, lengths, 1.0), axis=0)
    grouped = directions.groupby([boundaries["layer"][bounded], boundaries["unit"][bounded]])
    counted = pd.DataFrame({"matches": grouped.size()})
    offsets = [specimen.lens.offsets[layer - 1] + unit - 1 for layer, unit in counted.index]
    counted["on"] = codes[:, offsets].mean(axis=0)
    return counted.join(grouped.mean()).sort_values("matches", ascending=False, kind="stable")
