"""The lens on an agent's own network: what it says of a season's matches is what the network does with them."""

import dataclasses
import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax

from matchday import Agent, Episode, MatchdayError
from matchday_plugins.blends.average import Average
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.hybrids.committee import Committee
from matchday_plugins.lens.report import check, choose_model, look, read_player, sections, specimen
from matchday_plugins.lens.report.figures import as_object
from matchday_plugins.lens.report.findings import row
from matchday_plugins.lens.report.models import flat, is_network
from matchday_plugins.lens.report.tables import nearest_rows, rule_table, unit_rows
from matchday_plugins.models.elo import Elo
from matchday_plugins.models.mlp import MLP
from matchday_plugins.models.sklearn_estimator import SklearnEstimator
from matchday_plugins.staking.flat import Flat
from walking import matchdays, synthetic

SCALED_NET = [
    ["scale", {"use": "sklearn.preprocessing:StandardScaler"}],
    ["net", {"use": "sklearn.neural_network:MLPClassifier", "hidden_layer_sizes": [6], "max_iter": 3}],
]


def mlp(**parameters):
    given = {"hidden": [6, 4], "epochs": 3, "features": ["ratings", "shots"], "warmup_days": 30, "seed": 1}
    return MLP(**{**given, **parameters})


def through_a_season(model):
    """Walk a model through 25 matchdays; answer it and its forecasts."""
    season = synthetic()
    model.season_opened(Episode(season).begin())
    return model, pd.concat([model.forecast(day).probabilities for day in matchdays(season)[:25]])


@pytest.fixture(scope="module")
def played():
    return through_a_season(mlp())


@pytest.fixture(scope="module")
def model(played):
    return played[0]


@pytest.fixture(scope="module")
def seen(model):
    return specimen("mlp", model, synthetic().played, market="match_result", network=2)


@pytest.fixture(scope="module")
def found(seen):
    return look(seen)


def test_a_match_has_the_probabilities_that_the_network_itself_gives(model, seen, found):
    own = model.fitted.estimators["match_result"][1].predict_proba(seen.rows.to_numpy())
    np.testing.assert_allclose(found.matches[["home", "draw", "away"]].to_numpy(), own, atol=1e-12)
    assert list(found.matches.index) == list(model.seen.index)


def test_the_networks_are_those_that_forecast_the_matches_since_the_last_fit(played):
    model, forecasts = played
    each = [specimen("mlp", model, synthetic().played, market="match_result", network=k) for k in (1, 2)]
    since = (each[0].matches["date"].dt.date >= model.fitted.fitted_on).to_numpy()
    assert 0 < since.sum() < len(since)
    told = np.mean([look(one).matches[["home", "draw", "away"]] for one in each], axis=0)
    said = forecasts.loc[each[0].matches.index, ["home", "draw", "away"]].to_numpy()
    np.testing.assert_allclose(told[since], said[since], atol=1e-12)
    assert np.abs(told[~since] - said[~since]).max() > 1e-3


def test_matches_are_in_one_polytope_where_the_same_units_are_on(seen, found):
    codes = pd.Series(list(map(bytes, seen.lens.spline_codes(seen.points))), index=found.matches.index)
    assert (codes.groupby(found.matches["polytope"]).nunique() == 1).all()
    assert codes.nunique() == len(found.polytopes)
    sizes = found.polytopes["matches"]
    assert sizes.is_monotonic_decreasing and sizes.sum() == len(seen.points) and found.alone == (sizes == 1).sum()


def test_a_rule_is_what_the_network_does_within_its_polytope(seen, found):
    first = seen.points[(found.matches["polytope"] == 1).to_numpy()]
    logits = seen.lens.logits(first)
    home, draw, away = (logits[:, n] - logits[0, n] for n in range(3))
    steps = (first - first[0]) / np.where(seen.sizes > 0.0, seen.sizes, 1.0)
    rules = {name: row(found.rules_of(name), 1).to_numpy() for name in seen.contrasts}
    np.testing.assert_allclose(steps @ rules["home against away"], home - away, atol=1e-10)
    np.testing.assert_allclose(steps @ rules["draw against either win"], draw - (home + away) / 2, atol=1e-10)


def test_a_feature_that_rises_by_the_deviation_of_the_table_moves_log_odds_by_its_coefficient(model, seen, found):
    """The unit that people read beside a coefficient is the one that the network feels."""
    net = model.fitted.estimators["match_result"][1]
    rows = seen.rows.dropna().iloc[:1]
    numbers = found.matches.loc[rows.index, "polytope"]
    slope, _ = seen.lens.affine_map(seen.points[[seen.rows.index.get_loc(rows.index[0])]])
    for name, deviation in seen.deviations.items():
        moved = net[:-1].transform(rows.assign(**{name: rows[name] + deviation}).to_numpy())
        steps = (moved - net[:-1].transform(rows.to_numpy())) @ slope[0]
        rule = found.rules_of("home against away").loc[numbers.iloc[0], name]
        assert steps[0, 0] - steps[0, 2] == pytest.approx(rule, abs=1e-10)


