"""What ``matchday fetch football-data`` promises, against a server on this machine that stands in for the site."""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from matchday.errors import SourceError
from matchday.season import season_year
from matchday_data import downloading
from matchday_data.fetch import fetch
from matchday_data.football_data import FootballData
from matchday_data.football_data.dates import FIRST_YEAR
from matchday_data.football_data.downloading import SeasonDownload
from matchday_data.football_data.layout import season_code


@pytest.fixture
def server(site, serving):
    """A server over the made-up site, with the seasons 2009-10 and 2010-11."""
    site.write(site.rows(2009), "0910")
    site.write(site.rows(2010), "1011")
    return serving(site.folder)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "target"


@pytest.fixture
def run(server, target):
    """Run the sub-command against the server, without delays."""
    app = typer.Typer()
    app.command("fetch")(fetch)

    def invoke(*arguments, source="football-data"):
        options = ["--url", server.url, "--to", str(target), "--delay", "0", *arguments]
        return CliRunner().invoke(app, [source, *options])

    return invoke


def until_today():
    return downloading.seasons_until(dt.date.today(), first_year=FIRST_YEAR)


def visit(server, target, **options):
    return SeasonDownload(to=target, url=server.url, delay=0.0, **options)


def test_fetched_seasons_are_those_of_the_site_and_can_be_loaded(run, site, target):
    result = run("--season", "2010-11", "--season", "2009-10")
    assert result.exit_code == 0, result.output
    for code in ("0910", "1011"):
        fetched = target / "mmz4281" / code / "E0.csv"
        assert fetched.read_bytes() == (site.folder / "mmz4281" / code / "E0.csv").read_bytes()
    assert len(FootballData(data=target).season("2010-11").matches) == 24


def test_real_files_pass_through_unchanged(football_data, target, serving):
    server = serving(football_data)
    told = list(visit(server, target).seasons(["2000-01", "2023-24"]))
    assert [(season.state, season.matches, season.finished) for season in told] == [("downloaded", 380, True)] * 2


def test_it_tells_of_each_season_and_of_the_terms_and_draws_no_bar_in_a_pipe(run, target):
    lines = run("--season", "2010-11").output.splitlines()
    assert lines[0].startswith("Data: football-data.co.uk, free to download for personal use")
    assert lines[1:] == [f"2010-11  12 matches, downloaded: {target / 'mmz4281' / '1011' / 'E0.csv'}"]


def test_without_a_season_all_are_fetched_and_those_the_site_lacks_are_told(run, target, server):
    output = run().output
    assert "1993-94  not on the site" in output
    assert FootballData(data=target).seasons() == ["2009-10", "2010-11"]
    assert len(server.asked) == len(until_today())


def test_no_season_at_all_is_an_error(server, target):
    with pytest.raises(SourceError, match=f"No season of league 'E9' is at {server.url}; check the league's code"):
        list(visit(server, target, league="E9").seasons(["2009-10", "2010-11"], skip_missing=True))


def test_what_is_there_is_kept_and_not_asked_for_again(run, server):
    run("--season", "2010-11")
    again = run("--season", "2010-11")
    assert "12 matches, kept" in again.output
    assert len(server.asked) == 1


def test_force_replaces_what_is_there(run, site, server, target):
    now = until_today()[-1]
    rows, code = site.rows(season_year(now)), season_code(now)
    site.write(rows[:5], code)
    assert "5 matches, unfinished, downloaded" in run("--season", now).output
    site.write(rows, code)
    assert "5 matches, unfinished, kept (--force fetches it anew)" in run("--season", now).output
    assert "12 matches, downloaded" in run("--season", now, "--force").output
    assert len(server.asked) == 2


def test_a_refused_season_does_not_keep_the_others_and_all_that_failed_are_named_in_the_end(run, site, server, target):
    site.write("<html>Come back tomorrow</html>", "0910")
    result = run("--season", "2009-10", "--season", "2010-11", "--season", "2030-31")
    page = f"{server.url}/mmz4281/0910/E0.csv: it is a web page, not a season; "
    assert result.output.splitlines()[1].startswith(f"2009-10  failed: {page}")
    assert "2010-11  12 matches, downloaded" in result.output
    assert isinstance(result.exception, SourceError)
    assert str(result.exception) == (
        f"2 of 3 seasons failed: 2009-10, 2030-31; the first because {page}"
        "nothing was kept: look at that address or try again later."
    )
    assert files_in(target) == [target / "mmz4281" / "1011" / "E0.csv"]


