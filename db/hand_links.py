"""Links made by hand: what an operator knows of a name, above whatever the directory says of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from db.identities import SourceName, begin_linking, link_by_email
from db.tables import identities
from db.trail import Action, Deed, Fact, append, person


class HandLinkError(ValueError):
    """The identity cannot be linked or unlinked like this; the message says why and what to do."""


def link_by_hand(conn: Connection, name: SourceName, person_id: int, *, actor: str, now_us: int) -> None:
    """Makes ``name`` the person's until it is unlinked, whatever imports say. Raises ``HandLinkError``.

    ``actor``: who says so, as the audit trail names them.
    """
    begin_linking(conn)
    known = _require(conn, name)
    if known.linked_by == "token":
        raise HandLinkError("what comes with a personal token belongs to the person for whom it was made")
    if known.linked_by == "alias":
        raise HandLinkError(f"the directory has it as an alias; change the alias:{name[0]} column of the people file")
    if known.linked_by == "erased":
        raise HandLinkError("whoever it was has been erased, so it is nobody's for good")
    _link(conn, known.id, person_id, "hand")
    _record(conn, Action.IDENTITY_LINKED, name, known.id, person_id, actor, now_us)


def unlink_by_hand(conn: Connection, name: SourceName, *, actor: str, now_us: int) -> int | None:
    """Takes a link made by hand back; whose the name is then: the person's who has it as e-mail, or nobody's (None).

    An alias that an import claimed meanwhile holds from the next import on. Raises ``HandLinkError``.
    """
    begin_linking(conn)
    known = _require(conn, name)
    if known.linked_by != "hand":
        says = "belongs to nobody" if known.linked_by is None else f"is linked by {known.linked_by}, not by hand"
        raise HandLinkError(f"it {says}, so there is nothing to unlink")
    _link(conn, known.id, None, None)
    link_by_email(conn)
    owner: int | None = _require(conn, name).person_id
    _record(conn, Action.IDENTITY_UNLINKED, name, known.id, known.person_id, actor, now_us)
    return owner


def _record(
    conn: Connection, action: Action, name: SourceName, identity_id: int, person_id: int, actor: str, now_us: int
) -> None:
    facts: dict[str, Fact] = {"source": name[0], "identity": identity_id}
    append(conn, now_us, Deed(action, actor, person(person_id), facts=facts))


def _require(conn: Connection, name: SourceName) -> Row[*tuple[Any, ...]]:
    source, external_id = name
    query = select(identities.c.id, identities.c.person_id, identities.c.linked_by).where(
        identities.c.source == source, identities.c.external_id == external_id
    )
    row = conn.execute(query).first()
    if row is None:
        raise HandLinkError(f'{source} never reported anybody as "{external_id}"; see bandstand identities')
    return row


def _link(conn: Connection, identity_id: int, person_id: int | None, linked_by: str | None) -> None:
    conn.execute(
        update(identities).where(identities.c.id == identity_id).values(person_id=person_id, linked_by=linked_by)
    )
