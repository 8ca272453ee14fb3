"""Advice on a day is the slip that a play of that day places; the core alone, on test doubles."""

import dataclasses
import datetime
import math
from typing import ClassVar

import pandas as pd
import pytest
from pydantic import PrivateAttr

from doubles import ODDS, Coin, Everything, Faulty, Fixed, Level, Mean, Positive, Times, Watch, gambler, small_season
from matchday import Agent, Component, Rules, Season, hookimpl, play
from matchday.advice import advise
from matchday.encoding import encode
from matchday.errors import ComponentError, MatchdayError, RuleBroken, SourceError
from matchday.events import MatchdayOpened, MatchdaySettled, SlipPlaced
from matchday.forecastcache import ForecastCache
from matchday.markets import SELECTIONS
from matchday.prices import PricePolicy
from matchday.source import Source
from matchday.upcoming import Fixture, newcomers, season_of, season_so_far, with_slate

NEXT = datetime.date(2001, 10, 6)
FIXTURES = [Fixture("Albion", "Borough", odds=ODDS), Fixture("City", "Dynamo", odds=ODDS)]


def slate_of(season, date, *, prices="closing"):
    """A day of a season, as somebody would write it down that morning."""
    rows = season.played[season.played["date"] == date]
    odds = season.odds(prices).loc[rows.index]
    return [
        Fixture(row.home, row.away, row.kickoff.time(), odds={k: v for k, v in prices_.items() if v == v})
        for row, prices_ in zip(rows.itertuples(), odds.to_dict("records"), strict=True)
    ]


def on(season, date, **options):
    day = pd.Timestamp(date)
    return with_slate(
        season, slate_of(season, day, **options), date=day.date(), prices=options.get("prices", "closing")
    )


def morning_lines(events, matchday):
    """What a play tells from the opening of a matchday to its bets, line by line."""
    lines, told = [], False
    for event in events:
        told = told or (isinstance(event, MatchdayOpened) and event.matchday == matchday)
        if told:
            lines.append(encode(event))
            if isinstance(event, SlipPlaced):
                return lines
    raise AssertionError("no such matchday")


class Remembers(Component):
    """A staking that depends on all that it has lived through."""

    _paid: int = PrivateAttr(default=0)

    @hookimpl
    def season_opened(self):
        self._paid = 0

    @hookimpl
    def matchday_settled(self, settlement):
        self._paid += settlement.paid

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(0.01 + (self._paid % 97) / 10_000, reason=f"paid {self._paid} so far")


AGENTS = {
    "chance": lambda: gambler(),
    "several models and wrappers": lambda: Agent(
        "several", [Coin(), ("fixed", Fixed(home=0.6)), Mean(), Positive(), Level(), Times(), Watch()]
    ),
    "stakes that remember": lambda: Agent("remembers", [Coin(), Positive(), Remembers()]),
    "refused slips": lambda: gambler(share=0.6),
    "no bets": lambda: gambler(share=0.0),
}


@pytest.mark.parametrize("name", AGENTS)
@pytest.mark.parametrize("prices", ["closing", "opening"])
def test_advice_on_any_past_day_is_what_the_play_told_that_morning_byte_for_byte(name, prices):
    season, rules = small_season(matchdays=5), Rules(prices=prices)
    events = list(play(AGENTS[name](), season, rules, seed=3))
    for number, date in enumerate(season.played["date"].unique(), start=1):
        advice = advise(AGENTS[name](), on(season, date, prices=prices), rules, seed=3)
        assert [encode(event) for event in advice.events()] == morning_lines(events, number)


def test_the_bankroll_of_today_changes_stakes_and_no_share():
    season = on(small_season(), "2001-09-01")
    agent = Agent("fixed", [Fixed(home=0.6), Positive(), Level()])
    own, richer = advise(agent, season), advise(agent, season, bankroll=1000.0)
    assert [bet.share for bet in richer.bets] == [bet.share for bet in own.bets]
    assert {bet.stake for bet in richer.bets} == {2000}
    assert own.opened.bankroll == own.so_far[1] != own.so_far[0] == 10000
    assert richer.so_far == own.so_far


