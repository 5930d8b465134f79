"""Evidence with a shorter baseline."""

from __future__ import annotations

import msgspec

from scoring.events import Policy
from scoring.evidence import Evidence, Person
from scoring.flag import Flag, FlagKind
from tests.scoring.companies import BASELINE_START_US, WINDOW, happening


def test_nothing_from_before_a_shorter_baseline_is_left_and_all_else_is() -> None:
    happened = tuple(happening(1, str(at), at, Policy("milestone", "safe-start")) for at in (8, 9, 10, 11))
    flags = (Flag(1, FlagKind.USAGE_SPIKE, 0, 1, {}, ""),)
    whole = Evidence(WINDOW, BASELINE_START_US, (Person(1),), (), (), happened, flags=flags)
    assert whole.since(10) == msgspec.structs.replace(whole, baseline_start_us=10, happenings=happened[2:])
