"""A season: everything that happened, as a data source tells it. Only the episode reads it; no plugin ever does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from matchday.errors import SourceError, did_you_mean
from matchday.forecast import Forecast
from matchday.history import RESULT_COLUMNS
from matchday.prices import PricePolicy

SEASON_NAME = re.compile(r"(\d{4})-(\d{2})")


def season_name(first_year: int) -> str:
    """Write a season by the year it begins in.

    >>> season_name(2023), season_name(1999)
    ('2023-24', '1999-00')
    """
    return f"{first_year}-{(first_year + 1) % 100:02d}"


def season_year(name: str) -> int:
    """Read the year a season begins in; raises ``SourceError`` unless it is written as 2023-24."""
    written = SEASON_NAME.fullmatch(name)
    if written is None or season_name(int(written[1])) != name:
        raise SourceError(f"Season {name!r} is not a season; rule: two years in a row, as 2023-24.")
    return int(written[1])


def match_id(competition: str, date: pd.Timestamp, home: str, away: str) -> str:
    """Name a match: stable, readable, unique as long as a club plays once a day.

    >>> match_id("E0", pd.Timestamp("2023-08-11"), "Burnley", "Man City")
    'E0 2023-08-11 Burnley v Man City'
    """
    return f"{competition} {date:%Y-%m-%d} {home} v {away}"


@dataclass(frozen=True, eq=False)
class Season:
    """One competition's season with the seasons before it, in order of play.

    ``matches`` has a row a match, index ``match_id``, sorted by ``date``, with ``RESULT_COLUMNS`` and statistics; the
    rows whose ``season`` is ``name`` are the ones that are played, and they come last. ``quotes`` has the same index
    and columns (bookmaker, selection): decimal odds > 1, NaN where there is none. ``closing`` names the bookmakers
    whose quotes are closing prices, ``not_bookmakers`` those that are none, as averages over the market are.
    ``players`` is sorted by ``date``. ``below`` has the results of the division below, as ``matches`` has, in seasons
    before this one. ``truth``, known for synthetic leagues alone,
    is the forecast of the played matches, scoreline distributions and all, by who drew them; it is for evaluation.
    ``report`` says what the source met while
    loading.
    Raises ``SourceError`` where a frame is not as described.
    """

    name: str
    competition: str
    source: str
    matches: pd.DataFrame
    quotes: pd.DataFrame
    policies: Mapping[str, PricePolicy]
    closing: frozenset[str] = frozenset()
    not_bookmakers: frozenset[str] = frozenset()
    players: pd.DataFrame = field(default_factory=pd.DataFrame)
    below: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RESULT_COLUMNS)))
    truth: Forecast | None = None
    report: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    @property
    def first(self) -> int:
        """Position of the first played match in ``matches``."""
        return len(self.matches) - len(self.played)

    @cached_property
    def played(self) -> pd.DataFrame:
        """The season's own matches."""
        return self.matches[(self.matches["season"] == self.name).to_numpy()]

    @property
    def clubs(self) -> tuple[str, ...]:
        """The season's clubs, in alphabetical order."""
        return tuple(sorted(set(self.played["home"]) | set(self.played["away"])))

    @property
    def promoted(self) -> frozenset[str]:
        """The clubs that did not play the season before; empty where that season is not known."""
        before = self.matches[(self.matches["season"] == season_name(season_year(self.name) - 1)).to_numpy()]
        return frozenset(self.clubs) - {*before["home"], *before["away"]} if len(before) else frozenset()

    @property
    def matchdays(self) -> int:
        """The number of distinct dates on which the season is played."""
        return int(self.played["date"].nunique())

    def policy(self, name: str) -> PricePolicy:
        """Look up a price policy by name; raises ``SourceError`` where the source has no such policy."""
        if name not in self.policies:
            raise SourceError(
                f"Price policy {name!r} is unknown to source {self.source!r}; {did_you_mean(name, self.policies)}"
            )
        return self.policies[name]

    def odds(self, policy: str) -> pd.DataFrame:
        """The odds on offer under a policy: index as ``matches``, one column a selection. Worked out once."""
        if policy not in self._odds:
            chosen = self.policy(policy)
            self._odds[policy] = chosen.odds(self.quotes_at(chosen))
        return self._odds[policy]

    @cached_property
    def _odds(self) -> dict[str, pd.DataFrame]:
        return {}

    def quotes_at(self, policy: PricePolicy) -> pd.DataFrame:
        """All quotes of the policy's moment or earlier."""
        if policy.moment == "closing":
            return self.quotes
        early = [c for c in self.quotes.columns if c[0] not in self.closing]
        return self.quotes[early]

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when any match, price, price policy or player row does."""
        digest = hashlib.sha256(f"{self.competition} {self.name}".encode())
        policies = {name: (each.bookmakers, each.moment, each.best) for name, each in self.policies.items()}
        told = (sorted(policies.items()), sorted(self.closing), sorted(self.not_bookmakers))
        digest.update(repr(told).encode())
        truth = [] if self.truth is None else [self.truth.probabilities]
        for frame in (self.matches, self.quotes, self.players, self.below, *truth):
            digest.update("\x1f".join(map(str, frame.columns)).encode())
            digest.update(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())
        return digest.hexdigest()[:16]


def _check(season: Season) -> None:
    who = f"Season {season.name} of {season.source!r}"
    matches = season.matches
    missing = [name for name in RESULT_COLUMNS if name not in matches.columns]
    if missing:
        raise SourceError(f"{who}: matches has no column {missing[0]!r}; rule: {', '.join(RESULT_COLUMNS)}.")
    if not matches.index.is_unique:
        raise SourceError(f"{who}: match {matches.index[matches.index.duplicated()][0]!r} stands in it twice.")
    if not matches["date"].is_monotonic_increasing:
        raise SourceError(f"{who}: matches is not sorted by date; sort it by date and kick-off.")
    if not matches.index.equals(season.quotes.index):
        raise SourceError(f"{who}: quotes has other rows than matches; rule: the same index.")
    current = (matches["season"] == season.name).to_numpy()
    if not current.any():
        raise SourceError(f"{who}: it has no matches.")
    if not current[np.argmax(current) :].all() or not _begins_anew(matches["date"], int(np.argmax(current))):
        raise SourceError(f"{who}: the season's own matches must come after all of its history.")
    if len(season.players) and not season.players["date"].is_monotonic_increasing:
        raise SourceError(f"{who}: players is not sorted by date.")
    _check_below(season, who)
    if season.truth is not None and not season.truth.probabilities.index.equals(season.played.index):
        raise SourceError(f"{who}: truth has other rows than the played matches; rule: the same index.")


def _check_below(season: Season, who: str) -> None:
    missing = [name for name in RESULT_COLUMNS if name not in season.below.columns]
    if missing:
        raise SourceError(f"{who}: below has no column {missing[0]!r}; rule: {', '.join(RESULT_COLUMNS)}.")
    late = sorted({name for name in season.below["season"] if name >= season.name})
    if late:
        raise SourceError(f"{who}: below holds season {late[0]}; rule: seasons before the played one.")


def _begins_anew(dates: pd.Series[pd.Timestamp], first: int) -> bool:
    return first == 0 or bool(dates.iloc[first] > dates.iloc[first - 1])