@pytest.mark.parametrize("bankroll", [0.0, -5.0, math.nan, math.inf, 1.001])
def test_a_bankroll_that_is_none_is_refused(bankroll):
    with pytest.raises(MatchdayError, match="Today's bankroll: bankroll"):
        advise(gambler(), on(small_season(), "2001-09-01"), bankroll=bankroll)


class Spy(Component):
    """Keeps every table that a plugin is handed."""

    _seen: list[pd.DataFrame] = PrivateAttr(default_factory=list)

    @hookimpl
    def season_opened(self, season):
        self._keep(season.history)

    @hookimpl
    def matchday_opened(self, day):
        self._keep(day.history)
        self._seen += [day.slate.fixtures, day.slate.odds, day.slate.quotes]

    @hookimpl
    def matchday_settled(self, day, results):
        self._keep(day.history)
        self._seen.append(results)

    def _keep(self, history):
        self._seen += [history.matches, history.odds, history.quotes, history.players, history.below]


def test_nothing_that_a_plugin_is_handed_has_a_result_of_the_slate():
    spy, full = Spy(), small_season()
    season = on(full, "2001-09-01")
    advice = advise(gambler(spy), season)
    ids = set(advice.opened.day.slate.index)
    with_results = [table for table in spy._seen if "home_goals" in table]
    assert len(with_results) > 4
    assert all(not ids & set(table.index) for table in with_results)
    dated = [table for table in spy._seen if "date" in table and len(table)]
    assert max(table["date"].max() for table in dated) < pd.Timestamp("2001-09-01")


def test_the_stand_ins_for_the_results_of_the_slate_change_nothing():
    season = on(small_season(), "2001-09-01")
    other = season.matches.copy()
    other.loc[other["date"] == "2001-09-01", ["home_goals", "away_goals"]] = 9
    told = [
        [encode(event) for event in advise(gambler(Watch()), each).events()]
        for each in (season, dataclasses.replace(season, matches=other))
    ]
    assert told[0] == told[1]


def test_all_that_the_source_has_from_the_day_on_is_cut_off():
    full = small_season()
    season = on(full, "2001-09-01")
    assert season.matches["date"].max() == pd.Timestamp("2001-09-01")
    assert season.players["date"].max() < pd.Timestamp("2001-09-01")
    today = season.matches[season.matches["date"] == "2001-09-01"]
    assert (today["home_goals"] == 0).all() and today["home_shots"].isna().all()
    assert season.matches.dtypes.equals(full.matches.dtypes)
    assert season.quotes.columns.equals(full.quotes.columns)


def test_a_result_that_the_source_has_already_gives_way_to_the_slate():
    full = small_season()
    first = full.played[full.played["date"] == "2001-09-01"].iloc[0]
    fixture = Fixture(first["home"], first["away"], odds={"home": 9.0})
    season = with_slate(full, [fixture], date=datetime.date(2001, 9, 1), prices="closing")
    day = advise(gambler(), season).opened.day
    assert day.slate.odds["home"].tolist() == [9.0]
    assert day.slate.odds["draw"].isna().all()


def test_matches_are_in_order_of_kick_off_and_those_without_a_time_come_last():
    fixtures = [
        Fixture("Albion", "Borough", odds=ODDS),
        Fixture("City", "Dynamo", datetime.time(15), odds=ODDS),
        Fixture("Eagles", "Forest", datetime.time(12, 30), odds=ODDS),
    ]
    season = with_slate(small_season(), fixtures, date=NEXT, prices="closing")
    slate = advise(gambler(), season).opened.day.slate
    assert slate.fixtures["home"].tolist() == ["Eagles", "City", "Albion"]
    assert slate.fixtures["kickoff"].isna().tolist() == [False, False, True]


