"""What a person reads of a run: why each bet was placed as it was."""

import os
import re
import subprocess
import sys
from collections.abc import Generator

import pandas as pd
import pytest

from doubles import Coin, Everything, Faulty, Fixed, Level, Mean, Positive, Times, Watch, small_season
from matchday import Agent, BetSlip, Catalogue, Component, Diagnosis, Edges, Forecast, Rules, hookimpl
from matchday.cli import main, screen
from matchday.errors import ComponentError
from matchday.spec import RunSpec
from matchday.store import Store, record


class HomeOnly(Component):
    """A filter that says what it leaves out."""

    @hookimpl(wrapper=True)
    def find_edges(self) -> Generator[None, Edges, Edges]:
        edges = yield
        return edges.keep(edges.bets["selection"] == "home", reason=self.name)


class Veto(Component):
    """A guard that strikes the first bet off the slip."""

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"].where(slip.bets.index > 0, 0.0), reason=self.name)


class Silent(Component):
    """A model without an opinion."""

    @hookimpl
    def forecast(self, day):
        return Forecast.silent(day.slate.index)


class Never(Component):
    """An edge rule that proposes nothing."""

    @hookimpl
    def find_edges(self, day, forecast):
        return Edges.where(day.slate.odds < 0, slate=day.slate, forecast=forecast)


class Alarm(Component):
    """A watch that observes three things, one of them without a word."""

    @hookimpl
    def diagnose(self, day):
        return [
            Diagnosis(self.name, "drift", 0.25, alarm=True, match_id=day.slate.index[0]),
            Diagnosis(self.name, "calibration", 0.5, message="models [cyan]fair[/]"),
            Diagnosis(self.name, "unremarkable", 0.75),
        ]


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setattr(screen.out, "width", 160)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.db")


@pytest.fixture
def run(capsys, store):
    """Run the command in this process; answers its status, and what it wrote to stdout and stderr."""

    def command(*arguments):
        with pytest.raises(SystemExit) as exit:
            main([*map(str, arguments), "--store", store.location])
        return exit.value.code, *capsys.readouterr()

    return command


@pytest.fixture
def explain(run, store):
    """Play a small season and explain it; answers what a person reads, after the table of matchdays."""

    def explained(*components, options=(), season=None, **rules):
        play(store, *components, season=season, **rules)
        (recorded,) = store.runs()
        status, out, err = run("runs", recorded.id, "--explain", *options)
        assert (status, err) == (0, "")
        return out.partition("\n\n")[2]

    return explained


def play(store, *components, season=None, **rules):
    season, agent = season or small_season(), Agent("a", list(components))
    spec = RunSpec.of(agent, season, Rules(**rules), seed=0, source_parameters=None, partial=False)
    for _ in record(store, spec, agent, season):
        pass


def days(text):
    """Cut an explanation where a matchday begins."""
    return re.split(r"^(?=matchday )", text, flags=re.MULTILINE)[1:]


def test_each_bet_is_shown_with_all_that_led_to_it(explain, store):
    first = days(explain(Fixed(home=0.6), Positive(), Level(share=0.02), Times(factor=0.5)))[0]
    bet = store.frame("bets").iloc[0]
    clubs = bet["match_id"].split(" ", 2)[2]
    (line,) = [line for line in first.splitlines() if clubs in line]
    for figure in ("home", f"{bet['odds']:.2f}", "0.600", f"{bet['edge']:.1%}", "1.00%", "1.00"):
        assert figure in line
    profit = (bet["payout"] - bet["stake"]) / 100
    assert line.split()[-2:] == ["won" if bet["payout"] else "lost", f"{profit:+.2f}"]


def test_a_matchday_is_headed_by_its_number_its_date_and_what_it_did_to_the_bankroll(explain, store):
    heading = days(explain(Coin(), Positive(), Level()))[1].splitlines()[0]
    day = store.frame("matchdays").iloc[1]
    before, after = day["bankroll_before"] / 100, day["bankroll_after"] / 100
    assert heading.split() == f"matchday 2 {day['date']} {before:,.2f} -> {after:,.2f} {after - before:+,.2f}".split()


