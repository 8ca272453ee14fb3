"""How well the guard of novelty notices inputs that have gone wrong, and what it costs where they have not.

python examples/input_faults.py                                              logistic, on the synthetic league
python examples/input_faults.py gbm logistic mlp --data FOLDER --seasons 2014-15:2023-24 --markdown PAGE

A learner of 1X2 is fed a fault on every matchday of a season, anew each time, and fitted to sound inputs. Around it is
the bundled agent ``dixon-coles``, with the learner in place of its model, and the guard behind everything.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from results_tables import Section, between, number, probability, publish
from sklearn.metrics import roc_auc_score
from walk_forward import arguments, each_season, refuse

from matchday import Agent, Catalogue, MatchdayError, Rules, load_agent, play
from matchday.events import ForecastMade, StepTaken
from matchday.markets import MARKETS
from matchday.resampling import block_bootstrap, interval
from matchday.scoring import outcomes

NAMES = ["input-faults", "input-suspected", "input-distances", "input-growth"]
#: Nothing is rounded away; on forecasts of nonsense a staking may fail, and that matchday is left out.
RULES = Rules(bankroll=1e6, without_bet="off", on_failure="sit-out")
GUARD, PREFIX, P = "novelty-guard", "novelty_", "novelty_p"
DISTANCES = ("mahalanobis", "middle", "nearest", "code")
#: Levels of p; the most sound matches suspected where faults are matched; a season's first matchdays; a full matchday.
LEVELS, MATCHED, EARLY, MANY = (0.05, 0.01), 0.05, 3, 5
BET, PERMUTATIONS = ["match_id", "selection"], 500


def filled_in(inputs, known, _rng):
    """Every feature is the mean of the past."""
    return np.broadcast_to(np.nanmean(known, axis=0), inputs.shape)


def permuted(inputs, _known, rng):
    """Features stand in each other's columns."""
    return inputs[:, rng.permutation(inputs.shape[1])]


def six_sigma(inputs, known, rng):
    """One feature, among those known of all the day's matches, is six standard deviations too large."""
    off = inputs.copy()
    column = rng.choice(np.flatnonzero(~np.isnan(inputs).any(axis=0)))
    off[:, column] += 6 * np.nanstd(known[:, column])
    return off


def tripled(inputs, _known, _rng):
    """Everything is three times as large."""
    return 3 * inputs


def forgotten(inputs, _known, _rng):
    """Nothing is known."""
    return np.full_like(inputs, np.nan)


SOUND = "none"
FAULTS = {
    SOUND: None,
    "all features at their mean": filled_in,
    "columns permuted": permuted,
    "one feature + 6 σ": six_sigma,
    "inputs × 3": tripled,
    "no feature known": forgotten,
}


class Faulty:
    """What makes of a learner one that is fed a ``fault``; all of one season that share ``_fits`` are fitted once."""

    def rows(self, day):
        rows, plant = super().rows(day), FAULTS[self.fault]
        if plant is None or self.fitted is None:
            return rows
        used, rng = list(self.fitted.features), np.random.default_rng(day.date.toordinal())
        return rows.assign(**pd.DataFrame(plant(rows[used].to_numpy(), self.fitted.inputs, rng), rows.index, used))

    def _learn(self, today, *, cause):
        if today not in self._fits:
            super()._learn(today, cause=cause)
            self._fits[today] = self._fitted, self._learned
        self._fitted, self._learned = self._fits[today]


def faulty(kind):
    """Make of a kind of learner one that is fed a fault."""

    class Fed(Faulty, kind):
        fault: str = SOUND

        _fits: dict = {}  # noqa: RUF012 - pydantic copies it

    return Fed


def guarded(learner):
    """Make the agent around a learner."""
    chain = load_agent("dixon-coles").components
    return Agent("guarded", [learner, *list(chain.items())[1:], Catalogue().component(GUARD)()])


