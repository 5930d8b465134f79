"""The directory: who works here, as the CSV and Slack say. The e-mail address, in lower case, is the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, and_, bindparam, func, literal, or_, select, update

from db.identities import AliasClaim, begin_linking, link_aliases, link_by_email
from db.many import is_any
from db.tables import people

_TEXTS = (
    "email",
    "name",
    "slack_id",
    "slack_timezone",
    "manager_email",
    "team",
    "function",
    "region",
    "seniority",
    "maturity",
    "tier",
    "cohort",
)
_SAID = (*_TEXTS, "is_active")  # what an import may say
_said = attrgetter(*_SAID)
_SLACK_ID, _SLACK_TIMEZONE = _SAID.index("slack_id"), _SAID.index("slack_timezone")
_NOBODY = ("", "", None, None, *[""] * 8, True)
_NAMES = ", ".join(_SAID)
_ARRAYS = ", ".join(["%s::text[]"] * len(_TEXTS) + ["%s::boolean[]"])


class DirectoryPerson(msgspec.Struct, frozen=True):
    """One person as the directory has them; "" = not said.

    ``naming``: "named", "unnamed" or None (has not said). ``welcomed_us``: when they were told what is measured;
    ``told_naming``: that names go by which of the program's rules (None = opt_out).
    """

    id: int
    email: str
    name: str
    slack_id: str | None
    slack_timezone: str | None
    manager_email: str
    team: str
    function: str
    region: str
    seniority: str
    maturity: str
    tier: str
    cohort: str
    is_active: bool
    naming: str | None
    welcomed_us: int | None
    told_naming: str | None = None


class SourceAliases(msgspec.Struct, frozen=True):
    """All names by which ``source`` knows a person; () takes the ones given earlier away."""

    source: str
    names: tuple[str, ...]


class PersonRow(msgspec.Struct, frozen=True):
    """What an import says about one person. None = says nothing, the old value stays; "" clears it.

    ``email`` is lower case. Sources that ``aliases`` does not mention keep theirs.
    """

    email: str
    name: str | None = None
    slack_id: str | None = None
    slack_timezone: str | None = None
    manager_email: str | None = None
    team: str | None = None
    function: str | None = None
    region: str | None = None
    seniority: str | None = None
    maturity: str | None = None
    tier: str | None = None
    cohort: str | None = None
    is_active: bool | None = None
    aliases: tuple[SourceAliases, ...] = ()


class ImportReport(msgspec.Struct, frozen=True):
    """How many people an import added, changed and found as they were."""

    new: int
    updated: int
    unchanged: int


def person_by_email(conn: Connection, email: str) -> DirectoryPerson | None:
    """The person with that address, in whatever case it is written."""
    return _one(conn, _people().where(people.c.email == email.strip().lower()))


def people_by_id(conn: Connection, ids: Collection[int]) -> dict[int, DirectoryPerson]:
    """The people with these ids; ids that nobody has are left out."""
    query = _people().where(is_any(conn, people.c.id, ids))
    return {row.id: DirectoryPerson(*row) for row in conn.execute(query)}


def reports_of(conn: Connection, email: str) -> tuple[DirectoryPerson, ...]:
    """The active people whose manager has that address, by name."""
    query = _people().where(people.c.manager_email == email, people.c.is_active).order_by(people.c.name, people.c.id)
    return tuple(DirectoryPerson(*row) for row in conn.execute(query))


def reports_of_all(conn: Connection, emails: Collection[str]) -> dict[str, list[DirectoryPerson]]:
    """The same for several managers at once, by their addresses; who has no reports is left out."""
    query = _people().where(is_any(conn, people.c.manager_email, emails), people.c.is_active)
    reports: dict[str, list[DirectoryPerson]] = {}
    for row in conn.execute(query.order_by(people.c.name, people.c.id)):
        reports.setdefault(row.manager_email, []).append(DirectoryPerson(*row))
    return reports


def people_by_email(conn: Connection, emails: Collection[str]) -> dict[str, DirectoryPerson]:
    """The people with these addresses, which are in lower case; addresses that nobody has are left out."""
    query = _people().where(is_any(conn, people.c.email, emails))
    return {row.email: DirectoryPerson(*row) for row in conn.execute(query)}


def everyone(conn: Connection) -> tuple[DirectoryPerson, ...]:
    """All people, those who left included, in the order in which they came."""
    return tuple(DirectoryPerson(*row) for row in conn.execute(_people().order_by(people.c.id)))


def unwelcomed(conn: Connection, naming_rule: str) -> tuple[DirectoryPerson, ...]:
    """Active people whom Slack can reach and who have not been told yet what is measured.

    Under opt_out, which names people who say nothing, those too who were told that another rule holds.
    """
    is_untold = or_(
        people.c.welcomed_us.is_(None),
        and_(literal(naming_rule) == "opt_out", people.c.told_naming != "opt_out"),
    )
    query = _people().where(people.c.is_active, people.c.slack_id.is_not(None), is_untold)
    return tuple(DirectoryPerson(*row) for row in conn.execute(query.order_by(people.c.id)))


def set_naming(conn: Connection, person_id: int, naming: str | None, now_us: int) -> None:
    """Keeps whether public boards may name the person: "named", "unnamed", or None to go back to the program's rule."""
    if naming not in ("named", "unnamed", None):
        raise ValueError(f'naming is "named", "unnamed" or None, not {naming!r}')
    conn.execute(update(people).where(people.c.id == person_id).values(naming=naming, updated_us=now_us))


