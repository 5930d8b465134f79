"""Group commit: what concurrent requests bring is committed together, and each is answered after its commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec
import structlog
from sqlalchemy import Connection

from db.engine import Store, StoreUnavailable
from db.identities import resolve
from db.ledger import Calendar, append
from db.novelty import PriceOf, no_price
from scoring.events import Event

_log = structlog.get_logger()

_MOST_AT_ONCE = 10_000  # events in one transaction
_MOST_IDENTITIES = 100_000  # known by heart; the rest is looked up
_BY_HEART_US = 600 * 1_000_000  # then all are looked up anew: a person may have been erased, and the name be another's


class Receipt(msgspec.Struct, frozen=True):
    """What became of a request's events. All of them are durable now."""

    accepted: int
    duplicates: int


class QueueFull(Exception):
    """More is waiting to be written than memory should hold; the sender may try again in a second."""


class _Request(msgspec.Struct, eq=False):
    events: Sequence[Event]
    answer: asyncio.Future[Receipt]


_Answer: TypeAlias = Receipt | Exception


class LedgerWriter:
    """One thread that writes for everybody on an event loop. Start it there, ``append``, stop it: nothing is dropped."""

    def __init__(
        self,
        store: Store,
        zone: ZoneInfo,
        now_us: Callable[[], int],
        *,
        price_of: PriceOf = no_price,
        most_waiting: int = 100_000,
    ) -> None:
        """``price_of`` prices readings; so many events may wait before ``append`` raises ``QueueFull``."""
        self._store = store
        self._calendar = Calendar(zone, as_text=store.is_sqlite)
        self._now_us = now_us
        self._price_of = price_of
        self._most_waiting = most_waiting
        self._waiting = 0
        self._requests: deque[_Request] = deque()
        self._has_work = asyncio.Event()
        self._is_stopping = False
        self._is_store_away = False
        self._identities: dict[tuple[str, str], int] = {}
        self._asserted: set[tuple[str, str]] = set()
        self._learnt_us = 0
        self._thread = ThreadPoolExecutor(1, "ledger-writer")

    @property
    def waiting(self) -> int:
        """Events taken and not yet committed."""
        return self._waiting

    def start(self) -> None:
        self._task = asyncio.create_task(self._write_until_stopped())

    async def stop(self) -> None:
        """Writes all that was taken, then ends the thread."""
        self._is_stopping = True
        self._has_work.set()
        await self._task
        self._thread.shutdown()

    async def append(self, events: Sequence[Event]) -> Receipt:
        """Commits ``events`` and says what was new. Raises ``QueueFull`` or ``StoreUnavailable``: then nothing is kept."""
        if not events:
            return Receipt(0, 0)
        if self._waiting + len(events) > self._most_waiting:
            raise QueueFull(f"{self._waiting} events are waiting to be written")
        request = _Request(events, asyncio.get_running_loop().create_future())
        self._waiting += len(events)
        self._requests.append(request)
        self._has_work.set()
        try:
            return await request.answer
        finally:
            self._waiting -= len(events)

    async def _write_until_stopped(self) -> None:
        """Gathers on the loop while the thread commits: one hand-over a commit, however many requests it answers."""
        loop = asyncio.get_running_loop()
        while self._requests or not self._is_stopping:
            await self._has_work.wait()
            self._has_work.clear()
            while self._requests:
                await self._gathered()
                group = self._next_group()
                _answer(group, await loop.run_in_executor(self._thread, self._write, group))

    async def _gathered(self) -> None:
        """Returns once a turn of the loop brings nothing more: a thread that wrote meanwhile would only slow it down."""
        known = 0
        while known < len(self._requests):
            known = len(self._requests)
            await asyncio.sleep(0)

    def _next_group(self) -> list[_Request]:
        group = [self._requests.popleft()]
        size = len(group[0].events)
        while self._requests and size + len(self._requests[0].events) <= _MOST_AT_ONCE:
            group.append(self._requests.popleft())
            size += len(group[-1].events)
        return group

    def _write(self, group: list[_Request]) -> list[_Answer]:
        try:
            receipts = self._commit(group)
        except StoreUnavailable as error:
            if not self._is_store_away:  # said once, not for each of thousands of requests
                _log.warning("store unavailable", reason=str(error))
            self._is_store_away = True
            return [error] * len(group)
        except Exception as error:
            if len(group) == 1:
                _log.exception("append failed")
                return [error]
            return [self._write([request])[0] for request in group]  # a bad one must not take the others down with it
        if self._is_store_away:
            _log.info("store is back")
        self._is_store_away = False
        return [*receipts]

    def _commit(self, group: list[_Request]) -> list[Receipt]:
        events = [event for request in group for event in request.events]
        self._forget_in_time()
        asserted = {event.identity for event in events if event.is_asserted} - self._asserted
        found: dict[tuple[str, str], int] = {}

        def identify(conn: Connection, names: set[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
            unknown = [name for name in names if name not in self._identities or name in asserted]
            if unknown:
                found.update(resolve(conn, unknown, self._now_us(), asserted))
            return {name: found.get(name) or self._identities[name] for name in names}

        with self._store.write() as conn:
            is_new = append(
                conn,
                events,
                calendar=self._calendar,
                identify=identify,
                received_us=self._now_us(),
                price_of=self._price_of,
            )
        self._identities.update(found)  # only now: a rolled-back identity has no row
        self._asserted |= asserted & found.keys()
        return _receipts(group, is_new)

    def _forget_in_time(self) -> None:
        now_us = self._now_us()
        if len(self._identities) > _MOST_IDENTITIES or now_us - self._learnt_us > _BY_HEART_US:
            self._identities.clear()
            self._asserted.clear()
            self._learnt_us = now_us


def _receipts(group: list[_Request], is_new: list[bool]) -> list[Receipt]:
    receipts = []
    start = 0
    for request in group:
        end = start + len(request.events)
        accepted = sum(is_new[start:end])
        receipts.append(Receipt(accepted, len(request.events) - accepted))
        start = end
    return receipts


def _answer(group: list[_Request], answers: Sequence[_Answer]) -> None:
    for request, answer in zip(group, answers, strict=True):
        if request.answer.done():  # whoever asked is gone
            continue
        if isinstance(answer, Exception):
            request.answer.set_exception(answer)
        else:
            request.answer.set_result(answer)
