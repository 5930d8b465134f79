"""``bandstand import events``: a file of CloudEvents, a line each, into the ledger."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.events_file import EventsFileError, read_events
from bot.faults import Fault
from bot.intake import Intake
from bot.prices import PriceBook
from bot.settings import Settings
from bot.world import Clock, World, open_world
from db.identities import SourceName, unlinked
from db.writer import LedgerWriter, Receipt


def import_events_file(settings: Settings, now_us: Clock, path: Path) -> None:
    """Reads the file once to see that every line can be taken, then stores it; a faulty file changes nothing."""
    try:
        with open_world(settings, now_us) as world:
            receipt, names = asyncio.run(_import(world, path, max(1, path.stat().st_size)))
            with world.store.read() as conn:
                strangers = unlinked(conn, names)
    except EventsFileError as error:
        raise Fault(f"{path}: {error}; nothing was taken in") from error
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}") from error
    unattributed = sum(names[name] for name in strangers)
    Console(soft_wrap=True, highlight=False).print(
        f"{receipt.accepted} new, {receipt.duplicates} duplicate, {unattributed} unattributed."
    )


async def _import(world: World, path: Path, size: int) -> tuple[Receipt, Counter[SourceName]]:
    """What was new, and how many events of the file (of ``size`` bytes) came under each name."""
    now = world.now_us()
    prices = PriceBook(world.program.prices)
    writer = LedgerWriter(world.store, world.program.zone, world.now_us, price_of=prices.priced)
    intake = Intake(writer, world.program.lanes, prices)
    names: Counter[SourceName] = Counter()
    accepted = duplicates = 0
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        reading = progress.add_task("reading", total=size)
        for chunk in read_events(path, now):
            progress.update(reading, completed=chunk.bytes_read)
        storing = progress.add_task("storing", total=size)
        writer.start()
        try:
            for chunk in read_events(path, now):
                receipt = await intake.accept(chunk.events)
                accepted += receipt.accepted
                duplicates += receipt.duplicates
                names.update(event.identity for event in chunk.events)
                progress.update(storing, completed=chunk.bytes_read)
        finally:
            await writer.stop()
    return Receipt(accepted, duplicates), names
