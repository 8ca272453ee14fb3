"""A comparison as one would write it in a notebook: cells begin with # %%, as Jupyter, VS Code and Spyder read them."""

# %% Who, and on what: three agents on three invented leagues. What is in the store is not played again.
from matchday import Catalogue, compare, load_agent

league = Catalogue().load("source", "synthetic")(clubs=8, history=1)
agents = [
    load_agent("favourites-only"),
    load_agent("elo-flat"),
    load_agent("market-follower"),
]
comparison = compare(agents, ["2023-24"], seeds=3, source=league, baseline="favourites-only")

# %% Who did best, with an interval of the growth of a season
board = comparison.leaderboard
print(board[["plays", "growth", "growth_low", "growth_high", "roi", "bets"]].round(3))

# %% Play by play, and the bankrolls
plays = comparison.plays
print(plays.pivot(index="seed", columns="agent", values="bankroll_end").round(2))

# %% What may be concluded, in words, and what may not
print("\n".join(f"- {each}" for each in comparison.conclusions))

# %% The whole of it as one page
comparison.report("comparison.html")
