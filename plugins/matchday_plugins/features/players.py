"""Players: who is expected to start, what those eleven create, and which regulars were missing last time.

Line-ups are never those of the match itself, only what earlier ones let expect:

    start rate        Σ δ^k started_k / Σ δ^k            over the club's matches, k = 0 the latest
    involvement       (e + r·m₀) / (m + m₀) · 90         e, m fading sums of a player's goals and minutes
    expected eleven   the eleven with the highest start rates among those not sent off in the club's last match,
                                                     and usual players where there are less

``e`` counts expected goals and assists where the source has them, and goals and assists where not. r and m₀ are what is
believed of a player who was never seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Ints, Opening, PlayerRows, both, sides

#: A match counts half for start rates after so many of the club, for a player's involvement after so many of his own.
START_HALF_LIFE, INVOLVEMENT_HALF_LIFE = 4.0, 15.0

#: r and m₀: goals a minute of an average player, and how many minutes that belief is worth.
USUAL, USUAL_MINUTES = 0.2 / 90.0, 600.0

#: Who starts at least this share of the matches is a regular.
REGULAR = 0.6

#: Where the source does not say who started: whoever played so many minutes.
STARTER_MINUTES = 60.0

#: Player rows older than this, in days, tell nothing of a line-up: more than a summer.
STALE = 150

#: Whose fading minutes are fewer when a season begins is no longer of the squad.
FORGOTTEN_MINUTES = 0.01

ELEVEN = 11


#: Nobody: the seat of a player who has left, and the club of one who was never seen.
NOBODY = -1


@dataclass(slots=True, eq=False)
class Squad:
    """A club's players, by their numbers, with fading sums of starts and minutes, and what they did last time.

    Each has a seat: his place in the arrays.
    """

    players: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    starts: Array = field(default_factory=lambda: np.empty(0))
    minutes: Array = field(default_factory=lambda: np.empty(0))
    played: Array = field(default_factory=lambda: np.empty(0))
    sent_off: Array = field(default_factory=lambda: np.empty(0))
    weight: float = 0.0
    day: int = 0

    def join(self, players: Ints) -> Ints:
        """Give players seats, and answer those."""
        first, none = len(self.players), np.zeros(len(players))
        self.players = np.concatenate([self.players, players])
        for name in ("starts", "minutes", "played", "sent_off"):
            setattr(self, name, np.concatenate([getattr(self, name), none]))
        return np.arange(first, len(self.players))

    def leave(self, seat: int) -> None:
        """Let a player go; his seat stays empty."""
        self.players[seat] = NOBODY
        self.starts[seat] = self.minutes[seat] = self.played[seat] = self.sent_off[seat] = 0.0

    def take(self, seats: Ints, started: Array, minutes: Array, red_cards: Array) -> None:
        """Take in a match of the club."""
        decay = 2.0 ** (-1.0 / START_HALF_LIFE)
        self.weight = decay * self.weight + 1.0
        self.starts *= decay
        self.minutes *= decay
        self.starts[seats] += started
        self.minutes[seats] += minutes
        self.played[:] = self.sent_off[:] = 0.0
        self.played[seats], self.sent_off[seats] = minutes, red_cards

    def tidy(self) -> None:
        """Do without seats that are empty, and players who have not played for long."""
        keep = (self.players != NOBODY) & (self.minutes > FORGOTTEN_MINUTES)
        for name in ("players", "starts", "minutes", "played", "sent_off"):
            setattr(self, name, getattr(self, name)[keep])


class Players(FeatureGroup):
    """The expected eleven, and who is missing; NaN where the club has no player rows of late."""

    wants_players: ClassVar[bool] = True

    features: ClassVar[tuple[Feature, ...]] = (
        *both("lineup_strength", "goals", "goals and assists in 90 minutes of the club's expected eleven"),
        *both("lineup_settled", "share", "mean start rate of the club's expected eleven; 1: always the same"),
        *both("regulars_missing", "players", "regulars of the club that did not play last time, or were sent off"),
        *both("missing_strength", "goals", "goals and assists in 90 minutes of those"),
    )

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._squads: dict[int, Squad] = {}
        self._club, self._seat = np.full(1024, NOBODY), np.full(1024, NOBODY)
        self._goals, self._minutes = np.zeros(1024), np.zeros(1024)

    def begin(self, opening: Opening) -> None:
        """Forget the squads of clubs that come up, and players who are gone."""
        for club in opening.numbers.tolist():
            self._squads.pop(club, None)
        self._club[:] = NOBODY
        for club, squad in self._squads.items():
            squad.tidy()
            self._club[squad.players], self._seat[squad.players] = club, np.arange(len(squad.players))

    def see(self, rows: PlayerRows) -> None:
        """Take in who played, club by club."""
        who = np.array([self._numbers.setdefault(name, len(self._numbers)) for name in rows.player], dtype=np.int64)
        self._make_room()
        self._involve(who, rows)
        started = np.where(np.isnan(rows.starts), rows.minutes >= STARTER_MINUTES, rows.starts > 0.0).astype(np.float64)
        minutes, red_cards = np.nan_to_num(rows.minutes), np.nan_to_num(rows.red_cards)
        for club in dict.fromkeys(rows.club.tolist()):
            mine = np.flatnonzero(rows.club == club)
            if len(set(who[mine].tolist())) < len(mine):  # namesakes of one club are one player
                mine = mine[np.sort(np.unique(who[mine], return_index=True)[1])]
            squad = self._squads.setdefault(club, Squad())
            self._gather(squad, club, who[mine])
            squad.take(self._seat[who[mine]], started[mine], minutes[mine], red_cards[mine])
            squad.day = rows.day

    def before(self, fixtures: Fixtures) -> Array:
        """Describe what is expected of either side."""
        described = [[self._describe(club, fixtures.day) for club in pair] for pair in fixtures.clubs.tolist()]
        table = np.array(described, dtype=np.float64).reshape(-1, 2, 4)
        return sides(*(table[..., k] for k in range(4)))

    def _describe(self, club: int, day: int) -> tuple[float, ...]:
        squad = self._squads.get(club)
        if squad is None or day - squad.day > STALE:
            return (np.nan,) * 4
        rate, out = squad.starts / squad.weight, squad.sent_off > 0.0
        strength = self._strength(squad.players)
        able = np.flatnonzero(~out & (squad.players != NOBODY))
        eleven = able[np.argsort(-rate[able], kind="stable")][:ELEVEN]
        strangers = 90.0 * USUAL * (ELEVEN - len(eleven))
        missing = (rate >= REGULAR) & (out | (squad.played == 0.0))
        settled = float(rate[eleven].sum()) / ELEVEN
        return float(strength[eleven].sum()) + strangers, settled, float(missing.sum()), float(strength[missing].sum())

    def _strength(self, who: Ints) -> Array:
        """Answer goals and assists in 90 minutes, drawn towards the usual."""
        return np.asarray(90.0 * (self._goals[who] + USUAL * USUAL_MINUTES) / (self._minutes[who] + USUAL_MINUTES))

    def _involve(self, who: Ints, rows: PlayerRows) -> None:
        known = ~np.isnan(rows.involvement) & (rows.minutes > 0.0)
        players, decay = who[known], 2.0 ** (-1.0 / INVOLVEMENT_HALF_LIFE)
        self._goals[players] = decay * self._goals[players] + rows.involvement[known]
        self._minutes[players] = decay * self._minutes[players] + rows.minutes[known]

    def _gather(self, squad: Squad, club: int, who: Ints) -> None:
        """Give those a seat who have none with the club; whoever had one with another leaves it."""
        fresh = who[self._club[who] != club]
        if not len(fresh):
            return
        for player in fresh[self._club[fresh] != NOBODY].tolist():
            self._squads[int(self._club[player])].leave(int(self._seat[player]))
        self._club[fresh], self._seat[fresh] = club, squad.join(fresh)

    def _make_room(self) -> None:
        while len(self._numbers) > len(self._goals):
            none, nobody = np.zeros(len(self._goals)), np.full(len(self._goals), NOBODY)
            self._goals, self._minutes = (np.concatenate([old, none]) for old in (self._goals, self._minutes))
            self._club, self._seat = (np.concatenate([old, nobody]) for old in (self._club, self._seat))
