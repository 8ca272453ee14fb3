"""Which matches one affine rule treats, and what the rules are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import softmax

from matchday.markets import Array
from matchday_plugins.lens.codes import hamming
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.report.specimen import Specimen
from matchday_plugins.lens.studies.decisions import scores
from matchday_plugins.lens.studies.study import divided


def polytope_of(lens: PolytopeLens, points: Array) -> npt.NDArray[np.int64]:
    """Number the polytopes of points from 1, the one with the most of them first, (n,)."""
    found = lens.regions(points)
    order = np.argsort(-np.bincount(found), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return np.asarray(rank[found])


def match_table(specimen: Specimen) -> pd.DataFrame:
    """Answer the matches with their ``polytope`` and this network's own probabilities, a column a selection."""
    p = softmax(scores(specimen.lens.logits(specimen.points)), axis=1)
    said = pd.DataFrame(p, index=specimen.matches.index, columns=specimen.labels)
    return specimen.matches.assign(polytope=polytope_of(specimen.lens, specimen.points)).join(said)


def rule_table(specimen: Specimen, matches: pd.DataFrame) -> pd.DataFrame:
    """Answer each polytope's rule: rows by ``polytope`` and ``contrast``, a column for each of the network's inputs.

    A coefficient is the change of the contrast's log-odds when an input rises by its standard deviation over the
    training matches. Inside a polytope that holds exactly.
    """
    numbers, first = np.unique(matches["polytope"], return_index=True)
    slope, _ = specimen.lens.affine_map(specimen.points[first])
    names = list(specimen.contrasts)
    effects = np.einsum("pdk,kc,d->pcd", slope, _weights(specimen), specimen.sizes)
    index = pd.MultiIndex.from_product([numbers, names], names=["polytope", "contrast"])
    return pd.DataFrame(effects.reshape(-1, len(specimen.names)), index=index, columns=list(specimen.names))


def polytope_table(specimen: Specimen, matches: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Describe each polytope, index ``polytope``: its matches, and how it and its rule differ from the first one's.

    Columns: ``matches``, ``share``, the mean probability of each selection; ``switched``, the units that are on in one
    of the two and off in the other; ``likeness``, the cosine of the two rules of the first contrast (1: the same
    direction; NaN where a rule does not depend on its inputs).
    """
    grouped = matches.groupby("polytope")
    found = grouped[specimen.labels].mean()
    size = grouped.size()
    first = np.unique(matches["polytope"], return_index=True)[1]
    codes = specimen.lens.spline_codes(specimen.points[first])
    own = rules.xs(next(iter(specimen.contrasts)), level="contrast").to_numpy()
    norms = np.linalg.norm(own, axis=1) * np.linalg.norm(own[0])
    likeness = divided(own @ own[0], norms)
    shape = {"matches": size, "share": size / len(matches)}
    return pd.DataFrame(shape).join(found).assign(switched=hamming(codes, codes[:1])[:, 0], likeness=likeness)


def peculiarities(specimen: Specimen, matches: pd.DataFrame) -> pd.DataFrame:
    """Answer how each polytope's matches differ from the season's: the mean of each feature's z-score over the season.

    Indicators are left out; a feature that does not vary is 0.
    """
    points = specimen.points[:, ~specimen.is_indicator]
    spread = points.std(axis=0)
    z = (points - points.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    return pd.DataFrame(z, index=matches.index, columns=specimen.measured).groupby(matches["polytope"]).mean()


def _weights(specimen: Specimen) -> Array:
    """Turn contrasts of selections into weights of the network's logits (k, contrasts)."""
    of_selection = np.array(list(specimen.contrasts.values())).T
    ordered = of_selection[[int(each) for each in specimen.lens.network.classes]]
    return ordered if len(specimen.lens.network.biases[-1]) == len(ordered) else ordered[1:]
