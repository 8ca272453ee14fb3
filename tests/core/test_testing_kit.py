"""The testing kit in use: subjects, effects, scripted markets, fixtures, and contracts as tests."""

import asyncio
import inspect
import io
import os
import re
import socket
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import Field

import doubles
from faulty import ReadsAFile, Says
from matchday import Agent, MatchdayError, play
from matchday.importing import import_object
from matchday.testing import ComponentContract, check, scripted_market, small_season, subject, watched
from matchday.testing.contracts import OF_COMPONENTS, OF_SOURCES
from matchday.testing.specimen import KINDS

pytest_plugins = ["matchday.testing.fixtures"]


def test_the_subject_is_an_agent_that_bets_with_the_component_inside():
    for component in (doubles.Coin, doubles.Mean, doubles.Positive, doubles.Level, doubles.Times, doubles.Watch):
        agent = subject(component)
        assert isinstance(agent.components["tested"], component)
        assert [*play(agent, small_season(matchdays=2))][-1].matchdays == 2


def test_what_cannot_be_made_is_refused_in_one_line():
    with pytest.raises(MatchdayError, match=r"Component Level: share = 'x': .* number") as caught:
        check(doubles.Level, {"share": "x"})
    assert "\n" not in str(caught.value)
    with pytest.raises(MatchdayError, match="rule: a Component's class, a Source's, or an agent"):
        check(int)


# Effects


def test_effects_are_files_sockets_and_processes_with_the_hook_that_did_it(tmp_path):
    with watched() as effects:
        (tmp_path / "a.txt").write_text("x")
        (tmp_path / "a.txt").read_text()
        socket.socket().close()
        subprocess.run(["true"], check=True)
        os.remove(tmp_path / "a.txt")
    kinds = [each.kind for each in effects]
    assert kinds[:3] == ["file", "file", "socket"] and "process" in kinds and kinds[-1] == "file"
    assert "writes" in str(effects[0]) and "reads" in str(effects[1])
    with watched() as effects:
        [*play(subject(ReadsAFile), small_season(matchdays=1))]
    line = inspect.getsourcelines(ReadsAFile.matchday_opened)[1] + 2
    assert [each.where for each in effects] == [f"hook 'matchday_opened' of 'tested', faulty.py:{line}"]


