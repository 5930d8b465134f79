"""From what a door decoded to what the ledger keeps: the lane and the price of each call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from bot.prices import PriceBook
from db.writer import LedgerWriter, Receipt
from scoring.events import Event, Usage
from scoring.program import Lanes


class Intake:
    """Where every door hands in its events."""

    def __init__(
        self, writer: LedgerWriter, lanes: Lanes, prices: PriceBook, count: Callable[[Receipt], None] = lambda _: None
    ) -> None:
        """``count`` is told every receipt."""
        self._writer = writer
        self._lanes = lanes
        self._prices = prices
        self._count = count

    async def accept(self, events: Sequence[Event]) -> Receipt:
        """Commits ``events``. Raises ``QueueFull`` or ``StoreUnavailable``: then nothing is kept."""
        receipt = await self._writer.append([complete(event, self._lanes, self._prices) for event in events])
        self._count(receipt)
        return receipt


def complete(event: Event, lanes: Lanes, prices: PriceBook) -> Event:
    """``event`` with the lane that the program gives it and, where its producer named no cost, its price.

    What the tokens of readings are, and so what they cost, is known only once the ledger has told old from new.
    """
    fact = event.fact
    if not isinstance(fact, Usage) or (fact.lane is not None and fact.cost_nanousd is not None):
        return event
    lane = fact.lane or lanes.lane_of(
        source=event.source, subject=event.subject, model=fact.model, use_case=fact.use_case, tags=fact.tags
    )
    usage = msgspec.structs.replace(fact, lane=lane)
    return msgspec.structs.replace(event, fact=usage if event.readings else prices.priced(usage, event.time_us))
