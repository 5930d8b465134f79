"""Every hour: usage that our own prices priced is priced anew, once prices have changed; the old figures are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.prices import PriceBook
from bot.slots import Hourly, Slot
from db.repricing import Repricing, changed_prices, is_priced_under, record_prices, reprice
from db.trail import SCHEDULE, Action, Deed, Fact, append
from scoring.models import normalise_model
from scoring.window import local_day

_LOOKING_BACK = timedelta(days=35)
_MOST_AT_ONCE = 20_000  # so that events need not wait long; the rest follows with the next run


def find(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    world = context.world
    prices = PriceBook(world.program.prices)
    since = local_day(slot.at_us, world.program.zone) - _LOOKING_BACK
    with world.store.read() as conn:
        if is_priced_under(conn, prices.fingerprint):
            return (Work(lines=("No price has changed.",)),)
        changes = list(changed_prices(conn, since, prices.priced, _MOST_AT_ONCE))

    def write(conn: Connection) -> None:
        reprice(conn, changes, prices.fingerprint, slot.at_us)
        if len(changes) < _MOST_AT_ONCE:
            record_prices(conn, prices.fingerprint, slot.at_us)
        if changes:
            append(conn, world.now_us(), _deed(changes, prices.fingerprint))

    return (Work(write=write, lines=tuple(_lines(changes))),)


def _deed(changes: Sequence[Repricing], fingerprint: str) -> Deed:
    """What a run did, in sum; ``repricings`` keeps the old figure of each event."""
    facts: dict[str, Fact] = {
        "calls": len(changes),
        "unpriced_before": sum(one.old.cost_nanousd is None for one in changes),
        "nanousd_before": sum(one.old.cost_nanousd or 0 for one in changes),
        "nanousd_after": sum(one.new.cost_nanousd or 0 for one in changes),
        "prices": fingerprint,
    }
    return Deed(Action.REPRICED, SCHEDULE, facts=facts)


def _lines(changes: Sequence[Repricing]) -> list[str]:
    lines = [f"{len(changes):,} calls of the last {_LOOKING_BACK.days} days have another price now."]
    for model in sorted({normalise_model(one.old.model) for one in changes}):
        mine = [one for one in changes if normalise_model(one.old.model) == model]
        before = sum(one.old.cost_nanousd or 0 for one in mine) / 1e9
        after = sum(one.new.cost_nanousd or 0 for one in mine) / 1e9
        unpriced = sum(one.old.cost_nanousd is None for one in mine)
        lines.append(f"{model}: ${before:,.2f} before ({unpriced:,} unpriced), ${after:,.2f} now, {len(mine):,} calls")
    return lines


REPRICE = Job("reprice", lambda _program: Hourly(), in_thread(find))
