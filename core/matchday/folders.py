"""Where on the user's machine things are kept that can be had again: downloads, answers."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Answer the folder where things of a kind are kept: ``name`` in ``MATCHDAY_CACHE`` or in the user's cache."""
    if os.environ.get("MATCHDAY_CACHE"):
        return Path(os.environ["MATCHDAY_CACHE"]) / name
    import pooch  # imported late: the command line need not pay for it

    return Path(pooch.os_cache("matchday")) / name
