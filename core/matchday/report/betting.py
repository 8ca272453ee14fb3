"""The bets as the page's table takes them: columns, texts once each, and no more than a browser is quick with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from matchday.report.words import count, named, rounded

if TYPE_CHECKING:
    from matchday.comparison import Comparison

#: Bets that a report embeds.
MOST = 20_000

#: Columns of texts, of which each is embedded once, and of numbers with their significant digits.
TEXTS = ("agent", "season", "date", "match", "selection", "reason", "run")
NUMBERS = {"odds": 5, "probability": 4, "edge": 4, "share": 4, "stake": 9, "profit": 9}

#: Columns read of the comparison's bets.
COLUMNS = (
    "agent",
    "season",
    "seed",
    "run_id",
    "matchday",
    "date",
    "match_id",
    "selection",
    "reason",
    "forced",
    *NUMBERS,
)

_MATCH_ID = re.compile(r"^\S+ \d{4}-\d\d-\d\d (?=.+ v .+)")


@dataclass(frozen=True, slots=True, eq=False)
class BetsShown:
    """The bets that are embedded, in ``data`` column by column, and a sentence on those that are not."""

    data: dict[str, Any]
    shown: int
    total: int
    left_out: str


def bets_shown(comparison: Comparison) -> BetsShown:
    """Take the bets of the plays in order, as many as a page is quick with."""
    bets = comparison.bets(MOST)
    bets = bets if len(bets) else pd.DataFrame(columns=[*COLUMNS])
    plays = comparison.plays[comparison.plays["status"] != "failed"]
    chosen = bets.iloc[:MOST]
    texts = chosen.assign(
        match=[_MATCH_ID.sub("", str(each)) for each in chosen["match_id"]],
        date=[f"{date:%Y-%m-%d}" for date in pd.to_datetime(chosen["date"])],
        selection=[named(str(each)) for each in chosen["selection"]],
        season=_seasons(chosen),
        reason=chosen["reason"].fillna(""),
        run=chosen["run_id"].fillna(""),
    )
    data: dict[str, Any] = {name: _coded(texts[name]) for name in TEXTS}
    data |= {name: rounded(chosen[name].astype("float64"), digits) for name, digits in NUMBERS.items()}
    data["matchday"] = chosen["matchday"].astype(int).tolist()
    data["forced"] = chosen["forced"].astype(int).tolist()
    return BetsShown(data, len(chosen), int(plays["bets"].sum()), _left_out(plays, shown=len(chosen)))


def _seasons(bets: pd.DataFrame) -> list[str]:
    """Name each bet's season, and its seed where there are several."""
    if bets["seed"].nunique() < 2:
        return [str(season) for season in bets["season"]]
    return [f"{season}, seed {seed}" for season, seed in zip(bets["season"], bets["seed"], strict=True)]


def _coded(texts: pd.Series[str]) -> dict[str, Any]:
    """Number the texts: ``of`` has each once, ``at`` where each row's is."""
    codes, known = pd.factorize(texts.astype("str"))
    return {"of": [str(each) for each in known], "at": codes.tolist()}


def _left_out(plays: pd.DataFrame, *, shown: int) -> str:
    left = plays[plays["bets"].cumsum() > shown]
    if left.empty:
        return ""
    runs = [str(each) for each in left["run_id"] if pd.notna(each)]
    how = f"matchday runs {runs[0]} --explain" if runs else "matchday runs RUN --explain"
    first = f"{left['agent'].iloc[0]} in {left['season'].iloc[0]}"
    missing = int(plays["bets"].sum()) - shown
    return (
        f"{count(missing, 'bet')} of {count(len(left), 'play')} are left out, from {first} on. "
        f"To see a run whole, with its reasons: {how}"
    )
