"""The raw board: people by tokens, with its controls built in. It measures use and nothing of what came of it."""

from __future__ import annotations

from datetime import date

import msgspec

from scoring.boards.credits import credit
from scoring.boards.people import rank_people
from scoring.evidence import Evidence
from scoring.flagged import flagged_days
from scoring.program import Program, RawBoard
from scoring.standings import Component, Standings

_ADVICE = {"tokens": "Nothing here: more tokens are no aim. The outcome board shows what they were good for."}


class CappedUse(msgspec.Struct, frozen=True):
    """Tokens up to the cap of each day, and the calls they took."""

    tokens: int = 0
    calls: int = 0


def standings(evidence: Evidence, program: Program, program_version: str) -> Standings:
    """Everybody's place by capped tokens (see docs/scoring.md)."""
    rules = program.boards.raw
    used = capped_use(evidence, rules)
    most = rules.daily_cap_tokens * evidence.window.day_count

    def missing(person_id: int) -> tuple[str, ...]:
        return () if person_id in used else ("No tokens of yours count this month.",)

    def components(person_id: int) -> tuple[Component, ...]:
        found = used[person_id]
        text = f"{found.tokens:,} tokens; of a day, {rules.daily_cap_tokens:,} count at the most."
        share = found.tokens / most
        return (credit("tokens", found.tokens, "tokens", share=share, samples=found.calls, max_points=1000, text=text),)

    return rank_people(evidence, "raw", program_version, missing=missing, components=components, advice=_ADVICE)


def capped_use(evidence: Evidence, rules: RawBoard) -> dict[int, CappedUse]:
    """What counts of everybody's usage, by person id. Days under open or confirmed flags do not."""
    spoilt = flagged_days(evidence.flags, with_open=True)
    daily = evidence.day_usage.in_lane(rules.lane).daily()
    totals: dict[int, CappedUse] = {}
    columns = (daily.person_ids, daily.days, daily.tokens, daily.calls)
    for person_id, day, tokens, calls in zip(*(column.tolist() for column in columns), strict=True):
        if tokens and date.fromordinal(day) not in spoilt.get(person_id, ()):
            total = totals.get(person_id, CappedUse())
            totals[person_id] = CappedUse(total.tokens + min(tokens, rules.daily_cap_tokens), total.calls + calls)
    return totals
