"""Usage by day, as columns: what is looked at day by day and by the million."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.events import Lane

Integers: TypeAlias = NDArray[np.int64]

LANES = (Lane.EXPLORATION, Lane.PRODUCTION)
"""``DayUsage.lanes`` holds positions in this."""


class UsageDay(msgspec.Struct, frozen=True, gc=False):
    """A person's usage of one local day in one lane, under identities that are proved or merely asserted.

    ``tokens`` are of all classes, ``output_tokens`` a part of them. ``cost_nanousd`` is that of the priced calls;
    ``unpriced_tokens`` are those without a price.
    """

    person_id: int
    day: date
    lane: Lane = Lane.PRODUCTION
    is_asserted: bool = False
    calls: int = 0
    tokens: int = 0
    cost_nanousd: int = 0
    unpriced_tokens: int = 0
    errors: int = 0
    retries: int = 0
    output_tokens: int = 0


class ModelUsage(msgspec.Struct, frozen=True, gc=False):
    """A person's usage of one model in one lane over a stretch of whole days. Tokens by price class."""

    person_id: int
    lane: Lane
    model: str
    calls: int = 0
    errors: int = 0
    retries: int = 0
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


class DaySpending(msgspec.Struct, frozen=True, eq=False):
    """Calls of models and what they took, as columns of one length; by person, day, lane and strength, as ``UsageDay`` has it.

    ``days`` are proleptic Gregorian ordinals (``date.toordinal``), ``lanes`` positions in ``LANES``.
    """

    person_ids: Integers
    days: Integers
    lanes: Integers
    is_asserted: NDArray[np.bool_]
    calls: Integers
    tokens: Integers
    cost_nanousd: Integers
    unpriced_tokens: Integers

    def __len__(self) -> int:
        return len(self.person_ids)

    def of(self, person_id: int) -> Self:
        """One person's rows."""
        first, end = np.searchsorted(self.person_ids, [person_id, person_id + 1])
        return self._map(slice(int(first), int(end)))

    def where(self, mask: NDArray[np.bool_]) -> Self:
        """The rows that ``mask`` marks."""
        return self._map(mask)

    def in_lane(self, lane: Lane) -> Self:
        return self.where(self.lanes == LANES.index(lane))

    def between(self, first: date, last: date) -> Self:
        """The rows of ``first`` to ``last``, both included."""
        return self.where((self.days >= first.toordinal()) & (self.days <= last.toordinal()))

    def daily(self) -> Self:
        """One row a person and day: lanes and strengths added up, those of the first row kept."""
        if not len(self):
            return self
        begins = np.flatnonzero(np.r_[True, (np.diff(self.person_ids) != 0) | (np.diff(self.days) != 0)])
        names = self.__struct_fields__
        keys = {name: getattr(self, name)[begins] for name in names[:4]}
        return type(self)(**keys, **{name: np.add.reduceat(getattr(self, name), begins) for name in names[4:]})

    def _map(self, picked: slice | NDArray[np.bool_]) -> Self:
        return type(self)(*(getattr(self, name)[picked] for name in self.__struct_fields__))


class DayUsage(DaySpending, frozen=True, eq=False):
    """All of ``UsageDay``, as columns."""

    errors: Integers
    retries: Integers
    output_tokens: Integers


OfDays = TypeVar("OfDays", bound=DaySpending)


def day_usage(rows: Iterable[UsageDay]) -> DayUsage:
    """``rows`` as columns, whatever their order. Several of one person, day, lane and strength stay apart."""
    return columns_of(
        (one.person_id, one.day.toordinal(), LANES.index(one.lane), one.is_asserted, *msgspec.structs.astuple(one)[4:])
        for one in rows
    )


def together(columns: type[OfDays], parts: Sequence[OfDays]) -> OfDays:
    """All rows of ``parts``, which have ``columns``, in order; those of one person, day, lane and strength added up."""
    if not sum(map(len, parts)):
        return _without_rows(columns)
    names = columns.__struct_fields__
    keys = [_joined(parts, name) for name in names[:4]]
    order = np.lexsort(keys[::-1])
    keys = [key[order] for key in keys]
    begins = np.flatnonzero(np.r_[True, np.any([key[1:] != key[:-1] for key in keys], axis=0)])
    sums = (np.add.reduceat(_joined(parts, name)[order], begins) for name in names[4:])  # one by one: they are large
    return columns(*(key[begins] for key in keys), *sums)


def _without_rows(columns: type[OfDays]) -> OfDays:
    none = np.zeros(0, dtype=np.int64)
    return columns(none, none, none, none.astype(bool), *[none] * (len(columns.__struct_fields__) - 4))


def _joined(parts: Sequence[DaySpending], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part, name) for part in parts])


def columns_of(rows: Iterable[tuple[int, ...]]) -> DayUsage:
    """Rows of numbers, in the order of the columns, as columns in order."""
    table = np.array(list(rows), dtype=np.int64).reshape(-1, len(DayUsage.__struct_fields__))
    table = table[np.lexsort(table[:, 3::-1].T)]
    person_ids, days, lanes, is_asserted, *figures = np.ascontiguousarray(table.T)
    return DayUsage(person_ids, days, lanes, is_asserted.astype(bool), *figures)


NO_USAGE = _without_rows(DayUsage)
NO_SPENDING = _without_rows(DaySpending)
