"""The look-ahead detector finds who knows what nobody can know, and accuses nobody else."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

import leaky
from doubles import Everything, Fixed, Level, Mean, Positive, gambler, small_season
from matchday import Agent, Catalogue, Component, MatchdayError, Rules, hookimpl, load_agent, play
from matchday.auditing import lookahead
from matchday.auditing.changes import Chain, Change
from matchday.auditing.detector import Leak, LookaheadReport
from matchday.auditing.futures import another_future
from matchday.cli import main
from matchday.cli.lookahead import show_report
from matchday.encoding import encode
from matchday.events import SlipPlaced
from matchday.testing.effects import Effect

OPENING = Rules(prices="opening")


def betting(*components):
    return Agent("tried", [*components, Positive(), Level()])


def audited(agent, after=(4,), *, source=None, **options):
    return lookahead(agent, source or leaky.Small(), leaky.NAME, after=after, **options)


def lines(agent, season, until, rules=None):
    for event in play(agent, season, rules):
        yield encode(event)
        if isinstance(event, SlipPlaced) and event.matchday == until:
            return


def first_change(make, season, after, rules=None):
    """What an agent decides otherwise where the future is another one, in this process."""
    other = another_future(season, after, prices=(rules or Rules()).prices)
    models = [name for name, each in make().components.items() if hasattr(each, "forecast")]
    honest, replayed = ([*lines(make(), each, after, rules)] for each in (season, other))
    return Chain(models).first_change(honest, replayed)


@pytest.mark.parametrize("leak", [leaky.Keeps(), leaky.Asks(), leaky.Asks(edition=2)], ids=["kept", "asked", "other"])
def test_a_frame_kept_from_the_source_is_found(leak):
    (found,) = audited(betting(leak)).leaks
    assert (found.after, found.component) == (4, leak.name)
    assert found.change.matchday == 4 or found.change.what == "failure"


def test_a_global_filled_during_the_run_is_found():
    (found,) = audited(betting(leaky.Remembers())).leaks
    assert found.after is None
    assert (found.component, found.change.what, found.change.matchday) == ("remembers", "forecast", 1)


@pytest.mark.parametrize(
    ("leak", "rules", "matchday"),
    [
        (leaky.Statistics, None, 4),
        (leaky.Closing, OPENING, 4),
        (leaky.Tomorrow, OPENING, 3),
        (leaky.Tomorrow, None, 4),
    ],
)
def test_statistics_of_the_same_match_and_later_prices_are_found(leak, rules, matchday):
    change = first_change(lambda: betting(leak()), small_season(), 4, rules)
    assert (change.what, change.component, change.matchday) == ("forecast", leak().name, matchday)
    assert change.match_id in small_season().matches.index
    assert change.selection == "home"
    assert change.played != change.replayed


def test_player_rows_of_the_same_day_are_found():
    season = small_season()
    players = season.players.assign(minutes=np.arange(len(season.players)) ** 2.0)
    change = first_change(lambda: betting(leaky.Lineups()), dataclasses.replace(season, players=players), 4)
    assert (change.component, change.matchday) == ("lineups", 4)


@pytest.mark.parametrize(
    ("listed", "component", "what"),
    [
        (lambda: [Fixed(), ("other", Fixed(home=0.6)), Mean(), leaky.Corrects()], "corrects", "blend"),
        (lambda: [Fixed(), leaky.Corrects()], "corrects", "blend"),
        (lambda: [("honest", Fixed()), leaky.Statistics(), Mean(), leaky.Filters()], "statistics", "forecast"),
        (lambda: [Fixed(), leaky.Foresees(), leaky.Filters()], "foresees", "diagnosis (goals)"),
    ],
)
def test_the_first_in_the_chain_whose_answer_differs_is_responsible(listed, component, what):
    change = first_change(lambda: betting(*listed()), small_season(), 4)
    assert (change.component, change.what, change.matchday) == (component, what, 4)


@pytest.mark.parametrize(
    ("agent", "component", "what"),
    [
        (lambda: betting(Fixed(), leaky.Alarms()), "alarms", "diagnosis (alarm)"),
        (lambda: Agent("tried", [Fixed(), Everything(), leaky.Orders(), Level()]), "orders", "edges (order)"),
        (lambda: Agent("tried", [Fixed(), Everything(), leaky.Notes(), Level()]), "the agent", "slip (notes)"),
    ],
)
def test_a_change_without_another_figure_has_a_name_and_what_differs(agent, component, what):
    change = next(filter(None, (first_change(agent, small_season(), after) for after in range(2, 8))))
    assert (change.component, change.what) == (component, what)
    assert change.played != change.replayed


def test_a_filter_and_a_guard_that_know_the_result_are_told_apart():
    season = small_season()

    def agent(*extra):
        return Agent("tried", [Fixed(), Everything(), leaky.Filters(), Level(), *extra])

    change = first_change(agent, season, 4)
    assert (change.component, change.what.partition(" ")[0]) == ("filters", "edges")
    assert None in (change.played, change.replayed)
    change = first_change(lambda: Agent("tried", [Fixed(), Everything(), Level(), leaky.Stakes()]), season, 4)
    assert (change.component, change.what) == ("stakes", "stakes")
    assert change.played != change.replayed


def test_one_that_fails_before_another_future_is_responsible():
    season = small_season()
    goals = season.played.groupby("date")["home_goals"].sum().tolist()
    expected = {number + 1: total for number, total in enumerate(goals)}
    change = first_change(lambda: betting(leaky.Dreads(goals=expected)), season, 4, Rules(on_failure="sit-out"))
    assert (change.component, change.what, change.matchday) == ("dreads", "failure", 4)
    assert (change.played, "what a day" in change.replayed) == (None, True)


def test_another_future_changes_every_outcome_of_the_day_and_nothing_before_it():
    season = small_season()
    for after in range(1, season.matchdays + 1):
        other = another_future(season, after, prices="opening")
        date = season.played["date"].unique()[after - 1]
        before, today = season.matches["date"] < date, season.matches["date"] == date
        pd.testing.assert_frame_equal(other.matches[before], season.matches[before])
        pd.testing.assert_frame_equal(other.quotes[before], season.quotes[before])
        ended, ends = (
            np.sign(each.matches["home_goals"] - each.matches["away_goals"])[today] for each in (season, other)
        )
        assert (ended != ends).all()
        assert other.quotes[today]["A"].equals(season.quotes[today]["A"])
        assert (other.quotes[today]["B"] != season.quotes[today]["B"]).all(axis=None)
    at_closing = another_future(season, 2, prices="closing")
    today = season.matches["date"] == season.played["date"].unique()[1]
    assert at_closing.quotes[today].equals(season.quotes[today])


def test_a_matchday_of_one_match_has_other_statistics_too():
    season = small_season(per_day=1)
    other = another_future(season, season.matchdays, prices="closing")
    assert other.matches["home_shots"].iloc[-1] != season.matches["home_shots"].iloc[-1]


def test_a_source_that_is_imported_late_knows_no_other_future():
    (found,) = audited(betting(leaky.Imports())).leaks
    assert (found.component, found.change.matchday) == ("imports", 4)


def test_a_whole_agent_among_the_components_is_made_again_and_looked_into():
    inner = Agent("inner", [leaky.Statistics(), Positive(), Level()])
    (found,) = audited(betting(("second", inner))).leaks
    assert found.component == "second/statistics"


def test_a_leak_inside_an_agent_of_agents_is_found_where_it_is():
    committee = Catalogue().component("committee")
    agents = [
        Agent("honest", [Fixed(), Everything(), Level()]),
        Agent("sly", [leaky.Statistics(), Positive(), Level()]),
    ]
    (found,) = audited(Agent("both", [committee(agents=agents)])).leaks
    assert found.component == "sly/statistics"


def test_files_opened_inside_hooks_are_reported_and_are_no_leak(tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("home wins", encoding="utf-8")
    report = audited(betting(leaky.Reads(path=str(notes))))
    assert report.leaks == ()
    (effect,) = report.effects
    assert effect.kind == "file"
    assert "notes.txt" in effect.what
    assert "'reads'" in effect.where


def test_what_is_opened_in_a_replay_alone_or_in_a_thread_is_reported(tmp_path):
    path = str(tmp_path / "goals.csv")
    small_season(matchdays=8).matches[["home_goals"]].to_csv(path)
    (effect,) = audited(betting(leaky.Shelves(path=path)), source=leaky.Filed(path=path)).effects
    assert ("goals.csv" in effect.what, "'shelves'" in effect.where) == (True, True)
    (effect,) = audited(betting(leaky.Threads(path=path))).effects
    assert "goals.csv" in effect.what
    assert effect.where and "hook '" not in effect.where


@pytest.mark.parametrize("name", ["market-follower", "second-look"])
def test_no_false_alarm_on_bundled_agents(name):
    source = Catalogue().load("source", "synthetic")(clubs=6, history=1)
    report = lookahead(load_agent(name), source, "2010-11", after=(3, 6))
    assert (report.leaks, report.effects, report.first) == ((), (), None)


@pytest.mark.parametrize("seed", range(20))
def test_no_false_alarm_over_twenty_seeds(seed):
    season = Catalogue().load("source", "synthetic")(seed=seed, clubs=4, history=1).season("2010-11")
    assert first_change(lambda: load_agent("dixon-coles"), season, 3) is None
    assert first_change(gambler, season, 3) is None


def test_by_default_the_busiest_matchday_of_each_quarter_is_taken():
    report = audited(gambler(), after=())
    assert report.after == (1, 3, 5, 7)
    assert report.decided == 8


@pytest.mark.parametrize(
    ("agent", "rule"),
    [
        (lambda: betting(leaky.Whims()), "'tried' decides otherwise each time it is played, first on matchday 1"),
        (lambda: betting(leaky.Fails()), "component 'fails', hook 'forecast', matchday 1 .*nothing to divide by"),
        (lambda: betting(leaky.Dies()), "Agent 'tried': its replay ended with status 7"),
        (
            lambda: betting(leaky.Quits(goals=int(small_season(matchdays=8).matches["home_goals"].sum()))),
            "Agent 'tried': its replay, with another future after matchday 4, ended with status 7",
        ),
    ],
)
def test_an_agent_that_cannot_be_audited_is_refused_in_one_line(agent, rule):
    with pytest.raises(MatchdayError, match=rule) as caught:
        audited(agent())
    assert "\n" not in str(caught.value)


def test_a_matchday_that_is_not_played_is_refused():
    with pytest.raises(MatchdayError, match=r"Agent 'gambler': matchday 9 is not played; played: 1 to 8\."):
        audited(gambler(), after=(4, 9))


def test_a_source_that_answers_another_season_each_time_is_refused():
    with pytest.raises(MatchdayError, match="answers another season 2001-02 each time that it is asked"):
        audited(gambler(), source=leaky.Unsteady())


def test_a_class_that_no_fresh_process_can_import_is_refused():
    class Local(Component):
        @hookimpl
        def forecast(self, day):
            return Fixed().forecast(day)

    with pytest.raises(MatchdayError, match="Local is defined in a program or a function"):
        audited(betting(Local()))


def shown(capsys, *leaks, effects=()):
    show_report(LookaheadReport("tried", "small", "SYN", leaky.NAME, 0, 8, (4,), leaks, effects))
    return " ".join(capsys.readouterr().out.split())


def test_what_outlasts_a_play_is_not_called_knowledge_of_the_future(capsys):
    change = Change(1, "2001-08-04", "forecast", "draws", "A v B", "home", 0.4, 0.5)
    told = shown(capsys, Leak(None, change))
    assert (
        "kept: 'draws' does not begin anew. On matchday 1 (2001-08-04) its forecast (A v B, home) is 0.4, but" in told
    )
    assert "0.5 when the season is played again in the same process" in told and "knows" not in told


def test_a_failure_before_another_future_is_told_as_one(capsys):
    change = Change(4, "2001-08-25", "failure", "dreads", None, None, None, "what a day")
    assert "On matchday 4 (2001-08-25) it fails (what a day) where what nobody knows" in shown(capsys, Leak(4, change))


def test_nothing_found_is_said_with_reserve_where_something_was_opened(capsys):
    assert "Nothing found: each" in shown(capsys)
    told = shown(capsys, effects=(Effect("process", "subprocess.Popen 'python'", "hook 'forecast' of 'sub'"),))
    assert "Nothing found, as far as this audit sees: each matchday" in told and "subprocess.Popen" in told


LEAGUE = ["--set", "source.clubs=4", "--set", "source.history=1"]


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder, with an agent file in it that leaks."""
    monkeypatch.chdir(tmp_path)
    uses = {"peeping": "leaky:Statistics", "value": "value", "flat": "flat"}
    listed = "".join(f'[[component]]\nuse = "{use}"\nname = "{name}"\n' for name, use in uses.items())
    (tmp_path / "sly.toml").write_text(f'name = "sly"\n{listed}', encoding="utf-8")

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["audit", "lookahead", *words])
        return ended.value.code, *capsys.readouterr()

    return run


