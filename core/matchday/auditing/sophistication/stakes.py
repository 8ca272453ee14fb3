"""What is asked of the stakes: Kelly at execution, all of a day together, capped, and less where less is known."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection

import numpy as np

from matchday.auditing.sophistication.asking import bounds, sizes_together
from matchday.auditing.sophistication.criterion import Verdict, by_share, criterion
from matchday.auditing.sophistication.evidence import Evidence
from matchday.auditing.sophistication.record import Chain, Day, Event, Key
from matchday.auditing.sophistication.resolving import (
    GROWTH,
    Resolved,
    Resolver,
    alike,
    beside_lone,
    constant_fraction,
    fractions,
    growth_reached,
    levelled,
    lone_kelly,
)
from matchday.errors import MatchdayError
from matchday.parts import Part
from matchday.wording import listed

#: What float64 may add to a share.
ROUNDING = 1e-9

NOTHING_STAKED: Verdict = ("not applicable", "no stake was chosen: all bets were forced")
NO_STEPS: Verdict = ("not assessable", "the run has no steps on record, as older ones have not; play it again")
ALONE: Verdict = ("not assessable", "a component decides by itself, and no step of it is on record")


@criterion(
    "Kelly at execution",
    points=2,
    asks="Is every stake Kelly's for the probability at hand, or a fraction of that?",
    decided="Each chosen stake is traced to the staking's first answer, which is worked out again from the recorded "
    "probabilities and odds: one fraction (at most 1) of each bet's own Kelly stake all day, or, of a component with "
    "the trait `kelly`, the same shares once more, which, or a multiple of which, reach nine tenths of the "
    "largest growth. No later step may raise it, or make all bets of a matchday alike. Partly: half of the stakes or "
    "more",
)
def kelly(evidence: Evidence) -> Verdict:
    """Count the chosen stakes that are at most what a Kelly staking answered."""
    chosen = [(day, bet) for day in evidence.played for bet in day.chosen]
    if not chosen:
        return NOTHING_STAKED
    if not evidence.staking:
        return _without_steps(evidence, [bet for _, bet in chosen])
    ceilings, told = _kelly_ceilings(evidence)
    good = sum(
        bet["share"] <= ceilings[day.number].get((bet["match_id"], bet["selection"]), 0.0) * (1.0 + 1e-6)
        for day, bet in chosen
    )
    return by_share(good / len(chosen)), f"{good} of {len(chosen)} chosen stakes; {'; '.join(told)}"


def _without_steps(evidence: Evidence, bets: list[Event]) -> Verdict:
    """Judge the placed bets by themselves, where a component decides without the chain or the record is too old."""
    fraction = constant_fraction([(bet["share"], lone_kelly(bet["probability"], bet["odds"])) for bet in bets])
    if fraction is not None:
        return "met", f"{len(bets)} of {len(bets)} chosen stakes are {_of_kelly(fraction, fraction)}, bet by bet"
    if any(part.answers("decide") for part in evidence.parts or ()):
        return "not met", "the stakes are no constant fraction of Kelly's, and no step on record says what they are"
    return NO_STEPS


def _of_kelly(least: float, most: float) -> str:
    if not alike([least, most]):
        return f"{least:.3g} to {most:.3g} of Kelly's"
    return "Kelly's" if most > 0.999 else f"{most:.3g} of Kelly's"


def _kelly_ceilings(evidence: Evidence) -> tuple[dict[int, dict[Key, float]], list[str]]:
    """Answer the largest Kelly share of each bet, by matchday, and what is to be said of each agent's staking."""
    ceilings: dict[int, dict[Key, float]] = defaultdict(dict)
    told = []
    for agent in evidence.stakers:
        sound, words = _judged(evidence, agent, evidence.chains_of(agent))
        told.append(words)
        for day, chain in sound:
            for key, share in chain.sized[0][1].items():
                ceilings[day.number][key] = max(share, ceilings[day.number].get(key, 0.0))
    return ceilings, told


