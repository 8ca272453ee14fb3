"""A language model that plays by itself: its bets are those of the core, and whatever it does the season goes on."""

import copy
import json
import pickle
import re
import sys

import pytest

import scripted_strategy
from doubles import small_season
from matchday import Agent, Catalogue, MatchdayError, Rules, play, summarise
from matchday.encoding import encode
from matchday.events import Consulted, MatchdaySettled, SlipPlaced
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from matchday_plugins.language.endpoint import Endpoint
from matchday_plugins.language.player import LanguageModel
from outsiders import by_rule
from scrambling import scrambled
from scripted_endpoint import calls, closes, garbage, late, says, scripted, status

SEASON = small_season(matchdays=4)
NEXT = calls("next_matchday", {})


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def player(tmp_path):
    """Makes agents that ask an endpoint, and keep what it answers in the test's folder."""

    def make(endpoint, **parameters):
        known = {"model": "scripted", "base_url": endpoint.url, "cache": tmp_path / "answers", "retries": 0}
        return Agent("llm", [("llm", LanguageModel(**{**known, **parameters}))])

    return make


def turns(*replies):
    """Each matchday the same: the first reply, then the next one, the last one again and again."""
    return lambda body: replies[min(sum(each["role"] == "assistant" for each in body["messages"]), len(replies) - 1)]


def bet(selection="home", stake=1.0, *, match=0, **more):
    """A script's reply that bets on one of the slate's matches."""

    def reply(body):
        return calls("place_bet", {"match_id": matches(body)[match], "selection": selection, "stake": stake, **more})

    return reply


def matches(body):
    return re.findall(r"^(T [^,]+),", body["messages"][1]["content"], re.M)


def script(*replies):
    """As ``turns``, of replies that may be functions of the request."""
    chosen = turns(*replies)
    return lambda body: reply(body) if callable(reply := chosen(body)) else reply


def slips(events):
    return [event for event in events if isinstance(event, SlipPlaced)]


def asked(events):
    return [event.consultation for event in events if isinstance(event, Consulted)]


def settled(events):
    return [event.settlement for event in events if isinstance(event, MatchdaySettled)]


def chosen(slip):
    """The bets of a slip that no rule forced, as (selection, pence)."""
    return [(each.selection, each.stake) for each in slip.bets if not each.forced]


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


