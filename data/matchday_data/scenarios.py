"""The four seasons that KellyBench plays, each with its starting bankroll, and the results it has published."""

from __future__ import annotations

from matchday.scenario import Published, Scenario

#: The test season's results, means over five seeds of each language model; what is not given here is not published.
KELLYBENCH = (
    Published(
        "GPT-5.4", "language model", -0.079, 0.341, -0.329, ruined=False, bets=115, excess_log_loss=0.016, plays=5
    ),
    Published(
        "Claude Opus 4.6",
        "language model",
        -0.112,
        0.215,
        -0.447,
        ruined=False,
        bets=202,
        excess_log_loss=0.016,
        plays=5,
    ),
    Published("GLM-5", "language model", -0.516, ruined=True, plays=5),
    Published("Gemini 3.1 Pro", "language model", -0.660, 0.337, ruined=True, plays=5),
    Published("Kimi K2.5", "language model", -0.896, ruined=True, plays=5),
    Published("Human Quant", "human-style baseline", 0.051, bets=39, sharpe=0.96),
    Published("AI Researcher", "human-style baseline", -0.043),
    Published("Dixon-Coles", "human-style baseline", -0.154),
    Published("Favourites-Only", "human-style baseline"),
)
PUBLICATION = "Grady et al. (2026). KellyBench. arXiv:2604.27865."

NEW_MILLENNIUM = Scenario("New Millennium", season="2000-01", bankroll=100.0, split="train", source="football-data")
POST_CRASH = Scenario("Post-Crash", season="2010-11", bankroll=150.0, split="train", source="football-data")
COVID_SEASON = Scenario("COVID Season", season="2020-21", bankroll=200.0, split="train", source="football-data")
RECENT_SEASON = Scenario(
    "Recent Season",
    season="2023-24",
    bankroll=220.0,
    split="test",
    source="football-data",
    published=KELLYBENCH,
    publication=PUBLICATION,
)
