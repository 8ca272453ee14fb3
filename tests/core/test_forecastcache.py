"""Forecasts that are made once and used by many: the same events, no work done twice, and a miss when anything changes."""

import dataclasses
import importlib
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from pydantic import Field, PrivateAttr

from doubles import Coin, Faulty, Fixed, Level, Mean, Positive, Watch, small_season
from matchday import Agent, Component, Forecast, ForecastCache, MatchdayError, Rules, hookimpl, play
from matchday.encoding import encode
from matchday.forecastcache import key as keys
from matchday.forecastcache.recording import Recording, Remembered

SEASON = small_season()


class Counting(Component):
    """A model that learns from results, explains itself, and counts how often it is asked."""

    home: float = 0.5

    _asked: int = PrivateAttr(default=0)
    _goals: float = PrivateAttr(default=0.0)

    @hookimpl
    def season_opened(self, season):
        self._goals = 0.0

    @hookimpl
    def forecast(self, day):
        self._asked += 1
        self.act("asked", cause=f"{self._goals:g} goals so far")
        lean = 0.1 * np.tanh(self._goals / 100)
        row = [self.home + lean, 0.3, 0.7 - self.home - lean]
        index, columns = day.slate.index, ["home", "draw", "away"]
        return Forecast(
            pd.DataFrame([row] * len(index), index=index, columns=columns),
            standard_error=pd.DataFrame(0.01, index=index, columns=columns),
            explanation=pd.DataFrame({"goals": self._goals, "matches": len(day.history)}, index=index),
        )

    @hookimpl
    def matchday_settled(self, results):
        self._goals += float(results["home_goals"].sum())


def agent(*models: Component, share: float = 0.02, name: str = "gambler") -> Agent:
    blend = [Mean()] if len(models) > 1 else []
    return Agent(name, [*models, *blend, Positive(), Level(share=share)])


def stream(played: Agent, season=SEASON, rules: Rules | None = None, *, seed: int = 0) -> list[str]:
    return [encode(event) for event in play(played, season, rules, seed=seed)]


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_shared_model_gives_the_same_events_byte_for_byte_and_is_asked_once(on_disk, tmp_path):
    honest = stream(agent(Counting(), Coin()))
    first, second = Counting(), Counting()
    cache = ForecastCache(tmp_path if on_disk else None)
    assert stream(cache.lend(agent(first, Coin()), SEASON)) == honest
    if on_disk:
        cache = ForecastCache(tmp_path)
    assert stream(cache.lend(agent(second, Coin()), SEASON)) == honest
    assert (first._asked, second._asked) == (8, 0)


def test_agents_that_bet_otherwise_share_the_model():
    models = [Counting() for _ in range(5)]
    cache = ForecastCache()
    for number, model in enumerate(models):
        stream(cache.lend(agent(model, share=0.01 * (number + 1), name=f"agent {number}"), SEASON))
    assert [model._asked for model in models] == [8, 0, 0, 0, 0]


def other_file(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "source_digest", lambda package: f"{package} changed")


def other_version(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "installed", lambda: "numpy 99")


@pytest.mark.parametrize(
    ("model", "season", "rules", "seed", "change"),
    [
        ({"home": 0.4}, SEASON, None, 0, None),
        ({}, small_season(seed=1), None, 0, None),
        ({}, SEASON, Rules(prices="opening"), 0, None),
        ({}, SEASON, Rules(selections=("home", "draw", "away")), 0, None),
        ({}, dataclasses.replace(SEASON, closing=frozenset()), None, 0, None),
        ({}, SEASON, None, 1, None),
        ({}, SEASON, None, 0, other_file),
        ({}, SEASON, None, 0, other_version),
    ],
    ids=["parameter", "data", "prices", "selections", "what is closing", "seed", "file", "version"],
)
def test_anything_that_changes_a_forecast_makes_a_miss(tmp_path, monkeypatch, model, season, rules, seed, change):
    cache = ForecastCache(tmp_path)
    stream(cache.lend(agent(Counting()), SEASON))
    if change:
        change(tmp_path, monkeypatch)
    fresh = Counting(**model)
    stream(cache.lend(agent(fresh), season, rules, seed=seed), season, rules, seed=seed)
    assert fresh._asked == 8


