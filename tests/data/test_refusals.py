"""What the football-data source refuses, and that it says what is wrong, where, and what to do."""

import shutil
from pathlib import Path

import pytest

from matchday.errors import SourceError
from matchday_data.football_data import FootballData

ANEW = "mend the file or fetch it anew: matchday fetch football-data --season {} --to {} --force."


def refusal(site, season="2010-11", **options):
    """The message with which a season is refused; it is one line."""
    with pytest.raises(SourceError) as refused:
        FootballData(data=site.folder).season(season, **options)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_dates_that_a_spreadsheet_mangled_are_refused(site, real_data):
    path = site.write("", "0405")
    shutil.copyfile(real_data / "messy" / "mangled-dates-2004-05.csv", path)
    assert refusal(site, "2004-05") == (
        f"{path}, line 2: date '2014/8/4' is no date as dd/mm/yy or dd/mm/yyyy (has a spreadsheet rewritten it?); "
        + ANEW.format("2004-05", site.folder)
    )


def test_a_season_cut_short_is_refused_unless_partial(site, real_data):
    path = site.write("", "0304")
    shutil.copyfile(real_data / "messy" / "truncated-2003-04.csv", path)
    message = refusal(site, "2003-04")
    assert f"{path}: season 2003-04 is unfinished, 335 of the 380 matches of 20 clubs; " in message
    assert "play it as far as it goes with --partial" in message
    assert len(FootballData(data=site.folder).season("2003-04", partial=True).matches) == 335


CELLS = [
    ("Date", "31/02/11", "date '31/02/11' is no date as dd/mm/yy or dd/mm/yyyy"),
    ("Date", "", "date '' is no date"),
    ("Date", "2010-08-16", "date '2010-08-16' is no date"),
    ("Date", "16/08/11", "date '16/08/11' lies outside season 2010-11, 2010-07-01 to 2011-06-30"),
    ("FTHG", "", "FTHG '' is no whole number of goals from 0 to 99"),
    ("FTHG", "1.5", "FTHG '1.5' is no whole number of goals"),
    ("FTAG", "-1", "FTAG '-1' is no whole number of goals"),
    ("FTAG", "two", "FTAG 'two' is no whole number of goals"),
    ("FTAG", "inf", "FTAG 'inf' is no whole number of goals"),
    ("FTR", "A", "FTR 'A' contradicts the score 2-0"),
    ("FTR", "", "FTR '' contradicts the score 2-0"),
    ("Div", "E1", "division 'E1' stands in a file of 'E0'"),
    ("HomeTeam", " ", "a club has no name in '' v 'Derby'"),
    ("HomeTeam", "Derby", "'Derby' plays itself"),
]


@pytest.mark.parametrize(("column", "value", "problem"), CELLS)
def test_a_bad_cell_is_refused_with_its_file_line_value_and_remedy(site, column, value, problem):
    rows = site.rows()
    assert (rows[2]["FTHG"], rows[2]["FTAG"], rows[2]["AwayTeam"]) == ("2", "0", "Derby")
    rows[2][column] = value
    path = site.write(rows)
    message = refusal(site)
    assert message.startswith(f"{path}, line 4: {problem}")
    assert message.endswith(ANEW.format("2010-11", site.folder))


def test_a_match_that_stands_there_twice_is_refused(site):
    rows = site.rows()
    site.write([*rows, rows[3]])
    assert "line 14: match 'Bury v Ayr' is already on line 5;" in refusal(site)


def test_a_match_that_is_played_twice_is_refused(site):
    rows = site.rows()
    site.write([*rows, rows[3] | {"Date": "01/02/11"}])
    assert "line 14: match 'Bury v Ayr' is already on line 5 on another date;" in refusal(site)


def test_scottish_clubs_may_meet_twice_on_the_same_ground(site):
    rows = [row | {"Div": "SC0"} for row in site.rows()]
    site.write([*rows, rows[3] | {"Date": "01/02/11"}], league="SC0")
    assert len(FootballData(data=site.folder, league="SC0").season("2010-11").matches) == 13


def test_a_club_that_plays_twice_on_a_date_is_refused(site):
    rows = site.rows()
    rows[1]["Date"] = rows[0]["Date"]
    site.write(rows)
    assert "line 3: 'Ayr' already plays on 2010-08-14, on line 2;" in refusal(site)


@pytest.mark.parametrize("column", ["Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR"])
def test_a_missing_column_is_refused_by_name(site, column):
    path = site.write([{name: cell for name, cell in row.items() if name != column} for row in site.rows()])
    assert refusal(site).startswith(f"{path}: column '{column}' is missing; ")


