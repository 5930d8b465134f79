"""``bandstand pull``: what webhooks missed, from those who keep it, into the ledger."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import httpx
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.hooks.github_delivery import events_of_delivery
from bot.intake import Intake
from bot.prices import PriceBook
from bot.pull import claude_code_analytics, litellm
from bot.pull.accounts import Account, analytics_account, github_account, litellm_account
from bot.pull.asking import TIMEOUT, Asker, Sleep
from bot.pull.portion import Days, Portion, read_days
from bot.settings import Settings
from bot.world import Clock, World, open_world
from db.identities import SourceName, unlinked
from db.pulls import forget, keep_reached, reached
from db.rejected import keep_rejected
from db.writer import LedgerWriter

_MOST_EVENTS = 5_000  # in one transaction


class Pulled(msgspec.Struct):
    """What came of a pull so far: events that were new or known, records kept aside or no usage, deliveries sent again."""

    new: int = 0
    duplicate: int = 0
    kept_aside: int = 0
    left_out: int = 0
    sent_again: int = 0
    names: Counter[SourceName] = msgspec.field(default_factory=Counter)


def pull_events(
    settings: Settings,
    now_us: Clock,
    source: str,
    *,
    first: str | None = None,
    last: str | None = None,
    again: bool = False,
    redeliver: bool = False,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Fetches the days from ``first`` to ``last``, those that are finished only ``again``; prints what came of it."""
    days = read_days(first, last, now_us())
    with open_world(settings, now_us) as world:
        account = _account(world, source, redeliver=redeliver)
        pulled = asyncio.run(_pull(world, account, days, again=again, sleep=sleep))
        with world.store.read() as conn:
            strangers = unlinked(conn, pulled.names)
    unattributed = sum(pulled.names[name] for name in strangers)
    parts = [f"{pulled.new} new", f"{pulled.duplicate} duplicate", f"{unattributed} unattributed"]
    parts += [f"{pulled.kept_aside} kept aside"] if pulled.kept_aside else []
    parts += [f"{pulled.left_out} no usage"] if pulled.left_out else []
    parts += [f"{pulled.sent_again} to be delivered again"] if pulled.sent_again else []
    Console(soft_wrap=True, highlight=False).print(f"{', '.join(parts)}.")


def _account(world: World, source: str, *, redeliver: bool) -> Account:
    settings = world.settings.pull
    if source == litellm.SOURCE:
        return litellm_account(settings)
    if source == claude_code_analytics.SOURCE:
        return analytics_account(settings)
    decode = partial(events_of_delivery, rules=world.program.sources.github)
    return github_account(settings, decode, redeliver=redeliver)


async def _pull(world: World, account: Account, days: Days, *, again: bool, sleep: Sleep) -> Pulled:
    span = (account.source, account.scope, days.first.isoformat(), days.past.isoformat())
    with world.store.write() as conn:
        if again:
            forget(conn, *span)
        progress = reached(conn, *span)
    pulled = Pulled()
    prices = PriceBook(world.program.prices)
    writer = LedgerWriter(world.store, world.program.zone, world.now_us, price_of=prices.priced)
    intake = Intake(writer, world.program.lanes, prices)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(account.source, total=1.0)

        async def wait(seconds: float) -> None:
            bar.update(task, description=f"{account.source}, waiting {seconds:.0f} s")
            await sleep(seconds)
            bar.update(task, description=account.source)

        writer.start()
        try:
            async with httpx.AsyncClient(base_url=account.url, headers=account.headers, timeout=TIMEOUT) as client:
                asker = Asker(client, account.name, account.setting, world.now_us, wait)
                async for portion in account.portions(asker, days, progress, world.now_us):
                    await _take(world, account, intake, portion, pulled)
                    bar.update(task, completed=portion.share)
        finally:
            await writer.stop()
        bar.update(task, completed=1.0)
    return pulled


async def _take(world: World, account: Account, intake: Intake, portion: Portion, pulled: Pulled) -> None:
    """Stores ``portion``, and only then that it was reached."""
    for start in range(0, len(portion.events), _MOST_EVENTS):
        events = portion.events[start : start + _MOST_EVENTS]
        receipt = await intake.accept(events)
        pulled.new += receipt.accepted
        pulled.duplicate += receipt.duplicates
        pulled.names.update(event.identity for event in events)
    if portion.rejected or portion.reached is not None:
        await asyncio.to_thread(_put_down, world, account, portion)
    pulled.kept_aside += len(portion.rejected)
    pulled.left_out += portion.left_out
    pulled.sent_again += portion.sent_again


def _put_down(world: World, account: Account, portion: Portion) -> None:
    now_us = world.now_us()
    with world.store.write() as conn:
        if portion.rejected:
            keep_rejected(conn, account.source, portion.rejected, now_us)
        if portion.reached is not None:
            keep_reached(conn, account.source, account.scope, portion.part, portion.reached, now_us)
