"""Frames of plays made up from log growth: what a comparison hands to the statistics, with nothing played."""

import numpy as np
import pandas as pd

from matchday.statistics import analyse

START = 100.0
BETS = 6


def growth(shape, *, seed=0, mean=0.0, sd=0.05):
    """Log growth (schedules, seeds, matchdays) of a bettor whose expected growth is ``mean`` a matchday."""
    return np.random.default_rng(seed).normal(mean, sd, shape)


def frames(growths, *, failed=(), ruined=(), forecasts=True, truth=False, bets=BETS):
    """Answer ``plays, matchdays, calibration`` of agents by name, each with log growth (schedules, seeds, matchdays).

    ``failed`` and ``ruined`` hold (agent, schedule, seed); a ruined play ends on its first matchday.
    """
    plays, days, bins = [], [], []
    for agent, values in growths.items():
        for schedule, seed in np.ndindex(values.shape[:2]):
            key = {"agent": agent, "season": f"20{schedule:02d}-{schedule + 1:02d}", "seed": seed}
            key["schedule"] = f"{schedule:04x}"
            broken, gone = ((agent, schedule, seed) in each for each in (failed, ruined))
            plays.append(key | {"source": "synthetic", "competition": "SYN", "run_id": None})
            plays[-1]["calendar"] = values.shape[2]
            plays[-1] |= {"status": "failed" if broken else "ruined" if gone else "completed", "message": ""}
            if broken:
                continue
            grown = np.array([-np.log(START * 100)]) if gone else values[schedule, seed]
            day = _days(grown, forecasts=forecasts, truth=truth, bets=bets)
            plays[-1] |= _figures(day)
            days.append(pd.DataFrame({**key, **day}))
            if forecasts:
                bins.append(pd.DataFrame({**key, **_bins()}))
    return pd.DataFrame(plays), *(
        pd.concat(each, ignore_index=True) if each else pd.DataFrame() for each in (days, bins)
    )


def analysed(growths, *, baseline=None, resamples=2000, tried=1, seed=0, level=0.95, **made):
    """Make frames up and analyse them."""
    plays, matchdays, calibration = frames(growths, **made)
    return analyse(
        plays=plays,
        matchdays=matchdays,
        calibration=calibration,
        baseline=baseline or next(iter(growths)),
        agents=list(growths),
        tried=tried,
        resamples=resamples,
        seed=seed,
        level=level,
    )


def _days(grown, *, forecasts, truth, bets):
    after = START * np.exp(np.cumsum(grown))
    before = np.concatenate([[START], after[:-1]])
    n = len(grown)
    losses = np.random.default_rng(n).normal(10.0, 1.0, n)
    scored = 10 if forecasts else 0
    return {
        "matchday": np.arange(1, n + 1),
        "date": pd.Timestamp("2023-08-11") + pd.to_timedelta(np.arange(n) * 3, unit="D"),
        "before": before,
        "after": after,
        "log_growth": grown,
        "staked": 0.1 * before * (bets > 0),
        "profit": after - before,
        "bets": bets,
        "forced": 0,
        "hits": bets // 3,
        "claimed": 0.01 * before,
        "clv": 0.02 * bets,
        "clv_bets": bets,
        "model_loss": (losses + 0.1) * forecasts,
        "market_loss": losses * forecasts,
        "scored": scored,
        "bets_model_loss": 1.2 * forecasts,
        "bets_market_loss": 1.1 * forecasts,
        "bets_scored": bets if forecasts else 0,
        "true_growth": -0.001 if truth else np.nan,
        "oracle_growth": 0.004 if truth else np.nan,
    }


def _figures(day):
    path = np.concatenate([[START], day["after"]])
    return {
        "matchdays": len(day["after"]),
        "bets": day["bets"] * len(day["after"]),
        "forced_bets": 0,
        "calls": 0,
        "tokens": 0,
        "cost": 0.0,
        "staked": float(day["staked"].sum()),
        "bankroll_start": START,
        "bankroll_end": path[-1],
        "roi": path[-1] / START - 1.0,
        "log_growth": float(day["log_growth"].sum()),
        "max_drawdown": float((1.0 - path / np.maximum.accumulate(path)).max()),
    }


def _bins():
    groups = {"home": (0.45, 0.50), "draw": (0.25, 0.20), "away": (0.30, 0.30), "longshots": (0.15, 0.10)}
    return {
        "group": list(groups),
        "bin": [int(20 * p) for p, _ in groups.values()],
        "matches": 100,
        "forecast": [100 * p for p, _ in groups.values()],
        "market": [100 * p for p, _ in groups.values()],
        "won": [100 * share for _, share in groups.values()],
    }
