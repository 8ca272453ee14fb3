"""The tables. ``events`` is the record; ``matchdays``, ``bets``, ``forecasts`` and ``consultations`` are what people
query.

``expected`` has the log growth that a matchday's slip, and an oracle's, were worth under the true probabilities; a
comparison fills it where somebody knows them.

Money is in whole pence. A missing probability or edge is NULL.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

#: Raised when a table changes in a way that an older store does not have.
VERSION = 1

metadata = MetaData()

schema = Table("schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

runs = Table(
    "runs",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("key", String(16), index=True, nullable=False),
    Column("agent", String(200), nullable=False),
    Column("season", String(7), nullable=False),
    Column("source", String(100), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("status", String(10), nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("spec", Text, nullable=False),
    Column("summary", Text, nullable=False),
)


def _run_id() -> Column[str]:
    return Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


events = Table(
    "events",
    metadata,
    _run_id(),
    Column("position", Integer, primary_key=True),
    Column("matchday", Integer, nullable=False),
    Column("event", Text, nullable=False),
)

matchdays = Table(
    "matchdays",
    metadata,
    _run_id(),
    Column("matchday", Integer, primary_key=True),
    Column("date", Date, nullable=False),
    Column("bankroll_before", BigInteger, nullable=False),
    Column("bankroll_after", BigInteger, nullable=False),
    Column("staked", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("bets", Integer, nullable=False),
)

expected = Table(
    "expected",
    metadata,
    _run_id(),
    Column("matchday", Integer, primary_key=True),
    Column("true_growth", Float, nullable=False),
    Column("oracle_growth", Float),
)

bets = Table(
    "bets",
    metadata,
    _run_id(),
    Column("matchday", Integer, primary_key=True),
    Column("match_id", String(200), primary_key=True),
    Column("selection", String(50), primary_key=True),
    Column("stake", BigInteger, nullable=False),
    Column("odds", Float, nullable=False),
    Column("probability", Float),
    Column("edge", Float),
    Column("share", Float),
    Column("reason", Text, nullable=False),
    Column("forced", Boolean, nullable=False),
    Column("payout", BigInteger, nullable=False),
)

forecasts = Table(
    "forecasts",
    metadata,
    _run_id(),
    Column("matchday", Integer, primary_key=True),
    Column("source", String(200), primary_key=True),
    Column("blended", Boolean, primary_key=True),
    Column("match_id", String(200), primary_key=True),
    Column("selection", String(50), primary_key=True),
    Column("probability", Float),
)

consultations = Table(
    "consultations",
    metadata,
    _run_id(),
    Column("matchday", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("component", String(200), nullable=False),
    Column("cause", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("answered", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("cost", Float, nullable=False),
)
