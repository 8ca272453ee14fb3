"""The process that a client starts: it lives through garbage, keeps its output clean, and ends when its input does."""

import json
import random
import signal
import subprocess
import sys
from subprocess import PIPE

import pytest

pytest.importorskip("mcp_types", reason="version 2 of mcp is not installed: pip install 'matchday[mcp]'")

from matchday.store import Store
from mcp_clients import LITTLE_OPTIONS

COMMAND = [sys.executable, "-m", "matchday", "serve", "mcp"]
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}


def request(number, method, params):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def call(number, name, arguments=None):
    return request(number, "tools/call", {"name": name, "arguments": arguments or {}})


def talk(*options, messages, cwd, garbage=()):
    """Send messages, await their answers, close the input; answers exit status, errors, and the answers by number."""
    asked = [request(0, "initialize", HELLO), {"jsonrpc": "2.0", "method": "notifications/initialized"}, *messages]
    sent = [json.dumps(message).encode() + b"\n" for message in asked]
    told = {}
    with (
        (cwd / "stderr").open("wb") as errors,
        subprocess.Popen([*COMMAND, *options], stdin=PIPE, stdout=PIPE, stderr=errors, cwd=cwd) as process,
    ):
        process.stdin.write(b"".join([*sent[:2], *garbage, *sent[2:]]))
        process.stdin.flush()
        while messages[-1]["id"] not in told and (line := process.stdout.readline()):
            answer = json.loads(line)
            if "result" in answer:
                told[answer["id"]] = answer["result"]
        process.stdin.close()
        status = process.wait(timeout=60)
        assert process.stdout.read() == b""
    return status, (cwd / "stderr").read_text(), told


def test_a_client_that_goes_away_ends_the_process_and_what_was_settled_is_on_record(tmp_path):
    messages = [call(1, "next_matchday"), call(2, "next_matchday"), call(3, "place_bet", {"stake": -1})]
    options = [*LITTLE_OPTIONS, "--store", "runs.db", "--agent", "visitor"]
    status, errors, told = talk(*options, messages=messages, cwd=tmp_path)
    assert status == 0 and len(errors.splitlines()) == 1
    (run,) = Store(str(tmp_path / "runs.db")).runs()
    assert (run.summary.agent, run.summary.matchdays) == ("visitor", 2)
    assert run.summary.bankroll_end == told[2]["structuredContent"]["bankroll"]


def test_garbage_among_the_messages_changes_nothing(tmp_path):
    chance = random.Random(1)
    noise = [bytes(chance.randrange(11, 256) for _ in range(50)) + b"\n" for _ in range(200)]
    noise += [b"[" * 5000 + b"\n", b"{}\n", b"null\n", b'{"jsonrpc": "2.0", "id": 9, "method": "no/such"}\n', b"\n"]
    messages = [call(1, "view_bankroll"), call(2, "view_matches")]
    status, _, told = talk(*LITTLE_OPTIONS, messages=messages, cwd=tmp_path, garbage=noise)
    _, _, quiet = talk(*LITTLE_OPTIONS, messages=messages, cwd=tmp_path)
    assert status == 0 and told == quiet and {1, 2} <= set(told)


def test_the_season_is_told_on_standard_error_and_nothing_but_the_protocol_on_standard_output(tmp_path):
    _, errors, told = talk(*LITTLE_OPTIONS, "--no-models", messages=[request(1, "tools/list", {})], cwd=tmp_path)
    assert errors.startswith("matchday: MCP over standard input and output, synthetic")
    assert "forecast" not in {tool["name"] for tool in told[1]["tools"]}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--seeds", "2"], "MCP over stdio plays one season, and these are synthetic-seed-0, synthetic-seed-1"),
        (["--port", "1"], "--host and --port are for HTTP; add --http"),
        (["--http", "--host", "0.0.0.0"], "others can reach it; give a --token"),
        (["--season", "1066-67", "--source", "synthetic"], "1066"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_line(tmp_path, options, says):
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, cwd=tmp_path, timeout=120, input="")
    assert done.returncode == 2 and says in done.stderr and len(done.stderr.splitlines()) == 1
    assert not done.stdout


@pytest.mark.parametrize("options", [[], ["--http", "--port", "0"]])
def test_an_interrupt_ends_it(tmp_path, options):
    command = [*COMMAND, *LITTLE_OPTIONS, *options]
    with subprocess.Popen(command, stdin=PIPE, stderr=PIPE, text=True, cwd=tmp_path) as process:
        assert "matchday: MCP" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert "Traceback" not in process.stderr.read()
