"""The compliance board: people by safe use, against the rules alone and not against each other."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scoring.boards.credits import credit, diminishing
from scoring.boards.people import rank_people
from scoring.boards.points import most_points
from scoring.events import Policy
from scoring.evidence import Evidence
from scoring.flagged import merit
from scoring.program import ComplianceBoard, Program
from scoring.standings import Component, Standings
from scoring.wording import counted

_HALF_OF_MILESTONES = 2
_DAY_US = 24 * 3_600_000_000
_ADVICE = {
    "clean_streak": "Keep within the rules of safe use; every clean day brings this back.",
    "milestones": "Reach the next milestone of safe use; your AI ops team knows which there are.",
}


class SafeUse(msgspec.Struct, frozen=True):
    """Somebody's days since the last violation (those of the window at most), and milestones reached at any time."""

    clean_days: int
    violations: int
    milestones: int
    active_days: int


def standings(evidence: Evidence, program: Program, program_version: str) -> Standings:
    """Everybody's place by safe use (see docs/scoring.md)."""
    rules = program.boards.compliance
    found = safe_use(merit(evidence))
    window_days = evidence.window.day_count
    return rank_people(
        evidence,
        "compliance",
        program_version,
        missing=lambda person_id: _missing(found[person_id], rules),
        components=lambda person_id: tuple(_components(found[person_id], window_days, rules)),
        advice=_ADVICE,
    )


def safe_use(evidence: Evidence) -> dict[int, SafeUse]:
    """Everybody's, by person id."""
    window = evidence.window
    violations: dict[int, list[int]] = {}
    milestones: dict[int, set[str]] = {}
    for one in evidence.happenings:
        if not isinstance(one.fact, Policy):
            continue
        if one.fact.kind == "milestone":
            milestones.setdefault(one.person_id, set()).add(one.fact.name)
        elif one.time_us >= window.start_us:
            violations.setdefault(one.person_id, []).append(one.time_us)
    active: dict[int, int] = {}
    for days in evidence.active_days:
        active[days.person_id] = max(active.get(days.person_id, 0), days.days)
    return {
        person.id: SafeUse(
            clean_days=(window.end_us - max(violations[person.id])) // _DAY_US
            if person.id in violations
            else window.day_count,
            violations=len(violations.get(person.id, ())),
            milestones=len(milestones.get(person.id, ())),
            active_days=active.get(person.id, 0),
        )
        for person in evidence.people
    }


def _missing(found: SafeUse, rules: ComplianceBoard) -> tuple[str, ...]:
    if found.active_days >= rules.min_active_days:
        return ()
    return (f"Work with AI on {counted(rules.min_active_days, 'day')} is needed; {found.active_days} so far.",)


def _components(found: SafeUse, window_days: int, rules: ComplianceBoard) -> Iterator[Component]:
    weights = rules.weights
    total = weights.clean_streak + weights.milestones
    streak = (
        f"{counted(found.clean_days, 'day')} since the last violation."
        if found.violations
        else f"No violation in {counted(window_days, 'day')}."
    )
    if weights.clean_streak > 0:
        yield credit(
            "clean_streak",
            found.clean_days,
            "days",
            share=found.clean_days / window_days,
            samples=found.active_days,
            max_points=most_points(weights.clean_streak, total),
            text=streak,
        )
    if weights.milestones > 0:
        yield credit(
            "milestones",
            found.milestones,
            "milestones",
            share=diminishing(found.milestones, _HALF_OF_MILESTONES),
            samples=found.milestones,
            max_points=most_points(weights.milestones, total),
            text=f"{counted(found.milestones, 'milestone')} of safe use reached.",
        )
