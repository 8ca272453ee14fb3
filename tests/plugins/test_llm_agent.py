"""A language model that plays by itself: by its tools it does what a component does in the core, and no more."""

import copy
import pickle

import pytest

import scripted_strategy
from doubles import small_season
from llm_players import NEXT, asked, bet, chosen, matches, script, settled, slips
from matchday import Agent, Catalogue, Rules, play, summarise
from matchday.encoding import encode
from outsiders import by_rule
from scripted_endpoint import calls, says, scripted

SEASON = small_season(matchdays=4)


def test_a_rule_that_is_played_by_tools_has_the_bankroll_of_the_same_rule_in_the_core_to_the_penny(player):
    season = small_season(matchdays=12)
    with scripted(by_rule) as endpoint:
        by_tools = settled(play(player(endpoint), season))
    by_hooks = settled(play(scripted_strategy.agent(), season))
    assert [(day.before, day.after) for day in by_tools] == [(day.before, day.after) for day in by_hooks]
    assert [len(day.bets) for day in by_tools] == [len(day.bets) for day in by_hooks]
    assert endpoint.count == 12


def test_its_bets_have_the_probability_and_the_reason_that_it_gave(player):
    with scripted(script(bet(stake=2.5, probability=0.55, reason="at home"), NEXT)) as endpoint:
        slip = slips(play(player(endpoint), SEASON))[0]
    (placed,) = slip.bets
    assert (placed.stake, placed.probability, placed.reason) == (250, 0.55, "at home")
    assert placed.edge == pytest.approx(0.55 * placed.odds - 1)
    assert slip.notes == ()


def test_what_it_places_can_be_taken_back_before_the_matchday_ends(player):
    taken_back = says(tools=[("cancel_bet", {}), ("next_matchday", {})])
    with scripted(script(bet("home"), bet("away", match=1), taken_back)) as endpoint:
        assert [chosen(each) for each in slips(play(player(endpoint), SEASON))] == [[]] * 4


def test_a_matchday_ends_once_and_what_is_called_behind_that_is_not_done(player):
    def greedy(body):
        late_bet = ("place_bet", {"match_id": matches(body)[0], "selection": "home", "stake": 5})
        return says(tools=[("next_matchday", {}), late_bet, ("next_matchday", {})])

    with scripted(greedy) as endpoint:
        assert [chosen(each) for each in slips(play(player(endpoint), SEASON))] == [[]] * 4
    assert endpoint.count == 4


def test_the_end_of_another_matchday_than_that_which_is_open_is_refused(player):
    with scripted(script(calls("next_matchday", {"matchday": 9}), bet(), NEXT)) as endpoint:
        assert [chosen(each) for each in slips(play(player(endpoint), SEASON))] == [[("home", 100)]] * 4
    assert "matchday 9 is not open; matchday 1 is" in endpoint.requests[1]["messages"][-1]["content"]


def test_where_the_rules_ask_for_a_bet_a_matchday_without_one_is_not_ended(player):
    with scripted(script(NEXT, bet(), NEXT)) as endpoint:
        events = list(play(player(endpoint), SEASON, Rules(without_bet="refuse")))
    assert [chosen(each) for each in slips(events)] == [[("home", 100)]] * 4
    assert "at least one a matchday" in endpoint.requests[1]["messages"][-1]["content"]


def test_calls_tokens_and_cost_are_those_of_the_endpoint(player):
    with scripted(script(bet(), NEXT)) as endpoint:
        told = summarise(play(player(endpoint, price_in=2.0, price_out=10.0), SEASON), SEASON)
    assert (told.calls, told.tokens) == (8, 8 * 120)
    assert told.cost == pytest.approx(8 * (100 * 2 + 20 * 10) / 1e6)


def test_it_can_be_copied_and_sent_to_another_process_before_a_play_and_after_one(player):
    with scripted(script(bet(), NEXT)) as endpoint:
        agent = player(endpoint)
        lines = [[encode(event) for event in play(each, SEASON)] for each in (agent, *copies(agent), *copies(agent))]
    assert lines[1:] == lines[:-1] and endpoint.count == 8


def copies(agent):
    return copy.deepcopy(agent), pickle.loads(pickle.dumps(agent))


def test_in_a_committee_it_bets_with_its_own_purse(player):
    with scripted(script(bet(stake=10), NEXT)) as endpoint:
        member = player(endpoint)
        whole = Catalogue().component("committee")(agents=[member, "market-follower"])
        events = list(play(Agent("both", [whole]), SEASON))
    assert "Bankroll 50.00" in endpoint.requests[0]["messages"][1]["content"]
    assert sum(stake for _, stake in chosen(slips(events)[0])) == 1000
    assert {each.component for each in asked(events)} == {"llm/llm"}


def test_a_member_that_does_not_bet_goes_on_hearing_how_the_season_goes(player):
    with scripted(script(calls("forecast", {"model": "elo"}), NEXT)) as endpoint:
        second = player(endpoint, models=("elo",))
        switcher = Catalogue().component("switcher")(agents=["favourites-only", second], drawdown=0.0001)
        events = list(play(Agent("until", [switcher]), small_season(matchdays=8)))
    assert 0 < len(asked(events)) < 16
    assert not any(each.failure for each in asked(events))
