"""A scikit-learn estimator as a model: any classifier with predict_proba, on features of the past alone.

python examples/scikit_learn.py

``sklearn`` keeps the estimator's import path and its parameters, so that the same model can stand in a TOML file:

    use = "sklearn"
    estimator = "sklearn.naive_bayes:GaussianNB"
"""

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from matchday import Agent, Catalogue, play, summarise


def bettor(estimator):
    """Make an agent that bets on what an estimator says."""
    catalogue = Catalogue()
    model = catalogue.component("sklearn")(estimator=estimator)  # is told everything, and refits as the season unfolds
    value = catalogue.component("value")(minimum_edge=0.05)
    stakes = catalogue.component("proportional")(fraction=0.01)
    return Agent("scikit-learn", [("learner", model), value, stakes])


if __name__ == "__main__":
    season = Catalogue().load("source", "synthetic")(history=2).season("2023-24")
    for strength in (1.0, 0.01):
        estimator = make_pipeline(StandardScaler(), LogisticRegression(C=strength))
        summary = summarise(play(bettor(estimator), season), season)
        losses = f"log-loss {summary.model_log_loss:.4f}, the price {summary.market_log_loss:.4f}"
        print(f"C = {strength:<4g}  {losses}  ROI {summary.roi:+.1%}")
