"""Where the limits of an idle burn lie. Peers use two dollars a day and have ten tasks, unless said otherwise: four each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from typing import Any

import pytest

from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind
from scoring.flags.traces import IdleSessions, TaskDay, task_usage
from scoring.program import Flags
from tests.scoring.flags.cases import ADA, PEERS, RECENT, facts, found, outcomes, usage

EVERYONE = tuple(Person(one, function="engineering") for one in (ADA, *PEERS))
DAYS = len(RECENT)


def tasks(person_id: int, done: float = 0.0, open_: float = 0.0) -> list[TaskDay]:
    """Dollars in the window for tasks with an outcome, and for tasks without one."""
    parts = ((True, done), (False, open_))
    return [TaskDay(person_id, RECENT[0], has, cost_nanousd=round(usd * 1e9)) for has, usd in parts if usd]


def idle(person_id: int, usd: float) -> IdleSessions:
    return IdleSessions(person_id, sessions=9, longest_hours=11.5, cost_nanousd=round(usd * 1e9))


def burn(
    usd: float,
    *,
    peers_usd: Sequence[float] = (40.0,) * 8,
    count: int = 10,
    peer_count: int = 10,
    named: Iterable[TaskDay] = (),
    names: int = 0,
    heaviest: float | None = None,
    rules: Flags | None = None,
    sessions: Mapping[int, float] | None = None,
) -> Flag | None:
    """Ada uses ``usd`` in the window, has ``count`` outcomes, and her usage ``names`` so many of their tasks."""

    def done(person_id: int, count: int) -> list[Happening]:
        return outcomes(person_id, days=RECENT[::2])[:count]

    each = [usd / DAYS] * DAYS if heaviest is None else [heaviest, *[(usd - heaviest) / (DAYS - 1)] * (DAYS - 1)]
    used = [row for day, part in zip(RECENT, each, strict=True) for row in usage(days=[day], usd=part)]
    used += [
        row for peer, part in zip(PEERS, peers_usd, strict=True) for row in usage(peer, days=RECENT, usd=part / DAYS)
    ]
    mine = done(ADA, count)
    happened = [*mine, *(one for peer in PEERS for one in done(peer, peer_count))]
    seen = {(ADA, one.fact.task) for one in mine[:names]}  # type: ignore[union-attr]
    traces: dict[str, Any] = {"tasks": task_usage(named), "tasks_seen": seen}
    idles = tuple(idle(person_id, part) for person_id, part in (sessions or {}).items())
    case = facts(used, happened, with_peers=False, people=EVERYONE, rules=rules, idle_sessions=idles, **traces)
    return found(FlagKind.IDLE_BURN, case)


@pytest.mark.parametrize(("usd", "is_flagged"), [(179.0, False), (180.0, True)])
def test_three_times_what_ten_tasks_and_five_more_take_peers(usd: float, is_flagged: bool) -> None:
    assert (burn(usd) is not None) is is_flagged


@pytest.mark.parametrize(("usd", "is_flagged"), [(79.0, False), (80.0, True)])
def test_twice_what_the_peer_in_the_middle_uses(usd: float, is_flagged: bool) -> None:
    assert (burn(usd, count=1) is not None) is is_flagged


@pytest.mark.parametrize(("peer_count", "is_flagged"), [(2, False), (3, True)])
def test_peers_with_three_tasks_can_be_compared_with(peer_count: int, is_flagged: bool) -> None:
    assert (burn(900.0, peer_count=peer_count) is not None) is is_flagged


def test_peers_who_use_little_can_be_compared_with() -> None:
    flag = burn(4.8, peers_usd=(1.0,) * 8)
    assert flag is not None
    assert (flag.evidence["times_what_peers_need"], flag.evidence["limit_times"]) == (3.2, 3)


@pytest.mark.parametrize(("least", "is_flagged"), [(1.25, True), (1.26, False)])
def test_what_went_for_nothing_is_worth_the_least_amount(least: float, is_flagged: bool) -> None:
    named = tasks(ADA, done=1.25)
    flag = burn(2.5, peers_usd=(0.4,) * 8, named=named, rules=Flags(least_usd=least))
    assert (flag is not None) is is_flagged


@pytest.mark.parametrize(("done", "is_flagged"), [(90.0, True), (90.1, False)])
def test_half_of_it_went_for_nothing(done: float, is_flagged: bool) -> None:
    assert (burn(180.0, named=tasks(ADA, done=done)) is not None) is is_flagged


@pytest.mark.parametrize(("still_open", "limit"), [(120.0, 3), (120.1, None)])
def test_where_more_than_half_of_it_is_under_way_it_takes_three_times_as_much(
    still_open: float, limit: float | None
) -> None:
    flag = burn(240.0, named=tasks(ADA, open_=still_open))
    assert (flag and flag.evidence["limit_times"]) == limit
    much = burn(560.0, named=tasks(ADA, open_=still_open + 200))
    assert much is not None
    assert much.evidence["limit_times"] == 9


@pytest.mark.parametrize(("usd", "is_flagged"), [(89.9, False), (90.0, True)])
def test_three_quarters_in_long_sessions_that_name_no_task_make_twice_as_much_enough(
    usd: float, is_flagged: bool
) -> None:
    assert (burn(120.0, sessions={ADA: usd}) is not None) is is_flagged


def test_sessions_of_one_peer_in_eight_are_what_their_tools_are_like() -> None:
    assert burn(120.0, sessions={ADA: 110.0}) is not None
    assert burn(120.0, sessions={ADA: 110.0, 2: 39.0}) is None
    small = burn(3.2, peers_usd=(1.0,) * 8, sessions={ADA: 3.1})  # who has no session has none of a dollar either
    assert small is not None
    assert small.evidence["limit_times"] == 2.0


def test_beside_usage_that_names_tasks_sessions_that_name_none_show_earlier() -> None:
    differing = tuple(40 * exp(0.5 * step) for step in (-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2))
    assert burn(300.0, peers_usd=differing, sessions={ADA: 280.0}) is None
    flag = burn(300.0, peers_usd=differing, sessions={ADA: 280.0}, named=tasks(ADA, done=1.0))
    assert flag is not None


def of_own(
    usd: float = 40.0, own: float = 2.0, *, names: int = 10, peers: Sequence[float] = (20.0,) * 8, **said: Any
) -> Any:
    """What Ada's ten tasks took her is named in her usage, and so is it of her peers."""
    named = [*tasks(ADA, own), *(task for peer, done in zip(PEERS, peers, strict=True) for task in tasks(peer, done))]
    flag = burn(usd, named=[*named, *said.pop("more", ())], names=names, **said)
    return None if flag is None else flag.evidence["times_what_own_tasks_took"]


