"""A comparison: the plays of several agents side by side, as tidy frames, and what may be concluded from them."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from matchday.catalogue import Catalogue
from matchday.comparison.schedule import schedule_id
from matchday.money import to_units
from matchday.scenario import Published, Scenario
from matchday.spec import RunSpec
from matchday.store import Store
from matchday.tuned import searches, tries
from matchday.wording import listed

if TYPE_CHECKING:
    from matchday.statistics import Analysis

#: Packages whose versions a report tells.
PACKAGES = ("matchday", "numpy", "pandas", "scipy", "scikit-learn", "lightgbm")

#: Columns of the leaderboard that a notebook shows; the object has them all.
IN_NOTEBOOKS = ("plays", "growth", "growth_low", "growth_high", "chance", "roi", "bets", "yield_", "clv", "excess")


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Comparison:
    """Agents compared; docs/comparing.md describes the frames' columns, docs/statistics.md the figures.

    ``agents`` has each agent's composition by its name, ``baseline`` is the one the others are compared with. ``plays``
    has a row a play, those that failed included; ``matchdays``, ``calibration`` and ``breakdown`` what was measured of
    the others, matchday by matchday, bin by bin and by kind of bet. ``specs`` describe the runs.
    """

    agents: Mapping[str, Mapping[str, Any]]
    baseline: str
    plays: pd.DataFrame
    matchdays: pd.DataFrame
    calibration: pd.DataFrame
    breakdown: pd.DataFrame
    specs: Sequence[RunSpec]
    store: Store

    @cached_property
    def analysis(self) -> Analysis:
        """The statistics, worked out when first asked for."""
        from matchday.statistics import analyse

        return analyse(
            plays=self.plays,
            matchdays=self.matchdays,
            calibration=self.calibration,
            baseline=self.baseline,
            agents=list(self.agents),
            tried=self.tried,
        )

    @property
    def leaderboard(self) -> pd.DataFrame:
        """A row an agent, those that grew most first."""
        return self.analysis.leaderboard

    @property
    def differences(self) -> pd.DataFrame:
        """A row an agent other than the baseline: how it did against it on the same schedules."""
        return self.analysis.differences

    @property
    def spa(self) -> dict[str, float] | None:
        """The p-values of Hansen's test that no agent is better than the baseline."""
        return self.analysis.spa

    @property
    def conclusions(self) -> list[str]:
        """What can be said, and what cannot."""
        flattered = [
            f"{agent} was tuned on {listed(seasons, most=6)}: what it did there is in-sample, and no evidence."
            for agent, seasons in self.in_sample.items()
        ]
        return [*flattered, *self.analysis.conclusions]

    def bets(self, most: int | None = None) -> pd.DataFrame:
        """Read bets from the store, a row each, money in currency units: all, or the first plays' that are enough."""
        parts: list[pd.DataFrame] = []
        for play in self.plays[self.plays["status"] != "failed"].to_dict("records"):
            if most is not None and sum(map(len, parts)) >= most:
                break
            bets = self.store.frame("bets", play["run_id"])
            dates = self.store.frame("matchdays", play["run_id"]).set_index("matchday")["date"]
            bets.insert(0, "date", pd.to_datetime(bets["matchday"].map(dates)))
            for name in ("schedule", "seed", "season", "agent"):
                bets.insert(0, name, play[name])
            parts.append(bets.assign(profit=bets["payout"] - bets["stake"]))
        if not parts:
            return pd.DataFrame()
        everything = pd.concat(parts, ignore_index=True)
        money = {name: to_units(everything[name].to_numpy()) for name in ("stake", "payout", "profit")}
        return everything.assign(**money)

    @cached_property
    def scenarios(self) -> list[Scenario]:
        """The scenarios of the catalogue that were played: their season, from their bankroll."""
        catalogue = Catalogue()
        played = {(spec.source, spec.competition, spec.season, spec.rules.bankroll) for spec in self.specs}
        known = [catalogue.load("scenario", name) for name in catalogue.names("scenario")]
        return [each for each in known if (each.source, each.competition, each.season, each.bankroll) in played]

    @property
    def published(self) -> tuple[Published, ...]:
        """What others have published of a scenario that was played; replayed by nobody, and not counted alike."""
        return tuple(row for scenario in self.scenarios for row in scenario.published)

    @property
    def published_source(self) -> str:
        """Where the published rows come from."""
        return " ".join(scenario.publication for scenario in self.scenarios if scenario.published)

    @cached_property
    def tried(self) -> int:
        """The number of different agents on record for these schedules, those compared included.

        An agent whose parameters come from a search counts as all that were tried there.
        """
        schedules = set(self.plays["schedule"])
        beside = (each for each in self.store.specs() if schedule_id(each.data, each.rules) in schedules)
        seen: dict[str, int] = {}
        for spec in (*self.specs, *beside):
            agent = composition(spec.agent)
            seen[agent] = max(seen.get(agent, 1), tries(spec.agent))
        return sum(seen.values())

    @property
    def in_sample(self) -> dict[str, list[str]]:
        """The seasons played on which an agent's parameters were chosen, by agent; those without any are left out."""
        played = {(spec.source, spec.competition, spec.season) for spec in self.specs}
        return {
            name: seen
            for name, agent in self.agents.items()
            if (seen := sorted(each[2] for each in played if _saw(agent, *each)))
        }

    @property
    def about(self) -> dict[str, str]:
        """The small print: versions, data and rules."""
        versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
        seen: dict[str, set[str]] = {}
        for spec in self.specs:
            seen.setdefault(f"{spec.competition} {spec.season} of {spec.source}", set()).add(spec.data)
        data = [f"{name} ({_one_or_many(marks)})" for name, marks in sorted(seen.items())]
        rules = {spec.rules.model_dump_json() for spec in self.specs}
        return {
            "versions": f"Python {platform.python_version()}, {versions}",
            "data": "; ".join(data),
            "rules": "; ".join(sorted(rules)),
            "seeds": ", ".join(map(str, sorted({spec.seed for spec in self.specs}))),
        }

    def report(self, path: str | Path) -> None:
        """Write the comparison as one HTML file that opens without a network."""
        from matchday.report import write_report

        write_report(self, path)

    def __repr__(self) -> str:
        """Say what was compared, without the frames."""
        return f"Comparison({', '.join(self.agents)}: {len(self.plays)} plays, baseline {self.baseline})"

    def _repr_html_(self) -> str:
        """Show the leaderboard and the conclusions in a notebook."""
        import html

        said = "".join(f"<li>{html.escape(line)}</li>" for line in self.conclusions)
        shown = self.leaderboard[list(IN_NOTEBOOKS)]
        return f"{shown.to_html(float_format='{:+.3f}'.format, na_rep='–')}<ul>{said}</ul>"


def _saw(agent: Mapping[str, Any], source: str, competition: str, season: str) -> bool:
    return any(each.saw(source=source, competition=competition, season=season) for each in searches(agent))


def _one_or_many(fingerprints: set[str]) -> str:
    return next(iter(fingerprints)) if len(fingerprints) == 1 else f"{len(fingerprints)} leagues"


def composition(agent: Mapping[str, Any]) -> str:
    """Write what an agent is made of, whatever it is called."""
    return repr(agent.get("component"))
