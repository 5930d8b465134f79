"""Evidence with a shorter past."""

from __future__ import annotations

import msgspec

from scoring.events import Policy
from scoring.evidence import Person
from tests.scoring.boards.test_outcome import company
from tests.scoring.companies import BASELINE_START_US, DAY_US, happening, with_happenings


def test_a_shorter_baseline_leaves_out_what_was_before_it_and_nothing_else() -> None:
    start_us = BASELINE_START_US + DAY_US
    before = happening(0, "v", start_us - 1, Policy("violation", "secrets", "high"))
    first = happening(0, "m", start_us, Policy("milestone", "secrets"))
    evidence = msgspec.structs.replace(company(1), people=(Person(0, "red", "legal"),))
    shorter = with_happenings(evidence, before, first).since(start_us)
    assert shorter == msgspec.structs.replace(with_happenings(evidence, first), baseline_start_us=start_us)
