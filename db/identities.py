"""Identities: the names by which producers know people, and to whom each belongs.

Who owns an identity follows from the directory alone, in whatever order events, aliases and people arrive:
the person whose alias it is, else the person whose e-mail it is, else nobody yet. Two kinds of link stand above the
directory, and no import changes them: those made by hand (``db.hand_links``) and the identity of a personal token.
An identity whose person was erased (``db.erasure``) is nobody's for ever, under a name that leads to nobody.
Linking touches this table only, no event.

An identity is asserted where a sender that nothing proves to be that person has used the name, even once; else proved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, Row, func, literal, select, text, union_all, update

from db.many import is_any
from db.tables import activity_days, identities, people, usage_days

SourceName: TypeAlias = tuple[str, str]  # (source, external id)

_ABOVE_THE_DIRECTORY = ("hand", "token", "erased")
_IS_NOT_ERASED = identities.c.linked_by.is_distinct_from("erased")
_LINK_LOCK = 0x62616E64_6C696E6B  # "bandlink": any number that no other advisory lock uses
_FIND = {
    "sqlite": (
        "SELECT i.id, i.source, i.external_id, i.person_id, i.linked_by, i.is_asserted FROM json_each(?) AS wanted"
        " CROSS JOIN identities AS i"
        " WHERE i.source = json_extract(wanted.value, '$[0]') AND i.external_id = json_extract(wanted.value, '$[1]')"
    ),
    "postgresql": (
        "SELECT i.id, i.source, i.external_id, i.person_id, i.linked_by, i.is_asserted"
        " FROM unnest(%s::text[], %s::text[]) AS wanted (source, external_id)"
        " JOIN identities AS i USING (source, external_id)"
    ),
}
_COLUMNS = "source, external_id, person_id, linked_by, created_us"
_CREATE = {
    "sqlite": f"INSERT INTO identities ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "postgresql": (
        f"INSERT INTO identities ({_COLUMNS})"
        " SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[]) ON CONFLICT DO NOTHING"
    ),
}


class AliasClaim(msgspec.Struct, frozen=True):
    """What the directory says ``source`` calls a person: these names and no others."""

    person_id: int
    source: str
    names: tuple[str, ...]


class UnattributedIdentity(msgspec.Struct, frozen=True):
    """Someone whom a producer reports and nobody of the directory answers to. ``events`` counts calls and all else.

    ``last_day``: the program's local day on which they were last seen.
    """

    source: str
    external_id: str
    calls: int
    tokens: int
    cost_nanousd: int
    events: int
    last_day: date | None = None
    is_asserted: bool = False


class AttributionShare(msgspec.Struct, frozen=True):
    """How much of a source's events and tokens belongs to people of the directory. Metrics bring tokens without events."""

    source: str
    events: int
    attributed_events: int
    tokens: int = 0
    attributed_tokens: int = 0


def resolve(
    conn: Connection, names: Collection[SourceName], now_us: int, asserted: Collection[SourceName] = ()
) -> dict[SourceName, int]:
    """The identity id of each name; names never seen get a row, linked at once where they are someone's e-mail.

    ``asserted``: those whom the sender itself names without a proof; an identity once asserted stays so.
    Safe when several processes do the same: rows are created in sorted order, and the first one stays.
    """
    found = [*_find(conn, names)]
    missing = sorted(set(names) - {(row.source, row.external_id) for row in found})
    if missing:
        _hold_links(conn, is_changing=False)
        owners = _people_by_email(conn, {name.lower() for _, name in missing if "@" in name})
        rows = []
        for source, name in missing:
            owner = owners.get(name.lower())
            rows.append((source, name, owner, None if owner is None else "email", now_us))
        _create(conn, rows)
        found += _find(conn, missing)
    weakened = [row.id for row in found if not row.is_asserted and (row.source, row.external_id) in asserted]
    _mark_asserted(conn, weakened)
    return {(row.source, row.external_id): row.id for row in found}


def begin_linking(conn: Connection) -> None:
    """Waits until nobody else creates or links identities, and keeps them off until the transaction ends.

    Without it a person imported while their first event is being written would miss that identity.
    """
    _hold_links(conn, is_changing=True)


def keep_links(conn: Connection) -> None:
    """Waits until nobody changes links or is erased, and keeps whoever would off until the transaction ends."""
    _hold_links(conn, is_changing=False)


