"""Let a language model play a season by itself, beside a baseline: here a script that speaks the same protocol.

Run it: python examples/scripted_player.py             (needs: pip install 'matchday[llm]')

It asks a model what it thinks of the day, and bets wherever that sees value. With a language model of yours, ``model``
and ``base_url`` say what it is and where, and all else stays as it is: docs/llm-agent.md.
"""

import csv
import io
import json
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from matchday import Agent, Catalogue, compare

SELECTIONS = ("home", "draw", "away")
STAKE = 0.5


def next_calls(messages: list[dict]) -> list[tuple[str, dict]]:
    """What the "model" does next, as calls of tools: it asks for a forecast, then bets and ends the matchday."""
    if messages[-1]["role"] == "user":
        return [("forecast", {"model": "elo"})]
    slate, forecast = table(messages[1]["content"]), table(messages[-1]["content"])
    bets = [
        {"match_id": match_id, "selection": name, "stake": STAKE, "probability": float(row[name])}
        for match_id, row in forecast.items()
        for name in SELECTIONS
        if slate[match_id][name] and float(row[name]) * float(slate[match_id][name]) > 1.05
    ]
    return [*([("place_bets", {"bets": bets})] if bets else []), ("next_matchday", {})]


def table(text: str) -> dict[str, dict[str, str]]:
    """The last table of a text, row by row."""
    rows = csv.DictReader(io.StringIO(text[text.rindex("match_id,") :]))
    return {row["match_id"]: row for row in rows}


class Endpoint(BaseHTTPRequestHandler):
    """As much of an OpenAI-compatible endpoint as it takes."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        called = [
            {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
            for n, (name, arguments) in enumerate(next_calls(body["messages"]))
        ]
        message = {"role": "assistant", "content": None, "tool_calls": called}
        usage = {"prompt_tokens": len(str(body)) // 4, "completion_tokens": len(str(called)) // 4}
        answer = json.dumps({"choices": [{"index": 0, "message": message}], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        player = Catalogue().component("llm")(
            model="script", base_url=url, models=["elo"], cache=folder, price_in=1.0, price_out=4.0
        )
        comparison = compare([Agent("script", [player]), "favourites-only"], ["2023-24"])
    server.shutdown()
    server.server_close()
    shown = comparison.leaderboard[["growth", "bets", "calls", "tokens", "cost"]]
    print(shown.rename_axis(None).to_string(float_format="{:,.2f}".format))
