"""Where the limits of each kind of flag lie: just at them, just past them, and whoever comes after somebody within them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest

from scoring.events import Lane
from scoring.evidence import Person
from scoring.flag import Flag, FlagKind
from scoring.flags import DETECTORS
from scoring.flags.facts import FlagFacts
from scoring.flags.traces import BusyDay, Repeat, task_usage
from scoring.flags.wording import on_days
from tests.scoring.companies import WINDOW
from tests.scoring.flags.cases import ADA, LAST, PEERS, RECENT, WORKDAYS, facts, found, outcomes, usage
from tests.scoring.flags.test_review_ring import given, ring

EVERYONE = tuple(Person(one, function="engineering") for one in (ADA, *PEERS))


def flagged(kind: FlagKind, case: FlagFacts) -> set[int]:
    return {flag.person_id for flag in DETECTORS[kind](case)}


def swarm(usd: float | None = 1.0, *, peers_used: bool = True, **said: Any) -> Flag | None:
    """Four outcomes a day, as against one of peers, which takes two dollars and a day."""
    done = outcomes(days=RECENT, a_day=4, **said)
    if peers_used:
        return found(FlagKind.TRIVIAL_TASKS, facts([] if usd is None else usage(usd=usd), done))
    theirs = [one for peer in PEERS for one in outcomes(peer)]
    case = facts([] if usd is None else usage(usd=usd), [*done, *theirs], with_peers=False, people=EVERYONE)
    return found(FlagKind.TRIVIAL_TASKS, case)


@pytest.mark.parametrize(("usd", "is_flagged"), [(2.4, True), (2.5, False)])
def test_where_starts_are_unknown_the_cost_of_an_outcome_tells_its_size(usd: float, is_flagged: bool) -> None:
    assert (swarm(usd, started_us=None) is not None) is is_flagged


@pytest.mark.parametrize(("hours", "is_flagged"), [(7.1, True), (7.3, False)])
def test_where_costs_are_unknown_the_time_it_took_does(hours: float, is_flagged: bool) -> None:
    assert (swarm(100.0, peers_used=False, hours=hours) is not None) is is_flagged


@pytest.mark.parametrize(("hours", "is_flagged"), [(4.2, True), (4.5, False)])
def test_where_both_are_known_they_count_as_much(hours: float, is_flagged: bool) -> None:
    assert (swarm(4.0, hours=hours) is not None) is is_flagged  # half the cost, so 0.18 of the time


@pytest.mark.parametrize(("usd", "is_flagged"), [(1.59, True), (1.61, False)])
def test_a_fifth_of_the_cost_speaks_whatever_the_starts_say(usd: float, is_flagged: bool) -> None:
    assert (swarm(usd, hours=2400) is not None) is is_flagged


def test_where_neither_is_known_nobody_can_tell() -> None:
    assert swarm(None, peers_used=False, started_us=None) is None


@pytest.mark.parametrize(
    ("hers", "usd"),
    [
        (outcomes(), 1.0),  # few
        (outcomes(days=RECENT), 1.0),  # as many as others
        (outcomes(days=RECENT, a_day=4), 12.0),  # many of the usual size
    ],
    ids=["few", "as-many", "large"],
)
def test_a_swarm_is_seen_also_after_somebody_who_has_none(hers: list[Any], usd: float) -> None:
    tiny = outcomes(9, days=RECENT, a_day=6, hours=1)
    others = [one for peer in PEERS[:-1] for one in outcomes(peer)]
    used = [*usage(usd=usd), *(row for peer in PEERS[:-1] for row in usage(peer)), *usage(9, usd=0.1)]
    case = facts(used, [*hers, *others, *tiny], with_peers=False, people=EVERYONE)
    assert flagged(FlagKind.TRIVIAL_TASKS, case) == {9}


@pytest.mark.parametrize(
    ("given_to_others", "got_from_others", "is_ring"), [(1, 0, True), (2, 0, False), (0, 1, True), (0, 2, False)]
)
def test_three_quarters_of_what_is_given_and_got_stay_inside(
    given_to_others: int, got_from_others: int, is_ring: bool
) -> None:
    outside = [3 + number for number in range(given_to_others)]
    inwards: Mapping[int, Sequence[int]] = {3 + number: [1] for number in range(got_from_others)}
    reviews = [*given({1: [2], 2: [1]}, 3), *given({1: outside}), *given(inwards)]
    assert ring(reviews) == ({1, 2} if is_ring else set())


def test_a_circle_needs_three_each_way_of_each() -> None:
    assert ring([*given({1: [2]}, 4), *given({2: [1]}, 2)]) == set()
    assert ring([*given({1: [2]}, 2), *given({2: [1]}, 4)]) == set()


def test_the_circle_is_of_those_with_whom_one_has_most_to_do() -> None:
    assert ring([*given({1: [5], 5: [1]}, 4), *given({1: [3]})]) == {1, 5}


def test_a_circle_may_have_five_members() -> None:
    team = range(1, 6)
    assert ring(given({one: [other for other in team if other != one] for one in team})) == set(team)


def loops(*repeats: Repeat, used: Sequence[Any] | None = None) -> set[int]:
    return flagged(FlagKind.PROMPT_LOOP, facts(usage() if used is None else used, repeats=repeats))


def repeat(day: date = RECENT[0], tokens: int = 60_000, person_id: int = ADA, calls: int = 20, **said: int) -> Repeat:
    return Repeat(person_id, day, calls, tokens, **said)


@pytest.mark.parametrize(("tokens", "is_loop"), [(24_999, False), (25_000, True)])
def test_a_quarter_of_a_usual_days_tokens_are_a_good_part(tokens: int, is_loop: bool) -> None:
    assert bool(loops(*(repeat(day, tokens) for day in RECENT[:2]))) is is_loop


@pytest.mark.parametrize("day", [RECENT[3], LAST])
def test_of_a_day_with_much_more_usage_they_are_held_against_that(day: date) -> None:
    busy = [*usage(days=[one for one in RECENT if one != day]), *usage(days=[day], tokens=400_000)]
    assert loops(repeat(), repeat(day, 99_999), used=busy) == set()
    assert loops(repeat(), repeat(day, 100_000), used=busy) == {ADA}


def test_of_a_day_with_much_less_usage_they_are_held_against_a_usual_one() -> None:
    calm = [*usage(days=RECENT[2:]), *usage(days=RECENT[:2], tokens=30_000)]
    assert loops(*(repeat(day, 24_999) for day in RECENT[:2]), used=calm) == set()
    assert loops(*(repeat(day, 25_000) for day in RECENT[:2]), used=calm) == {ADA}


def test_a_days_usage_is_that_of_both_lanes_and_what_a_laptop_merely_says_is_none() -> None:
    both = [*usage(), *usage(lane=Lane.EXPLORATION)]
    assert loops(*(repeat(day, 49_999) for day in RECENT[:2]), used=both) == set()
    assert loops(*(repeat(day, 50_000) for day in RECENT[:2]), used=both) == {ADA}
    said = [*usage(), *usage(is_asserted=True)]
    assert loops(*(repeat(day, 25_000) for day in RECENT[:2]), used=said) == {ADA}


def test_somebody_of_whom_no_usage_is_known_can_loop() -> None:
    flag = found(FlagKind.PROMPT_LOOP, facts((), repeats=[repeat(day, 0) for day in RECENT[:2]]))
    assert flag is not None
    assert flag.evidence["calls_on_these_days"] == 0


def test_a_loop_is_seen_also_after_people_who_have_none() -> None:
    light, once = repeat(tokens=1), repeat(person_id=2)
    assert loops(light, once, repeat(person_id=3), repeat(RECENT[1], person_id=3)) == {3}


@pytest.mark.parametrize(("hours", "is_loop"), [(19, True), (20, False)])
def test_a_job_runs_all_day_from_twenty_hours_on(hours: int, is_loop: bool) -> None:
    assert bool(loops(*(repeat(day, calls=60, hours=hours) for day in RECENT[:2]))) is is_loop


def test_a_shared_account_is_seen_also_after_somebody_with_few_such_days() -> None:
    busy = [BusyDay(who, day, 20, 12) for who, count in ((ADA, 4), (2, 5)) for day in RECENT[:count]]
    assert flagged(FlagKind.SHARED_ACCOUNT, facts(busy_days=busy)) == {2}


def test_days_are_said_as_one_would() -> None:
    assert on_days([date(2026, 6, 30)]) == "On 30 June"
    assert on_days([date(2026, 6, 30), date(2026, 6, 2)]) == "On 2 days from 2 to 30 June"
    assert on_days([date(2026, 5, 30), date(2026, 6, 2)]) == "On 2 days from 30 May to 2 June"
    assert on_days([date(2025, 6, 30), date(2026, 6, 2)]) == "On 2 days from 30 June to 2 June"


@pytest.mark.parametrize(("peers", "is_flagged"), [(3, False), (4, True)])
def test_four_others_are_enough_to_compare_with(peers: int, is_flagged: bool) -> None:
    people = EVERYONE[: peers + 1]
    theirs = [one for peer in PEERS[:peers] for one in outcomes(peer)]
    used = [*usage(usd=0.1), *(row for peer in PEERS[:peers] for row in usage(peer))]
    case = facts(used, [*outcomes(days=RECENT, a_day=4, hours=1), *theirs], with_peers=False, people=people)
    assert (found(FlagKind.TRIVIAL_TASKS, case) is not None) is is_flagged


@pytest.mark.parametrize(("count", "is_flagged"), [(11, False), (12, True)])
def test_twelve_outcomes_are_a_swarm_against_ones_own_past(count: int, is_flagged: bool) -> None:
    earlier = [day for day in WORKDAYS if day < RECENT[0]]
    used = [*usage(days=earlier), *usage(days=RECENT[:6])]
    done = [*outcomes(days=earlier[::2]), *outcomes(days=RECENT[:6], a_day=2)[:count]]
    assert (found(FlagKind.TRIVIAL_TASKS, facts(used, done)) is not None) is is_flagged


@pytest.mark.parametrize(("days_before", "is_flagged"), [(0, False), (1, False), (2, True)])
def test_usage_on_the_day_before_the_work_began_is_support(days_before: int, is_flagged: bool) -> None:
    wednesday = [day for day in RECENT if day.weekday() == 2][1]
    done = outcomes(days=[wednesday], a_day=6, hours=1, is_accepted=None)
    used = usage(days=[wednesday - timedelta(days=days_before)])
    assert (found(FlagKind.UNSUPPORTED_CLAIMS, facts(used, done)) is not None) is is_flagged


def test_of_a_burn_the_days_are_those_that_carried_it() -> None:
    heavy = RECENT[::2]
    spread = [row for one in PEERS for row in usage(one, usd=0.05 * one)]
    used = [*usage(days=heavy, usd=30), *usage(days=RECENT[1::2], usd=0.1)]
    flag = found(FlagKind.IDLE_BURN, facts([*used, *spread], outcomes()))
    assert flag is not None
    assert flag.days == heavy


def test_no_usage_by_task_is_columns_of_whole_numbers() -> None:
    nothing = task_usage(())
    assert len(nothing.person_ids) == 0
    assert nothing.person_ids.dtype == nothing.cost_nanousd.dtype == np.int64


def test_what_is_delivered_as_the_window_begins_is_in_it() -> None:
    done = [msgspec.structs.replace(outcomes()[0], time_us=WINDOW.start_us + after) for after in (-1, 0)]
    assert [one.time_us for one in facts(done=done[1:]).delivered(ADA)] == [WINDOW.start_us]
    assert facts(done=done[:1]).delivered(ADA) == []