def test_a_new_season_begins_with_all_of_the_last_one_as_history():
    season = with_slate(small_season(), FIXTURES, date=datetime.date(2002, 8, 10), prices="closing", name="2002-03")
    advice = advise(gambler(), season)
    assert (season.name, advice.opened.matchday, len(advice.opened.day.history)) == ("2002-03", 1, 48)
    assert advice.so_far == (10000, 10000)


def test_a_day_before_all_history_has_none():
    season = with_slate(small_season(), FIXTURES, date=datetime.date(1999, 8, 7), prices="closing", name="1999-00")
    assert len(advise(gambler(), season).opened.day.history) == 0


class Shelf(Source):
    """A source of one season."""

    def seasons(self):
        return ["2001-02"]

    def season(self, name, *, partial=False):
        assert name == "2001-02"
        return small_season(matchdays=4 if partial else 8)


def test_the_season_so_far_is_the_current_one_else_the_latest_before_it():
    assert season_so_far(Shelf(), "2001-02").matchdays == 4
    assert season_so_far(Shelf(), "2003-04").matchdays == 8
    with pytest.raises(SourceError, match="Season '2000-01': the source has no match before it; its first .* 2001-02"):
        season_so_far(Shelf(), "2000-01")


@pytest.mark.parametrize(
    ("date", "name"), [("2026-06-30", "2025-26"), ("2026-07-01", "2026-27"), ("2000-01-01", "1999-00")]
)
def test_a_new_season_begins_in_july(date, name):
    assert season_of(datetime.date.fromisoformat(date)) == name


def test_a_day_without_a_bet_meets_the_rules_of_a_play():
    season = on(small_season(), "2001-09-01")
    idle = Agent("idle", [Fixed(home=0.0), Positive(), Level(share=0.0)])
    (forced,) = advise(idle, season, bankroll=50.0).bets
    assert forced.forced and forced.stake == 1
    assert advise(idle, season, Rules(without_bet="off")).bets == ()
    bettor = Agent("bettor", [Fixed(home=0.6), Positive(), OnceIdle()])
    with pytest.raises(RuleBroken, match="Matchday 5: the slip has no bet; rule: at least one a matchday"):
        advise(bettor, season, Rules(without_bet="refuse"))


class OnceIdle(Component):
    """A staking that has no bet on matchday 5, which is the first of September."""

    @hookimpl
    def size_stakes(self, day, edges):
        return edges.slip(0.0 if day.number == 5 else 0.01)


def test_limits_and_the_minimum_bet_are_those_of_today():
    season = on(small_season(), "2001-09-01")
    agent = Agent("level", [Fixed(home=0.6), Positive(), Level(share=0.02)])
    poor = advise(agent, season, Rules(minimum_bet=1.0, without_bet="off"), bankroll=40.0)
    assert poor.bets == () and len(poor.placed.dropped) == 3
    greedy = Agent("greedy", [Fixed(home=0.6), Positive(), Level(share=0.2)])
    refused = advise(greedy, season, Rules(matchday_limit=0.5))
    assert "rule: matchday_limit 0.5" in refused.refused
    assert [bet.forced for bet in refused.bets] == [True]


class Loser(Component):
    """A staking that bets everything on the longest prices until nothing is left."""

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(1.0 / max(len(edges.bets), 1))


def test_an_agent_that_is_ruined_before_the_day_is_told_so_in_one_line():
    season = small_season()
    agent = Agent("loser", [Everything(), Loser()])
    events = list(play(agent, season, Rules(minimum_bet=50.0)))
    ruin = [event for event in events if isinstance(event, MatchdaySettled)][-1].settlement
    assert ruin.matchday < 8
    message = f"Agent 'loser': it is ruined on {ruin.date}, with {ruin.after / 100:.2f} left of 100.00"
    with pytest.raises(MatchdayError, match=message):
        advise(agent, on(season, season.played["date"].max()), Rules(minimum_bet=50.0))


@pytest.mark.parametrize("on_failure", ["stop", "sit-out"])
def test_a_component_that_fails_today_is_an_error_whatever_the_rules_say(on_failure):
    season = on(small_season(), "2001-09-01")
    agent = Agent("faulty", [Faulty(matchday=5), Positive(), Level()])
    with pytest.raises(ComponentError, match="'faulty'.*matchday 5"):
        advise(agent, season, Rules(on_failure=on_failure))


