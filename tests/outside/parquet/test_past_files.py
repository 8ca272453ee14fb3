"""The past as Parquet files: what they hold on a matchday is what the matchday's history holds, and nothing else."""

import shutil
from dataclasses import replace
from itertools import islice

import pandas as pd
import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'matchday[parquet]'")

from doubles import small_season
from matchday.environment import Host, SeasonEnvironment, Task
from matchday.environment.files import PastFiles
from matchday.environment.tables import TABLES, flat
from matchday.episode import Episode
from matchday.errors import MatchdayError
from matchday.history import RESULT_COLUMNS
from matchday.source import make_source


def real(folder):
    """A real season with player rows, and the results of the seasons before it as if a division below had had them."""
    source = make_source("football-data", {"data": folder / "football-data", "players": folder / "fpl", "history": 1})
    season = source.season("2022-23")
    before = season.matches["season"] < season.name
    return replace(season, below=season.matches.loc[before, list(RESULT_COLUMNS)])


def opened(season, files):
    """The matchdays of a season without a bet, each with the files written."""
    episode = Episode(season)
    files.add(episode.begin())
    while episode.state == "waiting":
        event = episode.open()
        files.add(event)
        yield event.day
        files.add(episode.settle())
    files.add(episode.close())


def check(folder, history):
    """Hold every table of the folder against the history; what is empty has no files."""
    for name in TABLES:
        frame = getattr(history, name)
        expected = flat(frame) if name == "quotes" else frame
        assert (folder / name).exists() == bool(len(frame))
        if len(frame):
            pd.testing.assert_frame_equal(pd.read_parquet(folder / name), expected)
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".parquet"}


def little():
    return make_source("synthetic", {"clubs": 4, "history": 1}, seed=3).season("2024-25")


@pytest.mark.parametrize("season", [small_season(), little()], ids=["small", "synthetic"])
def test_on_every_matchday_the_folder_holds_the_past_and_no_more(season, tmp_path):
    days = 0
    for day in opened(season, PastFiles(tmp_path)):
        check(tmp_path, day.history)
        days += 1
    assert days == season.matchdays
    check(tmp_path, day.history)


def test_of_a_real_season_too_with_players_and_the_division_below(real_data, tmp_path):
    files = PastFiles(tmp_path / "past")
    days = opened(real(real_data), files)
    for day in islice(days, 0, 41, 20):
        check(tmp_path / "past", day.history)
    assert all((tmp_path / "past" / name).exists() for name in TABLES)


def test_the_folder_after_a_matchday_is_added_to_and_never_rewritten(tmp_path):
    seen = {}
    for _ in opened(small_season(), PastFiles(tmp_path)):
        now = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
        assert all(now[path] == seen[path] for path in seen)
        seen = now


def test_a_folder_that_is_not_empty_is_refused_with_nothing_changed(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(MatchdayError, match=r"is not empty; give an empty one, or one that is not there\.$"):
        PastFiles(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_each_episode_of_a_host_has_a_folder_of_its_own_and_is_told_which(tmp_path):
    task = Task(name="little", source="synthetic", season="2024-25")
    host = Host([task], parameters={"synthetic": {"clubs": 4, "history": 1}}, files=tmp_path)
    one, other = (host.open(task, session=name) for name in ("one", "other"))
    one.call("next_matchday")
    assert str(tmp_path / "one") in one.prompt and str(tmp_path / "other") in other.prompt
    assert len(list((tmp_path / "one" / "matches").iterdir())) == 1 + len(
        list((tmp_path / "other" / "matches").iterdir())
    )


def test_a_folder_that_is_gone_in_mid_season_does_not_end_the_season(tmp_path):
    task = Task(name="little", source="synthetic", season="2024-25")
    host = Host([task], parameters={"synthetic": {"clubs": 4, "history": 1}}, files=tmp_path / "files")
    env = host.open(task, session="one")
    shutil.rmtree(tmp_path / "files")
    (tmp_path / "files").write_text("a file where the folder was")
    while not env.finished:
        assert env.call("next_matchday").ok


def test_the_files_change_nothing_of_what_is_answered(tmp_path):
    task = Task(name="little", source="synthetic", season="2024-25")
    parameters = {"synthetic": {"clubs": 4, "history": 1}}
    with_files = Host([task], parameters=parameters, files=tmp_path).open(task, session="one")
    without = Host([task], parameters=parameters).open(task)
    assert isinstance(without, SeasonEnvironment)
    while not without.finished:
        for name in ("view_matches", "view_history", "next_matchday"):
            assert with_files.call(name) == without.call(name)
