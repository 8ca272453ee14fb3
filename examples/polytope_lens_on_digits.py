"""What the polytope lens finds on scikit-learn's digits: which of the paper's findings replicate.

python examples/polytope_lens_on_digits.py                                  a quick look at one network
python examples/polytope_lens_on_digits.py --networks 5 --pairs 600 --markdown docs/polytope-lens.md

Every figure stands beside that of an untrained network of the same shape.

Black, S. et al. (2022). Interpreting neural networks through the polytope lens. arXiv:2211.12312.
"""

import argparse
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from monosemanticity_on_digits import clusters, tops
from results_tables import Section, number, publish
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from walk_forward import refuse

from matchday import MatchdayError
from matchday_plugins.lens import PolytopeLens
from matchday_plugins.lens.studies import decision_peak, direction_validity, region_map, semantic_boundaries, untrained

SHAPE, DEEPER = (64, 32), (48, 48, 48)
NAMES = ["boundaries", "peak", "directions", "tops", "clusters", "novelty"]
WHAT = {"crossings": "ways between inputs", "codes": "codes of inputs", "hidden": "from the layer before"}


@dataclass(frozen=True)
class Trained:
    """A network, the digits it was trained on and those it never saw; ``seed`` split them and began its training."""

    seed: int
    model: Pipeline
    seen: np.ndarray
    rows: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, seed, shape):
        """Train on half of the digits."""
        seen, rows, told, labels = train_test_split(*DIGITS, test_size=0.5, random_state=seed, stratify=DIGITS[1])
        model = make_pipeline(StandardScaler(), MLPClassifier(shape, max_iter=300, random_state=seed))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return cls(seed, model.fit(seen, told), seen, rows, labels)

    @property
    def accuracy(self):
        """The share of digits that it never saw and takes for what they are."""
        return self.model.score(self.rows, self.labels)


DIGITS = load_digits(return_X_y=True)


def spread(values, form=".2f"):
    """Write the mean over networks, with the least and the greatest of several."""
    ends = f" [{number(min(values), form)}, {number(max(values), form)}]" if len(values) > 1 else ""
    return number(np.mean(values), form) + ends


def side_by_side(frames, keys, figure, form=".2f"):
    """Write a row a key, and a cell a network kind: a figure's mean over all frames."""
    stacked = pd.concat(frames)
    groups = {key: group.groupby("network")[figure] for key, group in stacked.groupby(keys, sort=False)}
    rows = []
    for key, group in groups.items():
        cells = [spread(group.get_group(kind).tolist(), form) for kind in ("trained", "untrained")]
        rows.append([*map(str, key if isinstance(key, tuple) else (key,)), *cells])
    return rows


def boundary_rows(frames, name):
    """Write the ratios of one kind of network: measure, layer, trained, untrained."""
    rows = side_by_side(frames, ["measure", "layer"], "ratio")
    return [[name, WHAT[measure], layer, *cells] for measure, layer, *cells in rows]


def boundaries(networks, pairs):
    """Compare densities of boundaries by layer, for networks by shape."""
    header, rows, notes = ("network", "counted", "layer", "trained", "untrained"), [], []
    for shape, each in networks.items():
        frames = [
            semantic_boundaries(one.model, one.rows, one.labels, pairs=pairs, seed=one.seed).frame for one in each
        ]
        rows += boundary_rows(frames, shape)
        notes.append(f"{shape}: accuracy on digits not seen {spread([one.accuracy for one in each], '.3f')}.")
    return header, rows, [" ".join(notes)]


def peak_rows(frames):
    """Write the ratios at the decision, and in how many networks a peak is no luck."""
    stacked, rows = pd.concat(frames), []
    for width, *cells in side_by_side(frames, "width", "ratio"):
        window = stacked[stacked["width"] == float(width)].groupby("network")["p"]
        told = [f"{(p < 0.05).sum()} of {len(p)}" for p in map(window.get_group, ("trained", "untrained"))]
        rows.append([f"± {float(width) * 100:.0f} % of the way", *cells, *told])
    return ("around the decision", "trained", "untrained", "p < 0.05, trained", "p < 0.05, untrained"), rows


def direction_rows(frames):
    """Write crossings, changes of class and classes kept, by step of scale."""
    steps = ["scale_from", "scale_to"]
    parts = [side_by_side(frames, steps, name, form) for name, form in zip(FIGURES, (".3g", ".2g", ".0%"), strict=True)]
    rows = []
    for first, changed, kept in zip(*parts, strict=True):
        rows.append([f"{float(first[0]):g} to {float(first[1]):g}", *first[2:], *changed[2:], *kept[2:]])
    return DIRECTIONS, rows


FIGURES = ("crossings", "changes", "kept")
DIRECTIONS = ("scale", *(f"{name}, {kind}" for name in FIGURES for kind in ("trained", "untrained")))


