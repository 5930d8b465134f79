"""The parts of an outcome score: which figure each takes, on what scale it is compared, how it is said."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, exp, log, pi

import msgspec

from scoring.costs import Costs
from scoring.measures import Measures
from scoring.wording import counted, hours, money, percent

_LEAST_COST, _MOST_COST = 1e-6, 1e12  # dollars or tokens; beyond them, cheaper or dearer makes no difference
_LEAST_HOURS = 0.25


class Dimension(msgspec.Struct, frozen=True):
    """One part of the score.

    ``figure`` gives the value in ``unit`` (None = unmeasured); ``scale`` turns it into what is compared, higher = better,
    and ``unscale`` back. ``least_spread`` keeps small differences small where peers hardly differ.
    ``samples`` weighs the value against its peers' median; ``events`` counts what is behind it, and where a whole group
    has none, the dimension drops out for that group. ``sentence`` says the value and how many events are behind it. At
    ``best`` nothing is left to do better (None: there is no such value).
    """

    name: str
    unit: str
    figure: Callable[[Measures, Costs], float | None]
    scale: Callable[[float], float]
    unscale: Callable[[float], float]
    least_spread: float
    samples: Callable[[Measures], float]
    events: Callable[[Measures], int]
    say: Callable[[float], str]
    sentence: Callable[[Measures, Costs], str]
    advice: str
    best: float | None = None


def _quality(m: Measures, _costs: Costs) -> float | None:
    if m.deliveries == 0:
        return None
    acceptance = m.accepted / m.deliveries
    return acceptance if m.mean_quality is None else (acceptance + m.mean_quality) / 2


def _quality_sentence(m: Measures, _costs: Costs) -> str:
    said = f"{m.accepted:g} of {counted(m.deliveries, 'task')} accepted"
    if m.mean_quality is None:
        return said
    return f"{said}; quality {percent(m.mean_quality)} where measured ({counted(m.quality_samples, 'task')})"


def _cycle_gain(m: Measures, _costs: Costs) -> float | None:
    if m.cycle_hours is None or m.baseline_cycle_hours is None:
        return None
    return max(m.baseline_cycle_hours, _LEAST_HOURS) / max(m.cycle_hours, _LEAST_HOURS)


def _cycle_sentence(m: Measures, _costs: Costs) -> str:
    return (
        f"from start to done in {hours(m.cycle_hours or 0)}; earlier it took you "
        f"{hours(m.baseline_cycle_hours or 0)} ({counted(m.cycle_samples, 'task')} compared)"
    )


def _reliability(m: Measures, _costs: Costs) -> float | None:
    return m.faults / m.fault_samples if m.fault_samples else None


def _steady_weeks(m: Measures) -> int:
    """Three in four: a week off is nobody's fault, and who is given little work reaches it as well."""
    return ceil(m.weeks * 0.75)


def _cost_sentence(m: Measures, costs: Costs) -> str:
    spent = money(costs.spent) if costs.is_priced else f"{costs.spent:,.0f} tokens"
    if not costs.worth:
        return f"nothing accepted yet for {spent} over {m.calls:,} calls"
    each = money(costs.per_task) if costs.is_priced else f"{costs.per_task:,.0f} tokens"
    work = f"{spent} over {m.calls:,} calls, {counted(m.deliveries, 'task')}"
    guessed = "; tokens without a price at what peers pay" if costs.is_priced and not costs.is_reference else ""
    return f"{each} for each accepted task, quality counted in ({work}{guessed})"


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        name="efficiency",
        unit="USD per accepted task",
        figure=lambda m, costs: costs.per_task if m.has_usage else None,
        scale=lambda cost: -log(min(max(cost, _LEAST_COST), _MOST_COST)),
        unscale=lambda scaled: exp(-scaled),
        least_spread=0.1,
        samples=lambda m: m.deliveries,
        events=lambda m: m.deliveries,
        say=money,
        sentence=_cost_sentence,
        advice="Try a smaller model for routine steps, reuse cached context, and stop runs that lead nowhere.",
    ),
    Dimension(
        name="quality",
        unit="share",
        figure=_quality,
        scale=lambda share: share,
        unscale=lambda scaled: scaled,
        least_spread=0.03,
        samples=lambda m: m.deliveries,
        events=lambda m: m.deliveries,
        say=percent,
        sentence=_quality_sentence,
        advice="Review the AI's draft before you hand it in: fewer rewrites and refusals count most here.",
        best=1,
    ),
    Dimension(
        name="cycle_time",
        unit="times faster than before",
        figure=_cycle_gain,
        scale=log,
        unscale=exp,
        least_spread=0.1,
        # Each of the two medians has π/2 times the variance of a mean, and their difference that of both.
        samples=lambda m: m.cycle_samples / pi,
        events=lambda m: m.cycle_samples,
        say=lambda gain: f"{gain:.2f} times as fast",
        sentence=_cycle_sentence,
        advice="Cut work into pieces that can be finished and reviewed within a day or two.",
    ),
    Dimension(
        name="reliability",
        unit="faults per task",
        figure=_reliability,
        scale=lambda faults: -faults,
        unscale=lambda scaled: -scaled,
        least_spread=0.05,
        samples=lambda m: m.fault_samples,
        events=lambda m: m.fault_samples,
        say=lambda faults: f"{faults:.2f} faults per task",
        sentence=lambda m, _: (
            f"{counted(m.faults, 'fault')} in {counted(m.fault_samples, 'task')} (errors, escalations, incidents)"
        ),
        advice="Add a test or a second look where errors and reverts came from.",
        best=0,
    ),
    Dimension(
        name="adoption",
        unit="share of steady weeks",
        figure=lambda m, _: min(1.0, m.weeks_with_delivery / _steady_weeks(m)),
        scale=lambda share: share,
        unscale=lambda scaled: scaled,
        least_spread=0.1,
        samples=lambda m: m.deliveries,
        events=lambda m: m.deliveries,
        say=percent,
        sentence=lambda m, _: (
            f"accepted work in {m.weeks_with_delivery} of {counted(m.weeks, 'week')}; {_steady_weeks(m)} are steady"
        ),
        advice="Bring AI into a piece of real work every week; steady counts, not much.",
        best=1,
    ),
    Dimension(
        name="compliance",
        unit="share",
        figure=lambda m, _: m.clean_share,
        scale=lambda share: share,
        unscale=lambda scaled: scaled,
        least_spread=0.1,
        samples=lambda m: m.deliveries,
        events=lambda m: m.policy_events,
        say=percent,
        sentence=lambda m, _: (
            "no policy violations" if m.clean_share == 1 else f"policy violations take it to {percent(m.clean_share)}"
        ),
        advice="Settle the policy violation with your AI ops team; a clean stretch restores this in full.",
        best=1,
    ),
)
