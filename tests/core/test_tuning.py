"""A search finds what is best on the seasons it has, keeps every trial on record, and can be gone on with."""

import dataclasses
import json
import sys

import pandas as pd
import pytest

from doubles import Coin, Faulty, Fixed, Level, Positive, gambler, small_season
from matchday import Agent, Catalogue, Component, Forecast, MatchdayError, Rules, compare, hookimpl
from matchday.agentfile import parse_agent
from matchday.comparison import Schedule
from matchday.errors import AgentError, StoreError
from matchday.parts import parts_of
from matchday.store import Store
from matchday.tuned import Tuned
from matchday.tuning import Choices, Range, Search, tune

SEASONS = [Schedule(small_season(matchdays=4, seed=seed), Rules(), 0) for seed in (1, 2, 3)]
SHARE = {"level.share": Range(0.0, 0.05)}


@pytest.fixture(scope="module")
def found():
    return tune(gambler(), SHARE, SEASONS, trials=6)


def picky(**more):
    return Agent("picky", [Picky(**more), Positive(), Level()])


class Picky(Component):
    """A model with parameters of many kinds, some of which do not go together."""

    low: int = 1
    high: int = 9
    silent: bool = False
    words: tuple[str, ...] = ("a",)

    def model_post_init(self, _context):
        if self.low >= self.high:
            raise ValueError(f"low {self.low} is not below high {self.high}")

    @hookimpl
    def forecast(self, day):
        if self.silent and day.number > 2:
            return Forecast.silent(day.slate.index)
        row = [[0.5, 0.25 + self.low / 100, 0.25 - self.low / 100]] * len(day.slate)
        return Forecast(pd.DataFrame(row, index=day.slate.index, columns=["home", "draw", "away"]))


def test_the_first_trial_is_the_agent_as_it_was_and_the_best_is_no_worse(found):
    own = found.trials.iloc[0]
    assert (own["trial"], own["level.share"]) == (0, 0.02)
    alone = compare([gambler()], [each.season for each in SEASONS])
    assert own["value"] == pytest.approx(alone.plays["log_growth"].mean(), abs=1e-12)
    assert found.value == found.trials["value"].max() >= own["value"]
    assert len(found.trials) == 6


def test_the_value_is_the_mean_of_the_seasons_which_are_on_record(found):
    assert list(found.seasons.columns) == ["trial", "season", "seed", "schedule", "value"]
    by_trial = found.seasons.groupby("trial")["value"].mean()
    pd.testing.assert_series_equal(by_trial, found.trials.set_index("trial")["value"])


def test_the_same_search_gives_the_same_trials_and_another_seed_others():
    one, same, other = (tune(gambler(), SHARE, SEASONS[:1], trials=4, seed=seed) for seed in (5, 5, 6))
    assert one.record == same.record
    assert one.record[1].parameters != other.record[1].parameters


def test_a_search_that_is_cut_off_goes_on_where_it_was_with_the_trials_it_would_have_tried(found, tmp_path):
    search = Search.of(gambler(), SHARE, SEASONS)
    going = search.go_on(6, store=tmp_path / "runs.db")
    first = [next(going), next(going)]
    going.close()
    again = tune(gambler(), SHARE, SEASONS, trials=6, store=tmp_path / "runs.db")
    assert again.record[:2] == first
    assert again.record == found.record


def test_a_cut_in_the_middle_of_a_trial_loses_that_trial_alone(found, tmp_path):
    plays = []

    def cut(play):
        plays.append(play)
        if len(plays) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tune(gambler(), SHARE, SEASONS, trials=4, store=tmp_path / "runs.db", follow=cut)
    plays.clear()
    again = tune(gambler(), SHARE, SEASONS, trials=4, store=tmp_path / "runs.db", follow=plays.append)
    assert len(plays) == 3 * len(SEASONS)
    assert again.record == found.record[:4]


def test_what_is_on_record_is_not_played_again_and_more_trials_are_added(tmp_path):
    tune(gambler(), SHARE, SEASONS[:1], trials=2, store=tmp_path / "runs.db")
    plays = []
    more = tune(gambler(), SHARE, SEASONS[:1], trials=3, store=tmp_path / "runs.db", follow=plays.append)
    assert (len(more.record), len(plays)) == (3, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"agent": gambler(share=0.03)},
        {"parameters": {"level.share": Range(0.0, 0.06)}},
        {"schedules": SEASONS[:2]},
        {"schedules": [dataclasses.replace(each, rules=Rules(bankroll=50)) for each in SEASONS]},
        {"objective": "log-loss"},
        {"seed": 1},
    ],
)
def test_another_agent_space_season_rule_objective_or_seed_is_another_search(changed):
    asked = {"agent": gambler(), "parameters": SHARE, "schedules": SEASONS}
    assert Search.of(**asked).name == Search.of(**asked).name
    assert Search.of(**{**asked, **changed}).name != Search.of(**asked).name


