"""Traits: what a component may declare of itself where its code alone can tell, and an audit gives credit for it.

``traits: ClassVar = frozenset({"kelly"})`` in a component's class declares one. A trait counts in a run only where the
component took part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matchday.errors import did_you_mean

TRAITS: Mapping[str, str] = {
    "kelly": "its stakes make the expected log growth largest, by the probabilities that it is handed",
    "joint": "it sizes all bets of a matchday together",
    "cap": "it bounds what is at risk on a bet, a match or a matchday",
    "estimation-error": "it stakes less the less certain a probability is",
    "dynamic-ability": "clubs' abilities are states that move from match to match",
    "time-weighted": "older matches count less",
    "learns-in-season": "it learns from the results of the season that is played",
    "promoted": "of clubs that have come up it expects what is known of such clubs, or is careful with them",
    "calibrates": "it corrects probabilities by forecasts that were made before their results were known",
    "multiple-testing": "it asks more of an edge the more of them are looked at",
}


def check_traits(component: str, traits: Iterable[str]) -> None:
    """Refuse a trait that is not in the vocabulary; raises ``TypeError``, as the class is made.

    >>> check_traits("Mine", {"kely"})
    Traceback (most recent call last):
    TypeError: Component Mine: trait 'kely' is not known; did you mean 'kelly'?
    """
    if isinstance(traits, str):
        raise TypeError(f"Component {component}: traits is {traits!r}; rule: a set, as frozenset({{{traits!r}}}).")
    for name in sorted(set(traits) - TRAITS.keys()):
        raise TypeError(f"Component {component}: trait {name!r} is not known; {did_you_mean(name, TRAITS)}")
