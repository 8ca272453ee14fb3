"""Somebody outside decides: a program, a pipe or a person answers well, badly, late or not at all; the run goes on."""

import gc
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from doubles import Fixed, Level, Positive, small_season
from matchday import Agent, MatchdayError, Rules, play
from matchday.encoding import encode
from matchday.events import ActionTaken, Consulted, ForecastMade, MatchdaySettled, SeasonClosed, SlipPlaced
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from matchday_plugins.language.external import External
from members import of

SEASON = small_season(matchdays=4)

#: What every scripted program begins with; ``day`` is the line that came in.
HEAD = """\
import json, sys, time
for number, line in enumerate(sys.stdin, 1):
    day = json.loads(line)
    if day["event"] == "season_closed":
        break
    first = day["matches"][0]["match_id"] if "matches" in day else ""
    answer = {"bets": []}
"""
#: Bets on the first home win of each day, and says which line it was.
HOME = """
    answer["bets"] = [{"match_id": first, "selection": "home", "stake": 1.5, "probability": 0.6, "reason": f"no. {number}"}]
"""
SAY = """
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def external(tmp_path):
    """A function that makes an agent whose bets a scripted program decides, with a cache of the test's own."""

    def made(body=HOME, *, head=HEAD, say=SAY, **parameters):
        script = tmp_path / "program.py"
        script.write_text(head + body + say)
        command = {"command": [sys.executable, str(script)], **parameters}
        return Agent("outside", [External(cache=tmp_path / "answers", **command)])

    return made


def played(agent, season=SEASON, **more):
    events = list(play(agent, season, **more))
    assert isinstance(events[-1], SeasonClosed) and events[-1].matchdays == season.matchdays
    return events


def lines(events):
    return [encode(each) for each in events]


def stakes(events):
    return [
        [(bet.selection, bet.stake, bet.reason) for bet in each.bets if not bet.forced]
        for each in of(SlipPlaced, events)
    ]


def told(events):
    return [json.loads(each.consultation.asked) for each in of(Consulted, events)]


def sat_out(events):
    return [each.cause for each in of(ActionTaken, events) if each.action == "sits out"]


def test_a_program_is_told_each_matchday_and_its_bets_are_placed_to_the_penny(external):
    events = played(external())
    assert stakes(events) == [[("home", 150, f"no. {number}")] for number in range(1, 5)]
    first = of(SlipPlaced, events)[0].bets[0]
    assert first.probability == 0.6 and first.edge == pytest.approx(0.6 * first.odds - 1)
    assert [(each.calls, each.failure) for each in (e.consultation for e in of(Consulted, events))] == [(0, "")] * 4


def test_it_is_told_the_money_the_offer_the_last_season_and_then_what_has_happened_since(external):
    events = played(external())
    first, second = told(events)[:2]
    assert first["bankroll"] == 100.0 and first["rules"]["minimum_bet"] == 0.01
    assert set(first["matches"][0]["odds"]) == set(SEASON.odds("closing").columns)
    assert len(first["results"]) == len(SEASON.matches) - len(SEASON.played) and first["settled"] == []
    assert [each["home"] for each in second["results"]] == [each["home"] for each in first["matches"]]
    assert second["settled"][0]["stake"] == 1.5
    assert second["bankroll"] == of(MatchdaySettled, events)[0].settlement.after / 100


def test_what_agents_forecast_is_told_and_on_record_and_they_bet_nothing(external):
    advisers = [Agent("bold", [Fixed(home=0.6), Positive(), Level()])]
    events = played(external(agents=advisers))
    assert told(events)[0]["matches"][0]["forecasts"]["bold"] == {"home": 0.6, "draw": 0.2, "away": 0.2}
    assert {(each.forecast.source, each.blended) for each in of(ForecastMade, events)} == {("bold", True)}
    assert len(stakes(events)[0]) == 1


