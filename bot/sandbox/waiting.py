"""Waiting for what another program will do, and no longer than makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.faults import Fault

_LOOK_EVERY_S = 0.05


async def wait_until(is_so: Callable[[], Awaitable[bool]], within_s: float, otherwise: str) -> None:
    """Returns once ``is_so``; what it raises comes through. Raises ``Fault(otherwise)`` after ``within_s``."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                if await is_so():
                    return
                await asyncio.sleep(_LOOK_EVERY_S)
    except TimeoutError as error:
        raise Fault(otherwise) from error
