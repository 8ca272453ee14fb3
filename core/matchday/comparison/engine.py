"""Where tasks are worked off: in this process, on all cores of the machine, or on a Dask cluster; by joblib."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from matchday.comparison.working import Outcome, Task, work, work_off
from matchday.errors import MatchdayError

#: Seconds that a scheduler, and its workers after it, have to answer.
PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Engine:
    """How many workers there are, and which: ``loky`` are processes of this machine, ``dask`` those of ``scheduler``.

    Without a scheduler's address Dask starts a cluster on this machine.
    """

    jobs: int = 1
    backend: Literal["loky", "dask"] = "loky"
    scheduler: str | None = None

    @contextlib.contextmanager
    def started(self) -> Iterator[Workers]:
        """Make the workers ready; raises ``MatchdayError`` where the cluster does not answer."""
        if self.backend == "loky" and self.jobs == 1:
            yield _Alone()
            return
        with self._configured():
            yield _Pool(self.jobs)

    @contextlib.contextmanager
    def _configured(self) -> Iterator[None]:
        import joblib

        if self.backend == "loky":
            with joblib.parallel_config("loky", n_jobs=self.jobs, inner_max_num_threads=1):
                yield
            return
        with _client(self) as client, joblib.parallel_config("dask", client=client, n_jobs=-1):
            yield


class Workers:
    """Takes tasks, and answers outcomes as they come."""

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Work tasks off; the iterator is read ahead, by two tasks a worker."""
        raise NotImplementedError


class _Alone(Workers):
    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        for task in tasks:
            yield from work(task)


@dataclass(frozen=True, slots=True)
class _Pool(Workers):
    jobs: int

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        import joblib

        pool = joblib.Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
        for played in pool(joblib.delayed(work_off)(task) for task in tasks):
            yield from played


@contextlib.contextmanager
def _client(engine: Engine) -> Iterator[Any]:
    """Connect to the scheduler, or start a cluster of ``jobs`` processes on this machine."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise MatchdayError("Backend 'dask' needs Dask; install it: pip install 'matchday[dask]'.") from error
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)  # a season is some ten megabytes
        where: Any = engine.scheduler
        if where is None:
            quiet = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
            where = stack.enter_context(LocalCluster(n_workers=engine.jobs, **quiet))  # type: ignore[no-untyped-call]
        try:
            client = stack.enter_context(Client(where, timeout=PATIENCE))  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            raise MatchdayError(
                f"Scheduler {engine.scheduler!r} does not answer, or has no worker, within {PATIENCE} seconds; start "
                "both (dask scheduler; dask worker ADDRESS), and give the address as tcp://host:8786."
            ) from error
        yield client
