"""Score models walk-forward beside the price, and against a copy of each that learns nothing once the season is open.

python examples/score_models.py                                          a quick look, on the synthetic league
python examples/score_models.py elo "dixon-coles + temperature" --data FOLDER --seasons 2014-15:2023-24
python examples/score_models.py --data FOLDER --seasons 2014-15:2023-24 --jobs 2 --markdown docs/models.md

A model is a list of components joined by " + ", models, then a blend, then what calibrates it; or an agent as TOML,
whose forecasts are scored and whose bets are not placed. Without any, real seasons are walked by every installed model
and a few compositions. ``market`` is the odds on offer with the margin taken out in proportion.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from walk_forward import arguments, each_season, facts_of, forecast_season, mean_interval, model_agent, refuse

from matchday import Catalogue
from matchday.assembly import implementations
from matchday.markets import MARKETS, multiplicative
from matchday.scoring import calibration_error, log_loss, ranked_probability_score, winners

QUICK = ["market", "flb", "dixon-coles"]
COMPOSITIONS = [
    "dixon-coles + temperature",
    "dixon-coles + platt",
    "dixon-coles + isotonic",
    "dixon-coles + draw-calibration",
    "dixon-coles + benter",
    "logistic + benter",
    "elo + pi-ratings + dixon-coles + dynamic + stacking",
    "elo + pi-ratings + dixon-coles + dynamic + hedge",
]
NEEDS_AN_ESTIMATOR = {"sklearn"}
BEGIN, END = "<!-- models: begin -->", "<!-- models: end -->"
RESULT, TOTALS = MARKETS
HEADER = (
    *("model", "matches", "log-loss", "− market [95 %]", "RPS", "calibration", "draws"),
    *("totals log-loss", "− market", "frozen − learning [95 %]"),
)


def walk_season(name, recipes, source):
    """Answer the facts of a season, and each model's two forecasts of it, or why there are none."""
    season = source.season(name)
    facts = facts_of(season)
    forecasts = {}
    for recipe in recipes:
        try:
            forecasts[recipe] = [
                forecast_season(model_agent(recipe), season, frozen=frozen) for frozen in (False, True)
            ]
        except Exception as error:  # the others go on
            forecasts[recipe] = f"{name}: {' '.join(str(error).split())}"
    return facts, forecasts


def score(facts, learning, frozen):
    """Score a model's forecasts of many seasons: a row of the table, and the difference it is sorted by."""
    cells = {}
    for market in MARKETS:
        names, won = list(market.selections), winners(facts, market)
        p, q = learning[names].to_numpy(), multiplicative(facts[names].to_numpy())
        cells[market] = p, won, log_loss(p, won), log_loss(p, won) - log_loss(q, won)
    p, won, loss, beside_market = cells[RESULT]
    stale = log_loss(frozen[list(RESULT.selections)].to_numpy(), won) - loss
    errors = calibration_error(p, won)
    row = [
        str(int((~np.isnan(loss)).sum())),
        number(loss),
        mean_interval(beside_market, facts),
        number(ranked_probability_score(p, won)),
        f"{errors.mean():.4f}",
        f"{errors[1]:.4f}",
        number(cells[TOTALS][2]),
        number(cells[TOTALS][3], form="+.4f"),
        mean_interval(stale, facts),
    ]
    return np.nanmean(beside_market) if (~np.isnan(beside_market)).any() else np.inf, row


def number(values, *, form=".4f"):
    """Write the mean over the matches that have one."""
    known = values[~np.isnan(values)]
    return format(known.mean(), form) if len(known) else "–"


def score_all(walked, recipes):
    """Answer the table's rows, best first, and why some models failed."""
    facts = pd.concat([facts for facts, _ in walked])
    rows, notes = [], []
    for recipe in recipes:
        answers = [forecasts[recipe] for _, forecasts in walked]
        failures = [answer for answer in answers if isinstance(answer, str)]
        if failures:
            rows.append((np.inf, [recipe, "failed", *["–"] * (len(HEADER) - 2)]))
            notes.append(f"{recipe} failed in {failures[0]}")
            continue
        learning, frozen = (pd.concat(parts).loc[facts.index] for parts in zip(*answers, strict=True))
        difference, row = score(facts, learning, frozen)
        rows.append((difference, [recipe, *row]))
    return [row for _, row in sorted(rows, key=lambda each: each[0])], notes


def show(rows, notes, title):
    """Print the table, and what went wrong."""
    table = Table(*HEADER, title=title)
    for row in rows:
        table.add_row(*row)
    Console(width=180).print(table, *notes, sep="\n", markup=False)


def takes_a_table(file):
    """Whether a file is there and says where the table shall stand."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return 0 <= text.find(BEGIN) < text.find(END)


def write(rows, notes, title, file):
    """Put the table between the markers of a Markdown file."""
    text = file.read_text(encoding="utf-8")
    head, tail = text[: text.index(BEGIN)], text[text.index(END) + len(END) :]
    table = [f"| {' | '.join(row)} |" for row in (HEADER, ["---"] * len(HEADER), *rows)]
    lines = ["", f"{title}.", "", *table, "", *notes]
    file.write_text("\n".join([head + BEGIN, *lines, END]) + tail, encoding="utf-8")


def installed_models():
    """Name every installed component that forecasts, and compositions of them."""
    catalogue = Catalogue()
    names = [name for name in catalogue.names("component") if name not in NEEDS_AN_ESTIMATOR]
    return [name for name in names if "forecast" in implementations(catalogue.component(name))] + COMPOSITIONS


def main():
    """Read the command line, walk, and print."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="components joined by ' + ', or agents as TOML")
    parser.add_argument("--seasons", default="2022-23:2023-24", help="first:last")
    parser.add_argument("--markdown", type=Path, help=f"file to put the table into, after {BEGIN}")
    asked = parser.parse_args()
    if asked.markdown and not takes_a_table(asked.markdown):
        refuse(f"{asked.markdown}: no lines {BEGIN} and {END}; write them where the table shall stand.")
    recipes = asked.models or (installed_models() if asked.data else QUICK)
    walked = each_season(walk_season, asked, recipes)
    rows, notes = score_all(walked, recipes)
    matches = pd.concat([facts for facts, _ in walked])
    title = f"{matches.index[0].split()[0]}, {asked.seasons.replace(':', ' to ')}, {len(matches)} matches"
    show(rows, notes, title)
    if asked.markdown:
        write(rows, notes, title, asked.markdown)
    sys.exit(1 if notes else 0)


if __name__ == "__main__":
    main()
