"""The audit trail: one chain that shows every change to what was written, whoever writes at the same time."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update

from db.engine import Store, open_store
from db.tables import trail, trail_head
from db.trail import COMMAND_LINE, NO_HASH, SCHEDULE, Action, Deed, TrailHead, append, head, person, trail_rows
from db.trail_check import TrailCheck, check_trail
from tests.builders import undone

ANY_CHARACTER = st.characters(exclude_categories=())  # halves of surrogate pairs included


def deed(**changes: Any) -> Deed:
    return Deed(**{"action": Action.NAMING_CHOSEN, "actor": person(7), "about": person(7), **changes})


def checked(conn: Connection, anchor: TrailHead | None = None) -> tuple[int | None, str]:
    found = check_trail(conn, anchor)
    return found.broken_at, found.fault


def write(store: Store, count: int = 5) -> None:
    for number in range(count):
        with store.write() as conn:
            append(conn, 100 + number, deed(facts={"choice": number}, reason=f"because of {number}"))


def test_what_was_done_is_on_record_in_order(store: Store) -> None:
    with store.write() as conn:
        append(conn, 10, deed(), Deed(Action.REPRICED, SCHEDULE, facts={"calls": 3, "changed": True, "rate": 0.5}))
        append(conn, 5, deed(actor=COMMAND_LINE, about="token:abc", reason="Lost."))
        rows = list(trail_rows(conn))
    assert [(row.number, row.at_us, row.actor, row.action, row.about, row.facts, row.reason) for row in rows] == [
        (1, 10, "person:7", "naming_chosen", "person:7", "{}", None),
        (2, 10, "schedule", "repriced", "", '{"calls":3,"changed":true,"rate":0.5}', None),
        (3, 5, "command line", "naming_chosen", "token:abc", "{}", "Lost."),
    ]


def test_rows_are_found_by_whom_they_are_about_who_acted_and_when(store: Store) -> None:
    with store.write() as conn:
        append(conn, 10, deed(), deed(actor=COMMAND_LINE, about="token:abc"))
        append(conn, 20, deed(about=person(70)))

        def numbers(**wanted: Any) -> list[int]:
            return [row.number for row in trail_rows(conn, **wanted)]

        assert numbers(about=person(7)) == [1]
        assert numbers(actor=COMMAND_LINE) == [2]
        assert numbers(since_us=20) == [3]
        assert numbers(actor=person(7), since_us=10) == [1, 3]


def test_a_deed_that_is_rolled_back_leaves_no_gap(store: Store) -> None:
    write(store, 1)
    with undone(store) as conn:
        append(conn, 1, deed())
    write(store, 1)
    with store.read() as conn:
        assert [row.number for row in trail_rows(conn)] == [1, 2]
        assert check_trail(conn) == TrailCheck(head(conn))


def test_the_hashed_body_names_nobody_by_address(store: Store) -> None:
    facts = {"who": "ada@acme.test", "models": ["claude@20240620", 'x ben@acme.test" y'], "cleo@acme.test": 1}
    with store.write() as conn:
        append(conn, 1, deed(about="board:ada@acme.test", facts=facts))
        (row,) = trail_rows(conn)
    assert row.about == "(address)"
    assert json.loads(row.facts) == {"who": "(address)", "models": ["claude@20240620", "x (address) y"], "(address)": 1}


def test_only_those_whom_the_trail_knows_act(store: Store) -> None:
    with undone(store) as conn, pytest.raises(ValueError, match="actor"):
        append(conn, 1, deed(actor="ada@acme.test"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text(ANY_CHARACTER),
            st.dictionaries(st.text(ANY_CHARACTER), st.text(ANY_CHARACTER) | st.integers(-(2**53), 2**53)),
        )
    )
)
def test_anybody_can_recompute_the_chain_from_what_is_documented(store: Store, deeds: list[tuple[str, Any]]) -> None:
    with undone(store) as conn:
        append(conn, 1, *(deed(reason=reason, facts=facts) for reason, facts in deeds))
        before = NO_HASH
        for row in trail_rows(conn):
            reason = row.reason_hash.hex() if row.reason_hash else None
            body = [row.number, row.at_us, row.actor, row.action, row.about, row.facts, reason]
            text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
            before = hashlib.sha256(before + text.encode()).digest()
            assert row.hash == before
        assert checked(conn) == (None, "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at_us", 1),
        ("actor", "person:8"),
        ("action", "viewed"),
        ("about", "person:8"),
        ("facts", '{"choice":9}'),
        pytest.param("reason_hash", bytes(32), id="reason_hash"),
        ("reason_hash", None),
        pytest.param("hash", bytes(32), id="hash"),
    ],
)
def test_any_change_to_a_row_is_found_at_that_row(store: Store, column: str, value: object) -> None:
    write(store)
    with undone(store) as conn:
        conn.execute(update(trail).where(trail.c.number == 3).values({column: value}))
        assert checked(conn) == (3, "row 3 or what stands before it is not what was written")


def test_a_reason_that_was_rewritten_or_taken_away_is_found(store: Store) -> None:
    write(store)
    third = trail.c.number == 3
    with undone(store) as conn:
        conn.execute(update(trail).where(third).values(reason="because I say so"))
        assert checked(conn) == (3, "the reason in row 3 is not the one that was written")
    with undone(store) as conn:
        conn.execute(update(trail).where(third).values(reason=None, reason_salt=None))
        assert checked(conn) == (3, "the reason in row 3 is gone, and no erasure took it")
        append(conn, 200, Deed(Action.ERASED, COMMAND_LINE, person(7), facts={"reasons_erased": [3]}))
        assert checked(conn) == (None, "")


def test_rows_that_are_missing_or_too_many_are_found(store: Store) -> None:
    write(store)
    with undone(store) as conn:
        conn.execute(delete(trail).where(trail.c.number == 2))
        assert checked(conn) == (2, "row 2 is gone; the next one is 3")
    with undone(store) as conn:
        conn.execute(delete(trail).where(trail.c.number > 3))
        assert checked(conn) == (4, "the end of the chain was row 5, and the last row is 3")
    with undone(store) as conn:
        conn.execute(delete(trail))
        assert checked(conn) == (1, "the end of the chain was row 5, and the last row is 0")
    with undone(store) as conn:
        conn.execute(delete(trail_head))
        assert checked(conn) == (1, "the end of the chain is not on record any more")
    with undone(store) as conn:
        end = head(conn)
        append(conn, 200, deed())
        conn.execute(update(trail_head).values(number=end.number, hash=end.hash))
        assert checked(conn) == (6, "the end of the chain was row 5, and the last row is 6")
    with undone(store) as conn:
        conn.execute(update(trail_head).values(hash=bytes(32)))
        assert checked(conn) == (5, "row 5 is another than the one that was noted: the trail was written anew")


def test_an_end_that_was_noted_elsewhere_shows_a_trail_that_was_cut_or_written_anew(store: Store) -> None:
    write(store, 3)
    with store.read() as conn:
        noted = head(conn)
    write(store, 2)
    with store.read() as conn:
        assert checked(conn, noted) == (None, "")
    with undone(store) as conn:
        conn.execute(delete(trail))
        conn.execute(update(trail_head).values(number=0, hash=NO_HASH))
        assert checked(conn) == (None, "")  # nothing in the database itself can show this
        assert checked(conn, noted) == (1, "row 3 was noted, and the last row is 0")
        append(conn, 1, *[deed()] * 4)
        assert checked(conn, noted) == (3, "row 3 is another than the one that was noted: the trail was written anew")


def test_several_who_write_at_once_make_one_chain_without_gaps(store_url: str) -> None:
    stores = [open_store(store_url) for _ in range(3)]
    stores[0].migrate()

    def write_some(number: int) -> None:
        for turn in range(10):
            with stores[number % 3].write() as conn:
                append(conn, turn, deed(actor=person(number)), deed(actor=person(number)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write_some, range(6)))
    with stores[0].read() as conn:
        rows = list(trail_rows(conn))
        assert [row.number for row in rows] == list(range(1, 121))
        assert checked(conn) == (None, "")
        for number in range(6):
            assert sum(row.actor == person(number) for row in rows) == 20
    for store in stores:
        store.close()