def mark_welcomed(conn: Connection, person_id: int, naming_rule: str, now_us: int) -> None:
    """Keeps that the person has been told, and the rule about names that held then; the first time stays."""
    conn.execute(
        update(people)
        .where(people.c.id == person_id)
        .values(welcomed_us=func.coalesce(people.c.welcomed_us, now_us), told_naming=naming_rule, updated_us=now_us)
    )


def upsert_people(conn: Connection, rows: Sequence[PersonRow], now_us: int) -> ImportReport:
    """Adds and changes people, and links the identities that are theirs now.

    Each e-mail, Slack id and alias occurs once in ``rows``.
    A new e-mail with the Slack id of someone whose old e-mail is not in ``rows`` is that person under a new address.
    A Slack id that moves to someone else is taken from whoever had it. Nobody is ever removed.
    """
    begin_linking(conn)
    known = recognise(conn, rows)
    if _rename_managers(conn, rows, known):
        known = recognise(conn, rows)
    claimed = {row.slack_id for row in rows if row.slack_id}
    new, changed = [], []
    for row, old in zip(rows, known, strict=True):
        values = _merged(row, old, claimed)
        if old is None:
            new.append(values)
        elif values != tuple(old[1:]):
            changed.append((old.id, *values))
    _free_slack_ids(conn, rows, known, now_us)
    _insert(conn, new, now_us)
    _update(conn, changed, now_us)
    relinked = _link_identities(conn, rows, now_us)
    touched = {values[0] for values in changed} | (relinked & {old.id for old in known if old is not None})
    return ImportReport(new=len(new), updated=len(touched), unchanged=len(rows) - len(new) - len(touched))


def recognise(conn: Connection, rows: Sequence[PersonRow]) -> list[Row[Any] | None]:
    """For each row the person whom it is about (id and the columns that an import may say), None = someone new."""
    everybody = conn.execute(select(people.c.id, *(people.c[name] for name in _SAID))).all()
    by_email = {person.email: person for person in everybody}
    by_slack_id = {person.slack_id: person for person in everybody if person.slack_id is not None}
    emails = {row.email for row in rows}

    def person_of(row: PersonRow) -> Row[Any] | None:
        same_address = by_email.get(row.email)
        if same_address is not None or not row.slack_id:
            return same_address
        same_account = by_slack_id.get(row.slack_id)
        return None if same_account is None or same_account.email in emails else same_account

    return [person_of(row) for row in rows]


