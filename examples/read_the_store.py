"""What a run left in the store, read with pandas: which selections made money, and which edges were real.

matchday play dixon-coles && python examples/read_the_store.py matchday.db
"""

import sys

import pandas as pd

from matchday.store import Store

if __name__ == "__main__":
    store = Store(sys.argv[1] if len(sys.argv) > 1 else "matchday.db")
    run = store.runs()[-1]
    bets = store.frame("bets", run.id)
    bets[["stake", "payout"]] /= 100  # the store counts pence
    bets["profit"] = bets["payout"] - bets["stake"]
    bets["claimed"] = pd.cut(bets["edge"].astype(float), [-1, 0, 0.05, 0.1, 0.2, 0.5, 10])
    print(f"{run.summary.agent} on {run.summary.season}: {len(bets)} bets")
    print(bets.groupby("selection")[["stake", "profit"]].sum())
    by_edge = bets.groupby("claimed", observed=True)[["stake", "payout"]].sum()
    print((by_edge["payout"] / by_edge["stake"] - 1).rename("realised yield by claimed edge"))
