"""What of some events is new: each key counts once for ever, and a cumulative series only as far as it has grown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from hashlib import blake2b
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection

from db.many import insert_rows, read_by_key
from db.tables import event_keys, series
from scoring.events import Counter, Event, Reading, Tokens, Usage

PriceOf: TypeAlias = Callable[[Usage, int], Usage]
"""Usage of a moment (microseconds since 1970), whose tokens are known by now, with its price where nobody named one."""


class Fresh(msgspec.Struct, frozen=True, gc=False):
    """What is new of the event at ``position`` among those given, and the key under which it is kept."""

    position: int
    key: bytes
    event: Event


def event_key(source: str, event_id: str) -> bytes:
    """The 16 bytes that stand for an event: BLAKE2b of its source and id (neither can hold a NUL)."""
    return blake2b(f"{source}\0{event_id}".encode(), digest_size=16).digest()


def take_new(conn: Connection, events: Sequence[Event], price_of: PriceOf) -> list[Fresh]:
    """Takes what nobody has brought before, and returns it in the order of ``events``.

    A later event with the key of an earlier one changes nothing, whatever else it says. Of an event with readings,
    those that are new make up its tokens and its cost.
    """
    keys = [None if event.readings else event_key(event.source, event.id) for event in events]
    owners: dict[bytes, tuple[int, int]] = {}  # position of the event, and of the reading in it
    for position, (event, key) in enumerate(zip(events, keys, strict=True)):
        if key is not None:
            owners.setdefault(key, (position, 0))
            continue
        for number, reading in enumerate(event.readings):
            if not reading.is_cumulative:
                owners.setdefault(reading.key, (position, number))
    new = {owners[key] for key in _claim(conn, sorted(owners))}
    growth = _Growth(conn, {reading.key for event in events for reading in event.readings if reading.is_cumulative})
    fresh: list[Fresh] = []
    for position, (event, key) in enumerate(zip(events, keys, strict=True)):
        if key is not None:
            if (position, 0) in new:
                fresh.append(Fresh(position, key, event))
            continue
        news = _news(event, {number for number in range(len(event.readings)) if (position, number) in new}, growth)
        if news:
            fresh.append(Fresh(position, _key_of_readings(news), _with_readings(event, news, price_of)))
    growth.keep()
    return fresh


def _news(event: Event, new_deltas: Collection[int], growth: _Growth) -> list[tuple[Reading, int]]:
    """The readings of ``event`` that say anything new, with what each adds."""
    news: list[tuple[Reading, int]] = []
    for number, reading in enumerate(event.readings):
        if reading.is_cumulative:
            added = growth.of(reading)
            if added is not None:
                news.append((reading, added))
        elif number in new_deltas:
            news.append((reading, reading.amount))
    return news


class _Growth:
    """How far cumulative series have got; reading it locks them until the transaction ends."""

    def __init__(self, conn: Connection, keys: set[bytes]) -> None:
        self._conn = conn
        self._known: dict[bytes, int] = _highest(conn, sorted(keys)) if keys else {}
        self._grown: dict[bytes, int] = {}

    def of(self, reading: Reading) -> int | None:
        """What ``reading`` adds; None where more is known already."""
        known = self._known.get(reading.key)
        if known is not None and reading.amount <= known:
            return None
        self._known[reading.key] = self._grown[reading.key] = reading.amount
        return reading.amount - (known or 0)

    def keep(self) -> None:
        if not self._grown:
            return
        rows = sorted(self._grown.items())
        then = "ON CONFLICT (key) DO UPDATE SET amount = excluded.amount"
        insert_rows(self._conn, series, ("key", "amount"), rows, then)


def _highest(conn: Connection, keys: list[bytes]) -> dict[bytes, int]:
    if conn.dialect.name == "postgresql":  # so that a replica that has the same new series waits for us
        insert_rows(conn, series, ("key", "amount"), [(key, -1) for key in keys], "ON CONFLICT DO NOTHING")
    return {key: amount for key, amount in read_by_key(conn, "series", "amount", keys) if amount >= 0}


def _key_of_readings(news: Sequence[tuple[Reading, int]]) -> bytes:
    reading, _ = news[0]
    if not reading.is_cumulative:
        return reading.key
    return blake2b(reading.key + reading.amount.to_bytes(16), digest_size=16).digest()


def _with_readings(event: Event, news: Sequence[tuple[Reading, int]], price_of: PriceOf) -> Event:
    usage = event.fact
    if not isinstance(usage, Usage):
        raise TypeError("readings are of usage")
    totals: dict[Counter, int] = {}
    for reading, amount in news:
        totals[reading.counter] = totals.get(reading.counter, 0) + amount
    tokens = Tokens(
        totals.get(Counter.INPUT, 0),
        totals.get(Counter.OUTPUT, 0),
        totals.get(Counter.CACHE_READ, 0),
        totals.get(Counter.CACHE_WRITE, 0),
    )
    has_cost = any(reading.counter is Counter.COST for reading in event.readings)
    cost = totals.get(Counter.COST, 0) if has_cost else None
    counted = msgspec.structs.replace(usage, tokens=tokens, cost_nanousd=cost)
    return msgspec.structs.replace(event, fact=counted if has_cost else price_of(counted, event.time_us))


def _claim(conn: Connection, keys: list[bytes]) -> set[bytes]:
    """Takes the keys that nobody has taken before, and returns them."""
    if not keys:
        return set()
    if conn.dialect.name == "sqlite":
        known = {row[0] for row in read_by_key(conn, "event_keys", "key", keys)}
        new = [key for key in keys if key not in known]
        insert_rows(conn, event_keys, ("key",), [(key,) for key in new])
        return set(new)
    taken = conn.exec_driver_sql(
        "INSERT INTO event_keys (key) SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING RETURNING key", (keys,)
    )
    return set(taken.scalars())


def no_price(usage: Usage, _time_us: int) -> Usage:
    """Names no price."""
    return usage
