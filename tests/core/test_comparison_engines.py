"""The same table on one process, on several, and on a cluster, whatever becomes of the workers."""

import os
from pathlib import Path

import pandas as pd
import pytest

from doubles import Faulty, Fixed, Level, Positive, gambler, small_season
from matchday import Agent, Component, MatchdayError, compare, hookimpl
from matchday.comparison.engine import GIVEN_UP

SEASONS = [small_season(seed=1, matchdays=5), small_season(seed=2, matchdays=5)]

pytestmark = pytest.mark.filterwarnings(
    "ignore:A worker stopped while some jobs were given:UserWarning",  # joblib's remark on a worker that dies
)


class Deadly(Component):
    """Kills the process that it is played in, as long as ``lives`` has files to be made in it."""

    folder: Path
    lives: int = 1

    @hookimpl
    def matchday_opened(self, day):
        deaths = len(list(self.folder.iterdir()))
        if day.number == 3 and deaths < self.lives:
            (self.folder / str(deaths)).touch()
            os._exit(9)


def agents(*extra):
    return [
        gambler(),
        Agent("backer", [Fixed(), Positive(), Level(), *extra]),
        Agent("faulty", [Faulty(matchday=2), Positive(), Level()]),
    ]


def frames(comparison):
    return [comparison.plays.drop(columns="run_id"), comparison.matchdays, comparison.calibration, comparison.breakdown]


def same(one, other):
    for left, right in zip(frames(one), frames(other), strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


@pytest.fixture(scope="module")
def alone():
    return compare(agents(), SEASONS, seeds=2)


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def test_two_processes_give_the_same_table_as_one(alone):
    same(alone, compare(agents(), SEASONS, seeds=2, jobs=2))


def test_a_dask_cluster_gives_the_same_table_as_one_process(alone, cluster):
    same(alone, compare(agents(), SEASONS, seeds=2, scheduler=cluster.scheduler_address, backend="dask"))


def test_a_worker_process_that_dies_changes_nothing(tmp_path):
    deadly, harmless = Deadly(folder=tmp_path), Deadly(folder=tmp_path, lives=0)
    killed = compare(agents(deadly), SEASONS, jobs=2)
    assert len(list(tmp_path.iterdir())) == 1
    same(killed, compare(agents(harmless), SEASONS))


def test_a_dask_worker_that_is_killed_changes_nothing(tmp_path, cluster):
    deadly, harmless = Deadly(folder=tmp_path), Deadly(folder=tmp_path, lives=0)
    killed = compare(agents(deadly), SEASONS, scheduler=cluster.scheduler_address, backend="dask")
    assert len(list(tmp_path.iterdir())) == 1
    same(killed, compare(agents(harmless), SEASONS))


def test_workers_that_die_again_and_again_end_the_comparison_in_one_line(tmp_path):
    with pytest.raises(MatchdayError) as refused:
        compare(agents(Deadly(folder=tmp_path, lives=99))[:2], SEASONS, jobs=2)
    assert str(refused.value) == GIVEN_UP


def test_a_scheduler_that_does_not_answer_is_told_before_anything_is_played(monkeypatch):
    monkeypatch.setattr("matchday.comparison.engine.PATIENCE", 1)
    told = []
    with pytest.raises(MatchdayError, match=r"Scheduler 'tcp://127.0.0.1:9' does not answer, or has no worker"):
        compare(agents(), SEASONS, scheduler="tcp://127.0.0.1:9", backend="dask", follow=told.append)
    assert told == []
