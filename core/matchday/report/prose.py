"""The words of the report: its title, how to read each part, and what statistics like these can and cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchday.report.words import count
from matchday.wording import listed

if TYPE_CHECKING:
    from matchday.comparison import Comparison

READING = {
    "leaderboard": "Agents by growth, the best first. Beneath a figure stands its 95 % interval, or the worst and the "
    "best play: where two intervals overlap widely, the order of the two agents may be luck.",
    "differences": "Each agent minus the baseline on the very same matches and prices, so that luck they share cancels "
    "out. An interval that holds 0 is no evidence of a difference.",
    "bankrolls": "All bankrolls start at 100, on a scale where equal distances are equal growth. Beneath, how far each "
    "is below its highest so far.",
    "matchdays": "A bar a matchday: above the line the bankroll grew, below it shrank. Bars too long for their row are "
    "cut off; point at one to see its figure.",
    "calibration": "Of all selections forecast at some probability, how many came in. On the diagonal a forecast is "
    "right; the coloured line is what happened, the dotted one what the price said of the same matches. "
    "Where the coloured line follows the dotted one instead of the diagonal, the price knew better. "
    "A dot's size is the number of matches.",
    "edges": "What bets promised, and what they paid: each dot is the bets of one agent that claimed an edge of some "
    "size. On the diagonal they paid what they promised; below the horizontal line they lost.",
    "stakes": "How much of the bankroll was at stake on each matchday, all bets together.",
    "money": "Which bets made money and which lost it, as a share of the starting bankroll and by season; point at a "
    "bar for the number of bets and their yield. The smaller the number, the less it says.",
    "truth": "On a league whose probabilities are known, luck can be told apart: filled, the growth that an agent's "
    "slips deserved; the hollow circle, what came of them; the hollow diamond, an oracle that knew everything.",
    "bets": "Every bet with what its components said of it. Filter by agent, season, selection or any text; "
    "choose a column's heading to sort by it.",
    "agents": "What each agent is made of: its components in their order, with the parameters they were played with.",
    "data": "What was played, on which data, under which rules and with which versions.",
    "limits": "What statistics like these can say, and what they cannot.",
}

LIMITS = (
    (
        "Closer to the truth is not enough",
        "A price contains a margin. An agent whose forecasts are closer to the results than the price is still loses "
        "unless it is closer by more than the margin: being closer is necessary, not sufficient.",
    ),
    (
        "One season is little",
        "A season has some hundred matchdays, and its growth hangs on a handful of them. What tells agents apart is "
        "many seasons; the table of differences says how many a difference of its size would need.",
    ),
    (
        "Seeds of one schedule are not new seasons",
        "Plays of the same matches and prices share their luck. Pooling them, as the Mann-Whitney test does here and "
        "in the publication it comes from, overstates significance; the intervals resample whole matchdays instead, "
        "and seasons where there are several.",
    ),
    (
        "The best of many is partly the luckiest",
        "Whoever tries many agents finds one that looks good. Holm's correction, the test of superior predictive "
        "ability and the deflated Sharpe ratio count the tries on record; those that left no record, nobody can count.",
    ),
    (
        "Chosen on the season, judged on the season",
        "An agent whose parameters were chosen on the matches shown here is flattered by them. Only seasons that it "
        "had no part in can tell.",
    ),
    (
        "Published rows are for orientation",
        "Results published elsewhere were not replayed: other bets were possible, and bets were counted otherwise.",
    ),
    (
        "A backtest is no promise",
        "It fills every bet at the price on record, and no bookmaker limits it. Real ones do.",
    ),
)


def title(comparison: Comparison) -> str:
    """Name the comparison: who, on what."""
    agents = list(comparison.agents)
    who = agents[0] if len(agents) == 1 else count(len(agents), "agent")
    return f"{who} on {where(comparison)}"


def where(comparison: Comparison) -> str:
    """Name what was played: source, competition, seasons."""
    plays = comparison.plays
    leagues = list(dict.fromkeys(f"{row.source} {row.competition}" for row in plays.itertuples()))
    return f"{listed(leagues, most=6)}, {listed(sorted(set(plays['season'])), most=6)}"


def scope(comparison: Comparison) -> str:
    """Say in a sentence what was compared on what."""
    plays = comparison.plays
    seeds, schedules = plays["seed"].nunique(), plays["schedule"].nunique()
    failed = int((plays["status"] == "failed").sum())
    told = [
        f"{count(len(comparison.agents), 'agent')} in {count(len(plays), 'play')} of "
        f"{count(plays['season'].nunique(), 'season')} and {count(seeds, 'seed')}, on {count(schedules, 'schedule')}",
    ]
    if len(comparison.agents) > 1:
        told.append(f"the baseline is {comparison.baseline}")
    told.append(f"{count(failed, 'play')} failed" if failed else "")
    tried = comparison.tried
    told.append(f"{count(tried, 'agent')} on record for what was played here" if tried > len(comparison.agents) else "")
    return "; ".join(filter(None, told)) + "."


def bankrolls_reading(*, dated: bool, several: bool) -> str:
    """Say how to read the bankroll curves."""
    spread = (
        " A line is the mean (of logarithms) of an agent's plays, the band around it their range (hidden while more "
        "than four agents are shown)."
        if several
        else ""
    )
    across = "" if dated else " Seasons are laid over one another by matchday; where one is over, its bankroll stays."
    return READING["bankrolls"] + spread + across
