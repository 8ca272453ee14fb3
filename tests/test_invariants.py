"""The five promises of the architecture, on every bundled component, on synthetic and on real seasons."""

import dataclasses
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from doubles import Fixed, Level, Positive, gambler, small_season
from matchday import Agent, Catalogue, MatchdayError, hookimpl, load_agent, play
from matchday.agentfile import AgentFile, build_agent
from matchday.assembly import implementations
from matchday.encoding import encode
from matchday.events import ForecastMade, MatchdaySettled, SeasonClosed, SlipPlaced
from matchday.nesting import AgentOfAgents
from outsiders import OUTSIDE, at_home, somebody_outside  # noqa: F401 - a fixture
from scrambling import scrambled

ROOT = Path(__file__).parents[1]
COMPONENTS = Catalogue().names("component")
SEASONS = ["synthetic", "real"]
BETTING = [{"use": "value"}, {"use": "kelly"}, {"use": "fractional", "name": "a tenth", "fraction": 0.1}]
#: Agents for those that ask agents, and what makes these do more than ask.
INNER = [
    {"name": "pi", "component": [{"use": "pi-ratings"}, {"use": "drift"}, *BETTING]},
    {"name": "elo", "component": [{"use": "elo"}, *BETTING, {"use": "drawdown-brake"}]},
]
EAGER = {
    "committee": {"learning_rate": 2.0, "divide_every": 3},
    "switcher": {"drawdown": 0.05, "back_after": 3},
    "frozen": {"agents": INNER[:1]},
    **OUTSIDE,
}


@pytest.fixture(autouse=True)
def _answers_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path))


def nests(use: str) -> bool:
    return issubclass(Catalogue().component(use), AgentOfAgents)


def agent_with(use: str) -> Agent:
    """The smallest agent that bets and has the component in it."""
    listed = [{"use": use, "name": "tested", **EAGER.get(use, {})}]
    if nests(use):
        listed[0] = {"agents": INNER, **listed[0]}
        return build_agent(AgentFile(name=f"with {use}", component=listed))
    found = implementations(Catalogue().component(use))
    answers = {hook for hook, options in found.items() if not options.get("wrapper")}
    if "decide" in answers:
        return build_agent(AgentFile(name=f"with {use}", component=listed))
    if "forecast" not in answers:
        listed += [{"use": "poisson"}]
    if "blend" in answers:
        listed += [{"use": "market"}]
    listed += [{"use": "value"}] if "find_edges" not in answers else []
    listed += [{"use": "kelly"}] if "size_stakes" not in answers else []
    return build_agent(AgentFile(name=f"with {use}", component=listed))


@cache
def synthetic():
    source = Catalogue().load("source", "synthetic")(seed=3)
    return source.season(source.default_season())


@pytest.fixture
def season(request, real_data):
    if request.param == "synthetic":
        return synthetic()
    return real(real_data)


@cache
def real(folder):
    """A real season with the player rows of two seasons before it too."""
    source = Catalogue().load("source", "football-data")
    return source(data=folder / "football-data", players=folder / "fpl", history=3).season("2022-23")


def until(agent, season, matchday, rules=None):
    """The events of a play up to the slip of a matchday."""
    for event in play(agent, season, rules):
        yield event
        if isinstance(event, SlipPlaced) and event.matchday == matchday:
            return


def lines_until(agent, season, matchday):
    """The events of a play up to the slip of a matchday, as text."""
    return [encode(event) for event in until(agent, season, matchday)]


@pytest.mark.parametrize("season", SEASONS, indirect=True)
@pytest.mark.parametrize("use", COMPONENTS)
def test_1_nothing_a_plugin_sees_depends_on_the_days_results_or_later_ones(use, season):
    assert len(season.players)
    honest = lines_until(agent_with(use), season, 40)
    for matchday in (1, 12, 40):
        replayed = lines_until(agent_with(use), scrambled(season, matchday), matchday)
        assert replayed == honest[: len(replayed)]


@pytest.mark.parametrize("name", at_home())
def test_1_nothing_a_bundled_agent_decides_depends_on_the_days_results_or_later_ones(name, real_data):
    season = real(real_data)
    honest = lines_until(load_agent(name), season, 40)
    for matchday in (12, 40):
        replayed = lines_until(load_agent(name), scrambled(season, matchday), matchday)
        assert replayed == honest[: len(replayed)]


