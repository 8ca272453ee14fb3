"""What the player rows promise: whole or refused, of one match each, and never known before their day."""

import unicodedata

import numpy as np
import pandas as pd
import pytest

from matchday.calendar import Calendar
from matchday.catalogue import Catalogue
from matchday.errors import SourceError
from matchday.rules import Rules
from matchday_data.football_data import FootballData
from matchday_data.football_data.layout import SeasonFile
from matchday_data.players.clubs import check_clubs, read_clubs
from matchday_data.players.columns import PLAYER_COLUMNS
from matchday_data.players.layout import archive_folder
from matchday_data.players.reading import read_rows
from matchday_data.synthetic import Synthetic


@pytest.fixture
def rows(site, archive):
    """Rows of 2016-17 to tamper with; the matches are on the site."""
    site.write(site.rows(2015), "1516")
    site.write(site.rows(2016), "1617")
    return archive.rows(site.rows(2016))


@pytest.fixture
def load(site, archive):
    """Load 2016-17 with its player rows."""

    def season(rows, teams="", **options):
        archive.write(rows, teams=teams)
        return FootballData(data=site.folder, players=archive.folder).season("2016-17", **options)

    return season


def refusal(load, rows, **options):
    with pytest.raises(SourceError) as refused:
        load(rows, **options)
    message = str(refused.value)
    assert "\n" not in message
    return message.removeprefix(message.partition(".csv")[0] + ".csv")


def test_a_season_has_a_row_for_everybody_who_played_home_side_and_starters_first(load, rows):
    players = load(rows).players
    assert list(players.columns) == list(PLAYER_COLUMNS)
    assert len(players) == 12 * 2 * 13
    first = players[players["match_id"] == "E0 2016-08-14 Ayr v Bury"]
    assert first["home"].tolist() == [True] * 13 + [False] * 13
    assert first["team"].tolist() == ["Ayr"] * 13 + ["Bury"] * 13
    assert first["opponent"].tolist() == ["Bury"] * 13 + ["Ayr"] * 13
    assert first["starts"].tolist() == ([1.0] * 11 + [0.0] * 2) * 2
    assert not players["player"].str.contains("Idle").any()


def test_columns_are_the_synthetic_league_s_and_more_with_the_same_meaning(load, rows):
    ours, synthetic = load(rows).players, Synthetic(clubs=4, history=0).season("2003-04").players
    assert list(ours.columns[: len(synthetic.columns)]) == list(synthetic.columns)
    kinds = {name: (ours[name].dtype.kind, synthetic[name].dtype.kind) for name in synthetic.columns}
    assert {name for name, (a, b) in kinds.items() if a != b} == {"starts", "shots"}  # float64: they may be unknown


def test_each_row_has_the_date_and_name_of_its_match_wherever_it_stands_in_the_file(load, rows):
    season = load(list(reversed(rows)))
    matches = season.matches.loc[season.players["match_id"]]
    assert season.players["date"].tolist() == matches["date"].tolist()
    assert season.players["season"].tolist() == matches["season"].tolist()
    pd.testing.assert_frame_equal(season.players, load(rows).players)


def test_without_players_there_are_none_and_nothing_is_told(site, rows):
    season = FootballData(data=site.folder).season("2016-17")
    assert len(season.players) == 0
    assert season.report == ()


def test_seasons_without_rows_are_told_in_one_line(load, rows):
    assert load(rows).report == ("no player rows of 1 of 2 seasons: the archive begins with 2016-17",)


def test_seasons_that_the_archive_may_hold_are_told_with_the_command(site, archive, rows):
    site.write(site.rows(2017), "1718")
    archive.write(rows)
    told = FootballData(data=site.folder, players=archive.folder, history=1).season("2017-18").report
    assert told == (
        "no player rows of 1 of 2 seasons; the archive may hold 2017-18: "
        f"matchday fetch players --season all --to {archive.folder}",
    )


