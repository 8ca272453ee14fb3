"""Hybrids: components that run whole agents and make one slip of what they say."""
