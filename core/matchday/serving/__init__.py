"""Servers that offer seasons to agents from outside, each over a protocol that others speak too."""
