"""The schemas of the environment's tools, as language models' endpoints take them."""

import json

import pytest

from matchday.environment.tools import TOOLS


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_tools_schema_is_an_object_that_refers_to_nothing_outside_itself(tool):
    assert tool.schema["type"] == "object" and isinstance(tool.schema["properties"], dict)
    assert "$" not in json.dumps(tool.schema)


def test_the_bets_of_place_bets_are_spelled_out():
    bets = next(tool for tool in TOOLS if tool.name == "place_bets").schema["properties"]["bets"]
    alone = next(tool for tool in TOOLS if tool.name == "place_bet").schema
    assert bets["items"]["properties"] == alone["properties"] and bets["items"]["required"] == alone["required"]
