"""What a comparison is told: the leaderboard, the differences and the sentences, from frames made up."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matchday import MatchdayError
from matchday.statistics import analyse
from matchday.statistics.differences import COLUMNS as DIFFERENCES
from matchday.statistics.leaderboard import COLUMNS as LEADERBOARD
from simulated_plays import analysed, frames, growth

SHAPE = (6, 2, 40)
AGENTS = {
    "steady": growth(SHAPE, seed=1, mean=0.02),
    "idle": np.zeros(SHAPE),
    "gambler": growth(SHAPE, seed=2, mean=-0.03, sd=0.2),
}


def told(analysis, words):
    return [line for line in analysis.conclusions if words in line]


def test_a_row_an_agent_those_that_grew_most_first_with_every_column():
    found = analysed(AGENTS)
    assert list(found.leaderboard.index) == ["steady", "idle", "gambler"]
    assert found.leaderboard.index.name == "agent"
    assert tuple(found.leaderboard) == LEADERBOARD
    assert (found.leaderboard[["plays", "failed", "ruined"]] == [12, 0, 0]).all(axis=None)
    assert tuple(found.differences) == DIFFERENCES
    assert list(found.differences.index) == ["idle", "gambler"]


@pytest.mark.parametrize("name", [name for name in (*LEADERBOARD, *DIFFERENCES) if name not in {"plays", "failed"}])
def test_every_figure_is_explained(name):
    page = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
    figure = name if name in {"growth_low", "growth_high", "low", "high"} else re.sub("_(low|high)$", "", name)
    assert f"`{figure}`" in page or f"`{figure}_`" in page


def test_figures_are_what_they_are_called():
    found, (plays, matchdays, _) = analysed(AGENTS, truth=True), frames(AGENTS, truth=True)
    row, own = found.leaderboard.loc["steady"], plays[plays["agent"] == "steady"]
    days = matchdays[matchdays["agent"] == "steady"]
    simple = days["after"] / days["before"] - 1.0
    expected = {
        "roi": own["roi"].mean(),
        "roi_worst": own["roi"].min(),
        "growth": own["log_growth"].mean(),
        "drawdown_worst": own["max_drawdown"].max(),
        "sharpe": simple.mean() / simple.std(),
        "sortino": simple.mean() / np.sqrt((simple.clip(upper=0.0) ** 2).mean()),
        "bets": 240.0,
        "forced": 0.0,
        "turnover": own["staked"].mean() / 100.0,
        "yield_": days["profit"].sum() / days["staked"].sum(),
        "hit_rate": 1.0 / 3.0,
        "clv": 0.02,
        "excess": 0.01,
        "excess_bets": 0.1 / 6.0,
        "ece_home": 0.05,
        "ece_draw": 0.05,
        "ece_away": 0.0,
        "longshots": 0.05,
        "true_growth": -0.04,
        "regret": 0.2,
    }
    assert row[list(expected)].to_dict() == pytest.approx(expected)
    assert row["growth_low"] < row["growth"] < row["growth_high"]
    assert row["excess_low"] == pytest.approx(0.01)


def test_the_same_seed_gives_the_same_figures():
    first, again = (analysed(AGENTS, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first.leaderboard, again.leaderboard, check_exact=True)
    pd.testing.assert_frame_equal(first.differences, again.differences, check_exact=True)
    assert (first.spa, first.conclusions) == (again.spa, again.conclusions)
    other = analysed(AGENTS, seed=5).leaderboard["growth_low"]
    assert (other != first.leaderboard["growth_low"]).any()


def test_an_agents_intervals_do_not_depend_on_who_else_is_compared():
    few, all_of_them = (
        analysed({name: AGENTS[name] for name in names}) for names in (["steady", "gambler"], list(AGENTS))
    )
    columns = ["growth", "growth_low", "growth_high", "chance", "yield_low", "sharpe"]
    np.testing.assert_allclose(
        few.leaderboard.loc["gambler", columns].astype(float),
        all_of_them.leaderboard.loc["gambler", columns].astype(float),
    )
    assert few.differences.loc["gambler", "low"] == pytest.approx(all_of_them.differences.loc["gambler", "low"])


def test_rows_may_come_in_any_order():
    plays, matchdays, calibration = frames(AGENTS)
    known = {"baseline": "idle", "agents": list(AGENTS), "resamples": 300}
    found = analyse(plays=plays, matchdays=matchdays, calibration=calibration, **known)
    mixed = matchdays.sample(frac=1.0, random_state=1)
    again = analyse(plays=plays, matchdays=mixed, calibration=calibration[::-1], **known)
    pd.testing.assert_frame_equal(found.leaderboard, again.leaderboard)


def test_an_agent_that_never_bets_has_no_ratio_and_moves_nothing():
    found = analysed({"idle": np.zeros(SHAPE)}, bets=0, forecasts=False)
    row = found.leaderboard.loc["idle"]
    silent = ["yield_", "yield_low", "clv", "excess", "sharpe", "sortino", "deflated_sharpe", "hit_rate", "ece_draw"]
    assert row[silent].isna().all()
    assert (row[["growth", "growth_low", "growth_high", "chance"]] == 0.0).all()
    assert told(found, "The bankroll never moved: idle.")


def test_one_agent_of_one_season_and_seed_is_told_that_nothing_can_be_concluded():
    found = analysed({"alone": growth((1, 1, 40))})
    assert found.spa is None
    assert found.differences.empty and tuple(found.differences) == DIFFERENCES
    assert told(found, "one season") and told(found, "nothing can be concluded")
    assert told(found, "Fewer than 1,000 bets of their own: alone (240)")


def test_a_few_seasons_are_told_to_be_few_and_many_are_not():
    assert told(analysed({"a": growth((3, 1, 40))}), "The plays are of 3 seasons")
    assert not told(analysed({"a": growth((5, 1, 40))}), "Compare over at least")


def test_a_play_ruined_on_the_first_day_counts_its_loss_and_then_nothing():
    found = analysed({"sound": AGENTS["steady"], "lost": AGENTS["steady"]}, ruined={("lost", 0, 0)})
    sound, lost = (found.leaderboard.loc[name] for name in ("sound", "lost"))
    assert lost["ruined"] == 1
    before = AGENTS["steady"][0, 0].sum()
    assert lost["growth"] == pytest.approx(sound["growth"] - (before + np.log(10_000)) / 12)
    assert lost["roi_worst"] == pytest.approx(-0.9999)
    assert told(found, "Ruined: lost in 1 of 12 plays")


def test_everything_of_a_single_day_of_ruin_can_be_worked_out():
    found = analysed({"lost": growth((1, 1, 1))}, ruined={("lost", 0, 0)})
    assert found.leaderboard.loc["lost", "growth"] == pytest.approx(-np.log(10_000))
    assert np.isnan(found.leaderboard.loc["lost", "growth_low"])


def test_failed_plays_are_counted_and_left_out_of_everything_else():
    gone = {("gambler", schedule, 1) for schedule in range(6)} | {("gambler", 0, 0)}
    found, whole = (analysed(AGENTS, failed=failed) for failed in (gone, ()))
    row = found.leaderboard.loc["gambler"]
    assert (row["plays"], row["failed"]) == (5, 7)
    assert row["growth"] == pytest.approx(AGENTS["gambler"][1:, 0].sum(axis=-1).mean())
    assert found.leaderboard.loc["steady", "growth_low"] == whole.leaderboard.loc["steady", "growth_low"]
    difference = AGENTS["gambler"][1:, 0] - AGENTS["steady"][1:, 0]
    assert found.differences.loc["gambler", "difference"] == pytest.approx(difference.sum(axis=-1).mean())
    assert found.differences.loc["gambler", "seasons"] == 5
    assert told(found, "Plays that failed: gambler 7.")


def test_a_baseline_that_always_failed_compares_with_nobody():
    gone = {("steady", *each) for each in np.ndindex(SHAPE[:2])}
    found = analysed(AGENTS, failed=gone)
    assert found.leaderboard.index[-1] == "steady" and found.leaderboard.loc["steady", "plays"] == 0
    assert found.differences["difference"].isna().all() and (found.differences["seasons"] == 0).all()
    assert found.spa is None
    assert told(found, "idle and steady have no finished play in common")


def test_all_failed_but_one_and_all_failed():
    gone = {(name, *each) for name in ("idle", "gambler") for each in np.ndindex(SHAPE[:2])}
    assert np.isfinite(analysed(AGENTS, failed=gone).leaderboard.loc["steady", "growth_low"])
    gone |= {("steady", *each) for each in np.ndindex(SHAPE[:2])}
    found = analysed(AGENTS, failed=gone)
    assert found.conclusions == ["No play was finished, so there is nothing to conclude."]
    assert (found.leaderboard["failed"] == 12).all() and found.leaderboard["growth"].isna().all()


def test_what_is_compared_is_what_both_played_and_luck_they_share_cancels():
    luck = growth((6, 1, 40), seed=3, sd=0.2)
    found = analysed({"a": luck, "b": luck + 0.01})
    row = found.differences.loc["b"]
    assert [row["difference"], row["low"], row["high"]] == pytest.approx([0.4] * 3)
    assert row["p_holm"] < 0.01 < row["mann_whitney"]
    assert found.leaderboard.loc["b", "growth_high"] - found.leaderboard.loc["b", "growth_low"] > 0.5
    assert told(found, "b grew more than a: +0.400 a season")


def test_an_agent_that_does_the_same_cannot_be_told_apart():
    found = analysed({"a": AGENTS["steady"], "b": AGENTS["steady"]})
    row = found.differences.loc["b"]
    assert (row["difference"], row["p"], row["mann_whitney"], row["seasons_needed"]) == (0.0, 1.0, 1.0, np.inf)
    assert found.spa == {"consistent": 1.0, "lower": 1.0, "upper": 1.0}
    assert told(found, "a and b cannot") or told(found, "b and a cannot be told apart: +0.000 a season")


def test_every_agent_tried_counts_compared_or_not():
    agents = {"a": growth(SHAPE, seed=8), "b": growth(SHAPE, seed=9, mean=0.015)}
    alone, many = (analysed(agents, tried=tried) for tried in (2, 41))
    assert many.differences.loc["b", "p_holm"] == pytest.approx(min(1.0, 40 * alone.differences.loc["b", "p_holm"]))
    assert many.leaderboard.loc["b", "deflated_sharpe"] < alone.leaderboard.loc["b", "deflated_sharpe"]
    assert told(many, "after Holm over the 40 that were tried against it")


def test_alone_and_the_only_one_tried_the_sharpe_ratio_is_not_deflated():
    from matchday.statistics import Returns, probabilistic_sharpe

    values = growth((4, 1, 50), seed=10, mean=0.005)
    row = analysed({"a": values}).leaderboard.loc["a"]
    known = Returns(np.expm1(values).ravel())
    expected = probabilistic_sharpe(known.sharpe, observations=200, skewness=known.skewness, kurtosis=known.kurtosis)
    assert row["deflated_sharpe"] == pytest.approx(expected)


def test_seeds_that_share_a_schedule_do_not_make_a_sharpe_ratio_surer():
    values = growth((4, 1, 50), seed=11, mean=0.005)
    one, eight = (analysed({"a": np.repeat(values, n, axis=1)}).leaderboard.loc["a"] for n in (1, 8))
    assert eight["deflated_sharpe"] == pytest.approx(one["deflated_sharpe"], abs=0.01)


def test_the_sentences_say_who_is_better_than_not_betting_and_that_this_may_be_luck():
    found = analysed({"steady": AGENTS["steady"], "burner": growth(SHAPE, seed=12, mean=-0.05)})
    assert told(found, "Better than not betting at all, as far as these plays go: steady")
    assert told(found, "Worse than not betting at all: burner")
    assert told(found, "deflated Sharpe): steady")


def test_the_sentences_say_that_closer_than_the_price_is_not_enough():
    plays, matchdays, calibration = frames({"a": growth(SHAPE, mean=-0.02)})
    matchdays["model_loss"] = matchdays["market_loss"] - 0.1
    found = analyse(
        plays=plays, matchdays=matchdays, calibration=calibration, baseline="a", agents=["a"], resamples=500
    )
    assert told(found, "Forecasts closer to the results than the price: a (−0.0100 log-loss a match")
    assert told(found, "not sufficient: a did not grow.")


@pytest.mark.parametrize(("seeds", "words"), [(2, "overstates significance"), (1, "takes matchdays for independent")])
def test_the_sentences_warn_of_mann_whitney(seeds, words):
    shape = (5, seeds, 30)
    assert told(analysed({"a": growth(shape), "b": growth(shape, seed=1)}), words)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"baseline": "stedy"}, "Baseline 'stedy' is not among the agents compared; did you mean 'steady'?"),
        ({"level": 1.0}, "Intervals of 1.0 from 100 resamples"),
        ({"agents": ["steady", "idle"]}, "Plays of 'gambler', which is not among the agents compared"),
    ],
)
def test_what_cannot_be_analysed_is_refused(changed, message):
    plays, matchdays, calibration = frames(AGENTS)
    asked = {"baseline": "steady", "agents": list(AGENTS), "resamples": 100} | changed
    with pytest.raises(MatchdayError) as error:
        analyse(plays=plays, matchdays=matchdays, calibration=calibration, **asked)
    assert message in str(error.value)


def test_a_play_that_is_there_twice_is_refused():
    plays, matchdays, calibration = frames(AGENTS)
    with pytest.raises(MatchdayError, match="'steady' played 2000-01 with seed 0 twice"):
        analyse(
            plays=pd.concat([plays, plays.head(1)]),
            matchdays=matchdays,
            calibration=calibration,
            baseline="idle",
            agents=list(AGENTS),
        )


def test_statistics_load_without_scipy_or_arch():
    import subprocess
    import sys

    program = "import sys, matchday.statistics; print([name for name in ('scipy', 'arch') if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
