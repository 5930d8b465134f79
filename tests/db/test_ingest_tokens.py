"""Tokens made here: live until revoked or until their person leaves, and when they were last used."""

from __future__ import annotations

import threading

import pytest

from db.directory import PersonRow, SourceAliases, person_by_email, upsert_people
from db.engine import Store
from db.ingest_tokens import (
    PERSONAL_SOURCE,
    LiveToken,
    add_token,
    all_tokens,
    live_token,
    live_tokens_of,
    record_token_uses,
    revoke_token,
)
from db.secret_uses import last_uses, record_secret_uses
from db.tables import identities


@pytest.fixture
def ada(store: Store) -> int:
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email="ada@acme.test")], 1)
        person = person_by_email(conn, "ada@acme.test")
    assert person is not None
    return person.id


def make(store: Store, id: str, person_id: int | None = None, now_us: int = 1) -> None:
    with store.write() as conn:
        add_token(conn, id=id, door="otlp", person_id=person_id, name="laptop", hash=b"\xff\x00", now_us=now_us)


def live(store: Store, id: str) -> LiveToken | None:
    return store.glance(lambda conn: live_token(conn, id))


def revoke(store: Store, id: str, person_id: int | None = None) -> bool:
    with store.write() as conn:
        return revoke_token(conn, id, now_us=9, person_id=person_id)


def test_a_token_lives_until_it_is_revoked(store: Store) -> None:
    make(store, "a")
    assert live(store, "a") == LiveToken("otlp", None, b"\xff\x00")
    assert revoke(store, "a")
    assert live(store, "a") is None
    assert not revoke(store, "a")
    assert not revoke(store, "b")
    with store.read() as conn:
        assert [(one.id, one.created_us, one.revoked_us) for one in all_tokens(conn)] == [("a", 1, 9)]


def test_a_personal_token_lives_as_long_as_its_person_works_here(store: Store, ada: int) -> None:
    make(store, "a", ada)
    assert live(store, "a") == LiveToken("otlp", ada, b"\xff\x00", "ada@acme.test")
    for is_active in (False, True):
        with store.write() as conn:
            upsert_people(conn, [PersonRow(email="ada@acme.test", is_active=is_active)], 2)
        assert (live(store, "a") is not None) == is_active


def test_it_brings_a_proved_identity_that_no_import_takes_away(store: Store, ada: int) -> None:
    make(store, "a", ada)
    claim = PersonRow(email="ben@acme.test", aliases=(SourceAliases(PERSONAL_SOURCE, ("a",)),))
    with store.write() as conn:
        upsert_people(conn, [claim], 2)
        rows = conn.execute(identities.select().where(identities.c.source == PERSONAL_SOURCE)).all()
    assert [(row.external_id, row.person_id, row.linked_by, row.is_asserted) for row in rows] == [
        ("a", ada, "token", False)
    ]


def test_nobody_revokes_a_token_of_somebody_else(store: Store, ada: int) -> None:
    make(store, "a", ada)
    make(store, "program")
    assert not revoke(store, "a", person_id=ada + 1)
    assert not revoke(store, "program", person_id=ada)
    assert revoke(store, "a", person_id=ada)


def test_ones_own_tokens_are_listed_while_they_live(store: Store, ada: int) -> None:
    make(store, "new", ada, now_us=2)
    make(store, "old", ada, now_us=1)
    make(store, "gone", ada)
    make(store, "program")
    revoke(store, "gone")
    with store.read() as conn:
        assert [one.id for one in live_tokens_of(conn, ada)] == ["old", "new"]


def test_two_that_count_before_they_add_never_exceed_the_limit_together(store: Store, ada: int) -> None:
    start = threading.Barrier(4)

    def add(seed: int) -> None:
        start.wait()
        for number in range(5):
            with store.write() as conn:
                if len(live_tokens_of(conn, ada)) < 5:
                    id = f"{seed}-{number}"
                    add_token(conn, id=id, door="otlp", person_id=ada, name="", hash=b"h", now_us=1)

    threads = [threading.Thread(target=add, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        assert len(live_tokens_of(conn, ada)) == 5


def test_the_last_use_only_moves_forward(store: Store) -> None:
    make(store, "a")
    make(store, "b")
    for uses in ({"a": 5, "b": 4}, {"a": 3}, {}, {"b": 6, "unknown": 7}):
        with store.write() as conn:
            record_token_uses(conn, uses)
            record_secret_uses(conn, {("events", id): at for id, at in uses.items()})
    with store.read() as conn:
        assert {one.id: one.last_used_us for one in all_tokens(conn)} == {"a": 5, "b": 6}
        assert last_uses(conn) == {("events", "a"): 5, ("events", "b"): 6, ("events", "unknown"): 7}
