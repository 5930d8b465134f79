"""Exceptions: who asked, who decided, when, and what holds at a moment."""

from __future__ import annotations

from typing import Any

import pytest

from db.engine import Store
from db.exceptions import (
    AskedAlready,
    ExceptionRefused,
    ask,
    decide,
    exceptions_in_force,
    expire,
    open_requests,
    request_of,
)
from scoring.exceptions import ExceptionState
from tests.builders import MONDAY_NOON_US

DAY_US = 24 * 3_600_000_000
ASKED, ASKED_BACK, APPROVED, DECLINED, WITHDRAWN, EXPIRED = ExceptionState
ADA, OWNER = 1, 2


def asked(store: Store, **changes: Any) -> int:
    """Ada asks for five dollars more, for ten days."""
    values = {
        "budget": "month",
        "subject": "1",
        "person_id": ADA,
        "amount": 5_000_000_000,
        "until_us": MONDAY_NOON_US + 10 * DAY_US,
        "why": "a migration",
        "at_us": MONDAY_NOON_US,
        **changes,
    }
    with store.write() as conn:
        return ask(conn, **values)


def step(store: Store, id: int, state: ExceptionState, *, by: int | None = OWNER, day: int = 1, note: str = "") -> None:
    with store.write() as conn:
        decide(conn, id, state, person_id=by, at_us=MONDAY_NOON_US + day * DAY_US, note=note)


def in_force(store: Store, day: int) -> list[int]:
    with store.read() as conn:
        return [one.id for one in exceptions_in_force(conn, MONDAY_NOON_US + day * DAY_US)]


def test_it_holds_from_the_approval_until_it_ends_by_itself(store: Store) -> None:
    id = asked(store)
    step(store, id, APPROVED)
    assert [in_force(store, day) for day in (0, 1, 9, 10)] == [[], [id], [id], []]


def test_it_holds_from_the_day_that_was_asked_for(store: Store) -> None:
    id = asked(store, from_us=MONDAY_NOON_US + 3 * DAY_US)
    step(store, id, APPROVED)
    assert [in_force(store, day) for day in (1, 3)] == [[], [id]]


def test_what_is_withdrawn_later_held_until_then(store: Store) -> None:
    id = asked(store)
    step(store, id, APPROVED)
    step(store, id, WITHDRAWN, day=4, by=ADA)
    assert [in_force(store, day) for day in (3, 4)] == [[id], []]


def test_every_step_stays_on_record_with_who_and_why(store: Store) -> None:
    id = asked(store)
    step(store, id, ASKED_BACK, note="For how many?")
    step(store, id, ASKED, by=ADA, day=2, note="Twelve.")
    step(store, id, DECLINED, day=3, note="Next quarter.")
    with store.read() as conn:
        request = request_of(conn, id)
    assert request is not None
    assert (request.person_id, request.why, request.state) == (ADA, "a migration", DECLINED)
    assert [(one.state, one.person_id, one.note) for one in request.steps] == [
        (ASKED, ADA, ""),
        (ASKED_BACK, OWNER, "For how many?"),
        (ASKED, ADA, "Twelve."),
        (DECLINED, OWNER, "Next quarter."),
    ]


@pytest.mark.parametrize("state", [APPROVED, DECLINED])
def test_nobody_decides_what_they_asked_for_themselves(store: Store, state: ExceptionState) -> None:
    id = asked(store)
    with pytest.raises(ExceptionRefused, match="nobody decides what they asked for"):
        step(store, id, state, by=ADA)


def test_a_second_decision_is_refused(store: Store) -> None:
    id = asked(store)
    step(store, id, DECLINED)
    with pytest.raises(ExceptionRefused, match="the request is declined and cannot become approved"):
        step(store, id, APPROVED)


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    for changes in ({"amount": 0}, {"until_us": MONDAY_NOON_US}):
        with pytest.raises(ExceptionRefused, match="an exception"):
            asked(store, **changes)
    id = asked(store)
    with pytest.raises(ExceptionRefused, match="is over"):
        step(store, id, APPROVED, day=10)
    with pytest.raises(ExceptionRefused, match="no such request"):
        step(store, 99, APPROVED)


def test_what_is_over_expires_once_and_waits_no_longer(store: Store) -> None:
    approved, forgotten, declined = (asked(store, budget=name) for name in ("day", "week", "month"))
    step(store, approved, APPROVED)
    step(store, declined, DECLINED)
    with store.write() as conn:
        assert [one.terms.id for one in open_requests(conn, MONDAY_NOON_US + DAY_US)] == [forgotten]
        ended = expire(conn, MONDAY_NOON_US + 11 * DAY_US)
        assert [(one.terms.id, one.state) for one in ended] == [(approved, EXPIRED), (forgotten, EXPIRED)]
        assert expire(conn, MONDAY_NOON_US + 12 * DAY_US) == ()
        assert list(open_requests(conn, MONDAY_NOON_US + 12 * DAY_US)) == []
    assert in_force(store, 5) == [approved]


def test_the_same_ceiling_is_asked_about_once_until_that_is_settled(store: Store) -> None:
    id = asked(store)
    with pytest.raises(AskedAlready):
        asked(store)
    step(store, id, ASKED_BACK)
    with pytest.raises(AskedAlready):
        asked(store)
    assert asked(store, subject="2") == asked(store, budget="week") - 1
    step(store, id, DECLINED)
    assert asked(store, at_us=MONDAY_NOON_US + 2 * DAY_US)


@pytest.mark.parametrize("amount", [0, -1, 5_000_000_001])
def test_more_than_was_asked_for_or_nothing_is_no_approval(store: Store, amount: int) -> None:
    id = asked(store)
    with pytest.raises(ExceptionRefused), store.write() as conn:
        decide(conn, id, APPROVED, person_id=OWNER, at_us=MONDAY_NOON_US, granted=amount)
    with pytest.raises(ExceptionRefused), store.write() as conn:
        decide(conn, id, DECLINED, person_id=OWNER, at_us=MONDAY_NOON_US, granted=1)
