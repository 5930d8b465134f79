"""The directory: people by address and account, and what an import changes."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.directory import (
    DirectoryPerson,
    ImportReport,
    PersonRow,
    everyone,
    mark_welcomed,
    people_by_id,
    person_by_email,
    set_naming,
    unwelcomed,
    upsert_people,
)
from db.engine import Store
from db.slack_accounts import employee_by_slack_id


def bring(store: Store, *rows: PersonRow) -> ImportReport:
    with store.write() as conn:
        return upsert_people(conn, rows, now_us=1)


def find(store: Store, email: str) -> DirectoryPerson:
    with store.read() as conn:
        person = person_by_email(conn, email)
    assert person is not None
    return person


def test_people_are_found_by_address_account_and_id(store: Store) -> None:
    bring(store, PersonRow(email="ada@acme.test", slack_id="U1"), PersonRow(email="bo@acme.test"))
    ada = find(store, " Ada@ACME.test ")
    with store.read() as conn:
        assert employee_by_slack_id(conn, "U1") == ada
        assert employee_by_slack_id(conn, "U2") is None
        assert person_by_email(conn, "nobody@acme.test") is None
        assert people_by_id(conn, [ada.id, -1]) == {ada.id: ada}
        assert people_by_id(conn, []) == {}
        assert [person.email for person in everyone(conn)] == ["ada@acme.test", "bo@acme.test"]


def test_someone_new_is_active_and_otherwise_as_told(store: Store) -> None:
    assert bring(store, PersonRow(email="ada@acme.test", team="core")) == ImportReport(1, 0, 0)
    ada = find(store, "ada@acme.test")
    assert ada == DirectoryPerson(
        id=ada.id,
        email="ada@acme.test",
        name="",
        slack_id=None,
        slack_timezone=None,
        manager_email="",
        team="core",
        function="",
        region="",
        seniority="",
        maturity="",
        tier="",
        cohort="",
        is_active=True,
        naming=None,
        welcomed_us=None,
    )


def test_an_import_leaves_what_it_does_not_mention(store: Store) -> None:
    bring(store, PersonRow(email="ada@acme.test", name="Ada", team="core", slack_id="U1"))
    assert bring(store, PersonRow(email="ada@acme.test", team="")) == ImportReport(0, 1, 0)
    ada = find(store, "ada@acme.test")
    assert (ada.name, ada.team, ada.slack_id) == ("Ada", "", "U1")
    assert bring(store, PersonRow(email="ada@acme.test")) == ImportReport(0, 0, 1)


def test_what_people_decided_outlasts_an_import(store: Store) -> None:
    bring(store, PersonRow(email="ada@acme.test", slack_id="U1"))
    ada = find(store, "ada@acme.test")
    with store.write() as conn:
        set_naming(conn, ada.id, "unnamed", now_us=2)
        mark_welcomed(conn, ada.id, "opt_out", now_us=3)
        mark_welcomed(conn, ada.id, "opt_out", now_us=4)
    bring(store, PersonRow(email="ada@acme.test", name="Ada"))
    again = find(store, "ada@acme.test")
    assert (again.naming, again.welcomed_us) == ("unnamed", 3)
    with store.write() as conn:
        set_naming(conn, ada.id, None, now_us=5)
    assert find(store, "ada@acme.test").naming is None


def test_an_unknown_wish_about_naming_is_refused(store: Store) -> None:
    with store.write() as conn, pytest.raises(ValueError, match='"named", "unnamed" or None'):
        set_naming(conn, 1, "maybe", now_us=1)


def test_only_active_people_whom_slack_reaches_wait_for_their_welcome(store: Store) -> None:
    bring(
        store,
        PersonRow(email="ada@acme.test", slack_id="U1"),
        PersonRow(email="bo@acme.test"),
        PersonRow(email="cy@acme.test", slack_id="U3", is_active=False),
        PersonRow(email="di@acme.test", slack_id="U4"),
    )
    with store.write() as conn:
        mark_welcomed(conn, find(store, "di@acme.test").id, "opt_out", now_us=1)
    with store.read() as conn:
        assert [person.email for person in unwelcomed(conn, "opt_out")] == ["ada@acme.test"]


def test_two_people_may_swap_their_accounts(store: Store) -> None:
    bring(store, PersonRow(email="ada@acme.test", slack_id="U1"), PersonRow(email="bo@acme.test", slack_id="U2"))
    bring(store, PersonRow(email="ada@acme.test", slack_id="U2"), PersonRow(email="bo@acme.test", slack_id="U1"))
    assert find(store, "ada@acme.test").slack_id == "U2"
    assert find(store, "bo@acme.test").slack_id == "U1"


def test_an_account_that_moves_is_taken_from_whoever_had_it(store: Store) -> None:
    bring(store, PersonRow(email="ada@acme.test", slack_id="U1"), PersonRow(email="bo@acme.test", slack_id="U2"))
    bring(store, PersonRow(email="ada@acme.test"), PersonRow(email="cy@acme.test", slack_id="U1"))
    bring(store, PersonRow(email="ada@acme.test", slack_id="U2"))
    with store.read() as conn:
        accounts = {person.email: person.slack_id for person in everyone(conn)}
    assert accounts == {"ada@acme.test": "U2", "bo@acme.test": None, "cy@acme.test": "U1"}


def test_a_new_address_with_a_known_account_is_the_same_person(store: Store) -> None:
    bring(
        store,
        PersonRow(email="byron@acme.test", slack_id="U1", team="core"),
        PersonRow(email="bo@acme.test", manager_email="byron@acme.test"),
    )
    before = find(store, "byron@acme.test")
    assert bring(store, PersonRow(email="lovelace@acme.test", slack_id="U1")) == ImportReport(0, 1, 0)
    assert find(store, "lovelace@acme.test") == msgspec.structs.replace(before, email="lovelace@acme.test")
    assert find(store, "bo@acme.test").manager_email == "lovelace@acme.test"


words = st.sampled_from([None, "", "x", "y"])


@given(
    rows=st.lists(
        st.builds(
            PersonRow,
            email=st.sampled_from("abcdef").map(lambda letter: f"{letter}@acme.test"),
            name=words,
            team=words,
            slack_id=st.sampled_from([None, "U1", "U2", "U3"]),
            is_active=st.sampled_from([None, True, False]),
        ),
        unique_by=(lambda row: row.email, lambda row: row.slack_id or row.email),
    ),
    earlier=st.lists(st.sampled_from("abcdef"), unique=True),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_import_done_twice_changes_nothing_the_second_time(
    sqlite_store: Store, rows: list[PersonRow], earlier: list[str]
) -> None:
    bring(sqlite_store, *(PersonRow(email=f"{letter}@acme.test") for letter in earlier))
    bring(sqlite_store, *rows)
    with sqlite_store.read() as conn:
        before = everyone(conn)
    assert bring(sqlite_store, *rows) == ImportReport(0, 0, len(rows))
    with sqlite_store.read() as conn:
        assert everyone(conn) == before