FAILURES = {
    "late": (late(5), {"seconds": 0.2}, "no answer within 0.2 s"),
    "garbage": (garbage(), {}, "what came is no chat completion"),
    "an error": (status(500), {}, "status 500"),
    "closed": (closes(), {}, "no connection"),
    "words": ("I would rather talk.", {}, "it called no tool"),
    "nothing": (says(""), {}, "it called no tool"),
    "no such tool": (calls("bet_it_all", {}), {"matchday_calls": 5}, "5 of 5 calls a matchday are spent"),
    "no JSON": (calls("place_bet", "{stake: lots"), {"matchday_calls": 5}, "5 of 5 calls a matchday are spent"),
    "a list": (calls("place_bet", "[1, 2]"), {"matchday_calls": 5}, "5 of 5 calls a matchday are spent"),
    "too much": (calls("view_bankroll", {}), {"matchday_tokens": 200}, "a matchday are spent"),
    "too dear": (calls("view_bankroll", {}), {"season_cost": 0.0001, "price_in": 1.0}, "of cost a season are spent"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_however_it_fails_the_season_is_completed_and_what_it_had_placed_stands(failure, player):
    reply, parameters, why = FAILURES[failure]
    with scripted(script(bet(), reply)) as endpoint:
        events = list(play(player(endpoint, patience=None, **parameters), SEASON))
    placed = slips(events)
    assert len(settled(events)) == 4 and chosen(placed[0]) == [("home", 100)]
    (note,) = placed[0].notes
    assert note.startswith("llm: ") and note.endswith("; the bets placed by then stand") and why in note
    assert asked(events)[0].failure == ""


def test_an_endpoint_that_is_gone_is_asked_no_more_after_three_failures_and_the_season_goes_on(player):
    with scripted(turns(NEXT)) as endpoint:
        pass
    season = small_season(matchdays=6)
    events = list(play(player(endpoint), season))
    assert len(settled(events)) == 6
    failures = [each.failure.partition(":")[0] for each in asked(events)]
    assert failures == ["no connection"] * 3 + ["not asked"] * 3
    assert summarise(iter(events), season).calls == 3


def test_a_budget_of_the_season_ends_the_asking_and_not_the_season(player):
    with scripted(turns(NEXT)) as endpoint:
        events = list(play(player(endpoint, season_calls=2), SEASON))
    assert endpoint.count == 2 and len(settled(events)) == 4
    assert [each.failure for each in asked(events)[2:]] == ["not asked: 2 of 2 calls a season are spent"] * 2


def test_a_mistake_is_told_and_can_be_mended(player):
    wrong = calls("place_bet", {"match_id": "T Nobody v Nobody", "selection": "home", "stake": 1})
    with scripted(script(wrong, calls("place_bet", "{"), bet(), NEXT)) as endpoint:
        events = list(play(player(endpoint), SEASON))
    assert [chosen(each) for each in slips(events)] == [[("home", 100)]] * 4
    sent = endpoint.requests[3]["messages"]
    told = [each["content"] for each in sent if each["role"] == "tool"]
    assert "no such match that day" in told[0] and "the arguments are no JSON" in told[1]
    assert all(text.endswith("Nothing has changed.") for text in told[:2])
    called = [each["tool_calls"][0]["function"]["arguments"] for each in sent if each["role"] == "assistant"]
    assert [isinstance(json.loads(text), dict) for text in called] == [True] * 3
    assert '"arguments": "{"' in asked(events)[1].answered


@pytest.mark.parametrize(
    "arguments",
    [
        '{"match_id": "\\ud800", "selection": "home", "stake": 1}',
        '{"match_id": "a\\u0000b", "selection": "\\u0000", "stake": 1, "reason": "\\udfff"}',
        '{"match_id": "x", "selection": "home", "stake": 1e999}',
        '{"match_id": "x", "selection": "home", "stake": NaN}',
        "[" * 5000,
        '{"match_id": ' * 500,
        '{"match_id": "' + "x" * 9_000 + '", "selection": "home", "stake": 1}',
        "null",
        '"place"',
    ],
    ids=range(9),
)
def test_no_arguments_whatever_can_stop_the_season(arguments, player):
    wild = says("\x1b[2J\u0000", tools=[("place_bet", arguments), ("\u0000" * 9, arguments)])
    with scripted(script(wild, NEXT)) as endpoint:
        agent, store = player(endpoint), Store.temporary()
        list(record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON))
    (run,) = store.runs()
    assert run.status == "completed" and len(store.frame("consultations", run.id)) == 8 == endpoint.count
    told = [each["content"] for each in endpoint.requests[1]["messages"] if each["role"] == "tool"]
    assert all(len(text) < 1500 and text.startswith("Refused: ") for text in told)


def test_one_that_calls_no_tool_is_asked_once_to_go_on(player):
    with scripted(script("Let me think.", bet(), "Hm.", NEXT)) as endpoint:
        events = list(play(player(endpoint), SEASON))
    assert [chosen(each) for each in slips(events)] == [[("home", 100)]] * 4
    assert not any(each.notes for each in slips(events))
    assert endpoint.requests[1]["messages"][-1]["content"].startswith("You called no tool.")


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


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"model": ""}, "no model is named; set it, and where it is: --set llm.model=NAME --set llm.base_url="),
        (
            {"base_url": "https://example.invalid/v1", "key_variable": "SAGE_KEY"},
            "environment variable SAGE_KEY is not set; put the endpoint's key into it",
        ),
    ],
)
def test_what_is_not_set_up_stops_the_play_with_one_line_that_says_what_to_set(parameters, why, player):
    with scripted(turns(NEXT)) as endpoint, pytest.raises(MatchdayError, match=re.escape(why)) as stopped:
        list(play(player(endpoint, **parameters), SEASON))
    assert "\n" not in str(stopped.value) and endpoint.count == 0


