"""What flags look at in the usage events of some days, added up by identity and day: the columns of ``db.trace_days``.

``end_us``: what happened later is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, distinct, func, literal_column, select

from db.tables import events
from scoring.events import CostKind, Lane

_HOUR_US = 3_600_000_000

_e = events.c
_DAY = _e.event_day.label("day")
_TOKENS = _e.tokens_input + _e.tokens_output + _e.tokens_cache_read + _e.tokens_cache_write
_IS_UNPRICED = and_(_e.cost_nanousd.is_(None), _e.cost_kind.is_distinct_from(CostKind.SEPARATE.value))
_SPENT = (
    cast(func.sum(_TOKENS), BigInteger).label("tokens"),
    cast(func.coalesce(func.sum(_e.cost_nanousd), 0), BigInteger).label("cost_nanousd"),
    cast(func.sum(case((_IS_UNPRICED, _TOKENS), else_=0)), BigInteger).label("unpriced_tokens"),
)


def latest(days: Collection[date]) -> Select[Any]:
    """When the last usage of ``days`` was; NULL where there is none."""
    return select(func.max(_e.time_us)).where(*_usage_of(days))


def tasks(days: Collection[date], end_us: int | None = None) -> Select[Any]:
    """Usage that names its task, by lane and task."""
    return (
        select(_DAY, _e.identity_id, _e.lane, _e.task, *_SPENT)
        .where(*_usage_of(days, end_us), _e.task.is_not(None))
        .group_by(_e.event_day, _e.identity_id, _e.lane, _e.task)
    )


def sessions(days: Collection[date], end_us: int | None = None) -> Select[Any]:
    """Production usage by session; ``named``: how many of its calls name a task."""
    return (
        select(
            _DAY,
            _e.identity_id,
            _e.session,
            func.min(_e.time_us).label("first_us"),
            func.max(_e.time_us).label("last_us"),
            func.count(_e.task).label("named"),
            *_SPENT,
        )
        .where(*_usage_of(days, end_us), _e.lane == Lane.PRODUCTION.value, _e.session.is_not(None))
        .group_by(_e.event_day, _e.identity_id, _e.session)
    )


def repeats(days: Collection[date], least: int, end_us: int | None = None) -> Select[Any]:
    """Prompts that went out ``least`` times a day and more."""
    # Whoever calls again after an error repeats what they must, whether or not the producer says that it is a retry.
    calls = func.sum(case((_e.is_error, -_e.calls), (_e.is_retry, 0), else_=_e.calls))
    return (
        select(
            _DAY,
            _e.identity_id,
            _e.prompt_hash,
            cast(calls, BigInteger).label("calls"),
            cast(func.sum(_TOKENS), BigInteger).label("tokens"),
            func.count(distinct(_e.task)).label("tasks"),
            func.count(distinct(_e.time_us // _HOUR_US)).label("hours"),
        )
        .where(*_usage_of(days, end_us), _e.prompt_hash.is_not(None))
        .group_by(_e.event_day, _e.identity_id, _e.prompt_hash)
        .having(calls >= least)
    )


def busy(days: Collection[date], least_hours: int, end_us: int | None = None) -> Select[Any]:
    """Days on which an identity called in ``least_hours`` different hours and more."""
    hour = _e.time_us // _HOUR_US
    at_once = func.count(distinct(func.coalesce(_e.session, func.coalesce(_e.use_case, "") + "/" + _e.model)))
    hours = (
        select(_DAY, _e.identity_id, at_once.label("at_once"), func.sum(_e.calls).label("calls"))
        .where(*_usage_of(days, end_us))
        .group_by(_e.event_day, _e.identity_id, hour)
        .subquery()
    )
    return (
        select(
            hours.c.day,
            hours.c.identity_id,
            func.count().label("hours"),
            func.sum(case((hours.c.at_once >= 2, 1), else_=0)).label("crowded_hours"),
            cast(func.sum(hours.c.calls), BigInteger).label("calls"),
        )
        .group_by(hours.c.day, hours.c.identity_id)
        .having(func.count() >= least_hours)
    )


def _usage_of(days: Collection[date], end_us: int | None = None) -> tuple[ColumnElement[bool], ...]:
    is_early = () if end_us is None else (_e.time_us < end_us,)
    return (_e.event_day.in_(days), _e.type == literal_column("'usage'"), _e.is_shadowed.is_(False), *is_early)