def tops_and_clusters(networks):
    """Compare what units and directions are of one digit, and what clusters are: two tables."""
    first = pd.concat([tops(one.model, one.rows, one.labels, seed=one.seed) for one in networks])
    second = pd.concat([clusters(one.model, one.rows, one.labels, seed=one.seed) for one in networks])
    purity = [[name, spread(group["purity"].tolist()), f"{group['units'].mean():.0f}"] for name, group in by(first)]
    yield ("of", "purity of the top 20", "units"), purity
    rows = []
    for name, group in by(second):
        shares = [spread(group[figure].tolist()) for figure in ("purity", "coverage")]
        rows.append([name, *shares, f"{group['clusters'].mean():.0f}"])
    yield ("clusters of", "purity", "coverage", "clusters"), rows


def by(frame):
    """Go through the groups of a frame's column ``of`` in order."""
    return frame.groupby("of", sort=False)


def novelty(networks):
    """Say which share of digits not seen has a code that no digit that was seen has, and how far it is."""
    rows = []
    for kind in ("trained", "untrained"):
        lenses = [
            PolytopeLens(one.model if kind == "trained" else untrained(one.model, seed=one.seed)) for one in networks
        ]
        far = [lens.novelty(one.rows, one.seen) for lens, one in zip(lenses, networks, strict=True)]
        rows.append(
            [kind, spread([(each > 0).mean() for each in far], ".1%"), spread([np.median(each) for each in far], ".1f")]
        )
    return ("network", "code never seen", "bits to the nearest that was, median"), rows


def sections(networks, pairs):
    """Study networks, by shape; answer the page's tables in their order."""
    told = {f"{len(each[0].model[-1].coefs_) - 1} layers, {listed(shape)}": each for shape, each in networks.items()}
    yield Section("boundaries", "Different classes / same class", *boundaries(told, pairs))
    main = networks[SHAPE]
    peaks = [decision_peak(one.model, one.rows, pairs=pairs, seed=one.seed).frame for one in main]
    yield Section("peak", "At the decision / elsewhere", *peak_rows(peaks))
    scaled = [direction_validity(one.model, one.rows, directions=pairs, seed=one.seed).frame for one in main]
    yield Section("directions", "Scaling a digit", *direction_rows(scaled))
    units, clustered = tops_and_clusters(main)
    yield Section("tops", "Units and directions", *units)
    yield Section("clusters", "Clusters", *clustered)
    yield Section("novelty", "Codes never seen", *novelty(main))


def listed(shape):
    """Write the units of each layer."""
    return "-".join(map(str, shape))


def figures(one, pairs):
    """Draw every study of one network."""
    named = pd.DataFrame(one.rows, columns=[f"row {i // 8}, column {i % 8}" for i in range(64)])
    yield "boundaries", semantic_boundaries(one.model, one.rows, one.labels, pairs=pairs).figure
    yield "peak", decision_peak(one.model, one.rows, pairs=pairs).figure
    yield "directions", direction_validity(one.model, one.rows, directions=pairs).figure
    yield "map", region_map(one.model, named, "row 2, column 5", "row 5, column 2").figure


def write_figures(folder, drawn, *, of):
    """Write figures as pages that open without a network."""
    from plotly.io import write_html

    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in drawn:
        bare = {"data": figure["data"], "layout": {**figure["layout"], "template": {}}}
        height = f"{figure['layout']['height']}px"
        file = folder / f"{of}-{name}.html"
        write_html(bare, file, include_plotlyjs="directory", validate=False, default_height=height)


def options(parser):
    """Add what all studies of the lens take to a command line."""
    parser.add_argument("--networks", type=int, default=1, help="networks with seeds of their own")
    parser.add_argument("--pairs", type=int, default=100, help="pairs, ways and directions")
    parser.add_argument("--markdown", type=Path, help="file to put the tables into, between their markers")
    parser.add_argument("--figures", type=Path, help="folder to write figures into, as HTML")
    return parser


def main():
    """Read the command line, train, study, and print the tables."""
    asked = options(argparse.ArgumentParser(description=__doc__.splitlines()[0])).parse_args()
    if asked.networks < 1:
        refuse(f"--networks is {asked.networks}; rule: at least 1.")
    shapes = [SHAPE, DEEPER] if asked.networks > 1 else [SHAPE]
    networks = {shape: [Trained.of(seed, shape) for seed in range(asked.networks)] for shape in shapes}
    try:
        publish(asked.markdown, sections(networks, asked.pairs), NAMES)
        if asked.figures:
            write_figures(asked.figures, figures(networks[SHAPE][0], asked.pairs), of="digits")
    except MatchdayError as error:
        refuse(error)


if __name__ == "__main__":
    main()
