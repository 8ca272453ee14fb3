"""What was found, as one object for programs."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from matchday_plugins.lens.report.findings import Findings


def as_object(found: Findings) -> dict[str, Any]:
    """Write the findings as JSON can hold them; what is not known, or without bound, is None.

    Every polytope is there with its matches and its rules; every match with its nearest boundary.
    """
    specimen = found.specimen
    return {
        "model": specimen.model,
        "market": specimen.market.name,
        "network": specimen.network,
        "networks": specimen.networks,
        "hidden": list(specimen.lens.hidden),
        "inputs": list(specimen.names),
        "fitted_on": specimen.fitted_on.isoformat(),
        "learned_from": specimen.learned,
        "matches": _records(found.matches.join(found.boundaries).reset_index()),
        "untrained_polytopes": found.twin,
        "alone": found.alone,
        "polytopes": [_polytope(found, number) for number in found.polytopes.index],
        "units": _records(found.units[["matches", "on"]].reset_index()),
        "studies": {name: _records(study.frame) for name, study in found.studies.items()},
        "missing": dict(found.missing),
        "map": list(found.axes),
    }


def _polytope(found: Findings, number: int) -> dict[str, Any]:
    own = _records(found.polytopes.loc[[number]].reset_index())[0]
    rules = {name: _records(found.rules_of(name).loc[[number]])[0] for name in found.specimen.contrasts}
    return {**own, "rules": rules}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
