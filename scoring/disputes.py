"""Disputes: somebody says that a score, flag, band or badge of theirs is wrong, and a person answers within a set time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from scoring.calendar import working_days_after


class DisputeSubject(StrEnum):
    """What can be disputed."""

    SCORE = "score"
    BAND = "band"
    BADGE = "badge"
    FLAG = "flag"


class DisputeState(StrEnum):
    """How far a dispute has got. Whatever is not open stays as it is."""

    OPEN = "open"
    UPHELD = "upheld"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Consequence(StrEnum):
    """What follows from an answer. Whatever was upheld is computed anew."""

    NOTHING = "nothing"
    RECOMPUTED = "recomputed"
    FLAGS_DISMISSED = "flags_dismissed"
    BADGE_RESTORED = "badge_restored"


class Reminder(StrEnum):
    """Why AI ops hear of a dispute again."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class Matter(msgspec.Struct, frozen=True):
    """What a dispute is about. ``name``: a board; "" for a band; ``BADGE/PERIOD``; the id of a flag."""

    subject: DisputeSubject
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.subject}/{self.name}"


def matter_of(key: str) -> Matter | None:
    """The matter with that ``key``; None where it is none."""
    subject, _, name = key.partition("/")
    return Matter(DisputeSubject(subject), name) if subject in set(DisputeSubject) else None


def may_follow(state: DisputeState, following: DisputeState) -> bool:
    """May a dispute in ``state`` become ``following``? Only an open one becomes anything."""
    return state is DisputeState.OPEN and following is not DisputeState.OPEN


def due_day(opened: date, answer_days: int) -> date:
    """The last day to answer on: the ``answer_days``-th working day after ``opened``. Weekends are none."""
    return working_days_after(opened, answer_days)


def reminder(due: date, today: date) -> Reminder | None:
    """Of what AI ops are to be reminded on ``today``: from the working day before ``due`` on, and past it."""
    if today > due:
        return Reminder.OVERDUE
    return Reminder.DUE_SOON if working_days_after(today, 1) >= due else None


def consequences(
    subject: DisputeSubject, *, has_open_flags: bool = False, is_taken_back: bool = False
) -> tuple[Consequence, ...]:
    """What an upheld dispute can have as its consequence; the first is what most likely puts it right."""
    if subject is DisputeSubject.FLAG:
        return (Consequence.FLAGS_DISMISSED,)
    restored = (Consequence.BADGE_RESTORED,) if subject is DisputeSubject.BADGE and is_taken_back else ()
    dismissed = (Consequence.FLAGS_DISMISSED,) if has_open_flags else ()
    return (*restored, *dismissed, Consequence.RECOMPUTED)
