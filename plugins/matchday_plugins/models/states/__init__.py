"""Abilities that move: the states of a dynamic model, and the filter that follows them."""
