"""Staking, and the wrappers that shrink it by how sure one is."""
