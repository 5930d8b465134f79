"""The same prompt over and over: on several days, or very often on one, and a good part of what one did that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import median

import msgspec

from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_days
from scoring.flags.traces import Repeat
from scoring.flags.wording import on_days
from scoring.wording import counted

_DAYS = 2  # a day with many repeats is an experiment; the second one is a habit
_ONE_DAY = 3  # so many times the limit are a loop on a single day too
_LEAST_SHARE = 0.25  # of the day's tokens and of a usual day's
_TEMPLATE_TASKS, _TEMPLATE_SHARE = 3, 0.1  # as many different tasks, also as a share of the calls
_ALL_DAY_HOURS, _SCHEDULED_AN_HOUR = 20, 4


class _Looped(msgspec.Struct, frozen=True):
    """Calls and tokens of one day."""

    calls: int
    tokens: int


def prompt_loops(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever sent a prompt ``flags.repeats`` times a day and more, errors and retries aside.

    A template that is used for one task after the other is no loop, nor is a scheduled job.
    """
    looped: dict[int, dict[date, _Looped]] = {}
    for one in facts.traces.repeats:
        if one.person_id in facts.players and one.calls >= facts.rules.repeats and not _has_reason(one):
            days = looped.setdefault(one.person_id, {})
            before = days.get(one.day, _Looped(0, 0))
            days[one.day] = _Looped(before.calls + one.calls, before.tokens + one.tokens)
    for person_id, days in sorted(looped.items()):
        usage = _by_day(facts, person_id)
        usual = median(one.tokens for one in usage.values()) if usage else 0
        heavy = {
            day: one.calls
            for day, one in sorted(days.items())
            if one.tokens >= _LEAST_SHARE * max(usual, usage.get(day, one).tokens)
        }
        if not heavy:
            continue
        limit = facts.rules.repeats
        strength = max(len(heavy) / _DAYS, max(heavy.values()) / (_ONE_DAY * limit))
        if strength < 1:
            continue
        repeats, of = sum(heavy.values()), sum(usage[day].calls for day in heavy if day in usage)
        yield flagged_days(
            facts,
            person_id,
            FlagKind.PROMPT_LOOP,
            heavy,
            strength,
            evidence={
                "repeats": repeats,
                "most_repeats_a_day": max(heavy.values()),
                "calls_on_these_days": of,
                "days": len(heavy),
                "limit_repeats_a_day": limit,
            },
            text=f"{on_days(heavy)} the same prompts went out {repeats} times, in {counted(of, 'call')}; "
            f"failed calls and retries are not counted.",
        )


def _has_reason(one: Repeat) -> bool:
    """Is it a template, used for one task after the other, or a scheduled job that asks a few times an hour all day?"""
    is_template = one.tasks >= max(_TEMPLATE_TASKS, one.calls * _TEMPLATE_SHARE)
    is_scheduled = one.hours >= _ALL_DAY_HOURS and one.calls <= one.hours * _SCHEDULED_AN_HOUR
    return is_template or is_scheduled


def _by_day(facts: FlagFacts, person_id: int) -> dict[date, _Looped]:
    """A person's proved usage on each day of the window, in both lanes."""
    found: dict[date, _Looped] = {}
    mine = facts.traces.day_usage.of(person_id).between(facts.first_day, facts.evidence.window.days[-1])
    mine = mine.where(~mine.is_asserted)
    for number, calls, tokens in zip(mine.days.tolist(), mine.calls.tolist(), mine.tokens.tolist(), strict=True):
        day = date.fromordinal(number)
        before = found.get(day, _Looped(0, 0))
        found[day] = _Looped(before.calls + calls, before.tokens + tokens)
    return found
