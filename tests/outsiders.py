"""Parameters for components that ask somebody outside, so that they can be played where nobody is there."""

import sys

from matchday import Catalogue, load_agent
from matchday.auditing.sophistication.parts import parts_of

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

#: By component: what it needs. A model without a key is not asked, and its analyst changes nothing; one that plays is
#: not there, and bets nothing.
OUTSIDE = {
    "llm": {"model": "nobody", "base_url": "http://127.0.0.1:9/v1", "retries": 0},
    "llm-analyst": {"model": "nobody", "key_variable": "MATCHDAY_NO_SUCH_KEY"},
    "external": {"command": [sys.executable, "-c", BACKS_HOME]},
}


def at_home() -> list[str]:
    """The bundled agents that ask nobody outside; tests of their own play the others, with somebody to ask."""
    agents = {name: load_agent(name) for name in Catalogue().names("agent")}
    return [name for name, agent in agents.items() if not any(part.component.effects for part in parts_of(agent))]
