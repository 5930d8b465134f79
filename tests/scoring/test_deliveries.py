"""What counts as one piece of work."""

from __future__ import annotations

from typing import Any

import msgspec

from scoring.deliveries import Delivery, deliveries, keys_taken_back
from scoring.events import Lane, Outcome
from scoring.evidence import Happening

_MINUTE_US = 60_000_000
_NOON_US = 1_780_000_000_000_000


def done(minute: int, key: str = "", reverses: str = "", **changes: Any) -> Happening:
    fact = msgspec.structs.replace(Outcome("ticket_resolved"), **changes)
    name = (key or str(minute)).encode()
    return Happening(1, _NOON_US + minute * _MINUTE_US, name, fact, reverses.encode() if reverses else None)


def found(happenings: list[Happening]) -> tuple[Delivery, ...]:
    return deliveries(happenings, keys_taken_back(happenings))


def test_tasks_hours_apart_are_deliveries_of_their_own() -> None:
    assert len(found([done(0, task="a"), done(60, task="b")])) == 2


def test_the_revert_of_a_revert_gives_the_work_back() -> None:
    work, revert, again = done(0, "work"), done(60, "revert", "work"), done(120, "again", "revert")
    for happenings in ([work, revert, again], [again, work, revert]):
        (one,) = found(happenings)
        assert (one.accepted, one.faults) == (1, None)
    (one,) = found([work, revert])
    assert (one.accepted, one.faults) == (0, 1)


def test_pieces_that_end_within_a_quarter_of_an_hour_are_one() -> None:
    (one,) = found([done(minute, task=str(minute)) for minute in range(0, 100, 10)])
    assert one.outcomes == 10
    assert one.accepted == 1


def test_tasks_closed_together_but_begun_apart_stay_apart() -> None:
    begun = [done(n, task=str(n), started_us=_NOON_US - (n + 1) * 600 * _MINUTE_US) for n in range(3)]
    assert len(found(begun)) == 3


def test_reports_of_one_task_are_one_with_its_last_state() -> None:
    (one,) = found([done(0, task="a", is_accepted=False), done(500, task="a", is_accepted=True, quality=0.5)])
    assert (one.accepted, one.quality, one.outcomes) == (1, 0.5, 2)


def test_a_later_report_of_a_task_leaves_what_it_does_not_say_and_adds_its_faults() -> None:
    (one,) = found([done(0, task="a", quality=0.6, errors=2), done(500, task="a", errors=1), done(900, task="a")])
    assert (one.quality, one.faults) == (0.6, 3)


def test_what_is_taken_back_was_not_accepted_and_is_a_fault() -> None:
    (one,) = found([done(0, "first"), done(500, "second", reverses="first")])
    assert (one.accepted, one.faults) == (0, 1)


def test_it_does_not_matter_who_takes_it_back() -> None:
    (one,) = deliveries([done(0, "first")], taken_back={b"first"})
    assert (one.accepted, one.faults) == (0, 1)


def test_experiments_are_no_deliveries() -> None:
    assert found([done(0, lane=Lane.EXPLORATION)]) == ()


def test_quality_joins_what_is_known() -> None:
    (one,) = found([done(0, quality=0.6, edit_distance=0.2)])
    assert one.quality == 0.7


def test_what_got_done_counts_as_accepted_unless_somebody_refused_it() -> None:
    given = [done(0, kind="demo_given"), done(99, kind="demo_given", is_accepted=False)]
    assert [one.accepted for one in found(given)] == [1, 0]
