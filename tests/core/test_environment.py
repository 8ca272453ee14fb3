"""The season as an environment of tools."""

import json
import math

import pytest

import scripted_strategy
from doubles import small_season
from matchday import Agent, Rules, play
from matchday.encoding import encode
from matchday.environment import SeasonEnvironment
from matchday.environment.desk import Desk, Wager
from matchday.environment.tools import TOOLS
from matchday.episode import Episode
from matchday.errors import RuleBroken
from matchday.events import ForecastMade, MatchdaySettled, SeasonClosed
from matchday.money import pence_as_share, share_in_pence, to_units
from walking import synthetic

SEASON = small_season(matchdays=6)
FIRST = SEASON.played.index[0]


def environment(season=SEASON, **options):
    return SeasonEnvironment(season, **options)


def play_out(env):
    """Play the scripted rule to the end; answers every answer of next_matchday."""
    answers = []
    while not env.finished:
        bets = scripted_strategy.bets_of(env.call("view_matches").text, env.bankroll)
        assert not bets or env.call("place_bets", {"bets": bets}).ok
        answers.append(env.call("next_matchday"))
    return answers


def state(env):
    """All that a call could change."""
    return env.call("view_bankroll").text, env.call("view_matches").text, env.finished


@pytest.mark.parametrize("season", [SEASON, synthetic()], ids=["small", "synthetic"])
def test_a_scripted_strategy_reaches_the_same_bankroll_as_in_the_core_to_the_penny_on_every_matchday(season):
    core = [e.settlement for e in play(scripted_strategy.agent(), season) if isinstance(e, MatchdaySettled)]
    env = environment(season)
    answers = play_out(env)
    assert [answer.figures["bankroll"] for answer in answers] == [to_units(each.after) for each in core]
    assert [answer.reward for answer in answers] == [each.log_growth for each in core]
    assert sum(len(each.bets) for each in core) > len(core)


def test_the_real_season_too(football_data):
    from matchday.source import make_source

    season = make_source("football-data", {"data": football_data}).season("2023-24")
    core = [e.settlement.after for e in play(scripted_strategy.agent(), season) if isinstance(e, MatchdaySettled)]
    assert [answer.figures["bankroll"] for answer in play_out(environment(season))] == [to_units(p) for p in core]