def test_no_season_at_all_is_an_error_with_the_command(site, archive, rows):
    archive.write(rows, season="2018-19")
    with pytest.raises(SourceError) as refused:
        FootballData(data=site.folder, players=archive.folder).season("2016-17")
    assert str(refused.value) == (
        f"No player rows of 2015-16 to 2016-17 are in {str(archive.folder / 'data')!r}; rule: files as "
        f"2023-24/gws/merged_gw.csv; fetch them: matchday fetch players --season 2016-17 --to {archive.folder}"
    )


def test_a_season_before_the_archive_is_an_error_with_a_remedy(site, archive, rows):
    archive.write(rows)
    with pytest.raises(SourceError, match="the archive begins with 2016-17; load it without players"):
        FootballData(data=site.folder, players=archive.folder).season("2015-16")


def test_the_cache_is_read_on_request_only(site, archive, rows, monkeypatch, tmp_path):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path / "cache"))
    archive.folder = tmp_path / "cache" / "players"
    archive.write(rows)
    assert len(FootballData(data=site.folder).season("2016-17").players) == 0
    assert len(FootballData(data=site.folder, players=True).season("2016-17").players) == 312


def test_the_folder_may_be_the_archive_or_the_data_in_it(site, archive, rows):
    archive.write(rows)
    assert archive_folder(archive.folder) == archive_folder(archive.folder / "data") == archive.folder / "data"
    (archive.folder / "data").rename(archive.folder / "seasons")
    assert len(FootballData(data=site.folder, players=archive.folder / "seasons").season("2016-17").players) == 312


def test_players_of_another_league_and_what_is_no_folder_are_refused():
    kind = Catalogue().load("source", "football-data")
    with pytest.raises(ValueError, match="players are those of league 'E0' alone; leave out players or league"):
        kind(league="SP1", players=True)
    with pytest.raises(ValueError, match="a folder, true for the download cache, or false"):
        kind(players=3)


def test_parameters_survive_being_written_down(archive):
    source = FootballData(players=archive.folder, below="E1")
    assert FootballData(**source.model_dump(mode="json")) == source


def test_the_archive_s_name_of_a_club_becomes_the_matches(site, archive, load):
    clubs = ("Man United", "Nott'm Forest", "Sheffield United", "Tottenham")
    matches = site.rows(2016, clubs=clubs)
    site.write(matches, "1617")
    teams = archive.teams(("Man Utd", "Nott'm Forest", "Sheffield Utd", "Spurs"))
    assert set(load(archive.rows(matches), teams=teams).players["team"]) == set(clubs)


def test_a_club_that_cannot_be_mapped_is_refused_by_name_with_the_nearest_and_a_remedy(load, rows, archive):
    teams = archive.teams(("Ayr", "Bury", "Crewe", "Darby"))
    message = refusal(load, rows, teams=teams)
    assert (
        message == ": club 'Darby' is in none of the matches; did you mean 'Derby'?; write it there as the matches do."
    )


def test_a_player_s_club_is_that_of_the_fixture_and_not_the_one_he_went_to(load, rows):
    assert {row["team"] for row in rows} == {"Elsewhere"}
    assert set(load(rows).players["team"]) == {"Ayr", "Bury", "Crewe", "Derby"}


def test_the_list_of_all_seasons_clubs_serves_seasons_without_one_of_their_own(site, archive, rows):
    archive.write(rows, teams=None)
    numbered = "".join(f"2016-17,{n},{club}\n" for n, club in enumerate(("Ayr", "Bury", "Crewe", "Derby"), 1))
    (archive.folder / "data" / "master_team_list.csv").write_text("season,team,team_name\n2015-16,1,Wick\n" + numbered)
    assert len(FootballData(data=site.folder, players=archive.folder).season("2016-17").players) == 312


