"""Blends: they make one forecast of several."""