def _judged(evidence: Evidence, agent: str, chains: list[tuple[Day, Chain]]) -> tuple[list[tuple[Day, Chain]], str]:
    """Answer the matchdays on which an agent's staking was Kelly's, and how that is known."""
    path = chains[0][1].stakes[0][0]
    if levelled(chains):
        return [], f"what {path!r} stakes is levelled: in the end all bets of a matchday are alike"
    parts = fractions([beside_lone(chain) for _, chain in chains])
    if parts is not None:
        return chains, f"{path!r} stakes {_of_kelly(*parts)}, bet by bet"
    part = next((each for each in evidence.having("kelly", agent=agent) if each.path == path), None)
    if part is None:
        return [], f"those of {path!r} are not Kelly's for the probabilities on record"
    try:
        resolver = Resolver(part, evidence.opened)
    except MatchdayError as error:
        return [], f"those of {path!r} cannot be worked out again: {error}"
    found = [resolver.resolve(day, chain) for day, chain in chains]
    sound = [pair for pair, each in zip(chains, found, strict=True) if each.kelly]
    try:
        reached = growth_reached(sound, evidence.opened) if sound else np.nan
    except MatchdayError as error:
        return [], f"the growth of what {path!r} stakes cannot be worked out: {error}"
    if reached < GROWTH:
        return [], f"{path!r} is not Kelly's: its shares reach {reached:.0%} of the growth that there is, by the record"
    return sound, _told(path, found)


def _told(path: str, found: list[Resolved]) -> str:
    exact, near = sum(each.kelly and each.exact for each in found), sum(each.kelly and not each.exact for each in found)
    words = f"{path!r} worked out again on {len(found)} matchdays: the same on {exact}"
    if near:
        words += f", near on {near}, where how two markets of a match depend on one another is not on record"
    wrong = [each.why for each in found if not each.kelly]
    return f"{words}; otherwise on {len(wrong)} ({wrong[0]})" if wrong else words


@criterion(
    "joint sizing",
    asks="Are the bets of a matchday sized together?",
    decided="On matchdays with several bets the first answer of the staking is of a component with the trait `joint` "
    "that stakes otherwise on a bet alone than on it among others. Partly: on half of them or more",
)
def joint(evidence: Evidence) -> Verdict:
    """Count the slips of several bets that were sized as a whole."""
    slips = [chain for _, _, chain in evidence.staking if len(chain.sized_last) > 1]
    if evidence.parts is None:
        return unknown(evidence)
    if not slips:
        return ("not applicable", "no slip had several bets") if evidence.staking else _nothing(evidence)
    declared = [part for part in evidence.having("joint") if part.path in {chain.stakes[0][0] for chain in slips}]
    together = {part.path for part in declared if sizes_together(part, evidence.opened, evidence.chains_of(part.agent))}
    hollow = [repr(part.path) for part in declared if part.path not in together]
    but = f"; {listed(hollow)} stakes on each bet as if it were alone" if hollow else ""
    good = [chain.stakes[0][0] for chain in slips if chain.stakes[0][0] in together]
    who = f" by {listed(map(repr, dict.fromkeys(good)))}" if good else ""
    return by_share(
        len(good) / len(slips)
    ), f"{len(good)} of {len(slips)} slips of several bets were sized as a whole{who}{but}"


@criterion(
    "a cap, and held",
    asks="Is what is at risk on a bet or a matchday bounded, whatever the model says?",
    decided="Every agent that staked has a component with the trait `cap` that lowered a share or, asked about a bet "
    "that is all but sure, stakes less than everything, and no step after it raised a share. Partly: half of those "
    "agents or more",
)
def cap(evidence: Evidence) -> Verdict:
    """Look for caps in the chains that staked, and for what came after them."""
    most_day = max((sum(bet["stake"] for bet in day.chosen) / day.bankroll for day in evidence.played), default=0.0)
    most_bet = max((bet["stake"] / day.bankroll for day in evidence.played for bet in day.chosen), default=0.0)
    risked = f"at most {most_day:.1%} of the bankroll was at risk on a day, {most_bet:.1%} on a bet"
    declared, acted = evidence.having("cap"), changed(evidence)
    bounding = [
        part for part in declared if part.path in acted or bounds(part, evidence.opened, evidence.chains_of(part.agent))
    ]
    held = {part.path for part in bounding if not _raised(evidence, part)}
    nobody = f"{listed(repr(part.path) for part in declared)} does not hold" if declared else "nothing bounds it"
    return _of_stakers(evidence, "cap", held, nobody=nobody, told=f"; {risked}")


