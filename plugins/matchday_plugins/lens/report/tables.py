"""The tables of the lens."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from matchday.report.parts import Block, Cell, Table
from matchday.report.words import count, named, span
from matchday.wording import UNKNOWN, figure
from matchday_plugins.features.groups import describe
from matchday_plugins.lens.report.charts import shown
from matchday_plugins.lens.report.findings import Findings, row, strongest

#: Matches that are listed: nearest to a boundary, and farthest from the typical one.
LISTED = 15


def summary_table(found: Findings) -> Table:
    """Say in figures what was looked at and what was found."""
    specimen, distances = found.specimen, found.boundaries["distance"]
    sizes = found.polytopes["matches"]
    none = int((found.boundaries["between"] == 0).sum())
    before = int((found.matches["date"].dt.date < specimen.fitted_on).sum())
    whole = len(found.matches)
    low, high = (figure(distances.quantile(q), ".3f") for q in (0.05, 0.95))
    rows = [
        ("network", str(specimen.network), f"of {specimen.networks} that are averaged"),
        ("market", named(specimen.market.name), ""),
        ("inputs", f"{len(specimen.names)}", _inputs(found)),
        ("hidden units", ", ".join(map(str, specimen.lens.hidden)), ""),
        ("last fit", str(specimen.fitted_on), f"on {count(specimen.learned, 'match', 'matches')}"),
        ("matches looked at", f"{whole:,}", f"{before:,} before the last fit"),
        ("polytopes they lie in", f"{len(sizes):,}", f"untrained: {found.twin:,}"),
        ("in the largest", f"{sizes.iloc[0]:,}", f"{sizes.iloc[0] / whole:.1%}"),
        ("alone in theirs", f"{found.alone:,}", f"{found.alone / whole:.1%}"),
        ("nearest boundary, median", figure(distances.median(), ".3f"), f"90 %: {low} to {high}"),
        ("no boundary to the typical match", f"{none:,}", f"{none / whole:.1%}"),
    ]
    made = tuple((Cell(name), Cell(text, beneath)) for name, text, beneath in rows)
    return Table("What the lens looked at, and what it found", ("what", "figure"), (Block(made),))


def polytope_rows(found: Findings) -> Table:
    """Describe the largest polytopes, a row each."""
    labels, rows = found.specimen.labels, []
    for number in shown(found):
        own = found.polytopes.loc[number]
        told = [figure(own[name], ".1%") for name in labels]
        apart = "" if number == 1 else figure(own["switched"], "d")
        like = "" if number == 1 else figure(own["likeness"], ".2f")
        matches = Cell(f"{own['matches']:,.0f}", f"{own['share']:.1%}")
        rows.append((Cell(f"polytope {number}", _peculiar(found, number)), matches, *map(Cell, [*told, apart, like])))
    head = ("polytope", "matches", *map(named, labels), "units switched", "likeness of the rule")
    meanings = {
        "polytope": "beneath it, what sets its matches apart: means, in standard deviations of the season's matches",
        "units switched": "hidden units that are on in one of the first polytope and this one, and off in the other",
        "likeness of the rule": "cosine of the two rules: 1 weighs the inputs in the same proportions",
    }
    return Table("The largest polytopes; mean probabilities are this network's", head, (Block(tuple(rows)),), meanings)


def _inputs(found: Findings) -> str:
    features, unknown = found.specimen.rows.shape[1], int(found.specimen.is_indicator.sum())
    return count(features, "feature") + (f", and {unknown} that say which are not known" if unknown else "")


def _peculiar(found: Findings, number: int) -> str:
    return strongest(row(found.peculiarities, number), form="+.1f")


def rules_in_words(found: Findings) -> Table:
    """Say of the largest polytopes which inputs their rules weigh most."""
    rows = []
    for number in shown(found):
        told = [found.weights(name, number) or "no input counts" for name in found.specimen.contrasts]
        most = [Cell(first, others) for first, _, others in (each.partition(", ") for each in told)]
        rows.append((Cell(f"polytope {number}"), *most))
    return Table("The inputs of the most weight", ("polytope", *found.specimen.contrasts), (Block(tuple(rows)),))


def rule_table(found: Findings, contrast: str) -> Table:
    """Tabulate the rules of the largest polytopes, an input a row, with what it is and its standard deviation."""
    specimen, numbers = found.specimen, shown(found)
    rules = found.rules_of(contrast).loc[numbers]
    told = describe()
    rows = []
    for name in rules.abs().max().sort_values(ascending=False, kind="stable").index:
        unit, meaning = told.loc[name, ["unit", "meaning"]] if name in told.index else ("", "")
        deviation = figure(specimen.deviations[name], ".3g") if name in specimen.deviations.index else ""
        rows.append((Cell(name, meaning), *(Cell(figure(v, "+.3f")) for v in rules[name]), Cell(deviation, unit)))
    head = ("input", *(f"polytope {number}" for number in numbers), "one standard deviation")
    caption = f"Coefficients of the log-odds of {contrast}, for a standard deviation of each input"
    return Table(caption, head, (Block(tuple(rows)),))


def match_rows(found: Findings) -> Table:
    """List all matches by polytope."""
    ordered = found.matches.sort_values(["polytope", "date"], kind="stable")
    labels = found.specimen.labels
    rows = [
        (row["match"], f"{row['date']:%Y-%m-%d}", str(row["polytope"]), *(figure(row[name], ".1%") for name in labels))
        for row in ordered.to_dict("records")
    ]
    return Table.plain("The matches by polytope", ("match", "date", "polytope", *map(named, labels)), rows)


def nearest_rows(found: Findings) -> Table:
    """List the matches that are nearest to a boundary, with the way there."""
    near = found.matches.join(found.boundaries).sort_values("distance", kind="stable").iloc[:LISTED]
    rows = []
    for own in near[near["unit"] > 0].reset_index().to_dict("records"):
        name = Cell(own["match"], f"{own['date']:%-d %b %Y}, polytope {own['polytope']}")
        way = strongest(row(found.ways[found.specimen.measured], own["match_id"]), form="+.4f")
        rows.append((name, *map(Cell, (figure(own["distance"], ".4f"), _unit(own["layer"], own["unit"]), way))))
    head = ("match", "distance", "unit", "shortest way there")
    meanings = {
        "distance": "in the network's inputs; the forecast itself does not jump there, the rule changes",
        "shortest way there": "the three largest steps of features that it takes, in standard deviations",
    }
    return Table("The matches nearest to a boundary", head, (Block(tuple(rows)),), meanings)


def unit_rows(found: Findings) -> Table:
    """List the units by how often theirs is the nearest boundary, with their directions by feature."""
    directions = found.units[found.specimen.measured]
    rows = []
    for place, own in enumerate(found.units.reset_index().to_dict("records")):
        name = Cell(_unit(own["layer"], own["unit"]), strongest(directions.iloc[place]))
        rows.append((name, Cell(f"{own['matches']:,}"), Cell(f"{own['on']:.1%}")))
    head = ("unit", "nearest of so many matches", "on")
    meanings = {
        "unit": "beneath it, the three largest parts of the direction, of length 1, in which it comes on",
        "on": "the share of the season's matches for which it is on",
    }
    return Table("The units whose boundaries are the nearest", head, (Block(tuple(rows)),), meanings)


def far_rows(found: Findings) -> Table:
    """List the matches with the most boundaries between them and the typical one."""
    far = found.matches.join(found.boundaries).sort_values("between", ascending=False, kind="stable").iloc[:LISTED]
    rows = [(own["match"], f"{own['date']:%Y-%m-%d}", str(own["between"])) for own in far.to_dict("records")]
    return Table.plain("The matches with the most boundaries on the way", ("match", "date", "boundaries"), rows)


def density_rows(frame: pd.DataFrame) -> Table:
    """Tabulate the study of classes and boundaries."""
    rows = []
    for own in frame.to_dict("records"):
        figures = [figure(own[name], ".2f") for name in ("same", "different", "ratio")]
        rows.append((own["network"], f"{own['measure']}, {_layer(own['layer'])}", *figures, _interval(own, ".2f")))
    head = ("network", "measure", "same class", "different classes", "ratio", "95 %")
    return Table.plain("Boundaries for a unit of distance", head, rows)


def direction_rows(frame: pd.DataFrame) -> Table:
    """Tabulate the study of directions."""
    rows = [
        (
            own["network"],
            f"{own['scale_from']:g} to {own['scale_to']:g}",
            figure(own["crossings"], ".3f"),
            _interval(own, ".3f"),
            figure(own["changes"], ".3f"),
            figure(own["kept"], ".1%"),
        )
        for own in frame.to_dict("records")
    ]
    head = ("network", "scale", "boundaries", "95 %", "changes of class", "class as at 1")
    return Table.plain("For a unit of scale", head, rows)


def _interval(own: Mapping[Hashable, Any], form: str) -> str:
    return span(own["low"], own["high"], form) or UNKNOWN


def _layer(layer: object) -> str:
    return str(layer) if layer == "all" else f"layer {layer}"


def _unit(layer: float, unit: float) -> str:
    return f"{unit:.0f} of layer {layer:.0f}"
