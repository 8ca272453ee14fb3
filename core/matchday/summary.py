"""A run in a few figures, added up from its events."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchday.events import (
    Consulted,
    Event,
    ForecastMade,
    MatchdayOpened,
    MatchdaySettled,
    SeasonClosed,
    SeasonOpened,
)
from matchday.markets import MATCH_RESULT, Array, multiplicative
from matchday.money import log_growth, to_pence, to_units
from matchday.scoring import log_loss, winners
from matchday.season import Season

RESULT = list(MATCH_RESULT.selections)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run.

    Money in currency units; ``roi`` = (end − start)/start; ``log_growth`` the season's total; ``max_drawdown`` in
    [0, 1], the largest fall from a peak at the close of a matchday. The log-losses are means over the matches of the
    1X2 market that both have an opinion on, in nats: ``market_log_loss`` is the de-vigged (multiplicative) price one
    can bet at; both are None without a model, and one is where it gave a winner no chance. A run whose rules limit the
    time of a call is not ``reproducible``. ``calls``, ``tokens`` (read and written) and ``cost`` are those of what it
    asked outside, such as a language model.
    """

    agent: str
    season: str
    source: str
    seed: int
    matchdays: int
    bets: int
    forced_bets: int
    staked: float
    bankroll_start: float
    bankroll_end: float
    roi: float
    log_growth: float
    max_drawdown: float
    ruined: bool
    model_log_loss: float | None
    market_log_loss: float | None
    reproducible: bool = True
    calls: int = 0
    tokens: int = 0
    cost: float = 0.0


@dataclass(slots=True)
class Tally:
    """Adds a run up, event by event; ``summary()`` may be asked for at any time after ``SeasonOpened``."""

    season: Season
    _opened: SeasonOpened | None = None
    _bankrolls: list[int] = field(default_factory=list)
    _bets: int = 0
    _forced: int = 0
    _staked: int = 0
    _ruined: bool = False
    _calls: int = 0
    _tokens: int = 0
    _cost: float = 0.0
    _market: pd.DataFrame | None = None
    _scored: int = 0
    _model_loss: float = 0.0
    _market_loss: float = 0.0
    _won: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        played = self.season.played
        self._won = dict(zip(played.index.tolist(), winners(played).tolist(), strict=True))

    def add(self, event: Event) -> None:
        """Take one more event into account."""
        match event:
            case SeasonOpened():
                self._opened = event
                self._bankrolls = [to_pence(event.rules.bankroll)]
            case MatchdayOpened():
                self._market = event.day.slate.odds
            case ForecastMade(blended=True):
                self._score(event)
            case Consulted():
                self._calls += event.consultation.calls
                self._tokens += event.consultation.tokens_in + event.consultation.tokens_out
                self._cost += event.consultation.cost
            case MatchdaySettled():
                self._settle(event)
            case SeasonClosed():
                self._ruined = event.reason == "ruined"

    def _settle(self, event: MatchdaySettled) -> None:
        settlement = event.settlement
        self._bankrolls.append(settlement.after)
        self._bets += len(settlement.bets)
        self._forced += sum(each.bet.forced for each in settlement.bets)
        self._staked += settlement.staked

    def _score(self, event: ForecastMade) -> None:
        assert self._market is not None
        index = event.forecast.probabilities.index
        model, market = _result(event.forecast.probabilities), multiplicative(_result(self._market))
        won = np.array([self._won[match_id] for match_id in index.tolist()], dtype=np.int64)
        losses = np.column_stack([log_loss(p, won) for p in (model, market)])
        both = losses[~np.isnan(losses).any(axis=1)]
        self._scored += len(both)
        self._model_loss += float(both[:, 0].sum())
        self._market_loss += float(both[:, 1].sum())

    def summary(self) -> Summary:
        """Answer the figures so far."""
        assert self._opened is not None
        start, end = self._bankrolls[0], self._bankrolls[-1]
        return Summary(
            agent=self._opened.agent.get("name", ""),
            season=self._opened.name,
            source=self._opened.source,
            seed=self._opened.seed,
            matchdays=len(self._bankrolls) - 1,
            bets=self._bets,
            forced_bets=self._forced,
            staked=to_units(self._staked),
            bankroll_start=to_units(start),
            bankroll_end=to_units(end),
            roi=(end - start) / start,
            log_growth=log_growth(start, end),
            max_drawdown=_max_drawdown(np.array(self._bankrolls, dtype=np.float64)),
            ruined=self._ruined,
            model_log_loss=self._mean(self._model_loss),
            market_log_loss=self._mean(self._market_loss),
            reproducible=self._opened.rules.reproducible,
            calls=self._calls,
            tokens=self._tokens,
            cost=self._cost,
        )

    def _mean(self, loss: float) -> float | None:
        """Answer a mean log-loss; None where nothing was scored, or a winner had been called impossible."""
        return loss / self._scored if self._scored and math.isfinite(loss) else None


def summarise(events: Iterable[Event], season: Season) -> Summary:
    """Play events to their end and add them up."""
    tally = Tally(season)
    for event in events:
        tally.add(event)
    return tally.summary()


def _result(frame: pd.DataFrame) -> Array:
    """Look up the match-result market of each match (n, 3); NaN where it is not whole."""
    columns = frame.columns.tolist()
    if not set(RESULT) <= set(columns):
        return np.full((len(frame), len(RESULT)), np.nan)
    return frame.to_numpy(dtype=np.float64)[:, [columns.index(name) for name in RESULT]]


def _max_drawdown(path: np.ndarray) -> float:
    peaks = np.maximum.accumulate(path)
    return float(np.max(1.0 - path / peaks))
