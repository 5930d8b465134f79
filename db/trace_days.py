"""Days that are over, summed up for flags: whoever looks for flags reads these rows and the events of today.

A day counts as summed up only while nothing of it has changed since (``db.day_changes``). Where a change was not summed up
yet, the events are read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Subquery, Table, delete, select, union_all

from db.day_changes import changes_of
from db.identities import keep_links
from db.many import as_written, insert_rows, is_any, portions
from db.tables import busy_days, repeat_days, session_days, task_days, trace_days
from db.trace_events import busy, latest, repeats, sessions, tasks
from scoring.program import Flags

_MOST_ROWS = 10_000

TABLES = (task_days, session_days, repeat_days, busy_days)
_KEEP = "ON CONFLICT (day) DO UPDATE SET " + ", ".join(
    f"{column.name} = excluded.{column.name}" for column in trace_days.c if not column.primary_key
)


class DaySums(msgspec.Struct, frozen=True):
    """A day as its events had it after ``changes`` changes; ``last_us``: the latest of them (0 = none).

    Fewer repeats than ``least_repeats`` and days of fewer hours than ``least_hours`` are left out.
    """

    day: date
    changes: int
    last_us: int
    least_repeats: int
    least_hours: int
    rows: Mapping[Table, Sequence[tuple[Any, ...]]]


class Days(msgspec.Struct, frozen=True):
    """Days up to ``end_us``: those that are ``summed_up``, and the ``others``."""

    summed_up: tuple[date, ...]
    others: tuple[date, ...]
    end_us: int

    def both(self, table: Table, of_events: Select[Any]) -> Subquery:
        """The rows of ``table``, and those that ``of_events`` makes of the other days."""
        return union_all(select(table).where(table.c.day.in_(self.summed_up)), of_events).subquery()

    def in_portions(
        self, table: Table, of_events: Callable[[tuple[date, ...], int], Select[Any]], at_once: int
    ) -> Iterator[tuple[tuple[date, ...], Select[Any]]]:
        """So many days at once, with what asks for their rows of ``table``, or makes them of the events."""
        for days in portions(self.summed_up, at_once):
            yield days, select(table).where(table.c.day.in_(days))
        for days in portions(self.others, at_once):
            yield days, of_events(days, self.end_us)


def days_up_to(conn: Connection, days: Collection[date], rules: Flags, end_us: int) -> Days:
    """``days``, of which those are summed up whose rows tell all that ``rules`` ask of the usage before ``end_us``."""
    known = tuple(day for day, last_us in _known(conn, days, rules).items() if last_us < end_us)
    return Days(known, tuple(sorted({*days} - {*known})), end_us)


def out_of_date(conn: Connection, days: Sequence[date], rules: Flags) -> tuple[date, ...]:
    """Those of ``days`` that are still to be summed up, or once more."""
    known = _known(conn, days, rules)
    return tuple(day for day in days if day not in known)


def sum_up(conn: Connection, day: date, rules: Flags) -> DaySums:
    """``day`` as its events have it."""
    changes = changes_of(conn, (day,)).get(day, 0)  # asked first: what comes meanwhile makes the sums out of date
    last_us = conn.scalar(latest((day,)))
    queries: Mapping[Table, Select[Any]] = {
        task_days: tasks((day,)),
        session_days: sessions((day,)),
        repeat_days: repeats((day,), rules.repeats),
        busy_days: busy((day,), rules.busy_hours),
    }
    rows = {table: [tuple(row) for row in conn.execute(query)] for table, query in queries.items()}
    return DaySums(day, changes, last_us or 0, rules.repeats, rules.busy_hours, rows)


def keep_sums(conn: Connection, sums: DaySums) -> bool:
    """Keeps ``sums`` in place of what was known; False where the day has changed meanwhile: then nothing is kept."""
    keep_links(conn)  # nobody is erased meanwhile: what they said must not come back
    day = as_written(conn, sums.day)
    row = (day, sums.changes, sums.last_us, sums.least_repeats, sums.least_hours)
    insert_rows(conn, trace_days, tuple(trace_days.c.keys()), [row], _KEEP)  # locked: one at a time from here on
    if changes_of(conn, (sums.day,)).get(sums.day, 0) != sums.changes:
        conn.execute(delete(trace_days).where(trace_days.c.day == sums.day))
        return False
    for table, rows in sums.rows.items():
        conn.execute(delete(table).where(table.c.day == sums.day))
        for start in range(0, len(rows), _MOST_ROWS):
            part = [(day, *row[1:]) for row in rows[start : start + _MOST_ROWS]]
            insert_rows(conn, table, tuple(table.c.keys()), part)
    return True


def recheck_sums(conn: Connection) -> tuple[int, int]:
    """Sums up anew what is summed up and in date; how many rows that are, and how many were not what the events say."""
    rows = changed = 0
    for day, least_repeats, least_hours in conn.execute(
        select(trace_days.c.day, trace_days.c.least_repeats, trace_days.c.least_hours).order_by(trace_days.c.day)
    ).all():
        rules = Flags(repeats=least_repeats, busy_hours=least_hours)
        if out_of_date(conn, (day,), rules):
            continue
        sums = sum_up(conn, day, rules)
        wrong = sum(len(_stored(conn, table, day) ^ set(right)) for table, right in sums.rows.items())
        if wrong:
            keep_sums(conn, sums)
        rows += sum(map(len, sums.rows.values()))
        changed += wrong
    return rows, changed


def _stored(conn: Connection, table: Table, day: date) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in conn.execute(select(table).where(table.c.day == day))}


def forget_sums(conn: Connection, identity_ids: Collection[int]) -> None:
    """Drops all rows of these identities. The days are summed up anew where their events are noted as changed."""
    for table in TABLES:
        conn.execute(delete(table).where(is_any(conn, table.c.identity_id, identity_ids)))


def _known(conn: Connection, days: Collection[date], rules: Flags) -> dict[date, int]:
    """When the last usage was of each of ``days`` that is summed up as ``rules`` want it."""
    known, changes = trace_days.c, changes_of(conn, days)
    query = select(known.day, known.last_us, known.changes).where(
        known.day.in_(days), known.least_repeats <= rules.repeats, known.least_hours <= rules.busy_hours
    )
    rows = conn.execute(query.order_by(known.day))
    return {day: last_us for day, last_us, changed in rows if changed == changes.get(day, 0)}
