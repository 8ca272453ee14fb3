"""Money is counted in whole pence; this is where currency units become pence, and back."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from matchday.markets import Array

#: What a share of the bankroll may lack to the next penny and still be worth it: float64 noise, and no more.
SLACK = 1e-6


def to_pence(amount: float) -> int:
    """Turn currency units into the nearest whole pence."""
    return round(amount * 100)


@overload
def to_units(pence: int) -> float: ...


@overload
def to_units(pence: Array) -> Array: ...


def to_units(pence: int | Array) -> float | Array:
    """Turn pence, or an array of them, into currency units."""
    return pence / 100


def log_growth(before: int, after: int) -> float:
    """Answer log(after / before) of two bankrolls in pence; one below a penny counts as a penny, so it is finite."""
    return math.log(max(after, 1) / max(before, 1))


def share_in_pence(share: float, bankroll: int) -> int:
    """Round a share of a bankroll (pence) down to whole pence.

    >>> share_in_pence(0.29, 100), share_in_pence(1 / 3, 100), share_in_pence(7 / 10033, 10033)
    (29, 33, 7)
    """
    return int(share * bankroll + SLACK)


def pence_as_share(pence: int, bankroll: int) -> float:
    """Answer the share of a bankroll (pence) that ``share_in_pence`` makes these whole pence of.

    >>> pence_as_share(29, 100), share_in_pence(pence_as_share(7, 10033), 10033)
    (0.29, 7)
    """
    share = pence / bankroll
    while share_in_pence(share, bankroll) < pence:
        share = math.nextafter(share, 2.0)
    return share


def payout(stake: int, odds: float, *, won: float = 1.0, back: float = 0.0) -> int:
    """Pay a stake (pence) at decimal odds, to the nearest penny: stake · (won · odds + back).

    Half a penny goes to the even one, so that rounding favours nobody over a season; decimal arithmetic on the odds
    as written makes half a penny exactly that.

    >>> payout(100, 1.15), payout(1, 1.49), payout(50, 1.15), payout(50, 1.13), payout(100, 2.1, won=0.5, back=0.5)
    (115, 1, 58, 56, 155)
    """
    exact = stake * (Decimal(repr(won)) * Decimal(repr(odds)) + Decimal(repr(back)))
    return int(exact.to_integral_value(ROUND_HALF_EVEN))
