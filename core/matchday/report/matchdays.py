"""What happened from matchday to matchday: growth, and how much of the bankroll was at stake."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchday.report.courses import Courses
from matchday.report.look import Style
from matchday.report.parts import Chart, Table
from matchday.report.rows import bars
from matchday.wording import figure

#: Bars beyond these quantiles of all agents' matchdays are cut off, or one day of ruin would flatten the others.
CUT = 0.005


def growth_by_matchday(courses: Courses, styles: dict[str, Style]) -> Chart:
    """Draw each agent's log growth of each matchday."""
    means = _means(courses, courses.growth)
    reach = float(np.nanmax(np.abs(np.nanquantile(means.to_numpy(), [CUT, 1.0 - CUT])), initial=0.0)) or 0.01
    chart = bars(courses, courses.growth, styles=styles, limits=(-1.1 * reach, 1.1 * reach), form="+.3f")
    rows = [
        (
            agent,
            figure(means[agent].mean(), "+.4f"),
            figure((means[agent] > 0).mean(), ".0%"),
            figure(means[agent].min(), "+.3f"),
            figure(means[agent].max(), "+.3f"),
        )
        for agent in courses.agents
    ]
    head = ("agent", "mean", "matchdays that grew", "worst", "best")
    text = "Log growth by matchday. " + " ".join(f"{a}: mean {m}, worst {w}, best {b}." for a, m, _, w, b in rows)
    return Chart("growth-by-matchday", chart, text, table=Table.plain("Log growth of a matchday", head, rows))


def stakes_by_matchday(courses: Courses, styles: dict[str, Style]) -> Chart:
    """Draw each agent's stakes of each matchday as a share of the bankroll before."""
    means = _means(courses, courses.share)
    reach = float(np.nanquantile(means.to_numpy(), 1.0 - CUT)) if means.notna().any(axis=None) else 0.0
    chart = bars(courses, courses.share, styles=styles, limits=(0.0, 1.1 * max(reach, 0.01)), form=".1%")
    rows = [
        (
            agent,
            figure(means[agent].mean(), ".1%"),
            figure(means[agent].median(), ".1%"),
            figure(means[agent].max(), ".1%"),
        )
        for agent in courses.agents
    ]
    head = ("agent", "mean", "median", "largest")
    text = "Share of the bankroll staked by matchday. " + " ".join(
        f"{a}: mean {m}, largest {x}." for a, m, _, x in rows
    )
    return Chart("stakes-by-matchday", chart, text, table=Table.plain("Share of the bankroll staked", head, rows))


def _means(courses: Courses, frame: pd.DataFrame) -> pd.DataFrame:
    """Average each agent's plays: a row a matchday, a column an agent."""
    return pd.DataFrame({agent: courses.of_agent(frame, agent).mean(axis=1) for agent in courses.agents})