def test_amounts_have_thousands_separators(explain):
    first = days(explain(Fixed(home=0.6), Positive(), Level(share=0.2), bankroll=100_000.0))[0]
    assert "100,000.00 ->" in first and "20,000.00" in first


def test_a_reason_that_bets_share_is_said_once_as_the_chain_that_it_is(explain):
    for day in days(explain(Fixed(home=0.6), Positive(), Level(), Times())):
        assert day.count("level: 0.02; times: × 0.5") == 1
        assert "these 3: level" in day


def test_reasons_that_differ_stand_under_their_bets(explain):
    class ByMatch(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
            slip = yield
            reasons = pd.Series([f"cut {i}" for i in slip.bets.index], index=slip.bets.index, dtype="str")
            return slip.with_shares(slip.bets["share"] / 2, reason=reasons)

    lines = days(explain(Fixed(home=0.6), Positive(), Level(), ByMatch()))[0].splitlines()
    assert [line.strip() for line in lines if "cut" in line] == [f"level: 0.02; cut {i}" for i in range(3)]
    assert lines.index("    level: 0.02; cut 0") < lines.index("    level: 0.02; cut 1")


class Shaded(Component):
    """A calibrator that takes the home side down."""

    @hookimpl(wrapper=True)
    def blend(self) -> Generator[None, Forecast, Forecast]:
        forecast = yield
        p = forecast.probabilities.copy()
        p["home"] *= 0.8
        return Forecast(p.div(p.sum(axis=1), axis=0), source=self.name)


def test_the_chain_behind_each_bet_says_who_forecast_what_and_who_changed_it_and_the_stake(explain):
    models = ("bold", Fixed(home=0.8)), ("meek", Fixed(home=0.6))
    told = days(
        explain(*models, Mean(), Shaded(), Positive(), HomeOnly(), Level(share=0.02), Times(factor=0.5), Idle())
    )
    for day in told:
        assert "these 3: bold 0.800, meek 0.600 -> mean 0.700 -> shaded 0.651; level 2.00% -> times 1.00%" in day
        assert "idle" not in day


class Idle(Component):
    """A guard that changes nothing."""

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        return (yield)


def test_a_chain_of_one_model_and_one_staking_is_not_told_twice(explain):
    first = days(explain(Fixed(home=0.6), Positive(), Level()))[0]
    assert "fixed 0.600" not in first and "level 2.00%;" not in first


def test_how_many_edges_each_filter_left_and_what_was_staked_after_each_guard_stands_above_the_bets(explain):
    first = " ".join(days(explain(Coin(), Everything(), HomeOnly(), Level(), Idle(), Times(), Veto()))[0].split())
    assert "edges everything 15 -> home-only 3" in first
    assert "stakes level 6.00% on 3 -> times 3.00% on 3 -> veto 2.00% on 2" in first


def test_one_matchday_asked_for_is_told_with_all_forecasts_and_the_candidates_without_a_bet(explain, store):
    models = ("bold", Fixed(home=0.8)), ("meek", Fixed(home=0.6))
    picked = explain(*models, Mean(), Everything(), HomeOnly(), Level(), Veto(), options=("--matchday", 2))
    lines = [line.split() for line in picked.splitlines()]
    for who, home in (("bold", "0.800"), ("meek", "0.600"), ("mean", "0.700")):
        assert len([words for words in lines if who in words[:4] and home in words and "->" not in words]) == 3
    first = store.frame("bets").query("matchday == 2")["odds"].iloc[0]
    assert any(words[0] == "odds" and f"{first:.2f}" in words for words in lines if words)
    told = " ".join(picked.split())
    assert re.search(r"no bet \w+ v \w+ home \+\d+\.\d% \(veto\); \w+ v \w+ draw \S+ \(home-only\); ", told)


def test_a_matchday_with_a_forced_bet_alone_is_told_in_full_where_it_is_asked_for(explain):
    told = explain(("m", Fixed(home=0.3)), Never(), Level(), options=("--matchday", 1))
    assert "edges  never 0" in told and "stakes" not in told and "forced" in told
    assert len(re.findall(r"\bm +0\.300", told)) == 3


def test_agents_inside_have_a_chain_each(explain):
    bold = Agent(
        "bold", [("a", Fixed(home=0.8)), ("b", Fixed(home=0.6)), Mean(), Everything(), HomeOnly(), Level(), Times()]
    )
    idle = Agent("idle", [("m", Fixed(home=0.5)), Never(), Level()])
    committee = Catalogue().component("committee")(agents=[bold, idle])
    first = " ".join(days(explain(committee))[0].split())
    assert "edges bold: everything 15 -> home-only 3; idle: never 0 " in first
    assert "stakes bold: level 6.00% on 3 -> times 3.00% on 3 match" in first
    assert "these 3: bold 0.700, idle 0.500 -> committee 0.600; bold: level 2.00% -> times 1.00%" in first


def test_what_filters_left_out_and_guards_vetoed_is_told_without_the_date_again(explain):
    first = days(explain(Coin(), Everything(), HomeOnly(), Level(), Veto()))[0]
    told = " ".join(first.split())
    assert re.search(r"note home-only: left out \w+ v \w+ draw, ", told)
    assert re.search(r"note veto: no bet on \w+ v \w+ home", told)
    assert "T 2001" not in first


def test_bets_too_small_to_place_are_told(explain):
    first = days(explain(Coin(), Everything(), Level(share=1e-6)))[0]
    assert "below the minimum bet (level: " in first and "dropped" in first


def test_a_matchday_on_which_nothing_but_a_forced_bet_happened_takes_one_line(explain):
    told = days(explain(Silent(), Never(), Level()))
    assert len(told) == 8
    for day in told:
        assert len(day.strip().splitlines()) == 1
        assert re.search(r"forced: \w+ v \w+ \w+ at \d\.\d\d, (won|lost)$", day.strip())


def test_a_matchday_without_any_bet_takes_one_line(explain):
    assert all(day.strip().endswith("no bet") for day in days(explain(Silent(), Never(), Level(), without_bet="off")))


def test_no_opinion_is_a_dash(explain):
    first = days(explain(Silent(), Everything(), Level()))[0]
    assert " – " in first and "nan" not in first and "None" not in first


def test_a_refused_slip_is_shown_with_its_reason_and_the_forced_bet_is_marked(explain):
    first = days(explain(Coin(), Everything(), Level(share=0.5)))[0]
    assert re.search(r"refused +Ledger|refused +Slip", first)
    assert "forced: a bet a matchday" in first


def test_a_failure_that_was_sat_out_is_shown(explain):
    told = days(explain(Faulty(), Positive(), Level(), on_failure="sit-out"))
    assert len(told) == 8
    assert "component 'faulty', hook 'forecast'" in " ".join(told[2].split())
    assert "ZeroDivisionError: a fault of two lines" in " ".join(told[2].split())
    assert "failed" not in told[1]


def test_a_run_that_a_failure_ended_is_explained_as_far_as_it_goes(run, store):
    with pytest.raises(ComponentError):
        play(store, Faulty(), Positive(), Level())
    _, out, _ = run("runs", store.runs()[0].id, "--explain")
    told = days(out)
    assert [int(day.split()[1]) for day in told] == [1, 2, 3]
    assert "not settled" in told[2] and "ZeroDivisionError" in told[2]
    assert out.rstrip().endswith("The record ends here, the season does not.")


def test_a_run_cut_off_between_two_matchdays_is_explained_as_far_as_it_goes(run, store):
    season, agent = small_season(), Agent("a", [Coin(), Positive(), Level()])
    spec = RunSpec.of(agent, season, Rules(), seed=0, source_parameters=None, partial=False)
    for _, event in record(store, spec, agent, season):
        if getattr(event, "matchday", 0) == 4:
            break
    status, out, _ = run("runs", store.runs()[0].id, "--explain")
    assert status == 0 and len(days(out)) == 3
    assert "The record ends here, the season does not." in out


def test_actions_and_diagnoses_that_say_something_are_told(explain):
    first = " ".join(days(explain(Coin(), Positive(), Level(), Watch(), Alarm()))[0].split())
    assert "action watch: looked (24 matches)" in first
    assert re.search(r"alarm alarm: drift 0.25 on \w+ v \w+", first)
    assert "watch alarm: calibration 0.5: models [cyan]fair[/]" in first
    assert "unremarkable" not in first


def test_what_third_parties_write_is_shown_as_it_is_and_never_read_as_markup(explain):
    class Shouting(Component):
        @hookimpl
        def size_stakes(self, edges):
            return edges.slip(0.01, reason="[red]loud[/red] [/] [bold", notes=("[link=x]note[/]",))

    first = days(explain(Fixed(home=0.6), Positive(), Shouting()))[0]
    assert "[red]loud[/red] [/] [bold" in first and "[link=x]note[/]" in first


def test_one_matchday_can_be_picked(explain):
    (only,) = days(explain(Coin(), Positive(), Level(), options=("--matchday", 5)))
    assert only.startswith("matchday 5 ")


def test_a_matchday_out_of_range_is_refused_with_the_range(run, store):
    play(store, Coin(), Positive(), Level())
    run_id = store.runs()[0].id
    for number in (0, 9):
        status, out, err = run("runs", run_id, "--explain", "--matchday", number)
        assert (status, out) == (2, "")
        assert err == f"matchday: Run '{run_id}': matchday {number} is not on record; on record: 1 to 8.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("runs", "--explain"), "'--explain': name the run to explain"),
        (("runs", "--matchday", "3"), "'--matchday': name the run"),
        (("runs", "ab", "--matchday", "3"), "--matchday picks what --explain or --transcript shows; add one of them."),
        (("runs", "ab", "--explain", "--json"), "--explain and --json print different things; leave one out."),
        (("runs", "ab", "--explain", "--events"), "--explain and --events print different things; leave one out."),
        (("play", "dixon-coles", "--explain", "--json"), "--explain and --json print different things; leave one out."),
    ],
)
def test_options_that_do_not_go_together_are_refused_in_one_line(run, tmp_path, arguments, message):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert message in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_play_explains_what_it_played(run):
    status, out, _ = run("play", "favourites-only", "--set", "source.clubs=4", "--set", "source.history=0", "--explain")
    assert status == 0
    assert out.startswith("favourites-only on synthetic")
    assert len(days(out)) > 3 and "proportional: 0.05 of the bankroll a bet" in out