def alias_holders(conn: Connection, names: Collection[SourceName]) -> dict[SourceName, int]:
    """To which person each of ``names`` belongs by alias; names that nobody holds so are left out."""
    return {(row.source, row.external_id): row.person_id for row in _find(conn, names) if row.linked_by == "alias"}


def link_aliases(conn: Connection, claims: Sequence[AliasClaim], now_us: int) -> set[int]:
    """Makes the aliases of each claimed source what the claims say; returns the people for whom that changed anything.

    A name no longer claimed goes back to whoever has it as e-mail (``link_by_email`` does that), or to nobody.
    """
    wanted = {(claim.source, name): claim.person_id for claim in claims for name in claim.names}
    claimed = {(claim.source, claim.person_id) for claim in claims}
    current = {(row.source, row.external_id): row for row in _find(conn, wanted)}
    changed: set[int] = set()
    released = []
    for row in _aliases_of(conn, {claim.source for claim in claims}):
        if (row.source, row.person_id) in claimed and (row.source, row.external_id) not in wanted:
            released.append(row.id)
            changed.add(row.person_id)
    to_create: list[tuple[str, str, int, str, int]] = []
    to_link: list[tuple[int, int | None, str | None]] = [(identity_id, None, None) for identity_id in released]
    for (source, name), person_id in sorted(wanted.items()):
        known = current.get((source, name))
        if known is None:
            to_create.append((source, name, person_id, "alias", now_us))
        elif known.linked_by in _ABOVE_THE_DIRECTORY:
            continue
        elif (known.person_id, known.linked_by) != (person_id, "alias"):
            to_link.append((known.id, person_id, "alias"))
            changed |= {known.person_id} if known.linked_by == "alias" else set()
        else:
            continue
        changed.add(person_id)
    _link(conn, to_link)
    _create(conn, to_create)
    return changed


def link_by_email(conn: Connection) -> int:
    """Links every identity that is nobody's and reads as a person's e-mail; returns how many."""
    rows = conn.execute(
        select(identities.c.id, identities.c.external_id).where(
            identities.c.person_id.is_(None), identities.c.external_id.contains("@")
        )
    ).all()
    owners = _people_by_email(conn, {row.external_id.lower() for row in rows})
    links = [(row.id, owners[row.external_id.lower()], "email") for row in rows if row.external_id.lower() in owners]
    _link(conn, links)
    return len(links)


def known_names(conn: Connection) -> tuple[tuple[str, int], ...]:
    """The names that are somebody's by alias or by hand, and whose, of whatever source."""
    query = (
        select(identities.c.external_id, identities.c.person_id)
        .where(identities.c.linked_by.in_(("alias", "hand")))
        .order_by(identities.c.id)
    )
    return tuple((row.external_id, row.person_id) for row in conn.execute(query))


def unlinked(conn: Connection, names: Collection[SourceName]) -> set[SourceName]:
    """Those of ``names`` that belong to nobody yet."""
    linked = {(row.source, row.external_id) for row in _find(conn, names) if row.person_id is not None}
    return set(names) - linked


def unattributed(conn: Connection, since_day: date) -> tuple[UnattributedIdentity, ...]:
    """Whom nobody answers to and what came under their name since ``since_day``, most events first."""
    volume = _volume(since_day)
    query = (
        select(
            identities.c.source,
            identities.c.external_id,
            volume.c.calls,
            volume.c.tokens,
            volume.c.cost_nanousd,
            volume.c.events,
            volume.c.last_day,
            identities.c.is_asserted,
        )
        .join(volume, volume.c.identity_id == identities.c.id)
        .where(identities.c.person_id.is_(None), _IS_NOT_ERASED)
    )
    found = [UnattributedIdentity(*_integers(row)) for row in conn.execute(query)]
    return tuple(sorted(found, key=lambda one: (-one.events, -one.tokens, one.source, one.external_id)))


def attribution_shares(conn: Connection, since_day: date) -> tuple[AttributionShare, ...]:
    """For each source that reported anything since ``since_day``: its events, and how many of them are someone's."""
    volume = _volume(since_day)
    is_somebodys = identities.c.person_id.is_not(None)
    query = (
        select(
            identities.c.source,
            func.sum(volume.c.events),
            func.sum(volume.c.events).filter(is_somebodys),
            func.sum(volume.c.tokens),
            func.sum(volume.c.tokens).filter(is_somebodys),
        )
        .join(volume, volume.c.identity_id == identities.c.id)
        .where(_IS_NOT_ERASED)
        .group_by(identities.c.source)
    )
    shares = [AttributionShare(*_integers(row)) for row in conn.execute(query)]
    return tuple(sorted(shares, key=lambda share: share.source))


