"""Models: they answer ``forecast``."""
