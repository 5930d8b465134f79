"""The same prompt over and over: on several days, or very often on one, and a good part of what one did that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_days
from scoring.flags.wording import counted, on_days

_DAYS = 2  # a day with many repeats is an experiment; the second one is a habit
_ONE_DAY = 3  # so many times the limit are a loop on a single day too
_LEAST_SHARE = 0.25  # of the day's calls, so that a busy day is no loop for a few repeats
_LEAST_TOKENS_A_CALL = 60  # a monitor that asks whether a model is there, says next to nothing


def prompt_loops(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever sent a prompt ``flags.repeats`` times a day and more, errors and retries aside.

    A template that is used for one task after the other is no loop.
    """
    looped: dict[int, dict[date, int]] = {}
    for one in facts.traces.repeats:
        if one.calls < facts.rules.repeats or one.tokens < one.calls * _LEAST_TOKENS_A_CALL:
            continue
        if one.person_id in facts.players and one.tasks < one.calls / 3:
            days = looped.setdefault(one.person_id, {})
            days[one.day] = days.get(one.day, 0) + one.calls
    for person_id, days in sorted(looped.items()):
        calls = _calls_by_day(facts, person_id)
        heavy = {day: count for day, count in sorted(days.items()) if count >= _LEAST_SHARE * calls.get(day, 0)}
        if not heavy:
            continue
        limit = facts.rules.repeats
        strength = max(len(heavy) / _DAYS, max(heavy.values()) / (_ONE_DAY * limit))
        if strength < 1:
            continue
        repeats, of = sum(heavy.values()), sum(calls.get(day, 0) for day in heavy)
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


def _calls_by_day(facts: FlagFacts, person_id: int) -> dict[date, int]:
    found: dict[date, int] = {}
    mine = facts.proved.of(person_id)
    for day, calls in zip(mine.days.tolist(), mine.calls.tolist(), strict=True):
        found[date.fromordinal(day)] = found.get(date.fromordinal(day), 0) + calls
    return found
