"""The report as a file: what is in it, what is shown as text, and when it is refused."""

import html
import json
import os
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from comparisons import failed, made_up, ruined
from matchday.cli.reporting import report_runs
from matchday.errors import MatchdayError
from matchday.report import check_writable, look, render, write_report
from matchday.report.betting import MOST, bets_shown
from matchday.report.courses import Courses
from matchday.report.look import DAY, NIGHT, Style
from matchday.report.parts import Chart, Section

ALWAYS = ["summary", "leaderboard", "differences", "bankrolls", "matchdays", "calibration", "edges", "stakes", "money"]
ALWAYS += ["bets", "agents", "data", "limits"]


class Page(HTMLParser):
    """The page's sections and texts, scripts apart."""

    def __init__(self, page):
        super().__init__()
        self.sections, self.texts, self.addresses, self._script = [], [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self._script = tag in {"script", "style"}
        attributes = dict(attributes)
        if tag == "section":
            self.sections.append(attributes["id"])
        self.addresses += [attributes[name] for name in ("src", "href", "action", "srcset") if name in attributes]

    def handle_endtag(self, tag):
        self._script = False

    def handle_data(self, data):
        if not self._script:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def data_of(page):
    """What the page's script works on."""
    return json.loads(re.search(r'<script type="application/json" id="report-data">(.*?)</script>', page)[1])


@pytest.fixture(scope="module")
def three():
    return made_up(3, published=True)


@pytest.fixture(scope="module")
def page(three):
    return render(three)


def test_every_section_is_there_in_its_order(page):
    assert Page(page).sections == ALWAYS


def test_where_the_truth_is_known_the_report_shows_growth_against_it():
    sections = Page(render(made_up(2, truth=True, matchdays=20))).sections
    assert sections.index("truth") == sections.index("money") + 1


def test_further_sections_come_first_and_are_drawn_as_the_others_are():
    layout_ = look.layout(height=200)
    chart = Chart("more", {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": layout_}, "One bar.")
    further = Section("further", "Something <b>more</b>", "How to read it.", (chart,), notes=("A note.",))
    page = render(made_up(2, matchdays=20), [further])
    assert Page(page).sections == ["summary", "further", *ALWAYS[1:]]
    assert "more" in data_of(page)["figures"] and "Something <b>" not in page and "A note." in Page(page).text


def test_the_file_asks_nothing_of_a_network(page):
    assert all(each.startswith(("#", "data:")) for each in Page(page).addresses)
    assert "default-src 'none'" in page
    assert "plotly.js v" in page


def test_conclusions_come_first(three, page):
    text = Page(page).text
    places = [text.index(sentence) for sentence in three.conclusions]
    assert places == sorted(places) and places[-1] < text.index("Beneath a figure stands")


def test_the_same_comparison_gives_the_same_page(page):
    assert render(made_up(3, published=True)) == page


def test_what_users_wrote_is_shown_as_text():
    evil = "</script><script>alert(\"x\")</script><b>bold</b> 'quoted' %{x}"
    comparison = made_up(2, names=[evil], reason=evil, matchdays=20)
    comparison.conclusions = [evil]
    comparison.about = {evil: evil}
    comparison.agents[evil]["component"][0]["half_life_days"] = evil
    page = render(comparison)
    assert evil not in page and "<b>" not in page.replace("plotly.js", "").split("<script>")[0]
    assert "<script>alert" not in page
    assert html.escape(evil).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert data_of(page)["bets"]["reason"]["of"] == [evil]
    assert Page(page).sections == ALWAYS


def test_chart_texts_have_no_markup_of_a_users():
    figures = data_of(render(made_up(2, names=["<b>bold</b>"], matchdays=20)))["figures"]
    texts = json.dumps(figures)
    assert "<b>" not in texts and "&lt;b&gt;bold" in texts


def test_published_rows_are_a_block_of_their_own_with_dashes(page):
    block = page[page.index("Published, not replayed, not counted alike") :]
    row = block[block.index("Model B") : block.index("Quant")]
    assert row.count(">–<") == 10
    assert "-89.6%" in row and "ruined" in row


def test_without_published_rows_nothing_is_said_of_them():
    assert "not replayed, not counted alike" not in Page(render(made_up(2, matchdays=20))).text


def test_failed_and_ruined_plays_are_visible():
    comparison = failed(
        ruined(made_up(3, matchdays=30), "dixon-coles"), "market-follower", "Component 'x' broke <here>"
    )
    text = Page(render(comparison)).text
    assert "no play finished, 1 failed" in text and "Component 'x' broke <here>" in text
    assert "1 play, 1 ruined" in text and "1 play failed" in text


def test_a_comparison_without_a_finished_play_still_tells_what_failed():
    comparison = failed(made_up(1, matchdays=20), "dixon-coles", "no luck")
    comparison.conclusions = []
    page = Page(render(comparison))
    assert "bankrolls" not in page.sections and "Nothing: no play was finished." in page.text and "no luck" in page.text


def test_one_agent_is_compared_with_nobody():
    page = Page(render(made_up(1, matchdays=20)))
    assert "differences" not in page.sections and "baseline" not in page.text.split("What this can")[0]


def test_bankrolls_of_one_schedule_go_by_date_and_those_of_several_by_matchday():
    dated = data_of(render(made_up(2, seeds=2, matchdays=20)))["figures"]["bankroll-curves"]
    numbered = data_of(render(made_up(2, seeds=2, matchdays=20, one_schedule=False)))["figures"]["bankroll-curves"]
    assert dated["data"][1]["x"][1].startswith("2024-08-")
    assert numbered["data"][1]["x"][:3] == [0, 1, 2]


def test_a_bankroll_line_is_the_mean_of_logarithms_within_the_plays_range():
    comparison = made_up(2, seeds=3, matchdays=20)
    courses = Courses.of(comparison)
    own = courses.of_agent(courses.bankroll, "dixon-coles")
    ends = comparison.matchdays.query("agent == 'dixon-coles' and matchday == 20")["after"]
    assert own.iloc[-1].to_numpy() == pytest.approx(ends.to_numpy() / 100.0)
    lines = data_of(render(comparison))["figures"]["bankroll-curves"]["data"]
    band, line = lines[0], lines[1]
    assert band["legendgroup"] == "band"
    assert line["y"][-1] == pytest.approx(100.0 * np.exp(np.log(ends / 100.0).mean()), rel=1e-3)
    assert min(band["y"]) <= min(line["y"]) and max(band["y"]) >= max(line["y"])


def test_after_a_ruin_the_bankroll_stays_and_growth_is_nought():
    courses = Courses.of(ruined(made_up(2, matchdays=30), "dixon-coles"))
    own = courses.of_agent(courses.bankroll, "dixon-coles").iloc[:, 0]
    assert own.iloc[15:].nunique() == 1 and own.iloc[-1] == pytest.approx(1e-4)
    assert (courses.of_agent(courses.growth, "dixon-coles").iloc[15:] == 0.0).all(axis=None)
    assert courses.of_agent(courses.share, "dixon-coles").iloc[15:].isna().all(axis=None)


def test_of_very_many_bets_the_first_are_embedded_and_the_rest_is_told():
    comparison = made_up(2, matchdays=20)
    some = comparison.placed
    comparison.placed = some.loc[np.resize(some.index, MOST + 34)].reset_index(drop=True)
    comparison.plays["bets"] = [MOST - 66, 100]
    shown = bets_shown(comparison)
    assert (shown.shown, shown.total) == (MOST, MOST + 34)
    assert len(shown.data["odds"]) == len(shown.data["reason"]["at"]) == MOST
    assert shown.left_out.startswith("34 bets of") and shown.left_out.endswith("--explain")


def test_no_bets_at_all_is_no_error():
    comparison = made_up(1, matchdays=20)
    comparison.placed = comparison.placed.iloc[:0]
    assert "bets" in Page(render(comparison)).sections


def test_twelve_agents_over_ten_seasons_stay_small():
    page = render(made_up(12, seasons=10, matchdays=38, one_schedule=False))
    own = len(page) - len(page[page.index("plotly.js v") : page.rindex("<script>")])
    assert own < 2_500_000


def test_agents_beyond_the_colours_come_with_another_dash():
    looks = {(Style(place).colour, Style(place).dash) for place in range(24)}
    assert len(looks) == 24


def test_each_colour_of_the_day_has_one_of_the_night():
    assert DAY.keys() == NIGHT.keys()
    assert len(set(DAY.values())) == len(DAY)
    assert look.rule(x=0.0)["line"]["color"] in DAY.values()


def test_the_report_is_written_whole_and_replaces_what_was_there(tmp_path, three, page):
    file = tmp_path / "report.html"
    file.write_text("old")
    write_report(three, file)
    assert file.read_text(encoding="utf-8") == page
    assert list(tmp_path.iterdir()) == [file]


def test_a_report_that_cannot_be_finished_leaves_the_old_one(tmp_path, three, monkeypatch):
    file = tmp_path / "report.html"
    file.write_text("old")

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(MatchdayError, match=r"cannot be written: No space left on device\."):
        write_report(three, file)
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_a_path_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    with pytest.raises(MatchdayError, match=r"there is no folder '.*nowhere'; make it first\."):
        check_writable(tmp_path / "nowhere" / "report.html")
    with pytest.raises(MatchdayError, match=r"is a folder; name a file in it, as '.*report\.html'"):
        check_writable(tmp_path)
    assert check_writable(tmp_path / "report.html") == tmp_path / "report.html"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(MatchdayError, match=r"may not be written to; name another one\."):
        check_writable(tmp_path / "report.html")


def test_the_command_refuses_a_bad_file_and_an_unknown_store(tmp_path):
    store = str(tmp_path / "none.db")
    with pytest.raises(MatchdayError, match="is a folder"):
        report_runs(["ab"], tmp_path, store=store)
    with pytest.raises(MatchdayError, match="does not exist; play a season first"):
        report_runs(["ab"], tmp_path / "report.html", store=store)
    assert not (tmp_path / "report.html").exists()


def test_rules_are_told_one_by_one_and_other_small_print_as_it_is():
    comparison = made_up(1, matchdays=20)
    comparison.about = {"rules": '{"bankroll": 100.0, "prices": "closing"}; {"bankroll": 50.0}', "data": "E0; [SYN"}
    text = Page(render(comparison)).text
    assert "bankroll = 100.0 prices = closing bankroll = 50.0" in text and "E0; [SYN" in text
