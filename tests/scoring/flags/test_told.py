"""What a flag of each kind says and rests on, in full; spikes have a file of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags import DETECTORS
from scoring.flags.decisions import Settled
from scoring.flags.explanation import figures_of
from scoring.flags.traces import BusyDay, IdleSessions, Repeat, TaskDay, task_usage
from scoring.program import Program
from scoring.window import midnight_us
from tests.scoring.companies import HOUR_US, WINDOW
from tests.scoring.flags.cases import (
    ADA,
    PEERS,
    RECENT,
    WORKDAYS,
    ZONE,
    contribution,
    facts,
    flag_on,
    found,
    outcomes,
    usage,
)
from tests.scoring.flags.test_review_ring import given
from tests.scoring.flags.test_unsupported_claims import REAL, SEEN, claim, made_up, tasks_of

EARLIER = tuple(day for day in WORKDAYS if day < RECENT[0])


def on(
    kind: FlagKind,
    done: Sequence[Happening],
    strength: float,
    evidence: Mapping[str, Any],
    text: str,
    person_id: int = ADA,
) -> Flag:
    moments = [one.time_us for one in done]
    keys = tuple(sorted(one.key for one in done))
    return Flag(person_id, kind, min(moments), max(moments), dict(evidence), text, keys=keys, strength=strength)


def test_a_swarm_among_peers() -> None:
    done = [*outcomes(days=RECENT[:15], a_day=3, hours=1), *outcomes(days=RECENT[15:], a_day=4, hours=1)]
    assert found(FlagKind.TRIVIAL_TASKS, facts(usage(usd=0.1), done)) == on(
        FlagKind.TRIVIAL_TASKS,
        done,
        1.083,
        {
            "outcomes": 65,
            "outcomes_a_day": 3.2,
            "peers_outcomes_a_day": 1.0,
            "times_peers": 3.2,
            "size_against_peers": 0.02,  # 1.5 × 2 / 65 / 2 dollars: so little cost speaks alone
            "limit_times": 3,
        },
        "65 outcomes, 3.2 on a day with any, 3.2 times as many as peers have; each took 2 % of what one takes a peer.",
    )


def test_a_swarm_against_ones_own_past() -> None:
    done = outcomes(days=RECENT, a_day=2)
    used = [*usage(days=EARLIER), *usage(days=RECENT)]
    assert found(FlagKind.TRIVIAL_TASKS, facts(used, [*outcomes(days=EARLIER[::2]), *done])) == on(
        FlagKind.TRIVIAL_TASKS,
        done,
        3.048,
        {
            "outcomes": 40,
            "outcomes_before": 20,
            "times_before": 4.0,
            "size_against_before": 0.25,
            "more_and_smaller": 16.0,
            "limit_times": 5.25,
        },
        "40 outcomes, 4.0 times as many on a day of work as before; each took 25 % of what one took then.",
    )


def test_claims_without_usage() -> None:
    invented = made_up(11, is_accepted=None)
    assert claim(*REAL, *invented) == on(
        FlagKind.UNSUPPORTED_CLAIMS,
        invented,
        2.2,
        {
            "outcomes": 21,
            "without_usage": 11,
            "without_usage_or_review": 11,
            "usd_each": 0.9524,
            "peers_usd_each": 2.0,
            "peers_with_usage_share": 1.0,
            "times_as_many_as_peers": 2.1,
            "limit_outcomes": 5,
        },
        "11 of 21 outcomes have little or no usage to show, as 100 % of peers' have in the middle; "
        "11 of them have no review either. They are 2.1 times as many as peers have.",
    )


def test_claims_whose_usage_is_in_the_exploration_lane() -> None:
    explored = REAL[:5]
    case = facts(usage(), REAL, tasks_seen=SEEN)
    case.traces = msgspec.structs.replace(case.traces, tasks_explored=tasks_of(explored))
    assert found(FlagKind.UNSUPPORTED_CLAIMS, case) == on(
        FlagKind.UNSUPPORTED_CLAIMS,
        explored,
        1.0,
        {"outcomes": 10, "in_exploration": 5, "peers_in_exploration_share": 0.0, "limit_outcomes": 5},
        "5 of 10 outcomes have usage in the exploration lane, where it is no cost of theirs; 0 % of peers' have in the "
        "middle.",
    )


def test_of_claims_that_were_reviewed_no_lack_of_reviews_is_told() -> None:
    flag = claim(*REAL, *made_up(11))
    assert flag is not None
    assert flag.text == (
        "11 of 21 outcomes have little or no usage to show, as 100 % of peers' have in the middle. They are 2.1 times as "
        "many as peers have."
    )


def test_a_prompt_loop() -> None:
    repeats = [Repeat(ADA, day, calls, 60_000) for day, calls in ((RECENT[4], 25), (RECENT[0], 21), (RECENT[0], 22))]
    flag = found(FlagKind.PROMPT_LOOP, facts(usage(calls=100), repeats=repeats))
    assert flag == flag_on(
        FlagKind.PROMPT_LOOP,
        (RECENT[0], RECENT[4]),
        1.0,
        {
            "repeats": 68,
            "most_repeats_a_day": 43,
            "calls_on_these_days": 200,
            "days": 2,
            "limit_repeats_a_day": 20,
        },
        "On 2 days from 5 to 11 May the same prompts went out 68 times, in 200 calls; "
        "failed calls and retries are not counted.",
    )


def test_a_shared_account() -> None:
    busy = tuple(BusyDay(ADA, day, 20 + number % 3, 12 + number % 3) for number, day in enumerate(RECENT[:7]))
    assert found(FlagKind.SHARED_ACCOUNT, facts(busy_days=busy)) == flag_on(
        FlagKind.SHARED_ACCOUNT,
        RECENT[:7],
        1.4,
        {
            "days": 7,
            "hours_a_day": 20.9,
            "hours_with_several_sessions": 12.9,
            "limit_hours": 18,
            "limit_days": 5,
        },
        "On 7 days from 5 to 13 May one identity called in 21 hours of the day, in 13 of them in several sessions at once.",
    )


def test_a_burn_beside_peers() -> None:
    spread = [row for one in PEERS for row in usage(one, usd=0.05 * one)]
    assert found(FlagKind.IDLE_BURN, facts([*usage(usd=8.00123), *spread], outcomes())) == flag_on(
        FlagKind.IDLE_BURN,
        RECENT,
        1.395,
        {
            "usd": 160.02,
            "deliveries": 10,
            "times_what_peers_need": 4.2,
            "times_the_middle_peers_usage": 6.3,
            "share_without_outcome": 0.76,
            "limit_times": 3,
        },
        "Usage of $160.02 stands beside 10 tasks: 4.2 times what these and 5 more take peers, 76 % of it without an outcome.",
    )


@pytest.mark.parametrize(
    ("reviews", "circle", "figures"),
    [
        ({1: [2], 2: [1]}, "a circle of 2", (2, 4, 5, 4, 4)),
        ({1: [1]}, "what the same person made", (1, 4, 5, 4, 4)),
    ],
)
def test_a_ring(reviews: Mapping[int, Sequence[int]], circle: str, figures: tuple[int, ...]) -> None:
    members, inside, every, got_inside, got = figures
    done = [*given(reviews, 4), *given({1: [3]})]
    ring = {flag.person_id: flag for flag in DETECTORS[FlagKind.REVIEW_RING](facts(done=done))}
    assert set(ring) == set(reviews)
    names = {f"1/reviewed/{author} for 1 {number}".encode() for author in reviews[1] for number in range(4)}
    assert ring[1] == on(
        FlagKind.REVIEW_RING,
        [one for one in done if one.key in names],
        1.333,
        {
            "members": members,
            "given_inside": inside,
            "given": every,
            "received_inside": got_inside,
            "received": got,
            "limit_reviews": 3,
        },
        f"{inside} of {every} reviews and reuses given, and {got_inside} of {got} received, stay within {circle}.",
    )


def test_reviews_before_the_window_and_of_what_nobody_shared_are_none() -> None:
    shared = [contribution(author, "shared", f"{author} {number}") for author in (1, 2) for number in range(4)]
    before = [
        msgspec.structs.replace(contribution(giver, "reviewed", f"{author} {number}"), time_us=WINDOW.start_us - 1)
        for giver, author in ((1, 2), (2, 1))
        for number in range(4)
    ]
    early = [msgspec.structs.replace(one, time_us=WINDOW.start_us - 9) for one in shared]
    nobodys = [contribution(giver, "reviewed", f"gone {number}") for giver in (1, 2) for number in range(4)]
    assert list(DETECTORS[FlagKind.REVIEW_RING](facts(done=[*early, *before, *nobodys]))) == []


def test_what_is_behind_a_flag_is_days_and_events() -> None:
    flag = Flag(1, FlagKind.USAGE_SPIKE, 0, 1, {"x_y": 1}, "Odd.", days=WINDOW.days[:1], keys=(b"a", b"b"))
    assert figures_of(flag) == "The figures (1 day and 2 events behind them): x y: 1."
    events = msgspec.structs.replace(flag, days=(), keys=(b"a",))
    assert figures_of(events) == "The figures (1 event behind them): x y: 1."


def test_what_was_settled_is_looked_at_no_more_and_everything_else_still_is() -> None:
    day, other = RECENT[0], RECENT[1]
    case = facts(
        [*usage(days=[day, other])],
        with_peers=False,
        tasks=task_usage([TaskDay(who, when, True, cost_nanousd=5) for who in (ADA, 2) for when in (day, other)]),
        repeats=tuple(Repeat(who, when, 20, 9) for who in (ADA, 2) for when in (day, other)),
        busy_days=tuple(BusyDay(who, when, 20, 9) for who in (ADA, 2) for when in (day, other)),
    )
    kind = FlagKind.PROMPT_LOOP
    rest = case.without({(ADA, kind): Settled(days=frozenset({day})), (2, FlagKind.IDLE_BURN): Settled()}, kind).traces
    left = [(ADA, other), (2, day), (2, other)]
    assert rest.day_usage.days.tolist() == [other.toordinal()]
    assert list(zip(rest.tasks.person_ids.tolist(), rest.tasks.days.tolist(), strict=True)) == [
        (who, when.toordinal()) for who, when in left
    ]
    assert [(one.person_id, one.day) for one in rest.repeats] == left
    assert [(one.person_id, one.day) for one in rest.busy_days] == left


def test_a_flag_ends_with_its_last_local_day_or_the_window() -> None:
    busy = tuple(BusyDay(ADA, day, 24, 24) for day in RECENT[-5:])
    flag = found(FlagKind.SHARED_ACCOUNT, facts(busy_days=busy))
    assert flag is not None
    assert flag.to_us == WINDOW.end_us - 1
    assert flag.state is FlagState.OPEN


def test_sessions_that_peers_have_as_well_at_one_in_ten_still_tell_and_at_more_they_do_not() -> None:
    crowd = tuple(range(2, 12))  # ten others

    def burn(with_sessions: Sequence[int]) -> Flag | None:
        used = [row for one in crowd for row in usage(one, usd=1 + 0.05 * one)]
        idle = [
            IdleSessions(one, 9, 11.5, cost_nanousd=int(usd * len(RECENT) * 1e9))
            for one, usd in ((ADA, 5.5), *((peer, 1 + 0.05 * peer) for peer in with_sessions))
        ]
        done = [*outcomes(), *(one for peer in crowd for one in outcomes(peer))]
        seen = {(one.person_id, one.fact.task) for one in done}  # type: ignore[union-attr]
        everyone = [Person(one, function="engineering") for one in (ADA, *crowd)]
        case = facts(
            [*usage(usd=5.5), *used], done, with_peers=False, people=everyone, tasks_seen=seen, idle_sessions=idle
        )
        return found(FlagKind.IDLE_BURN, case)

    assert burn(crowd[:1]) is not None
    assert burn(crowd[:2]) is None


def test_local_days_are_those_of_the_programs_zone() -> None:
    case = facts()
    berlin = type(case)(Program(timezone="Europe/Berlin"), case.evidence, case.traces)
    late = midnight_us(RECENT[3], ZONE) - HOUR_US  # 23:00 in UTC, the day after in Berlin
    assert (case.day_of(late), berlin.day_of(late)) == (RECENT[3] - timedelta(days=1), RECENT[3])
