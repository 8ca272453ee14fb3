"""What is looked at: one network of a model after the season, and the season's matches as the model saw them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday import MatchdayError
from matchday.errors import did_you_mean
from matchday.markets import TOTAL_GOALS_2_5, Array, Market
from matchday_plugins.features.groups import features_of
from matchday_plugins.lens.network import steps_of
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.report.models import flat, is_network
from matchday_plugins.models.learned.fitted import LEARNED_MARKETS
from matchday_plugins.models.learned.model import Learner

#: What is set against what: weights of the selections' scores, by market. A rule is one of log-odds.
CONTRASTS: dict[str, dict[str, tuple[float, ...]]] = {
    "match_result": {"home against away": (1.0, 0.0, -1.0), "draw against either win": (-0.5, 1.0, -0.5)},
    "total_goals_2_5": {"over against under": (1.0, -1.0)},
}

#: How scikit-learn's imputer names the indicator of a feature that is not known.
INDICATOR = "missingindicator_"

#: How people read it.
UNKNOWN = " not known"


def check(name: str, model: Learner, *, market: str, network: int, axes: tuple[str, str] | None = None) -> None:
    """Refuse, before a season is played, what there is not: a market, a network, a feature of the map."""
    if market not in CONTRASTS:
        raise MatchdayError(f"--market {market!r} is unknown; {did_you_mean(market, CONTRASTS)}")
    if market == TOTAL_GOALS_2_5.name and not model.totals:
        raise MatchdayError(f"--market {market}: {name!r} does not forecast it; set {name}.totals = true.")
    if not 1 <= network <= model.repeats:
        raise MatchdayError(f"--network {network}; rule: 1 to {model.repeats}, those that {name!r} averages.")
    known = [feature.name for feature in features_of(model.features)]
    for axis in axes or ():
        if axis not in known:
            raise MatchdayError(f"--map: {name!r} has no feature {axis!r}; {did_you_mean(axis, known)}")
    if axes and axes[0] == axes[1]:
        raise MatchdayError(f"--map: {axes[0]!r} stands twice; rule: two features.")


@dataclass(frozen=True, slots=True, eq=False)
class Specimen:
    """A network, and the n matches that are looked at through it, in the order in which they were played.

    ``lens`` looks into the network ``estimator`` alone; ``points`` (n, d) are what it was fed, after the steps before
    it, and ``names`` (d,) what they are. ``sizes`` (d,) are their standard deviations over the training matches.
    ``rows`` (n, features) are the model's inputs before those steps, and ``deviations`` their standard deviations over
    the training matches, a feature that is not known at its mean. ``matches`` has columns ``date`` and
    ``match``, its clubs, index ``match_id``. ``network`` counts from 1 to ``networks``, those that are averaged.
    """

    model: str
    market: Market
    network: int
    networks: int
    estimator: Any
    lens: PolytopeLens
    rows: pd.DataFrame
    deviations: pd.Series[float]
    points: Array
    names: tuple[str, ...]
    sizes: Array
    matches: pd.DataFrame
    learned: int
    fitted_on: datetime.date

    @property
    def contrasts(self) -> dict[str, tuple[float, ...]]:
        """The contrasts of its market."""
        return CONTRASTS[self.market.name]

    @property
    def labels(self) -> list[str]:
        """The selections in the order of the network's classes."""
        return [self.market.selections[int(each)] for each in self.lens.network.classes]

    @property
    def is_indicator(self) -> npt.NDArray[np.bool_]:
        """Which inputs (d,) say that a feature is not known."""
        return np.array([name.endswith(UNKNOWN) for name in self.names])

    @property
    def measured(self) -> list[str]:
        """The inputs that measure something, all but the indicators."""
        return [name for name, indicates in zip(self.names, self.is_indicator, strict=True) if not indicates]


def specimen(name: str, model: Learner, played: pd.DataFrame, *, market: str, network: int) -> Specimen:
    """Take a network of a model that has been through a season; ``played`` has its matches.

    ``check`` says beforehand what can be asked for. Raises ``MatchdayError`` where the model was never fitted.
    """
    fitted = model.fitted
    if fitted is None:
        raise MatchdayError(
            f"Model {name!r} was never fitted: minimum_matches is {model.minimum_matches}, for matches to learn from "
            "and for those of which a feature is known; set fewer, or play a season with more before it."
        )
    networks = fitted.estimators[market]
    if not is_network(networks[network - 1]):
        raise MatchdayError(f"Model {name!r} fitted no network of rectified linear units for {market}.")
    estimator, features = flat(networks[network - 1]), list(fitted.features)
    learned = pd.DataFrame(fitted.inputs, columns=features)
    rows = model.seen[features]
    return Specimen(
        model=name,
        market=next(each for each in LEARNED_MARKETS if each.name == market),
        network=network,
        networks=len(networks),
        estimator=estimator,
        lens=PolytopeLens(steps_of(estimator)[-1]),
        rows=rows,
        deviations=learned.fillna(learned.mean()).std(ddof=0),
        points=_fed(estimator, rows.to_numpy()),
        names=_names(estimator, features),
        sizes=_fed(estimator, fitted.inputs).std(axis=0),
        matches=_matches(played.loc[rows.index]),
        learned=fitted.matches,
        fitted_on=fitted.fitted_on,
    )


def _matches(played: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"date": played["date"], "match": played["home"] + " v " + played["away"]})


def _fed(estimator: Any, rows: Array) -> Array:
    """Answer what the network is fed of rows."""
    for step in steps_of(estimator)[:-1]:
        rows = step.transform(rows)
    return np.asarray(rows, dtype=np.float64)


def _names(estimator: Any, features: list[str]) -> tuple[str, ...]:
    """Name what the network is fed: features, and those that are not known; numbers where a step cannot tell."""
    try:
        told = estimator[:-1].get_feature_names_out(features) if hasattr(estimator, "steps") else features
    except (AttributeError, ValueError):
        return tuple(f"input {n}" for n in range(1, steps_of(estimator)[-1].n_features_in_ + 1))
    return tuple(
        f"{name.removeprefix(INDICATOR)}{UNKNOWN}" if name.startswith(INDICATOR) else str(name) for name in told
    )
