"""Who is ranked: each thing that speaks against a place, and which of several is told."""

from __future__ import annotations

import msgspec
import pytest

from scoring.eligibility import missing_evidence, open_violations, policy_holds, withheld
from scoring.events import Outcome, Policy
from scoring.evidence import Evidence, Happening, Person
from scoring.measures import measure
from scoring.program import OutcomeBoard, Program
from scoring.standings import Withheld, WithheldReason
from tests.scoring.boards.test_outcome import company
from tests.scoring.companies import BASELINE_START_US, WINDOW, happening

ADA = Person(1)


def why_not(person: Person = ADA, *missing: str, is_on_hold: bool = False, is_quarantined: bool = False) -> object:
    found = withheld(person, missing, is_on_hold=is_on_hold, is_quarantined=is_quarantined)
    return None if found is None else found.reason


def test_nothing_speaks_against_who_takes_part_and_has_enough_evidence() -> None:
    assert why_not() is None


def test_what_is_told_first_is_what_nobody_can_change_by_working() -> None:
    outside = Person(1, is_in_cohort=False, is_opted_out=True)
    gone = Person(1, is_opted_out=True)
    assert why_not(outside, "x", is_on_hold=True, is_quarantined=True) is WithheldReason.NOT_IN_COHORT
    assert why_not(gone, "x", is_on_hold=True, is_quarantined=True) is WithheldReason.OPTED_OUT
    assert why_not(ADA, "x", is_on_hold=True, is_quarantined=True) is WithheldReason.QUARANTINED
    assert why_not(ADA, "x", is_on_hold=True) is WithheldReason.POLICY_HOLD
    assert why_not(ADA, "x") is WithheldReason.TOO_LITTLE_EVIDENCE


@pytest.mark.parametrize(
    ("person", "held", "said"),
    [
        (Person(1, is_in_cohort=False), {}, "You are not part of the program yet."),
        (Person(1, is_opted_out=True), {}, "You have left the boards; you can come back any time."),
        (
            ADA,
            {"is_quarantined": True},
            "Something in your usage is being looked at by AI ops. Once that is settled you get what was due.",
        ),
        (
            ADA,
            {"is_on_hold": True},
            "A serious policy violation is open. Once it is settled with AI ops you get what was due.",
        ),
    ],
)
def test_the_person_is_told_it_in_a_sentence(person: Person, held: dict[str, bool], said: str) -> None:
    found = withheld(person, (), **{"is_on_hold": False, **held})
    assert found is not None
    assert (found.person_id, found.team, found.missing) == (1, None, (said,))


def test_everything_that_is_missing_is_told() -> None:
    found = withheld(ADA, ["tasks", "days"], is_on_hold=False)
    assert found == Withheld(1, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("tasks", "days"))


def needed(tasks: int, days: int, *, calls: int = 1) -> tuple[str, ...]:
    evidence = company(1, tasks=tasks)
    evidence = msgspec.structs.replace(
        evidence,
        active_days=tuple(msgspec.structs.replace(one, days=days) for one in evidence.active_days),
        usage=evidence.usage if calls else (),
    )
    return missing_evidence(measure(evidence)[0], Program().boards.outcome)


def test_just_enough_is_enough() -> None:
    rules = OutcomeBoard()
    assert needed(rules.min_accepted_tasks, rules.min_active_days) == ()
    assert needed(rules.min_accepted_tasks - 1, rules.min_active_days) == (
        "3 accepted tasks are needed; 2 tasks so far.",
    )
    assert needed(rules.min_accepted_tasks, rules.min_active_days - 1) == ("Work on 3 days is needed; 2 days so far.",)
    assert needed(rules.min_accepted_tasks, rules.min_active_days, calls=0) == (
        "No use of AI in production work was seen yet.",
    )
    assert needed(1, 1, calls=0) == (
        "3 accepted tasks are needed; 1 task so far.",
        "Work on 3 days is needed; 1 day so far.",
        "No use of AI in production work was seen yet.",
    )


def policy(number: int, kind: str, name: str = "secrets", severity: str | None = None, who: int = 1) -> Happening:
    return happening(who, f"{number}", WINDOW.start_us + number, Policy(kind, name, severity))


def test_a_serious_violation_is_open_until_a_later_milestone_of_its_own_name() -> None:
    high = policy(2, "violation", severity="high")
    assert open_violations([high]) == {(1, "secrets"): high}
    assert open_violations([high, policy(3, "milestone")]) == {}
    assert open_violations([high, policy(1, "milestone")]) != {}
    assert open_violations([high, policy(3, "milestone", "licences")]) != {}
    assert open_violations([high, policy(3, "milestone", who=2)]) != {}
    again = policy(4, "violation", severity="high")
    assert open_violations([again, policy(3, "milestone"), high]) == {(1, "secrets"): again}
    assert open_violations([high, again]) == {(1, "secrets"): again}


def test_of_what_came_at_one_moment_the_key_says_which_was_later() -> None:
    def named(key: str, kind: str, who: int = 1) -> Happening:
        return happening(who, key, WINDOW.start_us, Policy(kind, "secrets", "high"))

    violation = named("b", "violation")
    assert open_violations([named("c", "milestone"), violation]) == {}
    assert open_violations([violation, named("a", "milestone")]) == {(1, "secrets"): violation}
    theirs = named("b", "violation", who=2)
    assert open_violations([theirs, violation]) == {(1, "secrets"): violation, (2, "secrets"): theirs}


def test_what_is_no_matter_of_policy_settles_and_opens_nothing() -> None:
    high, low = policy(2, "violation", severity="high"), policy(3, "violation", severity="low")
    work = happening(1, "w", WINDOW.start_us, Outcome("ticket_resolved"))
    assert open_violations([work, high, low]) == {(1, "secrets"): high}


def test_everybody_with_an_open_violation_is_held() -> None:
    happenings = [policy(number, "violation", severity="high", who=number) for number in (1, 2, 3)]
    settled = policy(4, "milestone", who=2)
    assert policy_holds(Evidence(WINDOW, BASELINE_START_US, (), (), (), (*happenings, settled))) == {1, 3}


@pytest.mark.parametrize("severity", ["low", "medium", None])
def test_a_lesser_violation_holds_nobody(severity: str | None) -> None:
    evidence = Evidence(WINDOW, BASELINE_START_US, (ADA,), (), (), (policy(1, "violation", severity=severity),))
    assert policy_holds(evidence) == frozenset()
