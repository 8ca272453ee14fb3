"""Edge rules: they choose the candidate bets."""
