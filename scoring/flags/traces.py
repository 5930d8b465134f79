"""What flags are seen in beyond the boards' evidence: repeats, usage by task, sessions and hours, all added up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.usage import NO_SPENDING, DaySpending, Integers


class Repeat(msgspec.Struct, frozen=True, gc=False):
    """One prompt that a person sent over and over on one local day.

    ``calls`` neither failed, nor were retries, nor made up for a failed one. ``tasks`` is how many different tasks they
    were for, ``hours`` in how many different hours they went out, ``tokens`` what all of them took.
    """

    person_id: int
    day: date
    calls: int
    tokens: int = 0
    tasks: int = 0
    hours: int = 1


class TaskDay(msgspec.Struct, frozen=True, gc=False):
    """A person's production usage of one local day that names its tasks: those with an outcome, or those without one yet."""

    person_id: int
    day: date
    has_outcome: bool
    tokens: int = 0
    cost_nanousd: int = 0
    unpriced_tokens: int = 0


class TaskUsage(msgspec.Struct, frozen=True, eq=False):
    """Rows of ``TaskDay`` as columns of one length, ordered from the first to the last; ``days`` as ``DayUsage`` has them."""

    person_ids: Integers
    days: Integers
    has_outcome: NDArray[np.bool_]
    tokens: Integers
    cost_nanousd: Integers
    unpriced_tokens: Integers

    def where(self, mask: NDArray[np.bool_]) -> TaskUsage:
        """The rows that ``mask`` marks."""
        return TaskUsage(*(getattr(self, name)[mask] for name in self.__struct_fields__))


class IdleSessions(msgspec.Struct, frozen=True, gc=False):
    """A person's sessions of many hours, in production, that name no task."""

    person_id: int
    sessions: int
    longest_hours: float
    tokens: int = 0
    cost_nanousd: int = 0
    unpriced_tokens: int = 0


class BusyDay(msgspec.Struct, frozen=True, gc=False):
    """A local day on which one identity called in very many hours, ``crowded_hours`` of them in several sessions at once.

    Where a producer names no sessions, different pairs of model and use case stand for them.
    """

    person_id: int
    day: date
    hours: int
    crowded_hours: int = 0
    calls: int = 0


def task_usage(rows: Iterable[TaskDay]) -> TaskUsage:
    """``rows`` as columns, whatever their order."""
    numbers = [(one.person_id, one.day.toordinal(), *msgspec.structs.astuple(one)[2:]) for one in rows]
    return task_columns(np.array(numbers, dtype=np.int64).reshape(-1, len(TaskUsage.__struct_fields__)).T)


def task_columns(table: Integers) -> TaskUsage:
    """Columns of numbers, each a row of ``table``, whatever the order within."""
    person_ids, days, has_outcome, *spent = table[:, np.lexsort(table[::-1])]
    return TaskUsage(person_ids, days, has_outcome.astype(bool), *spent)


NO_TASKS = task_usage(())


class Traces(msgspec.Struct, frozen=True):
    """``day_usage`` covers the window and the baseline before it, all else the window; only what may matter is in it.

    ``tasks_seen``: person and task of usage whose task has an outcome in the window. ``tasks_of_others``: of usage whose
    outcome is another's: who used, who got it done, and the task. ``tasks_explored``: person and task of usage in the
    exploration lane whose outcome is one's own. All but ``tasks_seen``, and the asserted rows of
    ``day_usage``, is of proved identities alone: nobody comes under suspicion for what somebody else may have sent.
    """

    day_usage: DaySpending = NO_SPENDING
    repeats: tuple[Repeat, ...] = ()
    tasks: TaskUsage = NO_TASKS
    idle_sessions: tuple[IdleSessions, ...] = ()
    busy_days: tuple[BusyDay, ...] = ()
    tasks_seen: frozenset[tuple[int, str]] = frozenset()
    tasks_of_others: frozenset[tuple[int, int, str]] = frozenset()
    tasks_explored: frozenset[tuple[int, str]] = frozenset()
