"""What bands see of somebody's work: what was finished since, and what is open of violations."""

from __future__ import annotations

from typing import Any

from scoring.bands.work import Work, work_of
from scoring.events import Outcome, Policy
from scoring.evidence import Happening
from scoring.tiers import OUTSIDE_TIER
from tests.builders import MONDAY_NOON_US

SINCE_US = MONDAY_NOON_US
HOUR_US = 3_600_000_000


def done(person_id: int, hour: int, **said: Any) -> Happening:
    name = f"{person_id}-{hour}"
    time_us = SINCE_US + hour * HOUR_US
    return Happening(person_id, time_us, name.encode(), Outcome("ticket_resolved", task=name, **said))


def broke(person_id: int, name: str, severity: str = "high", hour: int = 0) -> Happening:
    time_us = SINCE_US + hour * HOUR_US
    return Happening(person_id, time_us, f"{person_id}{name}".encode(), Policy("violation", name, severity))


def test_work_is_what_was_finished_since_with_its_mean_quality() -> None:
    happened = [
        done(1, -1, quality=0.1),
        done(1, 0, quality=0.5),
        done(1, 1, quality=1.0, is_accepted=False),
        done(1, 2),
        done(2, -5),  # nothing since: nobody to speak of
        broke(3, "secrets"),
        broke(3, OUTSIDE_TIER, "low", hour=-9),
        broke(4, OUTSIDE_TIER, "low"),
        done(5, 1),
    ]
    assert list(work_of(happened, frozenset({b"1-2"}), SINCE_US)) == [
        Work(1, deliveries=3, accepted=1.0, quality=0.75),
        Work(3, deliveries=0, accepted=0.0, quality=None, violations=(happened[5],), days_outside_tier=1),
        Work(4, deliveries=0, accepted=0.0, quality=None, days_outside_tier=1),
        Work(5, deliveries=1, accepted=1.0, quality=None),
    ]
