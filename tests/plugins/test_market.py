"""The price's forecast."""

import datetime

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from matchday import History, Matchday, Slate
from matchday.markets import SELECTIONS
from matchday_plugins.models.devig import DEVIG, devig
from matchday_plugins.models.market import Market

INDEX = pd.Index(["a", "b", "c"], name="match_id", dtype="str")
NAN = float("nan")


def matchday(odds: pd.DataFrame) -> Matchday:
    fixtures = pd.DataFrame({"home": list("ace"), "away": list("bdf"), "kickoff": pd.NaT}, index=INDEX)
    past = pd.DataFrame({"home": [], "away": []})
    return Matchday(1, datetime.date(2023, 8, 12), Slate(fixtures, odds), History(past))


@pytest.mark.parametrize("method", DEVIG)
def test_each_complete_market_is_devigged_by_itself_and_the_rest_is_no_opinion(method):
    rows = [[2.6, 2.4, 4.3, 1.9, NAN], [2.6, NAN, 4.3, 1.9, 1.95], [NAN] * 5]
    day = matchday(pd.DataFrame(rows, index=INDEX, columns=list(SELECTIONS)))
    forecast = Market(method=method).forecast(day)
    p = forecast.probabilities
    np.testing.assert_array_equal(p.loc["a", ["home", "draw", "away"]], devig([2.6, 2.4, 4.3], method))
    np.testing.assert_array_equal(p.loc["b", ["over_2_5", "under_2_5"]], devig([1.9, 1.95], method))
    assert p.loc["a", ["over_2_5", "under_2_5"]].isna().all()
    assert p.loc["b", ["home", "draw", "away"]].isna().all()
    assert p.loc["c"].isna().all()
    assert forecast.source == "market"
    assert forecast.scores is None


def test_a_slate_without_totals_is_forecast_without_them():
    odds = pd.DataFrame({"home": 2.6, "draw": 2.4, "away": 4.3}, index=INDEX)
    p = Market().forecast(matchday(odds)).probabilities
    assert list(p.columns) == list(SELECTIONS)
    assert p["home"].notna().all()
    assert p["over_2_5"].isna().all()


def test_an_unknown_method_is_refused():
    with pytest.raises(ValidationError, match="odds_ratio"):
        Market(method="wishful")
