"""Let a program decide, over its standard streams, in any language: one line of JSON comes in, one goes out.

Run it: python examples/outside_program.py             a season in which this file, as another process, decides
        python examples/outside_program.py decide      the program itself; it reads what `external` writes

In an agent's file:

    [[component]]
    use = "external"
    agents = ["market-follower"]
    command = ["python", "examples/outside_program.py", "decide"]
"""

import json
import sys
from typing import TextIO


def decide(lines: TextIO) -> None:
    """Back the longest price below 3 of each day with a hundredth of the bankroll."""
    for line in lines:
        told = json.loads(line)
        if told["event"] == "season_closed":
            return
        if told["event"] == "error":  # the answer was refused, and told["error"] says why: bet nothing
            print(json.dumps({"bets": []}), flush=True)
            continue
        offers = [
            (price, match["match_id"], selection)
            for match in told["matches"]
            for selection, price in match["odds"].items()
            if price < 3
        ]
        bets = []
        if offers:
            price, match_id, selection = max(offers)
            bets = [
                {"match_id": match_id, "selection": selection, "share": 0.01, "reason": f"the longest, {price:.2f}"}
            ]
        print(json.dumps({"matchday": told["matchday"], "bets": bets}), flush=True)


def main() -> None:
    """Play a season with an agent that asks this file."""
    from matchday import Agent, Catalogue, play, summarise

    season = Catalogue().load("source", "synthetic")(seed=1).season("2023-24")
    command = [sys.executable, __file__, "decide"]
    external = Catalogue().component("external")(command=command, agents=["market-follower"], keep=False)
    figures = summarise(play(Agent("outside", [external]), season), season)
    print(f"{figures.bets} bets on {figures.matchdays} matchdays, 100 -> {figures.bankroll_end:.2f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["decide"]:
        decide(sys.stdin)
    else:
        main()