def test_the_environment_tells_the_events_of_a_play():
    told = []
    play_out(environment(listen=told.append))
    names = [type(event).__name__ for event in told]
    assert names[:3] == ["SeasonOpened", "MatchdayOpened", "SlipPlaced"] and names[-1] == "SeasonClosed"
    assert names.count("MatchdaySettled") == SEASON.matchdays


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("place", {}, "there is no tool 'place'; did you mean 'place_bet'?"),
        ("place_bet", {"match_id": FIRST}, "key 'selection' is missing"),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stakes": 1}, "unknown key 'stakes'; did you mean"),
        ("place_bet", {"match_id": "E0", "selection": "home", "stake": 1}, "no such match that day"),
        ("place_bet", {"match_id": FIRST, "selection": "hom", "stake": 1}, "not on offer that day; offered: home"),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stake": 0}, "greater than 0"),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stake": math.nan}, "finite number"),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stake": 1.005}, "whole pence"),
        (
            "place_bet",
            {"match_id": FIRST, "selection": "home", "stake": 100.01},
            "stake 100.01 is more than the bankroll of 100.00",
        ),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stake": 1e300}, "more than the bankroll"),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stake": 98.01}, "100.01 are more than 100%"),
        ("place_bet", {"match_id": FIRST, "selection": "home", "stake": 1, "probability": 1.2}, "less than or equal"),
        ("place_bets", {"bets": []}, "at least 1 item"),
        ("place_bets", {"bets": [{"match_id": FIRST, "selection": "home", "stake": 1}] * 2}, "asked for twice"),
        ("cancel_bet", {"selection": "draw"}, "No bet on draw to cancel"),
        ("view_history", {"table": "future"}, "'matches', 'odds'"),
        ("view_history", {"clubs": ["Albiom"]}, "did you mean 'Albion'?"),
        ("view_history", {"season": "2000/01"}, "season '2000/01' is not in the table; did you mean '2000-01'?"),
        ("view_history", {"clubs": '["Albion"]'}, "should be a valid list"),
        ("view_history", {"columns": ["home_goal"]}, "did you mean 'home_goals'?"),
        ("view_history", {"page": 99}, "there are 1 pages"),
        ("view_history", {"since": "yesterday"}, "since = 'yesterday'"),
        ("view_history", {"table": "below"}, "table 'below' is empty"),
        ("next_matchday", {"matchday": 2}, "matchday 2 is not open; matchday 1 is"),
        ("forecast", {"model": "dixon-cole"}, "did you mean 'dixon-coles'?"),
        ("forecast", {"model": "kelly"}, "is no model that can be asked by itself"),
        ("forecast", {"model": "elo", "parameters": {"kk": 1}}, "unknown key 'kk'; did you mean 'k'?"),
        (
            "forecast",
            {"model": "sklearn", "parameters": {"estimator": "os:system"}},
            "estimator = 'os:system'; rule: numbers, names",
        ),
        ("next_matchday", ["no", "object"], "next_matchday: arguments = ['no', 'object']; rule: an object of names"),
        ("view_history", '{"page": 1}', "rule: an object of names and values"),
        ("view_history", [["page", 1]], "rule: an object of names and values"),
    ],
)
def test_a_mistake_is_answered_with_what_was_wrong_and_changes_nothing(name, arguments, says):
    env = environment()
    env.call("place_bet", {"match_id": FIRST, "selection": "away", "stake": 2})
    before = state(env)
    answer = env.call(name, arguments)
    assert not answer.ok and answer.reward is None
    assert says in answer.text and answer.text.startswith("Refused: ") and answer.text.endswith("Nothing has changed.")
    assert "\n" not in answer.text and state(env) == before


def test_characters_that_no_file_can_hold_reach_neither_the_record_nor_an_answer():
    told = []
    env = environment(listen=told.append)
    bet = {"match_id": FIRST, "selection": "home", "stake": 1, "reason": "half \ud800 and \x00 and\nnext"}
    assert env.call("place_bet", bet).ok and env.call("next_matchday").ok
    placed = next(event for event in told if type(event).__name__ == "SlipPlaced")
    assert placed.bets[0].reason == "half   and   and next"
    refusal = env.call("place_bet", bet | {"match_id": "\udfff", "selection\ud800": 1}).text
    (refusal + "".join(map(encode, told))).encode()


def test_several_bets_are_placed_all_or_none():
    env = environment()
    bets = [{"match_id": FIRST, "selection": name, "stake": 60} for name in ("home", "draw")]
    assert not env.call("place_bets", {"bets": bets}).ok
    assert "No bet on this matchday yet" in env.call("view_bankroll").text


def test_a_bet_placed_again_takes_the_place_of_the_first_so_that_a_retry_changes_nothing():
    env = environment()
    bet = {"match_id": FIRST, "selection": "home", "stake": 3}
    once = env.call("place_bet", bet).text
    assert env.call("place_bet", bet).text == once
    assert "of which 4.00 is staked" in env.call("place_bet", {**bet, "stake": 4}).text


def test_cancelled_bets_are_not_settled():
    env = environment()
    for name in ("home", "away"):
        env.call("place_bet", {"match_id": FIRST, "selection": name, "stake": 3})
    assert "Cancelled 1 bet." in env.call("cancel_bet", {"match_id": FIRST, "selection": "home"}).text
    text = env.call("next_matchday").text
    assert f"Bet on {FIRST} away" in text and f"{FIRST} home" not in text
    env.call("place_bet", {"match_id": SEASON.played.index[3], "selection": "home", "stake": 3})
    assert env.call("cancel_bet").ok and "Forced bet" in env.call("next_matchday").text