@pytest.mark.parametrize(("usd", "times"), [(39.0, None), (40.0, 12.7)])
def test_as_much_as_the_peer_in_the_middle_beside_tasks_that_took_oneself_little(
    usd: float, times: float | None
) -> None:
    assert of_own(usd) == times  # 19 days of two dollars for 15 tasks of twenty cents


@pytest.mark.parametrize(("names", "is_flagged"), [(6, False), (7, True)])
def test_usage_that_names_seven_of_ten_tasks_tells_what_they_took(names: int, is_flagged: bool) -> None:
    assert (of_own(names=names) is not None) is is_flagged


@pytest.mark.parametrize(("count", "is_flagged"), [(2, False), (3, True)])
def test_three_tasks_tell_what_they_take(count: int, is_flagged: bool) -> None:
    assert (of_own(count=count, names=count) is not None) is is_flagged


def test_of_three_tasks_and_five_more() -> None:
    assert of_own(own=2.0, count=3, names=3) == 7.1  # 38 / (2 + 10 / 3)


def test_tasks_that_took_cents_tell_as_well() -> None:
    assert of_own(own=0.4) == 63.3  # 38 / (0.4 + 0.2)


def test_what_is_under_way_is_needed_too() -> None:
    assert of_own(own=2.0, more=tasks(ADA, open_=5.0)) == 4.8  # 38 / (3 + 5)


def test_the_day_that_took_most_is_left_out() -> None:
    assert of_own(41.0, heaviest=26.0) == 5.0
    assert of_own(41.0, heaviest=41.0) is None


def test_peers_beside_whose_tasks_as_much_is_used_make_it_nothing_special() -> None:
    assert of_own(peers=(2.0,) * 8) is None
    assert of_own(peers=(2.0,) * 8, usd=60.0) is None


def test_where_peers_name_no_tasks_ones_own_are_no_yardstick() -> None:
    assert of_own(peers=(0.0,) * 8) is None


def test_of_two_ways_in_which_it_is_far_too_much_the_further_one_is_told() -> None:
    by_own = burn(400.0, names=10, named=[*tasks(ADA, 2.0), *(task for peer in PEERS for task in tasks(peer, 20.0))])
    assert by_own is not None
    assert by_own.text.startswith(
        "Usage of $400.00 stands beside 10 tasks: 126.7 times what these and 5 more took them,"
    )
    by_peers = burn(400.0, names=10, named=[*tasks(ADA, 40.0), *(task for peer in PEERS for task in tasks(peer, 20.0))])
    assert by_peers is not None
    assert "6.7 times what these and 5 more take peers," in by_peers.text


def test_the_days_are_those_with_as_much_as_the_middle_peers_average_and_more() -> None:
    used = [
        row for number, day in enumerate(RECENT) for row in usage(days=[day], usd=(9.0, 2.0, 1.9, 23.1)[number % 4])
    ]
    used += [row for peer in PEERS for row in usage(peer, days=RECENT, usd=2.0)]
    happened = [one for person in (ADA, *PEERS) for one in outcomes(person, days=RECENT[::2])]
    flag = found(FlagKind.IDLE_BURN, facts(used, happened, with_peers=False, people=EVERYONE))
    assert flag is not None
    assert flag.evidence["usd"] == 180.0
    assert flag.days == tuple(day for number, day in enumerate(RECENT) if number % 4 != 2)