def test_shares_and_notes_are_taken_too(external):
    share = 'answer = {"bets": [{"match_id": first, "selection": "away", "share": 0.1}], "note": "a  hunch"}'
    events = played(external(f"\n    {share}\n"))
    assert stakes(events)[0] == [("away", 1000, "")] and of(SlipPlaced, events)[0].notes == ("a hunch",)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("hello", "the answer cannot be read: 'hello'; rule: JSON, or a match, a selection, a stake"),
        ("{", "the answer cannot be read: Invalid JSON: "),
        ('{"bet": []}', "the answer cannot be read: unknown key 'bet'; did you mean 'bets'?"),
        ('{"bets": [{"match_id": "M", "selection": "home"}]}', "a bet has a stake in money or a share of the bankroll"),
        ('{"bets": [{"match_id": "M", "selection": "home", "stake": 1, "share": 1}]}', "one of them"),
        ('{"bets": [{"match_id": "M", "selection": "home", "stake": -1}]}', "greater than or equal to 0"),
        ('{"bets": [{"match_id": "M", "selection": "home", "stake": 1e999}]}', "finite number"),
        ('{"bets": [{"match_id": "M", "selection": "home", "stake": 1}]}', "no such match that day"),
        ('{"bets": [], "matchday": 99}', "the answer is to matchday 99; matchday 1 is asked about"),
    ],
)
def test_a_bad_answer_is_told_what_is_wrong_and_asked_for_again_and_then_sat_out(external, answer, problem):
    events = played(
        external(head="import sys\nfor line in sys.stdin:\n", body="", say=f"    print({answer!r}, flush=True)\n")
    )
    asked = [each.consultation.asked for each in of(Consulted, events)]
    assert len(asked) == 3 * 4 and len(sat_out(events)) == 4
    error = json.loads(asked[1])
    assert problem in error["error"] and error["tries_left"] == 2
    assert problem in sat_out(events)[0] and any(problem in note for note in of(SlipPlaced, events)[0].notes)


def test_a_slip_that_breaks_a_rule_can_be_mended(external):
    mend = """
    if day["event"] == "matchday":
        kept, stake = first, 1000.0
    else:
        stake = 1.0
    answer["bets"] = [{"match_id": kept, "selection": "home", "stake": stake}]
"""
    events = played(external(mend))
    assert [bets[0][1] for bets in stakes(events)] == [100] * 4 and not sat_out(events)
    assert "share 10 is more than the bankroll; rule: at most 1." in told(events)[1]["error"]


def test_no_bet_is_refused_where_the_rules_want_one(external):
    events = list(play(external("", tries=1), SEASON, Rules(without_bet="force")))
    assert not sat_out(events)
    with pytest.raises(MatchdayError, match="without_bet: refuse"):
        list(play(external("", tries=1), SEASON, Rules(without_bet="refuse")))


def test_a_program_that_is_late_is_ended_and_the_matchday_sat_out(external):
    slow = HOME + "\n    if number == 2:\n        time.sleep(30)\n"
    events = played(external(slow, seconds=3, on_failure="sit-out"), small_season(matchdays=2))
    assert sat_out(events) == ["no answer within 3 s; the program was ended"]
    assert [len(bets) for bets in stakes(events)] == [1, 0]


def test_a_program_that_ends_is_started_again_and_told_what_was_asked_before(external):
    dies = HOME + "\n    if number == 2 and not __import__('os').path.exists(__file__ + '.died'):\n"
    dies += "        open(__file__ + '.died', 'w')\n        sys.exit(3)\n"
    events = played(external(dies, on_failure="sit-out"))
    assert sat_out(events) == ["the program ended with status 3"]
    assert [bets[0][2] if bets else "" for bets in stakes(events)] == ["no. 1", "", "no. 2", "no. 3"]


def test_a_program_that_ends_stops_the_run_in_one_line_and_the_run_can_be_resumed(external, tmp_path):
    dies = HOME + "\n    if number == 3 and not __import__('os').path.exists(__file__ + '.died'):\n"
    dies += "        open(__file__ + '.died', 'w')\n        sys.exit(3)\n"
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    agent, run_id = external(dies), None
    with pytest.raises(MatchdayError, match="matchday 3: the program ended with status 3; resume the run to go on"):
        for run_id, _ in record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON):  # noqa: B007
            pass
    resumed = [event for _, event in resume(store, store.run(run_id), external(dies), SEASON)]
    assert [bets[0][2] for bets in stakes(resumed)] == [f"no. {number}" for number in range(1, 5)]