def test_without_the_package_the_play_stops_and_the_line_names_the_extra(player, monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with scripted(turns(NEXT)) as endpoint, pytest.raises(MatchdayError, match=r"pip install 'matchday\[llm\]'"):
        list(play(player(endpoint), SEASON))


def test_a_second_play_makes_no_call_and_its_events_are_the_same(player):
    with scripted(script(bet(), "Well.", NEXT)) as endpoint:
        first = [encode(event) for event in play(player(endpoint), SEASON)]
        count = endpoint.count
        assert [encode(event) for event in play(player(endpoint), SEASON)] == first
    assert count == endpoint.count == 12


@pytest.mark.parametrize("reply", [bet(), status(500)])
def test_a_run_that_was_cut_off_goes_on_as_it_was_and_repeats_no_call(reply, player):
    store = Store.temporary()
    with scripted(script(reply, NEXT)) as endpoint:
        agent = player(endpoint, patience=None)
        spec = RunSpec.of(agent, SEASON, Rules(), seed=0)
        playing = record(store, spec, agent, SEASON)
        run_id = next(run for run, event in playing if isinstance(event, MatchdaySettled) and event.matchday == 2)
        playing.close()
        cut_off = endpoint.count
        resumed = [
            encode(event) for _, event in resume(store, store.run(run_id), player(endpoint, patience=None), SEASON)
        ]
        assert endpoint.count == 2 * cut_off
    assert resumed == store.events(run_id) and len(resumed) >= 18
    assert store.run(run_id).status == "completed"


def test_a_play_that_is_killed_within_a_matchday_repeats_no_call_of_it(player, monkeypatch):
    store, asking, made = Store.temporary(), Endpoint.ask, []

    def killed_at_the_sixth(self, messages, **how):
        made.append(messages)
        if len(made) == 6:
            raise KeyboardInterrupt
        return asking(self, messages, **how)

    monkeypatch.setattr(Endpoint, "ask", killed_at_the_sixth)
    with scripted(script(bet(), NEXT)) as endpoint:
        agent = player(endpoint)
        playing, runs = record(store, RunSpec.of(agent, SEASON, Rules(), seed=0), agent, SEASON), []
        with pytest.raises(KeyboardInterrupt):
            runs += [run_id for run_id, _ in playing]
        (run,) = store.runs()
        assert (endpoint.count, store.settled(run.id)) == (5, 2)
        list(resume(store, run, player(endpoint), SEASON))
        assert endpoint.count == 8
    assert store.run(run.id).summary.calls == 8


def test_another_seed_is_another_sample_and_is_told_to_endpoints_that_take_one(player):
    with scripted(turns(NEXT)) as endpoint:
        list(play(player(endpoint), SEASON, seed=1))
        list(play(player(endpoint, sends_seed=True), SEASON, seed=2))
    assert endpoint.count == 8
    assert [body.get("seed") for body in endpoint.requests] == [None] * 4 + [2] * 4


def test_nothing_it_is_told_depends_on_the_days_results_or_later_ones(player, tmp_path):
    def told(season, folder):
        with scripted(script(calls("view_history", {}), calls("forecast", {"model": "elo"}), bet(), NEXT)) as endpoint:
            agent = player(endpoint, cache=tmp_path / folder, models=("elo",))
            list(play(agent, season))
        return endpoint.requests

    honest, other = told(SEASON, "a"), told(scrambled(SEASON, 3), "b")
    assert honest[: 3 * 4] == other[: 3 * 4] and honest[12:] != other[12:]


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