def test_two_processes_do_not_go_on_with_one_search_at_a_time(tmp_path):
    search = Search.of(gambler(), SHARE, SEASONS[:1])
    going = search.go_on(4, store=tmp_path / "runs.db")
    next(going)
    list(search.go_on(2, store=tmp_path / "runs.db"))
    with pytest.raises(StoreError, match="is gone on with by another process; let that finish"):
        next(going)
    assert len(list(search.go_on(2, store=tmp_path / "runs.db"))) == 2


def test_trials_are_no_runs_and_the_store_stays_one(tmp_path):
    compare([gambler()], [SEASONS[0].season], store=tmp_path / "runs.db")
    tune(gambler(), SHARE, SEASONS[:1], trials=3, store=tmp_path / "runs.db")
    assert len(Store(tmp_path / "runs.db").runs()) == 1
    compare([gambler(share=0.03)], [SEASONS[0].season], store=tmp_path / "runs.db")
    assert len(Store(tmp_path / "runs.db").runs()) == 2


def test_a_model_that_is_left_as_it_is_forecasts_once_for_all_trials(tmp_path):
    tune(gambler(), SHARE, SEASONS, trials=4, forecasts=tmp_path)
    assert len(list(tmp_path.iterdir())) == len(SEASONS)


def test_whole_numbers_choices_and_lists_are_searched_as_what_they_are():
    space = {
        "picky.low": Range(1, 3),
        "picky.silent": Choices(True, False),
        "picky.words": Choices(["a"], ["b", "c"]),
    }
    tuning = tune(picky(), space, SEASONS[:1], trials=8)
    assert tuning.record[0].parameters == {"picky.low": 1, "picky.silent": False, "picky.words": ["a"]}
    for trial in tuning.record:
        assert type(trial.parameters["picky.low"]) is int
        assert trial.parameters["picky.words"] in (["a"], ["b", "c"])
    played = tuning.agent.components["picky"].model_dump(mode="json")
    assert {f"picky.{name}": value for name, value in played.items()} == {"picky.high": 9, **tuning.parameters}


def test_an_agent_whose_own_values_lie_outside_the_space_is_tried_first_all_the_same():
    tuning = tune(gambler(), {"level.share": Range(0.03, 0.05)}, SEASONS[:1], trials=3)
    assert tuning.record[0].parameters == {"level.share": 0.02}
    assert all(0.03 <= trial.parameters["level.share"] <= 0.05 for trial in tuning.record[1:])


def test_what_was_tried_before_is_not_played_again_and_counts_once():
    plays = []
    tuning = tune(picky(), {"picky.low": Range(1, 3)}, SEASONS[:1], trials=8, follow=plays.append)
    assert len(tuning.record) == 8 and len(plays) == tuning.tried <= 3
    assert tuning.tuned.trials == tuning.tried


def test_of_a_few_choices_every_combination_is_tried_once_and_then_the_search_is_over(tmp_path):
    space = {"picky.silent": Choices(True, False), "picky.low": Choices(1, 2, 3)}
    tuning = tune(picky(), space, SEASONS[:1], trials=20, store=tmp_path / "m.db")
    assert len(tuning.record) == tuning.tried == tuning.tuned.trials == 6
    assert tuning.trials[["picky.silent", "picky.low"]].drop_duplicates().shape == (6, 2)
    again = tune(picky(), space, SEASONS[:1], trials=20, store=tmp_path / "m.db", follow=pytest.fail)
    assert again.record == tuning.record


def test_a_combination_that_a_component_refuses_is_passed_over():
    space = {"picky.low": Range(1, 8), "picky.high": Range(2, 9)}
    tuning = tune(picky(), space, SEASONS[:1], trials=12)
    refused = tuning.trials[tuning.trials["status"] == "refused"]
    assert 0 < len(refused) < 11
    assert "is not below high" in refused["message"].iloc[0]
    assert tuning.tried <= 12 - len(refused)


def test_a_play_that_fails_is_a_trial_that_failed_on_record():
    agent = Agent("faulty", [Faulty(matchday=99), Coin(), Sum(), Positive(), Level()])
    tuning = tune(agent, {"faulty.matchday": Choices(2, 99)}, SEASONS[:1], trials=6)
    failed = tuning.trials[tuning.trials["status"] == "failed"]
    assert failed["faulty.matchday"].eq(2).all() and len(failed)
    assert "2001-02, seed 0: " in failed["message"].iloc[0] and "a fault of two lines" in failed["message"].iloc[0]
    assert tuning.parameters == {"faulty.matchday": 99}


