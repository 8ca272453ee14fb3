"""Components of the staking, asked what they make of bets: of those on record once more, and of others."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from pydantic import PrivateAttr, ValidationError

from matchday.agent import Agent
from matchday.auditing.sophistication.record import Chain, Day, Event, Key, framed
from matchday.bets import BetSlip, Edges
from matchday.component import Component
from matchday.errors import MatchdayError, one_line
from matchday.events import SeasonOpened
from matchday.forecast import Forecast
from matchday.history import RESULT_COLUMNS, History
from matchday.hooks import hookimpl
from matchday.money import to_units
from matchday.parts import Part
from matchday.rules import Rules
from matchday.slate import Matchday, Slate

#: How far shares may be apart that are the same, as a part of them: more is an answer to something else.
SAME = 1e-6

#: What a bet is given as its probability to see whether anything bounds what is staked on it; and the part of Kelly's
#: stake for that bet alone which a staking that is bounded stays below.
SURE, BELOW = 0.99, 0.9

#: Matchdays on which a component is asked about other bets.
ASKED = 5


#: The rules that limit what may be staked, as shares of the bankroll.
_LIMITS = ("bet_limit", "match_limit", "matchday_limit")


class _Recorded(Component):
    """Proposes the candidates that it is given."""

    _edges: Edges = PrivateAttr()

    @hookimpl
    def find_edges(self) -> Edges:
        return self._edges


class _Everything(Component):
    """Stakes the whole bankroll, in equal parts."""

    @hookimpl
    def size_stakes(self, edges: Edges) -> BetSlip:
        return edges.slip(1.0 / max(len(edges.bets), 1))


class Asked:
    """A component of the staking that answers; one that wraps stands behind a staking of the whole bankroll.

    ``opened`` is how the season opened, as it is on record. Raises ``MatchdayError`` where the component cannot do
    without the season's past.
    """

    def __init__(self, part: Part, opened: Event) -> None:
        self._recorded, self._wraps = _Recorded(), part.wraps("size_stakes")
        listed: list[tuple[str, Component | Agent]] = [("the record", self._recorded)]
        listed += [("everything", _Everything())] if self._wraps else []
        self._agent = Agent("again", [*listed, (part.path.rpartition("/")[2], part.component)])
        self._agent.season_opened(_season(opened))

    def shares(self, day: Day, candidates: pd.DataFrame) -> dict[Key, float]:
        """Answer what it stakes on candidates of a matchday, as shares of the bankroll."""
        slate = Slate(day.fixtures, day.odds)
        self._recorded._edges = Edges(candidates, believed(day))
        date = pd.Timestamp(day.opened["date"]).date()
        slip = self._agent.decide(Matchday(day.number, date, slate, _NO_PAST), to_units(day.bankroll)).slip.bets
        keys = zip(slip["match_id"].tolist(), slip["selection"].tolist(), strict=True)
        return dict(zip(keys, slip["share"].tolist(), strict=True))

    def minds_company(self, day: Day, candidates: pd.DataFrame) -> bool:
        """Whether it stakes otherwise on some candidate that is the only one than on the same among all of them."""
        whole = self.shares(day, candidates)
        for row in range(len(candidates)):
            alone = self.shares(day, candidates.iloc[[row]].reset_index(drop=True))
            for key, share in alone.items():
                if abs(whole.get(key, 0.0) - share) > SAME * share:
                    return True
        return False

    def bounds(self, day: Day, candidates: pd.DataFrame) -> bool:
        """Whether it leaves some of the bankroll where the candidate with the longest odds is all but sure to win."""
        surest = candidates.loc[[candidates["odds"].idxmax()]].reset_index(drop=True)
        surest = surest.assign(probability=SURE, edge=SURE * surest["odds"] - 1.0)
        odds = float(surest["odds"].iloc[0])
        most = 1.0 - SAME if self._wraps else BELOW * (SURE * odds - 1.0) / (odds - 1.0)
        return sum(self.shares(day, surest).values()) < most


def sizes_together(part: Part, opened: Event, chains: Iterable[tuple[Day, Chain]]) -> bool:
    """Whether what a staking stakes on a bet depends on the others; one that cannot be asked is believed.

    It is asked by rules without limits, at which all bets could stand.
    """
    opened = {**opened, "rules": {**opened.get("rules", {}), **dict.fromkeys(_LIMITS, 1.0)}}
    several = [(day, chain.candidates) for day, chain in chains if len(chain.sized[0][1]) > 1][:ASKED]
    try:
        asked = Asked(part, opened)
        return not several or any(asked.minds_company(day, candidates) for day, candidates in several)
    except MatchdayError:
        return True


def bounds(part: Part, opened: Event, chains: Iterable[tuple[Day, Chain]]) -> bool:
    """Whether a component bounds what is staked on a bet that is all but sure; one that cannot be asked is believed."""
    days = [(day, chain.candidates) for day, chain in chains if len(chain.candidates)][:ASKED]
    try:
        asked = Asked(part, opened)
        return all(asked.bounds(day, candidates) for day, candidates in days)
    except MatchdayError:
        return True


def believed(day: Day) -> Forecast:
    """Answer the blended forecast of a matchday, without what is not on record of it."""
    made = [event["forecast"] for event in day.of("ForecastMade") if event["blended"]]
    if not made:
        return Forecast.silent(day.odds.index)
    errors = made[0]["standard_error"]
    frame = framed(made[0]["probabilities"])
    return Forecast(frame, made[0]["source"], standard_error=None if errors is None else framed(errors))


_NO_PAST = History(pd.DataFrame(columns=list(RESULT_COLUMNS)))


def _season(opened: Event) -> SeasonOpened:
    """Make the opening of a season of its record, with no past; raises ``MatchdayError`` where it cannot."""
    try:
        return SeasonOpened(
            name=opened["name"],
            competition=opened["competition"],
            source=opened["source"],
            clubs=tuple(opened["clubs"]),
            rules=Rules(**opened["rules"]),
            seed=opened["seed"],
            agent={},
            history=_NO_PAST,
            closing=frozenset(opened.get("closing", ())),
            not_bookmakers=frozenset(opened.get("not_bookmakers", ())),
        )
    except (KeyError, ValidationError) as error:
        raise MatchdayError(
            f"how the season opened is not on record as this version has it ({one_line(error)})"
        ) from error
