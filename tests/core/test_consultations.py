"""What is asked of somebody outside: on record, counted, and explained."""

import json
import sqlite3

import pytest

from doubles import Everything, Level, small_season
from matchday import Agent, Component, Rules, hookimpl, play, summarise
from matchday.actions import Consultation
from matchday.cli.explaining import remarks_of
from matchday.encoding import encode
from matchday.events import ActionTaken, Consulted
from matchday.spec import RunSpec
from matchday.store import Store, record

SEASON = small_season(matchdays=3)


class Asks(Component):
    """Asks about every matchday, twice on the second, where one answer does not come."""

    @hookimpl
    def find_edges(self, day, forecast):
        self.consulted(Consultation(self.name, "asked sage", "a slate", "Who wins?", "Home.", 2, 100, 10, 0.25))
        if day.number == 2:
            self.consulted(Consultation(self.name, "asked sage", "doubt", "Sure?", calls=1, failure="timed out"))
        self.act("believes it", cause="it said so")
        return Everything().find_edges(day, forecast)


def agent():
    return Agent("asker", [("sage", Asks()), Level(share=0.001)])


def test_what_was_asked_and_answered_is_an_event_under_the_components_name_in_its_place_of_the_day():
    asked = [event for event in play(agent(), SEASON) if isinstance(event, Consulted)]
    assert [(each.matchday, each.number) for each in asked] == [(1, 1), (2, 1), (2, 2), (3, 1)]
    assert {each.consultation.component for each in asked} == {"sage"}
    assert asked[2].consultation.failure == "timed out" and asked[2].consultation.answered == ""
    assert json.loads(encode(asked[0]))["consultation"]["asked"] == "Who wins?"


def test_a_consultation_is_no_plain_action():
    taken = [event for event in play(agent(), SEASON) if isinstance(event, ActionTaken)]
    assert [event.action for event in taken] == ["believes it"] * 3


def test_calls_tokens_and_cost_add_up_over_the_season():
    summary = summarise(play(agent(), SEASON), SEASON)
    assert (summary.calls, summary.tokens, summary.cost) == (7, 330, 0.75)
    nobody = summarise(play(Agent("mute", [Everything(), Level(share=0.001)]), SEASON), SEASON)
    assert (nobody.calls, nobody.tokens, nobody.cost) == (0, 0, 0.0)


def test_the_store_has_a_row_a_consultation():
    store = Store.temporary()
    spec = RunSpec.of(agent(), SEASON, Rules(), seed=0)
    *_, (run_id, _) = record(store, spec, agent(), SEASON)
    rows = store.frame("consultations", run_id)
    assert rows["answered"].tolist() == ["Home.", "Home.", "", "Home."]
    assert rows["cost"].sum() == pytest.approx(0.75)
    assert store.run(run_id).summary.calls == 7


def test_a_store_of_before_there_were_consultations_takes_them(tmp_path):
    file = tmp_path / "old.db"
    spec = RunSpec.of(agent(), SEASON, Rules(), seed=0)
    list(record(Store(file), spec, agent(), SEASON))
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE consultations")
    *_, (run_id, _) = record(Store(file), spec, agent(), SEASON)
    assert len(Store(file).frame("consultations", run_id)) == 4


def test_an_explained_matchday_says_who_was_asked_and_that_no_answer_came():
    events = [json.loads(encode(event)) for event in play(agent(), SEASON) if isinstance(event, Consulted)]
    assert remarks_of(events[0]) == [("asked", "sage: asked sage")]
    assert remarks_of(events[2]) == [("asked", "sage: asked sage, timed out")]
