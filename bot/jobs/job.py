"""What a job is: a name, a cadence, and a function that finds what there is to do without doing it.

Whoever runs the job (``bot.jobs.runner``) writes all of it in one transaction with the row of the run ledger,
so that a slot's work is done once and whole, and a dry run is the same run without that transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.shared_flags import SharedFlags
from bot.slack.message import Message
from bot.slots import Cadence, Slot
from bot.world import World
from scoring.digest import Digest
from scoring.program import Program

Scopes: TypeAlias = tuple[str, ...]


class Wording(msgspec.Struct, frozen=True):
    """How what jobs find is said: the renderers of the messages that they post. ``welcome`` is for one person."""

    digest: Callable[[Digest], Message]
    welcome: Callable[[Program], Message]


class JobContext(msgspec.Struct, frozen=True):
    """What jobs get handed. ``slack`` is None where no workspace is connected; ``flags`` are found once for all."""

    world: World
    wording: Wording
    slack: AsyncWebClient | None = None
    flags: SharedFlags = msgspec.field(default_factory=SharedFlags)


class Post(msgspec.Struct, frozen=True):
    """A message for the outbox. ``dedupe_key`` lets it be said once for ever; a lower ``priority`` goes first.

    It is sent from ``not_before_us`` on.
    """

    dedupe_key: str
    kind: str
    recipient: str
    message: Message
    priority: int
    not_before_us: int = 0


class Work(msgspec.Struct, frozen=True):
    """What a job found to do for one scope. ``write`` puts down what else belongs to it; ``lines`` tell people of it."""

    scope: str = ""
    posts: tuple[Post, ...] = ()
    write: Callable[[Connection], object] | None = None
    lines: tuple[str, ...] = ()


FindWork: TypeAlias = Callable[[JobContext, Slot, Scopes], Awaitable[tuple[Work, ...]]]


def one_scope(_program: Program) -> Scopes:
    """A job that has one thing to do a slot."""
    return ("",)


class Job(msgspec.Struct, frozen=True):
    """Something done once a slot for each of its scopes (a channel, or "" for the whole).

    ``after``: the job without a first run of which this one would find nothing; its slot waits for that.

    ``decided_us``: when somebody last decided something that changes what this job found. It is done again then, whoever
    decided and wherever, without waiting for its next slot; 0 = never.

    ``is_public``: says something on a given day. It is never said twice for a slot, not by hand either, and a slot
    that came before the program planned it (a fresh installation, a channel just added) is let go.
    """

    name: str
    cadence: Callable[[Program], Cadence]
    find_work: FindWork
    scopes: Callable[[Program], Scopes] = one_scope
    is_public: bool = False
    missing_scope: str = ""
    after: str = ""
    decided_us: Callable[[Connection], int] | None = None


class JobResult(msgspec.Struct, frozen=True):
    """What a run did or, when dry, would have done. ``posts`` are those of this run alone."""

    job: str
    slot: Slot
    posts: tuple[Post, ...]
    lines: tuple[str, ...]


def in_thread(find: Callable[[JobContext, Slot, Scopes], tuple[Work, ...]]) -> FindWork:
    """``find``, which reads the store, beside the event loop."""

    async def find_work(context: JobContext, slot: Slot, scopes: Scopes) -> tuple[Work, ...]:
        return await asyncio.to_thread(find, context, slot, scopes)

    return find_work
