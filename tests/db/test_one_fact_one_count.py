"""One fact, one count: whatever signals tell of the same usage, lost, repeated or out of order, it counts once."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from db.engine import Store
from db.rebuild import rebuild
from db.shadowing import Shadow, shadows
from db.tables import events, usage_days
from scoring.events import Claim, CostKind, Counter, Event, Lane, Reading, Signal, Tokens, Usage
from tests.builders import MONDAY_NOON_US, record, undone

_MINUTE_US = 60_000_000
_MODELS = ("claude-opus-4-8", "claude-haiku-4-5")
_SIGNALS = (Signal.DELTA, Signal.CUMULATIVE, Signal.LOG, Signal.BILLED)


class Call(msgspec.Struct, frozen=True):
    """What really happened."""

    minute: int
    model: str
    input: int
    output: int
    cost_nanousd: int


class Totals(msgspec.Struct, frozen=True):
    """What counts."""

    tokens: int
    cost_nanousd: int


def told(calls: list[Call]) -> Totals:
    return Totals(sum(one.input + one.output for one in calls), sum(one.cost_nanousd for one in calls))


def counted(conn: Connection) -> Totals:
    days = usage_days.c
    tokens = days.tokens_input + days.tokens_output + days.tokens_cache_read + days.tokens_cache_write
    row = conn.execute(select(func.sum(tokens), func.sum(days.cost_nanousd))).one()
    return Totals(int(row[0] or 0), int(row[1] or 0))


def _key(*parts: object) -> bytes:
    return blake2b(repr(parts).encode(), digest_size=16).digest()


def _event(signal: Signal, number: int, call: Call) -> Event:
    return Event(
        source="litellm" if signal is Signal.BILLED else "claude-code",
        id=f"{signal.name}-{number}",
        subject="ada@acme.test" if signal is Signal.BILLED else "device-1",
        time_us=MONDAY_NOON_US + call.minute * _MINUTE_US,
        fact=Usage(model=call.model, lane=Lane.PRODUCTION, session="s1"),
        claim=Claim("s1", signal),
    )


def reports(signal: Signal, calls: list[Call]) -> list[Event]:
    """How ``signal`` tells of ``calls``: an event a call, or an export a minute and model."""
    if signal in (Signal.LOG, Signal.BILLED):
        return [
            msgspec.structs.replace(
                _event(signal, number, call),
                fact=Usage(
                    model=call.model,
                    tokens=Tokens(input=call.input, output=call.output),
                    cost_nanousd=call.cost_nanousd,
                    cost_kind=CostKind.ESTIMATED,
                    lane=Lane.PRODUCTION,
                ),
            )
            for number, call in enumerate(calls)
        ]
    return [
        _export(signal, model, minute, calls)
        for minute in sorted({call.minute for call in calls})
        for model in sorted({call.model for call in calls if call.minute == minute})
    ]


def _export(signal: Signal, model: str, minute: int, calls: list[Call]) -> Event:
    is_cumulative = signal is Signal.CUMULATIVE
    meant = [
        one for one in calls if one.model == model and (one.minute == minute or (is_cumulative and one.minute < minute))
    ]
    amounts = {
        Counter.INPUT: sum(one.input for one in meant),
        Counter.OUTPUT: sum(one.output for one in meant),
        Counter.COST: sum(one.cost_nanousd for one in meant),
    }
    readings = tuple(
        Reading(counter, _key(signal, model, counter, None if is_cumulative else minute), amount, is_cumulative)
        for counter, amount in amounts.items()
    )
    fact = Usage(model=model, calls=0, lane=Lane.PRODUCTION, cost_kind=CostKind.ESTIMATED)
    at = _event(signal, minute, Call(minute, model, 0, 0, 0))
    return msgspec.structs.replace(at, fact=fact, readings=readings)


def expected(delivered: dict[Signal, list[Event]], calls: list[Call]) -> Totals:
    """By the rule alone: the best signal that came, and of it what came."""
    best = max((signal for signal, came in delivered.items() if came), default=None)
    if best is None:
        return Totals(0, 0)
    came = delivered[best]
    if best in (Signal.LOG, Signal.BILLED):
        numbers = {int(one.id.rpartition("-")[2]) for one in came}
        return told([call for number, call in enumerate(calls) if number in numbers])
    highest: dict[bytes, tuple[Counter, int]] = {}
    for event in came:
        for reading in event.readings:
            known = highest.get(reading.key, (reading.counter, 0))[1]
            highest[reading.key] = reading.counter, max(known, reading.amount)
    return Totals(
        sum(amount for counter, amount in highest.values() if counter is not Counter.COST),
        sum(amount for counter, amount in highest.values() if counter is Counter.COST),
    )


_calls = st.builds(
    Call,
    minute=st.integers(0, 24 * 60),
    model=st.sampled_from(_MODELS),
    input=st.integers(0, 10**6),
    output=st.integers(1, 10**5),
    cost_nanousd=st.integers(1, 10**9),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(_calls, min_size=1, max_size=12), data=st.data())
def test_a_session_told_by_several_signals_counts_as_the_best_one_tells_it(
    store: Store, calls: list[Call], data: st.DataObject
) -> None:
    sent = {signal: reports(signal, calls) for signal in data.draw(st.sets(st.sampled_from(_SIGNALS), min_size=1))}
    delivered = {
        signal: [one for one in every if data.draw(st.integers(0, 9)) > 2]  # some are lost
        for signal, every in sent.items()
    }
    arrivals = [one for came in delivered.values() for one in came for _ in range(data.draw(st.integers(1, 3)))]
    arrivals = data.draw(st.permutations(arrivals))
    size = data.draw(st.integers(1, 8))
    with undone(store) as conn:
        for start in range(0, len(arrivals), size):
            record(conn, *arrivals[start : start + size])
        found = counted(conn)
        assert found == expected(delivered, calls)
        truth = told(calls)
        assert found.tokens <= truth.tokens
        assert found.cost_nanousd <= truth.cost_nanousd
        assert rebuild(conn).changed == 0


def test_what_gave_way_stays_visible(store: Store) -> None:
    calls = [Call(0, _MODELS[0], 100, 10, 5)]
    with undone(store) as conn:
        record(conn, *reports(Signal.LOG, calls))
        record(conn, *reports(Signal.BILLED, calls))
        rows = conn.execute(select(events.c.signal, events.c.is_shadowed).order_by(events.c.signal)).all()
        assert [tuple(row) for row in rows] == [(Signal.LOG, True), (Signal.BILLED, False)]
        assert counted(conn) == told(calls)
        assert shadows(conn, date(2026, 6, 1)) == (
            Shadow("claude-code", Signal.LOG, Signal.BILLED, 1, 110, date(2026, 6, 1)),
        )


def test_a_series_that_starts_again_adds_to_what_it_had_counted(store: Store) -> None:
    def export(start: int, minute: int, amount: int) -> Event:
        reading = Reading(Counter.OUTPUT, _key("series", start), amount, is_cumulative=True)
        fact = Usage(model=_MODELS[0], calls=0, lane=Lane.PRODUCTION, cost_kind=CostKind.SEPARATE)
        at = _event(Signal.CUMULATIVE, minute, Call(minute, _MODELS[0], 0, 0, 0))
        return msgspec.structs.replace(at, fact=fact, readings=(reading,))

    with undone(store) as conn:
        record(conn, export(0, 1, 10), export(0, 2, 30), export(50, 51, 7), export(0, 2, 20))
        assert counted(conn).tokens == 30 + 7


def test_a_vendors_total_of_a_day_gives_way_to_telemetry_of_that_day(store: Store) -> None:
    def total(day: str, amount: int) -> Event:
        reading = Reading(Counter.OUTPUT, _key("total", day), amount, is_cumulative=True)
        fact = Usage(model=_MODELS[0], calls=0, lane=Lane.PRODUCTION, cost_kind=CostKind.SEPARATE)
        claim = Claim(f"claude-code-day:ada@acme.test:{day}", Signal.DAY_TOTAL)
        return Event("claude-code-analytics", day, "ada@acme.test", MONDAY_NOON_US, fact, claim, (reading,))

    (log,) = reports(Signal.LOG, [Call(0, _MODELS[0], 0, 40, 5)])
    covering = msgspec.structs.replace(
        log, claim=Claim("s1", Signal.LOG, covers=("claude-code-day:ada@acme.test:2026-06-01",))
    )
    with undone(store) as conn:
        record(conn, total("2026-06-01", 100), total("2026-06-02", 30))
        assert counted(conn).tokens == 130
        record(conn, covering)
        assert counted(conn).tokens == 40 + 30
        record(conn, total("2026-06-01", 150))
        assert counted(conn).tokens == 40 + 30
        assert rebuild(conn).changed == 0


def test_tokens_whose_cost_comes_apart_are_not_unpriced(store: Store) -> None:
    def reading(counter: Counter, amount: int) -> Event:
        one = Reading(counter, _key("apart", counter), amount, is_cumulative=False)
        fact = Usage(model=_MODELS[0], calls=0, lane=Lane.PRODUCTION, cost_kind=CostKind.SEPARATE)
        at = _event(Signal.DELTA, 1, Call(1, _MODELS[0], 0, 0, 0))
        return msgspec.structs.replace(at, fact=fact, readings=(one,))

    with undone(store) as conn:
        record(conn, reading(Counter.OUTPUT, 10))
        record(conn, reading(Counter.COST, 77))
        assert counted(conn) == Totals(10, 77)
        assert conn.scalar(select(func.sum(usage_days.c.unpriced_tokens))) == 0
        assert rebuild(conn).changed == 0
