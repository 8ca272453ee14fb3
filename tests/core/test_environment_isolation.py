"""Nothing that an agent can call or read depends on that day's results, or on anything later."""

import json
import math
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import cycle

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doubles import small_season
from matchday.environment import SeasonEnvironment
from matchday.environment.tools import NEXT, TOOLS
from matchday.source import make_source
from scrambling import scrambled
from tool_calls import calls, spelled_out
from walking import synthetic

SMALL = small_season()
PLAIN = [(tool.name, {}) for tool in TOOLS]
LOOKS = [("view_history", {"table": name}) for name in ("matches", "odds", "quotes", "players", "below")]
SCRIPTS = st.lists(calls(), min_size=5, max_size=40)
SHARES = st.floats(0, 1)


@cache
def real(folder):
    source = make_source("football-data", {"data": folder / "football-data", "players": folder / "fpl", "history": 1})
    return source.season("2022-23")


def dates_of(season):
    return [date.date() for date in season.played["date"].unique()]


def known_on(season, matchday):
    """What the words in braces stand for on a matchday; the calendar is no secret."""
    dates = season.played["date"].dt.date
    today = dates_of(season)[matchday - 1]
    return {
        "match": season.played.index[dates == today].tolist(),
        "later": season.played.index[dates >= today].tolist(),
        "club": list(season.clubs),
        "player": season.players["player"].unique().tolist()[:400] if len(season.players) else [],
        "season": [season.name],
        "date": [str(date) for date in dates_of(season)],
    }


class Leaky(SeasonEnvironment):
    """One that tells, when asked for the bankroll, how many goals the season will have."""

    def __init__(self, season):
        super().__init__(season)
        self._goals = season.played["home_goals"].sum()

    def call(self, name, arguments=None):
        answer = super().call(name, arguments)
        return replace(answer, text=f"{answer.text}\n{self._goals}") if name == "view_bankroll" else answer


def transcript(season, script, last, calendar, kind):
    """All that is told before matchday ``last`` is settled, then how it was; two calls of the script a matchday."""
    env = kind(season)
    told, steps = [env.prompt], cycle(script)
    while not env.finished:
        day = env.call("view_matches").figures["matchday"]
        for name, arguments in [next(steps), next(steps), (NEXT, {})]:
            answer = env.call(name, spelled_out(arguments, known_on(calendar, day)))
            assert answer.reward is None or math.isfinite(answer.reward)
            assert "not your mistake" not in answer.text
            if answer.reward is not None and day == last:
                return told, answer
            told.append(json.dumps([answer.text, answer.ok, answer.reward, answer.finished, answer.figures]))
            if answer.reward is not None:
                break
    return told, None


def compare(season, script, share, kind=SeasonEnvironment):
    """Two plays whose future differs from a matchday on; answers what was told of that matchday's end in each."""
    last = 1 + round(share * (season.matchdays - 1))
    one, end = transcript(season, script, last, season, kind)
    other, other_end = transcript(scrambled(season, last, seed=last), script, last, season, kind)
    assert one == other
    return end, other_end


@given(script=SCRIPTS, share=SHARES)
@settings(max_examples=80)
def test_no_answer_depends_on_the_future_whatever_is_called(script, share):
    compare(SMALL, script, share)


@given(script=SCRIPTS, share=SHARES)
@example(script=PLAIN + LOOKS, share=1.0)
@settings(max_examples=3)
def test_nor_over_a_whole_season(script, share):
    compare(synthetic(), script, share)


@pytest.mark.parametrize("share", [0.5, 1.0])
@settings(max_examples=1)
@given(script=SCRIPTS)
def test_nor_over_a_real_one(real_data, share, script):
    compare(real(real_data), script, share)


@pytest.mark.parametrize("season", [SMALL, synthetic()], ids=["small", "synthetic"])
def test_the_next_answer_does_depend_on_it_so_that_a_leak_would_show(season):
    end, other = compare(season, PLAIN, 0.5)
    assert end.text != other.text


def test_a_leak_in_one_tool_is_found():
    with pytest.raises(AssertionError, match="assert"):
        compare(SMALL, PLAIN, 0.5, Leaky)


def test_the_calls_that_are_drawn_are_taken_as_well_as_refused():
    taken, refused = Counter(), Counter()

    @given(script=SCRIPTS)
    @settings(max_examples=80, derandomize=True)
    def draw(script):
        env = SeasonEnvironment(SMALL)
        for name, arguments in script:
            day = env.call("view_matches").figures["matchday"]
            answer = env.call(name, spelled_out(arguments, known_on(SMALL, day)))
            (taken if answer.ok else refused)[name] += 1

    draw()
    assert set(taken) == {tool.name for tool in TOOLS}
    assert len(taken.keys() & refused.keys()) >= 6
