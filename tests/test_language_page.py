"""The page on language models, programs and people shows what can be played, and what is understood."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from matchday.agentfile import build_agent, parse_agent
from matchday_plugins.language.exchange import WrittenSlip
from matchday_plugins.language.opinion import read

PAGE = (Path(__file__).parents[1] / "docs" / "language-models.md").read_text(encoding="utf-8")
OPINION, MATCHDAY, SLIP = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.S))


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", PAGE, re.S), ids=["analyst", "external"])
def test_its_agents_can_be_made(text):
    assert build_agent(parse_agent(tomllib.loads(text), where="language-models.md")).components


def test_its_opinion_and_its_slip_are_understood():
    assert len(read(json.dumps(OPINION)).vetoes) == 1
    assert WrittenSlip.model_validate(SLIP).bets[0].match_id == MATCHDAY["matches"][0]["match_id"]
