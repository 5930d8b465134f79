"""New prices reach the usage that our own prices priced, with the roll-ups, once; the old figures stay on record."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.jobs.reprice import REPRICE
from bot.jobs.runner import run_by_hand
from bot.prices import PriceBook
from db.engine import Store
from db.rebuild import rebuild
from db.repricing import changed_prices, reprice
from db.tables import events, repricings, usage_days
from scoring.events import CostKind, Event, Lane, Tokens, Usage
from scoring.program import Price, Program
from tests.builders import MONDAY_NOON_US, event, job_context, record, undone

_MODELS = ("house-model-7b", "gpt-4o")
_HOUR_US = 3_600_000_000


def call(id: str, model: str = _MODELS[0], cost: int | None = None, kind: CostKind | None = None) -> Event:
    fact = Usage(model, Tokens(input=1_000_000), cost_nanousd=cost, cost_kind=kind, lane=Lane.PRODUCTION)
    return event(fact, id=id)


def program(dollars: str) -> Program:
    return Program(prices=(Price(model="house-*", input=dollars, output="1"),))


def costs(conn: Connection) -> list[tuple[Any, ...]]:
    return [
        tuple(row) for row in conn.execute(select(events.c.cost_nanousd, events.c.cost_kind).order_by(events.c.key))
    ]


async def test_what_had_no_price_gets_one_and_what_was_billed_stays(store: Store) -> None:
    billed = call("billed", cost=5, kind=CostKind.BILLED)
    estimated = call("estimated", cost=7, kind=CostKind.ESTIMATED)
    apart = call("apart", kind=CostKind.SEPARATE)
    with store.write() as conn:
        record(conn, call("unpriced"), billed, estimated, apart)
    result = await run_by_hand(REPRICE, job_context(store, program("2")), MONDAY_NOON_US)
    assert result.lines[1] == "house-model-7b: $0.00 before (1 unpriced), $2.00 now, 1 calls"
    with store.write() as conn:
        assert sorted(costs(conn), key=repr) == sorted(
            [(5, "billed"), (7, "estimated"), (None, "separate"), (2_000_000_000, "listed")], key=repr
        )
        assert conn.scalar(select(func.sum(usage_days.c.cost_nanousd))) == 2_000_000_012
        assert conn.scalar(select(func.sum(usage_days.c.unpriced_calls))) == 0
        assert rebuild(conn).changed == 0
        assert conn.execute(select(repricings.c.old_nanousd, repricings.c.new_nanousd)).all() == [(None, 2_000_000_000)]


async def test_a_price_that_changes_is_followed_once(store: Store) -> None:
    with store.write() as conn:
        record(conn, call("1"))
    for hour, dollars in enumerate(("2", "2", "3", "3")):
        at_us = MONDAY_NOON_US + hour * _HOUR_US
        await run_by_hand(REPRICE, job_context(store, program(dollars), at_us), at_us)
    with store.read() as conn:
        trail = conn.execute(select(repricings.c.old_nanousd, repricings.c.new_nanousd).order_by(repricings.c.at_us))
        assert trail.all() == [(None, 2_000_000_000), (2_000_000_000, 3_000_000_000)]


async def test_a_dry_run_says_what_would_change_and_changes_nothing(store: Store) -> None:
    with store.write() as conn:
        record(conn, call("1"))
    result = await run_by_hand(REPRICE, job_context(store, program("2")), MONDAY_NOON_US, dry_run=True)
    assert result.lines[0].startswith("1 calls of the last 35 days")
    with store.read() as conn:
        assert costs(conn) == [(None, None)]


_prices = st.lists(
    st.builds(
        Price,
        model=st.sampled_from(("house-*", "gpt-*", "*")),
        input=st.decimals(0, 50, places=3),
        output=st.decimals(0, 50, places=3),
    ),
    max_size=3,
)
_calls = st.lists(st.tuples(st.sampled_from(_MODELS), st.integers(0, 10**6), st.booleans()), min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_prices | _calls, min_size=1, max_size=5))
def test_roll_ups_say_what_the_events_say_whatever_is_priced_anew(store: Store, steps: list[Any]) -> None:
    with undone(store) as conn:
        for number, step in enumerate(steps):
            if step and isinstance(step[0], tuple):
                record(
                    conn,
                    *(
                        event(
                            Usage(
                                model,
                                Tokens(output=count),
                                cost_nanousd=9 if is_billed else None,
                                lane=Lane.PRODUCTION,
                                cost_kind=CostKind.BILLED if is_billed else None,
                            ),
                            id=f"{number}-{position}",
                        )
                        for position, (model, count, is_billed) in enumerate(step)
                    ),
                )
            else:
                book = PriceBook(step)
                since = conn.scalar(select(func.min(events.c.event_day)))
                if since is not None:
                    reprice(conn, list(changed_prices(conn, since, book.priced, 1000)), book.fingerprint, number)
                    assert list(changed_prices(conn, since, book.priced, 1000)) == []
        assert rebuild(conn).changed == 0
