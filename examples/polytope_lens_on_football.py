"""What the polytope lens finds in networks that forecast matches, beside their untrained twins.

python examples/polytope_lens_on_football.py                                a quick look, on the synthetic league
python examples/polytope_lens_on_football.py --data FOLDER --networks 5 --pairs 1000 --markdown docs/polytope-lens.md

The ``mlp`` is fitted on the morning of a season's first matchday, to all matches before it, which are the inputs.
Classes are outcomes: those that the network takes a match for, or those that came of it.
"""

import numpy as np
import pandas as pd
from polytope_lens_on_digits import (
    boundary_rows,
    direction_rows,
    listed,
    options,
    peak_rows,
    spread,
    write_figures,
)
from results_tables import Section, publish
from walk_forward import arguments, refuse, source_of

from matchday import Episode, MatchdayError
from matchday.episode import steps
from matchday.markets import MATCH_RESULT
from matchday_plugins.lens import PolytopeLens
from matchday_plugins.lens.studies import decision_peak, direction_validity, region_map, semantic_boundaries, untrained
from matchday_plugins.models.mlp import MLP

SHAPES = ([8], [16, 8])  # the bundled one first
NAMES = ["football-boundaries", "football-peak", "football-units", "football-directions"]
X, Y = "elo_gap", "home_shots_for"


def fitted(season, hidden, networks):
    """Fit an ``mlp`` as it is on the morning of a season's first matchday."""
    model = MLP(hidden=hidden, networks=networks, totals=False, seed=0)
    episode = Episode(season)
    model.season_opened(episode.begin())
    model.forecast(next(iter(steps(episode))).day)
    if model.fitted is None:
        raise MatchdayError(f"{season.name}: too few matches before it for the mlp to learn from; name a later season.")
    return model.fitted


def inputs_of(fit):
    """Answer the matches that a fit learned from, with features by name; NaN: not known."""
    return pd.DataFrame(fit.inputs, columns=list(fit.features))


def boundaries(fits, pairs):
    """Compare densities of boundaries between outcomes, as forecast and as they came."""
    rows, notes = [], []
    for hidden, fit in fits.items():
        notes.append(f"{hidden}: {forecast_shares(fit)}.")
        for classes, told in ((None, "as forecast"), (fit.outcomes[MATCH_RESULT.name], "as it ended")):
            inputs = inputs_of(fit)
            frames = [semantic_boundaries(m, inputs, classes, pairs=pairs, seed=k).frame for k, m in networks(fit)]
            kept = [frame[(frame["measure"] == "crossings") & (frame["layer"] != "all")] for frame in frames]
            rows += [[name, told, *row] for name, _, *row in boundary_rows(kept, hidden)]
    return ("hidden", "outcome", "layer", "trained", "untrained"), rows, [" ".join(notes)]


def forecast_shares(fit):
    """Say which share of matches is forecast for which outcome."""
    taken = [model.predict(fit.inputs) for _, model in networks(fit)]
    names = enumerate(MATCH_RESULT.selections)
    return ", ".join(f"forecast {name} {spread([(each == k).mean() for each in taken], '.0%')}" for k, name in names)


def networks(fit):
    """Number a fit's networks."""
    return enumerate(fit.estimators[MATCH_RESULT.name])


def along(model, inputs):
    """Say how far the first layer's units look along the way from an away win to a home win: |cosine|, (units,)."""
    lens = PolytopeLens(model)
    slope = lens.affine_map(lens.prepare(inputs.to_numpy()[:1000]))[0].mean(axis=0)
    way, units = slope[:, 0] - slope[:, 2], lens.network.weights[0]
    return np.abs(way @ units) / (np.linalg.norm(way) * np.linalg.norm(units, axis=0))


def units(fits):
    """Compare how units look along that way, in networks by their hidden layers."""
    rows = []
    for hidden, fit in fits.items():
        inputs = inputs_of(fit)
        pairs = [(model, untrained(model, seed=k)) for k, model in networks(fit)]
        cosines = zip(*([np.median(along(each, inputs)) for each in pair] for pair in pairs), strict=True)
        rows.append([hidden, *map(spread, cosines)])
    return ("hidden", "trained", "untrained"), rows


def sections(fits, pairs):
    """Study fits by their hidden layers, and answer the page's tables in their order."""
    yield Section("football-boundaries", "Different outcomes / same outcome", *boundaries(fits, pairs))
    fit = fits[listed(SHAPES[-1])]
    inputs = inputs_of(fit)
    peaks = [decision_peak(model, inputs, pairs=pairs, seed=k).frame for k, model in networks(fit)]
    yield Section("football-peak", "At the decision / elsewhere", *peak_rows(peaks))
    yield Section("football-units", "Units along the way from away to home, median |cosine|", *units(fits))
    frames = [direction_validity(model, inputs, directions=pairs, seed=k).frame for k, model in networks(fit)]
    note = f"{fit.matches:,} matches from {fit.first} to {fit.last}, {len(fit.features)} features."
    yield Section("football-directions", "Scaling a match", *direction_rows(frames), [note])


def figures(fit, pairs):
    """Draw the studies of a fit's first network; the map half-way between mean matches of each outcome as forecast."""
    model, inputs = fit.estimators[MATCH_RESULT.name][0], inputs_of(fit)
    yield "boundaries", semantic_boundaries(model, inputs, pairs=pairs).figure
    yield "directions", direction_validity(model, inputs, directions=pairs).figure
    between = inputs.groupby(model.predict(inputs.to_numpy())).mean().mean()
    yield "map", region_map(model, inputs, X, Y, at=between, labels=MATCH_RESULT.selections).figure


def main():
    """Read the command line, fit, study, and print the tables."""
    parser = options(arguments(__doc__.splitlines()[0]))
    parser.add_argument("--season", default="2023-24", help="the networks learn from all that is before it")
    asked = parser.parse_args()
    if asked.markdown and not asked.data:
        refuse(f"--markdown {asked.markdown} is a page of real seasons; rule: with --data FOLDER.")
    try:
        season = source_of(asked, asked.season).season(asked.season)
        fits = {listed(hidden): fitted(season, hidden, asked.networks) for hidden in SHAPES}
        publish(asked.markdown, sections(fits, asked.pairs), NAMES)
        if asked.figures:
            write_figures(asked.figures, figures(fits[listed(SHAPES[-1])], asked.pairs), of="football")
    except MatchdayError as error:
        refuse(error)


if __name__ == "__main__":
    main()
