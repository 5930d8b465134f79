"""Who is ranked, and what those who are not would need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scoring.events import Policy
from scoring.evidence import Evidence, Happening, Person
from scoring.measures import Measures
from scoring.program import OutcomeBoard
from scoring.standings import Withheld, WithheldReason
from scoring.wording import counted


def policy_holds(evidence: Evidence) -> frozenset[int]:
    """People with a high-severity violation that no later milestone of the same name has settled."""
    return frozenset(person_id for person_id, _ in open_violations(evidence.happenings))


def open_violations(happenings: Iterable[Happening]) -> dict[tuple[int, str], Happening]:
    """The last violation of high severity by person and name, where no later milestone of that name has settled it."""
    policies = sorted(
        ((one.time_us, one.key, one, one.fact) for one in happenings if isinstance(one.fact, Policy)),
        key=lambda one: one[:2],
    )
    found: dict[tuple[int, str], Happening] = {}
    for _, _, happening, fact in policies:
        if fact.kind == "milestone":
            found.pop((happening.person_id, fact.name), None)
        elif fact.severity == "high":
            found[happening.person_id, fact.name] = happening
    return found


def missing_evidence(measures: Measures, rules: OutcomeBoard) -> tuple[str, ...]:
    """What a person lacks for a rank, in sentences; empty where nothing is missing."""
    missing = []
    if measures.accepted < rules.min_accepted_tasks:
        missing.append(
            f"{rules.min_accepted_tasks} accepted tasks are needed; {counted(measures.accepted, 'task')} so far."
        )
    if measures.active_days < rules.min_active_days:
        missing.append(
            f"Work on {rules.min_active_days} days is needed; {counted(measures.active_days, 'day')} so far."
        )
    if not measures.has_usage:
        missing.append("No use of AI in production work was seen yet.")
    return tuple(missing)


def withheld(
    person: Person, missing: Sequence[str], *, is_on_hold: bool, is_quarantined: bool = False
) -> Withheld | None:
    """Why ``person`` is not ranked; None where nothing speaks against it."""
    if not person.is_in_cohort:
        return _withheld(person, WithheldReason.NOT_IN_COHORT, ("You are not part of the program yet.",))
    if person.is_opted_out:
        return _withheld(person, WithheldReason.OPTED_OUT, ("You have left the boards; you can come back any time.",))
    if is_quarantined:
        text = "Something in your usage is being looked at by AI ops. Once that is settled you get what was due."
        return _withheld(person, WithheldReason.QUARANTINED, (text,))
    if is_on_hold:
        text = "A serious policy violation is open. Once it is settled with AI ops you get what was due."
        return _withheld(person, WithheldReason.POLICY_HOLD, (text,))
    if missing:
        return _withheld(person, WithheldReason.TOO_LITTLE_EVIDENCE, tuple(missing))
    return None


def _withheld(person: Person, reason: WithheldReason, missing: tuple[str, ...]) -> Withheld:
    return Withheld(person_id=person.id, team=None, reason=reason, missing=missing)
