"""The site: pages made from the program are up to date, all pages can be reached, and what they show works."""

import re
import tomllib
from pathlib import Path

import pytest

import generate
import matchday
from comparisons import made_up
from matchday import Catalogue, play, summarise
from matchday.agentfile import build_agent, parse_agent
from matchday.assembly import ONE_ANSWERS
from matchday.events import MatchdayOpened, SlipPlaced
from matchday.hooks import Hooks
from matchday.report import write_report

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
SITE = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)


def run(page):
    names = {}
    for block in blocks(page, "python"):
        exec(block, names)
    return names


@pytest.fixture
def season():
    return Catalogue().load("source", "synthetic")(clubs=6, history=1).season("2023-24")


@pytest.mark.parametrize("page", generate.PAGES)
def test_pages_made_from_the_program_are_up_to_date(page):
    assert (DOCS / page).read_text(encoding="utf-8") == generate.PAGES[page](), "run: python docs/generate.py"


@pytest.mark.parametrize("hook", ONE_ANSWERS)
def test_every_hook_is_documented_and_says_who_implements_it(hook):
    assert getattr(Hooks, hook).__doc__
    page = (DOCS / "hooks.md").read_text(encoding="utf-8")
    assert "**Implemented by** [`" in page[page.index(f"## `{hook}`") :].split("\n## ")[0]


@pytest.mark.parametrize("kind", ["component", "source"])
def test_every_parameter_says_what_it_means(kind):
    for name, each in generate.bundled(kind).items():
        for parameter, field in each.model_fields.items():
            assert field.description, f"{name}.{parameter}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_in_the_navigation_and_its_links_lead_somewhere(page):
    assert f": {page.relative_to(DOCS)}\n" in SITE
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        assert link.startswith("http") or (page.parent / link).exists(), link


def test_the_page_of_public_names_has_all_of_them_once():
    named = re.findall(r"^::: matchday\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.M)
    assert sorted(named) == sorted(matchday.__all__)


@pytest.mark.parametrize("agent", blocks("composing.md", "toml"), ids=["swapped", "combined", "chained"])
def test_the_three_ways_to_compose_play_as_they_stand(agent, season):
    made = build_agent(parse_agent(tomllib.loads(agent), where="composing.md"))
    assert summarise(play(made, season), season).bets > 0


def test_the_wrapper_of_the_page_on_composing_takes_sundays_off(season, capsys):
    agent = run("composing.md")["agent"]
    assert "home-on-sundays" in capsys.readouterr().out
    events = list(play(agent, season))
    dates = {event.matchday: event.day.date for event in events if isinstance(event, MatchdayOpened)}
    slips = [event for event in events if isinstance(event, SlipPlaced)]
    days = {dates[slip.matchday].isoweekday() for slip in slips if any(not bet.forced for bet in slip.bets)}
    assert days
    assert 7 not in days
    assert 7 in {date.isoweekday() for date in dates.values()}


def test_the_source_of_the_page_on_sources_loads_and_plays_as_it_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("matches.csv").write_text(blocks("writing-a-source.md", "csv")[0], encoding="utf-8")
    names = run("writing-a-source.md")
    assert capsys.readouterr().out == blocks("writing-a-source.md", "text")[0]
    with pytest.raises(matchday.MatchdayError, match="did you mean '2024-25'"):
        names["source"].season("2024-26")
    with Path("matches.csv").open("a", encoding="utf-8") as file:
        file.write("2024-25,2024-08-24,Alder,Birch,,,1.80,3.60,4.50\n")
    with pytest.raises(matchday.MatchdayError, match="Alder v Birch' has no score; it is not finished"):
        names["source"].season("2024-25")
    assert names["source"].season("2024-25", partial=True).fingerprint == names["season"].fingerprint


def test_what_those_who_come_from_elsewhere_are_shown_works(capsys):
    run("coming-from.md")
    assert [line.split("'")[1] for line in capsys.readouterr().out.splitlines()] == ["home-bettor", "forester"]


def test_the_page_of_events_follows_a_season(capsys):
    run("events.md")
    assert len(capsys.readouterr().out.splitlines()) > 100


def test_the_page_on_reports_names_every_part_of_one(tmp_path):
    write_report(made_up(3, seeds=2, truth=True), tmp_path / "report.html")
    page = (DOCS / "reading-a-report.md").read_text(encoding="utf-8")
    parts = re.findall(r"<h2[^>]*>\s*([^<]+?)\s*<", (tmp_path / "report.html").read_text(encoding="utf-8"))
    assert len(parts) > 10
    for part in parts:
        assert part.split(" from ")[0] in page


def test_the_citation_is_of_this_version():
    for file in (ROOT / "CITATION.cff", DOCS / "citing.md"):
        assert matchday.__version__ in file.read_text(encoding="utf-8")
