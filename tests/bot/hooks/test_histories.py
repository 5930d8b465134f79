"""Everybody who can tell of an agent's calls at once, lost, repeated, late: never above the truth, exact where delivered.

Two sessions over midnight (UTC), each of two processes, told by LiteLLM, log events, metrics of both kinds and Anthropic's
totals of the days, with and without session ids, addresses and personal tokens.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.hooks.litellm_delivery import read_delivery
from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.identity import of_owner
from bot.hooks.otlp.reading import read_export
from bot.hooks.proof import Proof
from bot.intake import complete
from bot.prices import PriceBook
from db.engine import Store
from db.rebuild import rebuild
from db.tables import usage_days
from scoring.events import Claim, CostKind, Counter, Event, Reading, Signal, Usage
from scoring.program import Program
from tests.bot.hooks.doors import litellm_record
from tests.bot.hooks.otlp.exports import CUMULATIVE, DELTA, NOON_NS, counter, export, in_json, log_record, point
from tests.builders import MONDAY_NOON_US, record, undone

_HISTORIES = int(os.environ.get("BANDSTAND_HISTORIES", "300"))
_SECOND_NS = 1_000_000_000
_START_NS = NOON_NS - 12 * 3600 * _SECOND_NS - 100 * _SECOND_NS  # some 100 seconds before midnight
_DAYS = ("2026-05-31", "2026-06-01")
_PROCESSES, _EXPORTS = 2, 3
_ADDRESS = "ada@acme.test"


class Call(msgspec.Struct, frozen=True):
    """A call within a session's process, in the minute before its ``export``-th export."""

    session: int
    process: int
    export: int
    tokens: int

    @property
    def at_ns(self) -> int:
        return _START_NS + (self.export * 60 - 30 + self.process) * _SECOND_NS

    @property
    def day(self) -> str:
        return _DAYS[self.at_ns >= NOON_NS - 12 * 3600 * _SECOND_NS]


class Setup(msgspec.Struct, frozen=True):
    """How a laptop is set up: does it name sessions and an address, signed in with it, whose token does it send."""

    has_sessions: bool
    has_address: bool
    is_signed_in: bool
    has_token: bool
    is_trace_renamed: bool

    @property
    def attributes(self) -> dict[str, str]:
        names = {"user.id": "d3"}
        if self.has_address or self.is_signed_in:
            names["user.email"] = _ADDRESS
        if self.is_signed_in:
            names["user.account_uuid"] = "acc"
        return names

    def session(self, number: int) -> dict[str, str]:
        return {"session.id": f"5e55-{number}"} if self.has_sessions else {}


Report = tuple[str, Any]
_CALLS = st.lists(
    st.builds(
        Call,
        session=st.integers(0, 1),
        process=st.integers(0, _PROCESSES - 1),
        export=st.integers(1, _EXPORTS),
        tokens=st.integers(1, 1000),
    ),
    min_size=1,
    max_size=6,
)
_SETUPS = st.builds(
    Setup,
    has_sessions=st.booleans(),
    has_address=st.booleans(),
    is_signed_in=st.booleans(),
    has_token=st.booleans(),
    is_trace_renamed=st.booleans(),
)
_TELLERS = ("litellm", "log", "delta", "cumulative", "day")


def by_log(calls: Sequence[Call], setup: Setup) -> Iterator[Report]:
    for number, call in enumerate(calls):
        told = {"event.name": "api_request", "request_id": f"req_{number}", "output_tokens": call.tokens}
        attributes = {**setup.attributes, **setup.session(call.session), "model": "claude-opus-4-8", **told}
        yield "logs", in_json(export(SignalKind.LOGS, log_record(attributes, timeUnixNano=str(call.at_ns))))


def by_metric(calls: Sequence[Call], setup: Setup, temporality: int) -> Iterator[Report]:
    for session, process in sorted({(call.session, call.process) for call in calls}):
        mine = [call for call in calls if (call.session, call.process) == (session, process)]
        start_ns = _START_NS + (10 * session + process) * _SECOND_NS
        for number in range(1, _EXPORTS + 1):
            first = 1 if temporality == CUMULATIVE else number
            value = sum(call.tokens for call in mine if first <= call.export <= number)
            times = {
                "startTimeUnixNano": str(start_ns + (first - 1) * 60 * _SECOND_NS),
                "timeUnixNano": str(start_ns + number * 60 * _SECOND_NS),
            }
            attributes = {
                **setup.attributes,
                **setup.session(session),
                "model": "claude-opus-4-8[1m]",
                "type": "output",
            }
            # Real points are told apart by what differs between processes even where sessions are left out.
            at = point(float(value), {**attributes, "agent.name": f"{session}-{process}"}, **times)
            told = counter("claude_code.token.usage", at, temporality=temporality)
            if value:
                yield "metrics", in_json(export(SignalKind.METRICS, told))


