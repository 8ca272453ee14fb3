"""The past in few words: how the clubs of a matchday have played, and how the season's table stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from matchday import History, Slate

#: A club's latest matches that are told one by one, and those that its averages are taken over.
LATEST, YEAR = 5, 38


def clubs_of(slate: Slate, history: History, *, season: str) -> dict[str, dict[str, Any]]:
    """Tell of each club that plays its averages over a year of matches, and its latest results."""
    seen = _sides(history.matches)
    playing = dict.fromkeys(slate.fixtures[["home", "away"]].to_numpy().ravel().tolist())
    rows = dict(iter(seen[seen["club"].isin(list(playing)).to_numpy()].groupby("club", sort=False)))
    return {club: _club(rows[club].tail(YEAR), season) if club in rows else {"matches": 0} for club in playing}


def table_of(history: History, *, season: str) -> list[str]:
    """Write the season's table so far, best first."""
    matches = history.matches
    seen = _sides(matches[(matches["season"] == season).to_numpy()])
    sums = seen.groupby("club")[["points", "scored", "conceded"]].sum()
    sums["played"], sums["difference"] = seen["club"].value_counts(), sums["scored"] - sums["conceded"]
    order = sums.sort_values(["points", "difference", "scored"], ascending=False, kind="stable")
    return [
        f"{place}. {club}: played {row.played:.0f}, points {row.points:.0f}, goals {row.scored:.0f}-{row.conceded:.0f}"
        for place, (club, row) in enumerate(order.iterrows(), 1)
    ]


def _sides(matches: pd.DataFrame) -> pd.DataFrame:
    """Lay matches out as two rows each, one a club, in order of play."""
    kept = matches[["date", "season", "home", "away", "home_goals", "away_goals"]].reset_index(drop=True)
    home = kept.set_axis(["date", "season", "club", "other", "scored", "conceded"], axis=1).assign(where="H")
    away = kept.set_axis(["date", "season", "other", "club", "conceded", "scored"], axis=1).assign(where="A")
    both = pd.concat([home, away]).sort_index(kind="stable").reset_index(drop=True)
    won = np.sign((both["scored"] - both["conceded"]).to_numpy(dtype=np.float64))
    return both.assign(points=np.select([won > 0, won == 0], [3, 1], 0))


def _club(rows: pd.DataFrame, season: str) -> dict[str, Any]:
    means = rows[["points", "scored", "conceded"]].astype(np.float64).mean().round(2).to_dict()
    return {
        "matches": len(rows),
        "this_season": int((rows["season"] == season).sum()),
        **{f"{name}_a_match": value for name, value in means.items()},
        "latest": [
            f"{row.date:%Y-%m-%d} {row.where} {row.other} {row.scored:.0f}-{row.conceded:.0f}"
            for row in rows.tail(LATEST).itertuples()
        ],
    }
