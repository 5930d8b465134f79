"""What every command and the server begin with: the settings, the store and the program in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TypeAlias

import msgspec

from bot.settings import Settings
from db.engine import Store, open_store
from db.programs import program_at, record_program
from db.trail import COMMAND_LINE, Action, Deed, append
from scoring.program import Program
from scoring.program_file import ProgramError, parse_program, version_of

Clock: TypeAlias = Callable[[], int]
"""Gives the present in microseconds since 1970 UTC."""


class RuleBook(msgspec.Struct, frozen=True):
    """A program and the version that results cite."""

    program: Program
    version: str


class World(msgspec.Struct, frozen=True):
    """Handed to whatever runs. ``rule_book`` is the program file as it is now.

    ``no_charts`` is set where Slack's charts are switched off, and by whoever first sees this workspace refuse one; new
    kinds of block reach workspaces one by one, so the next start tries again.
    """

    settings: Settings
    store: Store
    rule_book: RuleBook
    now_us: Clock
    no_charts: Event = msgspec.field(default_factory=Event)

    def __post_init__(self) -> None:
        if not self.settings.slack_charts:
            self.no_charts.set()

    @property
    def program(self) -> Program:
        return self.rule_book.program

    def rule_book_at(self, at_us: int) -> RuleBook:
        """The rules that were in force at ``at_us``; before the first recorded ones, those."""
        with self.store.read() as conn:
            recorded = program_at(conn, at_us)
        if recorded is None or recorded.version == self.rule_book.version:
            return self.rule_book
        return RuleBook(parse_program(recorded.content), recorded.version)


def read_rule_book(settings: Settings) -> tuple[RuleBook, str]:
    """The program file, or the built-in program where there is none, with its text. Raises ``ProgramError``."""
    try:
        text = settings.program.read_text(encoding="utf-8") if settings.program.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ProgramError(f"{settings.program} cannot be read: {error}") from error
    try:
        program = parse_program(text)
    except ProgramError as error:
        raise ProgramError(f"{settings.program}: {error}") from error
    return RuleBook(program, version_of(program)), text


@contextmanager
def open_world(settings: Settings, now_us: Clock) -> Iterator[World]:
    """Opens and migrates the store and records the program's version if it is new.

    Raises ``ProgramError``, ``StoreError`` or ``StoreUnavailable``, each with a line for people.
    """
    rule_book, text = read_rule_book(settings)
    store = open_store(settings.database_url)
    try:
        store.migrate()
        with store.write() as conn:
            if record_program(conn, text, rule_book.version, now_us()):
                append(conn, now_us(), Deed(Action.PROGRAM_RECORDED, COMMAND_LINE, f"program:{rule_book.version}"))
        yield World(settings, store, rule_book, now_us)
    finally:
        store.close()
