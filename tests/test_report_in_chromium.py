"""The report as a browser shows it: drawn, quiet, and usable on a phone, by night and by keyboard.

Screenshots are kept in the folder that MATCHDAY_SCREENSHOTS names, or in a temporary one.
"""

import re

import pytest

from browser import BEYOND, CONTRAST, LEGIBLE, PHONE, Opened
from comparisons import failed, made_up, ruined
from matchday.report import write_report


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report of four agents over two seeds: one ruined, one failed, published rows, the truth known."""
    comparison = made_up(4, seeds=2, truth=True, published=True, names=["<b>bold</b> & 'sons'"])
    comparison = failed(ruined(comparison, "dixon-coles"), "market-follower", "Component 'x' in forecast: <broken>")
    file = tmp_path_factory.mktemp("report") / "report.html"
    write_report(comparison, file)
    return file


def test_opened_from_disk_it_complains_of_nothing_and_asks_for_nothing_else(opened, report, screenshots):
    opened.shoot(screenshots / "report-desktop-light.png")
    assert opened.said == []
    assert opened.asked == [report.as_uri()]


def test_every_section_has_a_heading_a_sentence_and_content(opened):
    for section in opened.page.query_selector_all("main > section"):
        name = section.get_attribute("id")
        assert section.query_selector("h1, h2").inner_text().strip(), name
        assert section.query_selector("p.reading, p.scope").inner_text().strip(), name
        assert section.query_selector(".chart svg, table tbody tr, dd, .card, li"), name


def test_every_chart_is_drawn_with_a_text_that_stands_for_it(opened):
    charts = opened.page.query_selector_all(".chart")
    assert len(charts) >= 17
    for chart in charts:
        assert chart.query_selector("svg.main-svg .points path, svg.main-svg .lines path"), chart.get_attribute("id")
        assert chart.get_attribute("role") == "img" and len(chart.get_attribute("aria-label")) > 15


def test_a_users_markup_is_text_in_tables_legends_and_charts(opened):
    assert opened.page.query_selector_all("main b") == []
    assert opened.page.inner_text("#agents .card h3").strip().startswith("<b>bold</b> & 'sons'")
    names = opened.page.locator("#growth-intervals .annotation-text").all_text_contents()
    assert "<b>bold</b> & 'sons'" in names


def test_the_bets_filter_and_the_count_says_so(opened):
    page = opened.page
    whole = int(re.sub(r"\D", "", opened.count().split(" of ")[1]))
    page.select_option("#bets-filters [name=agent]", label="dixon-coles")
    page.select_option("#bets-filters [name=selection]", label="draw")
    page.fill("#bets-filters [name=text]", "ashcombe fractional")
    shown = opened.rows().all_inner_texts()
    assert shown and all("dixon-coles" in row and "draw" in row and "Ashcombe" in row for row in shown)
    n, total = re.fullmatch(r"([\d,]+) of ([\d,]+) bets", opened.count()).groups()
    assert int(total.replace(",", "")) == whole > int(n.replace(",", "")) >= len(shown)
    page.fill("#bets-filters [name=text]", "nobody has this reason")
    assert opened.rows().count() == 0 and opened.count().startswith("0 of ")
    page.evaluate("document.getElementById('bets-filters').reset()")
    page.dispatch_event("#bets-filters", "input")


def test_the_bets_sort_both_ways_and_turn_their_pages_by_keyboard(opened):
    page = opened.page
    odds = page.locator("#bets-table th[data-name=odds] button")
    column = "#bets-table tbody tr td:nth-child(4)"
    odds.focus()
    page.keyboard.press("Enter")
    falling = [float(each) for each in page.locator(column).all_inner_texts()]
    assert falling == sorted(falling, reverse=True) and len(falling) == 25
    page.keyboard.press("Enter")
    rising = [float(each) for each in page.locator(column).all_inner_texts()]
    assert rising == sorted(rising) and rising[0] < falling[0]
    assert page.get_attribute("#bets-table th[data-name=odds]", "aria-sort") == "ascending"
    page.focus("#bets-after")
    page.keyboard.press("Enter")
    assert page.inner_text("#bets-page") == "26 to 50"
    assert float(page.locator(column).first.inner_text()) >= rising[-1]
    odds.click()  # the third time: as they were placed
    assert page.inner_text("#bets-page") == "1 to 25"


def test_an_agent_is_hidden_in_all_charts_at_once(opened):
    page = opened.page
    before = page.locator("#bankroll-curves .scatterlayer .trace").count()
    page.locator("#bankrolls .legend button").first.click()
    assert page.locator("#bankroll-curves .scatterlayer .trace").count() < before
    assert page.locator(".legend button[data-agent='0'][aria-pressed=false]").count() == 3
    page.locator("#money .legend button").first.click()
    assert page.locator("#bankroll-curves .scatterlayer .trace").count() == before


def test_calibration_is_shown_of_the_agent_that_is_chosen(opened):
    page = opened.page
    drawn = "document.querySelector('#calibration-draw .scatterlayer').innerHTML"
    first = page.evaluate(drawn)
    page.select_option("select[data-section=calibration]", index=1)
    assert page.evaluate(drawn) != first


def test_one_hover_tells_bankrolls_and_drawdowns_of_the_day(opened):
    page = opened.page
    page.locator("#bankroll-curves").scroll_into_view_if_needed()
    box = page.locator("#bankroll-curves .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#bankroll-curves .hoverlayer .legend")
    told = page.text_content("#bankroll-curves .hoverlayer")
    assert "below its peak" in told and "dixon-coles" in told and "20" in told


def test_on_a_phone_nothing_scrolls_sideways_but_wide_tables(chromium, report, screenshots):
    tab = Opened(chromium, report, size=PHONE, touch=True)
    tab.shoot(screenshots / "report-phone.png")
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = tab.page.evaluate(BEYOND)
    small = tab.page.evaluate(
        "[...document.querySelectorAll('main button, select, input')].filter(each => each.offsetHeight && each.offsetHeight < 40)"
        ".map(each => each.outerHTML)"
    )
    tab.close()
    assert wide == [] and small == [] and tab.said == []


def test_texts_stand_out_from_what_is_behind_them(opened):
    assert opened.page.evaluate(CONTRAST, LEGIBLE) == []


def test_by_night_the_colours_are_others_legible_too_and_the_button_switches(chromium, report, screenshots):
    tab = Opened(chromium, report, scheme="dark")
    tab.shoot(screenshots / "report-desktop-dark.png")
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "getComputedStyle(document.querySelector('#bankroll-curves .xtick text')).fill"
    faint = tab.page.evaluate(CONTRAST, LEGIBLE)
    night = [tab.page.evaluate(each) for each in (ground, ink)]
    tab.page.click("#theme")
    day = [tab.page.evaluate(each) for each in (ground, ink)]
    tab.close()
    assert night[0] == "rgb(20, 24, 28)" and day[0] == "rgb(253, 253, 251)"
    assert night[1] != day[1] and faint == [] and tab.said == []
