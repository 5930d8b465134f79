"""What badges are judged by: one period's evidence, and the figures that several measures share."""

from __future__ import annotations

from functools import cached_property
from math import fsum

from scoring.boards import outcome
from scoring.deliveries import Delivery, deliveries, keys_taken_back
from scoring.events import Lane
from scoring.evidence import Evidence, Happening
from scoring.flag import Flag
from scoring.measures import Measures, measure
from scoring.periods import Stretch
from scoring.program import Program
from scoring.standings import Standings
from scoring.usage import ModelUsage


class BadgeFacts:
    """The company in one period. Derived figures are made when a badge first asks for them.

    ``flags`` and ``on_hold`` are as they stand now, which may be long after the period. ``veterans`` are those who had
    accepted work before it, ``previous`` is the evidence of the period before.
    """

    def __init__(
        self,
        program: Program,
        program_version: str,
        stretch: Stretch,
        evidence: Evidence,
        models: tuple[ModelUsage, ...],
        *,
        veterans: frozenset[int] = frozenset(),
        previous: Evidence | None = None,
        flags: tuple[Flag, ...] = (),
        on_hold: frozenset[int] = frozenset(),
    ) -> None:
        self.program = program
        self.program_version = program_version
        self.stretch = stretch
        self.evidence = evidence
        self.veterans = veterans
        self.flags = flags
        self.on_hold = on_hold
        self._models = models
        self._previous = previous

    @cached_property
    def measures(self) -> dict[int, Measures]:
        """Everybody's outcome figures."""
        return measure(self.evidence)

    @cached_property
    def standings(self) -> Standings:
        """The outcome board of the period."""
        return outcome.standings(self.evidence, self.program, self.program_version)

    @cached_property
    def standings_before(self) -> Standings | None:
        """The outcome board of the period before."""
        if self._previous is None:
            return None
        return outcome.standings(self._previous, self.program, self.program_version)

    @cached_property
    def happenings(self) -> dict[int, list[Happening]]:
        """What each person did in the period itself."""
        found: dict[int, list[Happening]] = {}
        for one in self.evidence.happenings:
            if one.time_us >= self.evidence.window.start_us:
                found.setdefault(one.person_id, []).append(one)
        return found

    @cached_property
    def deliveries(self) -> dict[int, tuple[Delivery, ...]]:
        """Each person's production deliveries in the period."""
        taken_back = keys_taken_back(self.evidence.happenings)
        return {person_id: deliveries(found, taken_back) for person_id, found in self.happenings.items()}

    def models_of(self, lane: Lane) -> dict[int, list[ModelUsage]]:
        """Each person's usage by model in ``lane``."""
        found: dict[int, list[ModelUsage]] = {}
        for one in self._models:
            if one.lane is lane:
                found.setdefault(one.person_id, []).append(one)
        return found

    def accepted_share(self, person_id: int) -> float:
        """Of the person's deliveries, 0 to 1; 0 without any."""
        work = self.deliveries.get(person_id)
        return fsum(one.accepted for one in work) / len(work) if work else 0.0
