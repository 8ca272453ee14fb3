"""What the bundled components declare of themselves, and what an audit makes of it."""

import pytest

from doubles import Coin, Fixed, Level, Positive
from matchday import Agent, Catalogue
from matchday.auditing import audit
from matchday.store import Store
from matchday_plugins.hybrids.committee import Committee
from matchday_plugins.hybrids.frozen import Frozen
from matchday_plugins.models.dixon_coles import DixonColes
from matchday_plugins.models.elo import Elo
from matchday_plugins.models.logistic import Logistic
from matchday_plugins.staking.fractional import Fractional
from matchday_plugins.staking.kelly import Kelly
from matchday_plugins.staking.risk_constrained import RiskConstrained
from planted import SEASON, audited, on_record

RATINGS = {"dynamic-ability", "learns-in-season", "promoted"}
LEARNERS = {"dynamic-ability", "promoted", "time-weighted"}
DECLARED = {
    ("elo", "pi-ratings", "glicko2", "dynamic"): RATINGS,
    ("poisson", "dixon-coles", "bivariate-poisson"): {"learns-in-season", "promoted", "time-weighted"},
    ("logistic", "gbm", "mlp", "sklearn"): LEARNERS,
    ("flb", "stacking", "hedge"): {"learns-in-season"},
    ("temperature", "platt", "isotonic", "draw-calibration", "recalibrate", "benter"): {
        "calibrates",
        "learns-in-season",
    },
    ("kelly", "risk-constrained"): {"kelly", "joint"},
    ("shrunk", "adaptive"): {"estimation-error"},
    ("exposure-cap", "stake-cap"): {"cap"},
    ("promoted-caution",): {"promoted"},
}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.db")


@pytest.mark.parametrize("name", Catalogue().names("component"))
def test_bundled_components_declare_what_is_true_of_them(name):
    declared = next((traits for names, traits in DECLARED.items() if name in names), set())
    assert Catalogue().component(name).traits == declared


def test_parameters_that_switch_something_off_take_its_trait_away():
    assert DixonColes(prior=False, half_life_days=None).lacks == {"promoted", "time-weighted"}
    assert DixonColes().lacks == set()
    assert Logistic(features=["form"]).lacks == LEARNERS
    assert Logistic(half_life_days=300).lacks == set()


@pytest.mark.parametrize("staking", [Kelly(), Kelly(hedge=True), RiskConstrained()])
def test_the_slates_optimum_comes_out_again_from_the_record(store, staking):
    found = audited(store, Agent("mine", [Coin(), Positive(), staking, Fractional()]))
    assert found["Kelly at execution"].status == "met"
    assert "the same on" in found["Kelly at execution"].evidence


def test_a_scoreline_distribution_is_not_on_record_and_its_stakes_come_near(store):
    found = audited(store, Agent("mine", [DixonColes(), Positive(), Kelly()]))["Kelly at execution"]
    assert found.status == "met"
    assert "how two markets of a match depend on one another is not on record" in found.evidence


def test_of_a_committee_each_member_is_judged(store):
    kelly = Agent("kelly", [Coin(), Positive(), Kelly(), Fractional(fraction=0.1)])
    flat = Agent("flat", [Fixed(home=0.6), Positive(), Level(share=0.2)])
    agent = Agent("both", [Committee(agents=[kelly, flat])])
    found = audit(store, on_record(store, agent), agent=agent, season=SEASON).frame()["evidence"]
    assert "'kelly/kelly' worked out again" in found["Kelly at execution"]
    assert "those of 'flat/level' are not Kelly's" in found["Kelly at execution"]
    assert "by 'kelly/kelly'" in found["joint sizing"]
    assert found["nothing idle"].startswith("weights in what was believed: kelly 0.")


def test_a_frozen_agent_earns_nothing_for_models_that_would_learn(store):
    live = Agent("live", [Elo(), Positive(), Level(share=0.001)])
    found = audited(store, live)
    assert (found["dynamic models of ability"].status, found["learning in season"].status) == ("met", "met")
    found = audited(store, Agent("still", [Frozen(agents=[live])]))
    assert (found["dynamic models of ability"].status, found["learning in season"].status) == ("not met", "not met")
