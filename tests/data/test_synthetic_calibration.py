"""The synthetic league against the figures of the EPL that its defaults are set to; fixed seeds, 100 seasons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from matchday.markets import SELECTIONS, multiplicative, price_scores
from matchday_data.synthetic import Synthetic
from matchday_data.synthetic.bookmaker import BOOKMAKERS, QUOTE_COLUMNS
from matchday_data.synthetic.chance import Purpose
from matchday_data.synthetic.league import Campaign
from matchday_data.synthetic.matchstats import draw_statistics
from matchday_data.synthetic.scorelines import scorelines

Floats = npt.NDArray[np.float64]
SEEDS = range(4)


@dataclass(frozen=True)
class World:
    """25 seasons under each of several seeds, matches stacked."""

    campaigns: list[list[Campaign]]
    goals: Floats
    truth: Floats
    quotes: Floats

    @property
    def result(self) -> Floats:
        outcome = 1 - np.sign(self.goals[:, 0] - self.goals[:, 1]).astype(int)
        return np.asarray(np.identity(3)[outcome])

    def odds(self, bookmaker: str) -> Floats:
        columns = list(QUOTE_COLUMNS)
        return self.quotes[:, [columns.index((bookmaker, name)) for name in SELECTIONS]]

    def log_loss(self, probabilities: Floats) -> float:
        return float(-np.log((probabilities * self.result).sum(axis=1)).mean())


@pytest.fixture(scope="module")
def world() -> World:
    campaigns, quotes = [], []
    for seed in SEEDS:
        source = Synthetic(seed=seed)
        seasons = [each for each in source.campaigns(2024) if each.year >= 2000]
        for each in seasons:
            rng = source._stream(each, Purpose.PRICES)
            quotes.append(source.quote(rng, expected=each.expected, intensities=each.intensities, rho=source.rho))
        campaigns.append(seasons)
    every = [each for seasons in campaigns for each in seasons]
    prices = price_scores(scorelines(np.concatenate([e.intensities for e in every]), rho=Synthetic().rho))
    truth = np.stack([prices[name] for name in SELECTIONS], axis=1)
    return World(campaigns, np.concatenate([e.goals for e in every]), truth, np.concatenate(quotes))


def tables(world: World) -> list[list[dict[int, int]]]:
    """Goal difference of every club of the pool, by seed and season."""
    answer: list[list[dict[int, int]]] = []
    for seasons in world.campaigns:
        answer.append([])
        for each in seasons:
            margin = each.goals[:, 0] - each.goals[:, 1]
            total = np.bincount(each.fixtures.home, margin) - np.bincount(each.fixtures.away, margin)
            answer[-1].append(dict(zip(each.members.tolist(), total.astype(int).tolist(), strict=True)))
    return answer


def test_goals_and_results_are_as_frequent_as_in_the_epl(world: World) -> None:
    np.testing.assert_allclose(world.goals.mean(axis=0), [1.55, 1.24], atol=0.05)
    np.testing.assert_allclose(world.result.mean(axis=0), [0.450, 0.235, 0.315], atol=0.015)
    assert 0.50 < (world.goals.sum(axis=1) > 2.5).mean() < 0.55


def test_scores_follow_the_truth(world: World) -> None:
    won = np.column_stack([world.result, world.goals.sum(axis=1) > 2.5, world.goals.sum(axis=1) < 2.5])
    z = (won - world.truth).sum(axis=0) / np.sqrt((world.truth * (1 - world.truth)).sum(axis=0))
    assert np.abs(z).max() < 3.5


def test_truth_beats_the_closing_price_and_the_closing_price_beats_the_opening_one(world: World) -> None:
    truth = world.log_loss(world.truth[:, :3])
    closing, opening = (world.log_loss(multiplicative(world.odds(code)[:, :3])) for code in ("SYNC", "SYN"))
    assert 0.93 < truth < 0.98
    assert truth + 0.002 < closing < truth + 0.008
    assert closing + 0.001 < opening < closing + 0.006


def test_the_mean_overround_after_rounding_is_the_one_that_was_asked_for(world: World) -> None:
    inverse = 1.0 / world.odds("SYNC")
    assert inverse[:, :3].sum(axis=1).mean() == pytest.approx(1.054, abs=0.0005)
    assert inverse[:, 3:].sum(axis=1).mean() == pytest.approx(1.054, abs=0.0005)


def test_shopping_around_costs_less_than_the_house(world: World) -> None:
    best = np.max([world.odds(each.closing)[:, :3] for each in BOOKMAKERS], axis=0)
    assert 1.0 < (1.0 / best).sum(axis=1).mean() < 1.03


def test_longshots_pay_less_than_favourites(world: World) -> None:
    odds = world.odds("SYNC")[:, :3]
    value = world.truth[:, :3] * odds - 1.0
    favourites, longshots = value[odds < 2.0].mean(), value[odds > 8.0].mean()
    assert -0.06 < favourites < 0.0
    assert longshots < favourites - 0.03


def test_backing_everything_loses_and_backing_what_the_truth_says_wins(world: World) -> None:
    odds = world.odds("SYNC")[:, :3]
    profit = world.result * odds - 1.0
    assert -0.10 < profit.mean() < -0.04
    assert profit[world.truth[:, :3] * odds > 1.0].mean() > 0.02


def test_clubs_are_as_unequal_as_in_the_epl_and_keep_their_place_for_a_while(world: World) -> None:
    seasons = [table for seed in tables(world) for table in seed]
    assert 24 < np.mean([np.std(list(each.values()), ddof=1) for each in seasons]) < 33
    followed = [
        np.corrcoef([[one[club], other[club]] for club in one.keys() & other.keys()], rowvar=False)[0, 1]
        for seed in tables(world)
        for one, other in pairwise(seed)
    ]
    assert 0.6 < np.mean(followed) < 0.85


def test_promoted_clubs_come_in_below_the_mean(world: World) -> None:
    new = [other[club] for seed in tables(world) for one, other in pairwise(seed) for club in other.keys() - one.keys()]
    assert -40 < np.mean(new) < -15


def test_match_statistics_are_as_frequent_as_in_the_epl(world: World) -> None:
    drawn = []
    for each in world.campaigns[0]:
        rng = Synthetic()._stream(each, Purpose.STATISTICS)
        drawn.append(draw_statistics(rng, intensities=each.intensities, goals=each.goals))
    epl = {
        "half_time_goals": (0.69, 0.55), "shots": (14.1, 11.4), "shots_on_target": (5.06, 4.15),
        "corners": (5.85, 4.71), "fouls": (10.5, 10.9), "yellow_cards": (1.57, 1.79), "red_cards": (0.055, 0.072),
    }  # fmt: skip
    for name, means in epl.items():
        measured = np.concatenate([getattr(each, name) for each in drawn]).mean(axis=0)
        np.testing.assert_allclose(measured, means, rtol=0.15, err_msg=name)