def _volume(since_day: date) -> Any:
    """Calls, tokens, cost, events and the last day by identity since a day."""
    used = select(
        usage_days.c.identity_id,
        usage_days.c.calls,
        (
            usage_days.c.tokens_input
            + usage_days.c.tokens_output
            + usage_days.c.tokens_cache_read
            + usage_days.c.tokens_cache_write
        ).label("tokens"),
        usage_days.c.cost_nanousd,
        usage_days.c.calls.label("events"),
        usage_days.c.day,
    ).where(usage_days.c.day >= since_day)
    done = select(
        activity_days.c.identity_id, literal(0), literal(0), literal(0), activity_days.c.events, activity_days.c.day
    ).where(activity_days.c.day >= since_day)
    every = union_all(used, done).subquery()
    sums = [func.sum(every.c[name]).label(name) for name in ("calls", "tokens", "cost_nanousd", "events")]
    last_day = func.max(every.c.day).label("last_day")
    return select(every.c.identity_id, *sums, last_day).group_by(every.c.identity_id).subquery()


def _integers(row: Iterable[Any]) -> list[Any]:
    """The row with its sums as integers: PostgreSQL adds bigints up to a decimal, SQLite says NULL for none."""
    return [value if isinstance(value, str | date | bool) else int(value or 0) for value in row]


def _find(conn: Connection, names: Collection[SourceName]) -> Sequence[Row[Any]]:
    if not names:
        return ()
    statement = _FIND[conn.dialect.name]
    if conn.dialect.name == "sqlite":
        return conn.exec_driver_sql(statement, (msgspec.json.encode(list(names)).decode(),)).all()
    return conn.exec_driver_sql(statement, tuple(map(list, zip(*names, strict=True)))).all()


def _create(conn: Connection, rows: Sequence[tuple[str, str, int | None, str | None, int]]) -> None:
    if not rows:
        return
    statement = _CREATE[conn.dialect.name]
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(statement, list(rows))
        return
    conn.exec_driver_sql(statement, tuple(map(list, zip(*rows, strict=True))))


def _link(conn: Connection, links: Iterable[tuple[int, int | None, str | None]]) -> None:
    ordered = sorted(links, key=lambda link: link[0])
    if not ordered:
        return
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(
            "UPDATE identities SET person_id = ?2, linked_by = ?3 WHERE id = ?1",
            ordered,
        )
        return
    conn.exec_driver_sql(
        "UPDATE identities SET person_id = link.person_id, linked_by = link.linked_by"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS link (id, person_id, linked_by)"
        " WHERE identities.id = link.id",
        tuple(map(list, zip(*ordered, strict=True))),
    )


def _mark_asserted(conn: Connection, ids: Sequence[int]) -> None:
    if not ids:
        return
    _hold_links(conn, is_changing=False)
    is_one = is_any(conn, identities.c.id, ids)
    conn.execute(select(identities.c.id).where(is_one).order_by(identities.c.id).with_for_update())  # all in one order
    conn.execute(update(identities).where(is_one).values(is_asserted=True))


def _aliases_of(conn: Connection, sources: set[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    return conn.execute(
        select(identities.c.id, identities.c.source, identities.c.external_id, identities.c.person_id).where(
            identities.c.linked_by == "alias", identities.c.source.in_(sorted(sources))
        )
    ).all()


def _people_by_email(conn: Connection, emails: set[str]) -> dict[str, int]:
    if not emails:
        return {}
    query = select(people.c.email, people.c.id).where(is_any(conn, people.c.email, sorted(emails)))
    return {row.email: row.id for row in conn.execute(query)}


def _hold_links(conn: Connection, *, is_changing: bool) -> None:
    if conn.dialect.name == "sqlite":
        return  # one transaction writes at a time
    lock = "pg_advisory_xact_lock" if is_changing else "pg_advisory_xact_lock_shared"
    conn.execute(text(f"SELECT {lock}(:number)"), {"number": _LINK_LOCK})
