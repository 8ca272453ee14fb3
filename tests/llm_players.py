"""Scripts for language models that play, as ``scripted_endpoint`` takes them, and what came of their plays."""

import re

from matchday.events import Consulted, MatchdaySettled, SlipPlaced
from scripted_endpoint import calls

NEXT = calls("next_matchday", {})


def turns(*replies):
    """Each matchday the same: the first reply, then the next one, the last one again and again."""
    return lambda body: replies[min(sum(each["role"] == "assistant" for each in body["messages"]), len(replies) - 1)]


def bet(selection="home", stake=1.0, *, match=0, **more):
    """A script's reply that bets on one of the slate's matches."""

    def reply(body):
        return calls("place_bet", {"match_id": matches(body)[match], "selection": selection, "stake": stake, **more})

    return reply


def matches(body):
    return re.findall(r"^(T [^,]+),", body["messages"][1]["content"], re.M)


def script(*replies):
    """As ``turns``, of replies that may be functions of the request."""
    chosen = turns(*replies)
    return lambda body: reply(body) if callable(reply := chosen(body)) else reply


def slips(events):
    return [event for event in events if isinstance(event, SlipPlaced)]


def asked(events):
    return [event.consultation for event in events if isinstance(event, Consulted)]


def settled(events):
    return [event.settlement for event in events if isinstance(event, MatchdaySettled)]


def chosen(slip):
    """The bets of a slip that no rule forced, as (selection, pence)."""
    return [(each.selection, each.stake) for each in slip.bets if not each.forced]
