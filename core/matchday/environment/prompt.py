"""What an agent is told before its first matchday."""

from __future__ import annotations

from collections.abc import Sequence

from matchday.environment.tools import Tool
from matchday.events import SeasonOpened
from matchday.rules import Rules

_GAME = """\
You bet on football through one season, matchday by matchday; a matchday is all matches of one date. Make the bankroll \
grow: the reward of a matchday is log(bankroll after / bankroll before), and the season's is their sum.

On each matchday you see the fixtures and decimal odds, and everything that was known before it; you place bets with \
money from the bankroll; next_matchday settles them together, shows the results, and opens the next matchday. The \
season goes on until its last matchday, or until the bankroll is gone: keep calling next_matchday until you are told \
that the season is over."""


def prompt(season: SeasonOpened, tools: Sequence[Tool]) -> str:
    """Tell the game, the season, the rules and the tools."""
    history = season.history
    known = f"{len(history)} earlier matches"
    if len(history):
        known += f" since {history.matches['date'].iloc[0]:%Y-%m-%d}"
    known += f", {len(history.players)} rows of player statistics" if len(history.players) else ""
    lines = [
        _GAME,
        "",
        f"Season {season.name} of {season.competition}. Clubs: {', '.join(season.clubs)}.",
        f"Known before it: {known}.",
        f"Bankroll: {season.rules.bankroll:.2f}. Selections: {', '.join(season.rules.selections)}.",
        *_rules(season.rules),
        "",
        "Tools:",
        *(f"- {tool.name}: {tool.description}" for tool in tools),
    ]
    return "\n".join(lines)


def _rules(rules: Rules) -> list[str]:
    asked = {
        "force": f"A matchday without a bet has {rules.minimum_bet:.2f} placed on its shortest price.",
        "refuse": "A matchday has to have at least one bet, else it cannot be ended.",
        "off": "A matchday may go without a bet.",
    }
    limits = {"bet": rules.bet_limit, "match": rules.match_limit, "matchday": rules.matchday_limit}
    said = [f"at most {limit:.0%} of the bankroll on one {what}" for what, limit in limits.items() if limit < 1]
    if rules.bets_per_match is not None:
        said.append(f"at most {rules.bets_per_match} bets on one match")
    return [
        f"Stakes are whole pence, at least {rules.minimum_bet:.2f}. {asked[rules.without_bet]}",
        *([f"Limits: {'; '.join(said)}."] if said else []),
    ]
