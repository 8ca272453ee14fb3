"""A search on the screen: the best trials, by how much, and what may be claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.markup import escape

from matchday.cli.screen import out, table
from matchday.season import Season
from matchday.tuning import Tuning
from matchday.tuning.space import combinations
from matchday.tuning.study import Trial
from matchday.wording import UNKNOWN, figure, listed

#: Trials that are shown.
SHOWN = 8


def show_tuning(tuning: Tuning, *, output: Path, store: str, replaced: bool = False) -> None:
    """Print a search: its best trials and the agent as it was, the gain, the claim, and where everything is.

    ``replaced`` says that the agent's own file was, so that the same command would search from there.
    """
    _title(tuning)
    _trials(tuning)
    _lost(tuning)
    out.print()
    for name, text in _told(tuning, output, store, replaced=replaced).items():
        row = table("name<", "text<")
        row.show_header, row.columns[0].no_wrap = False, True
        row.add_row(f"{name:<6}", escape(text))
        out.print(row)


def _title(tuning: Tuning) -> None:
    search = tuning.search
    seasons = [each.season for each in search.schedules if isinstance(each.season, Season)]
    names, seeds = list(dict.fromkeys(each.name for each in seasons)), {each.seed for each in search.schedules}
    span = names[0] if len(names) == 1 else f"{len(names)} seasons, {min(names)} to {max(names)}"
    where = f"{seasons[0].source} {seasons[0].competition}, {span}"
    tried = f"{len(tuning.record)} trials" + (f" of {tuning.tried} agents" if tuning.tried < len(tuning.record) else "")
    luck = f", {len(seeds)} seeds" if len(seeds) > 1 else ""
    out.print(f"[bold]{escape(search.file.name)}[/] tuned on {escape(where)}{luck}: {tried}\n")


def _trials(tuning: Tuning) -> None:
    goal, own = tuning.search.goal, tuning.record[0]
    names, best = [each.name for each in tuning.search.space], tuning.ranked[:SHOWN]
    shown = table("trial", goal.meaning, "better in", *names)
    for trial in [*best, *([own] if own not in best else [])]:
        values = [escape(_written(trial.parameters[name])) for name in names]
        shown.add_row(
            _number(trial),
            figure(trial.value, goal.form),
            _better(tuning, trial),
            *values,
            style="bold" if trial is best[0] else "",
        )
    out.print(shown)
    out.print("[dim]trial 0: the agent as it was; better in: schedules in which a trial did better than that[/]")


def _number(trial: Trial) -> str:
    return str(trial.number) if trial.status == "finished" else f"{trial.number} ({trial.status})"


def _better(tuning: Tuning, trial: Trial) -> str:
    """Count the schedules in which a trial did better than the agent as it was."""
    gains = tuning.gains(trial) if trial.number else ()
    return f"{sum(gain > 0 for gain in gains)} of {len(gains)}" if len(gains) else UNKNOWN


def _lost(tuning: Tuning) -> None:
    """Say why trials came to nothing, each reason once."""
    for status in ("failed", "refused"):
        reasons = [trial.message for trial in tuning.record if trial.status == status]
        for reason in dict.fromkeys(reasons):
            out.print(f"{status} ({reasons.count(reason)}): {escape(reason)}", soft_wrap=True)


def _told(tuning: Tuning, output: Path, store: str, *, replaced: bool) -> dict[str, str]:
    search, tuned = tuning.search, tuning.tuned
    values = ", ".join(f"{name} = {_written(value)}" for name, value in tuning.parameters.items())
    told = {"best": f"trial {tuning.best.number}: {values}", "gain": _gain(tuning)}
    told["claim"] = (
        f"none on {listed(tuned.seasons, most=4)}, on which it was chosen; only seasons that no trial has played can "
        f"say how good it is. Comparisons count it as the best of {tuned.trials:,} that were tried."
    )
    if tuning.beside:
        told["beside"] = f"{tuning.beside:,} more were tried for it by other searches in {store}; they count too."
    if search.file.tuned is not None:
        told["before"] = f"it had been tuned by {search.file.tuned.trials:,} trials already; {output} counts both."
    every, tried = combinations(search.space), [trial.parameters for trial in tuning.record]
    over = every is not None and all(each in tried for each in every)
    more = (
        "the agent's own file is another now, and the same command begins anew from it"
        if replaced
        else ("all there is was tried" if over else "the same command with more --trials goes on")
    )
    return {
        **told,
        "study": f"{search.name} in {store}; {more}",
        "agent": str(output),
    }


def _gain(tuning: Tuning) -> str:
    gain, best = tuning.gain, tuning.best.number == 0
    if gain is None:
        return f"not known: the agent as it was came to nothing ({tuning.record[0].message})"
    if best:
        return f"none: of {tuning.tried} that were tried none did better than the agent as it was"
    form = f"+{tuning.search.goal.form.removeprefix('+')}"
    sure = (
        "one schedule, so nothing to resample"
        if gain.low is None
        else (f"95 % {figure(gain.low, form)} to {figure(gain.high, form)} over {gain.schedules} schedules")
    )
    return (
        f"{figure(gain.difference, form)} better than the agent as it was ({sure}). The best of {tuning.tried} is "
        "luckier than it is good: expect less of it elsewhere, perhaps nothing."
    )


def _written(value: Any) -> str:
    return figure(value, "g") if isinstance(value, float) else str(value)
