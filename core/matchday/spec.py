"""What makes a run: everything that has to be the same for the same events to come out."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

import matchday
from matchday.agent import Agent
from matchday.forecastcache.key import code_digest
from matchday.rules import Rules
from matchday.season import Season


class RunSpec(BaseModel):
    """An agent's composition and the code behind it, the season and the data behind that, the rules and the seed.

    ``source_parameters`` is how to load the season again; None for a season that was made in Python.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    agent: dict[str, Any]
    season: str
    competition: str
    source: str
    source_parameters: dict[str, Any] | None
    partial: bool
    data: str
    rules: Rules
    seed: int
    version: str
    code: str = ""

    @classmethod
    def of(
        cls,
        agent: Agent,
        season: Season,
        rules: Rules,
        *,
        seed: int,
        source_parameters: dict[str, Any] | None = None,
        partial: bool = False,
    ) -> RunSpec:
        """Describe a run that is about to be played."""
        return cls(
            agent=agent.spec(),
            season=season.name,
            competition=season.competition,
            source=season.source,
            source_parameters=source_parameters,
            partial=partial,
            data=season.fingerprint,
            rules=rules,
            seed=seed,
            version=matchday.__version__,
            code=code_digest(agent),
        )

    @property
    def key(self) -> str:
        """Sixteen hexadecimal digits, the same for runs that give the same events, wherever the data lie."""
        content = self.model_dump(mode="json", exclude={"source_parameters"})
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
