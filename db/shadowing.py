"""One fact, one count: where several signals tell of the same usage, the best counts and the rest is shadowed.

Which signals have come is all that decides, never in which order: when a better one comes late, what counted before
leaves the roll-ups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b
from itertools import chain

import msgspec
from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from db.many import insert_rows, read_by_key
from db.novelty import Fresh
from db.tables import events, identities, scopes
from scoring.events import Claim, CostKind, Lane, Signal, Tokens, Usage

_e = events.c
_IS_WEAKER = _e.signal < literal_column("6")  # written out: the index serves only a condition that the planner can read
_WEAKER = (
    select(_e.event_day, _e.identity_id, _e.key)
    .add_columns(_e.model, _e.lane, _e.calls, _e.is_error, _e.is_retry, _e.cost_nanousd, _e.cost_kind)
    .add_columns(_e.tokens_input, _e.tokens_output, _e.tokens_cache_read, _e.tokens_cache_write)
    .where(_e.scope == bindparam("scope"), _IS_WEAKER, _e.signal < bindparam("best"), _e.is_shadowed.is_(False))
)
_SHADOW = (
    update(events)
    .where(_e.event_day == bindparam("day"), _e.identity_id == bindparam("who"), _e.key == bindparam("event"))
    .values(is_shadowed=True)
)


class Shadow(msgspec.Struct, frozen=True):
    """Usage that ``source`` reported by ``signal`` and that does not count, because ``counted`` tells of it too.

    ``last_day``: the local day of the last of it.
    """

    source: str
    signal: Signal
    counted: Signal
    events: int
    tokens: int
    last_day: date


class TakenOut(msgspec.Struct, frozen=True):
    """Usage that counted until now, in whose roll-ups."""

    day: date
    identity_id: int
    usage: Usage


def scope_key(scope: str) -> bytes:
    """The 16 bytes that stand for a scope."""
    return blake2b(scope.encode(), digest_size=16).digest()


def shadowed(conn: Connection, fresh: Sequence[Fresh]) -> tuple[set[int], list[TakenOut]]:
    """The positions of what does not count of ``fresh``, and what counted before and does so no longer."""
    claims = [(one.position, one.event.claim) for one in fresh if one.event.claim is not None]
    if not claims:
        return set(), []
    best = _best(claim for _, claim in claims)
    raised = _raise(conn, best)
    weaker = {position for position, claim in claims if claim.signal < best[scope_key(claim.scope)]}
    return weaker, _take_out(conn, [(scope, best[scope]) for scope in raised])


def _best(claims: Iterable[Claim]) -> dict[bytes, int]:
    best: dict[bytes, int] = {}
    for claim in claims:
        for scope in (claim.scope, *claim.covers):
            key = scope_key(scope)
            best[key] = max(best.get(key, 0), claim.signal)
    return best


def _raise(conn: Connection, best: dict[bytes, int]) -> list[bytes]:
    """Makes ``best`` and what is stored the better of both; returns the scopes where something weaker was stored."""
    keys = sorted(best)
    if conn.dialect.name == "postgresql":  # so that a replica that has the same new scope waits for us
        insert_rows(conn, scopes, ("key", "signal"), [(key, 0) for key in keys], "ON CONFLICT DO NOTHING")
    known = dict(read_by_key(conn, "scopes", "signal", keys))
    better = [(key, best[key]) for key in keys if best[key] > known.get(key, 0)]
    insert_rows(conn, scopes, ("key", "signal"), better, "ON CONFLICT (key) DO UPDATE SET signal = excluded.signal")
    best.update((key, signal) for key, signal in known.items() if signal > best[key])
    return [key for key, _ in better if known.get(key, 0)]


def _take_out(conn: Connection, raised: Sequence[tuple[bytes, int]]) -> list[TakenOut]:
    found = [conn.execute(_WEAKER, {"scope": scope, "best": best}).all() for scope, best in raised]
    rows = list(chain.from_iterable(found))
    if rows:
        conn.execute(_SHADOW, [{"day": row.event_day, "who": row.identity_id, "event": row.key} for row in rows])
    return [TakenOut(day, identity, _usage(*told)) for day, identity, _, *told in rows]


def _usage(
    model: str,
    lane: str,
    calls: int,
    is_error: bool,
    is_retry: bool,
    cost_nanousd: int | None,
    cost_kind: str | None,
    *tokens: int,
) -> Usage:
    return Usage(
        model=model,
        tokens=Tokens(*tokens),
        cost_nanousd=cost_nanousd,
        cost_kind=None if cost_kind is None else CostKind(cost_kind),
        lane=Lane(lane),
        is_error=is_error,
        is_retry=is_retry,
        calls=calls,
    )


def shadows(conn: Connection, since_day: date) -> tuple[Shadow, ...]:
    """What does not count since ``since_day``, and why, the most tokens first."""
    tokens = func.sum(_e.tokens_input + _e.tokens_output + _e.tokens_cache_read + _e.tokens_cache_write)
    rows = conn.execute(
        select(identities.c.source, _e.signal, scopes.c.signal, func.count(), tokens, func.max(_e.event_day))
        .join(scopes, scopes.c.key == _e.scope)
        .join(identities, identities.c.id == _e.identity_id)
        .where(_e.event_day >= since_day, _IS_WEAKER, _e.is_shadowed.is_(True))
        .group_by(identities.c.source, _e.signal, scopes.c.signal)
        .order_by(tokens.desc(), identities.c.source, _e.signal)
    )
    return tuple(
        Shadow(source, Signal(told), Signal(best), count, int(sum_), last_day)
        for source, told, best, count, sum_, last_day in rows
    )
