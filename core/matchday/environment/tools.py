"""The tools: their names, what they are for, what they take, and what they do at a seat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from matchday.environment import views
from matchday.environment.arguments import (
    Arguments,
    CancelBet,
    ForecastMatches,
    NextMatchday,
    PlaceBet,
    PlaceBets,
    ViewBankroll,
    ViewHistory,
    ViewMatches,
)
from matchday.errors import MatchdayError, did_you_mean, explain, short
from matchday.wording import printable

if TYPE_CHECKING:
    from matchday.environment.seat import Seat

NEXT = "next_matchday"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: ``use(seat, arguments)`` answers text, or raises ``MatchdayError`` with nothing changed.

    The tool that moves the clock has no ``use``: whoever has the clock does that.
    """

    name: str
    description: str
    arguments: type[Arguments]
    use: Callable[[Seat, Any], str] | None = None

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments, an object also where it takes none; no part refers to another."""
        whole = self.arguments.model_json_schema()
        schema: dict[str, Any] = _spelled_out(whole, whole.pop("$defs", {}))
        schema.pop("description", None)
        schema.pop("title", None)
        return {"type": "object", "properties": {}, **schema}

    def as_function(self) -> dict[str, Any]:
        """Write it as chat-completion APIs take tools."""
        function = {"name": self.name, "description": self.description, "parameters": self.schema}
        return {"type": "function", "function": function}


def _spelled_out(part: Any, definitions: Mapping[str, Any]) -> Any:
    """Put what a schema refers to in its place: not every endpoint of a language model follows references."""
    if isinstance(part, list):
        return [_spelled_out(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _spelled_out(definitions[part["$ref"].rpartition("/")[2]], definitions)
    return {name: _spelled_out(each, definitions) for name, each in part.items()}


def _all_printable(value: Any) -> Any:
    """Make every text in arguments printable, at any depth."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {_all_printable(key): _all_printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_all_printable(each) for each in value]
    return value


def read(tools: Sequence[Tool], name: str, arguments: Mapping[str, Any] | None) -> tuple[Tool, Arguments]:
    """Look up a tool and read its arguments; raises ``MatchdayError`` in one line."""
    known = {tool.name: tool for tool in tools}
    if name not in known:
        raise MatchdayError(f"there is no tool {name!r}; {did_you_mean(str(name), known)}")
    tool, asked = known[name], {} if arguments is None else arguments
    if not isinstance(asked, Mapping):
        raise MatchdayError(f"{name}: arguments = {short(asked)}; rule: an object of names and values.")
    try:
        return tool, tool.arguments.model_validate(_all_printable(asked))
    except ValidationError as error:
        raise MatchdayError(f"{name}: {explain(error, tool.arguments)}") from error


def _place(seat: Seat, *bets: PlaceBet) -> str:
    seat.desk.place([bet.wager for bet in bets])
    return views.desk(seat.desk)


def _cancel(seat: Seat, asked: CancelBet) -> str:
    gone = seat.desk.cancel(asked.match_id, asked.selection)
    return f"Cancelled {len(gone)} bet{'s' * (len(gone) != 1)}.\n{views.desk(seat.desk)}"


def _forecast(seat: Seat, asked: ForecastMatches) -> str:
    return views.forecast(seat.forecasters.forecast(asked.model, asked.parameters))


VIEW_MATCHES = Tool(
    "view_matches",
    "Show the matches of this matchday with the decimal odds on offer, as CSV. A blank price is not on offer.",
    ViewMatches,
    lambda seat, asked: views.matches(seat, quotes=asked.quotes),
)
VIEW_HISTORY = Tool(
    "view_history",
    "Show what is known of the past, as CSV, page by page: results, statistics, odds, players. Nothing of this "
    "matchday's results or of later ones is in it.",
    ViewHistory,
    lambda seat, asked: views.history(seat, asked),
)
VIEW_BANKROLL = Tool(
    "view_bankroll",
    "Show the bankroll, the bets placed on this matchday, and what came of earlier ones.",
    ViewBankroll,
    lambda seat, asked: views.bankroll(seat, last=asked.last),
)
PLACE_BET = Tool(
    "place_bet",
    "Place a bet on this matchday. A second bet on the same selection takes the place of the first.",
    PlaceBet,
    _place,
)
PLACE_BETS = Tool(
    "place_bets",
    "Place several bets on this matchday at once; all are placed, or none.",
    PlaceBets,
    lambda seat, asked: _place(seat, *asked.bets),
)
CANCEL_BET = Tool(
    "cancel_bet",
    "Take back bets of this matchday: on a selection, on a match, or, without arguments, all of them.",
    CancelBet,
    _cancel,
)
FORECAST = Tool(
    "forecast",
    "Ask a statistical model for its probabilities of this matchday's selections; it has seen every earlier match.",
    ForecastMatches,
    _forecast,
)
NEXT_MATCHDAY = Tool(
    NEXT,
    "End this matchday: its bets are settled together, its results are shown, and the next matchday opens.",
    NextMatchday,
)

TOOLS = (VIEW_MATCHES, VIEW_HISTORY, VIEW_BANKROLL, PLACE_BET, PLACE_BETS, CANCEL_BET, FORECAST, NEXT_MATCHDAY)
