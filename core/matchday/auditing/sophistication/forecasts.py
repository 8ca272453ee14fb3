"""The forecasts of a run as it is on record: who said what, what was made of it, and what weight each had in that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from matchday.auditing.sophistication.record import Day, framed
from matchday.markets import MARKETS, SELECTIONS, Array, multiplicative

#: A model of less weight than this in the blend has none to speak of.
HEARD = 0.02

#: What shares weight equally among forecasts that are the same; next to nothing otherwise.
RIDGE = 1e-6

#: The price's name among the weights.
PRICE = "the price"


@dataclass(frozen=True, eq=False)
class Forecasts:
    """All forecasts of a run, index ``match_id``, columns ``SELECTIONS``, NaN: no opinion.

    ``models`` are by the name under which they are on record; ``blended`` is what edges were looked for in, ``price``
    the odds on offer with the margin taken out by proportion. ``fixtures`` has ``home`` and ``away``.
    """

    models: Mapping[str, pd.DataFrame]
    blended: pd.DataFrame
    price: pd.DataFrame
    odds: pd.DataFrame
    fixtures: pd.DataFrame

    @classmethod
    def of(cls, days: Iterable[Day], *, listed: frozenset[str]) -> Forecasts:
        """Collect them; of a forecast that is also the blend it is a model's if its name is ``listed``."""
        said: dict[str, list[pd.DataFrame]] = defaultdict(list)
        blended, odds, fixtures = [], [], []
        for day in days:
            if not day.number:
                continue
            odds.append(day.odds)
            fixtures.append(day.fixtures)
            for event in day.of("ForecastMade"):
                source, frame = event["forecast"]["source"], framed(event["forecast"]["probabilities"])
                if event["blended"]:
                    blended.append(frame)
                if not event["blended"] or source in listed:
                    said[source].append(frame)
        offered = _stacked(odds)
        models = {source: _stacked(frames) for source, frames in said.items()}
        return cls(models, _stacked(blended), _fair(offered), offered, pd.concat(fixtures))

    @cached_property
    def opinionated(self) -> frozenset[str]:
        """Those that ever had an opinion."""
        return frozenset(name for name, frame in self.models.items() if frame.notna().any(axis=None))

    @cached_property
    def weights(self) -> dict[str, float]:
        """The weight of each model, and of the ``PRICE``, in what was made of them, by the nearest log pool; 0: none.

        log c = Σ α_m log f_m + β log q + a constant a match and market, α, β >= 0, by least squares over all matches;
        a model without an opinion is taken to say what the price q says. A model alone, of which nothing was made, has
        weight 1.
        """
        names = [name for name in self.models if name in self.opinionated]
        none = dict.fromkeys(self.models, 0.0)
        if len(names) == 1 and self.models[names[0]].equals(self.blended):
            return {**none, names[0]: 1.0}
        x, y = self._logs(names)
        if not len(y):
            return none
        scale = np.sqrt(RIDGE * (x**2).sum() / x.shape[1])
        found, _ = nnls(np.vstack([x, scale * np.eye(x.shape[1])]), np.append(y, np.zeros(x.shape[1])))
        return {**none, **dict(zip([*names, PRICE], found.tolist(), strict=False))}

    def _logs(self, names: list[str]) -> tuple[Array, Array]:
        """Answer logarithms, less their mean over the market: of the models and the price (n, m + 1), of the blend."""
        index, price = self.blended.index, self.price.reindex(self.blended.index)
        told = [self.models[name].reindex(index).fillna(price) for name in names]
        rows = [_centred(frames) for frames in _by_market([*told, price, self.blended])]
        table = np.concatenate(rows) if rows else np.empty((0, len(names) + 2))
        priced = ~np.isnan(table[:, -2])
        table = table[priced] if priced.any() else np.delete(table, -2, axis=1)
        table = table[~np.isnan(table).any(axis=1)]
        return table[:, :-1], table[:, -1]


def moved(frame: pd.DataFrame, forecasts: Forecasts) -> float | None:
    """Say how far a forecast's view of the clubs moved from one half of the season to the other, beside their spread.

    log(p_home/p_away) = γ log(q_home/q_away) + c + s_home − s_away, by least squares with strengths s of each half: the
    standard deviation over clubs of their change, over that of their mean. What only follows the price, and what was
    fitted once and for all, has next to no change. None where there is no view of clubs beyond the price's, or where
    there are too few matches to tell.
    """
    y, x, clubs = _strengths(frame, forecasts)
    if len(y) < 1.2 * x.shape[1]:
        return None
    found = np.linalg.lstsq(x, y, rcond=None)[0][2:].reshape(2, clubs)
    seen = (np.abs(x[:, 2:]).sum(axis=0).reshape(2, clubs) >= TWICE).all(axis=0)
    first, second = found[:, seen]
    if seen.sum() < TWICE or (level := float(np.std(first + second) / 2.0)) < OWN_VIEW:
        return None
    return float(np.std(second - first)) / level


#: Matches of a club in a half of the season from which on its strength is told; and clubs that it takes.
TWICE = 2

#: Spread of clubs' strengths beyond the price's, in log odds, from which on there is a view of them.
OWN_VIEW = 0.02

#: A change of clubs' strengths, over their spread, from which on something has been learned. On a season of 20 clubs a
#: model that learns nothing comes to .01 to .08, one that learns to .2 to .6.
LEARNT = 0.1


def _strengths(frame: pd.DataFrame, forecasts: Forecasts) -> tuple[Array, Array, int]:
    """Answer log(p_home/p_away) (n,) and what explains it (n, 2 + 2 clubs): price, constant, clubs by half."""
    p, q = (each.reindex(forecasts.fixtures.index)[["home", "away"]] for each in (frame, forecasts.price))
    with np.errstate(divide="ignore", invalid="ignore"):
        y, price = (np.log(each["home"].to_numpy() / each["away"].to_numpy()) for each in (p, q))
    known = np.isfinite(y)
    price = np.where(np.isfinite(price), price, 0.0)
    names = pd.Index(forecasts.fixtures[["home", "away"]].to_numpy().ravel()).unique()
    home, away = (names.get_indexer(forecasts.fixtures[side]) for side in ("home", "away"))
    row, n = np.arange(len(y)), len(names)
    half = np.where(np.cumsum(known) <= known.sum() / 2, 0, n)
    x = np.zeros((len(y), 2 + 2 * n))
    x[:, 0], x[:, 1] = price, 1.0
    x[row, 2 + half + home] = 1.0
    x[row, 2 + half + away] = -1.0
    return y[known], x[known], n


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=list(SELECTIONS), dtype="float64")
    return pd.concat(frames).reindex(columns=list(SELECTIONS))


def _fair(odds: pd.DataFrame) -> pd.DataFrame:
    markets = [multiplicative(odds[list(market.selections)].to_numpy(dtype=np.float64)) for market in MARKETS]
    return pd.DataFrame(np.hstack(markets), index=odds.index, columns=list(SELECTIONS))


def _by_market(frames: list[pd.DataFrame]) -> Iterator[list[Array]]:
    for market in MARKETS:
        yield [frame[list(market.selections)].to_numpy(dtype=np.float64) for frame in frames]


def _centred(tables: list[Array]) -> Array:
    """Answer logarithms of probabilities (n, k) less their mean, a column a table; NaN where one is not above 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log(np.where(table > 0.0, table, np.nan)) for table in tables]
    return np.stack([(each - each.mean(axis=1, keepdims=True)).ravel() for each in logs], axis=1)
