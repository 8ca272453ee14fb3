"""A comparison made up for the tests of what reads one: plausible frames, from a seeded generator, nothing played."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchday.comparison.bets import EDGE_BANDS, EDGE_BOUNDS, ODDS_BANDS, ODDS_BOUNDS
from matchday.scenario import Published

PLAY = ["agent", "season", "seed", "schedule"]
CLUBS = ["Ashcombe", "Foxdale", "Ivelhampton", "Rushmere", "Orrisdale", "Millbrook", "Hexworth", "Wexcombe"]
SELECTIONS = np.array(["home", "draw", "away", "over_2_5", "under_2_5"])
NAMES = ["dixon-coles", "favourites-only", "market-follower", "elo-quarter-kelly", "gbm-blend", "hedged"]
PUBLISHED = (
    Published(
        "Model A", "language model", roi=-0.079, roi_best=0.341, roi_worst=-0.329, bets=115, ruined=False, plays=5
    ),
    Published("Model B", "language model", roi=-0.896, ruined=True, plays=5),
    Published("Quant", "human-style baseline", roi=0.051, bets=39, sharpe=0.96),
)


@dataclass
class MadeUp:
    """What a report reads of a comparison."""

    agents: dict
    baseline: str
    plays: pd.DataFrame
    matchdays: pd.DataFrame
    calibration: pd.DataFrame
    breakdown: pd.DataFrame
    leaderboard: pd.DataFrame
    differences: pd.DataFrame
    placed: pd.DataFrame = field(default_factory=pd.DataFrame)
    spa: dict | None = None
    published: tuple = ()
    published_source: str = ""
    about: dict = field(default_factory=dict)
    tried: int = 0
    conclusions: list = field(default_factory=list)

    def bets(self, most=None):
        return self.placed


def made_up(
    agents=3, *, seasons=1, seeds=1, matchdays=110, one_schedule=True, truth=False, published=False, names=(), reason=""
):
    """Make a comparison up; ``names`` replace the first agents' names, and ``reason`` every bet's."""
    rng = np.random.default_rng(7)
    chosen = [*names, *NAMES, *(f"variant-{i}" for i in range(99))][:agents]
    years = [f"{2024 - i}-{25 - i:02d}" for i in range(seasons)][::-1]
    keys = [
        (name, year, seed, year if one_schedule else f"{year}-{seed}")
        for name in chosen
        for year in years
        for seed in range(seeds)
    ]
    bets = pd.concat([_bets(rng, key, chosen.index(key[0]), matchdays) for key in keys], ignore_index=True)
    days = _days(bets, keys, matchdays, truth=truth, rng=rng)
    bets = bets.merge(days[[*PLAY, "matchday", "before"]], on=[*PLAY, "matchday"])
    for money in ("stake", "payout", "profit"):
        bets[money] = (bets[money] * bets["before"]).round(2)
    if reason:
        bets["reason"] = reason
    board = _board(days, bets, chosen, truth)
    return MadeUp(
        agents={name: _spec(name) for name in chosen},
        baseline=chosen[0],
        plays=_plays(days, keys),
        matchdays=days,
        calibration=_calibration(rng, keys),
        breakdown=_breakdown(bets),
        leaderboard=board,
        differences=_differences(board, chosen, len({key[3] for key in keys})),
        placed=bets.drop(columns=["schedule", "before"]),
        spa={"consistent": 0.412, "lower": 0.301, "upper": 0.655} if agents > 1 else None,
        published=PUBLISHED if published else (),
        published_source="A benchmark, arXiv 0000.00000" if published else "",
        about={"versions": "matchday 0.1.0, pandas 3.1.1", "rules": "bankroll 100, closing prices, a bet a matchday"},
        tried=agents + 2,
        conclusions=[
            f"{board.index[0]} grew most, {board['growth'].iloc[0]:+.3f} a season, and nothing shows that it was not luck.",
            "With one season and this few bets, nothing can be concluded about the others.",
        ],
    )


def _bets(rng, key, place, matchdays):
    """Bets of a play: money as a share of the bankroll before."""
    n = rng.integers(0, 9, size=matchdays)
    n[rng.integers(0, matchdays, 6)] = 0
    day = np.repeat(np.arange(1, matchdays + 1), np.maximum(n, 1))
    forced = np.repeat(n == 0, np.maximum(n, 1))
    odds = np.round(1.2 + rng.gamma(1.5, 1.6, len(day)), 2)
    edge = rng.gamma(2.0, 0.04, len(day))
    won = rng.random(len(day)) < (1.0 + 0.1 * edge - 0.04) / odds
    share = np.where(forced, 1e-4, 0.004 + 0.012 * rng.random(len(day)) * (1 + place % 3))
    date = pd.Timestamp("2024-08-09") + pd.to_timedelta(day * 2.5 // 1, unit="D")
    home, away = rng.integers(0, 8, len(day)), rng.integers(1, 8, len(day))
    clubs = [f"{CLUBS[a]} v {CLUBS[(a + b) % 8]}" for a, b in zip(home, away, strict=True)]
    opinion = ~forced if key[0] != "favourites-only" else np.zeros(len(day), dtype=bool)
    return pd.DataFrame(
        {
            **dict(zip(PLAY, key, strict=True)),
            "run_id": f"{place:04x}{key[2]:02x}{int(key[1][:4]) % 100:02x}",
            "matchday": day,
            "date": date,
            "match_id": [f"SYN {when:%Y-%m-%d} {who}" for when, who in zip(date, clubs, strict=True)],
            "selection": SELECTIONS[rng.integers(0, 5, len(day))],
            "stake": share,
            "odds": odds,
            "probability": np.where(opinion, (1.0 + edge) / odds, np.nan),
            "edge": np.where(opinion, edge, np.nan),
            "share": share,
            "reason": [f"kelly: {s:.4f}, alone {2 * s:.4f}; fractional: × 0.25" for s in 4 * share],
            "forced": forced,
            "payout": share * odds * won,
            "profit": share * (odds * won - 1.0),
        }
    )


def _days(bets, keys, matchdays, *, truth, rng):
    frames = []
    plays = dict(list(bets.groupby(PLAY, sort=False)))
    for key in keys:
        own = plays[key].groupby("matchday")
        gain = own["profit"].sum().to_numpy().clip(min=-0.9)
        after = np.round(100.0 * np.cumprod(1.0 + gain), 2)
        before = np.concatenate([[100.0], after[:-1]])
        frame = {
            **dict(zip(PLAY, key, strict=True)),
            "matchday": np.arange(1, matchdays + 1),
            "date": own["date"].first().to_numpy(),
            "before": before,
            "after": after,
            "log_growth": np.log(after / before),
            "staked": own["stake"].sum().to_numpy() * before,
            "profit": after - before,
            "bets": own.size().to_numpy(),
            "true_growth": rng.normal(-0.003, 0.002, matchdays) if truth else np.nan,
            "oracle_growth": np.abs(rng.normal(0.004, 0.002, matchdays)) if truth else np.nan,
        }
        frames.append(pd.DataFrame(frame))
    return pd.concat(frames, ignore_index=True)


def _plays(days, keys):
    rows = []
    plays = dict(list(days.groupby(PLAY, sort=False)))
    for key in keys:
        own = plays[key]
        end = float(own["after"].iloc[-1])
        rows.append(
            {
                **dict(zip(PLAY, key, strict=True)),
                "source": "synthetic",
                "competition": "SYN",
                "run_id": "ab12cd34",
                "status": "completed",
                "message": "",
                "matchdays": len(own),
                "bets": int(own["bets"].sum()),
                "bankroll_start": 100.0,
                "bankroll_end": end,
                "roi": end / 100.0 - 1.0,
            }
        )
    return pd.DataFrame(rows)


def _calibration(rng, keys):
    rows = []
    for key in keys:
        if key[0] == "favourites-only":
            continue
        for group, middle in zip([*SELECTIONS, "longshots"], (8, 5, 6, 10, 10, 2), strict=True):
            for place in range(max(middle - 5, 0), middle + 6):
                n = int(90 * np.exp(-((place - middle) ** 2) / 8)) + 1
                p = (place + 0.5) / 20
                won = rng.binomial(n, np.clip(0.7 * p + 0.3 * middle / 20, 0, 1))
                rows.append((*key, group, place, n, n * p, n * (0.75 * p + 0.25 * middle / 20), won))
    return pd.DataFrame(rows, columns=[*PLAY, "group", "bin", "matches", "forecast", "market", "won"])


def _breakdown(bets):
    own = bets[~bets["forced"]]
    edge = own["edge"].to_numpy()
    dimensions = {
        "market": np.where(own["selection"].isin(["over_2_5", "under_2_5"]), "total_goals_2_5", "match_result"),
        "selection": own["selection"].to_numpy(),
        "odds": np.array(ODDS_BANDS)[np.searchsorted(ODDS_BOUNDS, own["odds"], side="right")],
        "month": own["date"].dt.strftime("%Y-%m").to_numpy(),
        "clubs": np.where(own["match_id"].str.contains("Wexcombe"), "with a promoted club", "others"),
        "edge": np.array(EDGE_BANDS)[np.where(np.isnan(edge), 6, np.searchsorted(EDGE_BOUNDS, edge, side="right"))],
    }
    frames = []
    for dimension, groups in dimensions.items():
        parts = own[PLAY].assign(
            dimension=dimension,
            group=groups,
            bets=1,
            staked=own["stake"],
            profit=own["profit"],
            claimed=np.nan_to_num(own["stake"] * edge),
        )
        columns = ["bets", "staked", "profit", "claimed"]
        frames.append(parts.groupby([*PLAY, "dimension", "group"])[columns].sum().reset_index())
    return pd.concat(frames, ignore_index=True)


def _board(days, bets, names, truth):
    rows = []
    for name in names:
        own, mine = days[days["agent"] == name], bets[(bets["agent"] == name) & ~bets["forced"]]
        seasons = own.groupby(["season", "seed"])["log_growth"].sum()
        growth, spread = seasons.mean(), own["log_growth"].std() * np.sqrt(110 / len(seasons))
        yield_ = mine["profit"].sum() / mine["stake"].sum()
        rows.append(
            {
                "plays": len(seasons),
                "failed": 0,
                "ruined": 0,
                "roi": np.exp(seasons).mean() - 1,
                "roi_best": np.exp(seasons.max()) - 1,
                "roi_worst": np.exp(seasons.min()) - 1,
                "growth": growth,
                "growth_low": growth - 1.96 * spread,
                "growth_high": growth + 1.96 * spread,
                "chance": 0.31,
                "drawdown": 0.31,
                "drawdown_worst": 0.52,
                "sharpe": own["log_growth"].mean() / own["log_growth"].std(),
                "sortino": -0.02,
                "deflated_sharpe": 0.12,
                "bets": len(mine) / len(seasons),
                "forced": 5.0,
                "turnover": 9.04,
                "calls": 0.0,
                "tokens": 0.0,
                "cost": 0.0,
                "yield_": yield_,
                "yield_low": yield_ - 0.1,
                "yield_high": yield_ + 0.1,
                "hit_rate": (mine["payout"] > mine["stake"]).mean(),
                "clv": np.nan,
                "clv_low": np.nan,
                "clv_high": np.nan,
                "excess": 0.0355,
                "excess_low": 0.012,
                "excess_high": 0.058,
                "excess_bets": 0.0412,
                "excess_bets_low": 0.011,
                "excess_bets_high": 0.071,
                "ece_home": 0.041,
                "ece_draw": 0.022,
                "ece_away": 0.037,
                "longshots": 0.018,
                "true_growth": own["true_growth"].sum() / len(seasons) if truth else np.nan,
                "regret": (own["oracle_growth"] - own["true_growth"]).sum() / len(seasons) if truth else np.nan,
            }
        )
    return pd.DataFrame(rows, index=pd.Index(names, name="agent")).sort_values("growth", ascending=False)


def _differences(board, names, schedules):
    others = [name for name in names if name != names[0]]
    difference = board.loc[others, "growth"] - board.loc[names[0], "growth"] if others else pd.Series(dtype="float64")
    figures = {"p": 0.21, "p_holm": 0.42, "mann_whitney": 0.03, "mann_whitney_holm": 0.06, "seasons": schedules}
    return pd.DataFrame(
        {
            "difference": difference,
            "low": difference - 0.6,
            "high": difference + 0.6,
            **figures,
            "seasons_needed": np.inf,
        },
        index=pd.Index(others, name="agent"),
    )


def _spec(name):
    if name == "favourites-only":
        parts = [
            {"use": "favourite", "name": "favourite"},
            {"use": "proportional", "name": "proportional", "fraction": 0.05},
        ]
    else:
        parts = [
            {"use": "dixon-coles", "name": "goals", "half_life_days": 390.0, "history": None},
            {"use": "value", "name": "value", "minimum_edge": 0.05},
            {"use": "kelly", "name": "kelly"},
            {"use": "fractional", "name": "fractional", "fraction": 0.25},
        ]
    return {"name": name, "component": parts}


def ruined(comparison, name):
    """Ruin an agent half-way: its season ends there, with a penny left."""
    days = comparison.matchdays
    own = days["agent"] == name
    half = int(days["matchday"].max()) // 2
    comparison.matchdays = days[~own | (days["matchday"] <= half)].reset_index(drop=True)
    days = comparison.matchdays
    last = (days["agent"] == name) & (days["matchday"] == half)
    days.loc[last, "log_growth"] = np.log(0.01 / days.loc[last, "before"])
    days.loc[last, "after"] = 0.01
    comparison.plays.loc[comparison.plays["agent"] == name, "status"] = "ruined"
    comparison.leaderboard.loc[name, "ruined"] = 1
    return comparison


def failed(comparison, name, message):
    """Let an agent's plays fail: they stay in ``plays``, and nothing of it is anywhere else."""
    own = comparison.plays["agent"] == name
    comparison.plays.loc[own, "status"] = "failed"
    comparison.plays.loc[own, "message"] = message
    for frame in ("matchdays", "calibration", "breakdown", "placed"):
        kept = getattr(comparison, frame)
        setattr(comparison, frame, kept[kept["agent"] != name].reset_index(drop=True))
    comparison.leaderboard.loc[name] = np.nan
    comparison.leaderboard.loc[name, ["plays", "failed", "ruined"]] = [0, own.sum(), 0]
    comparison.differences.loc[comparison.differences.index == name] = np.nan
    return comparison
