"""One betting rule, as a component and as calls of tools, so that every way into the game can be held against the core.

The rule: on each match, back the selection with the longest price below 3 with one hundredth of the bankroll, in whole
pence; where there is no such price, leave the match.
"""

import io
import random
from collections.abc import Callable

import pandas as pd

from matchday import Agent, BetSlip, Component, hookimpl
from matchday.bets import SLIP_COLUMNS
from matchday.markets import SELECTIONS
from matchday.money import pence_as_share, to_pence

LONGEST = 3.0


def chosen(odds: pd.DataFrame) -> list[tuple[str, str]]:
    """The bets of the rule on a slate of decimal odds (index ``match_id``), as (match_id, selection)."""
    known = odds[[name for name in SELECTIONS if name in odds.columns]].astype(float)
    short = known.where(known < LONGEST)
    return [(match_id, row.idxmax()) for match_id, row in short.iterrows() if row.notna().any()]


def stake_of(bankroll: float) -> int:
    """The stake in pence on a bankroll in currency units."""
    return to_pence(bankroll) // 100


class Rule(Component):
    """The rule as an edge rule and a staking of the core."""

    @hookimpl
    def find_edges(self, day, forecast):
        from matchday import Edges

        mask = pd.DataFrame(False, index=day.slate.index, columns=day.slate.odds.columns)
        for match_id, selection in chosen(day.slate.odds):
            mask.loc[match_id, selection] = True
        return Edges.where(mask, slate=day.slate, forecast=forecast)

    @hookimpl
    def size_stakes(self, edges, bankroll):
        share = pence_as_share(stake_of(bankroll), to_pence(bankroll))
        return edges.slip(share) if stake_of(bankroll) else BetSlip(edges.slip(0.0).bets[list(SLIP_COLUMNS)])


def agent() -> Agent:
    """The agent that plays by the rule."""
    return Agent("scripted", [Rule()])


def slate_of(text: str) -> pd.DataFrame:
    """Read the slate, the last table of an answer to ``view_matches`` or ``next_matchday``."""
    table = text[text.rindex("match_id,") :]
    return pd.read_csv(io.StringIO(table), index_col="match_id")


def bets_of(text: str, bankroll: float) -> list[dict[str, object]]:
    """The rule's bets as ``place_bets`` takes them, from the text of ``view_matches``."""
    pence = stake_of(bankroll)
    rows = chosen(slate_of(text)) if pence else []
    return [{"match_id": match_id, "selection": name, "stake": pence / 100} for match_id, name in rows]


def by_chance(seed: int) -> Callable[[str, float], list[dict[str, object]]]:
    """A rule of chance, asked as ``bets_of`` is: on some matches a bet on the result; the seed alone says which."""
    chance = random.Random(seed)

    def bets(text: str, bankroll: float) -> list[dict[str, object]]:
        picked = [match for match in slate_of(text).index if chance.random() < 0.7]
        stakes = [to_pence(bankroll * chance.uniform(0.01, 0.1)) / 100 for _ in picked]
        named = [chance.choice(["home", "draw", "away"]) for _ in picked]
        rows = zip(picked, named, stakes, strict=True)
        return [{"match_id": match, "selection": name, "stake": stake} for match, name, stake in rows if stake > 0]

    return bets


def ledger_of(env, seed: int, matchdays: int) -> list[float]:
    """Play an environment's first matchdays by chance; answers the bankroll after each."""
    bets, ledger, answer = by_chance(seed), [], env.call("view_matches")
    while len(ledger) < matchdays and not answer.finished:
        chosen = bets(answer.text, env.bankroll)
        assert not chosen or env.call("place_bets", {"bets": chosen}).ok
        answer = env.call("next_matchday")
        ledger.append(answer.figures["bankroll"])
    return ledger
