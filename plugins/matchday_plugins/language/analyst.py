"""A language model at the table: it moves probabilities a little, strikes bets out, and gives its reasons.

    p'_j ∝ p_j · e^{s_j}        s: its shifts of log-odds, within the bound; ``opinion`` says how they are held to it

What it is asked and what it answers is on record. Where there is no answer, the forecast stays as it is.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from pydantic import Field, PrivateAttr

from matchday import BetSlip, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import MARKET_OF, SELECTIONS, Array, Market, complete_markets
from matchday_plugins.calibration.correcting import corrected
from matchday_plugins.language.consulting import Consulting
from matchday_plugins.language.digest import digest_of
from matchday_plugins.language.opinion import SILENT, Nonsense, Opinion, Written, read, schema, shift_table, weighed
from matchday_plugins.language.replies import Message, NoAnswer

PROMPT = """\
You advise somebody who bets on football, before each matchday of one season. You are told today's fixtures, the
decimal odds, the probabilities that they imply ("market"), what statistical models say of each match ("models") and the
forecast that is made of these ("blend"), and how the clubs have played. The blend is what bets are chosen by.

You may move a probability of the blend, by adding to its log-odds, between -{bound:g} and {bound:g}: do so only for a
reason that the models cannot know. You may veto bets, on one selection, or on "all" of a match, where betting would be
a mistake whatever the numbers say. On most days the right answer is to do neither. Speak only of what could be known on
the morning of the day; if you remember how a match ended, say nothing of that match.

Answer with JSON alone, of this form, with empty lists where you have nothing to say:
{{"adjustments": [{{"match_id": "...", "selection": "home", "log_odds": 0.1, "reason": "one sentence"}}],
 "vetoes": [{{"match_id": "...", "selection": "all", "reason": "one sentence"}}]}}
Selections are {selections}. Write each match_id as you were told it."""

REPAIR = "That is no answer of the form that was asked for: {problem}. Answer again, with that JSON and nothing else."

#: Characters of an answer that cannot be read that it is shown again.
REPEATED = 2_000


class LLMAnalyst(Consulting):
    """Let a language model move the blended forecast within ``bound``, and veto bets, with its reasons on record.

    It is asked once a matchday, whatever the size of the slate; an answer that cannot be read is asked for once more.
    It sees the fixtures, the odds, every model's forecast, the blend and a digest of the past, and nothing of money. A
    probability's log-odds move by at most ``bound``, whatever it asks for; a scoreline distribution is re-weighted to
    agree.

    Where it does not answer in time, answers nonsense twice, or the budget is spent, the forecast stays as it is, no
    bet is vetoed, and the record says why.
    """

    bound: float = Field(0.25, ge=0, le=2, description="most that a probability's log-odds may be moved; 0: not at all")
    vetoes: bool = Field(True, description="whether its vetoes are heeded")
    longest: int = Field(24_000, ge=1_000, description="characters of what it is told of a matchday, at most")
    instructions: str = Field("", description="what else it is told, at the end of its instructions")

    _season: str = PrivateAttr(default="")
    _today: tuple[int, Opinion] = PrivateAttr(default=(0, SILENT))

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season."""
        super().season_opened(season)
        self._season, self._today = season.name, (0, SILENT)

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Generator[None, Forecast, Forecast]:
        """Ask, and answer the forecast as it was moved."""
        forecast = yield
        opinion = self._opinion(day, forecast, forecasts)
        self._today = day.number, opinion
        for (match_id, selection), shift in opinion.shifts.items():
            self.act(f"moves {match_id} {selection} by {shift:+.3f}", cause=opinion.reasons[match_id, selection])
        for each in opinion.corrections:
            self.act("corrects the answer", cause=each)
        return self._moved(forecast, opinion)

    @hookimpl(wrapper=True)
    def size_stakes(self, day: Matchday) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip without the bets that are vetoed."""
        slip = yield
        number, opinion = self._today
        if number != day.number or not (self.vetoes and opinion.vetoes):
            return slip
        bets = zip(slip.bets["match_id"], slip.bets["selection"], strict=True)
        why = [opinion.vetoed(match_id, selection) for match_id, selection in bets]
        stands = np.array([each is None for each in why], dtype=bool)
        shares = slip.bets["share"].to_numpy(dtype=np.float64)
        return slip.with_shares(np.where(stands, shares, 0.0), reason=[f"{self.name}: {each}" for each in why])

    def _opinion(self, day: Matchday, forecast: Forecast, forecasts: list[Forecast]) -> Opinion:
        """Ask what it thinks; where it does not say, nothing."""
        told = digest_of(day, forecast, forecasts, season=self._season, longest=self.longest)
        prompt = PROMPT.format(bound=self.bound, selections=", ".join(SELECTIONS))
        prompt = "\n\n".join(filter(None, [prompt, self.instructions]))
        messages: list[Message] = [{"role": "system", "content": prompt}, {"role": "user", "content": told}]
        try:
            written = self._written(day, messages)
        except (NoAnswer, Nonsense) as none:
            self.act("changes nothing", cause=str(none))
            return SILENT
        return weighed(written, forecast.probabilities, bound=self.bound)

    def _written(self, day: Matchday, messages: list[Message]) -> Written:
        """Ask, and once more where the answer cannot be read; raises ``NoAnswer`` or ``Nonsense``."""
        shape, cause = schema(), f"a slate of {len(day.slate)}"
        asked = "\n\n".join(str(each["content"]) for each in messages)
        reply = self._ask(day, messages, cause=cause, schema=shape, asked=asked)
        try:
            return read(reply.text)
        except Nonsense as nonsense:
            said = {"role": "assistant", "content": reply.text[:REPEATED] or "…"}
            again = {"role": "user", "content": REPAIR.format(problem=nonsense)}
            reply = self._ask(day, [*messages, said, again], cause="an answer that is none", schema=shape)
            return read(reply.text)

    def _moved(self, forecast: Forecast, opinion: Opinion) -> Forecast:
        """Answer a forecast with its probabilities moved."""
        index = forecast.probabilities.index
        touched = {MARKET_OF[selection] for _, selection in opinion.shifts}
        markets = [each for each in complete_markets(list(forecast.probabilities.columns)) if each in touched]
        if not markets:
            return forecast
        factors = {each.name: np.exp(shift_table(opinion.shifts, index, each)) for each in markets}

        def move(market: Market, p: Array) -> Array:
            weighted = p * factors[market.name]
            return np.asarray(weighted / weighted.sum(axis=1, keepdims=True))

        def slopes(market: Market, p: Array, moved: Array) -> Array:
            factor = factors[market.name]
            total = (p * factor).sum(axis=1)[:, None, None]
            return np.asarray(
                (np.eye(p.shape[1]) * factor[:, None, :] - moved[:, :, None] * factor[:, None, :]) / total
            )

        return corrected(forecast, markets, move, slopes, source=self.name)