@criterion(
    "estimation error in the stake",
    asks="Is less staked where the probability is less certain?",
    decided="Every agent that staked has a component with the trait `estimation-error` that changed shares, not all by "
    "one factor, or answers first, and not with one fraction of Kelly's. Partly: half of those agents or more",
)
def estimation_error(evidence: Evidence) -> Verdict:
    """Look for components that shrank shares."""
    declared = [part.path for part in evidence.having("estimation-error")]
    good = [path for path in declared if _tells_apart(evidence, path)]
    alike = f": {listed(map(repr, declared))} treats all bets alike" if declared else ""
    nobody = f"stakes do not depend on how certain a probability is{alike}"
    return _of_stakers(evidence, "estimation-error", good, nobody=nobody)


def _tells_apart(evidence: Evidence, path: str) -> bool:
    """Whether a step of the staking changed shares by other factors, or answered first with no constant fraction."""
    factors, first = [], []
    for _, _, chain in evidence.staking:
        first += [beside_lone(chain)] if chain.sized[0][0] == path else []
        for (_, before), (who, after) in itertools.pairwise(chain.sized):
            factors += [after.get(key, 0.0) / share for key, share in before.items() if who == path and share > 0.0]
    if first:
        return fractions(first) is None and not alike([share for day in first for share, _ in day])
    return not alike(factors)


def _of_stakers(evidence: Evidence, trait: str, good: Collection[str], *, nobody: str, told: str = "") -> Verdict:
    """Judge a trait that every agent that staked should have, in one of the components that are ``good``."""
    if evidence.parts is None:
        return unknown(evidence)
    if not evidence.staking:
        return _nothing(evidence)
    found = {
        agent: [part.path for part in evidence.having(trait, agent=agent) if part.path in good]
        for agent in evidence.stakers
    }
    slips, lacking = changed(evidence), [repr(agent) for agent, paths in found.items() if agent and not paths]
    first = {chain.sized[0][0] for _, _, chain in evidence.staking}
    did = {path: "sized the bets" if path in first else f"changed {slips.get(path, 0)} slips" for path in good}
    who = [f"{path!r} ({did[path]})" for paths in found.values() for path in paths]
    where = f", nothing in {listed(lacking)}" if who and lacking else ""
    return by_share(sum(map(bool, found.values())) / len(found)), f"{listed(who) or nobody}{where}{told}"


def _nothing(evidence: Evidence) -> Verdict:
    if not any(day.chosen for day in evidence.played):
        return NOTHING_STAKED
    return ALONE if any(part.answers("decide") for part in evidence.parts or ()) else NO_STEPS


def unknown(evidence: Evidence) -> Verdict:
    """Say that the components, and so their traits, are not known any more."""
    return "not assessable", evidence.missing["parts"]


def changed(evidence: Evidence) -> dict[str, int]:
    """Count the matchdays on which each wrapper of the staking changed a share, by its path."""
    count: dict[str, int] = defaultdict(int)
    for _, _, chain in evidence.staking:
        for (_, before), (who, after) in itertools.pairwise(chain.sized):
            count[who] += before != after
    return dict(count)


def _raised(evidence: Evidence, cap: Part) -> bool:
    """Whether a step behind a cap raised a share."""
    paths = [part.path for part in evidence.parts or () if part.agent == cap.agent]
    behind = set(paths[paths.index(cap.path) + 1 :])
    return any(
        who in behind and any(share > before.get(key, 0.0) * (1.0 + ROUNDING) for key, share in after.items())
        for _, agent, chain in evidence.staking
        if agent == cap.agent
        for (_, before), (who, after) in itertools.pairwise(chain.sized)
    )
