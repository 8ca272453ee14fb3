"""Edges claimed and realised, of chosen bets that claim one: by size, and by agent.

matchday play dixon-coles && python examples/results_edges.py matchday.db      of the runs that are on record there

Each bet counts as one unit, whatever was staked; intervals are of a bootstrap over seasons and matchdays.
"""

import sys
from pathlib import Path

import numpy as np
from results_tables import Section, between, number
from rich.console import Console
from walk_forward import refuse

from matchday import MatchdayError
from matchday.comparison import from_runs
from matchday.comparison.bets import EDGE_BANDS, EDGE_BOUNDS
from matchday.statistics.estimates import Ratio, estimate
from matchday.store import Store


def opinionated_bets(comparison):
    """Read the chosen bets that claim an edge: ``agent, schedule, matchday, edge, band``, and what a unit earned."""
    bets = comparison.bets()
    bets = bets[~bets["forced"].astype(bool) & bets["edge"].notna()]
    earned = bets["odds"] * (bets["payout"] > 0) - 1.0
    band = np.array(EDGE_BANDS)[np.searchsorted(EDGE_BOUNDS, bets["edge"].astype(float), side="right")]
    return bets[["agent", "schedule", "matchday", "edge"]].assign(earned=earned, band=band)


def edges(bets, column, names):
    """Write claimed and realised edge by a column's values, a unit on every bet; ``names`` gives the order."""
    groups = {name: bets[bets[column] == name] for name in names} | {"all": bets}
    groups = {name: rows for name, rows in groups.items() if len(rows)}
    found = estimate({name: by_matchday(rows) for name, rows in groups.items()}, seed=0, resamples=50_000, level=0.95)
    rows = [
        [
            name,
            f"{len(rows):,}",
            number(rows["edge"].mean(), "+.1%"),
            between(found[name].value, found[name].low, found[name].high, "+.1%"),
        ]
        for name, rows in groups.items()
    ]
    return (column, "bets", "claimed", "realised [95 %]"), rows


def by_matchday(bets):
    """Add up what bets earned, and their number, by matchday of each schedule: the blocks of the bootstrap."""
    last = bets["matchday"].max() + 1
    parts = [(rows["matchday"].to_numpy(), rows["earned"].to_numpy()) for _, rows in bets.groupby("schedule")]
    over = [np.bincount(day, earned, last)[None] for day, earned in parts]
    return Ratio(over, [np.bincount(day, minlength=last)[None].astype(float) for day, _ in parts])


def main(path):
    """Print the edges of a store's runs."""
    store = Store(path)
    comparison = from_runs(store, [run.id for run in store.runs()])
    bets, console = opinionated_bets(comparison), Console()
    Section("", "By size", *edges(bets, "band", EDGE_BANDS)).show(console)
    Section("", "By agent", *edges(bets, "agent", comparison.agents)).show(console)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "matchday.db"))
    except MatchdayError as error:
        refuse(error)
