"""Business efficiency: what a person's production work costs, how good it is, and how it goes. Shown, not scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum

from scoring.scorecards.card import Missing, Scorecard, Taken, scorecard
from scoring.scorecards.facts import Facts
from scoring.wording import counted, hours, money, percent

_WEEK_US = 7 * 24 * 3600 * 1_000_000
_LEAST_QUALITY = 0.01  # as the outcome board counts accepted work of no quality at all


def business_efficiency(now: Facts, before: Facts) -> Scorecard:
    """The card of the window ``now``, beside the window ``before``."""
    return scorecard("business_efficiency", "Business efficiency", tuple(_taken(now)), tuple(_taken(before)))


def _taken(facts: Facts) -> Iterator[Taken | Missing]:
    yield _cost(facts)
    yield _tokens(facts)
    yield _acceptance(facts)
    yield _edit_distance(facts)
    yield _quality(facts)
    yield _cycle_gain(facts)
    yield _throughput(facts)
    yield _faults(facts)
    yield _hours_saved(facts)
    yield _working_days(facts)
    yield _retries(facts)
    yield _violations(facts)


def _worth(facts: Facts) -> float:
    """Accepted tasks, each counted by its quality where that is known."""
    quality = facts.measures.mean_quality
    return facts.measures.accepted * (1 if quality is None else max(quality, _LEAST_QUALITY))


def _cost(facts: Facts) -> Taken | Missing:
    found, worth = facts.measures, _worth(facts)
    if not worth or not found.has_usage:
        return "Cost for each accepted task: needs accepted work, and use of AI in it."
    if found.unpriced_tokens:
        return f"Cost for each accepted task: {found.unpriced_tokens:,} tokens have no known price."
    dollars = found.cost_nanousd / 1e9
    spent = f"{money(dollars)} over {counted(found.deliveries, 'task')}"
    text = f"{money(dollars / worth)} for each accepted task, quality counted in ({spent})."
    return Taken("cost_per_task", dollars / worth, "USD per accepted task", found.deliveries, text, wanted="less")


def _tokens(facts: Facts) -> Taken | Missing:
    found, worth = facts.measures, _worth(facts)
    if not worth or not found.has_usage:
        return "Tokens for each accepted task: needs accepted work, and use of AI in it."
    a_task = found.tokens / worth
    text = f"{a_task:,.0f} tokens for each accepted task, quality counted in."
    return Taken("tokens_per_task", a_task, "tokens per accepted task", found.deliveries, text, wanted="less")


def _acceptance(facts: Facts) -> Taken | Missing:
    found = facts.measures
    if not found.deliveries:
        return "Acceptance: no finished work was reported."
    text = f"{found.accepted:g} of {counted(found.deliveries, 'task')} accepted."
    return Taken("acceptance", found.accepted / found.deliveries, "share", found.deliveries, text, wanted="more")


def _edit_distance(facts: Facts) -> Taken | Missing:
    known = [one.edit_distance for one in facts.outcomes if one.edit_distance is not None]
    if not known:
        return "Rewriting: nobody reports how much of AI's drafts was rewritten."
    text = f"{percent(_mean(known))} of AI's drafts was rewritten ({counted(len(known), 'outcome')})."
    return Taken("edit_distance", _mean(known), "share", len(known), text, wanted="less")


def _quality(facts: Facts) -> Taken | Missing:
    known = [one.quality for one in facts.outcomes if one.quality is not None]
    if not known:
        return "Quality: nobody measures it for your work."
    text = f"Quality of {percent(_mean(known))} ({counted(len(known), 'outcome')})."
    return Taken("quality", _mean(known), "share", len(known), text, wanted="more")


def _cycle_gain(facts: Facts) -> Taken | Missing:
    found = facts.measures
    if not found.cycle_hours or not found.baseline_cycle_hours:
        return "Pace: needs tasks with a known start, now and in the weeks before."
    text = (
        f"From start to done in {hours(found.cycle_hours)}; in the weeks before, {hours(found.baseline_cycle_hours)} "
        f"({counted(found.cycle_samples, 'task')} compared)."
    )
    gain = found.baseline_cycle_hours / found.cycle_hours
    return Taken("cycle_gain", gain, "times faster than before", found.cycle_samples, text, wanted="more")


def _throughput(facts: Facts) -> Taken:
    """Neither way is better: to be given more work is no merit."""
    earlier = [one for one in facts.deliveries if one.time_us < facts.window.start_us]
    a_week = facts.measures.accepted / (facts.window.day_count / 7)
    text = f"{a_week:.1f} accepted tasks a week"
    if earlier:
        weeks = max(1.0, (facts.window.start_us - earlier[0].time_us) / _WEEK_US)
        text += f"; {fsum(one.accepted for one in earlier) / weeks:.1f} in the weeks before"
    return Taken("throughput", a_week, "accepted tasks a week", facts.measures.deliveries, f"{text}.")


def _faults(facts: Facts) -> Taken | Missing:
    found = facts.measures
    if not found.fault_samples:
        return "Reliability: nobody reports errors, escalations or incidents of your work."
    errors = sum(one.errors or 0 for one in facts.outcomes)
    escalations = sum(bool(one.is_escalated) for one in facts.outcomes)
    incidents = sum(bool(one.is_incident) for one in facts.outcomes)
    said = (
        counted(errors, "error"),
        f"{facts.taken_back:,} taken back",
        counted(escalations, "escalation"),
        counted(incidents, "incident"),
    )
    text = f"{', '.join(said)} in {counted(found.fault_samples, 'task')}."
    return Taken(
        "faults", found.faults / found.fault_samples, "faults per task", found.fault_samples, text, wanted="less"
    )


def _hours_saved(facts: Facts) -> Taken | Missing:
    """Neither way is better, as producers estimate it."""
    known = [one.minutes_saved for one in facts.outcomes if one.minutes_saved is not None]
    if not known:
        return "Time saved: nobody reports it for your work."
    saved = fsum(known) / 60
    return Taken(
        "hours_saved", saved, "hours", len(known), f"{saved:,.1f} hours saved ({counted(len(known), 'outcome')})."
    )


def _working_days(facts: Facts) -> Taken:
    """Neither way is better: a day without AI is no fault."""
    text = f"AI in your work on {facts.active_working_days} of {counted(facts.working_days, 'working day')}."
    return Taken("working_days", float(facts.active_working_days), "working days", facts.working_days, text)


def _retries(facts: Facts) -> Taken | Missing:
    calls, again = facts.production.calls, facts.production.retries
    if not calls:
        return "Retries: no single calls were reported."
    text = f"{percent(again / calls)} of {counted(calls, 'call')} were tried again."
    return Taken("retries", again / calls, "share", calls, text, wanted="less")


def _violations(facts: Facts) -> Taken:
    text = f"{counted(facts.violations, 'policy violation')}."
    return Taken("violations", float(facts.violations), "violations", facts.measures.policy_events, text, wanted="less")


def _mean(known: Sequence[float]) -> float:
    return fsum(known) / len(known)
