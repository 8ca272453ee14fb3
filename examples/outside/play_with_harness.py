"""Play a little season through a harness of others: firehorse, or Inspect with inspect-openreward.

    pip install '.[openreward]'
    python examples/outside/play_with_harness.py firehorse
    python examples/outside/play_with_harness.py inspect

Makes an environment of its own for the harness (``--environment FOLDER`` keeps it), serves a synthetic season of four
clubs on this machine, puts a script in the place of the language model, and lets the harness play to the season's end.
No account and no key of anybody is needed. Run it in a clone: the script for a model is the tests'.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from scripted_endpoint import calls, says, scripted  # noqa: E402
from scripted_strategy import bets_of  # noqa: E402

PACKAGES = {"firehorse": "firehorse-cli>=0.1.4", "inspect": "inspect-openreward>=0.3.0"}
SEASON = ["--set", "source.clubs=4", "--set", "source.history=1"]


def model(body: dict) -> object:
    """What the script says for a language model: look, bet by a rule, go on; a word when the season is over."""
    last = body["messages"][-1]
    text = str(last["content"])
    if last["role"] != "tool":
        return calls("view_matches", {})
    if "The season is over" in text:
        return says("Done.")
    if "match_id,home_club" in text:
        bets = bets_of(text, float(re.findall(r"Bankroll (\d+\.\d\d)\.", text)[-1]))
        if bets:
            return calls("place_bets", {"bets": bets})
    return calls("next_matchday", {})


@contextmanager
def served() -> Iterator[str]:
    """Serve the season by the command; hands out its address."""
    command = [sys.executable, "-m", "matchday", "serve", "openreward", "--port", "0", *SEASON]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        try:
            found = re.search(r"http://[^,\s]+", told)
            if found is None:
                sys.exit(told)
            yield found[0]
        finally:
            process.terminate()


def commands(harness: str, folder: Path, model_url: str) -> tuple[list[str], dict[str, str]]:
    """Say how a harness is run, and with which variables."""
    if harness == "firehorse":
        options = ["--env", "local/matchday", "--variant", "matchday-final", "--split", "train", "--agent", "react"]
        asked = ["--model", "openrouter/scripted", "--provider-url", model_url, "--no-logging"]
        command = [str(folder / "bin" / "firehorse"), *options, *asked, "--output-dir", str(folder / "firehorse")]
        return command, {"OPENROUTER_API_KEY": "none"}
    command = [str(folder / "bin" / "python"), str(HERE / "inspect_season.py"), str(folder / "inspect")]
    return command, {"SCRIPTED_BASE_URL": model_url, "SCRIPTED_API_KEY": "none"}


def main() -> None:
    """Make the environment, serve, and play."""
    reads = argparse.ArgumentParser(description="Play a little season through a harness of others.")
    reads.add_argument("harness", choices=PACKAGES)
    reads.add_argument("--environment", type=Path, help="folder of its environment; made where it is not there")
    chosen = reads.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.environment or Path(temporary) / chosen.harness).resolve()
        if not folder.exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([folder / "bin" / "pip", "install", "-q", PACKAGES[chosen.harness]], check=True)
        with served() as base, scripted(model, most=1000) as endpoint:
            command, variables = commands(chosen.harness, folder, endpoint.url)
            places = {"OPENREWARD_API_URL": base, "OPENREWARD_SESSION_URL": base}
            quiet = {"OPENREWARD_API_KEY": "none", "OPENREWARD_DISABLE_UPDATE_CHECK": "1"}
            done = subprocess.run(command, env={**os.environ, **places, **quiet, **variables}, check=False, timeout=600)
            print(f"{chosen.harness}: exit status {done.returncode}, {endpoint.count} requests to the model")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