def _people() -> Select[Any]:
    return select(*(people.c[name] for name in DirectoryPerson.__struct_fields__))


def _one(conn: Connection, query: Select[Any]) -> DirectoryPerson | None:
    row = conn.execute(query).first()
    return None if row is None else DirectoryPerson(*row)


def _merged(row: PersonRow, old: Row[Any] | None, claimed: set[str]) -> tuple[Any, ...]:
    """The person's columns after the import: what it says, else what was there."""
    before = _NOBODY if old is None else old[1:]
    after = [had if said is None else said for said, had in zip(_said(row), before, strict=True)]
    if row.slack_id is None and after[_SLACK_ID] in claimed:
        after[_SLACK_ID] = None
    after[_SLACK_ID] = after[_SLACK_ID] or None
    after[_SLACK_TIMEZONE] = after[_SLACK_TIMEZONE] or None
    return tuple(after)


def _rename_managers(conn: Connection, rows: Sequence[PersonRow], known: Sequence[Row[Any] | None]) -> bool:
    """Lets the reports of people whose address changed follow them; True where any address changed."""
    renamed = [
        {"old": old.email, "new": row.email}
        for row, old in zip(rows, known, strict=True)
        if old is not None and old.email != row.email
    ]
    if renamed:
        conn.execute(
            update(people).where(people.c.manager_email == bindparam("old")).values(manager_email=bindparam("new")),
            renamed,
        )
    return bool(renamed)


def _free_slack_ids(conn: Connection, rows: Sequence[PersonRow], known: Sequence[Row[Any] | None], now_us: int) -> None:
    """Empties the ids that move to someone else: two people may swap theirs, and a database checks row by row."""
    moving = sorted(
        row.slack_id
        for row, old in zip(rows, known, strict=True)
        if row.slack_id and (old is None or old.slack_id != row.slack_id)
    )
    if moving:
        conn.execute(
            update(people).where(is_any(conn, people.c.slack_id, moving)).values(slack_id=None, updated_us=now_us)
        )


def _insert(conn: Connection, rows: list[tuple[Any, ...]], now_us: int) -> None:
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(_SAID))
        conn.exec_driver_sql(f"INSERT INTO people ({_NAMES}, updated_us) VALUES ({marks}, {now_us:d})", rows)
        return
    conn.exec_driver_sql(
        f"INSERT INTO people ({_NAMES}, updated_us) SELECT *, {now_us:d} FROM unnest({_ARRAYS})", _columns(rows)
    )


def _update(conn: Connection, rows: list[tuple[Any, ...]], now_us: int) -> None:
    """``rows``: the id, then the columns in the order of ``_SAID``."""
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        sets = ", ".join(f"{name} = ?{number}" for number, name in enumerate(_SAID, start=2))
        conn.exec_driver_sql(f"UPDATE people SET {sets}, updated_us = {now_us:d} WHERE id = ?1", rows)
        return
    sets = ", ".join(f"{name} = said.{name}" for name in _SAID)
    conn.exec_driver_sql(
        f"UPDATE people SET {sets}, updated_us = {now_us:d}"
        f" FROM unnest(%s::bigint[], {_ARRAYS}) AS said (id, {_NAMES}) WHERE people.id = said.id",
        _columns(rows),
    )


def _columns(rows: list[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


def _link_identities(conn: Connection, rows: Sequence[PersonRow], now_us: int) -> set[int]:
    """Gives people the identities that are theirs now; returns those whose aliases changed."""
    aliased = [row for row in rows if row.aliases]
    query = select(people.c.email, people.c.id).where(is_any(conn, people.c.email, [row.email for row in aliased]))
    ids = {row.email: row.id for row in conn.execute(query)} if aliased else {}
    claims = [AliasClaim(ids[row.email], aliases.source, aliases.names) for row in aliased for aliases in row.aliases]
    changed = link_aliases(conn, claims, now_us) if claims else set()
    link_by_email(conn)
    return changed
