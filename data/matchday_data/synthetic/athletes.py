"""Player rows: minutes, goals, assists, shots, cards and saves of everybody who plays, adding up to the match's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matchday_data.synthetic.league import Campaign
from matchday_data.synthetic.matchstats import MatchStatistics
from matchday_data.synthetic.scorelines import Floats, Ints
from matchday_data.synthetic.squads import BENCH, PLACES, STARTERS

SIDE = STARTERS + BENCH
#: Chances of 3, 4 and 5 substitutions, of a goal with an assist, and the earliest minute of a change.
_CHANGES, _ASSISTED, _EARLIEST = (0.3, 0.3, 0.4), 0.72, 46
#: How much of each count falls to a goalkeeper, defender, midfielder and forward, minute by minute.
_GOALS, _SHOTS = np.array([0.0, 0.25, 0.8, 2.0]), np.array([0.0, 0.5, 1.0, 1.7])
_ASSISTS, _CARDS = np.array([0.05, 0.6, 1.2, 0.9]), np.array([0.25, 1.2, 1.1, 0.7])
#: Expected goals of a shot that goes in and of another one, gamma distributed with this scale.
_SCORED, _MISSED, _XG_SCALE = 0.38, 0.075, 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Appearances:
    """Who played, and how he did: arrays (sides, 16), two sides a match, home first; starters, then the bench.

    ``played`` says whose row is one; ``place`` is his place in the squad.
    """

    played: npt.NDArray[np.bool_]
    place: Ints
    minutes: Ints
    goals: Ints
    assists: Ints
    shots: Ints
    expected_goals: Floats
    expected_assists: Floats
    yellow_cards: Ints
    red_cards: Ints
    saves: Ints


def draw_appearances(rng: np.random.Generator, campaign: Campaign, statistics: MatchStatistics) -> Appearances:
    """Share a season's match statistics out among those who play."""
    fixtures, line_ups = campaign.fixtures, campaign.line_ups
    club = np.stack([fixtures.home, fixtures.away], axis=1).ravel()
    turn = np.stack([fixtures.home_turn, fixtures.away_turn], axis=1).ravel()
    place = line_ups.places()[club, turn]
    quality, position = campaign.squads.quality[club[:, None], place], PLACES[place]
    minutes = _minutes(rng, len(club))
    red_cards = _send_off(rng, minutes, statistics.red_cards.ravel())
    scored, shots = campaign.goals.ravel(), statistics.shots.ravel()
    flair = np.exp(0.4 * quality) * minutes
    goals, assists = _goals_and_assists(rng, scored, flair * _GOALS[position], flair * _ASSISTS[position])
    other = _share_out(rng, shots - scored, flair * _SHOTS[position])
    creating = flair * _ASSISTS[position]
    chances = 0.65 * (shots - scored)[:, None] * creating / creating.sum(axis=1, keepdims=True)
    return Appearances(
        played=minutes > 0,
        place=place,
        minutes=minutes,
        goals=goals,
        assists=assists,
        shots=goals + other,
        expected_goals=_expected(rng, goals, other),
        expected_assists=_expected(rng, assists, chances),
        yellow_cards=_book(rng, statistics.yellow_cards.ravel(), minutes * _CARDS[position]),
        red_cards=red_cards,
        saves=_saves(campaign, statistics),
    )


def _minutes(rng: np.random.Generator, sides: int) -> Ints:
    """Let three to five of the bench replace outfield starters: minutes add up to 990."""
    changes = rng.choice([3, 4, 5], p=_CHANGES, size=sides)
    change = np.arange(BENCH) < changes[:, None]
    left = np.where(change, 90 - rng.integers(_EARLIEST, 90, size=(sides, BENCH)), 0)
    outfield = np.argsort(rng.random((sides, STARTERS - 1)), axis=1)[:, :BENCH] + 1
    minutes = np.full((sides, SIDE), 90)
    minutes[np.arange(sides)[:, None], outfield] -= left
    minutes[:, STARTERS:] = left
    return minutes


def _send_off(rng: np.random.Generator, minutes: Ints, red: Ints) -> Ints:
    """Send off, at most once a side, somebody who has not been replaced: his minutes end there; in place."""
    staying = (minutes == 90) & (np.arange(SIDE) > 0)
    cards = _share_out(rng, red, staying.astype(np.float64))
    minutes[cards > 0] = rng.integers(20, 90, size=int(cards.sum()))
    return cards


def _goals_and_assists(rng: np.random.Generator, scored: Ints, scoring: Floats, creating: Floats) -> tuple[Ints, Ints]:
    """Draw the scorer of every goal, and for most of them a team-mate who made it."""
    side = np.repeat(np.arange(len(scored)), scored)
    scorer = _pick(rng, scoring[side])
    assisted = rng.random(len(side)) < _ASSISTED
    weights = creating[side]
    weights[np.arange(len(side)), scorer] = 0.0
    maker = _pick(rng, weights)
    return _count(len(scored), side, scorer), _count(len(scored), side[assisted], maker[assisted])


def _share_out(rng: np.random.Generator, counts: Ints, weights: Floats) -> Ints:
    """Share each side's count out among its players by weight: (sides, 16)."""
    side = np.repeat(np.arange(len(counts)), counts)
    return _count(len(counts), side, _pick(rng, weights[side]))


def _pick(rng: np.random.Generator, weights: Floats) -> Ints:
    """Pick one of each row by weight."""
    reached = weights.cumsum(axis=1)
    drawn = rng.random(len(weights)) * reached[:, -1]
    return np.asarray((reached <= drawn[:, None]).sum(axis=1), dtype=np.int64)


def _count(sides: int, side: Ints, player: Ints) -> Ints:
    return np.bincount(side * SIDE + player, minlength=sides * SIDE).reshape(sides, SIDE).astype(np.int64)


def _book(rng: np.random.Generator, counts: Ints, weights: Floats) -> Ints:
    """Book as many players as counted, each once, by weight (Gumbel's trick: the greatest of log weight + noise)."""
    with np.errstate(divide="ignore"):
        keys = np.log(weights) + rng.gumbel(size=weights.shape)
    rank = np.argsort(np.argsort(-keys, axis=1), axis=1)
    return ((rank < counts[:, None]) & (weights > 0)).astype(np.int64)


def _expected(rng: np.random.Generator, scored: Ints, missed: npt.NDArray[Any]) -> Floats:
    """Draw expected goals (or assists) of so many chances taken and not taken; to two decimals."""
    shape = (_SCORED * scored + _MISSED * missed) / _XG_SCALE
    return np.asarray((_XG_SCALE * rng.standard_gamma(shape)).round(2))


def _saves(campaign: Campaign, statistics: MatchStatistics) -> Ints:
    """Credit the goalkeeper with the other side's shots on target that did not go in."""
    saves = np.zeros((2 * len(campaign.goals), SIDE), dtype=np.int64)
    saves[:, 0] = (statistics.shots_on_target - campaign.goals)[:, ::-1].ravel()
    return saves
