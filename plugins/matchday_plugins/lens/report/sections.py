"""The sections of the lens in the report."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd

from matchday.report.parts import Chart, Section
from matchday.report.words import count
from matchday.wording import listed
from matchday_plugins.lens.report import tables
from matchday_plugins.lens.report.charts import between_chart, boundary_chart, rule_chart, shown, size_chart
from matchday_plugins.lens.report.findings import Findings
from matchday_plugins.lens.studies import Study

SUMMARY = (
    "A network of rectified linear units cuts its inputs into regions, its polytopes. Inside one it is a single rule: "
    "log-odds are a constant plus a weighted sum of the inputs. Here are the polytopes that the season's matches lie "
    "in after the season's last fit: probabilities here are that one's, and not those that bets were placed on."
)

RULES = (
    "Inside a polytope log-odds are a constant plus a sum: this is how much each input adds when it rises by its "
    "standard deviation over the training matches. “Not known” is 1 for a match of which the feature is not known. "
    "Inputs that measure much the same thing share their weight, so read those together."
)

BOUNDARIES = (
    "At a boundary a hidden unit comes on or goes off: the forecast does not jump there, but beyond it another rule "
    "holds. "
    "Distances are in the network's inputs, which the bundled mlp's pipeline measures in standard deviations."
)

STUDIES = (
    "Two of the paper's findings on this network, each beside the same network before it has learned anything: codes "
    "of a random network are alike for inputs that are alike, so only what the untrained one lacks was learned."
)

MAP = (
    "Two features vary, all others stay at their means over the season. Lines are boundaries, colours the likeliest "
    "selection; dots are matches seen from above, whose other features differ, so a dot may lie in another polytope."
)

PAPER = (
    "Black, S., Sharkey, L., Grinsztajn, L. et al. (2022). Interpreting neural networks through the polytope lens. "
    "arXiv:2211.12312."
)


def sections(found: Findings) -> tuple[Section, ...]:
    """Make the sections: a summary, the matches by polytope, the rules, the boundaries, the studies and the map."""
    made = [_summary(found), _regions(found), _rules(found), _boundaries(found), _studies(found), _map(found)]
    return tuple(section for section in made if section is not None)


def conclusions(found: Findings) -> Iterator[str]:
    """Say in sentences what was found."""
    sizes, none = found.polytopes["matches"], int((found.boundaries["between"] == 0).sum())
    lies = f"{count(len(found.matches), 'match', 'matches')} lie in {count(len(sizes), 'polytope')}"
    yield (
        f"The {lies} ({found.twin:,} of the same network untrained); the largest hold "
        f"{listed(f'{size:,}' for size in sizes.iloc[:3])}, and {count(found.alone, 'match is', 'matches are')} alone."
    )
    share = f"{none:,} of them share" if none > 1 else f"{'One' if none else 'None'} of them shares"
    yield f"{share} the polytope of the typical match, which has the mean of the season's inputs."
    yield from _findings(found)


def _findings(found: Findings) -> Iterator[str]:
    """Say what no figure of the summary says."""
    contrast = next(iter(found.specimen.contrasts))
    weights, size = found.weights(contrast, 1), count(int(found.polytopes["matches"].iloc[0]), "match", "matches")
    moves = (
        f"move most with {weights}, for a standard deviation each" if weights else "are one constant: no input counts"
    )
    yield f"In the largest polytope, of {size}, the log-odds of {contrast} {moves}."
    if "boundaries" in found.studies:
        yield _density(found.studies["boundaries"])


def _density(study: Study) -> str:
    whole = study.frame[(study.frame["measure"] == "crossings") & (study.frame["layer"] == "all")]
    told = [f"{own['network']} {own['ratio']:.2f} ({own['low']:.2f} to {own['high']:.2f})" for own in _records(whole)]
    return (
        f"Boundaries for a unit of distance, between matches of different likeliest selections over those of the same: "
        f"{', '.join(told)}."
    )


def _records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return frame.to_dict("records")


def _summary(found: Findings) -> Section:
    specimen = found.specimen
    title = f"{specimen.model} through the polytope lens"
    others = (
        f"It is network {specimen.network} of {specimen.networks} that {specimen.model} averages; --network K looks "
    )
    notes = (*_findings(found), *([others + "at another."] if specimen.networks > 1 else []), PAPER)
    return Section("lens", title, SUMMARY, tables=(tables.summary_table(found),), notes=notes)


def _regions(found: Findings) -> Section:
    sizes = found.polytopes["matches"]
    text = f"Sizes of {count(len(sizes), 'polytope')}: {', '.join(map(str, sizes.iloc[:10]))}"
    chart = Chart("lens-sizes", size_chart(found), f"{text}.", table=tables.match_rows(found))
    reading = (
        "A bar is a polytope, and its height the matches in it: the model treats those by one rule. The largest are "
        "numbered from 1, and keep their colours below."
    )
    return Section("lens-regions", "Matches under one rule", reading, (chart,), (tables.polytope_rows(found),))


def _rules(found: Findings) -> Section:
    charts = []
    for n, contrast in enumerate(found.specimen.contrasts, start=1):
        told = "; ".join(f"polytope {each}: {found.weights(contrast, each)}" for each in shown(found))
        text = f"Coefficients of the log-odds of {contrast}. {told}."
        table, title = tables.rule_table(found, contrast), f"{contrast.capitalize()}: log-odds for a standard deviation"
        charts.append(Chart(f"lens-rule-{n}", rule_chart(found, contrast), text, title, table))
    return Section("lens-rules", "The rules", RULES, tuple(charts), (tables.rules_in_words(found),))


def _boundaries(found: Findings) -> Section:
    distances, between = found.boundaries["distance"], found.boundaries["between"]
    near = f"The nearest boundary is {distances.median():.3f} away in the median, from {distances.min():.4f}."
    far = (
        f"Between a match and the typical one lie {between.mean():.1f} boundaries on average, {between.max()} at most."
    )
    charts = (
        Chart("lens-distances", boundary_chart(found), near),
        Chart("lens-between", between_chart(found), far, "The way from the typical match", tables.far_rows(found)),
    )
    title, listed_ = "Where the boundaries lie", (tables.nearest_rows(found), tables.unit_rows(found))
    note = "The typical match has the mean of the season's inputs."
    return Section("lens-boundaries", title, BOUNDARIES, charts, listed_, (note,))


def _studies(found: Findings) -> Section | None:
    charts = []
    if "boundaries" in found.studies:
        study = found.studies["boundaries"]
        made = tables.density_rows(study.frame)
        charts.append(Chart("lens-classes", study.figure, _density(study), "Between selections", made))
    if "directions" in found.studies:
        study = found.studies["directions"]
        own = study.frame[study.frame["network"] == "trained"]
        told = "; ".join(f"{a:g} to {b:g}: {n:.2f}" for a, b, n in own[["scale_from", "scale_to", "crossings"]].values)
        text, made = f"Boundaries crossed for a unit of scale: {told}.", tables.direction_rows(study.frame)
        charts.append(Chart("lens-directions", study.figure, text, "Along a match's direction", made))
    notes = tuple(text for name, text in found.missing.items() if name != "map")
    if not charts and not notes:
        return None
    return Section("lens-studies", "Boundaries, meaning and directions", STUDIES, tuple(charts), notes=notes)


def _map(found: Findings) -> Section:
    x, y = found.axes
    title = f"A map: {x} and {y}"
    if "map" not in found.studies:
        return Section("lens-map", title, MAP, notes=(found.missing["map"],))
    study = found.studies["map"]
    own = study.frame[study.frame["network"] == "trained"]
    shares = own.groupby("decision")["area"].sum().sort_values(ascending=False)
    told = listed(f"{name} on {share:.0%} of it" for name, share in shares.items())
    text = f"{count(own['region'].nunique(), 'polytope')} on the trained network's map; likeliest are {told}."
    return Section("lens-map", title, MAP, (Chart("lens-plane", study.figure, text),), notes=(text,))
