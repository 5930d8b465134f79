"""Room for large bodies: a few at a time at each door, so that memory is bounded and small ones pass by."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from bot.limits import LARGE_BODIES, LARGE_BODIES_WAITING, LARGE_WAIT_SECONDS

_KEY = "bandstand.room"


class Busy(Exception):
    """Too many large bodies are in hand; the sender may try again in a second."""


class LargeBodies:
    """The places at one door."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(LARGE_BODIES)
        self._waiting = 0

    async def take_place(self) -> None:
        """Waits for its turn. Raises ``Busy`` where too many wait already or none leaves."""
        if self._waiting >= LARGE_BODIES_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(LARGE_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise Busy from error
        finally:
            self._waiting -= 1

    def leave(self) -> None:
        self._places.release()


class Room:
    """What one request holds of it: a place from the moment on that its body turns out to be large, to its answer."""

    def __init__(self, bodies: LargeBodies) -> None:
        self._bodies = bodies
        self._has_place = False

    async def enter(self) -> None:
        """Does nothing the second time. Raises ``Busy``."""
        if not self._has_place:
            await self._bodies.take_place()
            self._has_place = True

    def leave(self) -> None:
        if self._has_place:
            self._bodies.leave()


@contextmanager
def room_for(request: Request, bodies: LargeBodies) -> Iterator[None]:
    """Whoever reads the body of ``request`` during the block does so within what ``bodies`` has places for."""
    request.scope[_KEY] = room = Room(bodies)
    try:
        yield
    finally:
        room.leave()


def room_of(request: Request) -> Room | None:
    """None where nobody keeps count, as at Slack's door, which takes no large bodies."""
    room = request.scope.get(_KEY)
    return room if isinstance(room, Room) else None
