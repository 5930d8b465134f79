"""How people at Juniper & Vale work with AI: by habit (the person) and by trade (the function)."""

from __future__ import annotations

import msgspec


class Skill(msgspec.Struct, frozen=True):
    """How someone's work goes. Shares run from 0 to 1; ``cycle`` multiplies the trade's usual hours to done."""

    calls_per_task: float = 6
    accepted: float = 0.87
    quality: float = 0.74
    edits: float = 0.25
    cycle: float = 1.0
    faults: float = 0.08


class Habit(msgspec.Struct, frozen=True):
    """A way of working. ``first`` is the skill eight weeks ago, ``now`` today's; between them it grows evenly.

    ``pace`` multiplies the trade's tasks a week, ``size`` its tokens a call. ``aimless`` counts calls a working day
    that belong to no task, ``experiments`` calls a week in the sandbox. ``first_day`` is the first day of 56 with work.
    """

    first: Skill
    now: Skill
    pace: float = 1.0
    size: float = 1.0
    aimless: int = 0
    experiments: int = 3
    first_day: int = 0


class Trade(msgspec.Struct, frozen=True):
    """What a function gets done: ``source`` reports outcomes of ``kind``; tasks are named ``prefix``-number."""

    kind: str
    source: str
    prefix: str
    tasks_per_week: float
    cycle_hours: float
    input_tokens: int
    output_tokens: int
    use_cases: tuple[str, ...]


_SOLID = Skill()
_SKILLED = Skill(calls_per_task=4, accepted=0.96, quality=0.9, edits=0.1, cycle=0.75, faults=0.02)
_EXPERT = Skill(calls_per_task=3, accepted=0.98, quality=0.95, edits=0.07, cycle=0.65, faults=0.01)
_CASUAL = Skill(calls_per_task=7, accepted=0.8, quality=0.68, edits=0.32, cycle=1.05, faults=0.1)
_NOVICE = Skill(calls_per_task=13, accepted=0.55, quality=0.5, edits=0.55, cycle=1.6, faults=0.25)
_TAUGHT = Skill(calls_per_task=5, accepted=0.92, quality=0.82, edits=0.18, cycle=0.8, faults=0.04)
_WASTEFUL = Skill(calls_per_task=24, accepted=0.75, quality=0.62, edits=0.4, cycle=1.1, faults=0.14)
_TRIVIAL = Skill(calls_per_task=1, accepted=0.9, quality=0.25, edits=0.4, cycle=0.15, faults=0.05)


def _growing(now: Skill, cycle_before: float) -> Habit:
    return Habit(first=msgspec.structs.replace(now, cycle=now.cycle * cycle_before), now=now)


HABITS = {
    "skilled": msgspec.structs.replace(_growing(_SKILLED, 1.2), experiments=5),
    "expert": msgspec.structs.replace(_growing(_EXPERT, 1.15), pace=0.8, experiments=2),
    "solid": _growing(_SOLID, 1.05),
    "careless": _growing(_SOLID, 1.05),
    "casual": msgspec.structs.replace(_growing(_CASUAL, 1.0), pace=0.7),
    "improving": Habit(first=_NOVICE, now=_TAUGHT, pace=0.9, experiments=8),
    "burner": Habit(first=_WASTEFUL, now=_WASTEFUL, pace=0.5, size=4, aimless=25, experiments=12),
    "splitter": Habit(first=_TRIVIAL, now=_TRIVIAL, pace=4, size=0.4),
    "bystander": Habit(first=_CASUAL, now=_CASUAL, pace=0.1, experiments=1),
    "newcomer": Habit(first=_SOLID, now=_SOLID, pace=0.4, first_day=52),
    "absent": Habit(first=_SOLID, now=_SOLID, pace=0, experiments=0),
}

TRADES = {
    "Engineering": Trade(
        "pull_request_merged", "github", "PR", 4, 30, 9_000, 1_400, ("coding", "code-review", "tests", "debugging")
    ),
    "Support": Trade(
        "ticket_resolved", "helpdesk", "CARE", 9, 7, 2_600, 500, ("answer-draft", "triage", "translation")
    ),
    "Marketing": Trade(
        "document_approved", "docs", "DOC", 4, 26, 4_200, 1_600, ("copy-draft", "research", "translation")
    ),
    "Finance": Trade(
        "task_completed", "ledger-desk", "FIN", 4, 20, 5_200, 900, ("reconciliation", "report-draft", "research")
    ),
    "Operations": Trade("task_completed", "office", "OPS", 0, 20, 1_000, 300, ("planning",)),
}


def skill_at(habit: Habit, progress: float) -> Skill:
    """The skill after ``progress`` (0 to 1) of the eight weeks."""
    names = Skill.__struct_fields__
    grown = {name: (1 - progress) * getattr(habit.first, name) + progress * getattr(habit.now, name) for name in names}
    return Skill(**grown)
