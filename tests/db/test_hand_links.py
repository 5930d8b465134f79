"""A link made by hand stands above the directory until it is taken back, and rewrites no event."""

from __future__ import annotations

from datetime import date

import pytest

from db.directory import PersonRow, SourceAliases, person_by_email, upsert_people
from db.engine import Store
from db.hand_links import HandLinkError, link_by_hand, unlink_by_hand
from db.identities import known_names, resolve, unattributed
from db.ingest_tokens import PERSONAL_SOURCE, add_token
from db.tables import events, identities
from db.trail import COMMAND_LINE
from tests.builders import MONDAY_NOON, MONDAY_NOON_US, event, record, usage

DEVICE = ("otlp", "device-1")


def bring(store: Store, email: str, *aliases: str) -> int:
    """Imports the person with ``aliases`` as all their names in OTLP; their id."""
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email=email, aliases=(SourceAliases("otlp", aliases),))], 1)
        person = person_by_email(conn, email)
    assert person is not None
    return person.id


def see(store: Store, *names: tuple[str, str]) -> None:
    with store.write() as conn:
        resolve(conn, names, now_us=1)


def link(store: Store, name: tuple[str, str], person_id: int) -> None:
    with store.write() as conn:
        link_by_hand(conn, name, person_id, actor=COMMAND_LINE, now_us=MONDAY_NOON_US)


def unlink(store: Store, name: tuple[str, str]) -> int | None:
    with store.write() as conn:
        return unlink_by_hand(conn, name, actor=COMMAND_LINE, now_us=MONDAY_NOON_US)


def owner(store: Store, name: tuple[str, str]) -> tuple[int | None, str | None]:
    query = identities.select().where(identities.c.source == name[0], identities.c.external_id == name[1])
    with store.read() as conn:
        row = conn.execute(query).one()
        return row.person_id, row.linked_by


def test_what_nobody_answered_to_is_somebodys_at_once_and_no_event_is_touched(store: Store) -> None:
    ada = bring(store, "ada@acme.test")
    with store.write() as conn:
        record(conn, event(usage(), source="otlp", subject="device-1"))
        before = conn.execute(events.select()).all()
        assert len(unattributed(conn, MONDAY_NOON.date())) == 1
    link(store, DEVICE, ada)
    with store.read() as conn:
        assert unattributed(conn, date(2000, 1, 1)) == ()
        assert conn.execute(events.select()).all() == before
        assert known_names(conn) == (("device-1", ada),)
    assert owner(store, DEVICE) == (ada, "hand")


def test_no_import_takes_it_away(store: Store) -> None:
    ada, address = bring(store, "ada@acme.test"), ("otlp", "ben@acme.test")
    see(store, DEVICE, address)
    link(store, DEVICE, ada)
    link(store, address, ada)
    ben = bring(store, "ben@acme.test", "device-1")
    bring(store, "ada@acme.test")
    assert owner(store, DEVICE) == owner(store, address) == (ada, "hand")
    assert unlink(store, address) == ben
    assert unlink(store, DEVICE) is None
    bring(store, "ben@acme.test", "device-1")
    assert owner(store, DEVICE) == (ben, "alias")
    assert owner(store, address) == (ben, "email")


def test_it_can_be_made_again_for_somebody_else(store: Store) -> None:
    ada, ben = bring(store, "ada@acme.test"), bring(store, "ben@acme.test")
    see(store, DEVICE)
    link(store, DEVICE, ada)
    link(store, DEVICE, ben)
    assert owner(store, DEVICE) == (ben, "hand")


def test_an_address_that_was_linked_by_itself_may_be_given_to_somebody_else(store: Store) -> None:
    bring(store, "shared@acme.test")
    ada = bring(store, "ada@acme.test")
    see(store, ("otlp", "shared@acme.test"))
    link(store, ("otlp", "shared@acme.test"), ada)
    assert owner(store, ("otlp", "shared@acme.test")) == (ada, "hand")


def test_what_cannot_be_linked_is_refused_with_a_reason(store: Store) -> None:
    ada, ben = bring(store, "ada@acme.test", "device-1"), bring(store, "ben@acme.test")
    see(store, ("otlp", "device-2"), ("otlp", "ben@acme.test"))
    with store.write() as conn:
        add_token(conn, id="t1", door="otlp", person_id=ada, name="", hash=b"h", now_us=MONDAY_NOON_US)
    for name, reason in (
        (("otlp", "never"), "never reported"),
        (DEVICE, "change the alias:otlp column"),
        ((PERSONAL_SOURCE, "t1"), "for whom it was made"),
    ):
        with pytest.raises(HandLinkError, match=reason):
            link(store, name, ben)
    for name, reason in (
        (("otlp", "never"), "never reported"),
        (DEVICE, "is linked by alias, not by hand"),
        (("otlp", "device-2"), "belongs to nobody"),
        (("otlp", "ben@acme.test"), "is linked by email"),
    ):
        with pytest.raises(HandLinkError, match=reason):
            unlink(store, name)
    assert owner(store, (PERSONAL_SOURCE, "t1")) == (ada, "token")