def test_a_command_that_cannot_be_started_is_one_clear_line(external):
    with pytest.raises(MatchdayError, match="'no-such-program' cannot be started: FileNotFoundError") as failed:
        played(external(command=["no-such-program"]))
    assert "\n" not in str(failed.value)


def test_a_program_that_does_not_read_or_never_stops_talking_does_not_hold_anybody_up(external):
    deaf = "import time\ntime.sleep(30)\n"
    events = played(external("", head=deaf, say="", seconds=0.3, on_failure="sit-out"), small_season(matchdays=2))
    assert len(sat_out(events)) == 2
    flood = "while True:\n    print('{}', flush=True)\n"
    events = played(external("", head=flood, say="", seconds=5, on_failure="sit-out"), small_season(matchdays=2))
    assert all(each.startswith("the program ") for each in sat_out(events))


def test_what_a_program_has_started_is_ended_with_it_and_holds_nobody_up(external, tmp_path):
    child = "\n    child = __import__('subprocess').Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    child += "    open(__file__ + '.pid', 'w').write(str(child.pid))\n    time.sleep(60)\n"
    events = played(external(child, seconds=3, on_failure="sit-out"), small_season(matchdays=1))
    assert sat_out(events) == ["no answer within 3 s; the program was ended"]
    assert gone(int(Path(f"{tmp_path / 'program.py'}.pid").read_text()))


def gone(pid):
    """Whether a process has ended, or is about to be cleared away."""
    state = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        if not state.exists() or state.read_text().split(")")[-1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_line_that_nobody_asked_for_is_no_answer_to_the_next_question(external):
    twice = "\n    print(json.dumps(answer) + chr(10) + json.dumps(answer), flush=True)\n"  # in one piece
    events = played(external(say=twice))
    assert [[selection for selection, *_ in day] for day in stakes(events)] == [["home"]] * 4
    assert len(of(Consulted, events)) == 4


def test_half_a_line_that_nobody_asked_for_is_no_answer_either_once_it_is_whole(external):
    halves = """
    end = "" if number == 1 else chr(10)  # of what was begun on the day before
    print(end + json.dumps(answer) + chr(10) + json.dumps({"bets": []}), end="", flush=True)
"""
    events = played(external(say=halves))
    assert [[reason for *_, reason in day] for day in stakes(events)] == [[f"no. {day}"] for day in range(1, 5)]
    assert len(of(Consulted, events)) == 4


def test_who_closes_the_output_and_stays_has_not_ended(external):
    shut = "import os, time\nos.close(1)\ntime.sleep(30)\n"
    events = played(external("", head=shut, say="", on_failure="sit-out"), small_season(matchdays=1))
    assert sat_out(events) == ["the program talks unasked, or to nobody"]


def test_a_mark_of_the_encoding_before_an_answer_is_no_part_of_it(external):
    marked = "\n    sys.stdout.buffer.write(b'\\xef\\xbb\\xbf' + json.dumps(answer).encode() + b'\\r\\n')"
    assert stakes(played(external(say=f"{marked}\n    sys.stdout.flush()\n")))[0] == [("home", 150, "no. 1")]


def test_what_no_screen_could_take_is_cleaned(external):
    events = played(external(HOME + '    answer["note"] = answer["bets"][0]["reason"] = "a\\x00b\\x1b[31m\\nc"\n'))
    (slip, *_) = of(SlipPlaced, events)
    assert slip.notes == ("a b [31m c",) and stakes(events)[0] == [("home", 150, "a b [31m c")]


@pytest.mark.parametrize("keep", [True, False])
def test_matchdays_that_were_sat_out_are_so_in_a_run_that_is_resumed(external, tmp_path, keep):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    dies = HEAD + f"    if not __import__('os').path.exists({str(tmp_path / 'well')!r}):\n        sys.exit(3)\n"
    agent = external(head=dies, on_failure="sit-out", keep=keep)
    playing = record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON)
    run_id = next(run for run, event in playing if isinstance(event, MatchdaySettled) and event.matchday == 2)
    (tmp_path / "well").touch()
    again = external(head=dies, on_failure="sit-out", keep=keep)
    resumed = [event for _, event in resume(store, store.run(run_id), again, SEASON)]
    assert sat_out(resumed) == ["the program ended with status 3"] * 2
    assert [len(each) for each in stakes(resumed)] == [0, 0, 1, 1]