def test_of_all_seasons_those_the_site_lacks_are_no_failure_but_refused_ones_are(run, site, target):
    site.write("<html>Come back tomorrow</html>", "0910")
    result = run()
    assert "1993-94  not on the site" in result.output
    assert f"1 of {len(until_today())} seasons failed: 2009-10; " in str(result.exception)
    assert FootballData(data=target).seasons() == ["2010-11"]


def test_a_past_season_that_comes_cut_is_refused_and_not_kept(run, server, site, target):
    site.write(site.rows()[:5])
    result = run("--season", "2010-11")
    assert str(result.exception) == (
        f"{server.url}/mmz4281/1011/E0.csv: season 2010-11 is over and the file is cut, 5 matches; "
        "nothing was kept: look at that address or try again later."
    )
    assert files_in(target) == []


def test_a_cut_download_does_not_replace_the_whole_season_that_was_there(server, site, target):
    (told,) = visit(server, target).seasons(["2010-11"])
    site.write(site.rows()[:5])
    with pytest.raises(SourceError, match="the file is cut"):
        list(visit(server, target, force=True).seasons(["2010-11"]))
    assert len(FootballData(data=target).season("2010-11").matches) == 12
    assert files_in(target) == [told.path]


def test_a_season_named_twice_is_fetched_and_told_once(run, server):
    output = run("--season", "2010-11", "--season", "2009-10", "--season", "2010-11").output
    assert [line[:7] for line in output.splitlines()[1:]] == ["2010-11", "2009-10"]
    assert len(server.asked) == 2


def test_a_misspelt_season_beside_all_is_refused_before_anything_is_asked(run, server):
    result = run("--season", "all", "--season", "xxxx")
    assert "'xxxx' is not a season" in str(result.exception)
    assert server.asked == []


@pytest.mark.parametrize("season", ["1992-93", "2093-94", "2123-24"])
def test_a_season_that_the_site_cannot_name_is_refused_before_anything_is_asked(run, server, season):
    result = run("--season", season)
    assert str(result.exception) == (f"Season {season!r} cannot be on football-data.co.uk; rule: 1993-94 to 2092-93.")
    assert server.asked == []


def test_a_home_folder_of_nobody_is_one_line(server):
    with pytest.raises(SourceError) as refused:
        list(visit(server, Path("~nosuch/x")).seasons(["2009-10", "2010-11"]))
    assert str(refused.value) == "Folder '~nosuch/x' has no home: no such user; write the folder out."
    assert server.asked == []


