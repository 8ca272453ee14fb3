"""The tutorial does what it says, command by command, and prints what it shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from matchday.scaffold import KINDS
from packages import register

PAGE = (Path(__file__).parents[1] / "docs" / "writing-a-component.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(<!-- not run[^\n]*\n)?```(\w+)\n(.*?)```", re.S)


def run(line, folder):
    """Run a line of the page in a folder, and answer the folder to go on in, and what was printed."""
    words = shlex.split(line)
    if words[0] == "cd":
        return folder / words[1], ""
    if words[:2] == ["pip", "install"]:
        register(folder)
        return folder, ""
    module = words[1:] if words[0] == "matchday" else words[2:]
    assert words[0] == "matchday" or words[:2] == ["python", "-m"], line
    name = "matchday" if words[0] == "matchday" else module.pop(0)
    scripts = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PATH": scripts, "COLUMNS": "100"}
    environment.pop("MATCHDAY_STORE", None)
    done = subprocess.run(
        [sys.executable, "-m", name, *module], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return folder, done.stdout


def shows(printed, shown):
    """Whether lines were printed as shown, one after the other; between them, "..." stands for any."""
    lines = iter([line.rstrip() for line in printed.splitlines()])
    anywhere = False
    for line in shown.splitlines():
        if line == "...":
            anywhere = True
        elif anywhere:
            assert line in lines, f"not printed: {line}"
            anywhere = False
        else:
            assert next(lines, None) == line
    return True


def test_the_tutorial_does_and_prints_what_it_says(tmp_path):
    folder, printed = tmp_path, ""
    for skipped, language, text in BLOCK.findall(PAGE):
        if skipped:
            continue
        if language == "sh":
            for line in text.splitlines():
                folder, printed = run(line, folder)
        elif language == "text":
            assert shows(printed, text)
        else:
            path = folder / re.match(r"# (\S+)\n", text)[1]
            assert path.is_file()
            path.write_text(text, encoding="utf-8")
    for words in (["ruff", "check"], ["ruff", "format", "--check"]):
        subprocess.run([sys.executable, "-m", *words, "--no-cache", "."], cwd=folder, check=True)


def test_the_tutorial_names_every_kind():
    for kind in KINDS:
        assert f"`{kind}`" in PAGE
