"""Things to test with, each with defaults: say only what the test is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.jobs.job import JobContext, Wording
from bot.settings import Settings
from bot.slack.message import Message
from bot.world import RuleBook, World
from db.engine import Store
from db.identities import resolve
from db.ledger import Calendar, append
from scoring.events import Event, Fact, Lane, Outcome, Tokens, Usage
from scoring.program import Digest, Program
from scoring.program_file import version_of
from scoring.window import to_us

MONDAY_NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MONDAY_NOON_US = to_us(MONDAY_NOON)


def event(
    fact: Fact,
    id: str = "1",
    source: str = "test",
    subject: str = "ada@acme.test",
    time_us: int = MONDAY_NOON_US,
    *,
    is_asserted: bool = False,
) -> Event:
    return Event(source=source, id=id, subject=subject, time_us=time_us, fact=fact, is_asserted=is_asserted)


def usage(**changes: Any) -> Usage:
    """A priced production call of 100 tokens in, 10 out, for a tenth of a cent."""
    return msgspec.structs.replace(
        Usage(model="gpt-4o", tokens=Tokens(input=100, output=10), cost_nanousd=1_000_000, lane=Lane.PRODUCTION),
        **changes,
    )


def outcome(**changes: Any) -> Outcome:
    """An accepted, merged pull request."""
    return msgspec.structs.replace(Outcome(kind="pull_request_merged", is_accepted=True), **changes)


def record(conn: Connection, *batch: Event, zone: str = "UTC") -> None:
    """Appends ``batch`` to the ledger, with roll-ups and identities, within the transaction of ``conn``."""
    append(
        conn,
        batch,
        calendar=Calendar(ZoneInfo(zone), as_text=conn.dialect.name == "sqlite"),
        identify=lambda conn, names: resolve(
            conn, names, MONDAY_NOON_US, {one.identity for one in batch if one.is_asserted}
        ),
        received_us=MONDAY_NOON_US,
    )


class _UndoneError(Exception):
    """Rolls a transaction back."""


@contextmanager
def undone(store: Store) -> Iterator[Connection]:
    """A transaction that leaves nothing behind, for one of many examples on the same store."""
    with suppress(_UndoneError), store.write() as conn:
        yield conn
        raise _UndoneError


def digest_program(**digest: Any) -> Program:
    """The default program with a digest on Mondays at 9:00 UTC in two channels."""
    return Program(digest=Digest(**{"channels": ("C1", "C2"), **digest}))


def world(store: Store, program: Program, now_us: int = MONDAY_NOON_US) -> World:
    """The store under ``program``, at a moment that stands still."""
    return World(Settings(_env_file=None), store, RuleBook(program, version_of(program)), lambda: now_us)


def job_context(
    store: Store, program: Program, now_us: int = MONDAY_NOON_US, slack: AsyncWebClient | None = None
) -> JobContext:
    """What jobs get, with messages that say all they were given, as JSON."""
    wording = Wording(
        digest=lambda digest: Message(msgspec.json.encode(digest).decode(), ()),
        welcome=lambda program: Message(f"Welcome to {program.name}", ()),
    )
    return JobContext(world(store, program, now_us), wording, slack)