def test_a_replay_starts_no_program_and_is_the_same_byte_for_byte(external, tmp_path):
    first = played(external())
    started = tmp_path / "started"
    assert lines(played(external())) == lines(first)
    again = external(HOME + f"\n    open({str(started)!r}, 'w')\n")
    assert lines(played(again)) != [] and started.exists()  # the program is another one


def test_answers_are_not_kept_where_nobody_wants_them(external, tmp_path):
    count = HOME + "\n    open(__file__ + '.count', 'a').write('x')\n"
    for _ in range(2):
        played(external(count, keep=False))
    assert len(Path(f"{tmp_path / 'program.py'}.count").read_text()) == 8
    assert not (tmp_path / "answers").exists()


def test_a_run_that_is_cut_off_goes_on_and_a_program_with_a_memory_is_told_all(external, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    agent = external()
    for run_id, event in record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON):  # noqa: B007
        if isinstance(event, MatchdaySettled) and event.matchday == 2:
            break
    resumed = [event for _, event in resume(store, store.run(run_id), external(), SEASON)]
    assert [bets[0][2] for bets in stakes(resumed)] == [f"no. {number}" for number in range(1, 5)]


def test_a_season_that_is_given_up_leaves_no_program_behind(external, tmp_path):
    waits = HOME + "\n    open(__file__ + '.pid', 'w').write(str(__import__('os').getpid()))\n"
    events = play(external(waits), SEASON)
    for event in events:
        if isinstance(event, SlipPlaced):
            break
    pid = int(Path(f"{tmp_path / 'program.py'}.pid").read_text())
    os.kill(pid, 0)
    events.close()
    del events, event
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_person_at_a_terminal_reads_a_table_and_writes_in_short(tmp_path, monkeypatch, capsys):
    typed = io.StringIO("1 home 5, 2 draw 2.50\n4 home 1\n1 home 1\n\n3 away 1\n")
    typed.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", typed)
    events = played(Agent("me", [External(cache=tmp_path)]))
    assert [[(name, stake) for name, stake, _ in bets] for bets in stakes(events)] == [
        [("home", 500), ("draw", 250)],
        [("home", 100)],
        [],
        [("away", 100)],
    ]
    shown = capsys.readouterr().out
    assert "Matchday 1, " in shown and "Bankroll 100.00." in shown and "{" not in shown
    assert "there is no match 4; there are 1 to 3" in shown and "The season is completed." in shown


def test_input_that_ends_stops_the_run_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(MatchdayError, match="matchday 1: standard input has ended; resume the run to go on"):
        played(Agent("me", [External(cache=tmp_path)]))


def test_a_pipe_that_falls_silent_is_not_waited_for(tmp_path, monkeypatch):
    reading, writing = os.pipe()
    with open(reading) as stdin, open(writing, "w") as other:
        monkeypatch.setattr(sys, "stdin", stdin)
        print('{"bets": [], "note": "here"}', file=other, flush=True)
        agent = Agent("me", [External(cache=tmp_path, seconds=0.2, on_failure="sit-out", tries=1)])
        events = played(agent)
    assert sat_out(events) == ["no answer within 0.2 s"] * 3 and of(SlipPlaced, events)[0].notes == ("here",)


def test_a_season_can_be_played_over_a_pipe_from_the_command_line(tmp_path):
    agent = tmp_path / "mine.toml"
    agent.write_text(
        'name = "mine"\n[[component]]\nuse = "matchday_plugins.language.external:External"\nkeep = false\n'
    )
    command = [sys.executable, "-m", "matchday", "play", str(agent), "--store", str(tmp_path / "runs.db"), "--json"]
    command += ["--set", "source.clubs=6", "--set", "source.history=1"]
    answers = '{"bets": []}\n' * 200
    done = subprocess.run(
        command, input=answers, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False
    )
    *asked, summary = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert json.loads(asked[0])["event"] == "matchday" and json.loads(asked[-1])["event"] == "season_closed"
    assert len(asked) - 1 == json.loads(summary)["matchdays"]
