"""The leaderboard: a row an agent, those that grew most first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from matchday.statistics.calibrated import expected_calibration_error, overrated
from matchday.statistics.deflated import deflated_sharpe, variance_of_sharpes
from matchday.statistics.estimates import Estimate, Ratio
from matchday.statistics.panel import Panel
from matchday.statistics.performance import Returns

#: Figures with an interval, and the columns of the panel that they are ratios of.
RATIOS = {
    "growth": ("log_growth", "plays"),
    "yield_": ("profit", "staked"),
    "clv": ("clv", "clv_bets"),
    "excess": ("excess", "scored"),
    "excess_bets": ("bets_excess", "bets_scored"),
}

#: Bins of calibration put together, which makes them ten: a season has too few matches for twenty.
TOGETHER = 2


def ratios(panel: Panel) -> dict[tuple[str, str], Ratio]:
    """Answer what is to be estimated, by agent and figure."""
    return {
        (agent, figure): Ratio(panel.columns(agent, over), panel.columns(agent, under))
        for agent in panel.agents
        for figure, (over, under) in RATIOS.items()
    }


def leaderboard(
    panel: Panel,
    *,
    plays: pd.DataFrame,
    matchdays: pd.DataFrame,
    calibration: pd.DataFrame,
    estimates: Mapping[tuple[str, str], Estimate],
    tried: int,
) -> pd.DataFrame:
    """Put all figures of all agents together; docs/statistics.md says what each is. NaN is not known."""
    returns = {agent: Returns(panel.values(agent, "simple")) for agent in panel.agents}
    sharpes = [each.sharpe for each in returns.values()]
    rows = {}
    for agent in panel.agents:
        observations = panel.observations(agent)
        known = returns[agent]
        rows[agent] = {
            **_plays(plays[plays["agent"] == agent]),
            **_estimated(agent, estimates),
            "sharpe": known.sharpe,
            "sortino": known.sortino,
            "deflated_sharpe": deflated_sharpe(
                known.sharpe,
                observations=observations,
                tried=tried,
                variance=variance_of_sharpes(sharpes, observations=observations),
                skewness=known.skewness,
                kurtosis=known.kurtosis,
            ),
            "hit_rate": _hit_rate(_of(matchdays, agent)),
            **_calibration(_of(calibration, agent)),
            **_truth(panel, agent),
        }
    board = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    board.index = pd.Index(list(rows), name="agent", dtype="str")
    kinds = {name: "int64" if name in COUNTS else "float64" for name in COLUMNS}
    return board.astype(kinds).sort_values("growth", ascending=False, kind="stable", na_position="last")


COUNTS = ("plays", "failed", "ruined")
#: What was asked outside, such as a language model: means of the plays.
ASKED = ("calls", "tokens", "cost")
COLUMNS = (
    *COUNTS,
    *("roi", "roi_best", "roi_worst", "growth", "growth_low", "growth_high", "chance", "drawdown", "drawdown_worst"),
    *("sharpe", "sortino", "deflated_sharpe", "bets", "forced", "turnover", "yield_", "yield_low", "yield_high"),
    *("hit_rate", "clv", "clv_low", "clv_high", "excess", "excess_low", "excess_high"),
    *("excess_bets", "excess_bets_low", "excess_bets_high", "ece_home", "ece_draw", "ece_away", "longshots"),
    *("true_growth", "regret"),
    *ASKED,
)


def _plays(plays: pd.DataFrame) -> dict[str, float]:
    """Answer what the plays themselves tell; means over those that did not fail."""
    finished = plays[plays["status"] != "failed"]
    told: dict[str, float] = {
        "plays": len(finished),
        "failed": len(plays) - len(finished),
        "ruined": int((finished["status"] == "ruined").sum()),
    }
    if not len(finished):
        return told
    number = {name: finished[name].to_numpy(dtype=np.float64) for name in _FIGURES}
    return told | {
        "roi": number["roi"].mean(),
        "roi_best": number["roi"].max(),
        "roi_worst": number["roi"].min(),
        "drawdown": number["max_drawdown"].mean(),
        "drawdown_worst": number["max_drawdown"].max(),
        "bets": (number["bets"] - number["forced_bets"]).mean(),
        "forced": number["forced_bets"].mean(),
        "turnover": (number["staked"] / number["bankroll_start"]).mean(),
        **{name: number[name].mean() for name in ASKED},
    }


_FIGURES = ("roi", "max_drawdown", "bets", "forced_bets", "staked", "bankroll_start", *ASKED)


def _estimated(agent: str, estimates: Mapping[tuple[str, str], Estimate]) -> dict[str, float]:
    told = {"chance": estimates[agent, "growth"].positive}
    for figure in RATIOS:
        found, name = estimates[agent, figure], figure.rstrip("_")
        told |= {figure: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return told


def _hit_rate(matchdays: pd.DataFrame) -> float:
    bets = int(matchdays["bets"].sum()) if len(matchdays) else 0
    return float(matchdays["hits"].sum()) / bets if bets else np.nan


def _calibration(bins: pd.DataFrame) -> dict[str, float]:
    if bins.empty:
        return {}
    bins = bins.assign(bin=bins["bin"] // TOGETHER)
    groups = {name: bins[bins["group"] == name] for name in ("home", "draw", "away", "longshots")}
    errors = {f"ece_{name}": expected_calibration_error(groups[name]) for name in ("home", "draw", "away")}
    return errors | {"longshots": overrated(groups["longshots"])}


def _truth(panel: Panel, agent: str) -> dict[str, float]:
    """Answer the true growth of a season and what an oracle would have had more, over the plays that know it."""
    true, oracle = panel.totals(agent, "true_growth"), panel.totals(agent, "oracle_growth")
    regret = oracle - true
    return {"true_growth": _mean(true), "regret": _mean(regret)}


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else np.nan


def _of(frame: pd.DataFrame, agent: str) -> pd.DataFrame:
    return frame[frame["agent"] == agent] if len(frame) else frame