def test_the_table_of_a_rule_says_of_each_input_what_it_is_and_its_unit(seen, found):
    rows = rule_table(found, "home against away").blocks[0].rows
    assert sorted(row[0].text for row in rows) == sorted(seen.names)
    told = {row[0].text: row for row in rows}
    first, *_, deviation = told["elo_gap"]
    assert first.beneath == "home_elo minus away_elo" and deviation.beneath == "points"
    assert float(deviation.text) == pytest.approx(seen.deviations["elo_gap"], rel=0.01)


def test_the_rule_of_two_selections_is_of_the_first_against_the_second(model):
    goals = specimen("mlp", model, synthetic().played, market="total_goals_2_5", network=1)
    found = look(goals)
    own = (found.matches["polytope"] == 1).to_numpy()
    odds = np.log(found.matches["over_2_5"] / found.matches["under_2_5"]).to_numpy()[own]
    steps = (goals.points[own] - goals.points[own][0]) / np.where(goals.sizes > 0.0, goals.sizes, 1.0)
    rule = row(found.rules_of("over against under"), 1).to_numpy()
    np.testing.assert_allclose(steps @ rule, odds - odds[0], atol=1e-10)


def test_the_way_leads_to_the_nearest_boundary(seen, found):
    end = seen.points + found.ways.to_numpy() * seen.sizes
    assert (seen.lens.nearest_boundary(end).distance < 1e-9).all()
    distances = np.linalg.norm(end - seen.points, axis=1)
    np.testing.assert_allclose(distances, found.boundaries["distance"], rtol=1e-9)


def test_no_boundary_lies_between_the_typical_match_and_those_of_its_polytope(seen, found):
    typical = seen.points.mean(axis=0, keepdims=True)
    alike = (seen.lens.spline_codes(seen.points) == seen.lens.spline_codes(typical)).all(axis=1)
    assert np.array_equal(found.boundaries["between"] == 0, alike)


def test_units_that_are_nearest_count_every_match_once(seen, found):
    assert found.units["matches"].sum() == len(seen.points)
    directions = found.units[seen.measured].to_numpy()
    first = found.units.index.get_level_values("layer") == 1
    np.testing.assert_allclose(np.linalg.norm(directions[first], axis=1), 1.0)


def test_ways_and_directions_are_told_by_what_can_change_and_not_by_what_is_known():
    """An indicator of a feature that hardly ever lacks has a tiny standard deviation, and would be all that is told."""
    model, _ = through_a_season(mlp(features=["ratings", "rest", "season"]))
    found = look(specimen("mlp", model, synthetic().played, market="match_result", network=1))
    assert found.specimen.is_indicator.any()
    for table in (nearest_rows(found), unit_rows(found)):
        words = [f"{cell.text} {cell.beneath}" for line in table.blocks[0].rows for cell in line]
        assert words and not any("not known" in each for each in words)


def test_inputs_have_the_names_of_features_and_say_which_are_not_known(model, seen):
    assert seen.names[: seen.rows.shape[1]] == model.fitted.features
    assert all(name.endswith(" not known") for name in seen.names[seen.rows.shape[1] :])
    assert len(seen.names) == seen.points.shape[1] == seen.lens.network.inputs


def test_the_same_play_is_seen_the_same(seen, found):
    assert json.dumps(as_object(look(seen))) == json.dumps(as_object(found))


def test_programs_get_finite_numbers_of_every_match_and_polytope(found):
    told = json.loads(json.dumps(as_object(found), allow_nan=False))
    assert len(told["matches"]) == len(found.matches) and len(told["polytopes"]) == len(found.polytopes)
    assert set(told["polytopes"][0]["rules"]) == {"home against away", "draw against either win"}
    assert set(told["studies"]) | set(told["missing"]) == {"boundaries", "directions", "map"}


def test_the_sections_have_charts_with_texts_and_tables(found):
    made = {section.id: section for section in sections(found)}
    assert list(made) == ["lens", "lens-regions", "lens-rules", "lens-boundaries", "lens-studies", "lens-map"]
    charts = [chart for section in made.values() for chart in section.charts]
    assert len({chart.id for chart in charts}) == len(charts) >= 8
    assert all(chart.figure["data"] and len(chart.text) > 15 and math.isfinite(chart.height) for chart in charts)
    assert all(section.reading for section in made.values())


