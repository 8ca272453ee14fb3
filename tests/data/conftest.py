"""Made-up files for the tests of the football-data source, and of the player rows beside it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


class MadeUpSite:
    """A folder laid out as the site is, filled with made-up seasons of four clubs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def rows(
        first_year: int = 2010, clubs: tuple[str, ...] = ("Ayr", "Bury", "Crewe", "Derby")
    ) -> list[dict[str, str]]:
        """Each club against each other on both grounds, one match a day from 14 August on."""
        start = dt.date(first_year, 8, 14)
        rows = []
        for day, (home, away) in enumerate(itertools.permutations(clubs, 2)):
            goals = (day % 3, day % 2)
            row = {
                "Div": "E0",
                "Date": f"{start + dt.timedelta(days=day):%d/%m/%y}",
                "HomeTeam": home,
                "AwayTeam": away,
            }
            row |= {
                "FTHG": str(goals[0]),
                "FTAG": str(goals[1]),
                "FTR": "ADH"[(goals[0] > goals[1]) - (goals[0] < goals[1]) + 1],
            }
            row |= {
                "HS": "11",
                "AS": "7",
                "Referee": "M Dean",
                "B365H": "2.1",
                "B365D": "3.3",
                "B365A": "3.9",
            }
            rows.append(row)
        return rows

    @staticmethod
    def text(rows: list[dict[str, str]]) -> str:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def write(self, content: list[dict[str, str]] | str | bytes, code: str = "1011", league: str = "E0") -> Path:
        """Write a season file: of rows, as text, or as the bytes it shall hold."""
        text = self.text(content) if isinstance(content, list) else content
        path = self.folder / "mmz4281" / code / f"{league}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@pytest.fixture
def site(tmp_path: Path) -> MadeUpSite:
    """An empty folder to write made-up seasons into."""
    return MadeUpSite(tmp_path / "site")


class MadeUpArchive:
    """A folder laid out as the archive of player rows is, filled with rows for the matches of a ``MadeUpSite``."""

    #: Everybody of a club: name and position; thirteen play, the last two come on, the fourteenth never does.
    SQUAD = (
        ("Keeper", "GK"),
        *((f"Back {n}", "DEF") for n in range(4)),
        *((f"Middle {n}", "MID") for n in range(5)),
        *((f"Striker {n}", "FWD") for n in range(3)),
        ("Idle", "FWD"),
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def rows(cls, matches: list[dict[str, str]]) -> list[dict[str, str]]:
        """Write a row for each player of both sides of each match."""
        clubs = sorted({row["HomeTeam"] for row in matches})
        rows = []
        for fixture, match in enumerate(matches, start=1):
            for at_home in (True, False):
                club, other = match["HomeTeam"], match["AwayTeam"]
                club, other = (club, other) if at_home else (other, club)
                for place, (name, position) in enumerate(cls.SQUAD):
                    number = clubs.index(club)
                    about = {"name": f"{name} of {club}", "position": position, "team": "Elsewhere", "xP": "1.0"}
                    counts = dict.fromkeys(
                        ("assists", "clean_sheets", "goals_conceded", "goals_scored", "own_goals"), "0"
                    )
                    rows.append(
                        {
                            **about,
                            **counts,
                            "element": str(100 * number + place),
                            "expected_assists": "0.1",
                            "expected_goals": "0.25",
                            "expected_goals_conceded": "1.2",
                            "fixture": str(fixture),
                            "minutes": "90" if place < 10 else "60" if place == 10 else "30" if place < 13 else "0",
                            "opponent_team": str(clubs.index(other) + 1),
                            "penalties_missed": "0",
                            "penalties_saved": "0",
                            "red_cards": "0",
                            "saves": "3" if position == "GK" else "0",
                            "starts": "1" if place < 11 else "0",
                            "team_a_score": match["FTAG"],
                            "team_h_score": match["FTHG"],
                            "influence": "10.2",
                            "creativity": "1.5",
                            "threat": "7.0",
                            "value": "55",
                            "was_home": str(at_home),
                            "yellow_cards": "1" if place == 3 else "0",
                            "GW": str(fixture),
                        }
                    )
        return rows

    @staticmethod
    def teams(clubs: tuple[str, ...] = ("Ayr", "Bury", "Crewe", "Derby")) -> str:
        """List clubs with their numbers."""
        return "code,id,name\n" + "".join(f"{40 + number},{number},{club}\n" for number, club in enumerate(clubs, 1))

    def write(self, rows: list[dict[str, str]] | str | bytes, season: str = "2016-17", teams: str | None = "") -> Path:
        """Write a season's two files, the first of rows, as text or bytes; without ``teams`` only that."""
        path = self.folder / "data" / season / "gws" / "merged_gw.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = MadeUpSite.text(rows) if isinstance(rows, list) else rows
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if teams is not None:
            (path.parents[1] / "teams.csv").write_text(teams or self.teams(), encoding="utf-8")
        return path


@pytest.fixture
def archive(tmp_path: Path) -> MadeUpArchive:
    """An empty folder to write made-up player rows into."""
    return MadeUpArchive(tmp_path / "archive")


class Flaky(SimpleHTTPRequestHandler):
    """Serves a folder; the first ``failures`` answers are the server's ``status``, and each request is written down."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if len(self.server.asked) <= self.server.failures:
            self.send_error(self.server.status)
        elif self.server.cut:
            self._half()
        else:
            super().do_GET()

    def _half(self) -> None:
        """Promise more than is sent, as a connection that breaks does."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,14/08/10,Ay")

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serves a folder from a thread: its address, what was asked of it, and how it is to fail."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Flaky, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []
        self.failures, self.status, self.cut = 0, 503, False
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(timeout=5)


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Server]]:
    """Serve folders; the servers stop with the test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running: list[Server] = []

    def serve(folder: Path) -> Server:
        running.append(Server(folder))
        return running[-1]

    yield serve
    for server in running:
        server.stop()