class Sum(Component):
    """A blend that passes over silence."""

    @hookimpl
    def blend(self, forecasts):
        return forecasts[-1]


def test_a_search_of_which_no_trial_was_finished_says_why():
    agent = Agent("faulty", [Faulty(matchday=2), Positive(), Level()])
    with pytest.raises(MatchdayError, match="No trial of 2 was finished. 2001-02, seed 0: .*a fault of two lines"):
        tune(agent, SHARE, SEASONS[:1], trials=2)


def test_log_loss_is_the_forecasts_alone_whatever_becomes_of_the_money():
    fixed = Agent("fixed", [Fixed(home=0.5), Positive(), Level(share=0.9)])
    tuning = tune(fixed, {"fixed.home": Range(0.1, 0.9)}, SEASONS, objective="log-loss", trials=5)
    careful = compare([Agent("fixed", [Fixed(home=0.5), Positive(), Level(share=0.001)])], [s.season for s in SEASONS])
    assert tuning.record[0].value == pytest.approx(careful.plays["model_log_loss"].mean(), abs=1e-12)
    assert tuning.value == tuning.trials["value"].min()
    assert tuning.gain.difference == pytest.approx(tuning.record[0].value - tuning.value)


def test_a_match_without_a_forecast_costs_what_knowing_nothing_does():
    tuning = tune(picky(), {"picky.silent": Choices(True, False)}, SEASONS[:1], objective="log-loss", trials=6)
    by_silence = tuning.trials.drop_duplicates("picky.silent").set_index("picky.silent")["value"]
    half = tune(picky(), {"picky.low": Range(1, 2)}, SEASONS[:1], objective="log-loss", trials=2).record[0].value
    assert by_silence[False] == pytest.approx(half)
    assert by_silence[True] != by_silence[False]


def test_the_gain_is_paired_by_season_and_one_season_has_no_interval(found):
    gains, gain = found.gains(found.best), found.gain
    assert gain.difference == pytest.approx(gains.mean()) == pytest.approx(found.value - found.record[0].value)
    assert gains.min() <= gain.low <= gain.difference <= gain.high <= gains.max()
    alone = tune(gambler(), SHARE, SEASONS[:1], trials=3).gain
    assert (alone.low, alone.high, alone.schedules) == (None, None, 1)


def test_the_agent_carries_the_search_and_plays(found):
    assert found.agent.tuned == Tuned(
        trials=6,
        seasons=("2001-02",),
        source="doubles",
        competition="T",
        prices="closing",
        objective="growth",
        value=found.value,
        parameters=("level.share",),
        study=found.search.name,
    )
    again = compare([found.agent], [each.season for each in SEASONS])
    assert again.plays["log_growth"].mean() == pytest.approx(found.value, abs=1e-12)
    assert again.tried == 6


def test_tuning_what_was_tuned_adds_the_trials_and_the_seasons(found):
    earlier = found.tuned.model_copy(update={"seasons": ("1999-00",), "parameters": ("coin.bias",)})
    agent = Agent("gambler", [Coin(), Positive(), Level()], tuned=earlier)
    second = tune(agent, SHARE, SEASONS[:2], trials=2).tuned
    # the best of the first search is the first trial of the second
    assert (second.trials, second.seasons) == (7, ("1999-00", "2001-02"))
    assert second.parameters == ("coin.bias", "level.share")


def test_a_parameter_of_a_member_is_searched_like_one_of_the_agent_itself():
    members = [Agent(name, [Coin(), Positive(), Level(share=0.02)]) for name in ("bold", "meek")]
    pair = Agent("pair", [Catalogue().component("committee")(agents=members)])
    found = tune(pair, {"bold/level.share": Choices(0.0, 0.02, 0.04)}, SEASONS[:2], trials=6)
    assert sorted(found.trials["bold/level.share"]) == [0.0, 0.02, 0.04]
    shares = {part.path: part.component.share for part in parts_of(found.agent) if part.path.endswith("level")}
    assert shares == {"bold/level": found.parameters["bold/level.share"], "meek/level": 0.02}


