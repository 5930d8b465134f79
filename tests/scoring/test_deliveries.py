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
    assert one.accepted == 1


def test_tasks_closed_together_but_begun_apart_stay_apart() -> None:
    begun = [done(n, task=str(n), started_us=_NOON_US - (n + 1) * 600 * _MINUTE_US) for n in range(3)]
    assert len(found(begun)) == 3


def test_reports_of_one_task_are_one_with_its_last_state() -> None:
    (one,) = found([done(0, task="a", is_accepted=False), done(500, task="a", is_accepted=True, quality=0.5)])
    assert (one.accepted, one.quality) == (1, 0.5)


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


def test_a_task_reported_twice_is_as_its_last_report_says_from_its_first_start_on() -> None:
    for starts in ((-90, -30), (-30, -90), (-90, None), (None, -90)):
        first, second = (None if one is None else _NOON_US + one * _MINUTE_US for one in starts)
        (one,) = found(
            [
                done(0, task="a", kind="ticket_resolved", started_us=first, errors=1),
                done(500, task="a", kind="pull_request_merged", started_us=second, is_escalated=True),
            ]
        )
        assert one == Delivery(
            time_us=_NOON_US + 500 * _MINUTE_US,
            kind="pull_request_merged",
            started_us=_NOON_US - 90 * _MINUTE_US,
            accepted=1.0,
            quality=None,
            faults=2,
        )


def test_of_faults_that_nobody_reports_nothing_is_known_and_one_report_is_enough() -> None:
    def faults(*reports: dict[str, Any]) -> int | None:
        (one,) = found([done(number * 500, task="a", **report) for number, report in enumerate(reports)])
        return one.faults

    assert faults({}, {}) is None
    assert faults({"errors": 0}, {}) == faults({}, {"errors": 0}) == 0
    assert faults({"errors": 2, "is_escalated": True, "is_incident": True}) == 4
    assert faults({"is_escalated": False}) == faults({"is_incident": False}) == 0


def test_pieces_are_one_delivery_with_the_mean_of_what_was_accepted_and_known() -> None:
    started = [_NOON_US - minutes * _MINUTE_US for minutes in (30, 20)]
    (one,) = found(
        [
            done(0, task="a", quality=0.4, errors=1, started_us=started[1]),
            done(15, task="b", quality=0.8, is_accepted=False, started_us=started[0]),
            done(30, task="c", is_escalated=True),
            done(45, task="d"),
        ]
    )
    assert one == Delivery(
        time_us=_NOON_US + 45 * _MINUTE_US,
        kind="ticket_resolved",
        started_us=started[0],
        accepted=0.75,
        quality=one.quality,
        faults=2,
    )
    assert round(one.quality or 0, 9) == 0.6


def test_two_pieces_are_as_one_when_the_last_is_done() -> None:
    (one,) = found([done(0, task="a"), done(5, task="b", is_accepted=False)])
    assert (one.time_us, one.accepted) == (_NOON_US + 5 * _MINUTE_US, 0.5)


def test_a_quarter_of_an_hour_and_the_kind_tell_pieces_apart() -> None:
    assert len(found([done(0, task="a"), done(15, task="b")])) == 1
    assert len(found([done(0, task="a"), done(16, task="b")])) == 2
    assert len(found([done(0, task="a"), done(1, task="b", kind="pull_request_merged")])) == 2


def test_a_start_more_than_a_quarter_of_an_hour_away_tells_them_apart_unless_the_piece_took_no_longer_itself() -> None:
    def count(first_began: int, second_began: int) -> int:
        begun = [_NOON_US + minute * _MINUTE_US for minute in (first_began, second_began)]
        return len(found([done(n, task=str(n), started_us=begun[n]) for n in range(2)]))

    assert [count(-100, -85), count(-100, -84), count(-100, -14), count(-100, -15)] == [1, 2, 1, 2]


def test_deliveries_come_oldest_first() -> None:
    work = [done(900, kind="a"), done(0, kind="b"), done(400, task="t", kind="a"), done(600, task="t", kind="c")]
    assert [one.kind for one in found(work)] == ["b", "c", "a"]
