"""Usage by task, as flags look at it: what went into tasks with an outcome, and what into those without one yet.

A day at a time, as of a large company it is millions of tasks.
"""

from __future__ import annotations

from itertools import compress

import msgspec
import numpy as np
from sqlalchemy import Connection, literal_column, select

from db.day_usage import days_at_once, ordinals
from db.owners import Owners, read_owners
from db.rows import read_tuples
from db.tables import events, task_days
from db.trace_days import Days
from db.trace_events import tasks as tasks_of
from scoring.events import Lane
from scoring.flags.traces import TaskUsage, task_columns
from scoring.usage import Integers
from scoring.window import Window

_NO_OUTCOME, _UNKNOWN = -1, 0  # in the place of a person's id


class TasksUsed(msgspec.Struct, frozen=True):
    """``in_window``: proved production usage. ``seen``: person and task of any usage whose task has an outcome in the window.

    Of proved usage in the window: ``of_others``, who used, who got it done and the task, where that is one other person;
    ``explored``, person and task of one's own outcome with usage in the exploration lane.
    """

    in_window: TaskUsage
    seen: frozenset[tuple[int, str]]
    of_others: frozenset[tuple[int, int, str]]
    explored: frozenset[tuple[int, str]]


def read_tasks_used(conn: Connection, days: Days, window: Window) -> TasksUsed:
    """Usage of ``days``, those of ``window`` among them."""
    owners = read_owners(conn)
    doers = _doers(conn, window, owners)
    parts: list[Integers] = [np.zeros((len(TaskUsage.__struct_fields__), 0), dtype=np.int64)]
    seen: set[tuple[int, str]] = set()
    of_others: set[tuple[int, int, str]] = set()
    explored: set[tuple[int, str]] = set()
    for some, query in days.in_portions(task_days, tasks_of, days_at_once(owners)):
        rows = read_tuples(conn, query)
        if not rows:
            continue
        said, identity_ids, lanes, tasks, *spent = zip(*rows, strict=True)
        places, is_known = owners.places_of(np.array(identity_ids))
        tasks = tuple(compress(tasks, is_known.tolist()))
        person_ids = owners.person_ids[places]
        doer_ids = np.array([doers.get(task, _NO_OUTCOME) for task in tasks], dtype=np.int64)
        has_outcome = doer_ids != _NO_OUTCOME
        seen.update(compress(zip(person_ids.tolist(), tasks, strict=True), has_outcome.tolist()))
        table = np.array([person_ids, ordinals(conn, some, said)[is_known], has_outcome])
        is_production = np.array([lane == Lane.PRODUCTION.value for lane in lanes])[is_known]
        is_proved = ~owners.is_asserted[places] & (table[1] >= window.days[0].toordinal())
        is_asked = is_production & is_proved
        is_anothers = is_asked & has_outcome & (doer_ids != _UNKNOWN) & (doer_ids != person_ids)
        of_whom = zip(person_ids.tolist(), doer_ids.tolist(), tasks, strict=True)
        of_others.update(compress(of_whom, is_anothers.tolist()))
        is_explored = ~is_production & is_proved & (doer_ids == person_ids)
        explored.update(compress(zip(person_ids.tolist(), tasks, strict=True), is_explored.tolist()))
        counts = np.array(spent, dtype=np.int64)[:, is_known]
        parts.append(_added_up(table[:, is_asked], counts[:, is_asked]))
    return TasksUsed(
        task_columns(np.concatenate(parts, axis=1)), frozenset(seen), frozenset(of_others), frozenset(explored)
    )


def _added_up(keys: Integers, counts: Integers) -> Integers:
    """Columns of ``TaskUsage``: one row of counts for each of ``keys``."""
    kinds, places = np.unique(keys, axis=1, return_inverse=True)
    sums = np.zeros((len(counts), kinds.shape[1]), dtype=np.int64)
    for total, amounts in zip(sums, counts, strict=True):
        np.add.at(total, places, amounts)
    return np.concatenate([kinds, sums])


def _doers(conn: Connection, window: Window, owners: Owners) -> dict[str, int]:
    """Who got each task with an outcome in the window done; ``_UNKNOWN`` where that is not proved, or was several."""
    said = events.c
    query = select(said.task, said.identity_id).where(
        said.event_day.in_(window.days),
        said.type == literal_column("'outcome'"),
        said.time_us < window.end_us,
        said.task.is_not(None),
    )
    proved = np.where(owners.is_asserted, _UNKNOWN, owners.person_ids)
    whose = dict(zip(owners.identity_ids.tolist(), proved.tolist(), strict=True))
    found: dict[str, int] = {}
    for task, identity_id in read_tuples(conn, query):
        person_id = whose.get(identity_id, _UNKNOWN)
        found[task] = person_id if found.get(task, person_id) == person_id else _UNKNOWN
    return found
