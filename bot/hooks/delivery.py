"""What programs deliver that drop whatever is refused: the good is stored, the rest kept aside."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import structlog

from bot.hooks.decoding import join
from bot.intake import Intake
from bot.world import World
from db.rejected import Rejected, keep_rejected
from db.writer import Receipt
from scoring.events import Event

_log = structlog.get_logger()


class Delivery(msgspec.Struct, frozen=True):
    """What is in a request: the events, and what is kept aside."""

    events: Sequence[Event] = ()
    rejected: Sequence[Rejected] = ()


def reject(what: str, position: int, place: str, text: str) -> Rejected:
    """Says of the ``position``-th of the delivery's ``what`` that, at ``place`` within it, ``text`` is wrong."""
    return Rejected(join(f"{what}[{position}]", place), text)


async def take_in(delivery: Delivery, source: str, intake: Intake, world: World) -> Receipt:
    """Stores what is in ``delivery``. Raises ``QueueFull`` or ``StoreUnavailable``."""
    receipt = await intake.accept(delivery.events)
    if delivery.rejected:
        _log.warning("kept records aside", source=source, count=len(delivery.rejected))
        await asyncio.to_thread(_keep, world, source, delivery.rejected)
    return receipt


def _keep(world: World, source: str, rejected: Sequence[Rejected]) -> None:
    with world.store.write() as conn:
        keep_rejected(conn, source, rejected, world.now_us())