def last_said(events, hook, *, column, but=""):
    """Answer a number of each bet, as a hook's last step of its matchday has it, steps of ``but`` left out."""
    steps = (each for each in events if isinstance(each, StepTaken) and each.step.hook == hook)
    last = {each.matchday: each.step.frame for each in steps if each.step.component != but}
    frames = [pd.DataFrame({key: frame[key] for key in [*BET, column]}) for frame in last.values()]
    return pd.concat(frames).set_index(BET)[column]


def bets_of(events, season):
    """Answer a play's bets: ``share`` without the guard, the ``left`` of it, ``profit`` of a unit, and ``date``."""
    odds = last_said(events, "find_edges", column="odds")
    bets = last_said(events, "size_stakes", column="share", but=GUARD).to_frame().join(odds)
    won = pd.concat([outcomes(season.played, market) for market in MARKETS], axis=1)
    happened = [bool(won.at[match, selection]) for match, selection in bets.index]
    left = last_said(events, "size_stakes", column="share").reindex(bets.index) / bets["share"]
    dates = season.played["date"].reindex(bets.index.get_level_values("match_id")).to_numpy()
    return bets.assign(left=left, profit=bets["odds"] * happened - 1.0, date=dates, season=season.name)


def told_of(events, season):
    """Answer what the learner said of the inputs of every match that it has an opinion on, a row a match."""
    made = {each.matchday: each.forecast.explanation for each in events if isinstance(each, ForecastMade)}
    told = [said.filter(like=PREFIX).assign(season=season.name, matchday=day) for day, said in made.items()]
    return pd.concat(told).dropna(subset=[P])


def walk(name, models, source):
    """Play a season with every model and fault; answer by (model, fault) what was said of inputs, and the bets."""
    season, found = source.season(name), {}
    for model in models:
        kind, fits = faulty(Catalogue().component(model)), {}
        for fault in FAULTS:
            learner = kind(fault=fault, novelty=True, totals=False, seed=0)
            learner._fits = fits
            events = list(play(guarded(learner), season, RULES))
            found[model, fault] = told_of(events, season), bets_of(events, season)
    return found


def of_all(found, model, fault):
    """Answer what was said of inputs in all seasons, and the bets of all."""
    return tuple(pd.concat(frames) for frames in zip(*(each[model, fault] for each in found), strict=True))


def noticed(found):
    """Make the table of how many matches are unusual, and how much less is staked, a row a model and fault."""
    rows, matched = [], {}
    for model, fault in found[0]:
        told, bets = of_all(found, model, fault)
        if fault == SOUND:  # which comes first
            matched[model] = max(p for p in (0.0, *told[P]) if (told[P] <= p).mean() <= MATCHED)
        cut = 1.0 - (bets["share"] * bets["left"]).sum() / bets["share"].sum()
        rates = [number((told[P] <= level).mean(), ".1%") for level in (*LEVELS, matched[model])]
        rows.append([f"`{model}`", fault, *rates, number(cut, ".0%"), f"{len(told):,}"])
    header = ("model", "fault", *(f"p ≤ {level}" for level in LEVELS), "matched", "staked less", "matches")
    limits = ", ".join(f"{p:.3f} (`{model}`)" for model, p in matched.items())
    return header, rows, [f"Matched: p ≤ {limits}, which at most {number(MATCHED, '.0%')} of the sound matches have."]


def suspected(found):
    """Make the table of when sound inputs are suspected, a row a model."""
    rows = []
    for model in dict.fromkeys(model for model, _ in found[0]):
        told = of_all(found, model, SOUND)[0]
        small, early = told[P] <= LEVELS[0], told["matchday"] <= EARLY
        by_season, by_day = small.groupby(told["season"]).mean(), small.groupby([told["season"], told["matchday"]])
        whole = by_day.mean()[by_day.size() >= MANY] == 1.0
        rates = [number(each, ".1%") for each in (small[early].mean(), small[~early].mean(), *by_season)]
        rows.append([f"`{model}`", *rates, f"{whole.sum()} of {len(whole)}"])
    return ("model", f"matchdays 1 to {EARLY}", "later ones", *by_season.index, "whole matchdays"), rows


