"""Every bundled component and source keeps the contracts of the testing kit."""

import pytest

from faulty import broken_by
from matchday import Catalogue
from matchday.testing import SourceContract
from matchday.testing.specimen import KINDS, kinds_of
from outsiders import OUTSIDE, somebody_outside  # noqa: F401 - a fixture

COMPONENTS = Catalogue().names("component")
#: What some components need to do more than ask, or to be quick.
EAGER = {"committee": {"divide_every": 2}, "switcher": {"drawdown": 0.05, "back_after": 2}, **OUTSIDE}


#: Quick ones, of each kind.
CHEAP = ("value", "flat", "elo", "average", "stake-cap", "temperature", "drift", "odds-range")


@pytest.mark.parametrize("use", COMPONENTS)
def test_every_bundled_component_keeps_every_contract(use, tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path))
    assert broken_by(Catalogue().component(use), EAGER.get(use)) == {}


@pytest.mark.parametrize("seed", range(1, 21))
def test_no_seed_of_the_small_seasons_raises_a_false_alarm(seed):
    assert broken_by(Catalogue().component(CHEAP[seed % len(CHEAP)]), seed=seed) == {}


def test_every_bundled_component_has_a_kind():
    kinds = set().union(*(kinds_of(Catalogue().component(use)) for use in COMPONENTS))
    assert kinds == set(KINDS) - {"listener", "agent", "source"}


class TestSynthetic(SourceContract):
    source = Catalogue().load("source", "synthetic")
    parameters = {"history": 1}  # noqa: RUF012


class TestFootballData(SourceContract):
    source = Catalogue().load("source", "football-data")

    @pytest.fixture(autouse=True)
    def _from_the_folder(self, football_data):
        type(self).parameters = {"data": football_data, "history": 1}
