"""Learning velocity: what a person tried, learnt and passed on. How much AI they used is no part of it."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.scorecards.card import Scorecard, Taken, Wanted, scorecard
from scoring.scorecards.facts import Facts
from scoring.wording import counted


def learning_velocity(now: Facts, before: Facts) -> Scorecard:
    """The card of the window ``now``, beside the window ``before``."""
    return scorecard("learning_velocity", "Learning velocity", tuple(_taken(now)), tuple(_taken(before)))


def _taken(facts: Facts) -> Iterator[Taken]:
    found = facts.learning
    over = counted(found.days_over_budget, "day")
    not_counted = f" ({over} over the sandbox budget not counted)" if found.days_over_budget else ""
    yield _count("use_cases", found.use_cases, "use cases", "{} tried in the sandbox.", "use case", found.trials)
    yield _count("models", found.models, "models", "{} tried in the sandbox.", "model", found.trials)
    yield _count("days", found.active_days, "days", f"Experiments on {{}}{not_counted}.", "day", found.trials)
    yield _count("training", found.modules, "modules", "{} completed.", "training module", wanted="new")
    yield _count("shared", found.shared, "findings", "{} shared.", "finding")
    yield _count("reviewed", facts.reviewed, "assets", "{} of colleagues reviewed.", "asset")
    yield _count("reusers", facts.reusers, "colleagues", "{} of other teams used what you shared.", "colleague")
    yield _count("milestones", facts.milestones, "milestones", "{} reached.", "safe-use milestone", wanted="new")


def _count(
    name: str, value: int, unit: str, text: str, noun: str, samples: int | None = None, *, wanted: Wanted = "more"
) -> Taken:
    """``text`` has a place for the count. ``samples`` are as many as counted unless said otherwise."""
    said = text.format(counted(value, noun))
    return Taken(name, float(value), unit, value if samples is None else samples, said, wanted)
