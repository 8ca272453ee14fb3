"""Options that commands share are told, read and checked as if each command had them itself."""

from __future__ import annotations

import inspect
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import pytest
import typer
from typer.testing import CliRunner

from matchday.cli.app import app
from matchday.cli.commands.serve import offered
from matchday.cli.taking import many_seasons, one_season, takes

if TYPE_CHECKING:
    from nowhere import Place

City = Annotated[str, typer.Option(help="Where to go.")]


def place(city: City = "Bath", street: Annotated[int, typer.Option(min=1)] = 1) -> Place:
    return f"{street} {city}"


@takes(place)
def go(who: Annotated[str, typer.Argument()], *, where: Place, fast: bool = False) -> None:
    """Go there."""
    typer.echo(f"{who} to {where}, {'fast' if fast else 'slowly'}")


@pytest.fixture
def run():
    lone = typer.Typer()
    lone.command()(go)
    return lambda *words: CliRunner().invoke(lone, words)


def test_options_that_are_shared_stand_where_the_command_has_what_is_made_of_them():
    assert list(inspect.signature(go).parameters) == ["who", "city", "street", "fast"]
    assert go.__doc__ == "Go there."


def test_a_command_is_handed_what_is_made_of_the_options_and_its_own_beside(run):
    assert run("Ann").output == "Ann to 1 Bath, slowly\n"
    assert run("Ann", "--fast", "--street", "7", "--city", "York").output == "Ann to 7 York, fast\n"


def test_shared_options_are_checked_as_a_commands_own(run):
    assert run("Ann", "--street", "0").exit_code == 2
    assert "Where to go." in run("--help").output


@pytest.mark.parametrize(
    ("command", "first", "last"),
    [
        (["play"], "--season", "--partial"),
        (["compare"], "--season", "--partial"),
        (["tune"], "--seeds", "--partial"),
        (["advise"], "--season", "--seed"),
        (["audit", "lookahead"], "--scenario", "--partial"),
        (["serve", "mcp"], "--scenario", "--files"),
        (["serve", "openreward"], "--scenario", "--files"),
        (["lens"], "--season", "--partial"),
    ],
)
def test_every_command_that_chooses_seasons_tells_how_in_its_help(command, first, last):
    told = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    assert first in told.output and last in told.output


PLACES = ["source", "league", "data", "prices", "bankroll", "seed"]


def test_every_option_says_what_it_is_named_for():
    said = {name: name for name in PLACES}
    chosen = one_season(season="season", scenario="scenario", rule=["rules"], partial="partial", **said)
    known = {**said, "season": "season", "scenario": "scenario", "rules": ["rules"], "partial": "partial"}
    assert asdict(chosen) == {**known, "parameters": {}}
    span = many_seasons(season=["seasons"], scenario=["scenarios"], seeds=3, rule=["rules"], partial="partial", **said)
    assert (span.seasons, span.scenarios, span.seeds) == (["seasons"], ["scenarios"], 3)
    assert asdict(span.choice) == {**known, "season": None, "scenario": None, "parameters": {}}
    offer = offered(
        season=["seasons"], scenario=["scenarios"], seeds=3, rule=["rules"], set_=["source.clubs=4"], **said
    )
    assert (offer.seasons, offer.scenarios, offer.seeds) == (["seasons"], ["scenarios"], 3)
    served = {**known, "season": None, "scenario": None, "partial": False, "parameters": {"clubs": 4}}
    assert asdict(offer.choice) == served