def by_litellm(calls: Sequence[Call], setup: Setup) -> Iterator[Report]:
    for number, call in enumerate(calls):
        ids = {"device_id": "d3", "account_uuid": "", "session_id": f"5e55-{call.session}"}
        changes = {
            "id": f"msg_{number}",
            "trace_id": f"trace-{number}" if setup.is_trace_renamed else f"5e55-{call.session}",
            "end_user": json.dumps(ids),
            "model": "anthropic/claude-opus-4-8",
            "prompt_tokens": 0,
            "completion_tokens": call.tokens,
            "startTime": call.at_ns / 1e9 - 1,
            "endTime": call.at_ns / 1e9,
        }
        yield "litellm", json.dumps(litellm_record(**changes)).encode()


def by_day(calls: Sequence[Call], setup: Setup) -> Iterator[Report]:
    """Anthropic's figures of each day, as they were after each of its calls."""
    who = _ADDRESS if setup.is_signed_in or setup.has_token else ""
    for day in _DAYS:
        total = 0
        for call in calls:
            if call.day == day:
                total += call.tokens
                reading = Reading(Counter.OUTPUT, blake2b(day.encode(), digest_size=16).digest(), total, True)
                fact = Usage("claude-opus-4-8", calls=0, cost_kind=CostKind.SEPARATE)
                claim = Claim(f"claude-code-day:{who}:{day}", Signal.DAY_TOTAL)
                yield "day", Event("claude-code-analytics", day, who, call.at_ns // 1000, fact, claim, (reading,))


def reports(teller: str, calls: Sequence[Call], setup: Setup) -> list[Report]:
    if teller == "litellm":
        return [*by_litellm(calls, setup)]
    if teller == "log":
        return [*by_log(calls, setup)]
    if teller == "day":
        return [*by_day(calls, setup)]
    return [*by_metric(calls, setup, DELTA if teller == "delta" else CUMULATIVE)]


def events_of(report: Report, proof: Proof) -> list[Event]:
    kind, content = report
    if kind == "day":
        return [content]
    if kind == "litellm":
        return [*read_delivery(content, MONDAY_NOON_US).events]
    delivery = read_export(SignalKind(kind), Encoding.JSON, content, MONDAY_NOON_US)
    assert not delivery.rejected
    return [of_owner(proof, event) for event in delivery.events]


def counted(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.sum(usage_days.c.tokens_output), 0))).scalar_one())


@settings(max_examples=_HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), calls=_CALLS, setup=_SETUPS, tellers=st.sets(st.sampled_from(_TELLERS), min_size=1))
def test_whoever_tells_it_each_call_counts_once(
    store: Store, data: st.DataObject, calls: list[Call], setup: Setup, tellers: set[str]
) -> None:
    if "litellm" in tellers:
        tellers = tellers - {"day"}  # LiteLLM's own key is one that Anthropic counts as well; docs/sources/pull.md
    sent = [report for teller in sorted(tellers) for report in reports(teller, calls, setup)]
    arrivals = data.draw(st.lists(st.sampled_from(range(len(sent))), max_size=2 * len(sent)))
    if data.draw(st.booleans()):
        arrivals = data.draw(st.permutations([*arrivals, *range(len(sent))]))
    size = data.draw(st.integers(1, 5))
    program = Program()
    prices = PriceBook(program.prices)
    proof = Proof(1, "token-of-ada", _ADDRESS) if setup.has_token else Proof()
    truth = sum(call.tokens for call in calls)
    with undone(store) as conn:
        for start in range(0, len(arrivals), size):
            batch = [event for number in arrivals[start : start + size] for event in events_of(sent[number], proof)]
            record(conn, *(complete(event, program.lanes, prices) for event in batch))
            assert counted(conn) <= truth
        total = counted(conn)
        assert rebuild(conn).changed == 0
    if set(arrivals) == set(range(len(sent))):
        assert total == truth
