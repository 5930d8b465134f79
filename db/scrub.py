"""Takes somebody's names out of whatever was written about them: messages, sentences, reasons, programs that ran."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection, Iterator

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Table, Text, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from db import tables

_SHORTEST = 4  # a shorter name would take away parts of what has nothing to do with anybody

# What is no prose about anybody, or is looked after by whoever erases.
_ELSEWHERE = {
    *(tables.event_keys, tables.events, tables.scopes, tables.series, tables.repricings, tables.price_books),
    *(tables.task_days, tables.session_days, tables.repeat_days),
    *(tables.usage_days, tables.activity_days, tables.identities, tables.people, tables.trail, tables.trail_head),
}
# Words of ours and of the program: a login that reads like one of them must not take it away.
_VOCABULARY = {
    *("action", "badge", "band", "board", "budget", "content", "cursor", "door", "fingerprint", "job", "kind", "lane"),
    *("level", "model", "part", "period", "program_version", "raw_band", "scope", "slot", "source", "state", "status"),
    *("subject", "team", "type", "verdict", "version", "consequence", "matter"),
}


class Names(msgspec.Struct, frozen=True):
    """What somebody is known by. ``sure`` names mean them wherever they stand; ``others`` may be words like any."""

    sure: tuple[str, ...]
    others: tuple[str, ...]
    pseudonym: str

    def hidden(self, text: str, *, only_sure: bool = False) -> str:
        """``text`` with the pseudonym in the place of each name."""
        forms = _forms(self.sure if only_sure else (*self.sure, *self.others))
        return _pattern(forms).sub(self.pseudonym, text) if forms else text

    def may_be_in(
        self, conn: Connection, column: ColumnElement[str], *, only_sure: bool = False
    ) -> ColumnElement[bool]:
        """True for every row whose ``column`` holds a name, and for some others."""
        forms = _forms(self.sure if only_sure else (*self.sure, *self.others))
        form, is_at = _each(conn, sorted(forms | {form.lower() for form in forms}))
        return exists(select(form).where(or_(is_at(column, form) > 0, is_at(func.lower(column), form) > 0)))


def _each(conn: Connection, texts: list[str]) -> tuple[ColumnElement[str], Callable[..., ColumnElement[int]]]:
    """``texts`` as a column, and the function that says where one text stands in another (0 = nowhere)."""
    if conn.dialect.name == "sqlite":
        return func.json_each(msgspec.json.encode(texts).decode()).table_valued("value").c.value, func.instr
    return func.unnest(bindparam(None, texts, type_=ARRAY(Text))).column_valued("form"), func.strpos


def scrub_everywhere(conn: Connection, names: Names) -> int:
    """Takes the names out of all that was written, the ledger and the trail apart; how many texts that changed."""
    return sum(
        _scrub(conn, table, column, names)
        for table in tables.metadata.sorted_tables
        if table not in _ELSEWHERE
        for column in table.columns
        if isinstance(column.type, Text)
    )


def _scrub(conn: Connection, table: Table, column: Column[str], names: Names) -> int:
    only_sure = column.name in _VOCABULARY or column.primary_key or bool(column.unique)
    keys = list(table.primary_key.columns)
    changed = 0
    found = conn.execute(select(column, *keys).where(names.may_be_in(conn, column, only_sure=only_sure))).all()
    for text, *key in found:
        hidden = names.hidden(text, only_sure=only_sure)
        if hidden != text:
            is_it = (one == value for one, value in zip(keys, key, strict=True))
            conn.execute(update(table).where(*is_it).values({column: hidden}))
            changed += 1
    return changed


def _pattern(forms: Collection[str]) -> re.Pattern[str]:
    """Whole words alone: neither within a longer one nor, for an address, within another address."""
    longest_first = sorted(forms, key=len, reverse=True)
    said = "|".join(rf"(?<![.+-]){re.escape(form)}" if "@" in form else re.escape(form) for form in longest_first)
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE)


def _forms(names: Collection[str]) -> set[str]:
    return {form for name in names if len(name) >= _SHORTEST for form in _written(name)}


def _written(name: str) -> Iterator[str]:
    """The name as it is, and as it stands in JSON and in Slack's text."""
    for text in (name, html.escape(name, quote=False)):
        yield text
        yield msgspec.json.encode(text).decode()[1:-1]
        yield json.dumps(text)[1:-1]
