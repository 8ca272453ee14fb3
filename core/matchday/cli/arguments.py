"""The options that several commands take, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchday.errors import MatchdayError

AgentTarget = Annotated[str, typer.Argument(help="A bundled agent's name, or a TOML file.")]
Season = Annotated[str | None, typer.Option(help="Season to play, as 2023-24. Default: the latest.")]
Seasons = Annotated[
    list[str] | None,
    typer.Option(help="Season, as 2023-24, or a range, as 2014-15:2023-24; repeat for more. Default: the latest."),
]
Scenario = Annotated[str | None, typer.Option(help="A named season with its starting bankroll.")]
Scenarios = Annotated[
    list[str] | None, typer.Option(help="A named season with its starting bankroll; repeat for more.")
]
Seeds = Annotated[
    int | None,
    typer.Option(min=1, help="Seeds to play each season with. Default: 1; 10 where no season is named either."),
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes that play at a time. Default: one a core.")]
Source = Annotated[
    str | None,
    typer.Option(
        help="Where seasons come from. Default: synthetic; football-data with --data, --season, --league, --scenario."
    ),
]
Data = Annotated[Path | None, typer.Option(help="Folder of season files, for sources that read one.")]
League = Annotated[str | None, typer.Option(help="Competition, as the source writes it, e.g. E0.")]
Prices = Annotated[str | None, typer.Option(help="Price policy. Default: closing.")]
Bankroll = Annotated[float | None, typer.Option(help="Starting bankroll. Default: 100.")]
Rule = Annotated[list[str] | None, typer.Option(help="Rule as NAME=VALUE; repeat for more.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of the run, and of the synthetic league.")]
FirstSeed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The first seed, and a search's own.")]
StoreAt = Annotated[
    str,
    typer.Option("--store", envvar="MATCHDAY_STORE", help="Run store: a SQLite file, or a SQLAlchemy URL."),
]
Partial = Annotated[bool, typer.Option("--partial", help="Take an unfinished season as far as it goes.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Parameter as component.parameter=value, of an agent inside as member/component.parameter=value, or "
        "source.parameter=value; repeat for more.",
    ),
]
SetSource = Annotated[
    list[str] | None, typer.Option("--set", help="Parameter as source.parameter=value; repeat for more.")
]
Forecasts = Annotated[
    Path | None,
    typer.Option(help="Folder to keep the models' forecasts in, and to take those from that are there."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Explain = Annotated[bool, typer.Option("--explain", help="Tell why each bet was placed as it was.")]


def refuse_both(option: str, given: bool, *, beside: str = "--explain") -> None:
    """Refuse an option that prints something else than the one it stands beside does."""
    if given:
        raise MatchdayError(f"{beside} and {option} print different things; leave one out.")