@pytest.mark.parametrize(
    ("components", "told"),
    [
        (("Coin", "Everything", "Level"), r"refused +2 times, first: Slip: stakes of "),
        (
            ("Faulty", "Positive", "Level"),
            r"failed +once: Agent 'mine': component 'doubles:Faulty', hook 'forecast', .*",
        ),
    ],
)
def test_a_play_in_which_slips_were_refused_or_components_failed_says_so(run, tmp_path, components, told):
    listed = "".join(f'[[component]]\nuse = "doubles:{each}"\n' for each in components)
    (tmp_path / "mine.toml").write_text(f'name = "mine"\n{listed}', encoding="utf-8")
    season = ("--source", "synthetic", "--set", "source.clubs=4", "--set", "source.history=0")
    changes = ("--set", "doubles:Level.share=0.9") if "Coin" in components else ()
    status, out, _ = run("play", tmp_path / "mine.toml", *season, *changes, "--rule", "on_failure=sit-out")
    assert status == 0 and re.search(told.replace("2 times", r"\d+ times"), out)
    _, sound, _ = run("play", "favourites-only", *season)
    assert "refused" not in sound and "failed" not in sound


def test_it_fits_a_terminal_of_80_columns(explain, monkeypatch):
    monkeypatch.setattr(screen.out, "width", 80)
    text = explain(Fixed(home=0.6), Everything(), HomeOnly(), Level(), Times(), bankroll=50_000.0)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text and re.search(r"won +\+5\d\d\.\d\d", text)


@pytest.mark.parametrize("option", ["--explain", "--events"])
def test_a_reader_who_leaves_early_hears_no_complaint(store, option):
    play(store, Coin(), Positive(), Level(), season=small_season(matchdays=40))
    command = [sys.executable, "-m", "matchday", "runs", store.runs()[0].id, option, "--store", store.location]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=60)
