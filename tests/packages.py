"""Packages that are tried out: as if they were installed here, or in an environment of their own."""

import subprocess
import sys
import sysconfig
import tomllib
import venv
from contextlib import contextmanager


def register(folder):
    """Lay a package's names where they are looked for once the folder is on Python's path, as an installation does."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dist = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    dist.mkdir()
    (dist / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [line for group, named in groups for line in (f"[{group}]", *(f"{n} = {at}" for n, at in named.items()))]
    (dist / "entry_points.txt").write_text("\n".join(lines))


@contextmanager
def as_if_installed(folder, monkeypatch):
    """Let a package be found in this process, and forget it afterwards."""
    register(folder)
    before = set(sys.modules)
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield
    for name in set(sys.modules) - before:
        if str(folder) in str(getattr(sys.modules[name], "__file__", None)):
            del sys.modules[name]


class Environment:
    """A virtual environment of its own, which has all that this one has, and what is installed into it besides."""

    def __init__(self, folder):
        venv.create(folder)
        self.python = sysconfig.get_path("scripts", "venv", vars={"base": str(folder)}) + "/python"
        site = sysconfig.get_path("purelib", "venv", vars={"base": str(folder), "platbase": str(folder)})
        here = sysconfig.get_path("purelib")
        with open(f"{site}/here.pth", "w", encoding="utf-8") as file:
            file.write(f"import site; site.addsitedir({here!r})\n")

    def run(self, *words, cwd):
        """Run a module in it, as ``matchday play ...`` or ``pip install ...``, and answer what it prints."""
        done = subprocess.run(
            [self.python, "-m", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self, folder):
        """Build a wheel of a package, without the network, and install it."""
        self.run("build", "--wheel", "--no-isolation", ".", cwd=folder)
        [wheel] = (folder / "dist").glob("*.whl")
        self.run("pip", "install", "--no-deps", "--no-index", wheel, cwd=folder)