def test_where_all_matches_are_taken_for_one_selection_the_studies_say_so(seen):
    rows = seen.rows.iloc[[0, 0]]
    few = dataclasses.replace(seen, rows=rows, points=seen.points[[0, 0]], matches=seen.matches.iloc[[0, 1]])
    found = look(few)
    assert "all 2 rows are of one class" in found.missing["boundaries"] and "does not vary" in found.missing["map"]
    assert "lens-map" in [section.id for section in sections(found)]


def test_a_pipeline_within_a_pipeline_is_one_network_and_its_scaler_is_before_it():
    scaled = {"estimator": "sklearn.pipeline:Pipeline", "parameters": {"steps": SCALED_NET}}
    net = SklearnEstimator(**scaled, features=["ratings"], warmup_days=30)
    assert is_network(net.make(0))
    through_a_season(net)
    seen = specimen("net", net, synthetic().played, market="match_result", network=1)
    own = net.fitted.estimators["match_result"][0]
    assert [type(step).__name__ for _, step in flat(own).steps] == ["SimpleImputer", "StandardScaler", "MLPClassifier"]
    said = softmax(seen.lens.logits(seen.points), axis=1)
    np.testing.assert_allclose(said, own.predict_proba(seen.rows.to_numpy()), atol=1e-12)
    assert np.allclose(seen.sizes, 1.0)


def test_neural_models_are_found_in_members_too_and_by_name():
    inner = Agent("inner", [("elo", Elo()), ("net", mlp()), ("net-2", mlp()), *_bets(blend=True)])
    outer = Agent("outer", [Committee(agents=[inner, Agent("other", _bets())])])
    assert choose_model(outer)[0] == "inner/net"
    name, model = choose_model(outer, "inner/net-2")
    assert (name, model.hidden) == ("inner/net-2", [6, 4])
    with pytest.raises(MatchdayError, match="'net' is no neural model of 'outer'; known: inner/net, inner/net-2."):
        choose_model(outer, "net")


def test_an_agent_without_a_neural_model_is_refused_with_its_models_and_what_would_do():
    plain = Agent("plain", [("elo", Elo()), ("any", SklearnEstimator()), *_bets(blend=True)])
    with pytest.raises(MatchdayError) as refused:
        choose_model(plain)
    assert str(refused.value) == (
        "Agent 'plain' has no neural model; its models: elo (Elo) and any (SklearnEstimator); rule: a network of "
        "rectified linear units with a hidden layer; --set any.estimator=sklearn.neural_network:MLPClassifier makes "
        "'any' one, and component 'mlp' is one: add it to an agent of yours, or look at it alone, with: "
        "matchday lens mlp"
    )


@pytest.mark.parametrize(
    ("parameters", "why"),
    [({"activation": "tanh"}, "with activation tanh"), ({"hidden_layer_sizes": []}, "without a hidden layer")],
)
def test_a_network_without_polytopes_is_refused_with_the_reason(parameters, why):
    net = SklearnEstimator(estimator="sklearn.neural_network:MLPClassifier", parameters=parameters)
    with pytest.raises(MatchdayError, match=f"its models: net \\(SklearnEstimator, {why}\\); rule: ") as refused:
        choose_model(Agent("plain", [("net", net), *_bets()]))
    assert "--set" not in str(refused.value)


def test_a_learner_that_is_named_by_itself_bets_and_an_agent_of_that_name_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_player("mlp").names == ["mlp", "value", "kelly", "fractional"]
    assert read_player("dixon-coles").names[0] == "goals"
    with pytest.raises(MatchdayError, match="'kelly' is a component, not an agent"):
        read_player("kelly")
    (tmp_path / "mlp").write_text('name = "mine"\n[[component]]\nuse = "flat"\n', encoding="utf-8")
    assert read_player("mlp").name == "mine"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"market": "corners"}, "--market 'corners' is unknown; known: match_result, total_goals_2_5."),
        ({"market": "total_goals_2_5"}, "'mlp' does not forecast it; set mlp.totals = true."),
        ({"network": 3}, "--network 3; rule: 1 to 2, those that 'mlp' averages."),
        ({"axes": ("elo_gap", "pi_gp")}, "--map: 'mlp' has no feature 'pi_gp'; did you mean 'pi_gap'?"),
        ({"axes": ("elo_gap", "elo_gap")}, "--map: 'elo_gap' stands twice; rule: two features."),
    ],
)
def test_what_there_is_not_is_refused_before_the_play_in_one_line(asked, message):
    with pytest.raises(MatchdayError) as refused:
        check("mlp", mlp(totals=False), **{"market": "match_result", "network": 1, **asked})
    assert message in str(refused.value) and "\n" not in str(refused.value)


def test_a_model_that_was_never_fitted_is_refused():
    with pytest.raises(MatchdayError, match="was never fitted: minimum_matches is 300"):
        specimen("mlp", mlp(), synthetic().played, market="match_result", network=1)


def _bets(*, blend=False):
    return [*([Average()] if blend else []), Favourite(), Flat()]
