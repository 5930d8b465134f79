"""The latest standings of each board, laid out so that one person's place is one primary-key read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, CursorResult, delete, select

from db.tables import standing_runs, standings
from scoring.standings import Entry, Standings, Withheld, WithheldReason

_COLUMNS = (
    "board",
    "subject",
    "person_id",
    "team",
    "at_us",
    "rank",
    "score",
    "percentile",
    "is_provisional",
    "withheld_reason",
    "program_version",
    "detail",
)
_NAMES = ", ".join(_COLUMNS)
_READ = ", ".join(name for name in _COLUMNS if name != "subject")
_ONE = f"SELECT {_READ} FROM standings WHERE board = {{0}} AND subject = {{0}}"
_FIND = {"sqlite": _ONE.format("?"), "postgresql": _ONE.format("%s")}
# An older result never takes the place of a newer one, however late it is ready.
_TAKE_THE_BOARD = (
    "INSERT INTO standing_runs (board, at_us, window_start_us, program_version, ranked, withheld) VALUES ({marks})"
    " ON CONFLICT (board) DO UPDATE SET at_us = excluded.at_us, window_start_us = excluded.window_start_us,"
    " program_version = excluded.program_version, ranked = excluded.ranked, withheld = excluded.withheld"
    " WHERE standing_runs.at_us <= excluded.at_us RETURNING board"
)

_encode = msgspec.json.Encoder().encode
_decode_entry = msgspec.json.Decoder(Entry).decode
_decode_withheld = msgspec.json.Decoder(Withheld).decode

_Line: TypeAlias = tuple[Any, ...]  # a row in the order of _COLUMNS


class StandingRun(msgspec.Struct, frozen=True):
    """When and under which rules a board was last computed, and how many it ranks and withholds."""

    board: str
    at_us: int
    window_start_us: int
    program_version: str
    ranked: int
    withheld: int


class StoredStanding(msgspec.Struct, frozen=True):
    """A person's or team's place on a board. ``rank``, ``score`` and ``percentile`` are None where it is withheld.

    ``detail`` is the whole entry as JSON; ``entry`` and ``withheld`` read it when they are asked for.
    """

    board: str
    person_id: int | None
    team: str | None
    at_us: int
    rank: int | None
    score: float | None
    percentile: float | None
    is_provisional: bool
    withheld_reason: WithheldReason | None
    program_version: str
    detail: str

    @property
    def entry(self) -> Entry | None:
        """Score, components and sentences; None where the place is withheld."""
        return None if self.rank is None else _decode_entry(self.detail)

    @property
    def withheld(self) -> Withheld | None:
        """Why there is no rank and what is missing; None where there is one."""
        return _decode_withheld(self.detail) if self.rank is None else None


def subject_of(one: Entry | Withheld) -> str:
    """The key of a person or team on a board: the person's id as text, or the team's name."""
    return str(one.person_id) if one.person_id is not None else one.team or ""


def publish(conn: Connection, result: Standings) -> bool:
    """Replaces the board's rows by ``result``; False, and nothing changes, where newer ones are published already."""
    run = (
        result.board,
        result.window.end_us,
        result.window.start_us,
        result.program_version,
        len(result.entries),
        len(result.withheld),
    )
    if _execute(conn, _TAKE_THE_BOARD, run).first() is None:
        return False
    conn.execute(delete(standings).where(standings.c.board == result.board))
    _insert(conn, _lines(result))
    return True


def standing_of(conn: Connection, board: str, subject: str) -> StoredStanding | None:
    """Where ``subject`` stands on ``board``: the hottest question, one primary-key read. None = not known there."""
    row = conn.exec_driver_sql(_FIND[conn.dialect.name], (board, subject)).first()
    return None if row is None else _stored(row)


def top_of(conn: Connection, board: str, limit: int) -> tuple[StoredStanding, ...]:
    """The first ``limit`` ranked subjects of ``board``, by rank, ties in the board's own order."""
    query = (
        select(*(standings.c[name] for name in StoredStanding.__struct_fields__))
        .where(standings.c.board == board, standings.c.rank.is_not(None))
        .order_by(standings.c.rank, standings.c.person_id, standings.c.team)
        .limit(limit)
    )
    return tuple(_stored(row) for row in conn.execute(query))


def run_of(conn: Connection, board: str) -> StandingRun | None:
    """What the published standings of ``board`` are of; None = it was never computed."""
    columns = (standing_runs.c[name] for name in StandingRun.__struct_fields__)
    row = conn.execute(select(*columns).where(standing_runs.c.board == board)).first()
    return None if row is None else StandingRun(*row)


def _stored(row: Sequence[Any]) -> StoredStanding:
    board, person_id, team, at_us, rank, score, percentile, is_provisional, reason, version, detail = row
    return StoredStanding(
        board,
        person_id,
        team,
        at_us,
        rank,
        score,
        percentile,
        bool(is_provisional),
        None if reason is None else WithheldReason(reason),
        version,
        detail,
    )


def _lines(result: Standings) -> Iterator[_Line]:
    at_us, version = result.window.end_us, result.program_version
    for entry in result.entries:
        yield (
            result.board,
            subject_of(entry),
            entry.person_id,
            entry.team,
            at_us,
            entry.rank,
            entry.score,
            entry.percentile,
            entry.is_provisional,
            None,
            version,
            _encode(entry).decode(),
        )
    for one in result.withheld:
        subject, detail = subject_of(one), _encode(one).decode()
        about = (one.person_id, one.team, at_us, None, None, None, None, str(one.reason), version, detail)
        yield (result.board, subject, *about)


def _insert(conn: Connection, lines: Iterator[_Line]) -> None:
    if conn.dialect.name == "sqlite":
        rows = list(lines)
        if rows:
            conn.exec_driver_sql(f"INSERT INTO standings ({_NAMES}) VALUES ({', '.join('?' * len(_COLUMNS))})", rows)
        return
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY standings ({_NAMES}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def _execute(conn: Connection, statement: str, values: tuple[Any, ...]) -> CursorResult[Any]:
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    return conn.exec_driver_sql(statement.format(marks=", ".join([mark] * len(values))), values)
