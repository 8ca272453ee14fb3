"""Are boundaries densest just where the decision falls? That is the paper's idea; on small networks it is not found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from matchday import MatchdayError
from matchday.markets import Array
from matchday.resampling import interval
from matchday_plugins.lens.lines import Lines
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.studies.decisions import Ints, changes, decided
from matchday_plugins.lens.studies.drawing import ratio_figure
from matchday_plugins.lens.studies.pairs import Pairs, partners
from matchday_plugins.lens.studies.study import Study, Subject, divided

PERMUTATIONS = 2000

#: Half the width of the windows, in lengths of the way.
WIDTHS = (0.02, 0.05, 0.1)

TITLE = "density of boundaries: at the decision / elsewhere"


def decision_peak(model: Any, rows: Any, *, pairs: int = 500, seed: int = 0) -> Study:
    """Compare the density of boundaries around the decision with that at other ways' decisions, a permutation null.

    Ways lead from one row to another that the network takes for another class; the decision is where the first class
    is left. ``own`` is the mean number of boundaries within ``width`` of a way's length around its own decision,
    ``null`` the same around the places where other ways decide, drawn anew in each of 2,000 permutations. The frame has
    a row for each ``network`` and ``width``: ``own``, ``null``, ``ratio`` own / null, ``low`` to ``high`` (own over the
    central 95 % of permutations), ``p`` (one-sided: so high a peak is luck) and ``pairs``. Raises ``MatchdayError`` for
    a model that decides on no class of several, for rows that it does not take, and for rows of which either network
    takes all for one class.
    """
    subject = Subject.of(model, rows, seed=seed)
    found = []
    for network, lens in subject.lenses.items():
        rng = np.random.default_rng(seed)
        taken = _taken(lens, subject.points, network)
        lines, decision = _ways(lens, subject.points, partners(taken, most=pairs, rng=rng))
        found += [{"network": network, **_window(lines, decision, width, rng)} for width in WIDTHS]
    frame = pd.DataFrame(found)
    places = [f"± {width:.0%}" for width in WIDTHS]
    return Study(frame, ratio_figure(frame, places, TITLE, bars="share of the way; bars: 95 % of permutations"))


def _taken(lens: PolytopeLens, points: Array, network: str) -> Ints:
    """Say which class a network takes each point for (n,)."""
    if not lens.network.classes:
        raise MatchdayError("Study: the model decides on no class of several.")
    taken = decided(lens.logits(points))
    if (taken == taken[0]).all():
        name = lens.network.classes[taken[0]]
        raise MatchdayError(
            f"Study: the {network} network takes all {len(taken)} rows for class {name!s}, so that no way leads to "
            "another; give other rows or another seed."
        )
    return taken


def _ways(lens: PolytopeLens, points: Array, drawn: Pairs) -> tuple[Lines, Array]:
    """Follow ways between classes, and say where each leaves the class that it begins in (n,)."""
    lines = lens.line(points[drawn.start], points[drawn.different])
    return lines, changes(lines).groupby("segment")["t"].first().to_numpy()


def _window(lines: Lines, decision: Array, width: float, rng: np.random.Generator) -> dict[str, Any]:
    near = _near(lines, decision, width)
    ways = np.arange(len(near))
    own = near[ways, ways].mean()
    null = np.array([near[ways, rng.permutation(ways)].mean() for _ in range(PERMUTATIONS)])
    least, most = interval(null)
    p = (1 + int((null >= own).sum())) / (1 + len(null))
    ratios = dict(zip(("ratio", "low", "high"), divided(own, [null.mean(), most, least]).tolist(), strict=True))
    return {"width": width, "own": own, "null": null.mean(), **ratios, "p": p, "pairs": len(ways)}


def _near(lines: Lines, places: Array, width: float) -> Array:
    """Count each way's boundaries around each of the places (ways, places)."""
    last = np.searchsorted(lines.events["segment"], np.arange(1, len(lines)))
    own = np.split(lines.events["t"].to_numpy(), last)
    return np.array(
        [each.searchsorted(places + width, side="right") - each.searchsorted(places - width) for each in own]
    )
