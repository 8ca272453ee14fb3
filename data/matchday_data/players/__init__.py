"""Player rows: who played, and how he did, from the public archive of Fantasy Premier League data.

The archive is github.com/vaastav/Fantasy-Premier-League (MIT licence), seasons 2016-17 onwards, collected from the
game's interface, https://fantasy.premierleague.com.
"""
