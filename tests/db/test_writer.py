"""Group commit: many requests, few transactions, each answered with its own receipt after it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from db.engine import Store, StoreUnavailable
from db.tables import events
from db.writer import LedgerWriter, QueueFull, Receipt
from scoring.events import Event
from tests.builders import event, usage


@asynccontextmanager
async def writing(store: Store, **options: int) -> AsyncIterator[LedgerWriter]:
    writer = LedgerWriter(store, ZoneInfo("UTC"), lambda: 1, **options)
    writer.start()
    yield writer
    await writer.stop()


def calls(first: int, last: int) -> list[Event]:
    return [event(usage(), id=str(number)) for number in range(first, last)]


def stored(store: Store) -> int:
    with store.read() as conn:
        return conn.scalar(select(func.count()).select_from(events)) or 0


async def test_each_of_many_concurrent_requests_gets_its_own_receipt(store: Store) -> None:
    async with writing(store) as writer:
        receipts = await asyncio.gather(*(writer.append(calls(n, n + 3)) for n in range(0, 300, 2)))
    assert sum(receipt.accepted for receipt in receipts) == stored(store) == 301
    assert all(receipt.accepted + receipt.duplicates == 3 for receipt in receipts)


async def test_what_was_taken_is_written_before_the_end(store: Store) -> None:
    async with writing(store) as writer:
        tasks = [asyncio.create_task(writer.append([one])) for one in calls(0, 50)]
        await asyncio.sleep(0)
    assert [await task for task in tasks] == [Receipt(1, 0)] * 50
    assert stored(store) == 50


async def test_more_than_may_wait_is_refused_and_not_kept(sqlite_store: Store) -> None:
    async with writing(sqlite_store, most_waiting=10) as writer:
        with pytest.raises(QueueFull):
            await writer.append(calls(0, 11))
        assert await writer.append(calls(0, 10)) == Receipt(10, 0)
        assert writer.waiting == 0


async def test_a_request_without_events_is_answered_at_once(sqlite_store: Store) -> None:
    async with writing(sqlite_store) as writer:
        assert await writer.append([]) == Receipt(0, 0)


class Away(Store):
    """A store that cannot be reached until ``is_back``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.is_back = False

    @property
    def is_sqlite(self) -> bool:
        return self._store.is_sqlite

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if not self.is_back:
            raise StoreUnavailable("away")
        with self._store.write() as conn:
            yield conn


async def test_while_the_store_is_away_nothing_is_acknowledged_and_later_all_is(sqlite_store: Store) -> None:
    away = Away(sqlite_store)
    async with writing(away) as writer:
        with pytest.raises(StoreUnavailable):
            await writer.append(calls(0, 2))
        away.is_back = True
        assert await writer.append(calls(0, 2)) == Receipt(2, 0)


async def test_one_request_that_cannot_be_stored_does_not_harm_the_others(store: Store) -> None:
    too_much = event(usage(cost_nanousd=2**70), id="too much")
    async with writing(store) as writer:
        answers = await asyncio.gather(
            writer.append(calls(0, 2)), writer.append([too_much]), writer.append(calls(2, 4)), return_exceptions=True
        )
    assert answers[0] == answers[2] == Receipt(2, 0)
    assert isinstance(answers[1], Exception)
    assert stored(store) == 4
