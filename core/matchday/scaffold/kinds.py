"""The kinds of component that a package can be begun for."""

from __future__ import annotations

from dataclasses import dataclass

from matchday.errors import MatchdayError, did_you_mean


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of component: what it is, in a few words, and what it implements.

    ``name`` is also its module and its folder of templates; ``listed`` is the catalogue's word for it; ``data`` are the
    files beside the module.
    """

    name: str
    meaning: str
    implements: str
    listed: str = "component"
    data: tuple[str, ...] = ()


KINDS = {
    kind.name: kind
    for kind in (
        Kind("model", "a model, which says how likely each result is", "`forecast`"),
        Kind("blend", "a blend, which makes one forecast of the models'", "`blend`"),
        Kind("calibrator", "a calibrator, which corrects the blended forecast", "`blend`, as a wrapper"),
        Kind("edge", "an edge rule, which chooses the candidate bets", "`find_edges`"),
        Kind("staking", "a staking, which says how much of the bankroll goes on each bet", "`size_stakes`"),
        Kind("guard", "a guard, which cuts stakes down", "`size_stakes`, as a wrapper"),
        Kind("diagnostic", "a watch, which says what is unusual and raises an alarm", "`diagnose`"),
        Kind(
            "source",
            "a source, from which seasons come",
            "`seasons` and `season` of `matchday.Source`",
            "source",
            ("matches.csv",),
        ),
        Kind("agent", "an agent of agents, which lets whole agents decide", "`decide`, by `matchday.AgentOfAgents`"),
    )
}


def kind_of(name: str) -> Kind:
    """Look up a kind; raises ``MatchdayError`` with a did-you-mean."""
    if name not in KINDS:
        raise MatchdayError(f"Kind {name!r} is none of a component; {did_you_mean(name, KINDS)}")
    return KINDS[name]
