"""``matchday stake``: a slate of one's own, sized; every bad row named."""

import io
import json
import math
import subprocess

import pytest

from matchday.cli import main

HEADER = "match,selection,probability,odds\n"
ARSENAL = "Arsenal v Spurs,home,0.5,2.2\nArsenal v Spurs,draw,0.27,3.6\nArsenal v Spurs,away,0.23,3.6\n"


@pytest.fixture
def stake(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main(["stake", *map(str, arguments)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, said.out, said.err)

    return run


@pytest.fixture
def slate(tmp_path):
    def write(text):
        path = tmp_path / "slate.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(done):
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("matchday: ").strip()


def test_bets_of_the_command_line_are_sized_together(stake):
    sized = answer(stake("0.55@2.0", "0.55@2.0", "--json"))
    assert [bet["share"] for bet in sized["bets"]] == pytest.approx([0.09901] * 2, abs=1e-6)
    assert [bet["stake"] for bet in sized["bets"]] == [9.90, 9.90]
    assert sized["staked"] == 19.80
    assert sized["accuracy"] <= 1e-8
    growth = sum(p * math.log(1 + 0.099 * k) for p, k in ((0.3025, 2), (0.495, 0), (0.2025, -2)))
    assert sized["growth"] == pytest.approx(growth, abs=1e-9)


def test_bets_in_one_argument_exclude_one_another(stake):
    sized = answer(stake("home=0.5@2.2,draw=0.27@3.6,away=0.23@3.6", "--hedge", "--json"))
    assert [bet["share"] for bet in sized["bets"]] == pytest.approx([0.109434, 0.031321, 0], abs=1e-6)
    alone = answer(stake("home=0.5@2.2,draw=0.27@3.6,away=0.23@3.6", "--json"))
    assert [bet["share"] for bet in alone["bets"]] == pytest.approx([1 / 12, 0, 0], abs=1e-6)


def test_a_file_is_sized_with_limits_a_fraction_and_a_bound_on_drawdown(stake, slate):
    path = slate(HEADER + ARSENAL + "Leeds v Hull,over_2_5,0.55,2.0\n")
    full = answer(stake("--csv", path, "--json"))
    half = answer(stake("--csv", path, "--fraction", "0.5", "--json"))
    assert [b["share"] for b in half["bets"]] == pytest.approx([b["share"] / 2 for b in full["bets"]])
    capped = answer(stake("--csv", path, "--bet-limit", "0.05", "--bankroll", "1000", "--json"))
    assert max(bet["stake"] for bet in capped["bets"]) <= 50.0
    assert capped["notes"] == ["limits that bind: 2 bets at 0.05 of the bankroll"]
    careful = answer(stake("0.55@2.0", "--alpha", "0.7", "--json"))
    assert careful["bets"][0]["share"] == pytest.approx(0.0269, abs=5e-5)


def test_markets_of_one_match_in_a_file_are_taken_as_independent_and_it_says_so(stake, slate):
    path = slate(HEADER + ARSENAL + "Arsenal v Spurs,over_2_5,0.55,2.0\n")
    done = stake("--csv", path)
    assert "note: the markets of Arsenal v Spurs are taken as independent" in done.stdout


def test_the_table_shows_what_each_bet_gets_and_the_growth_to_expect(stake):
    shown = stake("Arsenal v Spurs:home=0.55@2.0").stdout
    assert "Arsenal v Spurs  home            0.5500  2.00  +10.0%  0.1000  0.1000  10.00" in shown
    assert "10.00 of 100.00 on 1 bet; expected log growth +0.005008" in shown


def test_nothing_is_staked_where_nothing_has_an_edge(stake):
    sized = answer(stake("0.3@2.0", "--json"))
    assert (sized["staked"], sized["growth"]) == (0.0, 0.0)


def test_standard_input_is_read_and_spreadsheets_marks_and_spaces_do_no_harm(stake):
    sized = answer(
        stake("--csv", "-", "--json", stdin="\ufeff" + HEADER.replace(",", ", ") + "A v B, home , 0.55 , 2.0\n\n")
    )
    assert sized["bets"][0]["selection"] == "home"
    assert sized["bets"][0]["stake"] == 10.0


def test_rounded_probabilities_of_a_whole_market_are_refused_or_made_to_add_up(stake, slate):
    path = slate(HEADER + ARSENAL.replace("0.23", "0.22"))
    said = refusal(stake("--csv", path))
    assert (
        "slate.csv line 2 (Arsenal v Spurs, home): the probabilities of its market (match_result) add up to 0.99"
        in said
    )
    assert "--normalise" in said
    sized = answer(stake("--csv", path, "--normalise", "--json"))
    assert sum(bet["probability"] for bet in sized["bets"]) == pytest.approx(1.0)


def test_selections_of_one_argument_exclude_one_another_whatever_their_names(stake):
    project, others = (
        [bet["share"] for bet in answer(stake(f"A v B:home=0.5@2.2,{x}=0.3@4,away=0.2@4", "--json"))["bets"]]
        for x in ("draw", "X")
    )
    assert others == pytest.approx(project)


def test_markets_of_strangers_in_a_file_have_to_be_named(stake, slate):
    rows = "A v B,over,0.45,2.6\nA v B,btts,0.5,2.4\n"
    said = refusal(stake("--csv", slate(HEADER + rows)))
    assert "slate.csv line 2 (A v B, over): its market is not known; name it in a column 'market'" in said
    named = "match,selection,probability,odds,market\nA v B,over,0.45,2.6,goals\nA v B,btts,0.5,2.4,both score\n"
    sized = answer(stake("--csv", slate(named), "--json"))
    assert [bet["share"] for bet in sized["bets"]] == pytest.approx([0.106, 0.143], rel=0.1)


def test_a_file_as_programs_write_it_is_read(stake, slate):
    windows = '\r\n\r\nMatch,Selection,Probability,Odds\r\n"A, B v C",home,0.55,2.0\r\n,,,\r\n'
    sized = answer(stake("--csv", slate(windows), "--json"))
    assert [bet["match"] for bet in sized["bets"]] == ["A, B v C"]
    separator = answer(stake("--csv", slate(HEADER + "A\u2028v B,home,0.55,2.0\n"), "--json"))
    assert separator["bets"][0]["stake"] == 10.0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A v B,home,1.2,2.0", "slate.csv line 3 (A v B, home): probability 1.2; rule: a number between 0 and 1."),
        ("A v B,home,nan,2.0", "slate.csv line 3 (A v B, home): probability nan; rule: a number between 0 and 1."),
        ("A v B,home,,2.0", "slate.csv line 3 (A v B, home): probability '' is not a number; write it as 0.55 or 2.1."),
        ("A v B,home,0.5,1.0", "slate.csv line 3 (A v B, home): odds 1; rule: finite decimal odds above 1."),
        (
            "A v B,home,0.5,evens",
            "slate.csv line 3 (A v B, home): odds 'evens' is not a number; write it as 0.55 or 2.1.",
        ),
        ("C v D,home,0.5,2.0", "slate.csv line 3 (C v D, home): stands among the bets twice; rule: once."),
        (
            "C v D,away,0.6,2.0",
            "slate.csv line 3 (C v D, away): the probabilities of its market (match_result) add up to 1.1; rule: at most 1.",
        ),
        (",home,0.5,2.0", "slate.csv line 3: match is empty; rule: a name."),
        ("A v B,home,0.5,2.0,x", "slate.csv line 3: it has more cells than the header; rule: one a column."),
        ("A v B,home", "slate.csv line 3: it has fewer cells than the header; rule: one a column."),
    ],
)
def test_a_bad_row_of_a_file_is_named(stake, slate, row, said):
    path = slate(HEADER + "C v D,home,0.5,2.1\n" + row + "\n")
    assert refusal(stake("--csv", path)).endswith(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["1.2@2"], "Bet '1.2@2': probability 1.2; rule: a number between 0 and 1."),
        (
            ["0.5@2", "home=0.5@2,draw"],
            "Bet 'home=0.5@2,draw': 'draw' is not [MATCH:][SELECTION=]PROBABILITY@ODDS, e.g. home=0.55@2.1.",
        ),
        (["0.5@2", "--bankroll", "0"], "stake: bankroll = 0.0: Input should be greater than or equal to 0.01."),
        (["0.5@2", "--fraction", "0"], "--fraction 0; rule: above 0, at most 1."),
        (["0.5@2", "--alpha", "1"], "stake: alpha = 1.0: Input should be less than or equal to 0.95."),
        (["0.5@2", "--bet-limit", "2"], "stake: bet_limit = 2.0: Input should be less than or equal to 1."),
        (
            ["home=0.5@2,over_2_5=0.5@2"],
            "Bet 'home=0.5@2,over_2_5=0.5@2': it mixes match_result and total_goals_2_5; rule: one market an argument, so give two.",
        ),
        (["0_5@2"], "Bet '0_5@2': probability '0_5' is not a number; write it as 0.55 or 2.1."),
        (["0.5@2", "--beta", "0.2"], "stake: --beta is the chance of falling below --alpha; give --alpha too."),
        ([], "stake: give bets as arguments or with --csv FILE, one of the two; see matchday stake --help."),
        (["--csv", "missing.csv"], "missing.csv: cannot be read: No such file or directory."),
    ],
)
def test_bad_arguments_get_one_line(stake, arguments, said):
    assert refusal(stake(*arguments)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no column 'match'; there are none."),
        (HEADER, "There are no bets; rule: at least one, as arguments or with --csv FILE."),
        (
            "match;selection;probability;odds\n",
            "the header 'match;selection;probability;odds' is one cell; separate cells by commas.",
        ),
        ("match,match,selection,probability,odds\n", "column 'match' stands in it twice; rule: once."),
        (HEADER + "m" * 200_000 + ",home,0.5,2\n", "it cannot be read as CSV: field larger than field limit (131072)."),
        ("match,selection,probabilty,odds\n", "there is no column 'probability'; did you mean 'probabilty'?"),
    ],
)
def test_a_file_that_is_no_slate_is_refused(stake, slate, text, said):
    assert refusal(stake("--csv", slate(text))).endswith(said)
