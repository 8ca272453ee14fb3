"""The command, as one runs it: it says where it listens, serves, is quiet, and stops when told to."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("openreward", reason="the OpenReward SDK is not installed: pip install 'matchday[openreward]'")

from matchday.store import Store


@contextmanager
def serving(*options, folder):
    command = [sys.executable, "-m", "matchday", "serve", "openreward", "--port", "0", *options]
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("OPENREWARD_")}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True, env=quiet)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_a_season_is_played_through_the_command_put_on_record_and_nothing_is_printed_meanwhile(tmp_path):
    from openreward import AsyncOpenReward

    async def played(base):
        asking = AsyncOpenReward(api_key="sesame", base_url=base)
        try:
            environment = asking.environments.get("local/matchday", variant="matchday-final", base_url=base)
            async with environment.session(split="train", index=1) as session:
                answer = await session.call_tool("view_matches", {})
                while not answer.finished:
                    answer = await session.call_tool("next_matchday", {})
                return answer
        finally:
            await asking.environments.aclose()

    options = ["--set", "source.clubs=4", "--set", "source.history=1", "--seeds", "2", "--bankroll", "50"]
    kept = ["--store", "runs.db", "--agent", "visitor", "--token", "sesame", "--no-models"]
    with serving(*options, *kept, folder=tmp_path) as process:
        told = process.stderr.readline()
        assert told.startswith("matchday: OpenReward at http://127.0.0.1:") and told.endswith(", until interrupted\n")
        assert process.stderr.readline() == "tasks: synthetic-seed-0 (train), synthetic-seed-1 (train)\n"
        answer = asyncio.run(played(told.split()[3].rstrip(",")))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    (run,) = Store(tmp_path / "runs.db").runs()
    assert (run.summary.agent, run.status, run.spec.seed) == ("visitor", "completed", 1)
    assert run.summary.log_growth == pytest.approx(answer.reward)


def test_the_pages_program_plays_a_season_through_the_command(tmp_path, capsys):
    page = (Path(__file__).parents[3] / "docs" / "openreward.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.S)[1]
    with serving("--set", "source.clubs=4", "--set", "source.history=1", folder=tmp_path) as process:
        base = process.stderr.readline().split()[3].rstrip(",")
        shown = "http://127.0.0.1:8080"
        assert shown in program
        exec(program.replace(shown, base), {})
    assert "The season is over" in capsys.readouterr().out
