"""How far a person has come with a badge, in sentences, with the one change that would bring the next level."""

from __future__ import annotations

from scoring.badges.awards import Progress
from scoring.periods import Stretch
from scoring.program.badges import Badge, BadgeMeasure

_SHARES = {
    BadgeMeasure.VALUE_FOR_COST,
    BadgeMeasure.CACHE_SHARE,
    BadgeMeasure.SMALL_MODEL_SHARE,
    BadgeMeasure.FIRST_TRY_SHARE,
    BadgeMeasure.FAULTLESS_SHARE,
    BadgeMeasure.QUALITY,
}


def explain_badge(badge: Badge, stretch: Stretch, progress: Progress | None) -> tuple[str, ...]:
    """What the figures say of ``badge`` in ``stretch``; None = nothing was measured."""
    title = f"{badge.title}, {stretch.name}"
    learn = f"Learn how: {badge.training}"
    if progress is None:
        return (f"{title}: nothing measured yet. {_from(badge)}", learn)
    reached = f"That is {progress.level}." if progress.level else "No level yet."
    sentences = [f"{title}: {progress.text} {reached}"]
    if progress.withheld:
        sentences.append(progress.withheld)
    if progress.next_step is not None:
        sentences.append(
            f"{str(progress.next_level).capitalize()} begins at {figure(badge.measure, progress.next_step)}."
        )
    return (*sentences, learn, f"Rules: program version {progress.program_version}.")


def figure(measure: BadgeMeasure, value: float) -> str:
    """``value`` as people write it: ``45 %``, ``1.3``, ``3``."""
    return f"{value * 100:g} %" if measure in _SHARES else f"{value:g}"


def _from(badge: Badge) -> str:
    level, step = next((level, step) for level, step in badge.levels.model_dump().items() if step is not None)
    return f"{level.capitalize()} begins at {figure(badge.measure, step)}."
