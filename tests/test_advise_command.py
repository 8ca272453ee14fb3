"""What a person gets from ``matchday advise``, on the leagues that are there."""

import contextlib
import csv
import io
import json
import math
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from matchday import Catalogue, Rules, play
from matchday.agentfile import build_agent, parse_agent
from matchday.cli import main
from matchday.events import SlipPlaced

PAGE = (Path(__file__).parents[1] / "docs" / "advise.md").read_text(encoding="utf-8")
SLATE = "match,home,draw,away\nBarrowgate v Garrowby,6.04,3.64,1.63\nInglesham v Millbrook,7.11,4.43,1.45\n"
SHORT = ("--set", "source.history=1")
SMALL = (*SHORT, "--set", "source.clubs=8")

LEARNER = """
name = "learner"
component = [
    {use = "elo"}, {use = "market"}, {use = "benter", market = "market"}, {use = "drift"}, {use = "value", minimum_edge = 0.0},
    {use = "kelly"}, {use = "fractional", fraction = 0.5}, {use = "drawdown-brake"}, {use = "adaptive"},
]
"""


@pytest.fixture
def advise(tmp_path, monkeypatch, capsys):
    """Run the command in a folder with a slate and an agent in it; answer its exit status, output and errors."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slate.csv").write_text(SLATE, encoding="utf-8")
    (tmp_path / "learner.toml").write_text(LEARNER, encoding="utf-8")

    def run(agent, *options, slate="slate.csv", stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as left:
            main(["advise", agent, "--slate", slate, *options])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def advised(advise, *words, **options):
    code, out, err = advise(*words, "--json", **options)
    assert (code, err) == (0, "")
    return json.loads(out)


def write_slate(season, date):
    """Write a day of a season as a slate, to the last digit of its prices."""
    rows = season.played[season.played["date"] == date]
    odds = season.odds("closing").loc[rows.index]
    odds.insert(0, "match", rows["home"] + " v " + rows["away"])
    odds.insert(0, "kickoff", rows["kickoff"].dt.strftime("%H:%M"))
    odds.insert(0, "date", pd.Timestamp(date).strftime("%Y-%m-%d"))
    odds.to_csv("slate.csv", index=False)


def placed_in_play(season, matchday, *, seed=0):
    import tomllib

    agent = build_agent(parse_agent(tomllib.loads(LEARNER), where="test"))
    return next(
        e for e in play(agent, season, Rules(), seed=seed) if isinstance(e, SlipPlaced) and e.matchday == matchday
    )


def check_against_play(figures, placed):
    assert len(figures["bets"]) == len(placed.bets) > 0
    for told, bet in zip(figures["bets"], placed.bets, strict=True):
        assert (told["share"], told["reason"]) == (none_of(bet.share), bet.reason)
        assert (told["stake"], told["selection"], told["forced"]) == (bet.stake / 100, bet.selection, bet.forced)
    assert figures["notes"] == list(placed.notes)


def none_of(number):
    return None if math.isnan(number) else number


@pytest.mark.parametrize("matchday", [9, 40])
def test_advice_on_a_past_date_is_the_slip_of_the_play_on_the_synthetic_league(advise, matchday):
    season = Catalogue().load("source", "synthetic")(history=1, clubs=8, seed=2).season("2024-25")
    write_slate(season, season.played["date"].unique()[matchday - 1])
    figures = advised(advise, "learner.toml", "--seed", "2", *SMALL)
    check_against_play(figures, placed_in_play(season, matchday, seed=2))


def test_advice_on_a_past_date_is_the_slip_of_the_play_on_a_real_season(advise, football_data):
    season = Catalogue().load("source", "football-data")(data=football_data, history=1).season("2023-24")
    write_slate(season, season.played["date"].unique()[40])
    figures = advised(advise, "learner.toml", "--data", str(football_data), *SHORT)
    assert (figures["source"], figures["season"]) == ("football-data", "2023-24")
    check_against_play(figures, placed_in_play(season, 41))


def test_the_page_shows_what_the_command_prints(advise, monkeypatch):
    Path("slate.csv").write_text(re.search(r"```csv\n(.*?)```", PAGE, re.S)[1], encoding="utf-8")
    command = shlex.split(re.search(r"```sh\n(matchday advise .*?)```", PAGE, re.S)[1])
    assert command[:3] == ["matchday", "advise", "dixon-coles"] and command[3:5] == ["--slate", "slate.csv"]
    code, out, err = advise("dixon-coles", *command[5:])
    assert (code, err) == (0, "")
    assert [line.rstrip() for line in out.splitlines()] == re.search(r"```text\n(.*?)```", PAGE, re.S)[1].splitlines()


def test_the_pages_program_runs():
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(re.search(r"```python\n(.*?)```", PAGE, re.S)[1], {})
    assert "kelly: " in said.getvalue()


def test_json_is_one_object_with_the_documented_keys(advise):
    figures = advised(advise, "favourites-only", "--date", "2024-12-01", "--bankroll", "80", *SMALL)
    keys = ("agent", "date", "source", "season", "bankroll", "staked", "growth", "bets", "refused", "dropped", "notes")
    assert tuple(figures) == (*keys, "diagnoses")
    assert (figures["date"], figures["season"], figures["bankroll"]) == ("2024-12-01", "2024-25", 80.0)
    assert figures["staked"] == 8.0
    assert figures["growth"] is None
    bet = {"match": "Barrowgate v Garrowby", "selection": "away", "probability": None, "odds": 1.63, "edge": None}
    reason = "proportional: 0.05 of the bankroll a bet"
    assert figures["bets"][0] == {**bet, "share": 0.05, "stake": 4.0, "reason": reason, "forced": False}
    for key in tuple(figures):
        assert key in PAGE


def test_csv_is_the_bets(advise):
    bets = advised(advise, "dixon-coles", "--date", "2024-12-01", *SMALL)["bets"]
    code, out, err = advise("dixon-coles", "--date", "2024-12-01", "--csv", *SMALL)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "date,match,selection,probability,odds,edge,share,stake,reason,forced"
    written = [
        {"date": "2024-12-01", **{name: str(value) for name, value in bet.items()}, "forced": "false"} for bet in bets
    ]
    assert list(csv.DictReader(io.StringIO(out))) == written
    assert len(bets) > 1


def test_the_slate_may_come_from_standard_input_and_the_bankroll_be_what_is_left(advise):
    figures = advised(advise, "favourites-only", "--date", "2024-12-01", *SMALL, slate="-", stdin=SLATE)
    assert figures["bankroll"] != 100.0
    again = advised(advise, "favourites-only", "--date", "2024-12-01", "--rule", "bankroll=200", *SMALL)
    assert again["bankroll"] == pytest.approx(2 * figures["bankroll"], rel=0.01)
    today = ("--rule", "bankroll=200", "--bankroll", "90")
    assert advised(advise, "favourites-only", "--date", "2024-12-01", *today, *SMALL)["bankroll"] == 90.0


def test_a_day_after_the_sources_last_season_has_all_of_it_as_history(advise):
    code, out, _ = advise("favourites-only", "--date", "2025-08-16", *SMALL)
    assert code == 0
    assert "favourites-only on 2025-08-16, matchday 1 of synthetic SYN 2025-26" in out
    assert "history   112 matches, 0 of this season; the last on 2025-05-18" in out
    assert "bankroll  100.00\n" in re.sub(" +\n", "\n", out)


def test_a_source_that_ends_long_before_the_day_is_remarked_on(advise):
    code, _, err = advise("favourites-only", "--date", "2026-08-15", *SMALL)
    assert (code, err) == (0, "matchday: the latest season of synthetic SYN is 2024-25, the slate's is 2026-27\n")


def test_prices_that_no_bookmaker_offers_are_remarked_on(advise):
    slip = "match,home,draw,away\nBarrowgate v Garrowby,6.04,3.64,16.3\n"
    code, _, err = advise("market-follower", "--date", "2024-12-28", *SHORT, slate="-", stdin=slip)
    assert code == 0
    assert "standard input: Σ 1/odds of match_result is 0.502 on SYN 2024-12-28 Barrowgate v Garrowby" in err


def test_a_forced_bet_says_so_and_nothing_is_bet_where_none_is_asked_for(advise):
    _, out, _ = advise("market-follower", "--date", "2025-08-16", *SMALL)
    assert "forced: a bet a matchday" in out and "0.01 of 100.00 on 1 bet\n" in out
    assert advised(advise, "market-follower", "--date", "2025-08-16", *SMALL)["bets"][0]["forced"] is True
    _, out, _ = advise("market-follower", "--date", "2025-08-16", "--rule", "without_bet=off", *SMALL)
    assert out.endswith("\nno bet of 100.00\n")


def test_what_is_refused_or_dropped_is_told_on_every_output(advise):
    refused = ("favourites-only", "--date", "2025-08-16", "--rule", "matchday_limit=0.01", *SMALL)
    _, out, _ = advise(*refused)
    assert re.search(r"refused +Slip: stakes of 10.00 are more than 1% of the bankroll", out)
    assert advised(advise, *refused)["refused"].startswith("Slip: stakes of 10.00")
    assert advise(*refused, "--csv")[2].startswith("matchday: refused: Slip: stakes of 10.00")
    small = ("favourites-only", "--date", "2025-08-16", "--rule", "minimum_bet=20", *SMALL)
    assert "dropped" in advise(*small)[1]
    assert len(advised(advise, *small)["dropped"]) == 2
    assert advise(*small, "--csv")[2].count("is below the minimum bet") == 2


def test_what_the_watches_and_learners_say_is_shown(advise):
    figures = advised(advise, "learner.toml", "--date", "2024-12-01", *SMALL)
    assert {each["source"] for each in figures["diagnoses"]} == {"drift"}
    assert "NaN" not in json.dumps(figures)


def test_a_newcomer_is_remarked_on_and_bet_on(advise):
    slate = "match,home,draw,away\nBarrowgate v Zyx United,6.04,3.64,1.63\n"
    code, out, err = advise("favourites-only", "--date", "2025-08-16", *SMALL, slate="-", stdin=slate)
    assert code == 0 and "Barrowgate v Zyx United" in out
    assert err == "matchday: standard input: 'Zyx United' is new to synthetic SYN; taken as a newcomer\n"
    misspelt = slate.replace("Zyx United", "Garowby")
    _, _, err = advise("favourites-only", "--date", "2025-08-16", *SMALL, slate="-", stdin=misspelt)
    assert "standard input line 2: club 'Garowby' is unknown to synthetic SYN; did you mean 'Garrowby'?" in err
    announced = ("--date", "2025-08-16", "--newcomer", "Garowby", *SMALL)
    assert advise("favourites-only", *announced, slate="-", stdin=misspelt)[0] == 0


BAD_INPUT = {
    "no such file": (["favourites-only"], "none.csv", "none.csv: cannot be read"),
    "an unknown agent": (["favorites-only"], "slate.csv", "did you mean 'favourites-only'"),
    "a date that is none": (["favourites-only", "--date", "1/12/2024"], "slate.csv", "'1/12/2024' is not a date"),
    "an unknown policy": (["favourites-only", "--prices", "closng"], "slate.csv", "did you mean 'closing'"),
    "an unknown parameter": (
        ["dixon-coles", "--set", "goals.half_life=3"],
        "slate.csv",
        "did you mean 'half_life_days'",
    ),
    "a bankroll of nothing": (["favourites-only", "--bankroll", "0"], "slate.csv", "bankroll = 0"),
    "two outputs": (["favourites-only", "--csv", "--json"], "slate.csv", "leave one out"),
    "a day before the source's first season": (
        ["favourites-only", "--date", "1995-09-01"],
        "slate.csv",
        "Season '1995-96': the source has no match before it",
    ),
    "a season that is none": (
        ["favourites-only", "--season", "2024", "--source", "synthetic"],
        "slate.csv",
        "Season '2024' is not a season",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_one_line_and_status_2(advise, name):
    words, slate, message = BAD_INPUT[name]
    code, out, err = advise(*words, *SMALL, slate=slate)
    assert (code, out) == (2, "")
    assert message in err and err.count("\n") == 1 and err.startswith("matchday: ")


def test_forecasts_are_kept_and_taken(advise, tmp_path):
    words = ("dixon-coles", "--date", "2024-09-01", "--forecasts", str(tmp_path / "kept"), *SMALL)
    first = advise(*words)
    kept = sorted((tmp_path / "kept").glob("*.npz"))
    assert len(kept) == 1
    assert advise(*words) == first
    assert sorted((tmp_path / "kept").glob("*.npz")) == kept
