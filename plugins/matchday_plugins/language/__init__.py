"""Somebody outside has a say: language models behind an endpoint, programs, and people."""
