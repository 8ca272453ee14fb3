"""Rating models: published examples, forecasts that a season can rely on, and how good they are."""

import copy
import datetime
import pickle
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday import Catalogue, History, Matchday, Slate
from matchday.scoring import log_loss, ranked_probability_score, winners
from matchday.season import season_name
from matchday_plugins.models.elo import Elo
from matchday_plugins.models.glicko2 import Glicko2
from matchday_plugins.models.newcomers import Newcomers
from matchday_plugins.models.pi_ratings import PiRatings
from matchday_plugins.models.ratings.elo import EloTable
from matchday_plugins.models.ratings.glicko import GlickoTable
from matchday_plugins.models.ratings.pi import PiTable
from matchday_plugins.models.ratings.table import Played

MODELS = [Elo, PiRatings, Glicko2]
TABLES = [EloTable, PiTable, GlickoTable]
RESULT = ["home", "draw", "away"]
CLUBS = [f"club {i}" for i in range(6)]
DAY = datetime.date(2023, 8, 9)


def results(seed: int = 0, *, seasons: int = 3, clubs: int = 6) -> pd.DataFrame:
    """Make seasons of a small league, each with a club that was not there before; the first clubs are the best."""
    rng, rows = np.random.default_rng(seed), []
    for year in range(seasons):
        names = [*(f"club {i}" for i in range(clubs - 1)), f"newcomer {year}"]
        pairs = [(h, a) for h in range(clubs) for a in range(clubs) if h != a]
        for number, (h, a) in enumerate(rng.permutation(pairs)):
            date = pd.Timestamp(f"{2020 + year}-08-01") + pd.Timedelta(days=7 * (number // 3))
            goals = rng.poisson([1.5 + 0.2 * (a - h), 1.2 + 0.2 * (h - a)])
            rows.append((f"{2020 + year}-{21 + year}", date, names[h], names[a], *goals))
    frame = pd.DataFrame(rows, columns=["season", "date", "home", "away", "home_goals", "away_goals"])
    frame.index = pd.Index(frame["date"].dt.strftime("%Y-%m-%d ") + frame["home"] + " v " + frame["away"], name=None)
    return frame.sort_values("date", kind="stable")


EMPTY = results(seasons=1).iloc[:0]


def day_of(past: pd.DataFrame, *pairs: tuple[str, str], date: datetime.date = DAY) -> Matchday:
    fixtures = pd.DataFrame(pairs, columns=["home", "away"], index=[f"{h} v {a}" for h, a in pairs])
    return Matchday(1, date, Slate(fixtures, pd.DataFrame(index=fixtures.index)), History(past))


def opening(past, *, name: str = "2023-24", clubs=CLUBS, below=None) -> SimpleNamespace:
    return SimpleNamespace(name=name, clubs=tuple(clubs), history=History(past, below=below))


def season_of(matches: pd.DataFrame, name: str, *, below=None) -> tuple[SimpleNamespace, list[Matchday]]:
    """The opening and the matchdays of the last season of a frame."""
    dates, own, days = matches["date"], (matches["season"] == name).to_numpy(), []
    prices = pd.DataFrame(index=matches.index)
    for date in dates[own].unique():
        rows = slice(dates.searchsorted(date), dates.searchsorted(date, side="right"))
        slate = Slate(matches[["home", "away"]], prices, rows=rows)
        past = History(matches, below=below, rows=slice(0, rows.start))
        days.append(Matchday(len(days) + 1, date.date(), slate, past))
    clubs = tuple(sorted({*matches["home"][own], *matches["away"][own]}))
    return SimpleNamespace(name=name, clubs=clubs, history=days[0].history), days


def walk(model, season, days):
    model.season_opened(season)
    return [model.forecast(day) for day in days]


def probabilities(forecasts) -> pd.DataFrame:
    return pd.concat([forecast.probabilities for forecast in forecasts])


# --- the tables: what was published --------------------------------------------------------------------------------


def test_elo_moves_as_hvattum_and_arntzen_write_it():
    by_results = EloTable(k=20, goal_exponent=0, home_advantage=0)
    by_goals = EloTable(k=10, goal_exponent=1, home_advantage=0)
    for table in (by_results, by_goals):
        table.admit("a", 100 / table.scale)
        table.update([Played("a", "b", 3, 0)])
    expected = 1 / (1 + 10 ** (-100 / 400))
    assert by_results.rating_of("a")[0] == pytest.approx(1600 + 20 * (1 - expected))
    assert by_results.rating_of("b")[0] == pytest.approx(1500 - 20 * (1 - expected))
    assert by_goals.rating_of("a")[0] == pytest.approx(1600 + 10 * 4 * (1 - expected))


def test_pi_ratings_move_as_in_the_published_example():
    table = PiTable(rate=0.1, transfer=0.3, home_edge=0)
    table._at_home |= {"a": 1.6, "b": 0.3}
    table._away |= {"a": 0.4, "b": -1.2}
    assert table.gap("a", "b") == pytest.approx(3.9264, abs=5e-5)
    table.update([Played("a", "b", 4, 1)])
    assert table.rating_of("a") == pytest.approx((1.51457, 0.37437), abs=5e-6)
    assert table.rating_of("b") == pytest.approx((0.32563, -1.11457), abs=5e-6)


def glickman(**parameters) -> GlickoTable:
    """The table of Glickman's example: four players, of whom one plays the three others."""
    table = GlickoTable(volatility=0.06, tau=0.5, period_days=7, home_advantage=0, scale=1.0, **parameters)
    table.move_to(0)
    for player, rating, deviation in (("me", 1500, 200), ("a", 1400, 30), ("b", 1550, 100), ("c", 1700, 300)):
        table.admit(player, rating - 1500, sd=deviation)
    table.move_to(7)
    return table


def test_glicko_2_moves_as_in_glickmans_example():
    table = glickman()
    table.update([Played("me", "a", 1, 0), Played("b", "me", 1, 0), Played("me", "c", 0, 2)])
    rating, deviation, volatility = table.rating_of("me")
    assert (rating, deviation) == pytest.approx((1464.051, 151.517), abs=1e-3)
    assert volatility == pytest.approx(0.059996, abs=5e-7)


def test_glicko_2_grows_unsure_of_who_does_not_play():
    table = glickman()
    assert table.rating_of("me")[1] == pytest.approx(np.hypot(200, 173.7178 * 0.06))
    table.move_to(21)
    assert table.rating_of("me")[1] == pytest.approx(np.hypot(200, np.sqrt(3) * 173.7178 * 0.06))
    assert table.rating_of("me")[0] == 1500


@given(deviation=st.floats(1, 1000), volatility=st.floats(0.001, 1), tau=st.floats(0.05, 2), goals=st.integers(0, 9))
def test_glicko_2_finds_a_volatility_whatever_the_parameters(deviation, volatility, tau, goals):
    table = GlickoTable(deviation=deviation, volatility=volatility, tau=tau)
    table.move_to(0)
    table.admit("a", -3.0)
    table.move_to(3)
    table.update([Played("a", "b", goals, 0)])
    assert np.isfinite(table.rating_of("a")).all()
    assert min(table.rating_of("a")[1:]) > 0


# --- the tables: what they all promise -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", TABLES)
def test_all_matches_of_a_date_read_the_ratings_of_that_morning(make):
    played = [Played("a", "b", 2, 0), Played("c", "a", 1, 1), Played("b", "c", 0, 3)]
    forth, back = make(), make()
    forth.update(played)
    back.update(played[::-1])
    for club in "abc":
        assert forth.rating_of(club) == pytest.approx(back.rating_of(club), rel=1e-12)


@pytest.mark.parametrize("make", TABLES)
def test_a_win_is_a_gain_and_the_numbers_are_named(make):
    table = make()
    before = table.gap("a", "b")
    table.update([Played("a", "b", 3, 0)])
    assert table.gap("a", "b") > before
    assert len(table.values("a", "b")) == len(table.columns)
    assert len(table.rating_of("a")) == len(table.parts)
    assert table.ratings["a"] > table.ratings["b"]


@pytest.mark.parametrize("make", TABLES)
def test_an_admitted_club_stands_at_its_strength_beside_those_that_stay(make):
    table = make()
    table.update([Played("a", "b", 3, 0), Played("c", "d", 1, 0)])
    table.summer({"a", "b", "c"})
    average = np.mean([table.ratings[club] for club in "abc"])
    table.admit("new", -0.2)
    assert "d" not in table.ratings
    assert table.ratings["new"] == pytest.approx(average - 0.2 * table.scale)
    table.admit("newer", 0.1)
    assert table.ratings["newer"] == pytest.approx(average + 0.1 * table.scale)


@pytest.mark.parametrize("make", TABLES)
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_over_the_summer_clubs_lose_a_share_of_the_way_to_their_average(make, share):
    table = make(summer_regression=share)
    table.update([Played("a", "b", 3, 0)])
    before = np.array([table.ratings[club] for club in "ab"])
    table.summer({"a", "b"})
    after = np.array([table.ratings[club] for club in "ab"])
    np.testing.assert_allclose(after, (1 - share) * before + share * before.mean(), rtol=1e-12, atol=1e-12)


# --- the components ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_without_any_history_clubs_are_alike_and_play_at_home(model):
    forecast = model().forecast(day_of(EMPTY, ("a", "b"), ("c", "d")))
    p = forecast.probabilities
    assert list(p.columns) == RESULT
    np.testing.assert_array_equal(p.iloc[0], p.iloc[1])
    assert p.iloc[0]["home"] == pytest.approx(0.458, abs=0.01)
    assert p.iloc[0]["away"] == pytest.approx(0.250, abs=0.01)


@pytest.mark.parametrize("model", MODELS)
def test_the_better_club_is_the_favourite_and_probabilities_add_up(model):
    tested, past = model(), results()
    tested.season_opened(opening(past))
    p = tested.forecast(day_of(past, ("club 0", "club 4"), ("club 4", "club 0"))).probabilities
    assert p["home"].iloc[0] > p["home"].iloc[1]
    np.testing.assert_allclose(p.sum(axis=1), 1.0, rtol=0, atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_the_explanation_has_both_clubs_numbers_and_the_gap(model):
    tested, past = model(), results()
    tested.season_opened(opening(past))
    told = tested.forecast(day_of(past, ("club 0", "club 4"), ("club 4", "club 0"))).explanation
    assert list(told.columns) == [*tested.table().columns, "gap"]
    assert told["gap"].iloc[0] > told["gap"].iloc[1]
    assert told.notna().all(axis=None)
    if model is not PiRatings:
        np.testing.assert_allclose(told["gap"], told.iloc[:, 0] - told[told.columns[len(told.columns) // 2]])


@pytest.mark.parametrize("model", MODELS)
def test_a_forecast_depends_on_the_past_and_not_on_the_way_to_it(model):
    season, days = season_of(results(), "2022-23")
    through, fresh, unopened = model(), model(), model()
    once = walk(through, season, days)[-1]
    again = through.forecast(days[-1])
    fresh.season_opened(season)
    assert once.same_as(again)
    other = fresh.forecast(days[-1])
    pd.testing.assert_frame_equal(once.explanation, other.explanation, check_exact=True)
    pd.testing.assert_frame_equal(once.probabilities, other.probabilities, rtol=0, atol=1e-9)
    assert through.fitted.matches == len(days[-1].history)
    assert unopened.forecast(days[-1]).probabilities.notna().all(axis=None)


@pytest.mark.parametrize("model", MODELS)
def test_a_new_season_forgets_the_old_one_to_the_last_bit(model):
    season, days = season_of(results(), "2022-23")
    tested = model()
    first = walk(tested, season, days)
    tested.season_opened(opening(results(seed=7)))
    second = walk(tested, season, days)
    assert all(a.same_as(b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("model", MODELS)
def test_another_history_is_not_taken_for_a_continuation(model):
    tested, fresh, past = model(), model(), results()
    day = day_of(past, ("club 0", "club 1"))
    tested.forecast(day_of(results(seed=7, seasons=4), ("club 0", "club 1")))
    assert tested.forecast(day).same_as(fresh.forecast(day))
    assert tested.fitted.matches == len(past)


@pytest.mark.parametrize("model", MODELS)
def test_a_fitted_model_survives_pickling_and_copying(model):
    tested, past = model(), results()
    tested.season_opened(opening(past))
    day = day_of(past, ("club 3", "club 1"), ("club 0", "never seen"))
    expected = tested.forecast(day)
    for twin in (pickle.loads(pickle.dumps(tested)), copy.deepcopy(tested)):
        assert twin.forecast(day).same_as(expected)


# --- newcomers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_newcomers_enter_where_earlier_ones_are_expected_and_it_is_reported(model):
    past = results()
    tested = model()
    tested.season_opened(opening(past, clubs=[*CLUBS[:5], "new"]))
    prior, fitted = Newcomers(past).prior(), tested.fitted
    numbers = tested._walk.table.ratings
    stayed = np.mean([numbers[club] for club in CLUBS[:5]])
    assert fitted.newcomers.mean == prior.mean < 0
    assert fitted.newcomers.learned_from == 2
    # all six strengths add up to 0, so those that stay stand above it
    assert (numbers["new"] - stayed) / fitted.scale == pytest.approx(prior.mean * 6 / 5)
    assert sorted(fitted.ratings.index) == sorted([*CLUBS[:5], "new"])


@pytest.mark.parametrize("model", MODELS)
def test_a_club_that_nobody_announced_is_a_newcomer_too(model):
    past, announced, unannounced = results(), model(), model()
    announced.season_opened(opening(past, clubs=[*CLUBS[:5], "new"]))
    unannounced.season_opened(opening(past, clubs=CLUBS[:5]))
    day = day_of(past, ("club 4", "new"))
    gaps = [each.forecast(day).explanation["gap"].item() for each in (announced, unannounced)]
    average = unannounced.forecast(day_of(past, ("new", "new too"))).explanation["gap"].item()
    assert gaps[0] > gaps[1]  # one newcomer among six makes those that stay better than the average of all
    assert gaps[1] > -0.5 * unannounced.fitted.scale
    if model is not PiRatings:
        assert average == 0


@pytest.mark.parametrize("model", MODELS)
def test_nothing_of_later_seasons_is_in_a_newcomers_rating(model):
    matches = results(seasons=4)
    cut = matches[matches["season"] <= "2021-22"]
    later = matches.copy()
    later.loc[later["season"] > "2021-22", ["home_goals", "away_goals"]] = 9
    gaps = []
    for frame in (matches, later):
        tested = model()
        tested.forecast(day_of(frame, ("club 0", "club 1")))
        gaps.append(tested._walk.gaps[: len(cut)])
    np.testing.assert_array_equal(*gaps)


@pytest.mark.parametrize("model", MODELS)
def test_the_scale_of_log_goals_is_learned_from_the_seasons_before(model):
    tested = model()
    tested.season_opened(opening(results(seasons=3)))
    assert tested.fitted.scale != tested.table().scale
    assert tested.fitted.scale > 0
    fresh = model()
    fresh.season_opened(opening(EMPTY))
    assert (fresh.fitted.scale, fresh.fitted.newcomers) == (fresh.table().scale, None)


# --- parameters and standard errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (Elo, "k", 0),
        (Elo, "goal_exponent", -1),
        (Elo, "summer_regression", 1.1),
        (Elo, "link_half_life_days", 0),
        (PiRatings, "rate", 2),
        (PiRatings, "transfer", np.nan),
        (Glicko2, "tau", 0),
        (Glicko2, "period_days", 0),
    ],
)
def test_parameters_out_of_all_proportion_are_refused(model, name, value):
    with pytest.raises(ValueError, match="should be"):
        model(**{name: value})


@pytest.mark.parametrize("model", MODELS)
def test_recent_matches_can_count_for_more_in_the_link(model):
    past = results(seasons=4)
    day = day_of(past, ("club 0", "club 4"))
    links = []
    for half_life in (None, 1e9, 200):
        tested = model(link_half_life_days=half_life)
        tested.season_opened(opening(past))
        tested.forecast(day)
        links.append(tested.fitted.link)
    assert links[0].slope == pytest.approx(links[1].slope, rel=1e-5)
    assert links[0].slope != pytest.approx(links[2].slope, rel=1e-3)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        *((kind, {"link_half_life_days": days}) for kind in (Elo, PiRatings, Glicko2) for days in (0.01, 0.5, 7.0)),
        (Elo, {"k": 1000, "goal_exponent": 5}),
        (Glicko2, {"deviation": 1000, "volatility": 1, "tau": 2}),
    ],
)
def test_extreme_parameters_make_poor_forecasts_and_no_error(kind, parameters):
    season = synthetic(0)
    forecasts = walk(kind(**parameters), *season_of(season.matches, season.name, below=season.below))
    p = probabilities(forecasts).to_numpy()
    assert np.isfinite(p).all()
    if "link_half_life_days" in parameters:  # the link of long experience is not forgotten
        assert ((p > 0.001) & (p < 0.999)).all()


@cache
def synthetic(seed: int):
    source = Catalogue().load("source", "synthetic")(seed=seed, history=6)
    return source.season(source.default_season())


def test_glicko_2_knows_how_far_it_is_from_the_truth():
    errors, told = [], []
    for seed in (0, 1):
        season = synthetic(seed)
        forecasts = walk(Glicko2(), *season_of(season.matches, season.name, below=season.below))
        p = probabilities(forecasts)
        errors.append(p - season.truth.probabilities.loc[p.index, p.columns])
        told.append(pd.concat([forecast.standard_error for forecast in forecasts]))
    errors, told = (pd.concat(frames).to_numpy() for frames in (errors, told))
    assert np.sqrt((errors**2).mean()) == pytest.approx(np.sqrt((told**2).mean()), rel=0.2)
    assert 0.55 < (np.abs(errors) < told).mean() < 0.8
    assert Elo().forecast(day_of(EMPTY, ("a", "b"))).standard_error is None


# --- real seasons --------------------------------------------------------------------------------------------------


@cache
def premier_league(folder) -> pd.DataFrame:
    """All matches since 1993-94: no more than a model of ratings reads."""
    season = Catalogue().load("source", "football-data")(data=folder).season("2023-24")
    return season.matches[["season", "date", "home", "away", "home_goals", "away_goals"]]


@pytest.mark.parametrize(
    ("model", "first", "worst", "worst_rps"),
    [(Elo, 2012, 0.96950, 0.19835), (PiRatings, 2012, 0.96976, 0.19848), (Glicko2, 2022, 0.957, 0.198)],
)
def test_seasons_walked_forward_are_forecast_as_well_as_by_the_reference(football_data, model, first, worst, worst_rps):
    """The Premier League 2012-13 to 2023-24, 4,560 matches, each season a play of its own.

    Every season opens with all seasons since 1993-94 before it; ratings and link learn from every matchday. No
    parameter was chosen on a season after 2013-14. Glicko-2, of which no reference is known, is held to what it has
    reached on the last two.
    """
    matches, scored = premier_league(football_data), []
    for year in range(first, 2024):
        name = season_name(year)
        scored.append(probabilities(walk(model(), *season_of(matches[matches["season"] <= name], name))))
    p = pd.concat(scored)
    won = winners(matches.loc[p.index])
    assert len(p) == 380 * (2024 - first)
    assert log_loss(p.to_numpy(), won).mean() <= worst
    assert ranked_probability_score(p.to_numpy(), won).mean() <= worst_rps


@pytest.mark.parametrize("model", MODELS)
def test_a_first_season_of_results_alone_is_forecast(football_data, model):
    matches = premier_league(football_data)
    season, days = season_of(matches[matches["season"] == "1993-94"], "1993-94")
    p = probabilities(walk(model(), season, days[:20]))
    assert p.notna().all(axis=None)
    assert p["home"].std() > 0.01
