"""What a model that an agent asks may be told: nothing that imports, and nothing that takes the server with it."""

import contextlib
import importlib
import threading
import time

import pytest

from doubles import small_season
from matchday.environment import SeasonEnvironment, patience, seasonal
from matchday.environment.parameters import LONGEST, TIMES
from matchday.environment.patience import within
from matchday.source import make_source


def asked(env, model, **parameters):
    return env.call("forecast", {"model": model, "parameters": parameters})


@pytest.mark.parametrize(
    "path", ["os:system", "os.system", "os:path.os.system", "os:path.os.mkdir", " os:mkdir", "matchday_plugins"]
)
@pytest.mark.parametrize("deep", [False, True])
def test_no_parameter_of_an_agent_runs_code(tmp_path, path, deep):
    made = tmp_path / "made"
    told = {"use": path, "path": str(made), "command": f"touch {made}"}
    env = SeasonEnvironment(small_season())
    answer = asked(env, "sklearn", parameters={"C": told} if deep else told, **({} if deep else {"estimator": path}))
    assert not answer.ok and "rule: numbers, names, and lists" in answer.text
    assert not made.exists()


@pytest.mark.parametrize("value", ["/etc/passwd", "http://127.0.0.1", "a.b", {"use": "x"}, [[1]], [1] * (LONGEST + 1)])
def test_parameters_are_numbers_names_and_short_lists(value):
    answer = asked(SeasonEnvironment(small_season()), "gbm", features=value)
    assert not answer.ok and "rule: numbers, names, and lists of up to 20" in answer.text


@pytest.mark.parametrize(
    ("model", "parameters", "most"),
    [
        ("gbm", {"trees": 10**9}, 200 * TIMES),
        ("gbm", {"threads": "1000000"}, TIMES),
        ("mlp", {"hidden": [50_000, 50_000]}, 8 * TIMES),
        ("mlp", {"epochs": 1e9}, 20 * TIMES),
        ("logistic", {"max_iterations": 10**30}, 1000 * TIMES),
    ],
)
def test_no_model_is_made_far_larger_than_it_is_by_default(model, parameters, most):
    answer = asked(SeasonEnvironment(small_season()), model, **parameters)
    assert not answer.ok and f"rule: at most {most}, {TIMES} times its default" in answer.text


def test_what_is_left_to_an_agent_is_taken():
    env = SeasonEnvironment(small_season())
    assert asked(env, "elo", k=10, home_advantage="80").ok
    assert asked(env, "market", method="power").ok
    assert asked(env, "mlp", hidden=[16, 8], features=["ratings", "season"], window_days=1000).ok


def test_a_model_that_takes_too_long_is_not_waited_for_and_nobody_else_waits(monkeypatch):
    season = make_source("synthetic", {"history": 1}).season("2024-25")
    other = SeasonEnvironment(season)
    assert asked(other, "mlp", minimum_matches=128).ok
    monkeypatch.setattr(seasonal, "PATIENCE", 0.2)
    slow = SeasonEnvironment(season)
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(asked(slow, "mlp", networks=20, epochs=200, batch=10, minimum_matches=100))
    )
    asking.start()
    assert other.call("view_matches").ok and other.call("next_matchday").ok
    asking.join()
    assert "model 'mlp': no answer within 0.2 s" in answers[0].text
    assert slow.call("next_matchday").ok


def test_work_that_is_in_time_is_left_alone_and_its_errors_are_its_own():
    assert within(60, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 / 0)


def test_work_that_catches_every_exception_is_interrupted_all_the_same():
    def stubborn():
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    before = threading.active_count()
    with pytest.raises(TimeoutError, match=r"more than 0\.05 s"):
        within(0.05, stubborn)
    assert threading.active_count() <= before


def test_no_import_is_interrupted_so_that_nobody_is_left_half_a_module(tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text("import time\nfor _ in range(30):\n    time.sleep(0.01)\nDONE = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(patience, "AGAIN", 0.05)
    assert within(0.05, lambda: importlib.import_module("slow_to_import").DONE)
