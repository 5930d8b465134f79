"""What scoring is given: the people of the company and all that is known of their work in a window.

Everything is keyed by ``person_id``, an opaque number. No e-mail, name, region or seniority gets this far,
so that no component can see them.
"""

from __future__ import annotations

from datetime import date

import msgspec

from scoring.events import Contribution, Lane, Outcome, Policy, Training
from scoring.flag import Flag
from scoring.usage import NO_USAGE, DayUsage
from scoring.window import Window

# gc=False as in scoring.events, and for the same reason.


class Person(msgspec.Struct, frozen=True, gc=False):
    """One person of the directory, as far as the game may know them.

    ``function`` decides the peer group and ``team`` the team board; ``manager_id`` tells an author's reports.
    ``is_opted_out``: has left the game, is not ranked.
    """

    id: int
    team: str = ""
    function: str = ""
    manager_id: int | None = None
    is_in_cohort: bool = True
    is_opted_out: bool = False


class LaneUsage(msgspec.Struct, frozen=True, gc=False):
    """One person's model calls in one lane of a window, added up.

    ``cost_nanousd`` covers the priced calls alone; ``unpriced_calls`` and ``unpriced_tokens`` count the others.
    """

    person_id: int
    lane: Lane
    calls: int = 0
    errors: int = 0
    retries: int = 0
    tokens: int = 0
    cost_nanousd: int = 0
    unpriced_calls: int = 0
    unpriced_tokens: int = 0


class ActiveDays(msgspec.Struct, frozen=True, gc=False):
    """On how many local days of the window a person worked in a lane (a call or an outcome)."""

    person_id: int
    lane: Lane
    days: int


class Trial(msgspec.Struct, frozen=True, gc=False):
    """On a local day a person tried ``model`` for ``use_case`` ("" = none was named) in the exploration lane, and it worked."""

    person_id: int
    day: date
    model: str
    use_case: str = ""


class Happening(msgspec.Struct, frozen=True, gc=False):
    """One fact other than usage: who, when, what. ``key`` is the event's, for ties and reversals."""

    person_id: int
    time_us: int
    key: bytes
    fact: Outcome | Policy | Contribution | Training
    reverses_key: bytes | None = None


class Evidence(msgspec.Struct, frozen=True):
    """All that a board may look at.

    ``happenings`` holds outcomes, contributions and training of the window and of the baseline before it
    (``baseline_start_us`` <= t < ``window.end_us``) and the policy events of all time before ``window.end_us``;
    ``usage``, ``active_days``, ``day_usage`` and ``trials`` cover the window alone.
    ``flags`` are those that are open or confirmed.
    """

    window: Window
    baseline_start_us: int
    people: tuple[Person, ...]
    usage: tuple[LaneUsage, ...]
    active_days: tuple[ActiveDays, ...]
    happenings: tuple[Happening, ...]
    day_usage: DayUsage = NO_USAGE
    trials: tuple[Trial, ...] = ()
    flags: tuple[Flag, ...] = ()

    def of(self, person_id: int) -> Evidence:
        """One person's evidence, with what others took back, as that may be theirs."""
        return msgspec.structs.replace(
            self,
            people=tuple(one for one in self.people if one.id == person_id),
            usage=tuple(one for one in self.usage if one.person_id == person_id),
            active_days=tuple(one for one in self.active_days if one.person_id == person_id),
            happenings=tuple(
                one for one in self.happenings if one.person_id == person_id or one.reverses_key is not None
            ),
            day_usage=self.day_usage.of(person_id),
            trials=tuple(one for one in self.trials if one.person_id == person_id),
            flags=tuple(one for one in self.flags if one.person_id == person_id),
        )

    def since(self, baseline_start_us: int) -> Evidence:
        """The same with a shorter baseline. Nothing from before it is left, policy events neither."""
        happenings = tuple(one for one in self.happenings if one.time_us >= baseline_start_us)
        return msgspec.structs.replace(self, baseline_start_us=baseline_start_us, happenings=happenings)
