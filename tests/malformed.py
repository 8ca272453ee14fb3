"""What no client would send to a server of seasons: odd values, and bodies that are no JSON or JSON of another shape."""

import json
from random import Random

from matchday.serving.guard import LARGEST

ODDITIES = [
    None, True, -1, 0, 2**70, 1e308, float("nan"), float("inf"), "", "x" * 300, "\ud800", [], {}, [[]] * 9, {"": {}},
    {"self": 1}, {"name": None}, {"task": None}, {"episode": "nobody"}, {"bets": [{}] * 600}, {"matchday": 99},
    {"stake": "all"}, {"stake": float("nan")}, {"match_id": "\ud800", "selection": "\ud800", "stake": 1},
    {"model": {"a": 1}}, {"model": "\ud800"}, {"\ud800": 1},
]  # fmt: skip

METHODS = ["POST"] * 9 + ["GET", "PUT", "DELETE", "BREW"]


def body(chance: Random, request: object) -> bytes:
    """One half of the time a request, in which chance has put oddities; else bytes, an oddity, or something too large."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    if kind == 1:
        return b"[" * chance.choice([10, 20_000])
    if kind == 2:
        return json.dumps(chance.choice(ODDITIES)).encode()
    if kind == 3 and chance.random() < 0.02:
        return b'{"name": "' + b"x" * (LARGEST + 1) + b'"}'
    return json.dumps(request).encode()
