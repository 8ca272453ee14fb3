"""``matchday fetch``: download a source's files to where the source looks for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from matchday_data.downloading import Download, Fetched

FETCHABLE = ("football-data", "players")

#: Paths and prices are printed as they are: neither wrapped, nor coloured, nor read as mark-up.
_PLAIN: dict[str, Any] = {"soft_wrap": True, "highlight": False, "markup": False}


def fetch(
    source: Annotated[str, typer.Argument(help="What to fetch: football-data, or players (the rows of player data).")],
    season: Annotated[
        list[str] | None,
        typer.Option(help="A season as 2023-24; give it several times for several, or: all."),
    ] = None,
    league: Annotated[str | None, typer.Option(help="The site's code of the league. Default: E0.")] = None,
    to: Annotated[Path | None, typer.Option(help="The folder to fill. Default: the download cache.")] = None,
    url: Annotated[str | None, typer.Option(help="The address that stands in for the site's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Download again what is already there.")] = False,
    delay: Annotated[float, typer.Option(min=0.0, help="Seconds between two requests.")] = 1.0,
    retries: Annotated[int, typer.Option(min=0, help="How often a failed request is tried again.")] = 3,
) -> None:
    """Download seasons, all of them unless some are named, into the cache or a folder."""
    from rich.console import Console
    from rich.progress import track

    from matchday_data.downloading import seasons_until

    chosen: dict[str, Any] = {"to": to, "force": force, "delay": delay, "retries": retries}
    chosen |= {} if url is None else {"url": url}
    download, terms, first_year = _visit(source, league, chosen)
    named = [name for name in season or [] if name != "all"]
    for name in named:
        download.check(name)  # refuse a misspelt one even beside: all
    every = not season or "all" in season
    names = [*seasons_until(dt.date.today(), first_year=first_year), *named] if every else named
    console = Console()
    console.print(terms, **_PLAIN)
    told: Iterable[Fetched] = download.seasons(names, skip_missing=every)
    if console.is_terminal:
        told = track(told, total=len(set(names)), description="fetching", console=console, transient=True)
    for fetched in told:
        console.print(_line(fetched), **_PLAIN)


def _visit(source: str, league: str | None, chosen: dict[str, Any]) -> tuple[Download, str, int]:
    """Choose the site to visit, its terms, and the year of its first season."""
    from matchday.errors import SourceError, did_you_mean
    from matchday_data.football_data import dates, downloading
    from matchday_data.players import downloading as players
    from matchday_data.players import layout

    if source == "football-data":
        visit = downloading.SeasonDownload(league=league or "E0", **chosen)
        return visit, downloading.TERMS, dates.FIRST_YEAR
    if source != "players":
        raise SourceError(f"Source {source!r} cannot be fetched; {did_you_mean(source, FETCHABLE)}")
    if league not in {None, layout.LEAGUE}:
        raise SourceError(f"Player rows of league {league!r} are not in the archive; leave out --league.")
    return players.PlayerDownload(**chosen), players.TERMS, layout.FIRST_YEAR


def _line(fetched: Fetched) -> str:
    if fetched.state == "missing":
        return f"{fetched.season}  not on the site"
    if fetched.state == "failed":
        return f"{fetched.season}  failed: {fetched.reason}"
    matches = f"{fetched.matches} matches" + ("" if fetched.finished else ", unfinished")
    rows = f", {fetched.rows:,} player rows" if fetched.rows else ""
    again = "" if fetched.finished or fetched.state == "downloaded" else " (--force fetches it anew)"
    return f"{fetched.season}  {matches}{rows}, {fetched.state}{again}: {fetched.path}"
