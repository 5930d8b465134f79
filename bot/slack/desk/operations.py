"""For AI ops: how the program runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from bot.hooks.proof import fingerprint
from bot.settings import HookSecrets
from bot.slack.authority import Action, about_nobody
from bot.slack.blocks.home.operations import Operations, SecretUse, SourceHealth, operations
from bot.slack.desk.flags import open_flags
from bot.slack.message import Message
from bot.slack.request import Request
from bot.slack.zones import zone_of
from bot.world import World
from db.directory import DirectoryPerson
from db.health import last_days, outbox_states, pricing
from db.identities import attribution_shares
from db.ingest_tokens import program_tokens
from db.secret_uses import last_uses
from scoring.window import local_day

_DAYS = 7
_LOOKED_BACK_DAYS = 14


def show_operations(world: World, request: Request) -> Message:
    """What AI ops look after."""
    with world.store.read() as conn:
        person = about_nobody(conn, world.program, request, Action.SEE_OPERATIONS)
        return operations(operations_of(conn, world, person))


def operations_of(conn: Connection, world: World, person: DirectoryPerson) -> Operations:
    """The state of things as ``person`` of AI ops reads it."""
    today = local_day(world.now_us(), world.program.zone)
    since = today - timedelta(days=_DAYS - 1)
    shares = attribution_shares(conn, since)
    events = sum(one.events for one in shares)
    prices = pricing(conn, since)
    sources = last_days(conn, today, _LOOKED_BACK_DAYS)
    return Operations(
        today=today,
        days=_DAYS,
        looked_back_days=_LOOKED_BACK_DAYS,
        events=events,
        unattributed_events=events - sum(one.attributed_events for one in shares),
        calls=prices.calls,
        unpriced_calls=prices.unpriced_calls,
        sources=tuple(SourceHealth(source, day) for source, day in sources.items()),
        parked=outbox_states(conn).get("parked", 0),
        secrets=tuple(_secrets(conn, world)),
        zone=zone_of(person, world.program),
        open_flags=len(open_flags(conn, world, but_of=person.id)),
    )


def _secrets(conn: Connection, world: World) -> Iterator[SecretUse]:
    uses = last_uses(conn)
    for door in HookSecrets.model_fields:
        for mark in map(fingerprint, getattr(world.settings.hook_secrets, door)):
            yield SecretUse(door, mark, uses.get((door, mark)))
    for token in program_tokens(conn):
        yield SecretUse(token.door, token.name, token.last_used_us)
