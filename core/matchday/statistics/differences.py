"""Each agent against the baseline, on the plays that both have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import pandas as pd

from matchday.markets import Array
from matchday.statistics.estimates import Estimate, Ratio
from matchday.statistics.multiple import holm, mann_whitney
from matchday.statistics.panel import Panel

COLUMNS = ("difference", "low", "high", "p", "p_holm", "mann_whitney", "mann_whitney_holm", "seasons", "seasons_needed")

#: What a season count is planned for: a two-sided test at this level finds a real difference with this probability.
LEVEL, POWER = 0.95, 0.8


def ratios(panel: Panel, *, baseline: str) -> dict[str, Ratio]:
    """Answer what is to be estimated, by agent: the growth of a season minus the baseline's."""
    mine = panel.number(baseline)
    found = {}
    for place, agent in enumerate(panel.agents):
        if place == mine:
            continue
        over, under = [], []
        for sheet in panel.sheets:
            shared = sheet.finished[place] & sheet.finished[mine]
            growth = sheet.column("log_growth")
            over.append((growth[place] - growth[mine])[shared])
            under.append(sheet.column("plays")[mine][shared])
        found[agent] = Ratio(over, under)
    return found


def differences(panel: Panel, *, baseline: str, estimates: Mapping[str, Estimate], tried: int) -> pd.DataFrame:
    """Put the differences together with their tests; Holm's correction counts every agent tried."""
    frame = pd.DataFrame(
        [_row(panel, agent, baseline, found) for agent, found in estimates.items()],
        index=pd.Index(list(estimates), name="agent", dtype="str"),
        columns=list(COLUMNS),
    ).astype({name: "int64" if name == "seasons" else "float64" for name in COLUMNS})
    for name in ("p", "mann_whitney"):
        frame[f"{name}_holm"] = holm(frame[name].to_numpy(), tests=tried - 1)
    return frame


def seasons_needed(difference: float, *, error: float, seasons: int) -> float:
    """Answer how many seasons would make a difference of this size tell, at 95 % with 80 % power; ∞ where it is 0.

    n = (z_{.975} + z_{.8})² σ²/d², σ² = error² · seasons the variance of one season's difference.

    >>> seasons_needed(0.1, error=0.1, seasons=5), seasons_needed(0.0, error=0.1, seasons=5)
    (40.0, inf)
    """
    if math.isnan(difference) or math.isnan(error):
        return math.nan
    if abs(difference) < 1e-12:
        return math.inf
    z = NormalDist().inv_cdf((1.0 + LEVEL) / 2.0) + NormalDist().inv_cdf(POWER)
    return float(max(1, math.ceil((z * error / difference) ** 2 * seasons)))


def _row(panel: Panel, agent: str, baseline: str, found: Estimate) -> dict[str, float]:
    return {
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "mann_whitney": mann_whitney(*_pooled(panel, agent, baseline)),
        "seasons": found.schedules,
        "seasons_needed": seasons_needed(found.value, error=found.error, seasons=found.schedules),
    }


def _pooled(panel: Panel, agent: str, baseline: str) -> tuple[Array, Array]:
    """Pool both agents' log returns of the matchdays that they played, over the plays that both have."""
    places = (panel.number(agent), panel.number(baseline))
    parts: tuple[list[Array], list[Array]] = ([np.empty(0)], [np.empty(0)])
    for sheet in panel.sheets:
        shared = sheet.finished[list(places)].all(axis=0)
        for place, into in zip(places, parts, strict=True):
            growth, played = (sheet.column(name)[place][shared] for name in ("log_growth", "played"))
            into.append(growth[played > 0])
    return np.concatenate(parts[0]), np.concatenate(parts[1])
