"""From the archive's rows to appearances in matches: which match, which clubs, and who it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday_data.football_data.layout import SeasonFile
from matchday_data.players.columns import CAME_LATER, COUNTS, MEASURES, PLAYER_COLUMNS, POSITIONS, WAS_HOME

Ints = npt.NDArray[np.int64]

#: A side fields that many; with fewer rows its line-up is not whole.
_SIDE = 11

_NUMBERED = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True, eq=False)
class Fixtures:
    """The fixtures in which players of both sides have rows: their ``number`` in the archive and the clubs' numbers.

    All are arrays (fixtures,). ``rows`` are those of everybody who played in them, ``of`` (rows,) the position of each
    row's fixture. ``broken`` numbers the fixtures that lack players of a side, whose rows are left out.
    """

    number: Ints
    home: Ints
    away: Ints
    rows: pd.DataFrame
    of: Ints
    broken: Ints


def find_fixtures(rows: pd.DataFrame, *, file: SeasonFile) -> Fixtures:
    """Put rows together by fixture.

    A row tells the fixture, whether its player was at home, and the opponent; not the player's club, for the archive
    names the club he is at when the row is written, after a transfer the new one. The clubs of a fixture are the
    opponents of its two sides. Raises ``SourceError`` where a fixture has more than two.
    """
    rows = _without_repeats(rows, file)
    number, of = np.unique(rows["fixture"].to_numpy(), return_inverse=True)
    at_home, opponent = rows[WAS_HOME].to_numpy(), rows["opponent_team"].to_numpy()
    home, away = np.full(len(number), -1), np.full(len(number), -1)
    away[of[at_home]], home[of[~at_home]] = opponent[at_home], opponent[~at_home]
    odd = opponent != np.where(at_home, away[of], home[of])
    if odd.any():
        raise file.error(f"the players of fixture {rows['fixture'].to_numpy()[odd][0]} have several opponents")
    counts = [np.bincount(of[side], minlength=len(number)) for side in (at_home, ~at_home)]
    whole = (counts[0] >= _SIDE) & (counts[1] >= _SIDE)
    kept = whole[of]
    position = np.cumsum(whole) - 1
    return Fixtures(number[whole], home[whole], away[whole], rows[kept], position[of[kept]], number[~whole])


def _without_repeats(rows: pd.DataFrame, file: SeasonFile) -> pd.DataFrame:
    """Leave out rows that stand there twice; refuse two that contradict each other."""
    if not rows.duplicated(["element", "fixture"]).any():
        return rows
    rows = rows.drop_duplicates()
    twice = rows.duplicated(["element", "fixture"]).to_numpy()
    if twice.any():
        name, fixture = rows.loc[twice, ["name", "fixture"]].iloc[0]
        raise file.error(f"{name!r} has several rows in fixture {fixture}, which contradict each other")
    return rows


def match_fixtures(
    fixtures: Fixtures, matches: pd.DataFrame, *, clubs: Mapping[int, str], file: SeasonFile
) -> tuple[Ints, list[str]]:
    """Find the position of each fixture among the season's matches, -1 where it is none of them.

    ``clubs`` names clubs by number. Answers also the names of fixtures that are no matches. Raises ``SourceError`` for
    a score that contradicts the match, by its name, and for two fixtures that are one match.
    """
    at = {pair: i for i, pair in enumerate(zip(matches["home"], matches["away"], strict=True))}
    pairs = [(clubs[h], clubs[a]) for h, a in zip(fixtures.home.tolist(), fixtures.away.tolist(), strict=True)]
    positions = np.array([at.get(pair, -1) for pair in pairs], dtype=np.int64)
    _check_scores(fixtures, positions, matches, file)
    twice = positions[(positions >= 0) & (np.bincount(positions + 1)[positions + 1] > 1)]
    if len(twice):
        raise file.error(f"several fixtures are the match {matches.index[twice[0]]!r}")
    return positions, [f"{home} v {away}" for (home, away), i in zip(pairs, positions, strict=True) if i < 0]


def _check_scores(fixtures: Fixtures, positions: Ints, matches: pd.DataFrame, file: SeasonFile) -> None:
    of = positions[fixtures.of]
    told = fixtures.rows[["team_h_score", "team_a_score"]].to_numpy()
    played = matches[["home_goals", "away_goals"]].to_numpy()[of]
    wrong = (of >= 0) & ~np.isnan(told).any(axis=1) & (told != played).any(axis=1)
    if wrong.any():
        row = int(np.argmax(wrong))
        scores = ["-".join(f"{goals:.0f}" for goals in score[row]) for score in (told, played)]
        raise file.error(f"match {matches.index[of[row]]!r} ended {scores[1]}, and the player rows say {scores[0]}")


def write_players(
    fixtures: Fixtures, positions: Ints, matches: pd.DataFrame, *, season: str
) -> tuple[pd.DataFrame, list[str]]:
    """Write ``PLAYER_COLUMNS`` for everybody who played in one of the matches, and tell what was odd.

    Rows are in the matches' order, home side first, starters first, then by minutes played.
    """
    rows, of = fixtures.rows, positions[fixtures.of]
    rows, of = rows[of >= 0], of[of >= 0]
    measures, notes = _measures(rows, of, season)
    order = np.lexsort(
        (rows["element"], -rows["minutes"], -np.nan_to_num(measures["starts"]), ~rows[WAS_HOME].to_numpy(), of)
    )
    rows, of = rows.iloc[order], of[order]
    home, away = matches["home"].array.take(of), matches["away"].array.take(of)
    at_home = rows[WAS_HOME].to_numpy()
    team, opponent = _choose(at_home, home, away), _choose(at_home, away, home)
    position, unknown = _positions(rows, season)
    columns: dict[str, object] = {
        "date": matches["date"].array.take(of),
        "match_id": matches.index.array.take(of),
        "season": pd.array([season], dtype="str").take(np.zeros(len(of), dtype=np.int64)),
        "player": _names(rows, team),
        "team": team,
        "opponent": opponent,
        "home": at_home,
        "position": position,
        "shots": np.full(len(of), np.nan),
    }
    columns |= {ours: rows[name].to_numpy() for ours, name in COUNTS.items()}
    columns |= {ours: measures[ours][order] for ours in MEASURES}
    return pd.DataFrame({name: columns[name] for name in PLAYER_COLUMNS}), notes + unknown


def _choose(
    condition: npt.NDArray[np.bool_],
    first: pd.api.extensions.ExtensionArray,
    second: pd.api.extensions.ExtensionArray,
) -> pd.api.extensions.ExtensionArray:
    chosen = first.copy()
    chosen[~condition] = second[~condition]
    return chosen


def _measures(rows: pd.DataFrame, of: Ints, season: str) -> tuple[dict[str, npt.NDArray[np.float64]], list[str]]:
    """Answer measures by our names, unknown in the matches before the game reckoned them, where all start from 0."""
    measures = {ours: rows[name].to_numpy(copy=True) for ours, name in MEASURES.items()}
    starts = np.bincount(of, weights=np.nan_to_num(measures["starts"]))
    before = (starts[of] == 0) & ~np.isnan(measures["starts"])
    for name in CAME_LATER:
        measures[name][before] = np.nan
    matches = len(np.unique(of[before]))
    where = "1 match" if matches == 1 else f"{matches} matches"
    told = f"{season}: nobody starts in {where}; starts and expected goals are taken as unknown there"
    return measures, [told] if matches else []


def _positions(rows: pd.DataFrame, season: str) -> tuple[pd.api.extensions.ExtensionArray, list[str]]:
    written = rows["position"]
    codes, names = pd.factorize(written)
    odd = [name for name in names if name not in POSITIONS]
    read = pd.array([POSITIONS.get(name) for name in names], dtype="str").take(codes, allow_fill=True)
    return read, [f"{season}: position {name!r} is none of a player's, taken as unknown" for name in odd]


def _names(rows: pd.DataFrame, team: pd.api.extensions.ExtensionArray) -> pd.api.extensions.ExtensionArray:
    """Name each player as in his first row, so that no name is known before its day.

    Of two players of one name the one who plays later in the season has his club's name after his own.
    """
    _, first, who = np.unique(rows["element"].to_numpy(), return_index=True, return_inverse=True)
    names = dict[str, int]()
    called = np.empty(len(first), dtype=object)
    written = rows["name"].array
    for player in np.argsort(first, kind="stable").tolist():
        name = _clean(written[first[player]])
        while name in names:
            name = f"{name} ({team[first[player]]})"
        names[name] = player
        called[player] = name
    return pd.array(called, dtype="str").take(who)


def _clean(name: str) -> str:
    """Write a name as the later seasons do: ``Aaron_Cresswell_402`` was Aaron Cresswell's until 2019-20."""
    return unicodedata.normalize("NFC", " ".join(_NUMBERED.sub("", name).replace("_", " ").split()))
