"""Group commit: what concurrent requests bring is committed together, and each is answered after its commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from zoneinfo import ZoneInfo

import msgspec
import structlog
from sqlalchemy import Connection

from db.engine import Store, StoreUnavailable
from db.identities import resolve
from db.ledger import Calendar, append
from scoring.events import Event

_log = structlog.get_logger()

_MOST_AT_ONCE = 10_000  # events in one transaction


class Receipt(msgspec.Struct, frozen=True):
    """What became of a request's events. All of them are durable now."""

    accepted: int
    duplicates: int


class QueueFull(Exception):
    """More is waiting to be written than memory should hold; the sender may try again in a second."""


class _Request(msgspec.Struct, eq=False):
    events: Sequence[Event]
    answer: asyncio.Future[Receipt]
    loop: asyncio.AbstractEventLoop


class LedgerWriter:
    """One thread that writes for everybody. Start it, ``append`` from any coroutine, stop it: nothing taken is dropped."""

    def __init__(self, store: Store, zone: ZoneInfo, now_us: Callable[[], int], *, most_waiting: int = 100_000) -> None:
        """``most_waiting``: so many events may wait to be written before ``append`` raises ``QueueFull``."""
        self._store = store
        self._calendar = Calendar(zone, as_text=store.is_sqlite)
        self._now_us = now_us
        self._most_waiting = most_waiting
        self._waiting = 0
        self._queue: SimpleQueue[_Request | None] = SimpleQueue()
        self._identities: dict[tuple[str, str], int] = {}
        self._thread = threading.Thread(target=self._write_until_stopped, name="ledger-writer", daemon=True)

    @property
    def waiting(self) -> int:
        """Events taken and not yet committed."""
        return self._waiting

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        """Writes all that was taken, then ends the thread."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def append(self, events: Sequence[Event]) -> Receipt:
        """Commits ``events`` and says what was new. Raises ``QueueFull`` or ``StoreUnavailable``: then nothing is kept."""
        if not events:
            return Receipt(0, 0)
        if self._waiting + len(events) > self._most_waiting:
            raise QueueFull(f"{self._waiting} events are waiting to be written")
        loop = asyncio.get_running_loop()
        request = _Request(events, loop.create_future(), loop)
        self._waiting += len(events)
        self._queue.put(request)
        try:
            return await asyncio.shield(request.answer)
        finally:
            self._waiting -= len(events)

    def _write_until_stopped(self) -> None:
        while (request := self._queue.get()) is not None:
            group, is_last = self._gather(request)
            self._write(group)
            if is_last:
                return

    def _gather(self, first: _Request) -> tuple[list[_Request], bool]:
        group, size = [first], len(first.events)
        while size < _MOST_AT_ONCE:
            try:
                request = self._queue.get_nowait()
            except Empty:
                break
            if request is None:
                return group, True
            group.append(request)
            size += len(request.events)
        return group, False

    def _write(self, group: list[_Request]) -> None:
        try:
            receipts = self._commit(group)
        except StoreUnavailable as error:
            _log.warning("store unavailable", reason=str(error), requests=len(group))
            _answer(group, [error] * len(group))
        except Exception as error:
            if len(group) > 1:  # one bad request must not take the others down with it
                for request in group:
                    self._write([request])
                return
            _log.exception("append failed")
            _answer(group, [error])
        else:
            _answer(group, receipts)

    def _commit(self, group: list[_Request]) -> list[Receipt]:
        events = [event for request in group for event in request.events]
        found: dict[tuple[str, str], int] = {}

        def identify(conn: Connection, names: set[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
            unknown = [name for name in names if name not in self._identities]
            if unknown:
                found.update(resolve(conn, unknown, self._now_us()))
            return {name: found.get(name) or self._identities[name] for name in names}

        with self._store.write() as conn:
            is_new = append(conn, events, calendar=self._calendar, identify=identify, received_us=self._now_us())
        self._identities.update(found)  # only now: a rolled-back identity has no row
        return _receipts(group, is_new)


def _receipts(group: list[_Request], is_new: list[bool]) -> list[Receipt]:
    receipts = []
    start = 0
    for request in group:
        end = start + len(request.events)
        accepted = sum(is_new[start:end])
        receipts.append(Receipt(accepted, len(request.events) - accepted))
        start = end
    return receipts


def _answer(group: list[_Request], answers: Sequence[Receipt | Exception]) -> None:
    """Hands each request its answer, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Receipt], Receipt | Exception]]] = {}
    for request, answer in zip(group, answers, strict=True):
        by_loop.setdefault(request.loop, []).append((request.answer, answer))
    for loop, pairs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, pairs)


def _resolve(pairs: list[tuple[asyncio.Future[Receipt], Receipt | Exception]]) -> None:
    for future, answer in pairs:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
