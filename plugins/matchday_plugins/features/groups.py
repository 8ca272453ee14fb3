"""The groups there are, by name, and what their columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from matchday import MatchdayError
from matchday.errors import did_you_mean
from matchday_plugins.features.form import Form
from matchday_plugins.features.group import Feature, FeatureGroup
from matchday_plugins.features.head_to_head import HeadToHead
from matchday_plugins.features.market import MarketPrice
from matchday_plugins.features.players import Players
from matchday_plugins.features.ratings import Ratings
from matchday_plugins.features.rest import Rest
from matchday_plugins.features.shots import Shots
from matchday_plugins.features.standings import Standings

GROUPS: Mapping[str, type[FeatureGroup]] = {
    "ratings": Ratings,
    "form": Form,
    "shots": Shots,
    "season": Standings,
    "rest": Rest,
    "head-to-head": HeadToHead,
    "players": Players,
    "market": MarketPrice,
}


def known_groups(names: Iterable[str]) -> tuple[str, ...]:
    """Answer the names as they are; raises ``MatchdayError`` where one is unknown, stands twice, or there is none."""
    chosen = tuple(names)
    if not chosen:
        raise MatchdayError(f"Features: no group is named; {did_you_mean('', GROUPS)}")
    for place, name in enumerate(chosen):
        if name not in GROUPS:
            raise MatchdayError(f"Features: group {name!r} is unknown; {did_you_mean(name, GROUPS)}")
        if name in chosen[:place]:
            raise MatchdayError(f"Features: group {name!r} stands twice; name it once.")
    return chosen


def features_of(names: Iterable[str]) -> tuple[Feature, ...]:
    """Answer the columns of groups, in their order."""
    return tuple(feature for name in known_groups(names) for feature in GROUPS[name].features)


def describe(names: Iterable[str] = tuple(GROUPS)) -> pd.DataFrame:
    """List every column of the groups: index ``feature``, columns ``group``, ``unit``, ``meaning``.

    >>> describe(["rest"]).loc["rest_gap", "meaning"]
    'home_rest_days minus away_rest_days'
    """
    rows = [
        (each.name, name, each.unit, each.meaning) for name in known_groups(names) for each in GROUPS[name].features
    ]
    return pd.DataFrame(rows, columns=["feature", "group", "unit", "meaning"]).set_index("feature")
