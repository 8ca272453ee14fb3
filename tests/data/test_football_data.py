"""What the football-data source promises of files that are as they should be."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchday.errors import SourceError
from matchday.history import RESULT_COLUMNS, STATISTIC_COLUMNS
from matchday.markets import MATCH_RESULT, multiplicative, outcomes
from matchday_data.football_data import FootballData
from matchday_data.football_data.columns import QUOTES, REQUIRED, STATISTICS
from matchday_data.football_data.dates import first_day, last_day
from matchday_data.football_data.policies import POLICIES
from matchday_data.football_data.results import planned_matches

KNOWN = {"2000-01": 97, "2010-11": 105, "2020-21": 135, "2023-24": 120}


@pytest.fixture(scope="module")
def everything(football_data):
    """The last season with all thirty before it."""
    return FootballData(data=football_data).season("2023-24")


def test_all_31_seasons_load_with_all_their_matches(football_data, everything):
    assert len(FootballData(data=football_data).seasons()) == 31
    counts = everything.matches.groupby("season").size()
    assert counts.pop("1993-94") == counts.pop("1994-95") == 462
    assert set(counts) == {380}
    assert len(everything.played) == 380


@pytest.mark.parametrize(("name", "matchdays"), KNOWN.items())
def test_a_season_has_its_known_number_of_matchdays(football_data, name, matchdays):
    assert FootballData(data=football_data, history=0).season(name).matchdays == matchdays


def test_matches_have_the_promised_columns_types_and_order(everything):
    matches = everything.matches
    assert list(matches.columns) == [*RESULT_COLUMNS, *STATISTIC_COLUMNS, "referee"]
    assert (matches.dtypes[list(STATISTIC_COLUMNS)] == np.float64).all()
    assert matches["home_goals"].dtype == matches["away_goals"].dtype == np.int64
    assert matches["date"].dtype.kind == matches["kickoff"].dtype.kind == "M"
    keys = matches[["date", "kickoff", "home"]].fillna(pd.Timestamp(0))
    assert keys.equals(keys.sort_values(["date", "kickoff", "home"]))
    assert matches.index[-380] == "E0 2023-08-11 Burnley v Man City"
    assert matches["kickoff"].iloc[-380] == pd.Timestamp("2023-08-11 20:00")


def test_what_a_season_does_not_know_is_nan_and_not_zero(everything):
    old = everything.matches[everything.matches["season"] == "1993-94"]
    assert old[list(STATISTIC_COLUMNS)].isna().all(axis=None)
    assert old["kickoff"].isna().all()
    assert old["referee"].isna().all()
    assert everything.quotes.loc[old.index].isna().all(axis=None)
    assert everything.played[list(STATISTIC_COLUMNS)].notna().all(axis=None)


def test_quotes_are_prices_of_1x2_and_totals_under_normalised_codes(everything):
    quotes = everything.quotes
    assert set(quotes.columns.get_level_values("selection")) == {
        "home",
        "draw",
        "away",
        "over_2_5",
        "under_2_5",
    }
    assert quotes.min(axis=None) > 1.0
    first = quotes.iloc[-380]
    assert first["PSC"].to_dict() == {
        "home": 9.62,
        "draw": 5.81,
        "away": 1.33,
        "over_2_5": 1.65,
        "under_2_5": 2.35,
    }
    assert first["VC", "home"] == 9.5
    assert first["VCC", "home"] == 10.5
    assert {"BbAv", "BbMx", "MaxC", "AvgC", "B365C"} <= set(quotes.columns.get_level_values("bookmaker"))
    assert {"B365C", "PSC", "VCC", "AvgC"} <= everything.closing
    assert not {"B365", "PS", "VC", "Avg"} & everything.closing


def test_a_price_of_zero_is_not_offered_and_told(everything):
    assert [line for line in everything.report if "B365C>2.5" in line] == [
        "2021-22: B365C>2.5 holds 1 value that is no price (line 168: '0.0'), taken as not offered"
    ]


def test_closing_prices_of_2023_24_have_their_known_margin_and_log_loss(everything):
    odds = everything.policy("closing").odds(everything.quotes).iloc[-380:]
    prices = odds[list(MATCH_RESULT.selections)].to_numpy()
    assert (1 / prices).sum(axis=1).mean() == pytest.approx(1.0539, abs=5e-5)
    happened = outcomes(everything.played).to_numpy() == 1
    assert -np.log(multiplicative(prices)[happened]).mean() == pytest.approx(0.8997, abs=5e-5)


@pytest.mark.parametrize(
    ("name", "bankroll"),
    [
        ("2000-01", 3.15),
        ("2010-11", 18.83),
        ("2020-21", 12.63),
        ("2021-22", 146.54),
        ("2022-23", 55.31),
        ("2023-24", 75.71),
    ],
)
def test_backing_favourites_at_the_default_prices_ends_where_it_is_known_to(football_data, name, bankroll):
    season = FootballData(data=football_data, history=0).season(name)
    odds = season.policy("closing").odds(season.quotes)[list(MATCH_RESULT.selections)].to_numpy()
    won = outcomes(season.matches).to_numpy()
    money = 100.0
    for rows in season.matches.groupby("date").indices.values():
        favourite = odds[rows].argmin(axis=1)
        money += 0.05 * money * (won[rows, favourite] * odds[rows, favourite] - 1).sum()
    assert money == pytest.approx(bankroll, abs=0.005)


def test_totals_of_the_years_of_market_averages_are_on_offer(football_data):
    season = FootballData(data=football_data, history=0).season("2010-11")
    odds = season.policy("closing").odds(season.quotes)
    assert odds.notna().all(axis=None)
    assert odds["over_2_5"].equals(season.quotes["BbAv", "over_2_5"].rename("over_2_5"))


def test_every_policy_says_what_it_means_and_opening_ones_use_no_closing_price(everything):
    assert next(iter(POLICIES)) == "closing"
    for policy in POLICIES.values():
        assert policy.meaning
        if policy.moment == "opening":
            assert not everything.closing & set(policy.bookmakers)
            assert not everything.closing & set(everything.quotes_at(policy).columns.get_level_values(0))


def test_best_closing_says_that_before_2019_20_only_pinnacle_s_closing_price_is_there(everything):
    meaning = "before 2019-20 only Pinnacle's closing price is there, from 2012-13"
    assert POLICIES["best-closing"].meaning.endswith(meaning)
    priced = everything.quotes.T.groupby(level="bookmaker").count().T.groupby(everything.matches["season"]).max()
    closing = {name: set(row.index[row > 0]) & everything.closing for name, row in priced.iterrows()}
    before = {name: codes for name, codes in closing.items() if name < "2019-20"}
    assert {name for name, codes in before.items() if codes} == {name for name in before if name >= "2012-13"}
    assert set().union(*before.values()) == {"PSC"}
    assert len(closing["2019-20"]) > 5


def test_a_season_without_prices_is_history_with_no_quotes(football_data):
    season = FootballData(data=football_data, history=0).season("2003-04")
    assert season.quotes.shape == (380, 0)
    assert season.quotes.columns.names == ["bookmaker", "selection"]
    assert all(policy.odds(season.quotes).isna().all(axis=None) for policy in POLICIES.values())


@pytest.mark.parametrize(("history", "seasons"), [(0, 1), (2, 3), (99, 31), (None, 31)])
def test_history_says_how_many_seasons_come_before(football_data, history, seasons):
    season = FootballData(data=football_data, history=history).season("2023-24")
    assert season.matches["season"].nunique() == seasons


def test_no_later_season_is_loaded(football_data):
    season = FootballData(data=football_data).season("1995-96")
    assert set(season.matches["season"]) == {"1993-94", "1994-95", "1995-96"}


def test_loading_twice_gives_the_same_fingerprint(football_data):
    first, second = (FootballData(data=football_data, history=1).season("2001-02") for _ in range(2))
    assert first.fingerprint == second.fingerprint


def test_the_folder_inside_the_site_is_accepted_too(football_data):
    assert len(FootballData(data=football_data / "mmz4281").seasons()) == 31


def test_no_price_column_is_also_a_result_or_a_statistic():
    assert not set(QUOTES) & {
        *REQUIRED,
        *STATISTICS.values(),
        "HHW",
        "AHW",
        "AHh",
        "AHCh",
        "Bb1X2",
        "BbOU",
        "HO",
        "HBP",
    }
    assert not any("AH" in name for name in QUOTES)


def test_ambiguous_suffixes_are_read_by_the_list_of_bookmakers():
    assert QUOTES["VCH"] == ("VC", "home")
    assert QUOTES["VCCH"] == ("VCC", "home")
    assert QUOTES["BWCA"] == ("BWC", "away")
    assert QUOTES["IWCH"] == ("IWC", "home")
    assert QUOTES["BFD"] == ("BF", "draw")
    assert QUOTES["BFDH"] == ("BFD", "home")
    assert QUOTES["P>2.5"] == ("PS", "over_2_5")
    assert QUOTES["PC<2.5"] == ("PSC", "under_2_5")
    assert len(set(QUOTES.values())) == 24 * 2 * 5


def test_gaps_in_history_are_fine_and_told(site):
    for year in (2004, 2007, 2010):
        site.write(site.rows(year), f"{year % 100:02d}{year % 100 + 1:02d}")
    season = FootballData(data=site.folder).season("2010-11")
    assert list(season.matches["season"].unique()) == ["2004-05", "2007-08", "2010-11"]
    assert season.report == ("history has no 2005-06 to 2006-07, 2008-09 to 2009-10",)


def test_a_season_missing_before_the_history_that_is_loaded_needs_no_word(site):
    for year in (2007, 2009, 2010):
        site.write(site.rows(year), f"{year % 100:02d}{year % 100 + 1:02d}")
    assert FootballData(data=site.folder, history=1).season("2010-11").report == ()
    assert FootballData(data=site.folder).season("2010-11").report == ("history has no 2008-09",)


def test_trailing_empty_rows_and_columns_are_dropped_without_a_word(site):
    text = site.text(site.rows()).replace("\r\n", ",,\r\n") + "," * 14 + "\r\n\r\n"
    site.write(text)
    season = FootballData(data=site.folder).season("2010-11")
    assert len(season.matches) == 12
    assert season.report == ()


def test_rows_longer_than_the_header_are_fine_while_blank(site):
    lines = site.text(site.rows()).splitlines()
    lines[3] += ",,,"
    site.write("\n".join(lines))
    assert len(FootballData(data=site.folder).season("2010-11").matches) == 12


@pytest.mark.parametrize("value", ["0", "0.0", "1", "1.0", "-2", "inf", "evens", "2,1", "1_0"])
def test_a_value_that_is_no_price_is_not_offered_and_counted(site, value):
    rows = site.rows()
    rows[4]["B365H"] = rows[5]["B365H"] = value
    site.write(rows)
    season = FootballData(data=site.folder).season("2010-11")
    assert season.quotes["B365", "home"].isna().sum() == 2
    assert season.report == (
        f"2010-11: B365H holds 2 values that are no price (line 6: {value!r}), taken as not offered",
    )


def test_a_blank_price_is_not_offered_and_counted(site):
    rows = site.rows()
    rows[4]["B365H"] = ""
    site.write(rows)
    season = FootballData(data=site.folder).season("2010-11")
    assert season.quotes["B365", "home"].isna().sum() == 1
    assert season.report == ("2010-11: 1 price is blank, in 1 column",)


def test_blank_prices_of_a_season_are_counted_in_one_line_beside_those_that_are_no_prices(site):
    rows = site.rows()
    for row in rows[2:]:
        row["B365H"] = row["B365D"] = " "
    rows[0]["B365D"] = "0"
    site.write(rows)
    assert FootballData(data=site.folder).season("2010-11").report == (
        "2010-11: B365D holds 1 value that is no price (line 2: '0'), taken as not offered",
        "2010-11: 20 prices are blank, in 2 columns",
    )


def test_a_market_that_a_bookmaker_never_prices_is_not_counted_as_blank(site):
    site.write([row | {"B365>2.5": "", "PSCH": ""} for row in site.rows()])
    season = FootballData(data=site.folder).season("2010-11")
    assert season.report == ()
    assert set(season.quotes.columns.get_level_values("bookmaker")) == {"B365"}


def test_the_blank_prices_of_real_seasons_are_those_their_files_hold(football_data):
    season = FootballData(data=football_data, history=0).season("2023-24")
    raw = pd.read_csv(football_data / "mmz4281" / "2324" / "E0.csv", encoding="utf-8-sig")
    holes = raw[[name for name in raw.columns if name in QUOTES]].isna().sum()
    holes = holes[(holes > 0) & (holes < len(raw))]
    told = [f"2023-24: {holes.sum():,} prices are blank, in {len(holes)} columns"] if len(holes) else []
    assert [line for line in season.report if "blank" in line] == told


def test_an_unknown_bookmaker_is_left_out_and_told(site):
    site.write([row | {"ZZH": "2", "ZZD": "3", "ZZA": "4"} for row in site.rows()])
    assert FootballData(data=site.folder).season("2010-11").report == (
        "2010-11: bookmaker 'ZZ' is unknown and left out",
    )


def test_a_statistic_that_is_no_count_is_unknown_and_told(site):
    rows = site.rows()
    rows[0]["HS"] = "many"
    site.write(rows)
    season = FootballData(data=site.folder).season("2010-11")
    assert np.isnan(season.matches["home_shots"].iloc[0])
    assert "HS holds 1 value that is no count (line 2: 'many'), taken as unknown" in season.report[0]


def test_a_kick_off_that_is_no_time_is_unknown_and_told(site):
    rows = [row | {"Time": "15:00"} for row in site.rows()]
    rows[0]["Time"], rows[1]["Time"] = "25:61", ""
    site.write(rows)
    season = FootballData(data=site.folder).season("2010-11")
    assert season.matches["kickoff"].isna().sum() == 2
    assert season.report == (
        "2010-11: Time holds 1 value that is no time as HH:MM (line 2: '25:61'), taken as unknown",
    )


def test_an_unfinished_season_loads_as_far_as_it_goes_when_asked(site):
    site.write(site.rows()[:7])
    season = FootballData(data=site.folder).season("2010-11", partial=True)
    assert len(season.matches) == 7
    assert season.report == ("2010-11: unfinished, 7 of the 12 matches of 4 clubs",)


def test_a_column_that_stands_there_twice_is_told_and_the_first_read(site):
    lines = site.text(site.rows()).splitlines()
    site.write("\n".join([lines[0] + ",B365H", *(line + ",9.9" for line in lines[1:])]))
    season = FootballData(data=site.folder).season("2010-11")
    assert set(season.quotes["B365", "home"]) == {2.1}
    assert season.report == ("2010-11: column B365H stands in the file twice; the first is read",)


def test_a_league_that_the_pandemic_ended_early_is_finished(site):
    site.write([row | {"Div": "F1"} for row in site.rows(2019)[:9]], "1920", league="F1")
    assert len(FootballData(data=site.folder, league="F1").season("2019-20").matches) == 9


@pytest.mark.parametrize("year", [1993, 2018, 2020, 2021])
def test_a_season_begins_the_day_after_the_last_one_ends(year):
    assert first_day(year + 1) - last_day(year) == dt.timedelta(days=1)


@pytest.mark.parametrize("league", ["E0", "SP2", "I1"])
def test_in_any_league_2019_20_may_end_in_august_2020_and_2020_21_may_begin_there(site, league):
    first, second = ([row | {"Div": league} for row in site.rows(year)] for year in (2019, 2020))
    first[-1]["Date"], second[0]["Date"] = "07/08/20", "08/08/20"
    site.write(first, "1920", league=league)
    site.write(second, "2021", league=league)
    dates = FootballData(data=site.folder, league=league).season("2020-21").matches["date"]
    assert [f"{date:%d %b %Y}" for date in dates.iloc[11:13]] == ["07 Aug 2020", "08 Aug 2020"]


@pytest.mark.parametrize("date", ["01/08/20", "31/08/20"])
@pytest.mark.parametrize(("year", "code"), [(2019, "1920"), (2020, "2021")])
def test_a_day_of_august_2020_may_belong_to_either_season(site, year, code, date):
    rows = site.rows(year)
    rows[-1]["Date"] = date
    site.write(rows, code)
    loaded = FootballData(data=site.folder).season(f"{year}-{year % 100 + 1}")
    assert date in set(loaded.matches["date"].dt.strftime("%d/%m/%y"))


@pytest.mark.parametrize(
    ("league", "season", "clubs", "matches"),
    [
        ("E0", "2023-24", 20, 380),
        ("SC0", "2023-24", 12, 228),
        ("SC1", "2023-24", 10, 180),
        ("SC3", "2018-19", 10, 180),
        ("SC1", "2020-21", 10, 135),
        ("SC3", "2020-21", 10, 110),
    ],
)
def test_a_season_has_its_planned_matches_also_where_clubs_meet_more_than_twice(league, season, clubs, matches):
    assert planned_matches(league, season, clubs=clubs) == matches


NAMES = st.lists(
    st.text(st.characters(min_codepoint=0xC0, max_codepoint=0xFF), min_size=2, max_size=8),
    min_size=2,
    max_size=4,
    unique=True,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clubs=NAMES, encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
def test_clubs_with_accents_survive_utf_8_with_or_without_a_byte_order_mark(site, clubs, encoding):
    site.write(site.text(site.rows(clubs=tuple(clubs))).encode(encoding))
    season = FootballData(data=site.folder).season("2010-11")
    assert set(season.clubs) == set(clubs)
    assert season.report == ()


def test_a_file_of_the_windows_code_page_is_read_and_told(site):
    site.write(site.text(site.rows(clubs=("Almería", "Cádiz"))).encode("cp1252"))
    season = FootballData(data=site.folder).season("2010-11")
    assert season.clubs == ("Almería", "Cádiz")
    assert season.report == ("2010-11: the file is not UTF-8, read as cp1252",)


def test_the_cache_is_where_the_environment_says(site, monkeypatch):
    monkeypatch.setenv("MATCHDAY_CACHE", str(site.folder.parent))
    site.folder = site.folder.parent / "football-data"
    site.write(site.rows())
    assert FootballData().seasons() == ["2010-11"]
    assert FootballData().default_season() == "2010-11"


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="league"):
        FootballData(league="../E0")
    with pytest.raises(ValueError, match="history"):
        FootballData(history=-1)


def test_a_season_must_be_written_as_a_season(site):
    site.write(site.rows())
    with pytest.raises(SourceError, match="'2010/11' is not a season"):
        FootballData(data=site.folder).season("2010/11")


def test_the_division_below_has_its_results_in_the_seasons_of_history(site):
    for code, year in (("0910", 2009), ("1011", 2010), ("1112", 2011)):
        site.write(site.rows(year), code)
        lower = [{**row, "Div": "E1"} for row in site.rows(year, clubs=("Elgin", "Forfar", "Girvan", "Huntly"))]
        site.write(lower, code, league="E1")
    season = FootballData(data=site.folder, below="E1").season("2011-12")
    assert season.below.groupby("season").size().to_dict() == {"2009-10": 12, "2010-11": 12}
    assert list(season.below.columns) == list(season.matches.columns)
    assert set(season.below["competition"]) == {"E1"}
    assert season.below.index[0] == "E1 2009-08-14 Elgin v Forfar"
    assert season.below["date"].is_monotonic_increasing
    assert season.report == ()
    assert set(FootballData(data=site.folder, below="E1", history=1).season("2011-12").below["season"]) == {"2010-11"}
    assert len(FootballData(data=site.folder, below="E1", history=0).season("2011-12").below) == 0
    assert len(FootballData(data=site.folder).season("2011-12").below) == 0


def test_seasons_that_the_division_below_lacks_are_told_and_none_at_all_is_an_error(site):
    for code, year in (("0910", 2009), ("1011", 2010), ("1112", 2011)):
        site.write(site.rows(year), code)
    source = FootballData(data=site.folder, below="E1")
    with pytest.raises(SourceError, match=f"matchday fetch football-data --season all --league E1 --to {site.folder}"):
        source.season("2011-12")
    lower = [{**row, "Div": "E1"} for row in site.rows(2011)]
    site.write(lower, "1112", league="E1")
    with pytest.raises(SourceError, match="No season of league 'E1' before 2011-12 is on disk; fetch them, or leave"):
        source.season("2011-12")
    site.write([{**row, "Div": "E1"} for row in site.rows(2009)], "0910", league="E1")
    assert source.season("2011-12").report == ("the division below, E1, has no 2010-11",)


def test_what_is_odd_in_a_file_of_the_division_below_is_told_as_its_own(site):
    for code, year in (("0910", 2009), ("1011", 2010)):
        site.write(site.rows(year), code)
    lower = [{**row, "Div": "E1"} for row in site.rows(2009)]
    site.write([{**lower[0], "HS": "many"}, *lower[1:]], "0910", league="E1")
    assert FootballData(data=site.folder, below="E1").season("2010-11").report == (
        "E1 2009-10: HS holds 1 value that is no count (line 2: 'many'), taken as unknown",
    )


def test_the_division_below_is_not_the_league_itself():
    with pytest.raises(ValueError, match="below = 'E0' is the league itself; name the division below it, as E1 for E0"):
        FootballData(below="E0")
