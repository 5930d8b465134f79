"""The rows of a people file, each checked by itself and against the others, with the line on which each begins."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from bot.email_address import as_email
from db.directory import PersonRow, SourceAliases

_COLUMNS = (
    "email",
    "name",
    "slack_id",
    "manager_email",
    "team",
    "function",
    "region",
    "seniority",
    "maturity",
    "tier",
    "cohort",
)
_ALIAS = "alias:"
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{1,20}")
_LONGEST_CELL = 500
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they can disguise a name


class PeopleFileError(ValueError):
    """The file as a whole cannot be read; the message says what to change."""


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong with the row that begins on ``line``, counted from 1 with the header."""

    line: int
    text: str


class Row(msgspec.Struct, frozen=True):
    """A person and the line on which their row begins."""

    line: int
    person: PersonRow


class _RowError(ValueError):
    """What is wrong with a row, as a sentence."""


def read_rows(path: Path) -> tuple[list[Row], tuple[RowFault, ...]]:
    """The good rows of the file at ``path`` and the faults of the others. Raises ``PeopleFileError``, ``OSError``."""
    rows: list[Row] = []
    faults: list[RowFault] = []
    taken: dict[tuple[str, str], int] = {}
    # Bytes that are not UTF-8 become lone surrogates, which the cell's own check refuses: one bad name, one bad row.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        records = _records(file)
        columns = _columns(next(records, (1, []))[1])
        for line, cells in records:
            try:
                person = _person(columns, cells)
                if person is not None:
                    _claim(taken, person, line)
                    rows.append(Row(line, person))
            except _RowError as error:
                faults.append(RowFault(line, str(error)))
    return rows, tuple(faults)


def _records(file: TextIO) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each record with the line on which it begins: a quoted cell may run over several lines."""
    reader = csv.reader(file, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error


def _columns(header: list[str] | csv.Error) -> tuple[str, ...]:
    """The names of the columns. Raises ``PeopleFileError``."""
    if isinstance(header, csv.Error):
        raise PeopleFileError(f"line 1: not CSV: {header}")
    columns = tuple(name if name.startswith(_ALIAS) else name.lower() for name in map(_label, header))
    if not any(columns):
        raise PeopleFileError('line 1: must name the columns, "email" among them')
    if len(columns) == 1 and ";" in columns[0]:
        raise PeopleFileError("line 1: the columns are separated by semicolons; save the file with commas")
    for column in columns:
        if column == _ALIAS:
            raise PeopleFileError('line 1: "alias:" needs the name of a source, as in "alias:github"')
        if column not in _COLUMNS and not column.startswith(_ALIAS):
            raise PeopleFileError(
                f"line 1: no column is called {_short(column)}; there are {', '.join(_COLUMNS)} and alias:SOURCE"
            )
        if columns.count(column) > 1:
            raise PeopleFileError(f"line 1: the column {_short(column)} is there twice")
    if "email" not in columns:
        raise PeopleFileError('line 1: the column "email" is missing')
    return columns


def _label(cell: str) -> str:
    return cell.strip().encode(errors="replace").decode()


def _person(columns: tuple[str, ...], cells: list[str] | csv.Error) -> PersonRow | None:
    """The person of one record, None for an empty one. Raises ``_RowError``."""
    if isinstance(cells, csv.Error):
        raise _RowError(f"not CSV: {cells}")
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(columns):
        raise _RowError(f"has {len(cells)} cells where the header has {len(columns)}")
    said = {column: _cell(column, cell) for column, cell in zip(columns, cells, strict=True)}
    aliases = tuple(_aliases(column, said.pop(column)) for column in columns if column.startswith(_ALIAS))
    email = _address("email", said.pop("email"))
    if not email:
        raise _RowError("email: is empty")
    slack_id = said.pop("slack_id", "") or None
    if slack_id is not None and not _SLACK_ID.fullmatch(slack_id):
        raise _RowError(f"slack_id: {_short(slack_id)} is no member id; they look like U012AB3CD")
    if "manager_email" in said:
        said["manager_email"] = _address("manager_email", said["manager_email"])
    if said.get("manager_email") == email:
        raise _RowError("manager_email: nobody is their own manager; leave the cell empty")
    return msgspec.structs.replace(PersonRow(email=email, slack_id=slack_id, aliases=aliases), **said)


def _cell(column: str, cell: str) -> str:
    """The cell's text: composed characters (NFC), single spaces. Raises ``_RowError``."""
    text = re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", cell)).strip()
    if not text.isprintable():
        for character in text:
            _check(column, character)
    if len(text) > _LONGEST_CELL:
        raise _RowError(f"{column}: is {len(text)} characters long; {_LONGEST_CELL} is the most")
    return text


def _check(column: str, character: str) -> None:
    category = unicodedata.category(character)
    if category == "Cs":
        raise _RowError(f"{column}: is not UTF-8; save the file as UTF-8")
    if category in ("Cc", "Zl", "Zp") or character in _DIRECTION_MARKS:
        raise _RowError(f"{column}: holds the control character U+{ord(character):04X}")


def _address(column: str, text: str) -> str:
    """An e-mail address in lower case, or "". Raises ``_RowError``."""
    address = as_email(text) if text else ""
    if address is None:
        raise _RowError(f"{column}: {_short(text)} is no e-mail address")
    return address


def _aliases(column: str, text: str) -> SourceAliases:
    names = (name.strip() for name in text.split(";"))
    return SourceAliases(column.removeprefix(_ALIAS), tuple(dict.fromkeys(name for name in names if name)))


def _claim(taken: dict[tuple[str, str], int], person: PersonRow, line: int) -> None:
    """Keeps that e-mail, Slack id and aliases are this person's. Raises ``_RowError`` where an earlier row has one."""
    claims = [("email", person.email)]
    if person.slack_id:
        claims.append(("slack_id", person.slack_id))
    claims += [(f"{_ALIAS}{aliases.source}", name) for aliases in person.aliases for name in aliases.names]
    for column, value in claims:
        if (column, value) in taken:
            raise _RowError(f"{column}: {_short(value)} is on line {taken[column, value]} already")
    taken.update(dict.fromkeys(claims, line))


def _short(value: str) -> str:
    return f'"{value}"' if len(value) <= 60 else f'"{value[:60]}…"'
