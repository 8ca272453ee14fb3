"""What ``matchday fetch players`` promises, against a server on this machine that stands in for the archive."""

import datetime as dt

import pytest
import typer
from typer.testing import CliRunner

from matchday.errors import SourceError
from matchday_data.downloading import seasons_until
from matchday_data.fetch import fetch
from matchday_data.football_data import FootballData
from matchday_data.players.downloading import PlayerDownload


@pytest.fixture
def server(site, archive, serving):
    """A server over the made-up archive, with the seasons 2016-17 and 2017-18."""
    for year in (2016, 2017):
        site.write(site.rows(year), f"{year % 100}{year % 100 + 1}")
        archive.write(archive.rows(site.rows(year)), f"{year}-{year % 100 + 1}")
    return serving(archive.folder)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "target"


@pytest.fixture
def run(server, target):
    """Run the sub-command against the server, without delays."""
    app = typer.Typer()
    app.command("fetch")(fetch)

    def invoke(*arguments):
        options = ["--url", server.url, "--to", str(target), "--delay", "0", *arguments]
        return CliRunner().invoke(app, ["players", *options])

    return invoke


def visit(server, target, **options):
    return PlayerDownload(to=target, url=server.url, delay=0.0, **options)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def rows_in(folder, season):
    return folder / "data" / season / "gws" / "merged_gw.csv"


def test_fetched_seasons_are_the_archive_s_and_can_be_loaded(run, site, archive, target):
    result = run("--season", "2016-17", "--season", "2017-18")
    assert result.exit_code == 0, result.output
    for season in ("2016-17", "2017-18"):
        assert rows_in(target, season).read_bytes() == rows_in(archive.folder, season).read_bytes()
    assert len(FootballData(data=site.folder, players=target).season("2017-18").players) == 2 * 312


def test_it_tells_of_each_season_and_of_the_terms(run, target):
    lines = run("--season", "2017-18").output.splitlines()
    assert lines[0].startswith(
        "Data: the Fantasy Premier League archive of Vaastav Anand and contributors, MIT licence"
    )
    assert lines[1:] == [f"2017-18  12 matches, 312 player rows, downloaded: {rows_in(target, '2017-18')}"]


def test_without_a_season_all_since_2016_are_fetched_and_those_the_archive_lacks_are_told(run, target):
    output = run().output
    assert "2018-19  not on the site" in output
    assert len(output.splitlines()) == 1 + len(seasons_until(dt.date.today(), first_year=2016))
    assert len(files_in(target)) == 4


def test_what_is_there_is_kept_and_force_replaces_it(run, server):
    run("--season", "2017-18")
    assert "12 matches, 312 player rows, kept" in run("--season", "2017-18").output
    assert len(server.asked) == 2
    assert "downloaded" in run("--season", "2017-18", "--force").output
    assert len(server.asked) == 4


def test_a_failure_and_then_an_answer_make_a_download(server, target):
    server.failures, server.status = 1, 500
    (told,) = visit(server, target).seasons(["2017-18"])
    assert (told.state, told.matches, told.rows) == ("downloaded", 12, 312)
    assert len(server.asked) == 3


def test_a_season_the_archive_lacks_is_one_line_and_no_retry(server, target):
    with pytest.raises(SourceError) as refused:
        list(visit(server, target).seasons(["2030-31"]))
    assert str(refused.value) == (
        f"The file of player rows of season '2030-31' is not at {server.url}/data/2030-31/gws/merged_gw.csv (404); "
        "check the season."
    )
    assert len(server.asked) == 1
    assert files_in(target) == []


def test_seasons_without_a_list_of_clubs_come_with_that_of_all_seasons(site, archive, server, target):
    (archive.folder / "data" / "2016-17" / "teams.csv").unlink()
    numbered = "".join(f"2016-17,{n},{club}\n" for n, club in enumerate(("Ayr", "Bury", "Crewe", "Derby"), 1))
    (archive.folder / "data" / "master_team_list.csv").write_text("season,team,team_name\n" + numbered)
    assert [told.state for told in visit(server, target).seasons(["2016-17"])] == ["downloaded"]
    assert len(FootballData(data=site.folder, players=target).season("2016-17").players) == 312
    assert [told.state for told in visit(server, target).seasons(["2016-17"])] == ["kept"]


def test_a_cut_answer_leaves_the_files_that_were_there(server, target):
    (told,) = visit(server, target).seasons(["2017-18"])
    before = told.path.read_bytes()
    server.cut = True
    with pytest.raises(SourceError, match=r"merged_gw\.csv cannot be downloaded \(.*, 2 times\); check the connection"):
        list(visit(server, target, force=True, retries=1).seasons(["2017-18"]))
    assert told.path.read_bytes() == before
    assert len(files_in(target)) == 2


def test_a_past_season_that_comes_cut_is_refused_and_not_kept(archive, site, server, target):
    archive.write(archive.rows(site.rows(2017))[:-28], "2017-18")
    with pytest.raises(SourceError) as refused:
        list(visit(server, target).seasons(["2017-18"]))
    assert str(refused.value) == (
        f"{server.url}/data/2017-18/gws/merged_gw.csv: season 2017-18 is over and the file is cut, 11 matches; "
        "nothing was kept: look at that address or try again later."
    )
    assert files_in(target) == []


def test_what_is_no_file_of_player_rows_is_refused_and_not_kept(archive, server, target):
    archive.write("<html>Come back tomorrow</html>", "2017-18")
    with pytest.raises(SourceError, match="it is a web page, not a season; nothing was kept"):
        list(visit(server, target).seasons(["2017-18"]))
    assert files_in(target) == []


@pytest.mark.parametrize("season", ["2015-16", "2017/18"])
def test_a_season_that_the_archive_cannot_hold_is_refused_before_anything_is_asked(run, server, season):
    result = run("--season", "all", "--season", season)
    assert isinstance(result.exception, SourceError)
    assert season in str(result.exception)
    assert server.asked == []


def test_another_league_is_refused(run):
    result = run("--league", "SP1")
    assert str(result.exception) == "Player rows of league 'SP1' are not in the archive; leave out --league."


def test_real_files_pass_through_unchanged(real_data, target, serving):
    server = serving(real_data / "fpl")
    told = list(visit(server, target).seasons(["2020-21", "2023-24"]))
    assert [(season.matches, season.rows, season.finished) for season in told] == [
        (380, 10393, True),
        (380, 11384, True),
    ]
    assert rows_in(target, "2023-24").read_bytes() == rows_in(real_data / "fpl", "2023-24").read_bytes()