FILES = [
    (b"", "the file is empty"),
    (b"\r\n \r\n,,,\r\n", "the file is empty"),
    (b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\r\n", "the file holds a header and no matches"),
    (b"\n<!DOCTYPE html><html><body>Not found</body></html>", "it is a web page, not a season"),
    ("Div,Date\nE0,14/08/10\n".encode("utf-16"), "it is UTF-16 or binary (NUL bytes), not text"),
    (b"Div,Date\nE0,14/08/10\0\n", "it is UTF-16 or binary (NUL bytes), not text"),
    (b'Div,Date\nE0,"14/08/10\n', "it is not comma-separated text (unexpected end of data)"),
    (b"Div,Date\nE0,caf\xe9 \x81\n", "line 2: byte 0x81 is neither UTF-8 nor cp1252"),
    (b"Div,Date\nE0,14/08/10,Ayr\n", "line 2: the row has 3 cells under a header of 2"),
]


@pytest.mark.parametrize(("content", "problem"), FILES)
def test_a_file_that_is_no_season_is_refused(site, content, problem):
    path = site.write(content)
    message = refusal(site)
    assert message.startswith(str(path))
    assert problem in message


def test_an_unfinished_file_in_the_history_is_named_with_remedies_that_work(site):
    site.write(site.rows(2010), "1011")
    site.write(site.rows(2009), "0910")
    bad = site.write(site.rows(2008)[:5], "0809")
    anew = f"fetch it anew: matchday fetch football-data --season 2008-09 --to {site.folder} --force"
    assert refusal(site, partial=True) == (
        f"{bad}: season 2008-09 is unfinished, 5 of the 12 matches of 4 clubs; {anew}; or, as it is only history, "
        "move the file away or load fewer seasons by --set source.history=1."
    )
    assert len(FootballData(data=site.folder, history=1).season("2010-11").matches) == 24
    bad.unlink()
    assert len(FootballData(data=site.folder).season("2010-11").matches) == 24


def test_an_untrusted_file_in_the_history_can_be_left_out_as_the_message_says(site):
    site.write(site.rows(2010), "1011")
    bad = site.write("<html></html>", "0910")
    message = refusal(site)
    assert message.startswith(f"{bad}: it is a web page, not a season; mend the file or fetch it anew: ")
    assert message.endswith("load fewer seasons by --set source.history=0.")
    assert "--partial" not in message
    assert len(FootballData(data=site.folder, history=0).season("2010-11").matches) == 12


def test_a_scottish_season_cut_after_its_clubs_met_twice_is_unfinished(site):
    clubs = tuple(f"Club {letter}" for letter in "ABCDEFGHIJ")
    rows = [row | {"Div": "SC1"} for row in site.rows(clubs=clubs)]
    site.write(rows, league="SC1")
    with pytest.raises(SourceError, match="unfinished, 90 of the 180 matches of 10 clubs"):
        FootballData(data=site.folder, league="SC1").season("2010-11")


@pytest.mark.parametrize("name", ["HomeTeam", "FTHG"])
def test_a_required_column_that_stands_there_twice_with_different_content_is_refused(site, name):
    lines = site.text(site.rows()).splitlines()
    path = site.write("\n".join([f"{lines[0]},{name}", *(line + ",9" for line in lines[1:])]))
    assert refusal(site).startswith(f"{path}: column {name!r} stands in the file twice, with different content; ")


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize(("delimiter", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_with_another_delimiter_is_refused_by_its_name(site, delimiter, called, quote):
    text = "\n".join(
        delimiter.join(f"{quote}{cell}{quote}" for cell in line.split(","))
        for line in site.text(site.rows()).splitlines()
    )
    path = site.write(text.replace("2.1", "2,1"))
    assert refusal(site).startswith(f"{path}: its columns are separated by {called}, not by commas; ")


def test_a_season_that_the_site_cannot_name_is_refused_and_not_taken_for_another(site):
    site.write(site.rows(2023), "2324")
    assert refusal(site, "2123-24") == ("Season '2123-24' cannot be on football-data.co.uk; rule: 1993-94 to 2092-93.")


def test_a_home_folder_of_nobody_is_refused():
    with pytest.raises(SourceError, match="Folder '~nosuch/x' has no home: no such user"):
        FootballData(data=Path("~nosuch/x")).seasons()


def test_a_season_that_is_not_there_is_refused_with_those_that_are_and_how_to_get_it(site):
    for year in (2007, 2008, 2010):
        site.write(site.rows(year), f"{year % 100:02d}{year % 100 + 1:02d}")
    assert refusal(site, "2023-24") == (
        "Season '2023-24' of league 'E0' is not on disk; there are 2007-08 to 2008-09, 2010-11; "
        f"fetch it: matchday fetch football-data --season 2023-24 --to {site.folder}"
    )


def test_a_folder_that_is_not_there_is_refused(site):
    assert refusal(site).startswith(f"Folder '{site.folder}' does not exist; ")


def test_an_empty_folder_is_refused_with_the_layout_and_the_remedy(site):
    site.folder.mkdir()
    message = refusal(site)
    assert "rule: files as mmz4281/2324/E0.csv" in message
    assert f"matchday fetch football-data --season all --to {site.folder}" in message


def test_an_empty_cache_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path))
    with pytest.raises(SourceError, match=r"download cache .*; fetch them: matchday fetch football-data --season all$"):
        FootballData().seasons()


def test_a_league_that_is_not_there_is_refused_with_those_that_are(site):
    site.write(site.rows(), league="SP1")
    assert "No season of league 'E0' is in" in refusal(site)
    assert "known: SP1." in refusal(site)


def test_a_file_that_cannot_be_read_is_refused(site):
    path = site.write("", "1011")
    path.unlink()
    path.mkdir()
    assert refusal(site).startswith(f"{path}: cannot be read: Is a directory; ")
