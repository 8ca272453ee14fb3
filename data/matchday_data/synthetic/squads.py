"""Squads: who belongs to a club, who is fit, who starts, and what the line-up is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchday_data.synthetic.scorelines import Floats, Ints

POSITIONS: tuple[str, ...] = ("GK", "DEF", "MID", "FWD")
_SIZES = (3, 8, 8, 5)
#: Position of each place in a squad, an index into ``POSITIONS``.
PLACES: Ints = np.repeat(np.arange(len(POSITIONS)), _SIZES)
SQUAD = len(PLACES)
_ENDS = np.cumsum(_SIZES).tolist()
_GROUPS = tuple(slice(end - size, end) for end, size in zip(_ENDS, _SIZES, strict=True))

FORMATIONS: Ints = np.array([(1, 4, 4, 2), (1, 4, 3, 3), (1, 3, 5, 2), (1, 5, 3, 2), (1, 4, 5, 1)])
STARTERS, BENCH = 11, 5

#: What a player of each position weighs in the attack and in the defence of his side.
ATTACK_WEIGHTS: Floats = np.array([0.0, 0.3, 0.8, 1.0])[PLACES]
DEFENCE_WEIGHTS: Floats = np.array([1.0, 0.9, 0.5, 0.1])[PLACES]

#: Over the summer: the share that leaves, and the persistence of the quality of those who stay.
LEAVING, QUALITY_PERSISTENCE = 0.22, 0.9
#: A regular's chance to be hurt in a match, the chance a match on that he is back, and the coach's whims (sd of a
#: standard deviation of quality).
INJURY, RECOVERY, WHIM = 0.03, 0.25, 0.35
#: What being unfit, or a reserve goalkeeper, takes off a standing: more than any quality can make up for.
_UNFIT, _KEEPER = 100.0, 200.0


@dataclass(frozen=True, slots=True, eq=False)
class Squads:
    """Who belongs to each club, arrays (clubs, 24) by place: ``player`` numbers and their ``quality``.

    Quality is in standard deviations among the players of one club; how strong the club is lies in its abilities.
    ``signed`` is how many players there have been.
    """

    player: Ints
    quality: Floats
    signed: int

    @classmethod
    def founded(cls, rng: np.random.Generator, *, clubs: int) -> Squads:
        """Sign the first players of all clubs."""
        count = clubs * SQUAD
        return cls(np.arange(count).reshape(clubs, SQUAD), rng.standard_normal((clubs, SQUAD)), count)

    def after_summer(self, rng: np.random.Generator) -> Squads:
        """Replace those who leave by new players; the others get better or worse."""
        leaving = rng.random(self.player.shape) < LEAVING
        fresh = rng.standard_normal(self.player.shape)
        kept = QUALITY_PERSISTENCE * self.quality + np.sqrt(1.0 - QUALITY_PERSISTENCE**2) * fresh
        player = self.player.copy()
        player[leaving] = self.signed + np.arange(leaving.sum())
        return Squads(player, np.where(leaving, fresh, kept), self.signed + int(leaving.sum()))

    def of(self, members: Ints) -> Squads:
        """Keep the squads of some clubs."""
        return Squads(self.player[members], self.quality[members], self.signed)


@dataclass(frozen=True, slots=True, eq=False)
class LineUps:
    """Who plays each club's matches.

    ``starting`` and ``standing`` (clubs, rounds, 24) say of each place in the squad whether he starts, and what the
    coach thinks of him that day. ``attack`` and ``defence`` (clubs, rounds) are what the starters are worth in
    standard deviations of a player's quality, against the club's best eleven: mostly below 0.
    """

    starting: npt.NDArray[np.bool_]
    standing: Floats
    attack: Floats
    defence: Floats

    def places(self) -> Ints:
        """List who plays (clubs, rounds, 16): 11 starters, the goalkeeper first, then the bench by standing."""
        bench = self.standing - _KEEPER * (PLACES == 0)
        order = np.where(self.starting, 1e3 - np.arange(SQUAD), bench)
        return np.argsort(-order, axis=-1)[..., : STARTERS + BENCH]


def draw_line_ups(rng: np.random.Generator, squads: Squads, *, rounds: int) -> LineUps:
    """Draw a season's line-ups: the fit before the unfit, the better before the worse, and the coach's whims."""
    clubs = len(squads.quality)
    formation = FORMATIONS[rng.integers(len(FORMATIONS), size=clubs)][:, None, :]
    whims = WHIM * rng.standard_normal((clubs, rounds, SQUAD))
    best = _starting(squads.quality[:, None, :], formation)
    standing = squads.quality[:, None, :] + whims - _UNFIT * _unfit(rng, clubs, rounds)
    starting = _starting(standing, formation)
    change = (starting.astype(np.float64) - best) * squads.quality[:, None, :]
    return LineUps(starting, standing, change @ ATTACK_WEIGHTS, change @ DEFENCE_WEIGHTS)


def _unfit(rng: np.random.Generator, clubs: int, rounds: int) -> npt.NDArray[np.bool_]:
    """Say who is unfit for which match (clubs, rounds, 24): injuries end after a geometric number of matches."""
    hurt = rng.random((clubs, rounds, SQUAD)) < INJURY
    length = np.zeros(hurt.shape, dtype=np.int64)
    length[hurt] = rng.geometric(RECOVERY, size=int(hurt.sum()))
    match = np.arange(rounds)[None, :, None]
    back = np.maximum.accumulate(np.where(hurt, match + length, 0), axis=1)
    return np.asarray(back > match)


def _starting(standing: Floats, formation: Ints) -> npt.NDArray[np.bool_]:
    """Choose the best of each position, as many as the formation asks for; shape as ``standing``."""
    chosen = np.zeros(standing.shape, dtype=np.bool_)
    for position, places in enumerate(_GROUPS):
        group = standing[..., places]
        descending = np.sort(group, axis=-1)[..., ::-1]
        last = np.broadcast_to(formation[..., position : position + 1] - 1, (*group.shape[:-1], 1))
        chosen[..., places] = group >= np.take_along_axis(descending, last, axis=-1)
    return chosen
