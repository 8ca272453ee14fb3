"""A slate as a CSV file: what can be written, and what is refused, with the line and the remedy."""

import datetime
import io

import pytest

from matchday.errors import MatchdayError
from matchday.slatefile import read_slate
from matchday.upcoming import Fixture


@pytest.fixture
def slate(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def written(text, encoding="utf-8"):
        (tmp_path / "slate.csv").write_bytes(text.encode(encoding))
        return read_slate("slate.csv")

    return written


def test_every_column_is_read(slate):
    file = slate(
        "date,kickoff,match,home,draw,away,over_2_5,under_2_5,PSC.home\n"
        "2026-08-15,15:00,Arsenal v Spurs,1.85,3.70,4.40,1.80,2.05,1.87\n"
    )
    odds = {"home": 1.85, "draw": 3.7, "away": 4.4, "over_2_5": 1.8, "under_2_5": 2.05}
    label, quotes = "slate.csv line 2", {("PSC", "home"): 1.87}
    fixture = Fixture("Arsenal", "Spurs", datetime.time(15), odds=odds, quotes=quotes, label=label)
    assert file.matches == ((datetime.date(2026, 8, 15), fixture),)


def test_the_match_alone_is_needed_and_an_empty_price_is_not_offered(slate):
    file = slate("match,home,away\nArsenal v Spurs,1.85,\n\nLeeds v Hull,,\n")
    assert [(date, dict(each.odds)) for date, each in file.matches] == [(None, {"home": 1.85}), (None, {})]
    assert file.matches[1][1].label == "slate.csv line 4"


def test_spaces_capitals_a_byte_order_mark_and_windows_lines_do_no_harm(slate):
    file = slate(' Match , HOME\r\n"Arsenal v Brighton & Hove, Albion" , 1.85 \r\n', encoding="utf-8-sig")
    ((_, fixture),) = file.matches
    assert (fixture.home, fixture.away, fixture.odds) == ("Arsenal", "Brighton & Hove, Albion", {"home": 1.85})


def test_standard_input_is_a_file_too(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("match,home\nA v B,2\n"))
    assert read_slate("-").name == "standard input"


def test_a_file_of_several_dates_wants_one_picked(slate):
    file = slate("date,match,home\n2026-08-16,A v B,2\n2026-08-15,C v D,2\n")
    message = r"slate.csv: matches are on 2 dates, 2026-08-15, 2026-08-16; pick one with --date\."
    with pytest.raises(MatchdayError, match=message):
        file.date()
    assert [each.home for each in file.on(datetime.date(2026, 8, 16))] == ["A"]
    with pytest.raises(MatchdayError, match=r"slate.csv: no match is on 2026-08-17; dates: 2026-08-15, 2026-08-16\."):
        file.on(datetime.date(2026, 8, 17))


def test_a_file_of_one_date_or_none_needs_no_date(slate):
    assert slate("date,match\n2026-08-15,A v B\n").date() == datetime.date(2026, 8, 15)
    undated = slate("match\nA v B\n")
    assert undated.date() is None
    assert len(undated.on(datetime.date(2026, 8, 15))) == 1


BAD_FILES = {
    "": "slate.csv: the file is empty; rule: a header with a column 'match', and a line a match.",
    "match,home\n": "slate.csv: there is no match below the header; rule: a line a match.",
    "match;home\nA v B;2\n": "slate.csv: the header 'match;home' is one cell; separate cells by commas.",
    "home,draw\n2,3\n": "slate.csv: there is no column 'match', as 'Arsenal v Spurs'; add it.",
    "match,hme\nA v B,2\n": "slate.csv: column 'hme' is unknown; did you mean 'home'?",
    "match,PSC.hom\nA v B,2\n": "slate.csv: column 'PSC.hom' is unknown; did you mean 'PSC.home'?",
    "match,.home\nA v B,2\n": "slate.csv: column '.home' is unknown; did you mean 'home'?",
    "match,home,Home\nA v B,2,2\n": "slate.csv: column 'home' stands in it 2 times; rule: once.",
    "match,home\nA v B,2,3\n": "slate.csv line 2: it has more cells than the header; rule: one a column.",
    "match,home\nA v B\n": "slate.csv line 2: it has fewer cells than the header; rule: one a column.",
    "match\nA vs B\n": "slate.csv line 2: match 'A vs B'; rule: two clubs, as 'Arsenal v Spurs'.",
    "match\nA v \n": "slate.csv line 2: match 'A v'; rule: two clubs, as 'Arsenal v Spurs'.",
    "match\nA v B v C\n": "slate.csv line 2: match 'A v B v C'; rule: two clubs, as 'Arsenal v Spurs'.",
    "match,date\nA v B,15/08/2026\n": (
        "slate.csv line 2: date '15/08/2026'; rule: year-month-day, as 2026-08-15, on every line."
    ),
    "match,date\nA v B,2026-08-15\nC v D,\n": (
        "slate.csv line 3: date ''; rule: year-month-day, as 2026-08-15, on every line."
    ),
    "match,kickoff\nA v B,3pm\n": "slate.csv line 2: kickoff '3pm'; rule: hour:minute, as 15:00, or nothing.",
    "match,home\nA v B,evens\n": (
        "slate.csv line 2: home 'evens'; rule: decimal odds above 1, as 2.10; empty: not offered."
    ),
    "match,home\nA v B,1\n": "slate.csv line 2: home '1'; rule: decimal odds above 1, as 2.10; empty: not offered.",
    "match,PSC.away\nA v B,-2\n": (
        "slate.csv line 2: PSC.away '-2'; rule: decimal odds above 1, as 2.10; empty: not offered."
    ),
    "match,home\nA v B,nan\n": "slate.csv line 2: home 'nan'; rule: decimal odds above 1, as 2.10; empty: not offered.",
    "match,home\nA v B,inf\n": "slate.csv line 2: home 'inf'; rule: decimal odds above 1, as 2.10; empty: not offered.",
}


@pytest.mark.parametrize("text", BAD_FILES)
def test_a_file_that_makes_no_sense_is_refused_in_one_line(slate, text):
    with pytest.raises(MatchdayError) as raised:
        slate(text)
    assert str(raised.value) == BAD_FILES[text]


def test_a_file_that_is_not_there_or_no_text_is_refused(slate):
    with pytest.raises(MatchdayError, match=r"none.csv: cannot be read: No such file or directory\."):
        read_slate("none.csv")
    with pytest.raises(MatchdayError, match=r"slate.csv: cannot be read: it is not UTF-8 text\."):
        slate("match\nKöln v Bayern\n", encoding="latin-1")