BAD_TEAMS = {
    "without a column": ("id,nam\n1,Ayr\n", "column 'name' is missing; did you mean 'nam'?"),
    "without a number": ("id,name\nx,Ayr\n", "line 2: id 'x' is no number of a club"),
    "a club twice": ("id,name\n1,Ayr\n2,Ayr\n", "line 3: club 2 'Ayr' stands there twice"),
    "a club too few": ("id,name\n1,Ayr\n2,Bury\n3,Crewe\n", "club 4 has player rows in 2016-17 and is not in the list"),
}


@pytest.mark.parametrize(("teams", "problem"), BAD_TEAMS.values(), ids=BAD_TEAMS)
def test_a_list_of_clubs_that_is_not_to_be_trusted_is_refused(load, rows, teams, problem):
    assert problem in refusal(load, rows, teams=teams)


def test_a_list_of_clubs_that_is_not_there_is_refused(site, archive, rows):
    archive.write(rows, teams=None)
    with pytest.raises(SourceError, match=r"2016-17.teams\.csv: cannot be read: No such file or directory; "):
        FootballData(data=site.folder, players=archive.folder).season("2016-17")


def without(rows, *names):
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


def changed(rows, change, **where):
    """Change the rows in which the named columns hold the given values."""
    return [{**row, **change} if all(row[key] == value for key, value in where.items()) else row for row in rows]


BAD_ROWS = {
    "minutes in words": (
        lambda rows: changed(rows, {"minutes": "all"}, fixture="2", element="3"),
        "line 33: minutes 'all' is no whole number from 0 to 130",
    ),
    "minutes beyond belief": (
        lambda rows: changed(rows, {"minutes": "900"}, fixture="2", element="3"),
        "line 33: minutes '900' is no whole number from 0 to 130",
    ),
    "half a goal": (
        lambda rows: changed(rows, {"goals_scored": "0.5"}, fixture="2", element="3"),
        "line 33: goals_scored '0.5' is no whole number from 0 to 99",
    ),
    "no name": (lambda rows: changed(rows, {"name": ""}, fixture="2", element="3"), "line 33: name is blank"),
    "neither home nor away": (
        lambda rows: changed(rows, {"was_home": "maybe"}, fixture="2", element="3"),
        "line 33: was_home 'maybe' is neither True nor False",
    ),
    "a column missing": (
        lambda rows: [{("minuts" if key == "minutes" else key): cell for key, cell in row.items()} for row in rows],
        "column 'minutes' is missing; did you mean 'minuts'?",
    ),
    "rows that contradict each other": (
        lambda rows: [*rows, {**rows[0], "saves": "9"}],
        "'Keeper of Ayr' has several rows in fixture 1, which contradict each other",
    ),
    "a score that contradicts the match": (
        lambda rows: changed(rows, {"team_h_score": "8"}, fixture="2"),
        "match 'E0 2016-08-15 Ayr v Crewe' ended 1-1, and the player rows say 8-1",
    ),
    "a third club in a fixture": (
        lambda rows: changed(rows, {"opponent_team": "4"}, fixture="1", element="0"),
        "the players of fixture 1 have several opponents",
    ),
    "a match that stands there twice": (
        lambda rows: [*rows, *({**row, "fixture": "99"} for row in rows if row["fixture"] == "1")],
        "several fixtures are the match 'E0 2016-08-14 Ayr v Bury'",
    ),
}


