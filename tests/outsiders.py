"""What components that ask somebody outside are made with, so that any test can play them."""

import re
import sys

import pytest

import scripted_strategy
from matchday import Catalogue, load_agent
from matchday.parts import parts_of
from scripted_endpoint import Scripted, says, scripted

#: A program that backs the first home win of each day with a hundredth of the bankroll.
BACKS_HOME = """
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    if told["event"] == "season_closed":
        break
    offered = [each["match_id"] for each in told.get("matches", []) if "home" in each["odds"]]
    bets = [{"match_id": each, "selection": "home", "share": 0.01} for each in offered[:1]]
    print(json.dumps({"bets": bets}), flush=True)
"""

#: By component: what it needs. A model without a key is not asked, and its analyst changes nothing; one that plays has
#: the endpoint of ``somebody_outside``.
OUTSIDE = {
    "llm": {"model": "scripted", "retries": 0},
    "llm-analyst": {"model": "nobody", "key_variable": "MATCHDAY_NO_SUCH_KEY"},
    "external": {"command": [sys.executable, "-c", BACKS_HOME]},
}


def by_rule(body: dict) -> Scripted:
    """A language model that plays the rule of ``scripted_strategy``, a reply a matchday."""
    shown = body["messages"][-1]["content"]
    money = float(re.findall(r"Bankroll ([\d.]+)\.\n", shown)[-1])
    bets = scripted_strategy.bets_of(shown, money)
    return says("By the rule.", tools=[("place_bets", {"bets": bets})] * bool(bets) + [("next_matchday", {})])


@pytest.fixture(scope="module", autouse=True)
def somebody_outside():
    """Run an endpoint for ``OUTSIDE``, as long as the module's tests run that imports this."""
    with scripted(by_rule, most=10_000) as endpoint:
        OUTSIDE["llm"]["base_url"] = endpoint.url
        yield


def at_home() -> list[str]:
    """The bundled agents that ask nobody outside; tests of their own play the others, with somebody to ask."""
    agents = {name: load_agent(name) for name in Catalogue().names("agent")}
    return [name for name, agent in agents.items() if not any(part.component.effects for part in parts_of(agent))]
