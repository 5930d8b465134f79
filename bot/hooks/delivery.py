"""What a delivery of a program that drops whatever is refused comes to: the good is stored, the rest kept aside."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import structlog
from starlette.responses import Response

from bot.hooks.answers import taken
from bot.intake import Intake
from bot.world import World
from db.rejected import Rejected, keep_rejected
from scoring.events import Event

_log = structlog.get_logger()


class Delivery(msgspec.Struct, frozen=True):
    """What is in a request: the events, and what is kept aside."""

    events: Sequence[Event] = ()
    rejected: Sequence[Rejected] = ()


async def take_in(delivery: Delivery, source: str, intake: Intake, world: World) -> Response:
    """Stores what is in ``delivery``, then answers. Raises ``QueueFull`` or ``StoreUnavailable``."""
    receipt = await intake.accept(delivery.events)
    if delivery.rejected:
        _log.warning("kept records aside", source=source, count=len(delivery.rejected))
        await asyncio.to_thread(_keep, world, source, delivery.rejected)
    return taken(receipt, len(delivery.rejected))


def _keep(world: World, source: str, rejected: Sequence[Rejected]) -> None:
    with world.store.write() as conn:
        keep_rejected(conn, source, rejected, world.now_us())
