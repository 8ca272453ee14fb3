"""A settlement handed out to the purses that it came from adds up to the penny."""

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday.ledger import Bet, SettledBet, Settlement
from matchday_plugins.hybrids.purses import apportion, handed_out


@given(st.integers(0, 10**14), st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_parts_add_up_and_are_less_than_a_penny_from_their_quotas(amount, weights):
    parts = apportion(amount, weights)
    assert sum(parts) == amount and min(parts) >= 0
    if sum(weights) > 0 and amount < 10**9:
        quotas = [amount * weight / math.fsum(weights) for weight in weights]
        assert all(abs(part - quota) < 1 + 1e-6 for part, quota in zip(parts, quotas, strict=True))


def bet(selection, stake, **more):
    return Bet("m", selection, stake, 2.0, **more)


def settlement_of(before, *settled):
    after = before + sum(each.profit for each in settled)
    return Settlement(1, datetime.date(2020, 1, 1), before, after, settled)


def test_two_that_back_one_selection_share_stake_and_payout_in_proportion():
    whole = settlement_of(1000, SettledBet(bet("home", 30), 61), SettledBet(bet("draw", 5), 0))
    backers = {
        ("m", "home"): {"a": bet("home", 20, probability=0.6), "b": bet("home", 10)},
        ("m", "draw"): {"b": bet("draw", 5)},
    }
    parts = handed_out(whole, {"a": 600, "b": 400, "c": 0}, backers)
    told = {name: [(s.bet.selection, s.bet.stake, s.payout) for s in part.bets] for name, part in parts.items()}
    assert told == {"a": [("home", 20, 41)], "b": [("home", 10, 20), ("draw", 5, 0)], "c": []}
    assert {name: (part.before, part.after) for name, part in parts.items()} == {
        "a": (600, 621),
        "b": (400, 405),
        "c": (0, 0),
    }
    assert parts["a"].bets[0].bet.probability == 0.6


@pytest.mark.parametrize(("purses", "bearers"), [((3, 5, 5), {"b": 4}), ((3, 2, 1), {"a": 3, "b": 1})])
def test_a_forced_bet_is_borne_by_the_largest_purse_as_far_as_it_goes(purses, bearers):
    purses = dict(zip("abc", purses, strict=True))
    whole = settlement_of(sum(purses.values()), SettledBet(bet("home", 4, forced=True), 8))
    parts = handed_out(whole, purses, {("m", "home"): {"c": bet("home", 1)}})
    assert {name: part.bets[0].bet.stake for name, part in parts.items() if part.bets} == bearers
    assert sum(part.after for part in parts.values()) == whole.after


@given(st.data())
def test_a_settlement_that_is_handed_out_adds_up_whatever_was_made_of_the_bets(data):
    names = "abc"
    purses = {name: data.draw(st.integers(0, 500)) for name in names}
    left, backers, settled = dict(purses), {}, []
    for number in range(data.draw(st.integers(1, 5))):
        own = {}
        for name in names:
            stake = data.draw(st.integers(0, left[name]))
            left[name] -= stake
            if stake:
                own[name] = Bet(str(number), "home", stake, 2.0)
        if own:
            backers[str(number), "home"] = own
            stake = data.draw(st.integers(1, sum(each.stake for each in own.values())))
            settled.append(SettledBet(Bet(str(number), "home", stake, 2.0), data.draw(st.integers(0, 3 * stake))))
    whole = settlement_of(sum(purses.values()), *settled)
    parts = handed_out(whole, purses, backers)
    assert sum(part.after for part in parts.values()) == whole.after
    assert sum(part.staked for part in parts.values()) == whole.staked
    for name, part in parts.items():
        assert part.before == purses[name] and part.after == part.before - part.staked + part.paid >= 0
