"""The exploration board: people in the exploration lane, by how fast they learn. Tokens are no term, and money a limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import fsum

import msgspec

from scoring.boards.credits import credit, diminishing
from scoring.boards.people import rank_people
from scoring.boards.points import most_points
from scoring.events import Contribution, Lane, Training
from scoring.evidence import Evidence
from scoring.flagged import flagged_days, merit
from scoring.program import ExplorationBoard, Program
from scoring.standings import Component, Standings
from scoring.wording import counted

# How many of each make half of its points; the next half as many again make a quarter, and so on.
_HALF = {"use_cases": 3, "models": 2, "active_days": 6, "training": 2, "sharing": 1}
_ADVICE = {
    "use_cases": "Try AI on a kind of task for which you have not used it yet.",
    "models": "Give the same task to another model and compare.",
    "active_days": "Take a quarter of an hour for an experiment on one more day.",
    "training": "Complete a training module; most take less than an hour.",
    "sharing": "Write down what you found out, and share it.",
}


class Learning(msgspec.Struct, frozen=True):
    """What somebody tried and learnt in the window.

    ``use_cases``, ``models`` and ``active_days`` are of days within the sandbox budget; ``days_over_budget`` of the others.
    ``trials`` counts the different things tried on a day, ``modules`` training completed, ``shared`` assets shared.
    """

    person_id: int
    use_cases: int = 0
    models: int = 0
    active_days: int = 0
    trials: int = 0
    modules: int = 0
    shared: int = 0
    days_over_budget: int = 0


def standings(evidence: Evidence, program: Program, program_version: str) -> Standings:
    """Everybody's place by learning velocity (see docs/scoring.md)."""
    rules = program.boards.exploration
    found = learning(evidence, rules)
    return rank_people(
        evidence,
        "exploration",
        program_version,
        missing=lambda person_id: _missing(found[person_id], rules),
        components=lambda person_id: tuple(_components(found[person_id], rules)),
        advice=_ADVICE,
    )


def learning(evidence: Evidence, rules: ExplorationBoard) -> dict[int, Learning]:
    """What everybody tried and learnt, by person id.

    A day on which more than the sandbox budget was spent does not count, nor does one under a confirmed flag.
    """
    over = _days_over_budget(evidence, rules)
    spoilt = flagged_days(evidence.flags)
    use_cases: dict[int, set[str]] = {}
    models: dict[int, set[str]] = {}
    days: dict[int, set[date]] = {}
    trials: dict[int, int] = {}
    for one in evidence.trials:
        if one.day in over.get(one.person_id, ()) or one.day in spoilt.get(one.person_id, ()):
            continue
        models.setdefault(one.person_id, set()).add(one.model)
        days.setdefault(one.person_id, set()).add(one.day)
        trials[one.person_id] = trials.get(one.person_id, 0) + 1
        if one.use_case:
            use_cases.setdefault(one.person_id, set()).add(one.use_case)
    modules, shared = _learnt(merit(evidence))
    return {
        person.id: Learning(
            person.id,
            len(use_cases.get(person.id, ())),
            len(models.get(person.id, ())),
            len(days.get(person.id, ())),
            trials.get(person.id, 0),
            len(modules.get(person.id, ())),
            len(shared.get(person.id, ())),
            len(over.get(person.id, ())),
        )
        for person in evidence.people
    }


def _days_over_budget(evidence: Evidence, rules: ExplorationBoard) -> dict[int, set[date]]:
    daily = evidence.day_usage.in_lane(Lane.EXPLORATION).daily()
    dear = daily.where(daily.cost_nanousd > round(rules.sandbox_budget_usd * 1e9))
    over: dict[int, set[date]] = {}
    for person_id, day in zip(dear.person_ids.tolist(), dear.days.tolist(), strict=True):
        over.setdefault(person_id, set()).add(date.fromordinal(day))
    return over


def _learnt(evidence: Evidence) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Training modules completed and assets shared in the window, by person id."""
    modules: dict[int, set[str]] = {}
    shared: dict[int, set[str]] = {}
    for one in evidence.happenings:
        if one.time_us < evidence.window.start_us:
            continue
        if isinstance(one.fact, Training):
            modules.setdefault(one.person_id, set()).add(one.fact.module)
        elif isinstance(one.fact, Contribution) and one.fact.action == "shared":
            shared.setdefault(one.person_id, set()).add(one.fact.asset)
    return modules, shared


def _missing(found: Learning, rules: ExplorationBoard) -> tuple[str, ...]:
    if found.active_days >= rules.min_active_days:
        return ()
    needed = f"Experiments on {counted(rules.min_active_days, 'day')} are needed; {found.active_days} so far."
    if not found.days_over_budget:
        return (needed,)
    over = f"{counted(found.days_over_budget, 'day')} over the sandbox budget of ${rules.sandbox_budget_usd:,.2f} did not count."
    return (needed, over)


def _components(found: Learning, rules: ExplorationBoard) -> Iterator[Component]:
    weights = rules.weights.model_dump()
    total = fsum(weights.values())
    over = (
        f" ({counted(found.days_over_budget, 'day')} over the sandbox budget not counted)"
        if found.days_over_budget
        else ""
    )
    figures = {
        "use_cases": (found.use_cases, found.trials, f"{counted(found.use_cases, 'use case')} tried{over}."),
        "models": (found.models, found.trials, f"{counted(found.models, 'model')} tried."),
        "active_days": (found.active_days, found.trials, f"Experiments on {counted(found.active_days, 'day')}."),
        "training": (found.modules, found.modules, f"{counted(found.modules, 'training module')} completed."),
        "sharing": (found.shared, found.shared, f"{counted(found.shared, 'finding')} shared."),
    }
    for name, (value, samples, text) in figures.items():
        if weights[name] > 0:
            yield credit(
                name,
                value,
                name.replace("_", " "),
                share=diminishing(value, _HALF[name]),
                samples=samples,
                max_points=most_points(weights[name], total),
                text=text,
            )
