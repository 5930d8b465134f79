"""Disputes: who opened, who answered, when, and what is open at a moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from db.directory import everyone
from db.disputes import (
    Dispute,
    DisputeRefused,
    dispute_of,
    disputes_of,
    end_dispute,
    every_dispute,
    last_upheld_us,
    open_dispute,
    open_disputes,
    upheld_since,
)
from db.engine import Store
from scoring.disputes import Consequence, DisputeState, DisputeSubject, Matter
from tests.bot.jobs.company import NAMES, hire
from tests.builders import MONDAY_NOON_US

DAY_US = 24 * 3_600_000_000
OPEN, UPHELD, DECLINED, WITHDRAWN = DisputeState
BAND = Matter(DisputeSubject.BAND)


@pytest.fixture
def ids(store: Store) -> dict[str, int]:
    hire(store)
    with store.read() as conn:
        return {one.name: one.id for one in everyone(conn)}


def disputed(store: Store, person_id: int, matter: Matter = BAND, **changes: Any) -> Dispute:
    values = {
        "what": "My band",
        "why": "a migration",
        "evidence": ("one", "two"),
        "program_version": "v1",
        "at_us": MONDAY_NOON_US,
        "due_us": MONDAY_NOON_US + 7 * DAY_US,
        **changes,
    }
    with store.write() as conn:
        return open_dispute(conn, person_id=person_id, matter=matter, **values)


def end(store: Store, id: int, state: DisputeState, by_id: int, day: int = 1, **changes: Any) -> Dispute:
    with store.write() as conn:
        return end_dispute(conn, id, state, by_id=by_id, at_us=MONDAY_NOON_US + day * DAY_US, **changes)


def test_what_was_put_down_is_what_is_read(store: Store, ids: dict[str, int]) -> None:
    opened = disputed(store, ids["Ada"])
    with store.read() as conn:
        assert dispute_of(conn, opened.id) == opened
        assert dispute_of(conn, opened.id + 1) is None
        assert disputes_of(conn, ids["Ada"]) == (opened,)
        assert disputes_of(conn, ids["Bea"]) == ()
    assert (opened.state, opened.evidence) == (OPEN, ("one", "two"))


def test_the_soonest_due_comes_first_and_what_is_ended_waits_no_more(store: Store, ids: dict[str, int]) -> None:
    late, soon, done = (
        disputed(store, ids[name], due_us=MONDAY_NOON_US + days * DAY_US)
        for name, days in (("Ada", 9), ("Bea", 3), ("Cem", 5))
    )
    end(store, done.id, DECLINED, ids["Dov"])
    with store.read() as conn:
        assert [one.id for one in open_disputes(conn)] == [soon.id, late.id]
        assert [one.id for one in every_dispute(conn)] == [done.id, soon.id, late.id]


@pytest.mark.parametrize(
    ("state", "who", "said"),
    [
        (UPHELD, "Ada", "nobody answers a dispute of their own"),
        (DECLINED, "Ada", "nobody answers a dispute of their own"),
        (WITHDRAWN, "Bea", "only whoever opened"),
        (OPEN, "Bea", "cannot become open"),
    ],
)
def test_who_may_not_does_not(store: Store, ids: dict[str, int], state: DisputeState, who: str, said: str) -> None:
    opened = disputed(store, ids["Ada"])
    with pytest.raises(DisputeRefused, match=said):
        end(store, opened.id, state, ids[who])


def test_what_is_ended_stays_so(store: Store, ids: dict[str, int]) -> None:
    for number, state in enumerate((UPHELD, DECLINED, WITHDRAWN)):
        opened = disputed(store, ids["Ada"], at_us=MONDAY_NOON_US + number)
        end(store, opened.id, state, ids["Ada" if state is WITHDRAWN else "Bea"])
        for following in DisputeState:
            with pytest.raises(DisputeRefused, match=f"is {state} and cannot become"):
                end(store, opened.id, following, ids["Bea"])


def test_jobs_know_what_was_upheld_and_whose_band_it_touches(store: Store, ids: dict[str, int]) -> None:
    score = Matter(DisputeSubject.SCORE, "outcome")
    with store.read() as conn:
        assert last_upheld_us(conn) == 0
    cases = (
        ("Ada", BAND, UPHELD, Consequence.RECOMPUTED),
        ("Bea", score, UPHELD, Consequence.RECOMPUTED),
        ("Cem", score, UPHELD, Consequence.FLAGS_DISMISSED),
        ("Dov", BAND, DECLINED, Consequence.NOTHING),
    )
    for day, (name, matter, state, what) in enumerate(cases, start=1):
        end(store, disputed(store, ids[name], matter).id, state, ids["Eli"], day, consequence=what)
    with store.read() as conn:
        assert last_upheld_us(conn) == MONDAY_NOON_US + 3 * DAY_US
        assert upheld_since(conn, MONDAY_NOON_US) == {ids["Ada"], ids["Cem"]}
        assert upheld_since(conn, MONDAY_NOON_US + DAY_US) == {ids["Cem"]}


def test_a_hundred_answers_at_once_are_one(store: Store, ids: dict[str, int]) -> None:
    opened = disputed(store, ids["Ada"])

    def answer(number: int) -> bool:
        try:
            end(store, opened.id, (UPHELD, DECLINED)[number % 2], ids[NAMES[1 + number % 8]])
        except DisputeRefused:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(answer, range(100))) == 1
    with store.read() as conn:
        found = dispute_of(conn, opened.id)
    assert found is not None
    assert len(found.steps) == 2


def test_a_hundred_forms_sent_at_once_open_one(store: Store, ids: dict[str, int]) -> None:
    def send(_number: int) -> bool:
        try:
            disputed(store, ids["Ada"])
        except DisputeRefused:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(send, range(100))) == 1
    disputed(store, ids["Ada"], Matter(DisputeSubject.SCORE, "outcome"))
    disputed(store, ids["Bea"])
    with store.read() as conn:
        assert len(open_disputes(conn)) == 3
