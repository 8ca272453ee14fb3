"""``matchday fetch``: download a source's files to where the source looks for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from matchday_data.football_data.downloading import Fetched

FETCHABLE = ("football-data",)

#: Paths and prices are printed as they are: neither wrapped, nor coloured, nor read as mark-up.
_PLAIN: dict[str, Any] = {"soft_wrap": True, "highlight": False, "markup": False}


def fetch(
    source: Annotated[str, typer.Argument(help="The source to fetch: football-data.")],
    season: Annotated[
        list[str] | None,
        typer.Option(help="A season as 2023-24; give it several times for several, or: all."),
    ] = None,
    league: Annotated[str, typer.Option(help="The site's code of the league.")] = "E0",
    to: Annotated[Path | None, typer.Option(help="The folder to fill. Default: the download cache.")] = None,
    url: Annotated[str | None, typer.Option(help="The address that stands in for the site's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Download again what is already there.")] = False,
    delay: Annotated[float, typer.Option(min=0.0, help="Seconds between two requests.")] = 1.0,
    retries: Annotated[int, typer.Option(min=0, help="How often a failed request is tried again.")] = 3,
) -> None:
    """Download seasons, all of them unless some are named, into the cache or a folder."""
    from rich.console import Console
    from rich.progress import track

    from matchday.errors import SourceError, did_you_mean
    from matchday_data.football_data.downloading import SITE, TERMS, Download, seasons_until
    from matchday_data.football_data.layout import season_code

    if source not in FETCHABLE:
        raise SourceError(f"Source {source!r} cannot be fetched; {did_you_mean(source, FETCHABLE)}")
    named = [name for name in season or [] if name != "all"]
    for name in named:
        season_code(name)  # refuse a misspelt one even beside: all
    every = not season or "all" in season
    names = [*seasons_until(dt.date.today()), *named] if every else named
    download = Download(league, to=to, url=url or SITE, force=force, delay=delay, retries=retries)
    console = Console()
    console.print(TERMS, **_PLAIN)
    told: Iterable[Fetched] = download.seasons(names, skip_missing=every)
    if console.is_terminal:
        told = track(told, total=len(set(names)), description="fetching", console=console, transient=True)
    for fetched in told:
        console.print(_line(fetched), **_PLAIN)


def _line(fetched: Fetched) -> str:
    if fetched.state == "missing":
        return f"{fetched.season}  not on the site"
    if fetched.state == "failed":
        return f"{fetched.season}  failed: {fetched.reason}"
    matches = f"{fetched.matches} matches" + ("" if fetched.finished else ", unfinished")
    again = "" if fetched.finished or fetched.state == "downloaded" else " (--force fetches it anew)"
    return f"{fetched.season}  {matches}, {fetched.state}{again}: {fetched.path}"