def test_1_the_scrambling_shows_a_peeping_plugin():
    season = small_season()

    def peeping(season):
        class Peeps(Fixed):
            @hookimpl
            def forecast(self, day):
                goals = season.matches.loc[day.slate.index, "home_goals"].to_numpy() @ [1, 7, 31]
                return Fixed(home=0.4 + goals / 1000).forecast(day)

        return Agent("peeping", [Peeps(), Positive(), Level()])

    other = scrambled(season, 4)
    assert lines_until(peeping(season), season, 3) == lines_until(peeping(other), other, 3)
    assert lines_until(peeping(season), season, 4) != lines_until(peeping(other), other, 4)


@pytest.mark.parametrize("season", SEASONS, indirect=True)
@pytest.mark.parametrize("use", COMPONENTS)
def test_2_the_bankroll_adds_up_to_the_penny_on_every_matchday_and_over_the_season(use, season):
    bankroll, won = 10_000, 0
    for event in play(agent_with(use), season):
        if isinstance(event, MatchdaySettled):
            day = event.settlement
            assert day.before == bankroll
            assert day.after == day.before - day.staked + day.paid >= 0
            assert len({(each.bet.match_id, each.bet.selection) for each in day.bets}) == len(day.bets)
            bankroll, won = day.after, won + sum(each.profit for each in day.bets)
        if isinstance(event, SeasonClosed):
            assert (event.bankroll_start + won, event.bankroll_end) == (bankroll, bankroll)


def test_3_a_slip_that_breaks_a_rule_is_refused_whole_and_the_bankroll_is_untouched():
    from doubles import Everything

    events = list(play(Agent("greedy", [Everything(), Level(share=0.9)]), small_season()))
    slips = [event for event in events if isinstance(event, SlipPlaced)]
    assert all([bet.forced for bet in slip.bets] == [True] for slip in slips)


def stream(name_and_seed):
    name, seed = name_and_seed
    source = Catalogue().load("source", "synthetic")(seed=seed, history=1)
    season = source.season(source.default_season())
    return [encode(event) for event in play(load_agent(name), season, seed=seed)]


def test_4_the_event_stream_is_the_same_byte_for_byte_whatever_the_number_of_workers():
    jobs = [(name, seed) for name in at_home() for seed in (0, 1)]
    alone = [stream(job) for job in jobs]
    with ProcessPoolExecutor(2) as workers:
        assert list(workers.map(stream, jobs)) == alone


def test_4_a_seed_makes_the_run_and_another_seed_another_run():
    season = small_season()
    streams = [[encode(e) for e in play(gambler(), season, seed=seed)] for seed in (0, 0, 1)]
    assert streams[0] == streams[1] != streams[2]


ALONE = """
import sys
sys.path[:0] = [{core!r}, {tests!r}]
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("matchday_plugins", "matchday_data"):
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
from doubles import gambler, small_season
from matchday import play
print(len([event for event in play(gambler(), small_season())]))
assert not [name for name in sys.modules if name.startswith(("matchday_plugins", "matchday_data"))]
"""


def test_5_the_core_runs_with_no_plugin_and_no_data_package_beside_it():
    program = ALONE.format(core=str(ROOT / "core"), tests=str(ROOT / "tests"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


@pytest.mark.parametrize("season", SEASONS, indirect=True)
@pytest.mark.parametrize(
    "use", [name for name in COMPONENTS if "forecast" in implementations(Catalogue().component(name))]
)
def test_forecasts_do_not_depend_on_money(use, season):
    from matchday import Rules

    def forecasts(bankroll):
        played = until(agent_with(use), season, 45, Rules(bankroll=bankroll))
        made = [event for event in played if isinstance(event, ForecastMade)]
        return by_agent(made) if nests(use) else [encode(event) for event in made]

    poor, rich = forecasts(100.0), forecasts(1_000_000.0)
    assert poor == rich
    assert len(poor) >= 45


def by_agent(made):
    """What each agent inside said, day by day. Which of them the whole listens to, and how much, does go by money."""
    said = [event for event in made if event.forecast.source != "tested"]
    return sorted(encode(dataclasses.replace(event, blended=False)) for event in said)


def test_a_season_without_prices_is_refused_for_play_in_one_line():
    season = small_season()
    season.quotes.iloc[season.first :] = float("nan")
    with pytest.raises(MatchdayError, match="has no prices under policy 'closing': it can serve as history") as caught:
        next(play(gambler(), season))
    assert "\n" not in str(caught.value)
