"""What the archive calls its columns, and what we call them.

The same names stand in the game's interface; expected goals and starts came in during 2022-23. What the game reckons
for its own purposes (points, bonus, transfers) is not read.
"""

from __future__ import annotations

#: Who, in which fixture, on which side: whole numbers, but for the last one, which is True or False.
KEYS = ("element", "fixture", "opponent_team")
WAS_HOME = "was_home"

#: Goals of the fixture, to check it against the match; blank where it has not been played.
SCORES = ("team_h_score", "team_a_score")

#: Our name to the archive's of counts that every season has: whole numbers from 0.
COUNTS: dict[str, str] = {
    "minutes": "minutes",
    "goals": "goals_scored",
    "assists": "assists",
    "yellow_cards": "yellow_cards",
    "red_cards": "red_cards",
    "saves": "saves",
    "clean_sheets": "clean_sheets",
    "goals_conceded": "goals_conceded",
    "own_goals": "own_goals",
    "penalties_saved": "penalties_saved",
    "penalties_missed": "penalties_missed",
}

#: Of measures that a season may lack, NaN where it is not known. ``value`` is the game's price, in tenths of a million.
MEASURES: dict[str, str] = {
    "starts": "starts",
    "expected_goals": "expected_goals",
    "expected_assists": "expected_assists",
    "expected_goals_conceded": "expected_goals_conceded",
    "influence": "influence",
    "creativity": "creativity",
    "threat": "threat",
    "value": "value",
}

#: Measures that are 0 for everybody in the matches of 2022-23 before the game reckoned them.
CAME_LATER = ("starts", "expected_goals", "expected_assists", "expected_goals_conceded")

TEXTS = ("name", "position")
REQUIRED = ("name", *KEYS, WAS_HOME, *SCORES, *COUNTS.values())
READ = frozenset({*REQUIRED, *TEXTS, *MEASURES.values()})

#: The archive's ways to write a position. ``AM`` is an assistant manager, who does not play.
POSITIONS: dict[str, str] = {"GK": "GK", "GKP": "GK", "DEF": "DEF", "MID": "MID", "FWD": "FWD"}
MANAGER = "AM"

#: Columns that rows from the middle of 2024-25 on have, and the header does not: by name, among the others.
MANAGERS_COLUMNS = tuple(
    f"mng_{what}" for what in ("clean_sheets", "draw", "goals_scored", "loss", "underdog_draw", "underdog_win", "win")
)

#: Columns of the player rows, in order. ``shots`` is there for the models, and not known.
PLAYER_COLUMNS: tuple[str, ...] = (
    "date", "match_id", "season", "player", "team", "opponent", "home", "position",
    "starts", "minutes", "goals", "assists", "shots", "expected_goals", "expected_assists",
    "yellow_cards", "red_cards", "saves", "clean_sheets", "goals_conceded", "own_goals",
    "penalties_saved", "penalties_missed", "expected_goals_conceded", "influence", "creativity", "threat", "value",
)  # fmt: skip
