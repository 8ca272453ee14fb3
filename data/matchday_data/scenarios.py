"""The four seasons that KellyBench plays, each with its starting bankroll."""

from __future__ import annotations

from matchday.scenario import Scenario

NEW_MILLENNIUM = Scenario("New Millennium", season="2000-01", bankroll=100.0, split="train", source="football-data")
POST_CRASH = Scenario("Post-Crash", season="2010-11", bankroll=150.0, split="train", source="football-data")
COVID_SEASON = Scenario("COVID Season", season="2020-21", bankroll=200.0, split="train", source="football-data")
RECENT_SEASON = Scenario("Recent Season", season="2023-24", bankroll=220.0, split="test", source="football-data")
