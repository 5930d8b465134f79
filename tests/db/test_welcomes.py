"""Told is whoever's welcome Slack has taken."""

from __future__ import annotations

from sqlalchemy import select

from db.directory import PersonRow, people_by_id, upsert_people
from db.engine import Store
from db.outbox import post
from db.tables import outbox
from db.welcomes import record_told, welcome_key, without_welcome
from tests.builders import MONDAY_NOON_US


def hire(store: Store, *slack_ids: str) -> None:
    rows = [PersonRow(f"{slack_id.lower()}@acme.test", slack_id=slack_id) for slack_id in slack_ids]
    with store.write() as conn:
        upsert_people(conn, rows, MONDAY_NOON_US)


def queue(store: Store, dedupe_key: str, kind: str = "welcome") -> int:
    with store.write() as conn:
        post(conn, dedupe_key=dedupe_key, kind=kind, recipient="U1", message="{}", priority=1, now_us=MONDAY_NOON_US)
        return conn.scalars(select(outbox.c.id).where(outbox.c.dedupe_key == dedupe_key)).one()


def waiting(store: Store, rule: str = "opt_out") -> list[str | None]:
    with store.read() as conn:
        return [person.slack_id for person in without_welcome(conn, rule)]


def told_us(store: Store, person_id: int) -> int | None:
    with store.read() as conn:
        return people_by_id(conn, [person_id])[person_id].welcomed_us


def test_whose_welcome_is_on_its_way_waits_for_no_second_one(store: Store) -> None:
    hire(store, "U1", "U2")
    assert waiting(store) == ["U1", "U2"]
    queue(store, welcome_key(1, "opt_out"))
    assert waiting(store) == ["U2"]


def test_a_person_is_told_when_slack_has_the_welcome_and_not_before(store: Store) -> None:
    hire(store, "U1")
    parcel = queue(store, welcome_key(1, "opt_out"))
    assert told_us(store, 1) is None
    with store.write() as conn:
        record_told(conn, parcel, MONDAY_NOON_US + 5)
    assert told_us(store, 1) == MONDAY_NOON_US + 5


def test_other_messages_tell_nobody(store: Store) -> None:
    hire(store, "U1")
    parcel = queue(store, "digest/C1/2026-W23", kind="digest")
    with store.write() as conn:
        record_told(conn, parcel, MONDAY_NOON_US)
    assert told_us(store, 1) is None


def test_who_was_told_that_nobody_is_named_waits_for_another_welcome_once_people_are(store: Store) -> None:
    hire(store, "U1")
    parcel = queue(store, welcome_key(1, "off"))
    with store.write() as conn:
        record_told(conn, parcel, MONDAY_NOON_US)
    assert (waiting(store, "off"), waiting(store, "opt_in")) == ([], [])
    assert waiting(store, "opt_out") == ["U1"]
    again = queue(store, welcome_key(1, "opt_out"))
    with store.write() as conn:
        record_told(conn, again, MONDAY_NOON_US + 9)
    assert waiting(store, "opt_out") == []
    assert told_us(store, 1) == MONDAY_NOON_US  # the first time stays