def test_the_command_names_the_leak_and_ends_with_status_1(command):
    status, out, err = command("sly.toml", *LEAGUE, "--after", "3")
    assert (status, err) == (1, "")
    assert "leak: 'peeping' knows what it cannot know. On matchday 3" in " ".join(out.split())
    status, out, _ = command("sly.toml", *LEAGUE, "--after", "3", "--json")
    said = json.loads(out)
    assert (status, said["found"], said["after"]) == (1, True, [3])
    (leak,) = said["leaks"]
    assert (leak["after"], leak["matchday"], leak["component"], leak["what"]) == (3, 3, "peeping", "forecast")
    assert (leak["selection"], leak["played"] != leak["replayed"]) == ("home", True)


def test_the_command_ends_with_status_0_where_nothing_is_found_and_2_for_bad_input(command):
    status, out, err = command("favourites-only", *LEAGUE, "--after", "2")
    assert (status, err) == (0, "")
    assert "Nothing found" in out
    status, out, err = command("favourite-only")
    assert (status, out) == (2, "")
    assert "did you mean 'favourites-only'?" in err
    status, out, err = command("favourites-only", *LEAGUE, "--after", "200")
    assert (status, out) == (2, "")
    assert err.startswith("matchday: Agent 'favourites-only': matchday 200 is not played; played: 1 to ")
