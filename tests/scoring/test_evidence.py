"""Evidence with a shorter past."""

from __future__ import annotations

import msgspec
from hypothesis import given

from scoring.events import Policy
from scoring.evidence import Evidence, Person
from scoring.usage import UsageDay, day_usage
from tests.scoring.boards.test_outcome import company
from tests.scoring.companies import (
    BASELINE_START_US,
    DAY_US,
    companies,
    flagged,
    happening,
    with_flags,
    with_happenings,
)


@given(companies())
def test_ones_own_evidence_is_all_that_is_ones_own_and_what_was_taken_back(evidence: Evidence) -> None:
    days = [UsageDay(person.id, evidence.window.days[0], calls=1) for person in evidence.people]
    flags = tuple(flagged(person.id, keys=(b"k",)) for person in evidence.people)
    evidence = msgspec.structs.replace(with_flags(evidence, *flags), day_usage=day_usage(days))
    for person in evidence.people:
        mine = evidence.of(person.id)
        assert mine.people == (person,)
        assert mine.day_usage.person_ids.tolist() == [person.id]
        for name in ("usage", "active_days", "trials", "flags"):
            every = getattr(evidence, name)
            assert getattr(mine, name) == tuple(one for one in every if one.person_id == person.id)
        assert mine.happenings == tuple(
            one for one in evidence.happenings if one.person_id == person.id or one.reverses_key is not None
        )
        assert (mine.window, mine.baseline_start_us) == (evidence.window, evidence.baseline_start_us)


def test_a_shorter_baseline_leaves_out_what_was_before_it_and_nothing_else() -> None:
    start_us = BASELINE_START_US + DAY_US
    before = happening(0, "v", start_us - 1, Policy("violation", "secrets", "high"))
    first = happening(0, "m", start_us, Policy("milestone", "secrets"))
    evidence = msgspec.structs.replace(company(1), people=(Person(0, "red", "legal"),))
    shorter = with_happenings(evidence, before, first).since(start_us)
    assert shorter == msgspec.structs.replace(with_happenings(evidence, first), baseline_start_us=start_us)
