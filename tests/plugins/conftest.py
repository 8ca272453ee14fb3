"""Shared by the tests of plugins: agents that ask a scripted endpoint, and a small network to look into."""

import numpy as np
import pandas as pd
import pytest
from sklearn.neural_network import MLPClassifier

from matchday import Agent
from matchday_plugins.language.player import LanguageModel


@pytest.fixture
def player(tmp_path):
    """Makes agents that ask an endpoint, and keep what it answers in the test's folder."""

    def make(endpoint, **parameters):
        known = {"model": "scripted", "base_url": endpoint.url, "cache": tmp_path / "answers", "retries": 0}
        return Agent("llm", [("llm", LanguageModel(**{**known, **parameters}))])

    return make


@pytest.fixture(scope="session")
def small_network():
    """A network of three classes in a plane, the first feature's sign and the second's, and its named rows."""
    rows = pd.DataFrame(np.random.default_rng(0).normal(size=(300, 4)), columns=["a", "b", "c", "d"])
    labels = np.where(rows["a"] > 0.5, 2, np.where(rows["b"] > 0.0, 1, 0))
    return MLPClassifier((12, 6), max_iter=100, random_state=1).fit(rows.to_numpy(), labels), rows, labels
