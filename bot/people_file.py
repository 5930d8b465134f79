"""People from a CSV file (contracts, section 2), applied whole or not at all.

A file speaks for the columns that it has. An empty cell clears what was there, except ``slack_id``, which Slack tells
us as well. An ``alias:SOURCE`` column gives all names by which the source knows a person, separated by ``;``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bot.people_rows import PeopleFileError, Row, RowFault, read_rows
from db.directory import ImportReport, everyone, recognise, upsert_people
from db.engine import Store
from db.identities import alias_holders
from db.trail import COMMAND_LINE, Action, Deed, Fact, append

__all__ = ["PeopleFileError", "PeopleReport", "RowFault", "import_people"]


class PeopleReport(msgspec.Struct, frozen=True):
    """What an import did. With ``faults`` and bad rows not skipped, nothing was applied.

    ``unknown_managers`` counts rows whose manager's address belongs to nobody (yet): allowed, worth a look.
    """

    new: int
    updated: int
    unchanged: int
    faults: tuple[RowFault, ...] = ()
    unknown_managers: int = 0


def import_people(store: Store, path: Path, now_us: int, *, skip_bad_rows: bool = False) -> PeopleReport:
    """Applies the people of the file at ``path``; with faults nothing, or all other rows if ``skip_bad_rows``.

    Raises ``PeopleFileError`` for a file that is no such table at all, ``OSError`` and ``StoreUnavailable``.
    """
    rows, faults = read_rows(path)
    if faults and not skip_bad_rows:
        return PeopleReport(0, 0, 0, faults)
    with store.write() as conn:
        rows, misfits = _fit(conn, rows)
        faults = tuple(sorted((*faults, *misfits), key=lambda fault: fault.line))
        if faults and not skip_bad_rows:
            return PeopleReport(0, 0, 0, faults)
        report = upsert_people(conn, [row.person for row in rows], now_us)
        _record(conn, report, len(faults), now_us)
        return _report(conn, report, rows, faults)


def _record(conn: Connection, report: ImportReport, skipped: int, now_us: int) -> None:
    facts: dict[str, Fact] = {**msgspec.structs.asdict(report), "skipped": skipped, "from": "file"}
    append(conn, now_us, Deed(Action.PEOPLE_IMPORTED, COMMAND_LINE, facts=facts))


def _report(conn: Connection, report: ImportReport, rows: Sequence[Row], faults: tuple[RowFault, ...]) -> PeopleReport:
    emails = {person.email for person in everyone(conn)}
    unknown = sum(bool(row.person.manager_email) and row.person.manager_email not in emails for row in rows)
    return PeopleReport(report.new, report.updated, report.unchanged, faults, unknown)


def _fit(conn: Connection, rows: list[Row]) -> tuple[list[Row], list[RowFault]]:
    """The rows that agree with the directory and with each other, and what is wrong with the others.

    Leaving a row out brings back what the directory says of that person, so the rest is looked at again.
    """
    faults: list[RowFault] = []
    managers = {person.email: person.manager_email for person in everyone(conn)}
    while misfits := [*_taken_aliases(conn, rows), *_manager_circles(managers, rows)]:
        faults += misfits
        bad_lines = {fault.line for fault in misfits}
        rows = [row for row in rows if row.line not in bad_lines]
    return rows, faults


def _taken_aliases(conn: Connection, rows: Sequence[Row]) -> Iterator[RowFault]:
    """Rows with an alias of someone whom the file does not mention, and so cannot take it from."""
    names = {(aliases.source, name): row for row in rows for aliases in row.person.aliases for name in aliases.names}
    holders = alias_holders(conn, names)
    mentioned = {known.id for known in recognise(conn, [row.person for row in rows]) if known} if holders else set()
    for (source, name), holder in holders.items():
        if holder not in mentioned:
            yield RowFault(
                names[source, name].line,
                f'alias:{source}: "{name}" is the alias of someone who is not in this file; '
                f"add that person's row with the alias:{source} cell as it should be",
            )


def _manager_circles(managers: dict[str, str], rows: Sequence[Row]) -> Iterator[RowFault]:
    """Rows of people who, going from manager to manager, would be their own boss."""
    boss_of = managers | {
        row.person.email: row.person.manager_email for row in rows if row.person.manager_email is not None
    }
    line_of = {row.person.email: row.line for row in rows}
    settled: set[str] = {""}
    for start in line_of:
        path: dict[str, None] = {}
        person = start
        while person not in settled and person not in path:
            path[person] = None
            person = boss_of.get(person, "")
        if person not in settled:
            circle = list(path)[list(path).index(person) :]
            for member in circle:
                if member in line_of:
                    yield RowFault(line_of[member], f"manager_email: goes round in a circle ({len(circle)} people)")
        settled.update(path)