def test_ending_a_matchday_again_by_its_number_does_not_end_the_next_one():
    env = environment()
    assert env.call("next_matchday", {"matchday": 1}).reward is not None
    again = env.call("next_matchday", {"matchday": 1})
    assert again.ok and again.reward is None and again.figures["matchday"] == 2


def test_after_the_end_every_call_is_refused_with_how_it_ended():
    env = environment()
    last = play_out(env)[-1]
    assert last.finished and "The season is over: completed after 6 matchdays" in last.text
    for tool in TOOLS:
        answer = env.call(tool.name, {})
        assert not answer.ok and answer.finished and "the season is over, completed after 6" in answer.text


def test_at_ruin_the_reward_is_finite_and_the_season_is_over():
    env = environment(rules=Rules(bankroll=1.0))
    answers = []
    while not env.finished:
        odds = scripted_strategy.slate_of(env.call("view_matches").text)
        longest = odds[["home", "draw", "away"]].max(axis=1).idxmax()
        bet = {"match_id": longest, "selection": odds.loc[longest, ["home", "draw", "away"]].astype(float).idxmax()}
        env.call("place_bet", {**bet, "stake": env.bankroll})
        answers.append(env.call("next_matchday"))
    assert "ruined" in answers[-1].text and math.isfinite(answers[-1].reward)
    assert env.cumulative_reward == pytest.approx(math.log(0.01 / 1.0))
    json.dumps(answers[-1].figures, allow_nan=False)


def test_rewards_add_up_to_the_seasons_log_growth():
    told = []
    env = environment(listen=told.append)
    rewards = [answer.reward for answer in play_out(env)]
    assert sum(rewards) == pytest.approx(env.cumulative_reward)
    assert env.cumulative_reward == pytest.approx(next(e for e in told if isinstance(e, SeasonClosed)).log_growth)


def test_a_rule_that_asks_for_a_bet_keeps_the_matchday_open():
    env = environment(rules=Rules(without_bet="refuse"))
    before = state(env)
    assert "rule: at least one a matchday" in env.call("next_matchday").text and state(env) == before
    env.call("place_bet", {"match_id": FIRST, "selection": "home", "stake": 0.01})
    assert env.call("next_matchday").ok


@pytest.mark.parametrize("asked_on", [1, 4])
def test_a_model_says_what_it_says_in_an_agent_whenever_it_is_first_asked(asked_on):
    season = small_season(matchdays=6, history=4)
    from doubles import Everything, Level
    from matchday import Catalogue

    model = Catalogue().component("elo")()
    agent = Agent("lists it", [model, Everything(), Level(share=0.0)])
    said = {e.matchday: e.forecast.probabilities for e in play(agent, season) if isinstance(e, ForecastMade)}
    env = environment(season)
    for number in range(1, 7):
        if number >= asked_on:
            text = env.call("forecast", {"model": "elo"}).text
            read = scripted_strategy.slate_of(text)
            expected = said[number].round(6)
            assert read.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9, nan_ok=True)
        env.call("next_matchday")


def test_models_that_are_not_on_offer_are_not_answered_and_without_any_there_is_no_tool():
    env = environment(models=["elo"])
    assert "model 'market' is not on offer; offered: elo" in env.call("forecast", {"model": "market"}).text
    bare = environment(models=[])
    assert "forecast" not in [tool.name for tool in bare.tools] and "forecast" not in bare.prompt


def test_no_more_than_so_many_models_are_kept():
    env = environment(models=["elo"])
    answers = [env.call("forecast", {"model": "elo", "parameters": {"k": float(k)}}) for k in range(1, 18)]
    assert [answer.ok for answer in answers] == [True] * 16 + [False] and "at most 16" in answers[-1].text