def test_a_component_that_failed_earlier_may_have_sat_out():
    season = on(small_season(), "2001-09-01")
    agent = Agent("faulty", [Faulty(matchday=3), Positive(), Level()])
    assert advise(agent, season, Rules(on_failure="sit-out")).opened.matchday == 5
    with pytest.raises(ComponentError, match="matchday 3"):
        advise(agent, season)


def test_the_expected_growth_is_by_the_agents_own_probabilities():
    fixtures = [Fixture("Albion", "Borough", odds={"home": 2.0})]
    season = with_slate(small_season(), fixtures, date=NEXT, prices="closing")
    advice = advise(Agent("a", [Fixed(home=0.55), Positive(), Level(share=0.1)]), season, bankroll=100.0)
    assert advice.growth == pytest.approx(0.55 * math.log(1.1) + 0.45 * math.log(0.9), abs=1e-12)
    assert advice.staked == 1000
    assert advise(gambler(share=0.0), season).growth is None


def test_the_season_is_closed_so_that_plugins_let_go_and_forecasts_are_kept(tmp_path):
    season, watch = on(small_season(), "2001-09-01"), Watch()
    agent, cache = Agent("kept", [Counting(), Positive(), Level(), watch]), ForecastCache(tmp_path)
    Counting.asked = 0
    first = advise(cache.lend(agent, season), season)
    assert watch._told[-1] == "closed completed"
    assert Counting.asked == 5
    again = advise(ForecastCache(tmp_path).lend(agent, season), season)
    assert Counting.asked == 5
    assert [encode(event) for event in again.events()] == [encode(event) for event in first.events()]


class Counting(Fixed):
    """A model that counts how often it is asked."""

    asked: ClassVar[int] = 0

    @hookimpl
    def forecast(self, day):
        Counting.asked += 1
        return Fixed(home=0.6).forecast(day)


def test_diagnoses_and_actions_are_told():
    advice = advise(gambler(Watch()), on(small_season(), "2001-09-01"))
    assert [(each.measure, each.value) for each in advice.decision.diagnoses] == [("matches", 36.0)]
    told = [type(event).__name__ for event in advice.events()]
    assert told == [
        "MatchdayOpened",
        "Diagnosed",
        "ForecastMade",
        "StepTaken",
        "StepTaken",
        "ActionTaken",
        "SlipPlaced",
    ]


def test_a_newcomer_is_listed_and_a_name_near_a_clubs_is_refused_unless_it_is_expected():
    season = small_season()
    new = [Fixture("Albion", "Zenith"), Fixture("Borugh", "City", label="slate.csv line 3")]
    assert newcomers(season, new[:1]) == ["Zenith"]
    with pytest.raises(
        MatchdayError, match=r"^slate.csv line 3: club 'Borugh' is unknown to doubles T; did you mean 'Borough'\?"
    ):
        newcomers(season, new)
    assert newcomers(season, new, expected=["Borugh"]) == ["Zenith", "Borugh"]


@pytest.mark.parametrize("club", ["Manchester City", "Man", "Man City & Hove Albion Football Club"])
def test_a_name_that_the_source_writes_shorter_or_longer_is_near(club):
    season = small_season()
    season = dataclasses.replace(season, matches=season.matches.replace({"City": "Man City"}))
    with pytest.raises(MatchdayError, match="did you mean 'Man City'"):
        newcomers(season, [Fixture("Albion", club)])


def test_a_club_of_the_division_below_is_known():
    season = small_season()
    below = season.matches.head(1).assign(home="Zenith", season="2000-01")
    assert newcomers(dataclasses.replace(season, below=below), [Fixture("Albion", "Zenith")]) == []


def test_a_newcomer_can_be_bet_on():
    fixtures = [Fixture("Albion", "Zenith", odds=ODDS)]
    advice = advise(gambler(), with_slate(small_season(), fixtures, date=NEXT, prices="closing"))
    assert advice.opened.day.slate.fixtures["away"].tolist() == ["Zenith"]


