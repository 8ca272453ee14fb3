"""The command ``tune``: what is to be searched, the progress, and where the best agent goes."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from matchday.cli import screen
from matchday.cli.options import assignment, read_overrides
from matchday.cli.schedules import Span
from matchday.cli.trials import show_tuning
from matchday.errors import MatchdayError
from matchday.tuning import Choices, Range, Search, Tuning
from matchday.tuning.agentdraft import AgentDraft
from matchday.tuning.space import by_component
from matchday.tuning.study import Trial, need_packages, tried_beside

#: How a parameter is written that is to be searched.
RULE = "rule: COMPONENT.PARAMETER=LOW:HIGH, =LOW:HIGH:log or =A,B,C."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user wants: the search as the command line has it, and what is to be done with it."""

    agent: str
    parameters: Sequence[str]
    overrides: Sequence[str]
    span: Span
    objective: str

    def search(self) -> tuple[Search, AgentDraft]:
        """Prepare the search, and the file that its best parameters will go to."""
        need_packages()
        overrides = read_overrides(self.overrides)
        span = self.span.with_source(overrides)
        parameters, draft = read_parameters(self.parameters), AgentDraft(self.agent, overrides)
        seed = span.choice.seed
        search = Search.of(draft.file, parameters, span.schedules(), objective=self.objective, seed=seed)
        return search, draft


def read_parameters(texts: Sequence[str]) -> dict[str, Range | Choices]:
    """Read COMPONENT.PARAMETER=LOW:HIGH, =LOW:HIGH:log or =A,B,C, as ``--param`` takes it.

    >>> read_parameters(["goals.half_life_days=100:800", "blend.pool=linear,log"])["goals.half_life_days"]
    Range(low=100, high=800, log=False, whole=False)
    """
    found: dict[str, Range | Choices] = {}
    for text in texts:
        name, _, domain = (part.strip() for part in text.partition("="))
        if name in found:
            raise MatchdayError(f"--param {name} is there twice; name it once.")
        try:
            found[name] = _domain(domain)
        except (ValueError, OverflowError, MatchdayError) as error:
            said = f": {error}" if isinstance(error, MatchdayError) else f" is not to be read; {RULE}"
            raise MatchdayError(f"--param {text!r}{said}") from error
    return found


def _domain(text: str) -> Range | Choices:
    """Read bounds or choices; raises ``ValueError`` where it is neither."""
    if "," in text:
        return Choices(*_values(text))
    low, high, *log = (part.strip() for part in text.split(":"))
    if log not in ([], ["log"]):
        raise ValueError(log)
    return Range(_number(low), _number(high), log=bool(log))


def _values(text: str) -> list[Any]:
    """Read a list of values: a TOML array's inside, or words between commas."""
    try:
        read = tomllib.loads(f"values = [{text}]")
    except tomllib.TOMLDecodeError:
        return [assignment(f"value={part}")[1] for part in text.split(",")]
    return list(read["values"])


def _number(text: str) -> float:
    """Read a number, a whole one as such: between whole bounds a whole parameter is searched."""
    try:
        return int(text)
    except ValueError:
        return float(text)


def tune_agent(
    wanted: Wanted, *, trials: int, output: Path, jobs: int | None, store: str, forecasts: Path | None, as_json: bool
) -> None:
    """Search, write the best agent down, and show what came of it; everything is checked before anything is played."""
    search, draft = wanted.search()
    draft.check(output, study=search.name)
    record = _searched(search, trials, jobs=jobs, store=store, forecasts=forecasts, hidden=as_json)
    tuning = Tuning(search, record, tried_beside(search.name, search.agent, store=store))
    own = draft.is_own(output)
    draft.put(by_component(tuning.parameters))
    draft.tell(tuning.tuned)
    draft.write(output)
    if as_json:
        print(json.dumps(as_object(tuning, output)))
    else:
        show_tuning(tuning, output=output, store=store, replaced=own)


def _searched(
    search: Search, trials: int, *, jobs: int | None, store: str, forecasts: Path | None, hidden: bool
) -> list[Trial]:
    """Go on with a search to its end, with a progress bar."""
    from joblib import cpu_count

    record: list[Trial] = []
    plays, shown = len(search.schedules), 0
    with _kept(record, trials, store), screen.counting(trials * plays, hidden=hidden) as advance:

        def follow(what: str) -> None:
            nonlocal shown
            shown += 1
            advance(f"trial {len(record) + 1} of {trials}: {what}")

        folder = None if forecasts is None else forecasts.expanduser()
        going = partial(search.go_on, jobs=jobs or cpu_count(), store=store, forecasts=folder)
        for trial in going(trials, follow=lambda play: follow(play.spec.season)):
            record.append(trial)
            while shown < len(record) * plays:
                follow("on record")
    return record


@contextmanager
def _kept(record: Sequence[Trial], trials: int, store: str) -> Iterator[None]:
    """Say what is kept where a search is cut off."""
    try:
        yield
    except (KeyboardInterrupt, MatchdayError) as error:
        kept = (
            f"{len(record)} of {trials} trials are over and on record in {store}; the same command goes on from there"
        )
        if isinstance(error, KeyboardInterrupt):
            screen.remark(f"interrupted; {kept}")
            raise
        raise MatchdayError(f"{error} ({kept})" if record else str(error)) from error


def as_object(tuning: Tuning, output: Path) -> dict[str, Any]:
    """Write a search as one object for JSON: what is not known is null."""
    return {
        "agent": tuning.search.file.name,
        "study": tuning.search.name,
        "objective": tuning.search.goal.objective,
        "best": tuning.best.number,
        "value": tuning.value,
        "parameters": tuning.parameters,
        "gain": None if tuning.gain is None else dataclasses.asdict(tuning.gain),
        "tuned": tuning.tuned.model_dump(mode="json"),
        "trials": [dataclasses.asdict(trial) for trial in tuning.record],
        "written": str(output),
    }
