"""What flags do to recognition: an open one withholds it, a confirmed one takes what it found out of every merit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from scoring.events import Contribution
from scoring.evidence import Evidence
from scoring.flag import Flag, FlagState


def quarantined(flags: Iterable[Flag]) -> frozenset[int]:
    """People with an open flag."""
    return frozenset(flag.person_id for flag in flags if flag.state is FlagState.OPEN)


def flagged_days(flags: Iterable[Flag], *, with_open: bool = False) -> dict[int, frozenset[date]]:
    """The days of each person's usage under confirmed flags (and open ones)."""
    days: dict[int, set[date]] = {}
    for flag in flags:
        if flag.state is FlagState.CONFIRMED or (with_open and flag.state is FlagState.OPEN):
            days.setdefault(flag.person_id, set()).update(flag.days)
    return {person_id: frozenset(found) for person_id, found in days.items()}


def merit(evidence: Evidence) -> Evidence:
    """The evidence that may count in somebody's favour.

    Outcomes and contributions under confirmed flags are left out, contributions under open ones wait too, as others would
    gain by them, and days of confirmed usage are no active days. Cost stays whole: to leave out what was burnt would
    reward the burning.
    """
    if not evidence.flags:
        return evidence
    keys = {key for flag in evidence.flags if flag.state is FlagState.CONFIRMED for key in flag.keys}
    suspected = {key for flag in evidence.flags if flag.state is FlagState.OPEN for key in flag.keys}
    days = flagged_days(evidence.flags)
    within = set(evidence.window.days)
    return msgspec.structs.replace(
        evidence,
        happenings=tuple(
            one
            for one in evidence.happenings
            if one.key not in keys and not (one.key in suspected and isinstance(one.fact, Contribution))
        ),
        active_days=tuple(
            msgspec.structs.replace(one, days=max(0, one.days - len(days[one.person_id] & within)))
            if one.person_id in days
            else one
            for one in evidence.active_days
        ),
    )
