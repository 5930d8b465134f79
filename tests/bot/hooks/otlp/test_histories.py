"""Random histories of a session, lost, repeated and reordered on the way: never above the truth, exact where delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from bot.intake import complete
from bot.prices import PriceBook
from db.engine import Store
from db.tables import usage_days
from scoring.program import Program
from tests.bot.hooks.otlp.exports import CUMULATIVE, DELTA, NOON_NS, counter, export, in_json, log_record, point
from tests.builders import MONDAY_NOON_US, record, undone

SECOND_NS = 1_000_000_000
START_NS = NOON_NS - 6 * 3600 * SECOND_NS


class Call(msgspec.Struct, frozen=True):
    """A call of the session's ``process``, in the interval before its ``export``-th export."""

    process: int
    export: int
    tokens: int


class Sent(msgspec.Struct, frozen=True):
    """A request, and how it was told: by ``counts`` per series (process) or, by log event, per call."""

    kind: SignalKind
    body: bytes
    signal: str
    counts: tuple[tuple[int, int], ...]


CALLS = st.lists(
    st.builds(Call, process=st.integers(0, 2), export=st.integers(1, 4), tokens=st.integers(1, 1000)), max_size=8
)
SIGNALS = st.sampled_from([("delta",), ("cumulative",), ("log",), ("delta", "log"), ("cumulative", "log")])
SESSIONS = st.sampled_from([{"session.id": "s"}, {}])


def attributes(session: dict[str, Any]) -> dict[str, Any]:
    return {"user.id": "device", "model": "claude-opus-4-8", **session}


def metric_exports(calls: Sequence[Call], session: dict[str, Any], *, is_cumulative: bool) -> list[Sent]:
    """What each process exports every minute; a process starts its series when it starts."""
    sent = []
    for process in range(3):
        start_ns = START_NS + process * 3600 * SECOND_NS
        before = 0
        for number in range(1, 5):
            grown = sum(call.tokens for call in calls if (call.process, call.export) == (process, number))
            total = before + grown
            value = total if is_cumulative else grown
            since_ns = start_ns if is_cumulative else start_ns + (number - 1) * 60 * SECOND_NS
            times = {
                "startTimeUnixNano": str(since_ns),
                "timeUnixNano": str(start_ns + number * 60 * SECOND_NS),
            }
            at = point(float(value), {**attributes(session), "type": "output"}, **times)
            temporality = CUMULATIVE if is_cumulative else DELTA
            content = export(SignalKind.METRICS, counter("claude_code.token.usage", at, temporality=temporality))
            signal = "cumulative" if is_cumulative else "delta"
            sent.append(Sent(SignalKind.METRICS, in_json(content), signal, ((process, value),)))
            before = total
    return [one for one in sent if one.counts[0][1]]


def log_exports(calls: Sequence[Call], session: dict[str, Any]) -> list[Sent]:
    """A request with each call."""
    sent = []
    for number, call in enumerate(calls):
        told = {"event.name": "api_request", "request_id": f"req_{number}", "output_tokens": call.tokens}
        content = export(SignalKind.LOGS, log_record({**attributes(session), **told}))
        sent.append(Sent(SignalKind.LOGS, in_json(content), "log", ((number, call.tokens),)))
    return sent


def told(delivered: Sequence[Sent]) -> int:
    """What the best signal that was delivered adds up to, each request once."""
    best = max((one.signal for one in delivered), key=("delta", "cumulative", "log").index, default="log")
    once = {one.body: one for one in delivered if one.signal == best}.values()
    counts = [count for one in once for count in one.counts]
    if best != "cumulative":
        return sum(count for _, count in counts)
    return sum(max(count for process, count in counts if process == one) for one in {process for process, _ in counts})


def counted(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.sum(usage_days.c.tokens_output), 0))).scalar_one())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), calls=CALLS, signals=SIGNALS, session=SESSIONS)
def test_a_session_counts_as_its_best_signal_told(
    sqlite_store: Store, data: st.DataObject, calls: list[Call], signals: tuple[str, ...], session: dict[str, Any]
) -> None:
    sent = log_exports(calls, session) if "log" in signals else []
    for signal in signals:
        if signal != "log":
            sent += metric_exports(calls, session, is_cumulative=signal == "cumulative")
    delivered = data.draw(st.lists(st.sampled_from(sent), max_size=2 * len(sent))) if sent else []
    program = Program()
    prices = PriceBook(program.prices)
    with undone(sqlite_store) as conn:
        for one in delivered:
            events = read_export(one.kind, Encoding.JSON, one.body, MONDAY_NOON_US).events
            record(conn, *(complete(event, program.lanes, prices) for event in events))
        total = counted(conn)
    assert total == told(delivered)
    assert total <= sum(call.tokens for call in calls)
    if delivered and {one.body for one in delivered} == {one.body for one in sent}:
        assert total == sum(call.tokens for call in calls)