BAD_SLATES = {
    "no match": ([], "there is no match"),
    "a club twice": ([FIXTURES[0], Fixture("City", "Albion")], "City v Albion: club 'Albion' is on the slate already"),
    "a club against itself": ([Fixture("City", "City")], "is a club against itself"),
    "no odds": ([Fixture("Albion", "City")], "no match of the slate has odds under policy 'closing'"),
    "an unknown bookmaker": (
        [Fixture("Albion", "City", quotes={("C", "home"): 2.0})],
        "'C.home': bookmaker 'C' is unknown to doubles; known: A, B.",
    ),
    "another price of the same bookmaker": (
        [Fixture("Albion", "City", odds={"home": 2.0}, quotes={("B", "home"): 2.1})],
        "home: 2 is on offer, yet policy 'closing' takes 2.1 from the quotes",
    ),
    "a price that is not on offer": (
        [Fixture("Albion", "City", odds={"home": 2.0}, quotes={("B", "draw"): 3.1})],
        "draw: nothing is on offer, yet policy 'closing' takes 3.1",
    ),
}


@pytest.mark.parametrize("name", BAD_SLATES)
def test_a_slate_that_makes_no_sense_is_refused_in_one_line(name):
    fixtures, message = BAD_SLATES[name]
    with pytest.raises(MatchdayError) as raised:
        with_slate(small_season(), fixtures, date=NEXT, prices="closing")
    assert message in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("odds", [1.0, 0.5, -2.0, math.nan, math.inf])
def test_odds_that_are_none_are_refused(odds):
    with pytest.raises(MatchdayError, match="Albion v City: home at odds .*; rule: finite decimal odds above 1"):
        Fixture("Albion", "City", odds={"home": odds})
    with pytest.raises(MatchdayError, match="rule: finite decimal odds above 1"):
        Fixture("Albion", "City", quotes={("A", "home"): odds})


def test_a_selection_that_is_none_is_refused():
    with pytest.raises(MatchdayError, match="'hom' is no selection; did you mean 'home'"):
        Fixture("Albion", "City", odds={"hom": 2.0})


def best(season) -> Season:
    return dataclasses.replace(season, policies={**season.policies, "best": PricePolicy(("A", "B", "X"), best=True)})


def test_quotes_of_others_are_shown_and_the_best_policy_holds_them_to_the_odds_on_offer():
    fixture = Fixture("Albion", "City", odds={"home": 2.2}, quotes={("B", "home"): 2.1, ("X", "home"): 2.0})
    day = advise(gambler(), with_slate(best(small_season()), [fixture], date=NEXT, prices="best"), Rules(prices="best"))
    slate = day.opened.day.slate
    assert slate.odds["home"].tolist() == [2.2]
    assert [slate.quotes[(code, "home")].iloc[0] for code in "ABX"] == [2.2, 2.1, 2.0]
    better = dataclasses.replace(fixture, quotes={("X", "home"): 2.3})
    with pytest.raises(MatchdayError, match="home: 2.2 is on offer, yet policy 'best' takes 2.3 from the quotes"):
        with_slate(best(small_season()), [better], date=NEXT, prices="best")


def test_quotes_alone_are_enough_where_the_policy_finds_them():
    fixture = Fixture("Albion", "City", quotes={("B", name): odds for name, odds in ODDS.items()})
    slate = advise(gambler(), with_slate(small_season(), [fixture], date=NEXT, prices="closing")).opened.day.slate
    assert slate.odds.iloc[0].to_dict() == ODDS
    assert list(slate.odds) == list(SELECTIONS)


def test_whole_numbers_of_a_source_stay_whole():
    season = small_season()
    whole = dataclasses.replace(season, matches=season.matches.astype({"home_shots": "int64"}))
    assert with_slate(whole, FIXTURES, date=NEXT, prices="closing").matches["home_shots"].dtype == "int64"
