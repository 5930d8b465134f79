"""The time of the demo's story: it stands still until it is set, and goes on while somebody waits."""

from __future__ import annotations

import asyncio


class StoryClock:
    """A ``bot.world.Clock`` whose hours pass in no time."""

    def __init__(self, now_us: int) -> None:
        self._now_us = now_us

    def __call__(self) -> int:
        return self._now_us

    def set(self, now_us: int) -> None:
        """Goes on to ``now_us``; never back."""
        self._now_us = max(self._now_us, now_us)

    async def sleep(self, seconds: float) -> None:
        """Lets others work, and ``seconds`` be over."""
        self._now_us += int(seconds * 1_000_000)
        await asyncio.sleep(0)
