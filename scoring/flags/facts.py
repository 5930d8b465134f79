"""What flags are judged by: the company's evidence and traces in a window, and the figures that several kinds share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sized
from datetime import date
from functools import cached_property
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.deliveries import Delivery, deliveries, keys_taken_back
from scoring.events import Lane
from scoring.evidence import Evidence, Happening
from scoring.flag import FlagKind
from scoring.flags.decisions import Settled
from scoring.flags.traces import IdleSessions, TaskUsage, Traces
from scoring.peers import Group, peer_groups
from scoring.program import Program
from scoring.usage import LANES, DaySpending
from scoring.window import local_day

_NANOUSD_A_TOKEN = 1_000.0  # where nothing has a price: a dollar a million tokens
_LEAST_REFERENCES = 4
_MORE_THAN_DAYS = 10_000_000
_BY_TIME = attrgetter("time_us", "key")


class FlagFacts:
    """The company up to one moment. Derived figures are made when a kind first asks for them."""

    def __init__(self, program: Program, evidence: Evidence, traces: Traces) -> None:
        self.program = program
        self.rules = program.flags
        self.evidence = evidence
        self.traces = traces

    @cached_property
    def players(self) -> frozenset[int]:
        """Those who take part; nobody else comes under suspicion."""
        return frozenset(one.id for one in self.evidence.people if one.is_in_cohort and not one.is_opted_out)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Whose figures are compared with whose."""
        players = [one for one in self.evidence.people if one.id in self.players]
        return peer_groups(players, self.program.boards.outcome)

    @cached_property
    def first_day(self) -> date:
        return self.evidence.window.days[0]

    @cached_property
    def happenings(self) -> dict[int, list[Happening]]:
        """What each player did in the window and in the baseline before it, oldest first."""
        found: dict[int, list[Happening]] = {}
        for one in self.evidence.happenings:
            if one.person_id in self.players:
                found.setdefault(one.person_id, []).append(one)
        for mine in found.values():
            mine.sort(key=_BY_TIME)
        return found

    @cached_property
    def taken_back(self) -> frozenset[bytes]:
        """Keys of the outcomes that were reversed."""
        return keys_taken_back(self.evidence.happenings)

    @cached_property
    def deliveries(self) -> dict[int, tuple[Delivery, ...]]:
        """Each player's production deliveries in the window and in the baseline, oldest first."""
        return {person_id: deliveries(found, self.taken_back) for person_id, found in self.happenings.items()}

    def delivered(self, person_id: int) -> list[Delivery]:
        """A player's deliveries in the window."""
        start_us = self.evidence.window.start_us
        return [one for one in self.deliveries.get(person_id, ()) if one.time_us >= start_us]

    @cached_property
    def production(self) -> DaySpending:
        """Proved production usage, window and baseline: a row a person and day."""
        usage = self.traces.day_usage
        return usage.where(~usage.is_asserted & (usage.lanes == LANES.index(Lane.PRODUCTION)))

    @cached_property
    def tasks_named(self) -> Counter[int]:
        """How many tasks with an outcome in the window each person's usage names."""
        return Counter(person_id for person_id, _ in self.traces.tasks_seen)

    @cached_property
    def token_price(self) -> float:
        """Nano-dollars that a token without a price counts: the price in the middle of all priced usage."""
        usage = self.traces.day_usage
        priced = (usage.tokens > 0) & (usage.unpriced_tokens == 0)
        if not priced.any():
            return _NANOUSD_A_TOKEN
        return float(np.median(usage.cost_nanousd[priced] / usage.tokens[priced]))

    def spent(self, usage: DaySpending | TaskUsage | IdleSessions) -> NDArray[np.float64]:
        """Dollars, tokens without a price included."""
        return np.asarray((usage.cost_nanousd + usage.unpriced_tokens * self.token_price) / 1e9)

    @cached_property
    def spent_in_window(self) -> dict[int, float]:
        """Dollars of each person's proved production usage."""
        recent = self.production.between(self.first_day, self.evidence.window.days[-1])
        return _sums(recent.person_ids, self.spent(recent))

    @cached_property
    def heaviest_day(self) -> dict[int, float]:
        """Dollars of the day of the window that took most of each person's proved production usage."""
        recent = self.production.between(self.first_day, self.evidence.window.days[-1])
        people, places = np.unique(recent.person_ids, return_inverse=True)
        most = np.zeros(len(people))
        np.maximum.at(most, places, self.spent(recent))
        return dict(zip(people.tolist(), most.tolist(), strict=True))

    def by_person(self, usage: DaySpending) -> Iterator[tuple[int, DaySpending]]:
        """The rows of each player among ``usage``, in order of their ids."""
        for person_id in np.unique(usage.person_ids).tolist():
            if person_id in self.players:
                yield person_id, usage.of(person_id)

    def day_of(self, time_us: int) -> date:
        """The local day of a moment."""
        return local_day(time_us, self.program.zone)

    def without(self, settled: Mapping[tuple[int, FlagKind], Settled], kind: FlagKind) -> FlagFacts:
        """The same without what has been decided to be, or not to be, of this ``kind``."""
        mine = {person_id: one for (person_id, of_kind), one in settled.items() if of_kind is kind}
        if not mine:
            return self
        days = {(person_id, day) for person_id, one in mine.items() for day in one.days}
        keys = {(person_id, key) for person_id, one in mine.items() for key in one.keys}
        traces = _without_days(self.traces, days)
        if keys:
            happenings = tuple(one for one in self.evidence.happenings if (one.person_id, one.key) not in keys)
            return FlagFacts(self.program, msgspec.structs.replace(self.evidence, happenings=happenings), traces)
        rest = FlagFacts(self.program, self.evidence, traces)
        rest.happenings, rest.deliveries = self.happenings, self.deliveries  # the same, and long to make
        return rest


def is_comparable(figures: Sized) -> bool:
    """Has each of ``figures`` enough others to be compared with?"""
    return len(figures) - 1 >= _LEAST_REFERENCES


def _sums(ids: NDArray[np.int64], amounts: NDArray[np.float64]) -> dict[int, float]:
    people, places = np.unique(ids, return_inverse=True)
    totals = np.bincount(places, weights=amounts)
    return dict(zip(people.tolist(), totals.tolist(), strict=True))


def _without_days(traces: Traces, gone: set[tuple[int, date]]) -> Traces:
    def is_left(usage: DaySpending | TaskUsage) -> NDArray[np.bool_]:
        return np.isin(usage.person_ids * _MORE_THAN_DAYS + usage.days, numbers, invert=True)

    numbers = [person_id * _MORE_THAN_DAYS + day.toordinal() for person_id, day in gone]
    return msgspec.structs.replace(
        traces,
        day_usage=traces.day_usage.where(is_left(traces.day_usage)),
        repeats=tuple(one for one in traces.repeats if (one.person_id, one.day) not in gone),
        tasks=traces.tasks.where(is_left(traces.tasks)),
        busy_days=tuple(one for one in traces.busy_days if (one.person_id, one.day) not in gone),
    )
