"""The rules of tiers, ceilings and bands in plain language."""

from __future__ import annotations

from scoring.amounts import said
from scoring.events import Lane
from scoring.program import Budget, Program, Scope, Tier
from scoring.wording import counted

_WHOSE = {
    Scope.PERSON: "each person",
    Scope.TEAM: "each team",
    Scope.USE_CASE: "each use case",
    Scope.TIER: "each tier",
}


def tier_sentences(program: Program) -> tuple[str, ...]:
    """What people of each tier may use."""
    return tuple(map(_tier, program.tiers))


def band_sentences(program: Program) -> tuple[str, ...]:
    """The ceilings, and what makes a band yellow or red."""
    rules = program.bands
    return (
        *map(_ceiling, program.budgets),
        f"Yellow: a ceiling's soft share is crossed, a week costs more than {rules.spike_factor:g} of your usual ones (and "
        f"more than ${rules.spike_dollars:,}), an accepted task costs many times what it costs peers, or a flag is open.",
        f"Red: a ceiling is crossed without an exception, a week costs more than {rules.extreme_factor:g} usual ones (also "
        f"more than {rules.spike_factor:g} of the heaviest before, and more than ${rules.extreme_dollars:,}), or a serious "
        f"policy violation is open.",
        f"Better news is shown after {counted(rules.hold_days, 'calm day')}, and no warning comes twice within "
        f"{counted(rules.renotify_days, 'day')}.",
        "Only use that is proved to be yours counts. Too little seen is no band, and no warning.",
    )


def _tier(tier: Tier) -> str:
    ceiling = "" if tier.budget is None else f", up to {_amount(tier.budget)} a {tier.period.value} for each person"
    models = "any model" if tier.models == ("*",) else f"the models {', '.join(tier.models)}"
    allowed = f"{tier.name}: {' and '.join(tier.lanes)}, {models}{ceiling}."
    if set(tier.lanes) == set(Lane) and tier.models == ("*",):
        return allowed
    return f"{allowed} Other use is a policy violation of {tier.severity} severity."


def _ceiling(budget: Budget) -> str:
    who = "" if budget.who == ("*",) else f" ({', '.join(budget.who)})"
    lane = "" if budget.lane is None else f" for {budget.lane}"
    return f"{budget.name}: {_amount(budget)} a {budget.period.value} for {_WHOSE[budget.scope]}{who}{lane}."


def _amount(budget: Budget) -> str:
    return said(budget.limit, is_in_dollars=budget.is_in_dollars)
