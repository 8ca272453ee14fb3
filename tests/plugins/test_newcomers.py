"""What is expected of clubs that come up: learned from how others did, from earlier seasons alone."""

import numpy as np
import pandas as pd
import pytest

from matchday import Catalogue, Episode
from matchday_plugins.models.newcomers import (
    DEFAULT_MEAN,
    DEFAULT_SD,
    DEFAULT_WEIGHT,
    PSEUDO_GOALS,
    NewcomerPrior,
    Newcomers,
    season_strengths,
)


def season(name: str, **strengths: float) -> pd.DataFrame:
    """Each club against each other, home and away, 10 goals a match shared out by strength."""
    rows = []
    for home, at_home in strengths.items():
        for away, abroad in strengths.items():
            if home != away:
                share = 1 / (1 + np.exp(abroad - at_home))
                goals = {"home_goals": round(100 * share), "away_goals": round(100 * (1 - share))}
                rows.append({"season": name, "home": home, "away": away, **goals})
    return pd.DataFrame(rows)


FIRST = season("2000-01", A=0.2, B=0.1, C=-0.3)
SECOND = season("2001-02", A=0.2, B=0.1, D=-0.4)
THIRD = season("2002-03", A=0.2, D=0.0, E=-0.1)


def test_without_a_past_it_is_the_belief_of_before_and_nobody_is_new():
    for history in (FIRST.iloc[:0], FIRST):
        found = Newcomers(history)
        assert found.prior() == NewcomerPrior(DEFAULT_MEAN, DEFAULT_SD, 0)
        assert found.clubs("2000-01") == frozenset()
    assert Newcomers(FIRST).settled == {"A", "B", "C"}
    assert Newcomers(FIRST.iloc[:0]).settled == frozenset()


def test_it_is_the_mean_of_earlier_newcomers_drawn_to_the_belief_of_before():
    found = Newcomers(pd.concat([FIRST, SECOND, THIRD]))
    assert (found.clubs("2001-02"), found.clubs("2002-03")) == ({"D"}, {"E"})
    y = [found.strengths["2001-02"].loc["D", "strength"], found.strengths["2002-03"].loc["E", "strength"]]
    prior = found.prior()
    assert prior.learned_from == 2
    assert prior.mean == pytest.approx((DEFAULT_WEIGHT * DEFAULT_MEAN + sum(y)) / (DEFAULT_WEIGHT + 2))
    assert prior.strength("anybody") == prior.mean


def test_a_season_is_expected_from_those_before_it_alone():
    whole, cut = Newcomers(pd.concat([FIRST, SECOND, THIRD])), Newcomers(pd.concat([FIRST, SECOND]))
    assert whole.prior("2002-03") == cut.prior() == cut.prior("2002-03")
    assert whole.prior("2001-02") == Newcomers(FIRST).prior()
    assert whole.prior("2000-01").learned_from == 0


def test_strength_is_half_the_log_ratio_of_goals():
    match = pd.DataFrame([{"season": "2000-01", "home": "A", "away": "B", "home_goals": 45, "away_goals": 5}])
    table = season_strengths(match)["2000-01"]
    scored, conceded = 45 + PSEUDO_GOALS, 5 + PSEUDO_GOALS
    assert table.loc["A", "strength"] == -table.loc["B", "strength"] == pytest.approx(0.5 * np.log(scored / conceded))
    assert table.loc["A", "noise"] == pytest.approx(0.25 * (1 / scored + 1 / conceded))


def test_a_weight_of_infinity_learns_nothing_and_a_mean_is_what_is_believed_before():
    matches = pd.concat([FIRST, SECOND, THIRD])
    assert Newcomers(matches, mean=-0.5, weight=float("inf")).prior().mean == -0.5
    assert Newcomers(FIRST, mean=-0.5).prior().mean == -0.5


def promotions(slope: float, seasons: int = 30) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A league in which newcomers keep ``slope`` of what they had in the division below, and that division."""
    rng = np.random.default_rng(1)
    above, below = [season("2000-01", A=0.1, B=0.0, C=-0.1, D=0.0)], []
    for year in range(2001, 2001 + seasons):
        x = rng.normal(0.5, 0.5)
        below.append(season(f"{year - 1}-{year % 100:02d}", **{f"N{year}": x, "P": 0.0, "Q": 0.0, "R": -0.2}))
        y = -0.2 + slope * (x - 0.5)
        above.append(season(f"{year}-{(year + 1) % 100:02d}", A=0.1, B=0.0, C=-0.1, **{f"N{year}": y}))
    last = 2001 + seasons
    below.append(season(f"{last - 1}-{last % 100:02d}", good=0.9, bad=0.1, P=-0.3, Q=-0.3))
    return pd.concat(above), pd.concat(below)


def test_the_division_below_tells_newcomers_apart():
    above, below = promotions(slope=0.6)
    told, untold = Newcomers(above, below).prior(), Newcomers(above).prior()
    assert 0.3 < told.slope < 0.8
    assert told.strength("good") > told.mean > told.strength("bad")
    assert told.strength("of another league") == told.mean == untold.mean
    assert told.sd < untold.sd
    assert untold.slope == 0.0


def test_a_division_below_that_tells_nothing_moves_nobody_much():
    told = Newcomers(*promotions(slope=0.0)).prior()
    assert abs(told.strength("good") - told.strength("bad")) < 0.05


def test_english_newcomers_are_a_sixth_of_a_log_goal_below_the_average(football_data):
    source = Catalogue().load("source", "football-data")(data=football_data)
    prior = Newcomers.of(Episode(source.season("2014-15")).begin().history).prior()
    assert prior.mean == pytest.approx(-0.175, abs=0.001)
    assert prior.sd == pytest.approx(0.110, abs=0.001)
    assert prior.learned_from == 59
