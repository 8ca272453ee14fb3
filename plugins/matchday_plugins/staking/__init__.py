"""Staking, and the wrappers that shrink, cap and veto it."""
