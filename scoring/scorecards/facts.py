"""What is known of one person in one window, for their scorecards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property

import msgspec
import numpy as np

from scoring.boards.exploration import Learning, learning
from scoring.deliveries import Delivery, deliveries, keys_taken_back
from scoring.events import Contribution, Lane, Outcome, Policy
from scoring.evidence import Evidence, LaneUsage
from scoring.flag import FlagState
from scoring.flagged import flagged_days, merit
from scoring.measures import Measures, measure
from scoring.program import Program
from scoring.sharing import authors_of, counting_reviews
from scoring.usage import DayUsage
from scoring.window import local_day


class Facts:
    """One person in the window of ``evidence``, which is that of the whole company.

    ``days_off`` are the days of the window on which nobody where they live is expected to work. Figures are made when
    asked for. What a confirmed flag found is no merit here either; an open one is no verdict, and changes nothing.
    """

    def __init__(self, evidence: Evidence, person_id: int, program: Program, days_off: Collection[date]) -> None:
        self.person_id = person_id
        self.program = program
        self.window = evidence.window
        confirmed = tuple(flag for flag in evidence.flags if flag.state is FlagState.CONFIRMED)
        self._company = merit(msgspec.structs.replace(evidence, flags=confirmed))
        self._own = self._company.of(person_id)
        self._days_off = frozenset(days_off)

    @cached_property
    def measures(self) -> Measures:
        return measure(self._own)[self.person_id]

    @cached_property
    def learning(self) -> Learning:
        return learning(self._own, self.program.boards.exploration)[self.person_id]

    @cached_property
    def production(self) -> LaneUsage:
        mine = (one for one in self._own.usage if one.lane is Lane.PRODUCTION)
        return next(mine, LaneUsage(self.person_id, Lane.PRODUCTION))

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Production deliveries of the window and of the baseline before it, oldest first."""
        mine = [one for one in self._own.happenings if one.person_id == self.person_id]
        return deliveries(mine, self._reversed)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Production outcomes of the window, but for those that take others back."""
        return tuple(outcome for _, outcome in self._outcomes)

    @property
    def taken_back(self) -> int:
        """How many of them anybody took back."""
        return sum(key in self._reversed for key, _ in self._outcomes)

    @cached_property
    def violations(self) -> int:
        return sum(one.kind == "violation" for one in self._policies)

    @cached_property
    def milestones(self) -> int:
        """Different safe-use milestones reached in the window."""
        return len({one.name for one in self._policies if one.kind == "milestone"})

    @cached_property
    def working_days(self) -> int:
        return sum(day not in self._days_off for day in self.window.days)

    @cached_property
    def active_working_days(self) -> int:
        """Working days with a production call that worked, or an outcome."""
        worked = {
            local_day(one.time_us, self.program.zone)
            for one in self._own.happenings
            if isinstance(one.fact, Outcome) and one.person_id == self.person_id and one.fact.lane is Lane.PRODUCTION
        }
        spoilt = flagged_days(self._own.flags).get(self.person_id, frozenset())
        days = _days_used(self._own.day_usage.in_lane(Lane.PRODUCTION)) | worked
        return len((days & set(self.window.days)) - self._days_off - spoilt)

    @cached_property
    def reviewed(self) -> int:
        """Different assets of others that one reviewed in the window with a review that counts."""
        counting = {one.asset for one in counting_reviews(self._company) if one.reviewer == self.person_id}
        return len(
            {
                asset
                for reviewer, asset in self._contributions("reviewed")
                if reviewer == self.person_id and asset in counting
            }
        )

    @cached_property
    def reusers(self) -> int:
        """Colleagues of other teams who reused in the window what one shared."""
        authors, teams = authors_of(self._company), {person.id: person.team for person in self._company.people}
        own_team = teams.get(self.person_id)
        return len(
            {
                reuser
                for reuser, asset in self._contributions("reused")
                if authors.get(asset) == self.person_id and teams.get(reuser, own_team) != own_team
            }
        )

    @cached_property
    def _reversed(self) -> frozenset[bytes]:
        return keys_taken_back(self._own.happenings)

    @cached_property
    def _outcomes(self) -> list[tuple[bytes, Outcome]]:
        return [
            (one.key, one.fact)
            for one in self._own.happenings
            if isinstance(one.fact, Outcome)
            and one.person_id == self.person_id
            and one.fact.lane is Lane.PRODUCTION
            and one.reverses_key is None
            and one.time_us >= self.window.start_us
        ]

    @cached_property
    def _policies(self) -> list[Policy]:
        return [
            one.fact
            for one in self._own.happenings
            if isinstance(one.fact, Policy) and one.person_id == self.person_id and one.time_us >= self.window.start_us
        ]

    def _contributions(self, action: str) -> list[tuple[int, str]]:
        """Person and asset of the company's contributions in the window."""
        return [
            (one.person_id, one.fact.asset)
            for one in self._company.happenings
            if isinstance(one.fact, Contribution) and one.fact.action == action and one.time_us >= self.window.start_us
        ]


def _days_used(usage: DayUsage) -> set[date]:
    worked = (usage.calls > usage.errors) | ((usage.calls == 0) & (usage.output_tokens > 0))  # metrics know no calls
    return {date.fromordinal(day) for day in np.unique(usage.days[worked]).tolist()}
