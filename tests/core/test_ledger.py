from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday.errors import RuleBroken
from matchday.ledger import Bet, Ledger
from matchday.money import payout, share_in_pence, to_pence

ODDS = st.decimals("1.01", "1000", places=2).map(float)
STAKES = st.lists(st.tuples(st.integers(1, 5_000), ODDS, st.sampled_from([(1.0, 0.0), (0.0, 0.0), (0.5, 0.5)])))


@given(bankroll=st.integers(0, 100_000), stakes=STAKES)
def test_bankroll_after_is_bankroll_before_less_stakes_plus_payouts_to_the_penny(bankroll, stakes):
    ledger = Ledger(bankroll)
    bets = [Bet(str(i), "home", stake, odds) for i, (stake, odds, _) in enumerate(stakes)]
    outcomes = {str(i): {"home": outcome} for i, (_, _, outcome) in enumerate(stakes)}
    staked = sum(bet.stake for bet in bets)
    if staked > bankroll:
        with pytest.raises(RuleBroken, match="exceed the bankroll"):
            ledger.place(bets)
        assert (ledger.bankroll, ledger.open_bets) == (bankroll, ())
        return
    ledger.place(bets)
    assert ledger.bankroll == bankroll
    settled = ledger.settle(outcomes.__getitem__)
    assert ledger.bankroll == bankroll - staked + sum(each.payout for each in settled) >= 0


@given(stakes=STAKES)
def test_each_bet_is_settled_once(stakes):
    ledger = Ledger(10_000_000)
    ledger.place([Bet(str(i), "home", stake, odds) for i, (stake, odds, _) in enumerate(stakes)])
    assert len(ledger.settle(lambda _: {"home": (1.0, 0.0)})) == len(stakes)
    assert ledger.settle(lambda _: {"home": (1.0, 0.0)}) == ()


@given(stake=st.integers(1, 10**9), odds=ODDS)
def test_a_payout_is_the_exact_product_to_the_nearest_penny(stake, odds):
    exact = Decimal(str(odds)) * stake
    assert Decimal("-0.5") < exact - payout(stake, odds) <= Decimal("0.5") or exact % 1 == Decimal("0.5")


@given(bankroll=st.integers(1, 10**9), data=st.data())
def test_a_share_made_of_whole_pence_comes_back_as_those_pence(bankroll, data):
    pence = data.draw(st.integers(0, bankroll))
    assert share_in_pence(pence / bankroll, bankroll) == pence


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 10**9))
def test_shares_within_the_bankroll_never_round_to_more_than_it(weights, bankroll):
    total = sum(weights)
    shares = [w / total for w in weights] if total > 0 else [0.0 for _ in weights]
    assert sum(share_in_pence(share, bankroll) for share in shares) <= bankroll


def test_currency_units_become_the_nearest_pence():
    assert [to_pence(x) for x in (0.01, 0.29, 1.005, 100.0)] == [1, 29, 100, 10_000]


def test_a_stake_that_is_not_positive_is_refused_and_nothing_changes():
    ledger = Ledger(100)
    with pytest.raises(RuleBroken, match="not positive"):
        ledger.place([Bet("m", "home", 10, 2.0), Bet("n", "home", 0, 2.0)])
    assert ledger.bankroll == 100 and not ledger.open_bets
