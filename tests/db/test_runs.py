"""A slot of a job is taken once, by whoever commits it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from db.engine import Store
from db.runs import begin_run, last_run, scopes_run


def begin(store: Store, slot: str = "2026-W23", scope: str = "C1", now_us: int = 1) -> bool:
    with store.write() as conn:
        return begin_run(conn, "digest", scope, slot, now_us)


def test_a_slot_is_taken_once(store: Store) -> None:
    assert begin(store)
    assert not begin(store)


def test_scopes_and_slots_are_apart(store: Store) -> None:
    assert begin(store, scope="C1")
    assert begin(store, scope="C2")
    assert begin(store, slot="2026-W24")
    with store.read() as conn:
        assert scopes_run(conn, "digest", "2026-W23") == {"C1", "C2"}


def test_a_run_that_fails_leaves_the_slot_free(store: Store) -> None:
    def begin_and_fail() -> None:
        with store.write() as conn:
            assert begin_run(conn, "digest", "C1", "2026-W23", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()
    assert begin(store)


def test_of_many_who_try_at_once_one_gets_each_slot(store: Store) -> None:
    slots = [f"2026-W{week:02}" for week in range(1, 13)]
    with ThreadPoolExecutor(6) as threads:
        taken = list(threads.map(lambda slot: begin(store, slot), slots * 6))
    assert sum(taken) == len(slots)


def test_the_last_run_is_the_latest(store: Store) -> None:
    begin(store, slot="2026-W22", now_us=1)
    begin(store, slot="2026-W23", now_us=2)
    with store.read() as conn:
        latest = last_run(conn, "digest", "C1")
        assert last_run(conn, "digest", "C2") is None
    assert latest is not None
    assert (latest.slot, latest.started_us) == ("2026-W23", 2)
