"""The contracts of the testing kit: each catches the fault it is there for, and blames nothing else."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from pydantic import ConfigDict

import faulty
from faulty import broken_by
from matchday import Component, Forecast, MatchdayError, Source, hookimpl
from matchday.testing import check, small_season
from matchday.testing import components as plain
from matchday.testing.contracts import OF_COMPONENTS, OF_SOURCES
from matchday.testing.differing import first_difference

PLAIN = [plain.Coin, plain.Scores, plain.Fixed, plain.Mean, plain.Positive, plain.Everything, plain.Level, plain.Alarm]

#: A component, and what is found broken about it.
FAULTS = [
    (faulty.TakesAnything, {"parameters_survive"}),
    (faulty.TakesUnknown, {"parameters_survive"}),
    (faulty.CanBeChanged, {"parameters_survive"}),
    (faulty.Rounds, {"parameters_survive"}),
    (faulty.CannotBeWritten, {"parameters_survive", "plays"}),
    (faulty.Fails, {"plays"}),
    (faulty.FailsInside, {"plays"}),
    (faulty.Unseeded, {"repeats_itself"}),
    (faulty.DrawsGlobally, {"repeats_itself"}),
    (faulty.SeedsGlobally, {"repeats_itself"}),
    (faulty.SharedState, {"repeats_itself"}),
    (faulty.Remembers, {"forgets"}),
    (faulty.Peeps, {"does_not_look_ahead"}),
    (faulty.PeepsAtLaterPrices, {"does_not_look_ahead"}),
    (faulty.KnowsMoney, {"forecasts_know_no_money"}),
    (faulty.KnowsItsBets, {"forecasts_know_no_money"}),
    (faulty.KeepsScores, {"probabilities_are_coherent"}),
    (faulty.DoesNotAddUp, {"plays", "probabilities_are_coherent"}),
    (faulty.Overstakes, {"keeps_the_rules"}),
    (faulty.Doubles, {"keeps_the_rules"}),
    (faulty.WritesToTheForecast, {"changes_nothing"}),
    (faulty.WritesToTheEdges, {"changes_nothing"}),
    (faulty.WritesToTheSlip, {"changes_nothing"}),
    (faulty.WritesToTheSettlement, {"changes_nothing"}),
    (faulty.EmptiesTheList, {"changes_nothing"}),
    (faulty.NeedsTwoMatches, {"survives_a_slate_of_one_match"}),
    (faulty.NeedsEveryPrice, {"survives_missing_odds"}),
    (faulty.NeedsEveryOpinion, {"survives_missing_odds"}),
    (faulty.NeedsAProbability, {"survives_missing_odds"}),
    (faulty.NeedsKnownClubs, {"survives_unseen_clubs"}),
    (faulty.NeedsAPast, {"survives_an_empty_history"}),
    (faulty.NeedsWeeks, {"survives_a_postponed_match", "survives_an_odd_calendar"}),
    (faulty.NeedsNoGap, {"survives_an_odd_calendar"}),
    (faulty.NeedsShots, {"survives_a_source_of_scores_and_prices_alone"}),
    (faulty.HoldsALock, {"can_be_pickled"}),
    (faulty.GoesByHashes, {"can_be_pickled"}),
    (faulty.RemembersDates, {"can_be_pickled"}),
    (faulty.GoesByTheClock, {"ignores_the_clock"}),
    (faulty.ReadsAFile, {"declares_its_effects"}),
    (faulty.ListsAFolder, {"declares_its_effects"}),
    (faulty.OpensASocket, {"declares_its_effects"}),
    (faulty.StartsAProcess, {"declares_its_effects"}),
    (faulty.AsksEveryTime, {"declares_its_effects"}),
]


@pytest.mark.parametrize(("component", "contracts"), FAULTS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_fault_is_found_and_nothing_else_is_blamed(component, contracts):
    found = broken_by(component)
    assert found.keys() == contracts
    for evidence in found.values():
        assert "\n" not in evidence
        assert evidence.endswith(".")


def test_every_contract_that_can_be_broken_has_a_fault_that_breaks_it():
    caught = set().union(*(contracts for _, contracts in FAULTS))
    assert {each.key for each in OF_COMPONENTS} - caught == {"costs_are_known"}


def test_figures_that_differ_in_rounding_alone_are_told_in_full():
    mine, other = ('{"event":"A","x":0.3}', '{"event":"A","x":0.30000000000000004}')
    assert first_difference([mine], [other]).startswith("A, x: 0.3, then 0.30000000000000004, as sums differ whose")


class AbstainsAlone(Component):
    """A model that has no opinion on a day of one match."""

    @hookimpl
    def forecast(self, day):
        p = 0.5 if len(day.slate) > 1 else np.nan
        rest = (1 - p) / 2
        return Forecast(pd.DataFrame({"home": p, "draw": rest, "away": rest}, index=day.slate.index))


def test_a_model_that_abstains_is_not_blamed_and_it_is_told_where():
    told = {each.contract: each for each in check(AbstainsAlone).findings}
    assert {each.status for each in told.values()} == {"kept"}
    silent = {name for name, each in told.items() if "no opinion on any match" in each.evidence}
    assert silent == {"it survives a slate of one match"}


@pytest.mark.parametrize("component", PLAIN)
def test_the_plain_components_of_the_kit_keep_every_contract(component):
    assert broken_by(component) == {}


class Small(Source):
    """A source of one small season."""

    seed: int = 0

    def seasons(self):
        return ["2001-02"]

    def season(self, name, *, partial=False):
        if name != "2001-02":
            raise MatchdayError(f"Season {name!r} is not here; seasons: 2001-02.")
        return self._changed(small_season(matchdays=3, seed=self.seed))

    def _changed(self, season):
        return season

    def _with(self, season, **columns):
        return dataclasses.replace(season, matches=season.matches.assign(**columns))


class LooseSource(Small):
    model_config = ConfigDict(extra="allow")


class Repeats(Small):
    def seasons(self):
        return ["2001-02", "2001-02"]


class SeasonsFail(Small):
    def seasons(self):
        raise ConnectionError("nobody answers")


class NoSeason(Small):
    def _changed(self, season):
        raise FileNotFoundError("no such file")


class DatesAsText(Small):
    def _changed(self, season):
        return self._with(season, kickoff=season.matches["kickoff"].astype(str))


class NoDates(Small):
    def _changed(self, season):
        return self._with(season, date=season.matches["date"].astype(str))


class OddsAsText(Small):
    def _changed(self, season):
        return dataclasses.replace(season, quotes=season.quotes.astype(str))


class HalfGoals(Small):
    def _changed(self, season):
        return self._with(season, home_goals=season.matches["home_goals"] + 0.5)


class OddsOfOne(Small):
    def _changed(self, season):
        quotes = season.quotes.copy()
        quotes.iloc[2, 3] = 1.0
        return dataclasses.replace(season, quotes=quotes)


class OddSelections(Small):
    def _changed(self, season):
        return dataclasses.replace(season, quotes=season.quotes.rename(columns={"home": "1"}, level=1))


class NamelessPlayers(Small):
    def _changed(self, season):
        return dataclasses.replace(season, players=season.players.drop(columns="player"))


class TwiceADay(Small):
    def _changed(self, season):
        return self._with(season, away=season.matches["home"].shift(-1).fillna("Albion"))


class AnotherEachTime(Small):
    def _changed(self, season):
        return self._with(season, home_shots=np.random.default_rng().poisson(10, len(season.matches)).astype(float))


class AnySeason(Small):
    def season(self, name, *, partial=False):
        return small_season(matchdays=3)


class WithoutClosingPrices(Small):
    def _changed(self, season):
        return dataclasses.replace(season, policies={"opening": season.policies["opening"]})


class Uncopied(Small):
    def __reduce_ex__(self, protocol):
        raise TypeError("not to be copied")


SOURCE_FAULTS = [
    (Small, set()),
    (LooseSource, {"source_parameters_survive"}),
    (Repeats, {"lists_its_seasons"}),
    (SeasonsFail, {"lists_its_seasons", "loads"}),
    (NoSeason, {"loads"}),
    (DatesAsText, {"frames_are_as_described"}),
    (NoDates, {"frames_are_as_described", "can_be_played"}),
    (OddsAsText, {"frames_are_as_described"}),
    (HalfGoals, {"frames_are_as_described"}),
    (OddsOfOne, {"frames_are_as_described"}),
    (OddSelections, {"frames_are_as_described"}),
    (NamelessPlayers, {"frames_are_as_described"}),
    (TwiceADay, {"frames_are_as_described"}),
    (AnotherEachTime, {"gives_the_same_season"}),
    (AnySeason, {"refuses_other_seasons"}),
    (WithoutClosingPrices, {"can_be_played"}),
    (Uncopied, {"source_can_be_pickled"}),
]


@pytest.mark.parametrize(("source", "contracts"), SOURCE_FAULTS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_fault_of_a_source_is_found_and_nothing_else_is_blamed(source, contracts):
    checked, keys = check(source), {each.name: each.key for each in OF_SOURCES}
    assert {keys[each.contract] for each in checked.broken} == contracts
    for finding in checked.broken:
        assert "\n" not in finding.evidence
        assert finding.evidence.endswith(".")


def test_a_source_that_fails_where_no_contract_looks_for_it_is_told_with_its_line():
    (listed, *_) = check(SeasonsFail).broken
    assert listed.evidence.startswith("it failed: ConnectionError: nobody answers (tests/core/test_contracts.py, line ")


def test_every_contract_of_sources_has_a_fault_that_breaks_it():
    assert set().union(*(contracts for _, contracts in SOURCE_FAULTS)) == {each.key for each in OF_SOURCES}
