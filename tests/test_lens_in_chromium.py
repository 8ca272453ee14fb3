"""The sections of the lens as a browser shows them: drawn, quiet, told apart, and no wider than a phone.

Screenshots are kept in the folder that MATCHDAY_SCREENSHOTS names, or in a temporary one.
"""

import pytest

from browser import BEYOND, CONTRAST, LEGIBLE, PHONE, Opened
from comparisons import made_up
from matchday import Episode
from matchday.report import write_report
from matchday_plugins.lens.report import look, sections, specimen
from matchday_plugins.models.mlp import MLP
from walking import matchdays, synthetic

SECTIONS = ["lens", "lens-regions", "lens-rules", "lens-boundaries", "lens-studies", "lens-map"]
CHARTS = ["sizes", "rule-1", "rule-2", "distances", "between", "classes", "directions", "plane"]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a network of all features, long names among them, whose model has a name with markup."""
    season = synthetic()
    groups = ["ratings", "form", "shots", "season", "rest", "head-to-head"]
    model = MLP(hidden=[6, 4], epochs=20, learning_rate=0.02, features=groups, warmup_days=30, seed=1)
    model.season_opened(Episode(season).begin())
    for day in matchdays(season)[:25]:
        model.forecast(day)
    found = look(specimen("<b>net</b>", model, season.played, market="match_result", network=1))
    file = tmp_path_factory.mktemp("report") / "lens.html"
    write_report(made_up(1, seeds=1), file, sections(found))
    return file


def test_opened_from_disk_it_complains_of_nothing_and_asks_for_nothing_else(opened, report, screenshots):
    opened.shoot(screenshots / "lens-desktop-light.png")
    assert opened.said == [] and opened.asked == [report.as_uri()]


def test_every_section_is_there_in_order_with_words_and_content(opened):
    found = opened.page.query_selector_all("main > section[id^=lens]")
    assert [each.get_attribute("id") for each in found] == SECTIONS
    for section in found:
        assert section.query_selector("h2").inner_text().strip() and section.query_selector("p.reading").inner_text()
        assert section.query_selector(".chart svg, table tbody tr")
    assert opened.page.inner_text("#lens h2") == "<b>net</b> through the polytope lens"


def test_every_chart_is_drawn_with_its_axes_and_a_text_that_stands_for_it(opened):
    assert [each.get_attribute("id") for each in opened.page.query_selector_all("[id^=lens] .chart")] == [
        f"lens-{name}" for name in CHARTS
    ]
    for chart in opened.page.query_selector_all("[id^=lens] .chart"):
        drawn = chart.query_selector(".points path, .lines path, .scatterlayer path, .shapelayer path")
        assert drawn and chart.query_selector(".xtick text") and chart.query_selector(".ytick text")
        assert chart.get_attribute("role") == "img" and len(chart.get_attribute("aria-label")) > 15


def test_coefficients_are_told_by_feature_with_sign_meaning_and_unit(opened):
    tables = opened.page.locator("#lens-rules details table")
    assert tables.count() == 2
    told = tables.first.locator("tbody tr", has_text="elo_gap").first.text_content()
    assert "home_elo minus away_elo" in told and "points" in told and ("+" in told or "-" in told)
    assert {"← away", "home →"} <= set(opened.page.text_content("#lens-rule-1 .xtitle").split("     "))


@pytest.mark.parametrize(("scheme", "size"), [("light", None), ("dark", None), ("light", PHONE)])
def test_nothing_is_wider_than_the_screen_and_texts_are_legible(chromium, report, screenshots, scheme, size):
    tab = Opened(chromium, report, size=size, scheme=scheme, touch=size is not None)
    tab.shoot(screenshots / f"lens-{'phone' if size else 'desktop'}-{scheme}.png")
    fits = tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide, faint = tab.page.evaluate(BEYOND), tab.page.evaluate(CONTRAST, LEGIBLE)
    tab.close()
    assert fits and wide == [] and faint == [] and tab.said == []
