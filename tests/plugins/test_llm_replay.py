"""A language model that plays by itself, again: nothing is asked twice, and nothing it is told is of the future."""

import pytest

from doubles import small_season
from llm_players import NEXT, bet, script, turns
from matchday import Rules, play
from matchday.encoding import encode
from matchday.events import MatchdaySettled
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from matchday_plugins.language.endpoint import Endpoint
from scrambling import scrambled
from scripted_endpoint import calls, scripted, status

SEASON = small_season(matchdays=4)


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
