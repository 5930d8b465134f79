"""Usage far beyond what peers need for the same work, for nothing that got done, is burnt; long projects are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.traces import IdleSessions, TaskDay, task_usage
from scoring.program import Flags
from tests.scoring.flags.cases import ADA, PEERS, RECENT, WORKDAYS, facts, found, outcomes, usage

EARLIER = [day for day in WORKDAYS if day < RECENT[0]]


def burn(usd: float, done: Iterable[Happening] | None = None, **traces: Any) -> Flag | None:
    work = outcomes() if done is None else done
    return found(FlagKind.IDLE_BURN, facts([*usage(usd=usd), *spread()], work, **traces))


def spread() -> list[Any]:
    """Peers differ a little."""
    return [row for one in PEERS for row in usage(one, usd=0.05 * one)]


def on_tasks(usd_a_day: float, *, has_outcome: bool = True, days: tuple[date, ...] = RECENT) -> list[TaskDay]:
    return [TaskDay(ADA, day, has_outcome, cost_nanousd=int(usd_a_day * 1e9)) for day in days]


@pytest.mark.parametrize(("usd", "is_flagged"), [(1, False), (4, False), (8, True), (40, True)])
def test_three_times_what_the_work_and_five_tasks_more_take_peers_is_too_much(usd: float, is_flagged: bool) -> None:
    flag = burn(usd)
    assert (flag is not None) is is_flagged
    if flag:
        assert flag.evidence["deliveries"] == 10
        assert flag.evidence["usd"] == usd * len(RECENT)
        assert set(flag.days) == set(RECENT)


def test_who_gets_as_much_more_done_burns_nothing() -> None:
    assert burn(20, outcomes(a_day=20)) is None


def test_usage_for_tasks_with_an_outcome_is_not_idle() -> None:
    assert burn(8, tasks=task_usage(on_tasks(7))) is None
    assert burn(8, tasks=task_usage(on_tasks(1))) is not None


def test_tasks_under_way_are_given_time_up_to_three_times_the_limit() -> None:
    assert burn(12, tasks=task_usage(on_tasks(11, has_outcome=False))) is None
    assert burn(60, tasks=task_usage(on_tasks(55, has_outcome=False))) is not None


def test_long_sessions_that_name_no_task_speak_for_themselves() -> None:
    idle = IdleSessions(ADA, sessions=9, longest_hours=11.46, cost_nanousd=int(0.9 * 5.5 * len(RECENT) * 1e9))
    assert burn(5.5) is None
    flag = burn(5.5, idle_sessions=(idle,))
    assert flag is not None
    assert flag.evidence == {
        "usd": 110.0,
        "deliveries": 10,
        "times_what_peers_need": 2.9,
        "times_the_middle_peers_usage": 4.3,
        "share_without_outcome": 0.65,
        "limit_times": 2.0,
        "long_sessions_without_task": 9,
        "longest_hours": 11.5,
        "usd_in_long_sessions": 99.0,
    }


def test_all_is_rounded_to_what_one_reads() -> None:
    idle = IdleSessions(ADA, sessions=9, longest_hours=11.46, cost_nanousd=int(99.0067 * 1e9))
    case = facts([*usage(usd=5.5), *spread()], outcomes(), idle_sessions=(idle,), rules=Flags(idle_ratio=3.2))
    flag = found(FlagKind.IDLE_BURN, case)
    assert flag is not None
    assert (flag.evidence["usd_in_long_sessions"], flag.evidence["limit_times"]) == (99.01, 2.13)
    assert flag.text == (
        "Usage of $110.00 stands beside 10 tasks: 2.9 times what these and 5 more take peers, 65 % of it without an outcome."
    )


@pytest.mark.parametrize(("share", "is_flagged"), [(0.49, True), (0.51, False)])
def test_less_than_half_for_nothing_is_no_burn(share: float, is_flagged: bool) -> None:
    assert (burn(20, tasks=task_usage(on_tasks(20 * share))) is not None) is is_flagged


def test_where_no_tool_tells_of_ones_work_it_takes_ten_times_the_usage_of_peers() -> None:
    assert burn(9, ()) is None
    assert burn(30, ()) is not None


def test_who_works_more_than_others_on_one_long_project_burns_nothing() -> None:
    assert burn(2.5, outcomes(days=RECENT[-1:])) is None


def test_too_few_peers_are_no_yardstick() -> None:
    assert found(FlagKind.IDLE_BURN, facts(usage(usd=40), outcomes(), with_peers=False)) is None


def test_unpriced_tokens_hide_nothing() -> None:
    hidden = usage(usd=0, tokens=5_000_000, unpriced_tokens=5_000_000)
    assert found(FlagKind.IDLE_BURN, facts([*hidden, *spread()], outcomes())) is not None


def beside_own_tasks(before_usd: float, earlier: Sequence[date] = EARLIER) -> Flag | None:
    """Two dollars a day, of which Ada's own tasks took a twentieth; peers' usage names their tasks as well."""
    named = [TaskDay(one, day, True, cost_nanousd=10**9) for one in PEERS for day in RECENT]
    done = outcomes()
    seen = {(ADA, one.fact.task) for one in done}  # type: ignore[union-attr]
    used = [*usage(days=earlier, usd=before_usd), *usage(days=RECENT, usd=2), *spread()]
    return found(FlagKind.IDLE_BURN, facts(used, done, tasks=task_usage([*on_tasks(0.1), *named]), tasks_seen=seen))


def test_a_thrifty_persons_burn_shows_beside_what_their_own_tasks_took() -> None:
    flag = beside_own_tasks(0.2)
    assert flag is not None
    assert flag.evidence["times_what_own_tasks_took"] == 12.7
    assert "12.7 times what these and 5 more took them" in flag.text


@pytest.mark.parametrize(
    ("days_before", "usd", "is_flagged"),
    [(9, 2.0, True), (10, 2.0, False), (10, 1.0, False), (10, 0.99, True)],
)
def test_ten_days_before_that_took_half_as_much_make_it_a_way_of_working(
    days_before: int, usd: float, is_flagged: bool
) -> None:
    assert (beside_own_tasks(usd, EARLIER[-days_before:]) is not None) is is_flagged


def test_what_was_so_before_is_a_way_of_working() -> None:
    assert beside_own_tasks(1.5) is None


def test_long_sessions_that_name_no_task_are_no_sign_where_peers_have_them_too() -> None:
    idle = [
        IdleSessions(one, sessions=9, longest_hours=11.5, cost_nanousd=int(usd * len(RECENT) * 1e9))
        for one, usd in ((ADA, 5.5), *((peer, 2.0) for peer in PEERS[:3]))
    ]
    assert burn(5.5, idle_sessions=idle) is None


def test_one_large_job_beside_ones_tasks_is_no_agent_left_running() -> None:
    named = [TaskDay(one, day, True, cost_nanousd=10**9) for one in PEERS for day in RECENT]
    done = outcomes()
    seen = {(ADA, one.fact.task) for one in done}  # type: ignore[union-attr]
    used = [*usage(days=RECENT[1:], usd=0.1), *usage(days=RECENT[:1], usd=40), *spread()]
    assert (
        found(FlagKind.IDLE_BURN, facts(used, done, tasks=task_usage([*on_tasks(0.1), *named]), tasks_seen=seen))
        is None
    )
