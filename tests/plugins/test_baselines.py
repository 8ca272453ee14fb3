"""The bundled agents: what each file says of itself, and that each plays all there is to play."""

import pytest

from matchday import Agent, Catalogue, Rules, compare, load_agent
from matchday.agentfile import read_agent
from matchday.comparison import Schedule, compare_schedules
from matchday.tuned import searches
from outsiders import at_home

AGENTS = Catalogue().names("agent")
HUMAN_STYLE = {
    *("favourites-only", "dixon-coles", "elo-flat", "ai-researcher", "human-quant", "benter", "kaunitz"),
    *("sharp-follower", "penny-punter"),
}
#: The last season that parameters of bundled agents may be tuned on.
LAST_TUNED = "2019-20"


def test_the_human_style_baselines_and_a_hybrid_of_each_kind_are_in_the_box():
    assert set(AGENTS) >= HUMAN_STYLE
    inside = {type(each).__name__ for name in AGENTS for each in load_agent(name).components.values()}
    assert inside >= {"Committee", "Switcher", "SecondOpinion"}


@pytest.mark.parametrize("name", AGENTS)
def test_an_agents_file_says_whose_practice_it_is_and_why_each_part_is_there(name):
    file = read_agent(name)
    assert file.name == name
    assert 40 <= len(file.summary) <= 120
    told = file.about.lower()
    assert len(told) > 200
    for entry in file.component:
        assert entry["use"] in told or entry.get("name", "") in told, f"{name}: {entry['use']} is not explained"


@pytest.mark.parametrize("name", AGENTS)
def test_no_bundled_parameter_was_chosen_on_a_season_after_2019_20(name):
    for search in searches(load_agent(name).spec()):
        assert max(search.seasons) <= LAST_TUNED
        assert search.trials > 1


def test_every_agent_that_asks_nobody_plays_every_scenario_without_a_failure_and_unruined(football_data):
    playing = at_home()
    source = Catalogue().load("source", "football-data")(data=football_data)
    scenarios = [Catalogue().load("scenario", name) for name in Catalogue().names("scenario")]
    schedules = [Schedule(each.season, Rules(bankroll=each.bankroll), 0, source) for each in scenarios]
    plays = compare_schedules([load_agent(name) for name in playing], schedules).plays
    assert len(plays) == len(playing) * len(scenarios) == plays[["agent", "season"]].drop_duplicates().shape[0]
    assert dict(zip(plays["agent"], plays["message"], strict=True)).keys() == set(playing)
    assert not plays.loc[plays["status"] != "completed", ["agent", "season", "message"]].values.tolist()


@pytest.mark.parametrize("name", ["sharp-follower", "kaunitz", "second-look"])
def test_those_that_listen_to_other_bookmakers_bet_where_the_house_is_alone_no_more_than_they_must(name, small_league):
    plays = compare([name], [small_league]).plays
    assert plays["bets"].iloc[0] == plays["forced_bets"].iloc[0] > 0


def test_a_penny_punter_neither_wins_nor_loses():
    play = compare(["penny-punter"]).plays.iloc[0]
    assert play["staked"] == pytest.approx(0.01 * play["bets"])
    assert abs(play["log_growth"]) < 0.05


@pytest.fixture
def small_league():
    from doubles import small_season

    return small_season()


def test_an_agent_of_bundled_agents_can_list_them_all():
    whole = Catalogue().component("committee")(agents=AGENTS)
    assert list(Agent("all of them", [whole]).components["committee"].members) == AGENTS
