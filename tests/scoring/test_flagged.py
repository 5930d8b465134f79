"""What flags do to evidence: merit goes, cost stays."""

from __future__ import annotations

from scoring.events import Contribution, Lane, Outcome
from scoring.evidence import ActiveDays, Evidence, LaneUsage, Person
from scoring.flag import FlagState
from scoring.flagged import flagged_days, merit, quarantined
from tests.scoring.companies import BASELINE_START_US, WINDOW, flagged, happening, with_flags

EVIDENCE = Evidence(
    WINDOW,
    BASELINE_START_US,
    (Person(1), Person(2)),
    (LaneUsage(1, Lane.PRODUCTION, calls=5, cost_nanousd=10),),
    (ActiveDays(1, Lane.PRODUCTION, 4), ActiveDays(2, Lane.PRODUCTION, 4)),
    (
        happening(1, "done", WINDOW.start_us, Outcome("task_completed")),
        happening(1, "made", WINDOW.start_us, Contribution("shared", "a1", "tool")),
        happening(2, "read", WINDOW.start_us, Contribution("reviewed", "a1")),
    ),
)


def names(evidence: Evidence) -> list[bytes]:
    return [one.key for one in evidence.happenings]


def test_without_flags_everything_counts() -> None:
    assert merit(EVIDENCE) is EVIDENCE
    assert names(merit(with_flags(EVIDENCE, flagged(1, FlagState.DISMISSED, keys=(b"done",))))) == [
        b"done",
        b"made",
        b"read",
    ]


def test_what_a_confirmed_flag_found_is_left_out_and_its_cost_is_not() -> None:
    left = merit(with_flags(EVIDENCE, flagged(1, FlagState.CONFIRMED, keys=(b"done",))))
    assert names(left) == [b"made", b"read"]
    assert left.active_days == (ActiveDays(1, Lane.PRODUCTION, 3), ActiveDays(2, Lane.PRODUCTION, 4))
    assert left.usage == EVIDENCE.usage


def test_no_active_days_may_be_left() -> None:
    left = merit(with_flags(EVIDENCE, flagged(1, FlagState.CONFIRMED, days=WINDOW.days)))
    assert left.active_days == (ActiveDays(1, Lane.PRODUCTION, 0), ActiveDays(2, Lane.PRODUCTION, 4))


def test_while_a_flag_is_open_the_reviews_that_it_names_wait_and_all_else_counts() -> None:
    left = merit(with_flags(EVIDENCE, flagged(2, keys=(b"read",)), flagged(1, keys=(b"done",))))
    assert names(left) == [b"done", b"made"]
    assert left.active_days == EVIDENCE.active_days
    assert names(merit(with_flags(EVIDENCE, flagged(1)))) == [b"done", b"made", b"read"]


def test_who_waits_and_which_days_are_spoilt() -> None:
    flags = (flagged(1), flagged(2, FlagState.CONFIRMED), flagged(2, FlagState.DISMISSED, days=WINDOW.days))
    assert quarantined(flags) == {1}
    assert flagged_days(flags) == {2: {WINDOW.days[0]}}
    assert flagged_days(flags, with_open=True) == {1: {WINDOW.days[0]}, 2: {WINDOW.days[0]}}
