"""Put a language model at the table of an agent: here a script that speaks the same protocol, on this machine.

Run it: python examples/scripted_analyst.py            (needs: pip install 'matchday[llm]')

With a model of yours, ``base_url`` and ``model`` say where it is, and all else stays as it is: docs/language-models.md.
"""

import json
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from matchday import Agent, Catalogue, play, summarise
from matchday.events import ActionTaken, Consulted


def opinion(told: dict) -> dict:
    """What the "model" thinks: a club that has lost its last three is worse than it looks."""
    losing = {name for name, club in told.get("clubs", {}).items() if lost(club.get("latest", [])[-3:]) == 3}
    reason = "three defeats in a row"
    adjustments = [
        {"match_id": match["match_id"], "selection": "home", "log_odds": -0.1, "reason": reason}
        for match in told["matches"]
        if match["home"] in losing
    ]
    vetoes = [
        {"match_id": match["match_id"], "selection": "all", "reason": f"both sides: {reason}"}
        for match in told["matches"]
        if {match["home"], match["away"]} <= losing
    ]
    return {"adjustments": adjustments, "vetoes": vetoes}


def lost(results: list[str]) -> int:
    """Count defeats in results such as "2023-08-19 H Leeds 0-2", the club's own goals first."""
    scores = [result.split()[-1].split("-") for result in results]
    return sum(int(own) < int(other) for own, other in scores)


class Endpoint(BaseHTTPRequestHandler):
    """As much of an OpenAI-compatible endpoint as it takes."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = json.dumps(opinion(json.loads(body["messages"][1]["content"])))
        choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        usage = {"prompt_tokens": len(str(body)) // 4, "completion_tokens": len(said) // 4}
        answer = json.dumps({"choices": [choice], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        """Say nothing."""


def desk(*analysts) -> Agent:
    """A rating's agent, with an analyst between its forecast and its bets, or without one."""
    made = Catalogue().component
    bets = [made("value")(minimum_edge=0.05), made("kelly")(), made("fractional")(fraction=0.1)]
    return Agent("with an analyst" if analysts else "without", [made("elo")(), *analysts, *bets])


if __name__ == "__main__":
    season = Catalogue().load("source", "synthetic")(seed=1).season("2023-24")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        analyst = Catalogue().component("llm-analyst")(model="script", base_url=url, cache=folder, price_in=1.0)
        events = list(play(desk(analyst), season))
    server.shutdown()
    server.server_close()
    for figures in (summarise(play(desk(), season), season), summarise(events, season)):
        print(f"{figures.agent:<16} {figures.bets} bets, {figures.bankroll_start:.0f} -> {figures.bankroll_end:.2f}")
    questions = [event.consultation for event in events if isinstance(event, Consulted)]
    told = sum(len(each.asked) for each in questions) / len(questions)
    print(
        f"{figures.calls} calls, {told:,.0f} characters a question, cost {figures.cost:.2f} at 1 a million tokens read"
    )
    moved = [event for event in events if isinstance(event, ActionTaken)]
    print(f"{len(moved)} moves, the first: {moved[0].action} ({moved[0].cause})")
