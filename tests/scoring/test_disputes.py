"""When a dispute is to be answered, and what can follow."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.disputes import (
    Consequence,
    DisputeState,
    DisputeSubject,
    Matter,
    Reminder,
    consequences,
    due_day,
    matter_of,
    may_follow,
    reminder,
)

days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(days, st.integers(1, 60))
def test_an_answer_is_due_on_a_working_day_after_so_many(opened: date, answer_days: int) -> None:
    due = due_day(opened, answer_days)
    between = [opened + timedelta(days=number) for number in range(1, (due - opened).days + 1)]
    assert due.weekday() < 5
    assert sum(day.weekday() < 5 for day in between) == answer_days


@given(days, st.integers(-20, 20))
def test_reminders_begin_on_the_working_day_before_and_do_not_stop(due: date, offset: int) -> None:
    due = due_day(due, 1)
    today = due + timedelta(days=offset)
    expected = Reminder.OVERDUE if offset > 0 else None
    before = due - timedelta(days=3 if due.weekday() == 0 else 1)
    if offset <= 0 and today >= before:
        expected = Reminder.DUE_SOON
    assert reminder(due, today) is expected


def test_the_day_before_is_due_soon_and_two_days_before_is_not() -> None:
    wednesday = date(2026, 6, 3)
    assert [reminder(wednesday, date(2026, 6, day)) for day in (1, 2, 3, 4)] == [
        None,
        Reminder.DUE_SOON,
        Reminder.DUE_SOON,
        Reminder.OVERDUE,
    ]
    assert reminder(date(2026, 6, 8), date(2026, 6, 5)) is Reminder.DUE_SOON  # a Monday, on the Friday before


def test_only_an_open_dispute_becomes_anything() -> None:
    for state in DisputeState:
        for following in DisputeState:
            is_step = state is DisputeState.OPEN and following is not DisputeState.OPEN
            assert may_follow(state, following) is is_step


def test_what_can_follow_depends_on_what_is_disputed() -> None:
    assert consequences(DisputeSubject.FLAG) == (Consequence.FLAGS_DISMISSED,)
    assert consequences(DisputeSubject.SCORE) == (Consequence.RECOMPUTED,)
    assert consequences(DisputeSubject.BAND, has_open_flags=True)[0] is Consequence.FLAGS_DISMISSED
    assert consequences(DisputeSubject.BADGE, is_taken_back=True)[0] is Consequence.BADGE_RESTORED
    assert consequences(DisputeSubject.BADGE) == (Consequence.RECOMPUTED,)


def test_a_matter_has_a_key_that_leads_back_to_it() -> None:
    for matter in (Matter(DisputeSubject.BAND), Matter(DisputeSubject.BADGE, "cache_wizard/2026-05")):
        assert matter_of(matter.key) == matter
    assert matter_of("weather/") is None
