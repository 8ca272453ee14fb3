"""``matchday stake``: size a slate of one's own, with nothing else of the project."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from matchday import Rules
    from matchday_plugins.staking.joint.sizing import Sized


Bets = Annotated[
    list[str] | None,
    typer.Argument(
        help="Bets as [MATCH:][SELECTION=]PROBABILITY@ODDS; those on one market, which exclude one another, in one "
        "argument with commas between."
    ),
]
File = Annotated[
    str | None,
    typer.Option(
        "--csv", help="Read bets from a CSV file (- is standard input): match, selection, probability, odds, market."
    ),
]
Bankroll = Annotated[float, typer.Option(help="What there is to stake.")]
Fraction = Annotated[float, typer.Option(help="Fraction of Kelly, up to 1; applied after the limits.")]
Hedge = Annotated[
    bool, typer.Option("--hedge", help="Stake on selections without an edge too, where that makes the others safer.")
]
BetLimit = Annotated[float, typer.Option(help="Largest share of the bankroll on one bet.")]
MatchLimit = Annotated[float, typer.Option(help="Largest share of the bankroll on one match.")]
MatchdayLimit = Annotated[float, typer.Option(help="Largest share of the bankroll in all.")]
Alpha = Annotated[
    float | None, typer.Option(help="Keep the bankroll from falling below this share of itself, but for ...")
]
Beta = Annotated[float | None, typer.Option(help="... this chance, 0.1 unless given.")]
Normalise = Annotated[
    bool, typer.Option("--normalise", help="Make the probabilities of each market that is listed whole add up to 1.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def stake(
    bets: Bets = None,
    file: File = None,
    bankroll: Bankroll = 100.0,
    fraction: Fraction = 1.0,
    hedge: Hedge = False,
    bet_limit: BetLimit = 1.0,
    match_limit: MatchLimit = 1.0,
    matchday_limit: MatchdayLimit = 1.0,
    alpha: Alpha = None,
    beta: Beta = None,
    normalise: Normalise = False,
    as_json: AsJson = False,
) -> None:
    """Size bets by Kelly's criterion, all of them together.

    Example: matchday stake "Arsenal v Spurs:home=0.5@2.2,draw=0.27@3.6" "Leeds v Hull:over=0.55@1.95" --fraction 0.5
    """
    from matchday import MatchdayError
    from matchday_plugins.commands.bet_arguments import read_arguments
    from matchday_plugins.commands.betting_rows import whole
    from matchday_plugins.commands.slate_file import read_file

    if bool(bets) == bool(file):
        raise MatchdayError(
            "stake: give bets as arguments or with --csv FILE, one of the two; see matchday stake --help."
        )
    if not 0.0 < fraction <= 1.0:
        raise MatchdayError(f"--fraction {fraction:g}; rule: above 0, at most 1.")
    rules = _rules(bankroll=bankroll, bet_limit=bet_limit, match_limit=match_limit, matchday_limit=matchday_limit)
    rows = whole(read_arguments(bets) if bets else read_file(file or ""), normalise=normalise)
    staked, sized = _size(rows, rules, hedge=hedge, power=_power(alpha, beta), fraction=fraction)
    (_print_json if as_json else _print)(staked, sized, rules.bankroll)


def _rules(**chosen: float) -> Rules:
    from pydantic import ValidationError

    from matchday import MatchdayError, Rules
    from matchday.errors import explain

    try:
        return Rules(**chosen)
    except ValidationError as error:
        raise MatchdayError(f"stake: {explain(error, Rules)}") from error


def _power(alpha: float | None, beta: float | None) -> float:
    from pydantic import ValidationError

    from matchday import MatchdayError
    from matchday.errors import explain
    from matchday_plugins.staking.risk_constrained import RiskConstrained

    if alpha is None and beta is not None:
        raise MatchdayError("stake: --beta is the chance of falling below --alpha; give --alpha too.")
    if alpha is None:
        return 0.0
    try:
        return RiskConstrained(alpha=alpha, beta=0.1 if beta is None else beta).power
    except ValidationError as error:
        raise MatchdayError(f"stake: {explain(error, RiskConstrained)}") from error


def _size(
    rows: pd.DataFrame, rules: Rules, *, hedge: bool, power: float, fraction: float
) -> tuple[pd.DataFrame, Sized]:
    import pandas as pd

    from matchday.money import share_in_pence, to_pence, to_units
    from matchday_plugins.staking.joint.sizing import size
    from matchday_plugins.staking.joint.staking import limits_of

    edge = rows["probability"] * rows["odds"] - 1.0
    proposed = edge > 0.0
    if hedge:
        proposed = proposed.groupby([rows["match_id"], rows["market"]]).transform("any")
    sized = size(rows[proposed].reset_index(drop=True), limits=limits_of(rules, rules.bankroll), power=power)
    pence = to_pence(rules.bankroll)
    found = pd.DataFrame({"alone": sized.alone, "share": fraction * sized.shares}, index=rows.index[proposed])
    staked = rows.assign(edge=edge).join(found).fillna({"alone": 0.0, "share": 0.0})
    return staked.assign(stake=[to_units(share_in_pence(share, pence)) for share in staked["share"]]), sized


def _growth(rows: pd.DataFrame, bankroll: float) -> float:
    """The expected log growth of the stakes as they are, in whole pence."""
    from matchday.growth import expected_growth

    placed = rows[rows["stake"] > 0.0].reset_index(drop=True)
    return expected_growth(placed, (placed["stake"] / bankroll).to_numpy())


def _print(rows: pd.DataFrame, sized: Sized, bankroll: float) -> None:
    from rich.markup import escape

    from matchday.cli.screen import out, table

    shown = table("match<", "selection<", "probability", "odds", "edge", "alone", "share", "stake")
    for row in rows.to_dict("records"):
        opinion = (f"{row['probability']:.4f}", f"{row['odds']:.2f}", f"{row['edge']:+.1%}", f"{row['alone']:.4f}")
        shown.add_row(
            escape(row["match_id"]), escape(row["selection"]), *opinion, f"{row['share']:.4f}", f"{row['stake']:,.2f}"
        )
    out.print(shown)
    staked, bets = rows["stake"].sum(), int((rows["stake"] > 0.0).sum())
    growth = _growth(rows, bankroll)
    on = f"{bets} bet" if bets == 1 else f"{bets} bets"
    out.print(f"\n{staked:,.2f} of {bankroll:,.2f} on {on}; expected log growth {growth:+.6f}", soft_wrap=True)
    for note in sized.notes:
        out.print(f"note: {escape(note)}", soft_wrap=True)


def _print_json(rows: pd.DataFrame, sized: Sized, bankroll: float) -> None:
    columns = ["match_id", "market", "selection", "probability", "odds", "edge", "alone", "share", "stake"]
    answer: dict[str, Any] = {
        "bankroll": bankroll,
        "staked": round(float(rows["stake"].sum()), 2),
        "growth": _growth(rows, bankroll),
        "accuracy": sized.gap,
        "bets": rows[columns].rename(columns={"match_id": "match"}).to_dict("records"),
        "notes": list(sized.notes),
    }
    print(json.dumps(answer))
