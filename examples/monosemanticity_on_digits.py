"""Is what a network has in it about one thing? Units, directions and clusters, by the digits that they are about.

python examples/monosemanticity_on_digits.py

*Purity* of a unit or a direction: the share of the commonest digit among the 20 that move it most. Purity of clusters:
the share of digits that are the commonest of their cluster, among those that are in one (*coverage*). Clusters are
HDBSCAN's. Codes are whole bits apart, so that many distances are equal, on which HDBSCAN breaks: a jitter of less than
half a bit, which puts no two distances in another order, makes them differ.

Campello, R. J. G. B., Moulavi, D. & Sander, J. (2013). Density-based clustering based on hierarchical density
estimates. PAKDD, 160-172. Lee, D. D. & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
factorization. Nature 401, 788-791.
"""

import warnings

import numpy as np
import pandas as pd
from sklearn.cluster import HDBSCAN
from sklearn.datasets import load_digits
from sklearn.decomposition import NMF, PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import euclidean_distances
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from matchday_plugins.lens import PolytopeLens
from matchday_plugins.lens.codes import hamming
from matchday_plugins.lens.studies import untrained

TOP, COMPONENTS = 20, 32

#: The least size of a cluster; the leaves of HDBSCAN's tree are taken, for near its root a cluster is everything.
LEAST = 8


def activations(lens, rows):
    """Answer the outputs of all hidden units, (n, units)."""
    *hidden, _ = lens.network.preactivations(lens.prepare(rows))
    return np.maximum(np.hstack(hidden), 0.0)


def top_purity(values, labels):
    """Answer the purity of each column's top 20; columns that fewer rows move are left out."""
    moved = values[:, (values > 0.0).sum(axis=0) >= TOP]
    top = labels[np.argsort(-moved, axis=0, kind="stable")[:TOP]]
    return np.array([np.bincount(column).max() / TOP for column in top.T])


def tops(model, rows, labels, *, seed=0):
    """Compare the mean purity of units and directions: a row each, with ``of``, ``purity`` and ``units``."""
    trained = activations(PolytopeLens(model), rows)
    fresh = activations(PolytopeLens(untrained(model, seed=seed)), rows)
    found = {
        "neurons": trained,
        "neurons, untrained": fresh,
        "PCA of neurons": PCA(COMPONENTS, random_state=seed).fit_transform(trained),
        "NMF of neurons": parts_of(trained),
        "NMF of neurons, untrained": parts_of(fresh),
        "pixels": np.asarray(rows),
        "NMF of pixels": parts_of(np.asarray(rows)),
    }
    purities = {name: top_purity(values, labels) for name, values in found.items()}
    return pd.DataFrame([{"of": name, "purity": each.mean(), "units": len(each)} for name, each in purities.items()])


def parts_of(values):
    """Answer how much of each of 32 parts is in each row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return NMF(COMPONENTS, init="nndsvda", random_state=0, max_iter=300).fit_transform(values)


def clusters(model, rows, labels, *, seed=0):
    """Compare clusters of codes, of activations and of pixels: a row each: ``of, purity, coverage, clusters``."""
    lenses = {"": PolytopeLens(model), ", untrained": PolytopeLens(untrained(model, seed=seed))}
    rng = np.random.default_rng(seed)
    found = []
    for kind, lens in lenses.items():
        codes = lens.spline_codes(lens.prepare(rows))
        found.append((f"codes{kind}", jittered(hamming(codes, codes), rng)))
        found.append((f"activations{kind}", euclidean_distances(activations(lens, rows))))
    found.append(("pixels", euclidean_distances(rows)))
    return pd.DataFrame([{"of": name, **clustered(distances, labels)} for name, distances in found])


def jittered(distances, rng):
    """Add less than half a bit to each distance."""
    jitter = np.triu(rng.uniform(0.0, 0.499, distances.shape), 1)
    return distances + jitter + jitter.T


def clustered(distances, labels):
    """Cluster by distances (n, n), and answer purity, coverage and number of the clusters."""
    finder = HDBSCAN(min_cluster_size=LEAST, metric="precomputed", cluster_selection_method="leaf", copy=True)
    found = finder.fit(np.maximum(distances, 0.0)).labels_
    inside = found >= 0
    commonest = [np.bincount(labels[found == cluster]).max() for cluster in range(found.max() + 1)]
    purity = sum(commonest) / inside.sum() if inside.any() else np.nan
    return {"purity": purity, "coverage": inside.mean(), "clusters": len(commonest)}


def main():
    """Train a network on half of the digits, and print both comparisons on the other half."""
    rows, labels = load_digits(return_X_y=True)
    model = make_pipeline(StandardScaler(), MLPClassifier((64, 32), max_iter=300, random_state=0))
    model.fit(rows[::2], labels[::2])
    for compare in (tops, clusters):
        print(compare(model, rows[1::2], labels[1::2]).round(2).to_string(index=False), end="\n\n")


if __name__ == "__main__":
    main()
