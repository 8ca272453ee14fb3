"""The trials of a search on record, in Optuna's tables of the run store's database, and what to try next.

Optuna is asked in memory, with all trials on record before it and a seed that goes by the trial's number; a trial is
written when it is over, whole, in one transaction. So a kill loses the trial that is being played and no more, and a
search that goes on tries what it would have tried.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matchday.errors import MatchdayError, StoreError
from matchday.store import Store
from matchday.store.engine import open_engine
from matchday.tuning.playing import Outcome, Status
from matchday.tuning.space import Parameter, combinations

if TYPE_CHECKING:
    import optuna

#: What a study remembers the agent under whose parameters it searches.
OF = "agent"

#: Seconds that a trial which is to be written waits for others that write the store.
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Trial:
    """A set of parameters that was tried; ``number`` counts from 0, which is the agent as it was."""

    number: int
    parameters: dict[str, Any]
    status: Status
    value: float | None
    plays: tuple[dict[str, Any], ...]
    message: str


def need_packages() -> None:
    """Raise ``MatchdayError`` where what tuning needs beyond the rest is not installed."""
    try:
        import optuna  # noqa: F401
        import tomlkit  # noqa: F401
    except ImportError as error:
        raise MatchdayError("Tuning needs Optuna and TOML Kit; install them: pip install 'matchday[tune]'.") from error


class Study:
    """A search on record; ``trials`` are those that are over, in their order.

    Use it as a context: ``with Study.opened(...) as study``.
    """

    def __init__(self, kept: optuna.Study, space: Sequence[Parameter], *, seed: int) -> None:
        import optuna

        self._kept, self._space = kept, space
        own = repr([(each.name, each.own) for each in space])  # tuned again, an agent is not led to where it has been
        self._entropy = [seed, zlib.crc32(own.encode())]
        self._every = combinations(space)
        self._memory = optuna.create_study(direction=kept.direction)
        self._memory.add_trials(kept.get_trials(deepcopy=False))
        self.trials = [_trial(each) for each in self._memory.trials]

    @classmethod
    @contextmanager
    def opened(
        cls, name: str, space: Sequence[Parameter], *, agent: str, store: str, more: bool, seed: int
    ) -> Iterator[Study]:
        """Open the study of this name, or begin it; ``more`` says that greater values are better.

        ``agent`` is what studies of one agent have in common, see ``tried_beside``.

        Raises ``StoreError`` where the store cannot be used, or was written by an Optuna that this one cannot read.
        """
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        Store(store).prepare()
        with _told(store), contextlib.closing(_Storage(store)) as storage:
            kept = optuna.create_study(
                study_name=name,
                storage=storage.optuna,
                direction="maximize" if more else "minimize",
                load_if_exists=True,
            )
            kept.set_user_attr(OF, agent)
            yield cls(kept, space, seed=seed)

    @property
    def left(self) -> list[dict[str, Any]] | None:
        """What has not been tried yet, of a few choices; None where there is always more to try."""
        if self._every is None:
            return None
        tried = {json.dumps(trial.parameters) for trial in self.trials}
        return [each for each in self._every if json.dumps(each) not in tried]

    def ask(self) -> tuple[optuna.Trial, dict[str, Any]]:
        """Answer the next parameters to try: first of all the agent's own; of a few choices, one that is left."""
        import optuna

        number, left = len(self.trials), self.left
        draw = np.random.SeedSequence([*self._entropy, number])
        self._memory.sampler = optuna.samplers.TPESampler(seed=int(draw.generate_state(1)[0]))
        if number == 0:
            return self._given({each.name: each.own for each in self._space})
        if left is not None:
            return self._given(left[np.random.default_rng(draw).integers(len(left))])
        asked = self._memory.ask()
        return asked, {each.name: each.domain.suggest(each.name, asked) for each in self._space}

    def _given(self, parameters: dict[str, Any]) -> tuple[optuna.Trial, dict[str, Any]]:
        """Let Optuna know of parameters that it did not choose; what lies outside the space it could not."""
        inside = [each for each in self._space if each.domain.holds(parameters[each.name])]
        self._memory.enqueue_trial({each.name: each.domain.written(parameters[each.name]) for each in inside})
        asked = self._memory.ask()
        for each in inside:
            each.domain.suggest(each.name, asked)
        return asked, parameters

    def keep(self, asked: optuna.Trial, parameters: dict[str, Any], outcome: Outcome) -> Trial:
        """Write a trial down that is over; raises ``StoreError`` where another process goes on with this search."""
        from optuna.trial import TrialState

        if len(self._kept.get_trials(deepcopy=False)) != len(self.trials):
            raise StoreError(f"Study {self._kept.study_name!r} is gone on with by another process; let that finish.")
        told = {"parameters": parameters, "plays": list(outcome.plays), "message": outcome.message}
        for name, value in told.items():
            asked.set_user_attr(name, value)
        state = {"finished": TrialState.COMPLETE, "failed": TrialState.FAIL, "refused": TrialState.PRUNED}
        frozen = self._memory.tell(asked, outcome.value, state=state[outcome.status])
        self._kept.add_trial(frozen)
        self.trials.append(_trial(frozen))
        return self.trials[-1]


def tried_beside(name: str, agent: str, *, store: str) -> int:
    """Count the agents that other searches in a store have tried for the same agent: the choice was among them too."""
    import optuna

    tried = 0
    with _told(store), contextlib.closing(_Storage(store)) as storage:
        for summary in optuna.get_all_study_summaries(storage.optuna):
            if summary.study_name != name and summary.user_attrs.get(OF) == agent:
                study = optuna.load_study(study_name=summary.study_name, storage=storage.optuna)
                played = [_trial(each) for each in study.get_trials(deepcopy=False)]
                distinct = {json.dumps(each.parameters) for each in played if each.status != "refused"}
                tried += max(0, len(distinct) - 1)  # each began with the agent as it was
    return tried


class _Storage:
    """Optuna's storage in the database of a run store."""

    def __init__(self, store: str) -> None:
        from optuna.storages import RDBStorage
        from sqlalchemy.exc import IntegrityError, OperationalError

        engine, file = open_engine(store)
        url = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        options = {"connect_args": {"timeout": PATIENCE}} if file else None
        try:
            try:
                self.optuna = RDBStorage(url, options)
            except (IntegrityError, OperationalError):  # another search was making Optuna's tables just then
                self.optuna = RDBStorage(url, options)
        except RuntimeError as error:
            raise StoreError(f"Store {store!r}: Optuna cannot read what another version wrote: {error}") from error

    def close(self) -> None:
        """Let the database go."""
        self.optuna.remove_session()
        self.optuna.engine.dispose()


@contextmanager
def _told(store: str) -> Iterator[None]:
    """Say in one line what is wrong with the database."""
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (StorageInternalError, SQLAlchemyError) as error:
        cause = error.__cause__ or error
        reason = str(getattr(cause, "orig", None) or cause).splitlines()[0]
        raise StoreError(f"Store {store!r} cannot be used: {reason}.") from error


def _trial(frozen: optuna.trial.FrozenTrial) -> Trial:
    from optuna.trial import TrialState

    ended: dict[TrialState, Status] = {
        TrialState.COMPLETE: "finished",
        TrialState.FAIL: "failed",
        TrialState.PRUNED: "refused",
    }
    told = frozen.user_attrs
    return Trial(
        number=frozen.number,
        parameters=told["parameters"],
        status=ended[frozen.state],
        value=frozen.value,
        plays=tuple(told["plays"]),
        message=told["message"],
    )
