"""What is asked of the run as a whole: tries counted, alarms heeded, nothing refused, played to the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from matchday.auditing.sophistication.criterion import Status, Verdict, criterion
from matchday.auditing.sophistication.evidence import Evidence
from matchday.auditing.sophistication.record import Day, Event
from matchday.places import located
from matchday.tuned import searches
from matchday.wording import listed


@criterion(
    "multiple testing",
    asks="Is it counted, or corrected for, that the best of many was chosen?",
    decided="A search on record (`matchday tune`), of which the played season was no part; or a component with the "
    "trait `multiple-testing` that took part. Not met: it was, or agents of one name but other parameters played this "
    "season in the store and no search is on record",
)
def multiple_testing(evidence: Evidence) -> Verdict:
    """Look for a search on record, and for tries that are not."""
    spec = evidence.run.spec
    found = list(searches(spec.agent))
    seen = [each for each in found if each.saw(source=spec.source, competition=spec.competition, season=spec.season)]
    if seen:
        return "not met", f"its parameters were chosen on {spec.season} itself, in {seen[0].trials:,} trials"
    asked = {
        path for day in evidence.played for chain in day.chains.values() for path, _ in (*chain.edges, *chain.stakes)
    }
    correcting = [part.path for part in evidence.having("multiple-testing") if part.path in asked]
    if correcting:
        return "met", f"{listed(map(repr, correcting))} took part"
    if found:
        trials = sum(each.trials for each in found)
        return "met", f"{trials:,} trials are on record, none of them on {spec.season}; comparisons count them all"
    if evidence.variants > 1:
        told = f"{evidence.variants} agents called {spec.agent['name']!r} have played {spec.season}"
        return "not met", f"{told} with other parameters, and no search is on record"
    return "not applicable", "nothing was searched, as far as the store knows"


@criterion(
    "diagnosis, then action",
    asks="Does somebody watch, and is something done when an alarm is raised?",
    decided="For each new alarm on record an action names its watch in its cause, on that matchday, the next, or one "
    "since its first alarm. Partly: for some of them",
)
def diagnosis(evidence: Evidence) -> Verdict:
    """Count the alarms that were followed by an action."""
    alarms = list(_new_alarms(evidence))
    watched = any(day.of("Diagnosed") for day in evidence.played)
    if not alarms:
        return ("not applicable", "the watches raised no alarm") if watched else ("not met", "nothing watches")
    heeded = [_heeded(evidence, alarms, day, source) for day, source in alarms]
    who = Counter(source for _, source in alarms)
    told = listed(f"{n} of {source!r}" for source, n in who.items())
    first = next((action for action in heeded if action is not None), None)
    acted = "" if first is None else f"; e.g. {first['component']}: {first['action']}"
    good = sum(action is not None for action in heeded)
    status: Status = "met" if good == len(alarms) else "partly" if good else "not met"
    return status, f"{good} of {len(alarms)} alarms ({told}) were followed by an action{acted}"


def _new_alarms(evidence: Evidence) -> Iterator[tuple[int, str]]:
    """Find the alarms that were not raised on the matchday before: matchday and watch."""
    before: set[tuple[str, str, str | None]] = set()
    for day in evidence.played:
        found = [each["diagnosis"] for each in day.of("Diagnosed") if each["diagnosis"]["alarm"]]
        now = {(each["source"], each["measure"], each["match_id"]) for each in found}
        yield from ((day.number, source) for source, *_ in sorted(now - before, key=str))
        before = now


def _heeded(evidence: Evidence, alarms: list[tuple[int, str]], number: int, source: str) -> Event | None:
    """Find the latest action that an alarm, or an earlier one of its watch, led to."""
    first = min(day for day, whose in alarms if whose == source)
    named = re.compile(rf"(?<![\w-]){re.escape(source.rpartition('/')[2])}(?![\w-])")
    actions = [
        action
        for day in evidence.played
        if first <= day.number <= number + 1
        for action in day.of("ActionTaken")
        if named.search(action["cause"]) and action["component"] != source
    ]
    return actions[-1] if actions else None


@criterion(
    "season completed",
    asks="Was the season played to its end?",
    decided="The run's status: met where all matchdays were settled",
)
def completed(evidence: Evidence) -> Verdict:
    """Look how the run ended."""
    run, days = evidence.run, sum(bool(day.of("MatchdaySettled")) for day in evidence.played)
    of = "" if evidence.season is None else f" of {evidence.season.matchdays}"
    part = ", of a season that is not over" if run.spec.partial else ""
    return ("met" if run.status == "completed" else "not met"), f"{run.status}, {days}{of} matchdays settled{part}"


@criterion(
    "nothing refused, nothing failed",
    asks="Did every slip keep the rules, and every component its word?",
    decided="No refused slip, of an agent inside neither, and no failed component on record",
)
def sound(evidence: Evidence) -> Verdict:
    """Look for refusals and failures."""
    refused = [(day, each["reason"]) for day in evidence.days for each in day.of("SlipRefused")]
    refused += [(day, note) for day in evidence.played for note in _notes(day) if "slip refused" in note]
    failed = [
        (day, located(each["message"], each.get("place")))
        for day in evidence.days
        for each in day.of("ComponentFailed")
    ]
    if not refused and not failed:
        return "met", f"{len(evidence.played)} matchdays without a refusal or a failure"
    day, why = (failed + refused)[0]
    return "not met", f"{len(refused)} slips refused, {len(failed)} components failed; on matchday {day.number}: {why}"


def _notes(day: Day) -> list[str]:
    return [note for placed in day.of("SlipPlaced") for note in placed["notes"]]


@criterion("no ruin", asks="Was there a bankroll to the end?", decided="The run's status, and its largest drawdown")
def no_ruin(evidence: Evidence) -> Verdict:
    """Look whether the bankroll was lost."""
    summary = evidence.run.summary
    told = f"largest drawdown {summary.max_drawdown:.1%}"
    return ("not met", f"{told}, and ruin") if summary.ruined else ("met", told)