def test_a_fault_inside_a_tool_is_no_end_of_the_season(monkeypatch, caplog):
    from matchday.environment import views

    env = environment()
    monkeypatch.setattr(views, "bankroll", lambda *_, **__: 1 / 0)
    answer = env.call("view_bankroll")
    assert not answer.ok and "ZeroDivisionError, which is not your mistake" in answer.text
    assert env.call("next_matchday").ok and "view_bankroll failed" in caplog.text


def test_every_tool_has_an_object_schema_that_says_what_each_argument_is():
    for tool in TOOLS:
        schema = tool.schema
        assert schema["type"] == "object" and isinstance(schema["properties"], dict)
        assert all("description" in each for each in schema["properties"].values())
        assert not schema.get("additionalProperties", True) and tool.as_function()["function"]["name"] == tool.name
        json.dumps(schema)


def test_history_is_paged_from_the_newest_and_filtered():
    env = environment()
    text = env.call("view_history", {"page_size": 5}).text
    assert text.startswith("matches: rows 14 to 18 of 18, page 1 of 4")
    older = env.call("view_history", {"page_size": 5, "page": 4, "columns": ["date", "home"]}).text
    assert older.splitlines()[1] == "match_id,date,home" and len(older.splitlines()) == 5
    of_club = env.call("view_history", {"clubs": ["Albion"], "until": "2000-08-20", "since": ""}).text
    assert all("Albion" in line for line in of_club.splitlines()[2:])
    assert "no rows" in env.call("view_history", {"until": "1950-05-01"}).text


def test_the_prompt_tells_the_game_and_nothing_of_how_long_it_is():
    prompt = environment(rules=Rules(bankroll=220, bet_limit=0.1, without_bet="off")).prompt
    assert "Bankroll: 220.00" in prompt and "at most 10% of the bankroll on one bet" in prompt
    assert all(tool.name in prompt for tool in TOOLS) and "6 matchdays" not in prompt


def test_pence_become_a_share_and_the_same_pence_again():
    for bankroll in (1, 3, 99, 10_033, 123_456_789, 10**14):
        for pence in {1, bankroll // 7, bankroll // 3, bankroll - 1, bankroll} - {0}:
            if pence <= bankroll:
                assert share_in_pence(pence_as_share(pence, bankroll), bankroll) == pence


def test_the_desk_takes_the_bankrolls_last_penny_and_no_more():
    episode = Episode(SEASON, Rules(bankroll=0.03))
    desk = Desk(episode.open().day, 3, episode.rules)
    desk.place([Wager(FIRST, "home", 0.03)])
    with pytest.raises(RuleBroken, match=r"0\.04 are more than 100% of the bankroll of 0\.03"):
        desk.place([Wager(FIRST, "draw", 0.01)])
    assert (desk.staked, desk.free) == (0.03, 0.0) and len(episode.place(desk.slip()).bets) == 1


def test_below_the_minimum_bet_is_refused_and_not_dropped():
    env = environment(rules=Rules(minimum_bet=1.0))
    answer = env.call("place_bet", {"match_id": FIRST, "selection": "home", "stake": 0.5})
    assert not answer.ok and "below the minimum bet of 1.00" in answer.text


def test_a_price_that_is_not_on_offer_is_blank_and_cannot_be_bet_at():
    season = small_season(matchdays=2, odds={"home": 2.0, "draw": 3.3, "away": 3.5})
    env = environment(season)
    assert "over_2_5" in env.call("view_matches").text
    answer = env.call("place_bet", {"match_id": season.played.index[0], "selection": "over_2_5", "stake": 1})
    assert "not on offer that day; offered: home, draw, away" in answer.text


@pytest.mark.parametrize("nothing", [{}, {"match_id": "", "selection": ""}, {"match_id": None, "selection": ""}])
def test_what_says_nothing_of_a_bet_cancels_them_all(nothing):
    env = environment()
    for selection in ("home", "away"):
        env.call("place_bet", {"match_id": FIRST, "selection": selection, "stake": 2})
    assert "Cancelled 2 bets." in env.call("cancel_bet", nothing).text