def test_what_a_process_shares_is_an_effect_to_change_and_what_leads_nowhere_is_none(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    with watched() as effects:
        os.environ["MATCHDAY_TESTS"] = "1"
        del os.environ["MATCHDAY_TESTS"]
        os.chdir(tmp_path)
        os.listdir()
        input()
        asyncio.run(asyncio.sleep(0))
        os.listdir(Path(os.__file__).parent)
    told = [(each.kind, each.what.partition(" ")[0]) for each in effects]
    assert told == [
        ("process", "os.putenv"),
        ("process", "os.unsetenv"),
        ("process", "os.chdir"),
        ("file", "os.listdir"),
        ("stdin", "builtins.input"),
    ]


def test_an_effect_in_a_thread_is_told_with_its_line(tmp_path):
    with watched() as effects:
        threads = ThreadPoolExecutor(1)
        threads.submit((tmp_path / "a.txt").write_text, "x").result()
        threads.submit(lambda: open(tmp_path / "a.txt").close()).result()
        threads.shutdown()
    assert [each.where.partition(":")[0] for each in effects] == ["a thread", "a thread, test_testing_kit.py"]


def test_imports_code_and_what_packages_bring_are_no_effects():
    program = (
        "from matchday.testing import watched\n"
        "with watched() as effects:\n"
        "    import sklearn.linear_model, matchday_data.synthetic\n"
        "    open(sklearn.__file__).close(); open('/proc/cpuinfo').close(); open(__import__('os').devnull).close()\n"
        "print(effects)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nobody_is_listened_to_when_nobody_watches(tmp_path):
    with watched() as outer:
        with watched() as inner:
            (tmp_path / "a").write_text("")
        (tmp_path / "b").write_text("")
    (tmp_path / "c").write_text("")
    assert [len(outer), len(inner)] == [2, 1]


class Cached(Says):
    """Asks outside once, and keeps the answer."""

    effects = frozenset({"network"})

    cache: str = Field(description="file that the answer is kept in")

    def _home(self, day):
        if not os.path.exists(self.cache):
            socket.socket().close()
            with open(self.cache, "w") as file:
                file.write("0.5")
        with open(self.cache) as file:
            return float(file.read())


def test_an_effect_that_is_declared_and_replays_from_its_cache_is_kept(tmp_path):
    checked = check(Cached, {"cache": str(tmp_path / "cache")})
    assert checked.broken == ()
    (found,) = (each for each in checked.findings if "it declares" in each.contract)
    assert found.evidence.startswith("declares network; ") and "opened files alone" in found.evidence


def test_a_class_of_a_function_is_not_blamed_for_what_another_process_calls_it():
    class Local(Says):
        pass

    assert check(Local).broken == ()


def test_a_class_that_another_process_cannot_import_is_not_blamed_for_it(monkeypatch):
    nowhere = types.ModuleType("nowhere_on_the_path")
    monkeypatch.setitem(sys.modules, nowhere.__name__, nowhere)
    nowhere.Mine = type("Mine", (Says,), {"__module__": nowhere.__name__})
    (found,) = (each for each in check(nowhere.Mine).findings if each.status != "kept")
    assert (found.contract, found.status) == ("it can be sent to another process", "not applicable")
    assert "cannot import it" in found.evidence


# Seasons and fixtures


TABLE = """
    date        match          score  home  draw  away  over_2_5  under_2_5
    2001-05-05  Albion v City  0-0    2.00  3.40  3.80  1.90      1.90
    2001-08-11  City v Albion  1-1    2.40  -     2.90  1.90      1.90
    2001-08-04  Albion v City  2-1    1.90  3.50  4.20  -         -
"""


def test_a_scripted_market_is_played_at_the_prices_and_results_of_its_table(scripted_market):
    season = scripted_market(TABLE)
    assert (season.name, season.first, season.matchdays) == ("2001-02", 1, 2)
    settled = play(Agent("a", [doubles.Everything(), doubles.Level(share=0.1)]), season)
    days = [each.settlement for each in settled if type(each).__name__ == "MatchdaySettled"]
    assert [len(each.bets) for each in days] == [3, 4]
    assert [(each.bet.selection, each.payout) for each in days[0].bets if each.payout] == [("home", 1900)]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "there is no column 'date'"),
        ("date  match  score", "it has no matches"),
        ("date  match  score  hom\n2001-08-04  A v B  1-0  2", "column 'hom'; did you mean 'home'"),
        ("date  match  score\n2001-08-04  A v B", "match 1: 2 cells in 3 columns; keep cells apart by two spaces"),
        ("date  match  score\n04/08/2001  A v B  1-0", "date '04/08/2001'; rule: year-month-day"),
        ("date  match  score\n2001-08-04  A-B  1-0", "match 'A-B'; rule: two clubs"),
        ("date  match  score\n2001-08-04  A v B  one", "score 'one'; rule: home goals and away goals"),
        ("date  match  score  home\n2001-08-04  A v B  1-0  evens", "home 'evens'; rule: decimal odds, or -"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_line(table, message):
    with pytest.raises(MatchdayError, match=message) as caught:
        scripted_market(table)
    assert "\n" not in str(caught.value)


def test_the_fixtures_hand_out_what_hooks_are_handed(matchday, slate):
    assert len(slate) == len(matchday.slate) == 3
    assert doubles.Fixed().forecast(matchday).probabilities.index.equals(slate.index)


# Contracts as tests


class TestLevel(ComponentContract):
    component = doubles.Level
    parameters = {"share": 0.01}  # noqa: RUF012


def test_contracts_of_other_kinds_are_no_tests_of_a_component():
    named = {name for name in dir(TestLevel) if name.startswith("test_") and callable(getattr(TestLevel, name))}
    assert "test_keeps_the_rules" in named and "test_probabilities_are_coherent" not in named


def test_a_broken_contract_fails_with_its_evidence_and_a_class_that_names_nothing_says_so():
    suite = type("TestMine", (ComponentContract,), {"component": ReadsAFile})
    with pytest.raises(AssertionError, match=r"processes it opens: reads '/etc/hostname' \(hook 'matchday_opened'"):
        suite().test_declares_its_effects()
    with pytest.raises(MatchdayError, match="TestNothing does not say what it tests; write component = "):
        type("TestNothing", (ComponentContract,), {})().test_plays()


# The page

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("contract", OF_COMPONENTS, ids=lambda each: each.key)
def test_every_contract_of_components_is_documented_in_its_own_words(contract):
    binds = ", ".join(kind for kind in KINDS if kind in contract.kinds) or "all"
    assert f"| {contract.name} | {binds} | {contract.tried} |" in PAGE


@pytest.mark.parametrize("contract", OF_SOURCES, ids=lambda each: each.key)
def test_every_contract_of_sources_is_documented_in_its_own_words(contract):
    assert f"| {contract.name} | {contract.tried} |" in PAGE


def test_the_pages_model_has_the_fault_that_it_says_and_the_mend_mends_it(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    block = re.search(r"```python\n(# strengths.py.*?)```", PAGE, re.S)[1]
    for name, text in {
        "strengths": block,
        "mended": block.replace("self._share[club]", "self._share.get(club, self.prior)"),
    }.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    broken = check(import_object("strengths:Strengths")).broken
    assert [each.contract for each in broken] == ["it survives unseen clubs", "it survives an empty history"]
    shown = re.search(r"```text\nit survives unseen clubs +broken +(.*?)\nit survives", PAGE, re.S)[1]
    assert broken[0].evidence == " ".join(shown.split())
    assert check(import_object("mended:Strengths")).broken == ()


def test_the_pages_scripted_market_ends_as_it_says(capsys):
    exec(re.search(r"```python\n(from matchday import Agent.*?)```", PAGE, re.S)[1], {})
    assert capsys.readouterr().out.strip() == re.search(r"# ([\d.]+)\n", PAGE)[1]


def test_looking_into_an_effect_is_none_and_calls_itself_no_second_time(monkeypatch, tmp_path):
    class Listing(list):
        def __iter__(self):
            os.listdir(tmp_path)  # as the path of a namespace package does
            return super().__iter__()

    spread = types.ModuleType("spread_over_folders")
    spread.__path__ = Listing([str(tmp_path / "nowhere")])
    monkeypatch.setitem(sys.modules, spread.__name__, spread)
    (tmp_path / "data.txt").write_text("x", encoding="utf-8")
    with watched() as effects:
        (tmp_path / "data.txt").read_text(encoding="utf-8")
    assert len(effects) == 1 and "data.txt" in effects[0].what
