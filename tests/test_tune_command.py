"""What a person gets from ``matchday tune``."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from matchday import MatchdayError, load_agent
from matchday.cli import main
from matchday.cli.tuning import read_parameters
from matchday.tuned import Tuned
from matchday.tuning import Choices, Range
from matchday.tuning.playing import Player

SMALL = ("--set", "source.clubs=6", "--set", "source.history=1", "--seeds", "2", "--jobs", "1")
FRACTION = ("--param", "proportional.fraction=0.01:0.2")
MINE = """\
# what I bet on
name = "mine"

[[component]]
use = "favourite"

[[component]]
use = "proportional"
fraction = 0.15     # of the bankroll, on every match
"""


@pytest.fixture
def matchday(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(MINE)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, said.out, said.err)

    return run


def tune(matchday, *arguments, trials=3):
    return matchday("tune", "mine.toml", *SMALL, *FRACTION, "--trials", trials, *arguments)


def refusal(done):
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("matchday: ").strip()


def test_it_ends_with_the_best_trials_what_may_be_claimed_and_a_file(matchday):
    done = tune(matchday, "-o", "better.toml")
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    for shown in (
        "mine tuned on synthetic SYN, 2024-25, 2 seeds: 3 trials",
        "log growth of a season better in proportional.fraction",
        "trial 0: the agent as it was",
        "The best of 3 is luckier than it is good",
        "none on 2024-25, on which it was chosen",
        "Comparisons count it as the best of 3 that were tried.",
        "in matchday.db; the same command with more --trials goes on",
        "agent better.toml",
    ):
        assert shown in said


def test_the_file_is_the_agents_own_with_its_comments_named_after_itself(matchday):
    told = json.loads(tune(matchday, "-o", "better.toml", "--json").stdout, parse_constant=pytest.fail)
    text = Path("better.toml").read_text()
    best = told["parameters"]["proportional.fraction"]
    search = text[text.index("[tuned]") :]
    assert text.startswith(MINE.replace('"mine"', '"better"').replace("0.15", str(best)))
    assert tomllib.loads(search)["tuned"] == told["tuned"]
    agent = load_agent("better.toml")
    assert (agent.tuned.trials, agent.components["proportional"].fraction) == (3, best)
    assert (agent.tuned.seasons, agent.tuned.study) == (("2024-25",), told["study"])
    assert Path("mine.toml").read_text() == MINE


def test_the_file_is_played_compared_and_counted(matchday):
    tune(matchday, "-o", "better.toml")
    assert matchday("play", "better.toml", *SMALL[:4]).returncode == 0
    done = matchday("compare", "mine.toml", "better.toml", *SMALL, "--json")
    assert json.loads(done.stdout)["tried"] == 4
    assert "better was tuned on 2024-25" in done.stdout


def test_a_second_call_plays_nothing_a_longer_one_goes_on_and_runs_are_listed(matchday, monkeypatch):
    matchday("play", "mine.toml", *SMALL[:4])
    first = json.loads(tune(matchday, "-o", "better.toml", "--json").stdout)
    with monkeypatch.context() as patched:
        patched.setattr(Player, "play", None)
        assert json.loads(tune(matchday, "-o", "better.toml", "--json").stdout) == first
    longer = json.loads(tune(matchday, "-o", "better.toml", "--json", trials=4).stdout)
    assert longer["trials"][:3] == first["trials"]
    assert load_agent("better.toml").tuned.trials == 4
    assert len(json.loads(matchday("runs", "--json").stdout)) == 1


def test_an_interrupt_keeps_the_trials_that_are_over_and_says_how_to_go_on(matchday, monkeypatch):
    play, begun = Player.play, []

    def interrupted(player, parameters):
        begun.append(parameters)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return play(player, parameters)

    monkeypatch.setattr(Player, "play", interrupted)
    done = tune(matchday, "-o", "better.toml", trials=5)
    assert (done.returncode, done.stdout) == (130, "")
    assert "interrupted; 2 of 5 trials are over and on record in matchday.db; the same command goes on" in done.stderr
    assert not Path("better.toml").exists()
    assert tune(matchday, "-o", "better.toml").returncode == 0
    assert len(begun) == 4


def test_tuning_an_agents_own_file_replaces_it_and_a_second_time_adds_to_the_record(matchday):
    tune(matchday, "-o", "mine.toml")
    assert load_agent("mine.toml").name == "mine"
    done = tune(matchday, "-o", "mine.toml", "--source", "synthetic", "--season", "2020-21")
    assert "it had been tuned by 3 trials already; mine.toml counts both" in " ".join(done.stdout.split())
    tuned = load_agent("mine.toml").tuned
    assert (tuned.trials, tuned.seasons) == (5, ("2020-21", "2024-25"))
    assert Path("mine.toml").read_text().count("[tuned]") == 1


def test_a_file_of_another_agent_or_another_search_is_not_replaced(matchday):
    Path("other.toml").write_text(MINE)
    assert "'other.toml' is there, and is neither this agent's nor this search's" in refusal(
        tune(matchday, "-o", "other.toml")
    )
    assert Path("other.toml").read_text() == MINE
    tune(matchday, "-o", "better.toml")
    assert "name another one" in refusal(tune(matchday, "-o", "better.toml", "--seed", 7))


def test_a_member_of_which_a_parameter_is_searched_or_set_is_spelled_out_in_the_file(matchday):
    pair = 'name = "pair"\n[[component]]\nuse = "committee"  # two\nagents = ["mine.toml", "favourites-only"]\n'
    Path("pair.toml").write_text(pair)
    done = matchday(
        "tune", "pair.toml", *SMALL, "--param", "mine/proportional.fraction=0.01:0.2", "--trials", 2,
        "--set", "favourites-only/proportional.fraction=0.03", "-o", "x.toml",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    mine, favourites = load_agent("x.toml").components["committee"].members.values()
    assert favourites.components["proportional"].fraction == 0.03
    assert f"mine/proportional.fraction = {mine.components['proportional'].fraction:g}" in done.stdout
    assert 'use = "committee"  # two' in Path("x.toml").read_text()


@pytest.mark.parametrize("late", [True, False])
def test_agents_that_are_set_and_parameters_inside_them_stand_in_the_file_in_whatever_order(matchday, late):
    Path("pair.toml").write_text('name = "pair"\n[[component]]\nuse = "committee"\nagents = ["favourites-only"]\n')
    listed = ["--set", 'committee.agents=["favourites-only", "mine.toml"]']
    inside = ["--set", "mine/proportional.fraction=0.03"]
    done = matchday(
        "tune", "pair.toml", *SMALL, *(inside + listed if late else listed + inside), "--trials", 2,
        "--param", "favourites-only/proportional.fraction=0.02,0.05", "-o", "x.toml",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert load_agent("x.toml").components["committee"].members["mine"].components["proportional"].fraction == 0.03


#: An agent of agents of agents: tables in tables, and names of agents in them.
DEEP = """
name = "deep"
[[component]]
use = "frozen"
agents = [{ name = "either", component = [{ use = "switcher", back_after = 3, drawdown = 0.5, agents = [
    { name = "x", component = [{use = "favourite"}, {use = "proportional", fraction = 0.02}] },  # x
    "mine.toml", # mine
] }] }]
"""


def test_the_file_of_an_agent_of_agents_of_agents_is_the_best_trial_to_the_penny_and_goes_on(matchday):
    Path("deep.toml").write_text(DEEP)
    wanted = (
        "tune", "deep.toml", *SMALL, "-o", "x.toml", "--set", "either/switcher.back_after=none",
        "--param", "either/x/proportional.fraction=0.001:0.01", "--param", "either/mine/proportional.fraction=0.01,0.2",
    )  # fmt: skip
    for trials in (2, 4):
        done = matchday(*wanted, "--trials", trials, "--json")
        assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert len(found["trials"]) == 4
    played = matchday("compare", "x.toml", *SMALL, "--json")
    plays = json.loads(played.stdout)["plays"]
    assert sum(play["log_growth"] for play in plays) / len(plays) == pytest.approx(found["value"], abs=1e-12)
    assert "# mine" in Path("x.toml").read_text() and "back_after" not in Path("x.toml").read_text()


def test_what_is_set_of_components_stands_in_the_file_too(matchday):
    done = matchday(
        "tune", "mine.toml", *SMALL, "--param", "cap.share=0.1:0.5", "--set", "cap.share=0.3", "-o", "x.toml"
    )
    assert "no component is named 'cap'" in refusal(done)
    done = matchday(
        "tune", "market-follower", *SMALL, "--param", "value.minimum_edge=0.0:0.1", "--set", "kelly.hedge=true",
        "--set", "market.method=power", "--trials", "2", "-o", "x.toml", "--objective", "log-loss",
    )  # fmt: skip
    assert done.returncode == 0
    agent = load_agent("x.toml")
    assert (agent.components["kelly"].hedge, agent.components["market"].method) == (True, "power")
    assert agent.tuned.objective == "log-loss"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--param", "proportinal.fraction=0.1:0.2"], "no component is named 'proportinal'; did you mean"),
        (["--param", "proportional.fraction=0.1"], "is not to be read; rule: COMPONENT.PARAMETER=LOW:HIGH"),
        (["--param", "proportional.fraction=0.1:2"], "Input should be less than or equal to 1."),
        (["--param", "proportional.fraction=0.2:0.1"], "Range 0.2:0.1; rule: two numbers, the smaller one first."),
        ([*FRACTION, *FRACTION], "--param proportional.fraction is there twice; name it once."),
        ([*FRACTION, "--objective", "log-loss"], "forecasts nothing, so it has no log-loss; tune its growth."),
        ([*FRACTION, "--source", "synthetic", "--season", "1999-00"], "Season '1999-00' is not at the source"),
        ([*FRACTION, "--prices", "closng"], "Price policy 'closng' is unknown"),
        ([*FRACTION, "--store", "nowhere/runs.db"], "there is no folder 'nowhere'; make it first."),
        ([*FRACTION, "--trials", "1"], "greater than or equal to 2"),
        ([*FRACTION, "-o", "nowhere/x.toml"], "there is no folder 'nowhere'; make it first."),
        ([*FRACTION, "-o", "x.json"], "rule: a file that ends in .toml."),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line_before_anything_is_played(matchday, arguments, message):
    output = () if "-o" in arguments else ("-o", "x.toml")
    assert message in refusal(matchday("tune", "mine.toml", *SMALL, *output, *arguments))
    assert [each.name for each in Path().iterdir()] == ["mine.toml"]


def test_parameters_are_read_as_bounds_or_as_choices():
    read = read_parameters(
        ["a.b=1:3", "a.c=1e-4:1:log", "a.d=linear,log", 'a.e=["x"],["y","z"]', "a.f=none,0.5", "a.g=true,false"]
    )
    assert read == {
        "a.b": Range(1, 3),
        "a.c": Range(1e-4, 1, log=True),
        "a.d": Choices("linear", "log"),
        "a.e": Choices(["x"], ["y", "z"]),
        "a.f": Choices(None, 0.5),
        "a.g": Choices(True, False),
    }
    for nonsense in ("a.b", "a.b=", "a.b=x:y", "a.b=1:2:lin", "a.b=1:2:log:3"):
        with pytest.raises(MatchdayError, match="is not to be read; rule: COMPONENT.PARAMETER=LOW:HIGH"):
            read_parameters([nonsense])


def test_the_program_of_the_page_works(capsys):
    page = (Path(__file__).parents[1] / "docs" / "tuning.md").read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], {})
    assert "proportional.fraction" in capsys.readouterr().out


def test_the_page_shows_the_table_that_a_file_has():
    page = (Path(__file__).parents[1] / "docs" / "tuning.md").read_text(encoding="utf-8")
    shown = tomllib.loads(re.search(r"```toml\n(.*?)```", page, re.S)[1])
    assert list(shown["tuned"]) == list(Tuned.model_fields)