def test_money_is_no_part_of_the_key():
    cache = ForecastCache()
    stream(cache.lend(agent(Counting()), SEASON))
    rich, rules = Counting(), Rules(bankroll=10_000)
    assert stream(cache.lend(agent(rich), SEASON, rules), rules=rules) == stream(agent(Counting()), rules=rules)
    assert rich._asked == 0


def test_a_recording_that_ends_early_wakes_the_model_and_grows():
    ruin = Rules(ruin_below=99.0)
    short, long = stream(agent(Counting(), share=0.1), rules=ruin), stream(agent(Counting()))
    assert len(short) < len(long)
    cache = ForecastCache()
    assert stream(cache.lend(agent(Counting(), share=0.1), SEASON, ruin), rules=ruin) == short
    woken, asleep = Counting(), Counting()
    assert stream(cache.lend(agent(woken), SEASON)) == long
    assert stream(cache.lend(agent(asleep), SEASON)) == long
    assert (woken._asked, asleep._asked) == (8, 0)


class Heeding(Counting):
    """A model that acts on what watches say."""

    @hookimpl
    def forecast(self, day):
        self._goals += sum(each.value for each in day.diagnoses)
        return super().forecast(day)


def test_beside_a_watch_a_model_is_shared_with_the_same_watch_alone():
    cache, models = ForecastCache(), [Heeding() for _ in range(3)]
    listed = [[models[0], Watch()], [models[1]], [models[2], Watch()]]
    for number, components in enumerate(listed):
        share = 0.01 * (number + 1)
        fresh = [Heeding(), *([Watch()] if len(components) > 1 else [])]
        honest = stream(Agent("watched", [*fresh, Positive(), Level(share=share)]))
        assert stream(cache.lend(Agent("watched", [*components, Positive(), Level(share=share)]), SEASON)) == honest
    assert [model._asked for model in models] == [8, 8, 0]


class Networked(Counting):
    """A model with effects."""

    effects = frozenset({"network"})


class Both(Counting):
    """A model that picks bets too: what it forecasts may depend on what it is asked."""

    @hookimpl
    def find_edges(self, day, forecast):
        return Positive().find_edges(day, forecast)


def test_only_plain_models_are_shared():
    assert keys.shareable(Counting())
    assert not any(keys.shareable(each) for each in (Networked(), Both(), Positive(), Mean(), Watch(), agent(Fixed())))


def test_a_model_that_fails_is_not_kept_and_fails_again_by_name():
    cache = ForecastCache()
    rules = Rules(on_failure="sit-out")
    for _ in range(2):
        with pytest.raises(MatchdayError, match="component 'faulty', hook 'forecast', matchday 3"):
            stream(cache.lend(agent(Faulty()), SEASON))
    honest = stream(agent(Faulty()), rules=rules)
    for _ in range(2):
        assert stream(cache.lend(agent(Faulty()), SEASON, rules), rules=rules) == honest