def test_the_home_folder_may_be_written_as_a_tilde(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (told,) = visit(server, Path("~/there")).seasons(["2010-11"])
    assert told.path == tmp_path / "there" / "mmz4281" / "1011" / "E0.csv"
    assert FootballData(data=Path("~/there")).seasons() == ["2010-11"]


def test_two_failures_and_then_an_answer_make_a_download(server, target):
    server.failures = 2
    (told,) = visit(server, target).seasons(["2010-11"])
    assert told.state == "downloaded"
    assert len(server.asked) == 3


def test_a_server_that_never_recovers_is_one_line(server, target):
    server.failures = 99
    with pytest.raises(SourceError) as refused:
        list(visit(server, target, retries=2).seasons(["2010-11"]))
    assert str(refused.value) == (
        f"{server.url}/mmz4281/1011/E0.csv cannot be downloaded (the server answers 503, 3 times); "
        "check the connection and the address, or try again later."
    )
    assert len(server.asked) == 3


def test_waits_are_polite_between_seasons_and_double_between_retries(server, target, monkeypatch):
    waits = []
    monkeypatch.setattr(downloading.time, "sleep", waits.append)
    server.failures = 2
    list(SeasonDownload(to=target, url=server.url, delay=1.5).seasons(["2009-10", "2010-11"]))
    assert waits == [3.0, 6.0, 1.5]


def test_a_season_the_site_lacks_is_one_line_with_season_and_address_and_no_retry(server, target):
    with pytest.raises(SourceError) as refused:
        list(visit(server, target).seasons(["2030-31"]))
    assert str(refused.value) == (
        f"Season '2030-31' of league 'E0' is not at {server.url}/mmz4281/3031/E0.csv (404); "
        "check the season and the league."
    )
    assert len(server.asked) == 1


def test_a_refusal_by_the_server_is_one_line_and_no_retry(server, target):
    server.failures, server.status = 99, 403
    with pytest.raises(SourceError, match=r"is refused by the server \(403\)"):
        list(visit(server, target).seasons(["2010-11"]))
    assert len(server.asked) == 1


def test_a_server_out_of_reach_is_one_line(target, serving):
    nobody = serving(target.parent)
    nobody.shutdown()
    nobody.server_close()
    with pytest.raises(SourceError, match=r"cannot be downloaded \(no answer, 2 times\); check the connection"):
        list(SeasonDownload(to=target, url=nobody.url, delay=0.0, retries=1).seasons(["2010-11"]))


def test_an_address_that_is_none_is_one_line(target):
    with pytest.raises(SourceError, match=r"'nowhere/mmz4281/1011/E0\.csv' is no address to download from"):
        list(SeasonDownload(to=target, url="nowhere", delay=0.0).seasons(["2010-11"]))


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_interrupted_download_leaves_nothing(server, target):
    server.cut = True
    with pytest.raises(SourceError, match=r"cannot be downloaded \(.*, 2 times\)"):
        list(visit(server, target, retries=1).seasons(["2010-11"]))
    assert files_in(target) == []


def test_an_interrupted_download_leaves_the_file_that_was_there(server, target):
    (told,) = visit(server, target).seasons(["2010-11"])
    before = told.path.read_bytes()
    server.cut = True
    with pytest.raises(SourceError):
        list(visit(server, target, force=True, retries=0).seasons(["2010-11"]))
    assert files_in(target) == [told.path]
    assert told.path.read_bytes() == before


def test_a_page_instead_of_a_season_is_refused_and_not_kept(server, site, target):
    site.write("<html>Come back tomorrow</html>")
    with pytest.raises(SourceError) as refused:
        list(visit(server, target).seasons(["2010-11"]))
    assert str(refused.value) == (
        f"{server.url}/mmz4281/1011/E0.csv: it is a web page, not a season; "
        "nothing was kept: look at that address or try again later."
    )
    assert files_in(target) == []


def test_a_misspelt_season_is_refused_before_anything_is_asked(server, target):
    with pytest.raises(SourceError, match="'2010/11' is not a season"):
        list(visit(server, target).seasons(["2009-10", "2010/11"]))
    assert server.asked == []


@pytest.mark.parametrize("league", ["../E0", "E0\n", "E٣"])
def test_a_misspelt_league_is_refused_before_anything_is_asked(server, target, league):
    with pytest.raises(SourceError, match=re.escape(f"League {league!r} is no code of the site's")):
        list(visit(server, target, league=league).seasons(["2010-11"]))
    assert server.asked == []


def test_a_folder_that_cannot_be_written_is_one_line(server, target):
    target.write_text("a file, not a folder")
    with pytest.raises(SourceError, match=r"Cannot write to .* name another folder by --to"):
        list(visit(server, target).seasons(["2010-11"]))


def test_the_cache_is_filled_when_no_folder_is_named(server, tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path / "cache"))
    list(visit(server, None).seasons(["2010-11"]))
    assert FootballData().seasons() == ["2010-11"]


def test_the_folder_inside_the_site_can_be_filled_too(server, tmp_path):
    inside = tmp_path / "mmz4281"
    (told,) = visit(server, inside).seasons(["2010-11"])
    assert told.path == inside / "1011" / "E0.csv"


def test_an_unknown_source_is_refused_with_the_nearest(run):
    result = run(source="footbal-data")
    assert isinstance(result.exception, SourceError)
    assert str(result.exception) == "Source 'footbal-data' cannot be fetched; did you mean 'football-data'?"


def test_importing_the_command_imports_neither_pandas_nor_pooch():
    code = "import sys, matchday_data.fetch; print(sorted({'pandas', 'pooch', 'requests', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
