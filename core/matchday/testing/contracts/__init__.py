"""The contracts, in the order in which they are told."""

from __future__ import annotations

from matchday.testing.contract import Contract
from matchday.testing.contracts.costs import costs_are_known, declares_its_effects
from matchday.testing.contracts.handling import changes_nothing, probabilities_are_coherent
from matchday.testing.contracts.hardships import SURVIVES, keeps_the_rules, plays
from matchday.testing.contracts.parameters import parameters_survive
from matchday.testing.contracts.repeating import (
    can_be_pickled,
    does_not_look_ahead,
    forecasts_know_no_money,
    forgets,
    ignores_the_clock,
    repeats_itself,
)
from matchday.testing.contracts.sources import OF_SOURCES

__all__ = ["OF_COMPONENTS", "OF_SOURCES"]

#: Of components, and of whole agents.
OF_COMPONENTS: tuple[Contract, ...] = (
    parameters_survive,
    plays,
    repeats_itself,
    forgets,
    does_not_look_ahead,
    forecasts_know_no_money,
    probabilities_are_coherent,
    keeps_the_rules,
    changes_nothing,
    *SURVIVES,
    can_be_pickled,
    ignores_the_clock,
    declares_its_effects,
    costs_are_known,
)