def test_a_file_that_is_broken_is_a_miss_and_is_written_anew(tmp_path):
    stream(ForecastCache(tmp_path).lend(agent(Counting()), SEASON))
    (file,) = tmp_path.glob("*.npz")
    whole = file.read_bytes()
    for broken in (b"", b"nonsense", whole[: len(whole) // 2]):
        file.write_bytes(broken)
        fresh = Counting()
        stream(ForecastCache(tmp_path).lend(agent(fresh), SEASON))
        assert fresh._asked == 8
        assert Recording.load(file) is not None
    assert list(tmp_path.iterdir()) == [file]


def test_a_recording_comes_back_from_its_file_to_the_last_bit(tmp_path):
    index = pd.Index(["a", "b"], dtype="str", name="match_id")
    rng = np.random.default_rng(0)
    scores = rng.random((2, 4, 4))
    scores /= scores.sum(axis=(1, 2), keepdims=True)
    numbers = pd.DataFrame({"rate": [0.1, np.nan], "played": [3, 4], "new": [True, False]}, index=index)
    forecast = Forecast.from_scores(index, scores, source="goals", explanation=numbers)
    Recording({7: Remembered(forecast, (("refitted", "a month has passed"),))}).save(tmp_path / "x.npz")
    day = Recording.load(tmp_path / "x.npz").days[7]
    assert day.actions == (("refitted", "a month has passed"),)
    assert day.forecast.source == "goals"
    np.testing.assert_array_equal(day.forecast.scores, scores)
    pd.testing.assert_frame_equal(day.forecast.probabilities, forecast.probabilities, check_exact=True)
    pd.testing.assert_frame_equal(day.forecast.explanation, numbers, check_exact=True)


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MatchdayError, match="cannot be written: .*; name another folder"):
        ForecastCache(tmp_path / "file" / "folder")


def test_a_cache_that_can_no_longer_be_written_does_not_harm_the_play(tmp_path):
    honest, cache = stream(agent(Counting())), ForecastCache(tmp_path / "folder")
    lent = cache.lend(agent(Counting()), SEASON)
    (tmp_path / "folder").rmdir()
    (tmp_path / "folder").write_text("")
    with pytest.warns(UserWarning, match="cannot be written"):
        assert stream(lent) == honest


@pytest.mark.parametrize("played", [{"seed": 7}, {"rules": Rules(prices="opening")}])
def test_what_was_lent_for_one_play_is_refused_in_another(played):
    lent = ForecastCache().lend(agent(Counting()), SEASON)
    with pytest.raises(
        MatchdayError, match="were lent for season, seed, prices and selections .*; give ForecastCache.lend"
    ):
        stream(lent, **played)


def test_a_model_that_stands_in_no_file_is_not_shared():
    program = """
from matchday import Component, hookimpl
from matchday.forecastcache.key import shareable
class Mine(Component):
    @hookimpl
    def forecast(self, day): ...
print(shareable(Mine()))
"""
    for how in (["-c", program], ["-"]):
        done = subprocess.run([sys.executable, *how], input=program, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "False"


class Importing(Counting):
    """A model with a class of somebody else's in its parameters."""

    made_of: dict[str, str] = Field(default_factory=lambda: {"inner": "somebodys_module:Thing"})


def test_a_change_in_what_a_parameter_imports_is_a_miss(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    keyed = []
    for source in ("class Thing: one = 1", "class Thing: two = 2"):
        (tmp_path / "somebodys_module.py").write_text(source)
        monkeypatch.setitem(sys.modules, "somebodys_module", None)
        del sys.modules["somebodys_module"]
        importlib.invalidate_caches()
        importlib.import_module("somebodys_module")
        keys.source_files.cache_clear()
        keys.source_digest.cache_clear()
        keyed.append(keys.forecast_key(agent(Importing()), "importing", season=SEASON, rules=Rules(), seed=0))
    assert keyed[0] != keyed[1]


@pytest.mark.parametrize("layout", ["null", "5", "[1]", '[{"number": 1}]'])
def test_a_file_of_another_making_is_a_miss(tmp_path, layout):
    np.savez(tmp_path / "x.npz", numbers=np.zeros(3), layout=np.array(layout))
    assert Recording.load(tmp_path / "x.npz") is None


def test_a_file_with_any_bit_turned_is_a_miss_or_the_same(tmp_path):
    path, rng = tmp_path / "x.npz", np.random.default_rng(0)
    index = pd.Index(["a"], dtype="str", name="match_id")
    forecast = Forecast(pd.DataFrame([[0.5, 0.3, 0.2]], index=index, columns=["home", "draw", "away"]))
    Recording({1: Remembered(forecast)}).save(path)
    whole = path.read_bytes()
    for _ in range(300):
        broken = bytearray(whole)
        broken[rng.integers(len(whole))] ^= 1 << int(rng.integers(8))
        path.write_bytes(broken)
        found = Recording.load(path)
        assert found is None or found.days[1].forecast.probabilities.equals(forecast.probabilities)


def test_a_model_that_is_awake_forecasts_itself_and_the_events_are_the_same(tmp_path):
    looked_at, other = Counting(), Fixed()
    listed = agent(looked_at, other)
    stream(ForecastCache(tmp_path).lend(listed, SEASON))
    asked = looked_at._asked
    lent = ForecastCache(tmp_path).lend(listed, SEASON, awake=[looked_at])
    assert stream(lent) == stream(agent(Counting(), Fixed()))
    assert looked_at._asked == 2 * asked
