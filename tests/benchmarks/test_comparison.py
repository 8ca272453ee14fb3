"""What a comparison costs beside its plays: the memory of the process that gathers them."""

import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
from matchday import compare
from matchday.source import make_source

if __name__ == "__main__":
    league = make_source("synthetic", {"clubs": 6, "history": 0})
    compare(["favourites-only", "market-follower"], ["2003-04"], seeds=int(sys.argv[1]) // 2, source=league, jobs=2)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.mark.parametrize("plays", [20, 80, 320])
def test_peak_memory_of_the_gathering_process(benchmark, tmp_path, plays):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")

    def run():
        done = subprocess.run([sys.executable, program, str(plays)], capture_output=True, text=True, check=True)
        return float(done.stdout)

    benchmark.extra_info["megabytes"] = round(benchmark.pedantic(run, rounds=1, iterations=1))
