"""Where a network decides otherwise: the class it finds likeliest, and where along a line that changes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import Array
from matchday_plugins.lens.lines import Lines

Ints = npt.NDArray[np.int64]


def scores(logits: Array) -> Array:
    """Answer a score a class (n, k); a classifier of two has one logit, the log-odds of the second."""
    return np.hstack([np.zeros_like(logits), logits]) if logits.shape[1] == 1 else logits


def decided(logits: Array) -> Ints:
    """Answer the position of the likeliest class (n,)."""
    return np.asarray(scores(logits).argmax(axis=1))


def changes(lines: Lines) -> pd.DataFrame:
    """Find every change of the likeliest class, exactly: columns segment, t, before, after, in order.

    Between two points at which the network bends, logits are linear and the greatest of them is convex. So where the
    same class is greatest at both points it is so between them, and elsewhere each class of the way is met once.
    """
    score = scores(lines.logits)
    best = score.argmax(axis=1)
    found = []
    for k in np.flatnonzero((best[:-1] != best[1:]) & (lines.segment[:-1] == lines.segment[1:])):
        for share, before, after in _envelope(score[k], score[k + 1]):
            found.append((lines.segment[k], lines.t[k] + share * (lines.t[k + 1] - lines.t[k]), before, after))
    return pd.DataFrame(found, columns=["segment", "t", "before", "after"]).astype({"segment": int, "t": float})


def _envelope(start: Array, end: Array) -> list[tuple[float, int, int]]:
    """Follow the greatest of the lines from ``start`` to ``end`` (k,): (share of the way, before, after) a change."""
    now, last, slope = int(start.argmax()), int(end.argmax()), end - start
    way = []
    while now != last:
        steeper = np.flatnonzero(slope > slope[now])
        if not len(steeper):  # as great at the end
            break
        share = (start[now] - start[steeper]) / (slope[steeper] - slope[now])
        following = int(steeper[np.lexsort((-slope[steeper], share))[0]])
        way.append((float(min(share.min(), 1.0)), now, following))
        now = following
    return way