@pytest.mark.parametrize(("spoil", "problem"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_rows_that_are_not_to_be_trusted_are_refused_in_one_line(load, rows, spoil, problem):
    message = refusal(load, spoil(rows))
    assert message.removeprefix(": ").removeprefix(", ").startswith(problem)
    assert "fetch it anew: matchday fetch players --season 2016-17 --to " in message


def test_a_fixture_that_is_not_among_the_matches_is_refused_by_name(site, archive, load, rows):
    site.write(site.rows(2015, clubs=("Ayr", "Bury", "Crewe", "Elgin")), "1516")
    message = refusal(load, rows, teams=archive.teams(("Ayr", "Bury", "Crewe", "Elgin")))
    assert message.startswith(": fixture 'Ayr v Elgin' is not among the matches of 2016-17; mend the file")


def test_fixtures_of_an_unfinished_season_that_the_matches_do_not_have_yet_are_left_out_and_told(site, load, rows):
    site.write(site.rows(2016)[:-2], "1617")
    season = load(rows, partial=True)
    assert "2016-17: 2 fixtures with player rows are not yet among the matches, left out" in season.report
    assert len(season.players) == 10 * 26


BAD_BYTES = {
    "nothing": (b"", "the file is empty"),
    "a header alone": (b"name,minutes\n", "the file holds a header and no rows"),
    "a page": (b"<html>Come back tomorrow</html>", "it is a web page, not a season"),
    "UTF-16": ("name,minutes\nAyr,90\n".encode("utf-16"), "it is UTF-16 or binary (NUL bytes), not text"),
    "semicolons": (b"name;minutes\nAyr;90\n", "its columns are separated by semicolons, not by commas"),
}


@pytest.mark.parametrize(("content", "problem"), BAD_BYTES.values(), ids=BAD_BYTES)
def test_what_is_no_file_of_player_rows_is_refused_in_one_line(load, rows, content, problem):
    assert problem in refusal(load, content)


def test_a_file_cut_in_the_middle_of_a_row_is_refused(site, load, rows):
    text = site.text(rows)
    cut = text[: text.rindex(",", 0, text.rindex(",55,"))]
    assert ": the file is cut; mend the file" in refusal(load, cut)


def test_a_file_cut_between_rows_leaves_out_half_a_match_and_tells(site, load, rows):
    season = load(rows[: 28 * 11 + 14])
    assert season.report[1:] == (
        "2016-17: 1 fixture is without eleven players of a side, left out; the first is number 12",
        "2016-17: 1 match is without player rows; the first is E0 2016-08-25 Derby v Crewe",
    )
    assert len(season.players) == 11 * 26


def test_a_match_without_player_rows_is_told(load, rows):
    season = load([row for row in rows if row["fixture"] not in {"5", "7"}])
    assert season.report[1:] == ("2016-17: 2 matches are without player rows; the first is E0 2016-08-18 Bury v Crewe",)
    assert len(season.players) == 10 * 26


def test_a_fixture_that_was_not_played_is_no_match_with_rows(load, rows):
    blank = {"minutes": "0", "team_h_score": "", "team_a_score": ""}
    assert len(load(changed(rows, blank, fixture="5")).players) == 11 * 26


def test_rows_that_stand_there_twice_count_once(load, rows):
    pd.testing.assert_frame_equal(load([*rows, *rows[:40]]).players, load(rows).players)


def test_a_season_without_expected_goals_starts_and_positions_does_not_know_them(load, rows):
    players = load(without(rows, "starts", "expected_goals", "expected_assists", "position", "value")).players
    assert players[["starts", "expected_goals", "expected_assists", "position", "value"]].isna().all(axis=None)
    assert players["minutes"].dtype == np.int64


def test_matches_in_which_nobody_starts_came_before_starts_were_counted(load, rows):
    early = changed(rows, {"starts": "0", "expected_goals": "0.0"}, fixture="1")
    season = load(early)
    before = season.players["match_id"] == "E0 2016-08-14 Ayr v Bury"
    assert season.players.loc[before, ["starts", "expected_goals", "expected_goals_conceded"]].isna().all(axis=None)
    assert season.players.loc[~before, ["starts", "expected_goals"]].notna().all(axis=None)
    assert season.report[-1] == (
        "2016-17: nobody starts in 1 match; starts and expected goals are taken as unknown there"
    )


def test_what_is_no_number_where_one_may_be_unknown_is_unknown_and_told(load, rows):
    season = load(changed(rows, {"value": "dear"}, fixture="1", element="0"))
    assert season.players["value"].isna().sum() == 1
    assert season.report[-1] == "2016-17: value holds 1 value that is no number (line 2: 'dear'), taken as unknown"


def test_assistant_managers_do_not_play_and_an_unknown_position_is_told(load, rows):
    managed = [*rows, {**rows[0], "name": "Boss", "element": "999", "position": "AM"}]
    season = load(changed(managed, {"position": "LIB"}, element="1"))
    assert "Boss" not in set(season.players["player"])
    assert season.players["position"].isna().sum() == 6
    assert season.report[-1] == "2016-17: position 'LIB' is none of a player's, taken as unknown"


def test_rows_with_the_assistant_managers_cells_are_read_past_them(site, load, rows):
    lines = site.text(rows).splitlines()
    place = lines[0].split(",").index("minutes") + 1
    for number in range(200, len(lines)):
        cells = lines[number].split(",")
        lines[number] = ",".join([*cells[:place], *"0000000", *cells[place:]])
    season = load("\n".join(lines) + "\n")
    pd.testing.assert_frame_equal(season.players, load(rows).players)
    assert "2016-17: 137 player rows have 7 cells more than the header" in season.report[-1]


def test_old_spellings_and_encodings_of_a_name_are_the_same_player(site, load, rows):
    plain = changed(rows, {"name": "Ángel Núñez"}, element="2")
    old = changed(rows, {"name": "Ángel_Núñez_417"}, element="2")
    decomposed = changed(rows, {"name": unicodedata.normalize("NFD", "Ángel Núñez")}, element="2")
    expected = load(plain).players
    assert (expected["player"] == "Ángel Núñez").sum() == 6
    for text in (old, decomposed, site.text(plain).encode("utf-8-sig"), site.text(plain).encode("cp1252")):
        pd.testing.assert_frame_equal(load(text).players, expected)
    assert "2016-17: the file is not UTF-8, read as cp1252" in load(site.text(plain).encode("cp1252")).report


def test_of_two_players_of_one_name_the_later_one_is_told_apart_by_his_club(load, rows):
    players = load(changed(changed(rows, {"name": "Ben Davies"}, element="2"), {"name": "Ben Davies"}, element="302"))
    named = players.players[players.players["player"].str.startswith("Ben Davies")]
    assert named.groupby("player")["team"].unique().map(list).to_dict() == {
        "Ben Davies": ["Ayr"],
        "Ben Davies (Derby)": ["Derby"],
    }


def test_a_player_keeps_the_name_of_his_first_row(load, rows):
    players = load(changed(rows, {"name": "Yegor Yarmoliuk"}, element="2", fixture="9")).players
    assert "Yegor Yarmoliuk" not in set(players["player"])


def test_a_perfect_file_and_one_read_cell_by_cell_give_the_same_rows(site, archive, rows):
    path = archive.write(rows)
    file = SeasonFile(path, "E0", "2016-17", "here", "mend it", "mend it")
    quick, told = read_rows(file)
    path.write_text(site.text(rows).replace("Keeper of Ayr", '"Keeper of Ayr"'))
    careful, _ = read_rows(file)
    assert told == []
    pd.testing.assert_frame_equal(quick, careful)


#: Every club that the archive has had since 2016-17, in its own words.
CLUBS = (
    "Arsenal", "Aston Villa", "Bournemouth", "Brentford", "Brighton", "Burnley", "Cardiff", "Chelsea",
    "Crystal Palace", "Everton", "Fulham", "Huddersfield", "Hull", "Ipswich", "Leeds", "Leicester", "Liverpool",
    "Luton", "Man City", "Man Utd", "Middlesbrough", "Newcastle", "Norwich", "Nott'm Forest", "Sheffield Utd",
    "Southampton", "Spurs", "Stoke", "Sunderland", "Swansea", "Watford", "West Brom", "West Ham", "Wolves",
)  # fmt: skip


def test_every_club_of_the_archive_has_its_name_in_the_real_matches(football_data, tmp_path):
    path = tmp_path / "teams.csv"
    path.write_text("id,name\n" + "".join(f"{n},{club}\n" for n, club in enumerate(CLUBS, 1)))
    clubs = read_clubs(SeasonFile(path, "E0", "2016-17", "here", "mend it", "mend it"))
    matches = FootballData(data=football_data).season("2023-24").matches
    check_clubs(clubs, clubs, known=set(matches["home"]), file=SeasonFile(path, "E0", "", "here", "", ""))


@pytest.fixture(scope="module")
def real(real_data):
    """The Premier League's four seasons of player rows."""
    return FootballData(data=real_data / "football-data", history=3, players=real_data / "fpl").season("2023-24")


def test_real_seasons_have_player_rows_of_every_match(real):
    assert real.players["match_id"].nunique() == len(real.matches) == 4 * 380
    assert real.players.groupby("season").size().tolist() == [10393, 10485, 11345, 11384]
    assert [line for line in real.report if "player" in line or "starts" in line] == [
        "2022-23: nobody starts in 136 matches; starts and expected goals are taken as unknown there"
    ]


def test_real_goals_of_players_and_the_other_side_s_own_goals_are_the_score(real):
    sums = real.players.groupby(["match_id", "home"])[["goals", "own_goals"]].sum().unstack()
    matches = real.matches.loc[sums.index]
    assert (sums["goals", True] + sums["own_goals", False]).tolist() == matches["home_goals"].tolist()
    assert (sums["goals", False] + sums["own_goals", True]).tolist() == matches["away_goals"].tolist()


def test_real_line_ups_start_with_eleven_of_whom_one_keeps_goal(real):
    counted = real.players[real.players["starts"].notna()]
    starts = counted[counted["starts"] == 1].groupby(["match_id", "home"])
    assert set(starts.size()) == {11}
    assert set(starts["position"].apply(lambda places: (places == "GK").sum())) == {1}
    assert set(real.players["position"]) == {"GK", "DEF", "MID", "FWD"}


def test_real_rows_belong_to_one_match_and_are_in_its_order(real):
    players = real.players
    positions = real.matches.index.get_indexer(players["match_id"])
    assert (np.diff(positions) >= 0).all()
    assert not players.duplicated(["match_id", "player"]).any()
    matches = real.matches.iloc[positions]
    home, away = matches["home"].to_numpy(), matches["away"].to_numpy()
    assert (players["team"] == np.where(players["home"], home, away)).all()
    assert (players["opponent"] == np.where(players["home"], away, home)).all()


def test_history_shows_real_player_rows_after_their_match_and_not_before(real):
    calendar = Calendar(real, Rules())
    for number in range(len(calendar)):
        day = calendar.matchday(number)
        players = day.history.players
        assert players["date"].max() < pd.Timestamp(day.date)
        assert players["match_id"].nunique() == len(day.history)
        assert not set(players["match_id"]) & set(day.slate.fixtures.index)
    assert number == 119


def test_what_a_season_knows_of_the_past_does_not_hang_on_its_later_rows(real_data, tmp_path, real):
    folder = tmp_path / "data" / "2023-24"
    source = real_data / "fpl" / "data" / "2023-24"
    lines = (source / "gws" / "merged_gw.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    early = [line for line in lines if not line.rstrip().endswith(tuple(f",{week}" for week in range(20, 39)))]
    (folder / "gws").mkdir(parents=True)
    (folder / "gws" / "merged_gw.csv").write_text("".join(early), encoding="utf-8")
    (folder / "teams.csv").write_bytes((source / "teams.csv").read_bytes())
    half = FootballData(data=real_data / "football-data", history=0, players=tmp_path).season("2023-24").players
    own = real.players[real.players["season"] == "2023-24"]
    expected = own[own["match_id"].isin(set(half["match_id"]))].reset_index(drop=True)
    assert 180 < half["match_id"].nunique() < 200
    pd.testing.assert_frame_equal(half, expected)
