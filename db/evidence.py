"""What scoring reads of the ledger: the people, their calls and active days in a window, and what else happened.

Everything is added up by identity in SQL and joined to people last. Whose identity is nobody's, or someone's who left,
is no evidence. Days are the ledger's, which are the program's local days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import merge
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    cast,
    distinct,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from db.members import read_members
from db.tables import activity_days, events, identities, people, usage_days
from db.tier_use import read_use_outside_tiers
from db.whose import Whose, belongs_to
from scoring.deliveries import taken_back_by
from scoring.events import Contribution, CostKind, Lane, Outcome, Policy, Training
from scoring.evidence import ActiveDays, Evidence, Happening, LaneUsage
from scoring.program import Program
from scoring.tiers import outside_tier
from scoring.window import Window, local_day, midnight_us

_SUMS = ("calls", "errors", "retries", "tokens", "cost_nanousd", "unpriced_calls", "unpriced_tokens")

_LANES = {lane.value: lane for lane in Lane}
_PORTION = 10_000

_HAPPENING = (
    *("time_us", "key", "reverses_key"),
    *("type", "kind", "name", "action", "severity", "title", "url"),
    *("lane", "task", "started_us", "is_accepted", "edit_distance", "quality", "errors"),
    *("is_escalated", "is_incident", "minutes_saved"),
)

# Written out, not bound: a partial index serves only a condition that the planner can read.
_IS_USAGE = events.c.type == literal_column("'usage'")
_IS_POLICY = events.c.type == literal_column("'policy'")
_IS_NOT_USAGE = events.c.type != literal_column("'usage'")
_IS_CONTRIBUTION = events.c.type == literal_column("'contribution'")
_IS_REVERSAL = events.c.reverses_key.is_not(None)
_IN_ORDER = attrgetter("person_id", "time_us", "key")


def read_evidence(conn: Connection, *, window: Window, baseline_days: int, program: Program) -> Evidence:
    """All that boards may look at, as it was before ``window.end_us``.

    Usage and active days cover the window; outcomes, contributions and training also the ``baseline_days`` before it;
    policy events everything before the window's end. In a fixed order, the same on both databases.
    """
    happened = read_happened(conn, window=window, baseline_days=baseline_days, program=program)
    return msgspec.structs.replace(happened, usage=read_usage(conn, window), active_days=read_active_days(conn, window))


def read_happened(conn: Connection, *, window: Window, baseline_days: int, program: Program) -> Evidence:
    """The same without usage and active days."""
    zone = program.zone
    baseline_start = local_day(window.start_us, zone) - timedelta(days=baseline_days)
    return Evidence(
        window=window,
        baseline_start_us=midnight_us(baseline_start, zone),
        people=tuple(member.person for member in read_members(conn, program)),
        usage=(),
        active_days=(),
        happenings=tuple(stream_happenings(conn, window, baseline_start, program)),
    )


def read_usage(conn: Connection, window: Window, whose: Whose = None) -> tuple[LaneUsage, ...]:
    """Calls, tokens and cost of each person and lane in ``window``."""
    by_identity = union_all(_usage_of_whole_days(window, whose), _usage_of_cut_day(window, whose)).subquery()
    sums = [cast(func.sum(by_identity.c[name]), BigInteger) for name in _SUMS]
    query = _of_people(
        select(identities.c.person_id, by_identity.c.lane, *sums), by_identity.c.identity_id, by_identity.c.lane
    )
    return tuple(LaneUsage(person_id, _LANES[lane], *counts) for person_id, lane, *counts in conn.execute(query))


def _usage_of_whole_days(window: Window, whose: Whose) -> Select[Any]:
    tokens = (
        usage_days.c.tokens_input
        + usage_days.c.tokens_output
        + usage_days.c.tokens_cache_read
        + usage_days.c.tokens_cache_write
    )
    return (
        select(
            usage_days.c.identity_id,
            usage_days.c.lane,
            func.sum(usage_days.c.calls).label("calls"),
            func.sum(usage_days.c.errors).label("errors"),
            func.sum(usage_days.c.retries).label("retries"),
            func.sum(tokens).label("tokens"),
            func.sum(usage_days.c.cost_nanousd).label("cost_nanousd"),
            func.sum(usage_days.c.unpriced_calls).label("unpriced_calls"),
            func.sum(usage_days.c.unpriced_tokens).label("unpriced_tokens"),
        )
        .where(usage_days.c.day.in_(window.whole_days), *belongs_to(usage_days.c.identity_id, whose))
        .group_by(usage_days.c.identity_id, usage_days.c.lane)
    )


def _usage_of_cut_day(window: Window, whose: Whose) -> Select[Any]:
    tokens = events.c.tokens_input + events.c.tokens_output + events.c.tokens_cache_read + events.c.tokens_cache_write
    is_unpriced = and_(events.c.cost_nanousd.is_(None), events.c.cost_kind.is_distinct_from(CostKind.SEPARATE.value))
    return (
        select(
            events.c.identity_id,
            events.c.lane,
            func.sum(events.c.calls).label("calls"),
            func.sum(case((events.c.is_error, 1), else_=0)).label("errors"),
            func.sum(case((events.c.is_retry, 1), else_=0)).label("retries"),
            func.sum(tokens).label("tokens"),
            func.coalesce(func.sum(events.c.cost_nanousd), 0).label("cost_nanousd"),
            func.sum(case((is_unpriced, events.c.calls), else_=0)).label("unpriced_calls"),
            func.sum(case((is_unpriced, tokens), else_=0)).label("unpriced_tokens"),
        )
        .where(
            events.c.event_day == window.cut_day,
            *belongs_to(events.c.identity_id, whose),
            _IS_USAGE,
            events.c.is_shadowed.is_(False),
            events.c.time_us < window.end_us,
        )
        .group_by(events.c.identity_id, events.c.lane)
    )


def read_active_days(conn: Connection, window: Window, whose: Whose = None) -> tuple[ActiveDays, ...]:
    """On how many days each person worked. A day counts once, by however many names a person was seen on it."""
    called = select(usage_days.c.day, usage_days.c.identity_id, usage_days.c.lane).where(
        usage_days.c.day.in_(window.whole_days),
        *belongs_to(usage_days.c.identity_id, whose),
        or_(
            usage_days.c.calls > usage_days.c.errors,
            and_(usage_days.c.calls == 0, usage_days.c.tokens_output > 0),  # metrics know no calls
        ),
    )
    achieved = select(activity_days.c.day, activity_days.c.identity_id, activity_days.c.lane).where(
        activity_days.c.day.in_(window.whole_days),
        *belongs_to(activity_days.c.identity_id, whose),
        activity_days.c.type == "outcome",
    )
    on_cut_day = select(events.c.event_day, events.c.identity_id, events.c.lane).where(
        events.c.event_day == window.cut_day,
        *belongs_to(events.c.identity_id, whose),
        events.c.time_us < window.end_us,
        or_(and_(_IS_USAGE, events.c.is_error.is_(False), events.c.is_shadowed.is_(False)), events.c.type == "outcome"),
    )
    active = union_all(called, achieved, on_cut_day).subquery()
    query = _of_people(
        select(identities.c.person_id, active.c.lane, func.count(distinct(active.c.day))),
        active.c.identity_id,
        active.c.lane,
    )
    return tuple(ActiveDays(person_id, _LANES[lane], days) for person_id, lane, days in conn.execute(query))


def _of_people(query: Select[Any], identity_id: Any, lane: Any) -> Select[Any]:
    """``query``, added up by active person and lane."""
    return (
        query.join_from(identities, identity_id.table, identities.c.id == identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active)
        .group_by(identities.c.person_id, lane)
        .order_by(identities.c.person_id, lane)
    )


def stream_happenings(conn: Connection, window: Window, first_day: date, program: Program) -> Iterator[Happening]:
    """What happened from ``first_day`` on, and policy events of any time, before the window's end: person by person.

    Use outside one's safety tier in the window is among the policy events. No more than a portion is held at once.
    """
    outside = outside_tier(read_use_outside_tiers(conn, window, program.tiers), program.tiers, program.zone)
    recent = (_IS_NOT_USAGE, events.c.event_day.between(first_day, window.days[-1]))
    earlier = (_IS_POLICY, events.c.event_day < first_day)
    yield from merge(_reported(conn, window, recent, earlier), outside, key=_IN_ORDER)


def read_own_happenings(
    conn: Connection, window: Window, first_day: date, program: Program, whose: tuple[int, ...]
) -> tuple[Happening, ...]:
    """What one person did from ``first_day`` on, and what colleagues did that may concern it.

    That is: whatever anybody took back and, where the person contributed anything, what everybody contributed.
    """
    day_count = (window.days[-1] - first_day).days + 1
    days = events.c.event_day.in_([first_day + timedelta(days=number) for number in range(day_count)])
    own = tuple(_reported(conn, window, (_IS_NOT_USAGE, days, *belongs_to(events.c.identity_id, whose))))
    others: list[tuple[ColumnElement[bool], ...]] = [(_IS_REVERSAL, days)]
    if any(isinstance(one.fact, Contribution) for one in own):
        others.append((_IS_CONTRIBUTION, days))
    outside = outside_tier(read_use_outside_tiers(conn, window, program.tiers, whose), program.tiers, program.zone)
    found = {one.key: one for one in (*own, *_reported(conn, window, *others), *outside)}
    return tuple(sorted(found.values(), key=_IN_ORDER))


def keys_taken_back(conn: Connection, window: Window) -> frozenset[bytes]:
    """The outcomes that others took back in ``window``, by their keys."""
    query = select(events.c.time_us, events.c.key, events.c.reverses_key).where(
        _IS_REVERSAL, events.c.event_day.in_(window.days), events.c.time_us < window.end_us
    )
    return taken_back_by((time_us, key, reverses) for time_us, key, reverses in conn.execute(query))


def _reported(conn: Connection, window: Window, *kinds: tuple[ColumnElement[bool], ...]) -> Iterator[Happening]:
    """The events before the window's end that meet all conditions of one of ``kinds``, in order."""
    every = union_all(*(select(events).where(*conditions) for conditions in kinds)).subquery()
    query = (
        select(identities.c.person_id, *(every.c[name] for name in _HAPPENING))
        .join_from(every, identities, identities.c.id == every.c.identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active, every.c.time_us < window.end_us)
        .order_by(identities.c.person_id, every.c.time_us, every.c.key)
        .execution_options(yield_per=_PORTION)
    )
    for rows in conn.execute(query).partitions():
        for person_id, time_us, key, reverses_key, *said in rows:
            yield Happening(person_id, time_us, key, _fact(*said), reverses_key)


def _fact(
    type: str, kind: str, name: str, action: str, severity: str, title: str, url: str, lane: str, *outcome: Any
) -> Outcome | Policy | Contribution | Training:
    """``outcome``: what only outcomes say, in the order of the struct."""
    if type == "outcome":
        return Outcome(kind, _LANES[lane], *outcome)
    if type == "contribution":
        return Contribution(action, name, kind, title, url)
    if type == "policy":
        return Policy(kind, name, severity)
    return Training(name, action)
