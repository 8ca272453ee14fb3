"""What the goal models share: likelihood, fit, prior, score grid, and the base of the components."""
