"""Shared by the tests of plugins: agents that ask a scripted endpoint."""

import pytest

from matchday import Agent
from matchday_plugins.language.player import LanguageModel


@pytest.fixture
def player(tmp_path, monkeypatch):
    """Makes agents that ask an endpoint, and keep what it answers in the test's folder."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def make(endpoint, **parameters):
        known = {"model": "scripted", "base_url": endpoint.url, "cache": tmp_path / "answers", "retries": 0}
        return Agent("llm", [("llm", LanguageModel(**{**known, **parameters}))])

    return make
