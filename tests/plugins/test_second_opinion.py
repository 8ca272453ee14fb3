"""The second opinion: which bets stay, and what is said of those that do not."""

import pytest
from pydantic import ValidationError

from doubles import Everything, Level, gambler, small_season
from matchday import (
    Agent,
    play,
)
from matchday.events import (
    ForecastMade,
    SlipPlaced,
)
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.hybrids.second_opinion import SecondOpinion
from members import SEASON, backer, bets_of, events_of, of


def reviewed(*reviewers, first=None, **parameters):
    first = first or Agent("first", [Everything(), Level(share=0.01)])
    component = SecondOpinion(agents=[first, *reviewers], **parameters)
    return events_of(component, season=small_season(matchdays=1))


def selections(events):
    return {bet.selection for bet in of(SlipPlaced, events)[0].bets if not bet.forced}


def test_a_bet_stays_only_where_every_reviewer_sees_value():
    assert selections(reviewed(backer("r", 0.6))) == {"home"}
    assert selections(reviewed(backer("r", 0.6), backer("s", 0.1))) == set()
    assert selections(reviewed(backer("r", 0.6), backer("s", 0.1), agreeing=1)) == {"home", "draw", "away"}
    assert selections(reviewed(backer("r", 0.6), minimum_edge=0.5)) == set()


def test_a_reviewer_without_an_opinion_keeps_or_strikes_as_it_is_told():
    kept = {"home", "over_2_5", "under_2_5"}
    assert selections(reviewed(backer("r", 0.6), abstains="keep")) == kept
    silent = Agent("silent", [Favourite(), Level()])
    assert selections(reviewed(silent, abstains="strike")) == set()
    assert len(selections(reviewed(silent, abstains="keep"))) == 5


def test_what_is_struck_out_is_on_the_slips_notes_with_the_reviewers_probability():
    events = reviewed(backer("r", 0.6), backer("s", 0.55))
    placed = of(SlipPlaced, events)[0]
    match, odds = placed.bets[0].match_id, SEASON_ODDS["draw"]
    note = next(note for note in placed.notes if f"{match} draw" in note)
    expected = (
        f"hybrid: r says 0.200, an edge of {0.2 * odds - 1:+.1%}, s says 0.225, an edge of {0.225 * odds - 1:+.1%}"
    )
    assert note.startswith(expected)
    assert any("r has no opinion, s has no opinion: no bet on" in note for note in placed.notes)


SEASON_ODDS = small_season(matchdays=1).odds("closing").iloc[-3]


def test_what_stays_has_the_share_and_the_probability_of_the_first():
    first = gambler()
    alone = {(b[0], b[1]): b for day in bets_of(list(play(first, SEASON))) for b in day}
    kept = [b for day in bets_of(events_of(SecondOpinion(agents=[first, backer("r", 0.5)]))) for b in day]
    assert kept and all(alone[b[0], b[1]][3:] == b[3:] for b in kept if (b[0], b[1]) in alone)
    made = of(ForecastMade, events_of(SecondOpinion(agents=[first, backer("r")])))
    assert [(event.forecast.source, event.blended) for event in made[:2]] == [("r", False), ("gambler", True)]


def test_more_reviewers_cannot_be_asked_for_than_there_are():
    with pytest.raises(ValidationError, match="agreeing is 2 and there is 1 to review; rule: at most that many"):
        SecondOpinion(agents=[gambler(), backer("r")], agreeing=2)