def test_an_agent_that_was_tuned_on_another_league_is_refused():
    elsewhere = Tuned(trials=9, seasons=("1999-00",), source="doubles", competition="U", value=0.1)
    agent = Agent("gambler", [Coin(), Positive(), Level()], tuned=elsewhere)
    with pytest.raises(MatchdayError, match="was tuned on doubles U, .* tune the agent that it was made of"):
        Search.of(agent, SHARE, SEASONS)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"levl.share": Range(0, 1)}, "no component is named 'levl'; did you mean 'level'?"),
        ({"level.shre": Range(0, 1)}, "component 'level' has no parameter 'shre'; did you mean 'share'?"),
        ({"share": Range(0, 1)}, "'share' is not component.parameter"),
        ({"picky.low": Range(1, 9)}, "low 9 is not below high 9"),
        ({"picky.low": Range(0.5, 3)}, "picky.low = 0.5:3: the parameter is a whole number"),
        ({"picky.silent": Range(0, 1)}, "silent = 0.382: Input should be a valid boolean"),
        ({"picky.silent": Choices(True, "flase")}, "silent = 'flase'"),
        ({"picky.low": Choices(None, 3)}, "picky.low = none cannot be written in TOML"),
        ({}, "nothing to tune"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused_before_anything_is_played(wanted, message):
    file = parse_agent(picky().spec(), where="picky")
    with pytest.raises(MatchdayError, match=message.replace("?", r"\?")):
        Search.of(file, wanted, SEASONS)


def test_bounds_that_other_searched_parameters_make_possible_are_taken():
    assert Search.of(picky(), {"picky.low": Range(1, 9), "picky.high": Range(2, 20)}, SEASONS[:1])
    with pytest.raises(AgentError):
        Search.of(picky(), {"picky.low": Range(1, 9)}, SEASONS[:1])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Range(2, 1),
        lambda: Range(1, 1),
        lambda: Range(float("nan"), 1),
        lambda: Range(0, 1, log=True),
        lambda: Choices(1),
        lambda: Choices(1, 1),
    ],
)
def test_bounds_and_choices_that_are_none_are_refused(make):
    with pytest.raises(MatchdayError, match="rule: "):
        make()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"objective": "grwth"}, "Objective 'grwth' is none; did you mean 'growth'?"),
        ({"schedules": []}, "There is no season to compare"),
        ({"schedules": [SEASONS[0], SEASONS[0]]}, "is asked for twice"),
        ({"schedules": [dataclasses.replace(SEASONS[0], rules=Rules(prices="closng"))]}, "Price policy 'closng'"),
        (
            {"schedules": [SEASONS[0], dataclasses.replace(SEASONS[1], rules=Rules(prices="opening"))]},
            "rule: one league, and one kind of prices",
        ),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(asked, message):
    with pytest.raises(MatchdayError, match=message.replace("?", r"\?")):
        Search.of(gambler(), **{"parameters": SHARE, "schedules": SEASONS, **asked})


def test_an_agent_without_a_forecast_has_no_log_loss():
    from doubles import Everything

    with pytest.raises(MatchdayError, match="forecasts nothing, so it has no log-loss; tune its growth"):
        Search.of(Agent("blind", [Everything(), Level()]), SHARE, SEASONS, objective="log-loss")


def test_without_optuna_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MatchdayError, match=r"install them: pip install 'matchday\[tune\]'"):
        tune(gambler(), SHARE, SEASONS)


def test_what_optuna_keeps_can_be_read_by_its_own_tools(tmp_path):
    import optuna

    tuning = tune(gambler(), SHARE, SEASONS[:1], trials=3, store=tmp_path / "runs.db")
    storage = optuna.storages.RDBStorage(f"sqlite:///{tmp_path / 'runs.db'}")
    study = optuna.load_study(study_name=tuning.search.name, storage=storage)
    assert study.best_value == tuning.value
    assert json.loads(json.dumps(study.best_trial.user_attrs))["parameters"] == tuning.parameters
    storage.remove_session()
    storage.engine.dispose()


def test_other_searches_of_the_same_agent_in_one_store_count_too(tmp_path):
    one = tune(gambler(), SHARE, SEASONS[:1], trials=4, seed=0, store=tmp_path / "m.db")
    two = tune(gambler(), SHARE, SEASONS[:1], trials=4, seed=1, store=tmp_path / "m.db")
    assert (one.beside, one.tuned.trials) == (0, 4)
    assert (two.beside, two.tuned.trials) == (3, 7)  # the agent as it was is one of both
    assert tune(gambler(share=0.03), SHARE, SEASONS[:1], trials=2, store=tmp_path / "m.db").beside == 0


def test_choices_that_mean_the_same_to_the_component_are_one():
    with pytest.raises(MatchdayError, match="each once"):
        tune(picky(), {"picky.words": Choices(["a"], ("a",))}, SEASONS[:1], trials=3)
    tuning = tune(picky(), {"picky.words": Choices(("a",), ("b",))}, SEASONS[:1], trials=9)
    assert [trial.parameters["picky.words"] for trial in tuning.record] == [["a"], ["b"]]


def test_a_great_many_choices_are_searched_and_not_listed():
    space = {"picky.words": Choices(*([str(i)] for i in range(200))), "picky.low": Choices(*range(-60, 9))}
    assert len(tune(picky(), space, SEASONS[:1], trials=3).record) == 3