def told_apart(found):
    """Make the table of how well distances tell faulty inputs from sound ones: areas under the ROC curve."""
    rows = []
    for model, fault in found[0]:
        if fault != SOUND:
            told = pd.concat([of_all(found, model, each)[0] for each in (SOUND, fault)], keys=(0, 1))
            ranks = told.reindex(columns=[f"{PREFIX}{name}" for name in DISTANCES]).assign(
                score=lambda x: x.max(axis=1)
            )
            wrong = told.index.get_level_values(0)
            areas = [np.nan if rank.isna().any() else roc_auc_score(wrong, rank) for _, rank in ranks.items()]
            rows.append([f"`{model}`", fault, *(number(area, ".2f") for area in areas)])
    return ("model", "fault", *(f"`{name}`" for name in DISTANCES), "score"), rows


def growth(bets, left):
    """Answer the log growth of each matchday, index season and date, with shares multiplied by ``left``."""
    gains = (bets["share"] * left * bets["profit"]).groupby([bets["season"], bets["date"]]).sum()
    return np.log1p(gains)


def with_interval(days):
    """Write the mean of seasons' sums of matchdays' growth, and its 95 % interval: matchdays are resampled."""
    labels = days.index.to_frame()
    drawn = block_bootstrap(days.to_numpy(), labels["date"], groups=labels["season"], rng=np.random.default_rng(0))
    a_season = len(days) / labels["season"].nunique()
    return between(days.mean() * a_season, *(a_season * np.array(interval(drawn))), "+.3f")


def shuffled(bets, rng):
    """Answer what is left of the bets, that of each match dealt at random to a match of the same season."""
    by_match = bets.groupby(["season", "match_id"])["left"].first()
    dealt = by_match.groupby("season").transform(lambda left: rng.permutation(left.to_numpy()))
    return dealt.droplevel("season").reindex(bets.index.get_level_values("match_id")).to_numpy()


def worth(found):
    """Make the table of growth a season on sound inputs, with the guard, and with what it left dealt at random."""
    rows, rng = [], np.random.default_rng(0)
    for model in dict.fromkeys(model for model, _ in found[0]):
        _, bets = of_all(found, model, SOUND)
        without, guarded_ = growth(bets, 1.0), growth(bets, bets["left"])
        seasons = bets["season"].nunique()
        dealt = np.array([growth(bets, shuffled(bets, rng)).sum() for _ in range(PERMUTATIONS)]) / seasons
        p = (1 + (dealt >= guarded_.sum() / seasons).sum()) / (1 + PERMUTATIONS)
        low, high = np.quantile(dealt, [0.025, 0.975])
        cells = [with_interval(each) for each in (without, guarded_, guarded_ - without)]
        rows.append([f"`{model}`", *cells, between(dealt.mean(), low, high, "+.3f"), probability(p)])
    return ("model", "without", "with the guard", "difference", "permuted", "p"), rows


def sections(asked):
    """Play what is asked for, and answer the page's tables in their order."""
    found = each_season(walk, asked, asked.models)
    yield Section("input-faults", "Faults noticed, and sound inputs suspected", *noticed(found))
    yield Section("input-suspected", "Sound inputs suspected, and when", *suspected(found))
    title = "Faulty inputs told from sound ones: area under the ROC curve"
    yield Section("input-distances", title, *told_apart(found))
    yield Section("input-growth", "Log growth a season, inputs sound", *worth(found))


def main():
    """Read the command line, play, and print the tables."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=["logistic"], help="learners: gbm, logistic, mlp")
    parser.add_argument("--seasons", default="2023-24:2023-24", help="first:last, or one")
    parser.add_argument("--markdown", type=Path, help="file to put the tables into, between their markers")
    asked = parser.parse_args()
    if asked.markdown and not asked.data:
        refuse(f"--markdown {asked.markdown} is a page of real seasons; rule: with --data FOLDER.")
    try:
        publish(asked.markdown, sections(asked), NAMES)
    except MatchdayError as error:
        refuse(error)


if __name__ == "__main__":
    main()
