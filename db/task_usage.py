"""Usage by task, as flags look at it: what went into tasks with an outcome, and what into those without one yet.

A day at a time, as of a large company it is millions of tasks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import compress
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, literal_column, select

from db.owners import read_owners
from db.rows import read_tuples
from db.tables import events
from scoring.events import Lane
from scoring.flags.traces import TaskUsage, task_columns
from scoring.usage import Integers
from scoring.window import Window


class TasksUsed(msgspec.Struct, frozen=True):
    """``in_window``: proved usage. ``seen``: person and task of any usage whose task has an outcome in the window."""

    in_window: TaskUsage
    seen: frozenset[tuple[int, str]]


def read_tasks_used(conn: Connection, by_day: Iterable[tuple[date, Select[Any]]], window: Window) -> TasksUsed:
    """``by_day``: a day and what asks for its rows of ``task_days``."""
    done, owners = _tasks_with_outcome(conn, window), read_owners(conn)
    parts: list[Integers] = [np.zeros((len(TaskUsage.__struct_fields__), 0), dtype=np.int64)]
    seen: set[tuple[int, str]] = set()
    for day, query in by_day:
        rows = read_tuples(conn, query)
        if not rows:
            continue
        _, identity_ids, lanes, tasks, *spent = zip(*rows, strict=True)
        places, is_known = owners.places_of(np.array(identity_ids))
        has_outcome = np.array([task in done for task in tasks])[is_known]
        of_whom = zip(owners.person_ids[places].tolist(), compress(tasks, is_known.tolist()), strict=True)
        seen.update(compress(of_whom, has_outcome.tolist()))
        if day in window.days:
            is_production = np.array([lane == Lane.PRODUCTION.value for lane in lanes])[is_known]
            counts = np.array(spent, dtype=np.int64)[:, is_known]
            mine = is_production & ~owners.is_asserted[places]
            parts.append(_added_up(owners.person_ids[places][mine], day, has_outcome[mine], counts[:, mine]))
    return TasksUsed(task_columns(np.concatenate(parts, axis=1)), frozenset(seen))


def _added_up(person_ids: Integers, day: date, has_outcome: NDArray[np.bool_], spent: Integers) -> Integers:
    """Columns of ``TaskUsage``: a row a person and kind of task."""
    kinds, places = np.unique(person_ids * 2 + has_outcome, return_inverse=True)
    sums = np.zeros((len(spent), len(kinds)), dtype=np.int64)
    for total, amounts in zip(sums, spent, strict=True):
        np.add.at(total, places, amounts)
    return np.array([kinds // 2, np.full(len(kinds), day.toordinal()), kinds % 2, *sums])


def _tasks_with_outcome(conn: Connection, window: Window) -> frozenset[str]:
    said = events.c
    query = select(said.task).where(
        said.event_day.in_(window.days),
        said.type == literal_column("'outcome'"),
        said.time_us < window.end_us,
        said.task.is_not(None),
    )
    return frozenset(task for (task,) in read_tuples(conn, query))
