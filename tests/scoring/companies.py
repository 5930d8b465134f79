"""Random companies to play the game with, and the moves that people could make in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import strategies as st

from scoring.events import Contribution, Lane, Outcome, Policy, Training
from scoring.evidence import ActiveDays, Evidence, Happening, LaneUsage, Person, Trial
from scoring.flag import Flag, FlagKind, FlagState
from scoring.usage import LANES, UsageDay, day_usage
from scoring.window import window_before
from tests.builders import MONDAY_NOON_US

DAY_US = 24 * 3600 * 1_000_000
HOUR_US = 3600 * 1_000_000
WINDOW = window_before(MONDAY_NOON_US, 28, ZoneInfo("UTC"))
BASELINE_START_US = WINDOW.start_us - 84 * DAY_US

_shares = st.none() | st.floats(0, 1)
_outcomes = st.builds(
    Outcome,
    kind=st.sampled_from(["pull_request_merged", "ticket_resolved"]),
    is_accepted=st.sampled_from([None, True, True, True, False]),
    edit_distance=_shares,
    quality=_shares,
    errors=st.none() | st.integers(0, 3),
    is_escalated=st.none() | st.booleans(),
    minutes_saved=st.none(),
)


def happening(person_id: int, name: str, time_us: int, fact: Any) -> Happening:
    return Happening(person_id, time_us, name.encode(), fact)


@st.composite
def work(draw: st.DrawFn, person_id: int, *, least: int = 0, most: int = 8) -> tuple[list[Happening], LaneUsage, int]:
    """One person's outcomes (each a task of its own, at least an hour apart), usage and active days."""
    count = draw(st.integers(least, most))
    before = draw(st.integers(0, 3))
    hours = draw(st.lists(st.integers(0, 27 * 24), min_size=count, max_size=count, unique=True))
    found = []
    for number, hour in enumerate([*hours, *(-24 * (one + 1) for one in range(before))]):
        outcome = draw(_outcomes)
        cycle = draw(st.none() | st.integers(1, 72))
        time_us = WINDOW.start_us + hour * HOUR_US
        started = None if cycle is None else time_us - cycle * HOUR_US
        fact = msgspec.structs.replace(outcome, task=f"{person_id}-{number}", started_us=started)
        found.append(happening(person_id, f"{person_id}-{number}", time_us, fact))
    unpriced = draw(st.sampled_from([0, 0, 5000]))
    usage = LaneUsage(
        person_id,
        Lane.PRODUCTION,
        calls=draw(st.integers(1, 200)),
        tokens=draw(st.integers(10_000, 10**7)) + unpriced,
        cost_nanousd=draw(st.integers(1_000_000, 10**10)),
        unpriced_calls=int(unpriced > 0),
        unpriced_tokens=unpriced,
    )
    return found, usage, draw(st.integers(0, 20))


@st.composite
def companies(draw: st.DrawFn, *, least_people: int = 2, most_people: int = 12) -> Evidence:
    """A company: people in functions, teams and lines of reports, with their work, violations and shared assets."""
    count = draw(st.integers(least_people, most_people))
    people, usage, days, happenings, daily, trials = [], [], [], [], [], []
    for person_id in range(count):
        people.append(
            Person(
                person_id,
                team=draw(st.sampled_from(["red", "blue", ""])),
                function=draw(st.sampled_from(["engineering", "engineering", "legal", ""])),
                manager_id=draw(st.none() | st.integers(0, person_id - 1)) if person_id else None,
                is_in_cohort=draw(st.sampled_from([True, True, True, False])),
            )
        )
        found, used, active = draw(work(person_id))
        happenings += found
        usage.append(used)
        days.append(ActiveDays(person_id, Lane.PRODUCTION, active))
        if draw(st.booleans()):
            happenings.append(happening(person_id, f"m{person_id}", WINDOW.start_us, Policy("milestone", "safe-start")))
            happenings.append(
                happening(person_id, f"t{person_id}", WINDOW.end_us - 1, Training("prompting", "completed"))
            )
        daily += draw(_days_of_use(person_id))
        for number in range(draw(st.integers(0, 4))):
            model = draw(st.sampled_from(["a", "b"]))
            trials.append(
                Trial(person_id, WINDOW.days[number * 5], model, draw(st.sampled_from(["", "notes", "tests"])))
            )
        if draw(st.booleans()):
            policy = Policy("violation", "secrets", draw(st.sampled_from(["low", "medium", "high"])))
            happenings.append(happening(person_id, f"v{person_id}", WINDOW.start_us + DAY_US, policy))
    for number in range(draw(st.integers(0, 6))):
        action = draw(st.sampled_from(["shared", "reviewed", "reused"]))
        someone = draw(st.integers(0, count - 1))
        fact = Contribution(action, draw(st.sampled_from(["a1", "a2"])), "tool" if action == "shared" else None)
        happenings.append(happening(someone, f"c{number}", WINDOW.start_us + number * HOUR_US, fact))
    return Evidence(
        WINDOW,
        BASELINE_START_US,
        tuple(people),
        tuple(usage),
        tuple(days),
        tuple(happenings),
        day_usage(daily),
        tuple(dict.fromkeys(trials)),
    )


@st.composite
def _days_of_use(draw: st.DrawFn, person_id: int) -> list[UsageDay]:
    return [
        UsageDay(
            person_id,
            WINDOW.days[number],
            lane=lane,
            is_asserted=draw(st.booleans()),
            calls=draw(st.integers(1, 50)),
            tokens=draw(st.integers(0, 3_000_000)),
            cost_nanousd=draw(st.integers(0, 30 * 10**9)),
        )
        for number in draw(st.sets(st.integers(0, 20), max_size=4))
        for lane in LANES
    ]


def flagged(person_id: int, state: FlagState = FlagState.OPEN, **changes: Any) -> Flag:
    """A flag on a person's usage of the first day of the window."""
    first = WINDOW.start_us
    flag = Flag(person_id, FlagKind.USAGE_SPIKE, first, first, {}, "Odd.", days=(WINDOW.days[0],), state=state)
    return msgspec.structs.replace(flag, **changes)


def with_flags(evidence: Evidence, *flags: Flag) -> Evidence:
    """The company under these flags."""
    return msgspec.structs.replace(evidence, flags=flags)


def with_usage(evidence: Evidence, person_id: int, change: Callable[[LaneUsage], LaneUsage]) -> Evidence:
    """The company where one person's usage is another."""
    usage = tuple(change(one) if one.person_id == person_id else one for one in evidence.usage)
    return msgspec.structs.replace(evidence, usage=usage)


def with_happenings(evidence: Evidence, *more: Happening) -> Evidence:
    """The company where more has happened."""
    return msgspec.structs.replace(evidence, happenings=(*evidence.happenings, *more))
