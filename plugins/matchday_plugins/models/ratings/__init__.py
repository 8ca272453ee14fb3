"""What the rating models share: tables of ratings, the walk through a history, the link to probabilities, the base."""
