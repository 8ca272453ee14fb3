"""Where tasks are worked off: in this process, on all cores of the machine, or on a Dask cluster."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from matchday.agent import Agent
from matchday.comparison.working import Outcome, Task, work, work_off
from matchday.errors import MatchdayError, did_you_mean

#: Seconds that a scheduler, and its workers after it, have to answer.
PATIENCE = 10

#: Kinds of workers.
BACKENDS = ("loky", "dask")

#: What is said when workers die again and again.
GIVEN_UP = (
    "Worker processes died again and again, of memory or by a signal; finished plays are kept: go on with fewer "
    "--jobs, or with --jobs 1 to see which agent it is."
)

#: Takes tasks, a few ahead of what is being worked on, and answers outcomes as they come.
Workers = Callable[[Iterable[Task]], Iterator[Outcome]]


class WorkerDied(Exception):
    """A worker process is gone, and with it what it was working on."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How many workers there are, and which: ``loky`` are processes of this machine, ``dask`` those of ``scheduler``.

    Without a scheduler's address Dask starts a cluster on this machine.
    """

    jobs: int = 1
    backend: str = "loky"
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise MatchdayError(f"Comparison with {self.jobs} jobs; rule: at least 1.")
        if self.backend not in BACKENDS:
            raise MatchdayError(f"Backend {self.backend!r} is none; {did_you_mean(self.backend, BACKENDS)}")

    def check(self, agents: Iterable[Agent]) -> None:
        """Raise ``MatchdayError`` for an agent that cannot be sent to another process, where there are others."""
        if self.backend == "loky" and self.jobs == 1:
            return
        import cloudpickle

        for agent in agents:
            try:
                cloudpickle.dumps(agent)
            except Exception as error:
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                raise MatchdayError(
                    f"Agent {agent.name!r} cannot be sent to another process ({reason}); make what it holds picklable, "
                    "or compare with --jobs 1."
                ) from error

    @contextlib.contextmanager
    def started(self) -> Iterator[Workers]:
        """Make the workers ready; raises ``MatchdayError`` where the cluster does not answer."""
        if self.backend == "dask":
            with _cluster(self) as client:
                yield partial(_on_cluster, client)
        elif self.jobs == 1:
            yield _in_turn
        else:
            yield partial(_on_cores, self.jobs)


def _in_turn(tasks: Iterable[Task]) -> Iterator[Outcome]:
    for task in tasks:
        yield from work(task)


def _on_cores(jobs: int, tasks: Iterable[Task]) -> Iterator[Outcome]:
    """Let joblib's processes work; where one of them dies, go on with a new pool and with what is left."""
    import joblib
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with joblib.parallel_config("loky", n_jobs=jobs, inner_max_num_threads=1):
        pool = joblib.Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
        try:
            for played in pool(joblib.delayed(work_off)(task) for task in tasks):
                yield from played
        except TerminatedWorkerError as error:
            raise WorkerDied from error


def _on_cluster(client: Any, tasks: Iterable[Task]) -> Iterator[Outcome]:
    """Keep two tasks a thread on the cluster, whose scheduler plays anew what a worker that dies leaves behind.

    These are Dask's own futures: joblib's Dask backend never returns once a task has been given up.
    """
    from distributed import KilledWorker, as_completed

    queue = iter(tasks)
    slots = 2 * sum(client.ncores().values())
    submit = partial(client.submit, work_off, pure=False)
    waiting: Any = as_completed(map(submit, islice(queue, slots)))  # type: ignore[no-untyped-call]
    for future in waiting:
        try:
            played = future.result()
        except KilledWorker as error:
            raise MatchdayError(GIVEN_UP) from error
        for task in islice(queue, 1):
            waiting.add(submit(task))
        future.release()
        yield from played


@contextlib.contextmanager
def _cluster(engine: Engine) -> Iterator[Any]:
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
            try:
                made = LocalCluster(n_workers=engine.jobs, **quiet)  # type: ignore[no-untyped-call]
            except RuntimeError as error:
                raise MatchdayError(
                    "Dask's workers did not start; in a script, call compare under: if __name__ == '__main__'."
                ) from error
            where = stack.enter_context(made)
        try:
            client = stack.enter_context(Client(where, timeout=PATIENCE))  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            raise MatchdayError(
                f"Scheduler {engine.scheduler!r} does not answer, or has no worker, within {PATIENCE} seconds; start "
                "both (dask scheduler; dask worker ADDRESS), and give the address as tcp://host:8786."
            ) from error
        yield client
