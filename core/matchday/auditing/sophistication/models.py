"""What is asked of the models: abilities that move, learning in season, newcomers, calibration; and all are used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matchday.auditing.sophistication.criterion import HALF, Status, Verdict, criterion
from matchday.auditing.sophistication.evidence import Evidence
from matchday.auditing.sophistication.forecasts import HEARD, LEARNT, PRICE, moved
from matchday.auditing.sophistication.record import Day
from matchday.auditing.sophistication.stakes import unknown
from matchday.parts import Part
from matchday.wording import listed

NO_MODEL = "no model's forecast has weight in what the agent believed"

#: Traits of models of ability, what they are worth, and what abilities do there.
_ABILITY: tuple[tuple[str, Status, str], ...] = (
    ("dynamic-ability", "met", "move"),
    ("time-weighted", "partly", "fade"),
)

UNSEEN = "no view of clubs beyond the price's, or too few matches to see it move"

#: With these words an action says that a model was fitted again.
REFIT = ("refit", "retrain")


@criterion(
    "dynamic models of ability",
    points=2,
    asks="Are clubs' abilities taken to change with time?",
    decided="A model that is heard has the trait `dynamic-ability`, and by its forecasts the clubs moved between the "
    "halves of the season. Partly: it has `time-weighted` alone",
)
def dynamic_ability(evidence: Evidence) -> Verdict:
    """Look for models of moving abilities among those that are heard."""
    if evidence.parts is None:
        return unknown(evidence)
    heard = list(evidence.heard())
    if not heard:
        return "not met", NO_MODEL
    for trait, status, what in _ABILITY:
        able = [(part, shift) for part, shift in _shifts(evidence, heard) if trait in part.traits]
        moving = [(part, shift) for part, shift in able if shift is not None and shift >= LEARNT]
        if moving:
            return status, f"abilities {what} in {_names(part for part, _ in moving)}; {_moved(moving)}"
        if any(shift is None for _, shift in able):
            return "not assessable", f"{_names(part for part, _ in able)}: {UNSEEN}"
    still = [part for part in heard if part.traits & {trait for trait, _, _ in _ABILITY}]
    if still:
        return "not met", f"by the forecasts of {_names(still)} clubs did not move"
    return "not met", f"{_names(heard)}: no abilities that move"


@criterion(
    "learning in season",
    asks="Are models refitted, or do they learn, while the season runs?",
    decided="A model that is heard puts a refit on record after the first matchday, or has the trait "
    "`learns-in-season`, and by its forecasts the clubs moved. Partly: a blend or a calibrator alone learns",
)
def learning(evidence: Evidence) -> Verdict:
    """Look for refits on record, and for forecasts that change."""
    if evidence.parts is None:
        return unknown(evidence)
    heard = _shifts(evidence, list(evidence.heard()))
    refits = {
        part.path: n
        for part, shift in heard
        if shift is not None and shift >= LEARNT and (n := _refits(evidence, part))
    }
    if refits:
        return "met", listed(f"{path!r} was refitted {n} times" for path, n in refits.items())
    found = [(part, shift) for part, shift in heard if "learns-in-season" in part.traits or _refits(evidence, part)]
    learnt = [(part, shift) for part, shift in found if shift is not None and shift >= LEARNT]
    if learnt:
        return "met", f"{_names(part for part, _ in learnt)} learned from the results; {_moved(learnt)}"
    if any(shift is None for _, shift in found):
        return "not assessable", f"{_names(part for part, _ in found)}: {UNSEEN}"
    correcting = [
        part for part in evidence.having("learns-in-season") if not part.is_model and _changes(evidence, part)
    ]
    if correcting:
        return "partly", f"{_names(correcting)} alone learned; no model was refitted"
    if found:
        return "not met", f"by the forecasts of {_names(part for part, _ in found)} clubs did not move"
    return "not met", "no refit is on record" if heard else NO_MODEL


@criterion(
    "promoted clubs",
    asks="Is anything known, or is care taken, of clubs that did not play the season before?",
    decided="A model that is heard, or a step of the staking that was asked, has the trait `promoted`, and nine of ten "
    "matches of such clubs are forecast. Partly: half of them or more",
)
def promoted(evidence: Evidence) -> Verdict:
    """Look for components that know of newcomers, and for forecasts of their matches."""
    if evidence.parts is None or evidence.season is None:
        return unknown(evidence) if evidence.parts is None else ("not assessable", evidence.missing["season"])
    clubs = evidence.season.promoted
    if not clubs:
        return "not applicable", "no club is known to have come up"
    fixtures, blended = evidence.forecasts.fixtures, evidence.forecasts.blended
    theirs = fixtures.index[fixtures["home"].isin(clubs) | fixtures["away"].isin(clubs)]
    known = int(blended["home"].reindex(theirs).notna().sum())
    asked = [
        part
        for part in evidence.having("promoted")
        if part.agent in evidence.stakers and any(part.takes_part(hook) for hook in ("find_edges", "size_stakes"))
    ]
    able = [part for part in evidence.heard() if "promoted" in part.traits] + asked
    told = f"{known} of {len(theirs)} matches of {listed(sorted(clubs))} forecast"
    if not able:
        return "not met", f"{told}; nothing treats them as newcomers"
    share = known / max(len(theirs), 1)
    return "met" if share >= 0.9 else "partly" if share >= HALF else "not met", f"{_names(able)}; {told}"


@criterion(
    "calibration on other data",
    asks="Are probabilities corrected by forecasts whose results the model had not seen?",
    decided="A component with the trait `calibrates` put on record what it had learned, and changed the forecast",
)
def calibration(evidence: Evidence) -> Verdict:
    """Look for calibrators that changed anything."""
    if evidence.parts is None:
        return unknown(evidence)
    found = {part.path: n for part in evidence.having("calibrates") if (n := _changes(evidence, part))}
    if not found:
        return "not met", "no forecast was corrected"
    days = len(evidence.played)
    return "met", listed(f"{path!r} corrected the forecast on {n} of {days} matchdays" for path, n in found.items())


@criterion(
    "nothing idle",
    asks="Is every model that is listed listened to?",
    decided="Each model has an opinion and, beside others, weight in the blend by the log pool that is nearest to it",
)
def nothing_idle(evidence: Evidence) -> Verdict:
    """Look for models that have no say."""
    if evidence.parts is None:
        return unknown(evidence)
    weights, opinionated = evidence.forecasts.weights, evidence.forecasts.opinionated
    sources = list(dict.fromkeys(part.source for part in evidence.parts if part.agent or part.is_model))
    if not sources:
        return "not applicable", "there is no model"
    silent = [name for name in sources if name not in opinionated]
    own = {part.source for part in evidence.parts if part.is_model and not part.agent}
    unheard = [name for name in sources if name in own and name not in silent and weights.get(name, 0.0) < HEARD]
    told = [f"{name!r} never had an opinion" for name in silent] + [f"{name!r} has no weight" for name in unheard]
    if told:
        return ("partly" if len(told) < len(sources) else "not met"), listed(told)
    weighed = [f"{name} {weights[name]:.2f}" for name in (*sources, PRICE) if name in weights]
    return "met", f"weights in what was believed: {', '.join(weighed)}"


def _shifts(evidence: Evidence, parts: list[Part]) -> list[tuple[Part, float | None]]:
    """Say of each model how far the clubs moved by what is on record of it."""
    found = {name: moved(frame, evidence.forecasts) for name, frame in evidence.forecasts.models.items()}
    return [(part, found.get(part.source)) for part in parts]


def _moved(found: Sequence[tuple[Part, float | None]]) -> str:
    shift = max(shift for _, shift in found if shift is not None)
    return f"clubs' strengths moved by {shift:.0%} of their spread between the halves of the season"


def _refits(evidence: Evidence, part: Part) -> int:
    """Count a model's refits after the first matchday."""
    names = {part.path, part.path.rpartition("/")[2]}
    return sum(
        action["component"] in names and action["action"].lower().startswith(REFIT)
        for day in evidence.played
        if day.number > 1
        for action in day.of("ActionTaken")
    )


def _changes(evidence: Evidence, part: Part) -> int:
    """Count the matchdays on which a part made something else of what it was handed, by what it had learned."""
    learnt = next((day.number for day in evidence.played if _acts(day, part)), None)
    return 0 if learnt is None else sum(_changed(day, part) for day in evidence.played if day.number >= learnt)


def _acts(day: Day, part: Part) -> bool:
    """Whether a part put an action on record; blends and calibrators do when what they have learned matters."""
    return any(action["component"] == part.path for action in day.of("ActionTaken"))


def _changed(day: Day, part: Part) -> bool:
    chain = day.chains.get(part.agent)
    blends = [] if chain is None else chain.blends
    paths = [path for path, _ in blends]
    if part.path not in paths:
        return False
    place = paths.index(part.path)
    if place:
        return blends[place - 1][1] != blends[place][1]
    models = [made["forecast"]["probabilities"] for made in day.of("ForecastMade") if not made["blended"]]
    return part.agent != "" or blends[0][1] not in models


def _names(parts: Iterable[Part]) -> str:
    return listed(repr(part.path) for part in parts)
