"""Which program was in force when."""

from __future__ import annotations

from db.engine import Store
from db.programs import RecordedProgram, program_at, record_program


def test_before_any_program_there_is_none(store: Store) -> None:
    with store.read() as conn:
        assert program_at(conn, 1) is None


def test_a_version_is_recorded_when_it_changes(store: Store) -> None:
    with store.write() as conn:
        assert record_program(conn, "one", "v1", 10)
        assert not record_program(conn, "one, with a comment", "v1", 20)
        assert record_program(conn, "two", "v2", 30)
        assert record_program(conn, "one", "v1", 40)
    with store.read() as conn:
        versions = [(at.version, at.since_us) for us in (10, 29, 30, 39, 40, 99) if (at := program_at(conn, us))]
    assert versions == [("v1", 10), ("v1", 10), ("v2", 30), ("v2", 30), ("v1", 40), ("v1", 40)]


def test_the_time_before_the_first_program_is_judged_by_it(store: Store) -> None:
    with store.write() as conn:
        record_program(conn, "one", "v1", 10)
        record_program(conn, "two", "v2", 20)
        assert program_at(conn, 5) == RecordedProgram("v1", "one", 10)


def test_of_two_at_the_same_moment_the_later_one_holds(store: Store) -> None:
    with store.write() as conn:
        record_program(conn, "one", "v1", 10)
        record_program(conn, "two", "v2", 10)
        newest = program_at(conn, 10)
        assert newest is not None
        assert newest.version == "v2"
