"""``matchday check``: a table a person can act on, JSON, and an exit status."""

import json
import sys

import pytest
from rich.console import Console

from matchday.cli import main, screen

MINE = """
from matchday import Component, hookimpl, Forecast
class Mine(Component):
    home: float = 0.5
    needed: int
    @hookimpl
    def forecast(self, day):
        return Forecast.silent(day.slate.index)
class Raises(Mine):
    needed: int = 1
    @hookimpl
    def forecast(self, day):
        raise KeyError("club")
class Idle(Component):
    pass
class Misspelt(Component):
    @hookimpl
    def forecats(self, day):
        return Forecast.silent(day.slate.index)
"""


SEVERAL = """
from matchday import Component, hookimpl, Forecast
class Base(Component):
    home: float = 0.5
class Needs(Base):
    needed: int
    @hookimpl
    def forecast(self, day):
        return Forecast.silent(day.slate.index)
class Talks(Base):
    @hookimpl
    def find_edges(self, day, forecast):
        print("here I am")
        return None
"""


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(screen, "out", Console(width=160, highlight=False, emoji=False))
    return tmp_path


@pytest.fixture
def mine(here):
    (here / "mine_of_checks.py").write_text(MINE)
    yield "mine_of_checks.py"
    sys.modules.pop("mine_of_checks", None)


@pytest.fixture
def several(here):
    (here / "several_of_checks.py").write_text(SEVERAL)
    yield "several_of_checks.py"
    sys.modules.pop("several_of_checks", None)


def test_check_prints_a_table_of_contracts_and_what_to_do(capsys, mine):
    status, out, _ = run(capsys, f"{mine}:Mine", "--set", "needed=3")
    assert status == 0
    assert "no opinion on any match" in out
    assert out.rstrip().endswith("mine_of_checks.py:Mine keeps all 19 contracts that bind it.")
    status, out, _ = run(capsys, "mine_of_checks:Raises")
    assert status == 1
    assert "hook 'forecast', matchday 1 (2001-08-04): failed: KeyError: 'club'" in out
    assert "Mend first: it plays a season to its end; then run matchday check mine_of_checks:Raises again." in out


def test_check_answers_json(capsys, mine):
    status, out, _ = run(capsys, f"{mine}:Raises", "--json")
    told = json.loads(out)
    assert (status, told["kept"]) == (1, False)
    assert told["checks"][0]["kinds"] == ["model"]
    assert {each["status"] for each in told["checks"][0]["findings"]} == {"kept", "broken", "not applicable"}


def test_check_takes_an_installed_agent_as_a_whole(capsys):
    status, out, _ = run(capsys, "favourites-only", "--set", "proportional.fraction=0.02")
    assert status == 0, out
    assert "favourites-only keeps all" in out


def test_what_cannot_be_made_does_not_keep_the_rest_of_a_file_from_being_checked(capsys, several):
    status, out, err = run(capsys, several)
    assert (status, err.splitlines()[-1]) == (2, "matchday: Component Needs: key 'needed' is missing.")
    assert "several_of_checks.py:Talks  edge rule" in out
    assert "Base" not in out


def test_what_a_component_prints_does_not_stand_in_the_json(capsys, several):
    status, out, err = run(capsys, f"{several}:Talks", "--json")
    assert (status, json.loads(out)["kept"]) == (1, False)
    assert err.startswith("here I am\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dixon-coless"], "'dixon-coless' is not installed; did you mean 'dixon-coles'?"),
        (["elephant"], "'elephant' is not installed; rule: a name that is installed, module:Class, or a .py"),
        (["nowhere.py"], "File 'nowhere.py' is not there"),
        (["mine_of_checks.py:Mein"], "File 'mine_of_checks.py' defines no 'Mein'; did you mean 'Mine'?"),
        (["mine_of_checks.py:Mine"], "Component Mine: key 'needed' is missing"),
        (["mine_of_checks.py", "--set", "needed=1"], "--set needed=1: the file defines several classes; name one"),
        (["mine_of_checks.py:Raises", "--set", "hom=1"], "unknown key 'hom'; did you mean 'home'?"),
        (["mine_of_checks:Idle"], "Component Idle implements no hook; mark a method of it with @hookimpl"),
        (["mine_of_checks:Misspelt"], "there is no such hook; did you mean 'forecast'?"),
        (["json:dumps"], "rule: a class that derives from matchday.Component or matchday.Source"),
        (["football-data", "--set", "data=/nowhere"], "Folder '/nowhere' does not exist"),
    ],
)
def test_check_refuses_bad_input_in_one_line(capsys, mine, arguments, message):
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert message in err
    assert err.count("\n") == 1
