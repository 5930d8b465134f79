"""Where the limits of swarms of trivial tasks lie: how many, among which peers, how small, and against which past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
import pytest

from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind
from scoring.program import Flags
from scoring.usage import UsageDay
from tests.scoring.companies import WINDOW
from tests.scoring.flags.cases import ADA, PEERS, RECENT, WORKDAYS, facts, found, outcomes, usage

EVERYONE = tuple(Person(one, function="engineering") for one in (ADA, *PEERS))
EARLIER = tuple(day for day in WORKDAYS if day < RECENT[0])


def among(
    theirs: Iterable[Happening],
    mine: Iterable[Happening],
    used: Iterable[UsageDay],
    *,
    rules: Flags | None = None,
) -> Flag | None:
    case = facts(used, [*mine, *theirs], with_peers=False, people=EVERYONE, rules=rules)
    return found(FlagKind.TRIVIAL_TASKS, case)


def beside(a_days: Sequence[int], a_day: int, *, usd: float = 0.1, days: Sequence[date] = RECENT) -> Flag | None:
    """Ada has ``a_day`` small outcomes on each of ``days``, her peers so many as ``a_days`` say, of a dollar each."""
    theirs = [
        one for peer, count in zip(PEERS, a_days, strict=True) for one in outcomes(peer, days=RECENT, a_day=count)
    ]
    used = [row for peer, count in zip(PEERS, a_days, strict=True) for row in usage(peer, days=RECENT, usd=count)]
    return among(theirs, outcomes(days=days, a_day=a_day, hours=1), [*used, *usage(days=days, usd=usd)])


@pytest.mark.parametrize(("a_day", "is_flagged"), [(5, False), (6, True)])
def test_peers_with_two_a_day_are_held_against_those_two(a_day: int, is_flagged: bool) -> None:
    flag = beside([2] * 8, a_day)
    assert (flag is not None) is is_flagged
    if flag:
        assert (flag.evidence["peers_outcomes_a_day"], flag.evidence["times_peers"]) == (2.0, 3.0)


@pytest.mark.parametrize(("days", "is_flagged"), [(1, False), (2, True)])
def test_twelve_are_a_swarm(days: int, is_flagged: bool) -> None:
    assert (beside([1] * 8, 6, days=RECENT[:days]) is not None) is is_flagged


def test_where_peers_differ_much_far_more_than_the_middle_is_nothing_special() -> None:
    assert beside([1, 1, 2, 2, 2, 4, 4, 4], 8) is None
    assert beside([2, 2, 2, 2, 2, 2, 2, 2], 8) is not None


def test_figures_of_peers_are_rounded_to_what_one_reads() -> None:
    theirs = [
        one for peer in PEERS for one in [*outcomes(peer, days=RECENT), *outcomes(peer, days=RECENT[:7], a_day=2)]
    ]
    used = [row for peer in PEERS for row in usage(peer)]
    flag = among(theirs, outcomes(days=RECENT, a_day=9, hours=1), [*used, *usage(usd=0.1)])
    assert flag is not None
    assert flag.evidence["peers_outcomes_a_day"] == 1.4  # 27 on 20 days
    assert flag.evidence["times_peers"] == 6.7


def sized(
    *, with_cost: int = 0, with_start: int = 0, own_starts: int = 60, hours: float = 1.0, peer_hours: float = 24.0
) -> Flag | None:
    """Sixty outcomes of Ada, as against twenty of each peer: that many peers have a cost, or starts."""
    theirs = [
        one
        for number, peer in enumerate(PEERS)
        for one in outcomes(
            peer, days=RECENT, **({"hours": peer_hours} if number < with_start else {"started_us": None})
        )
    ]
    used = [row for peer in PEERS[:with_cost] for row in usage(peer, usd=0.05)]
    mine = [
        one
        if number < own_starts
        else msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, started_us=None))
        for number, one in enumerate(outcomes(days=RECENT, a_day=3, hours=hours))
    ]
    return among(theirs, mine, [*used, *usage(usd=0.001)])


@pytest.mark.parametrize(("peers", "is_flagged"), [(3, False), (4, True)])
def test_the_cost_of_half_of_the_peers_is_enough_to_tell_a_size_by(peers: int, is_flagged: bool) -> None:
    assert (sized(with_cost=peers) is not None) is is_flagged


@pytest.mark.parametrize(("peers", "is_flagged"), [(3, False), (4, True)])
def test_the_starts_of_half_of_the_peers_are_enough(peers: int, is_flagged: bool) -> None:
    assert (sized(with_start=peers) is not None) is is_flagged


@pytest.mark.parametrize(("own", "is_flagged"), [(29, False), (30, True)])
def test_half_of_ones_own_starts_are_needed(own: int, is_flagged: bool) -> None:
    assert (sized(with_start=8, own_starts=own) is not None) is is_flagged


@pytest.mark.parametrize(("peer_minutes", "is_flagged"), [(6.0, False), (12.0, True)])
def test_no_outcome_takes_less_than_three_minutes(peer_minutes: float, is_flagged: bool) -> None:
    assert (sized(with_start=8, hours=1 / 60, peer_hours=peer_minutes / 60) is not None) is is_flagged


def test_the_events_of_one_task_are_one_outcome() -> None:
    events = outcomes(days=RECENT, a_day=3, hours=1)
    tasks = [
        msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, task=f"task {number // 3}"))
        for number, one in enumerate(events)
    ]
    unnamed = [msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, task=None)) for one in events]
    assert found(FlagKind.TRIVIAL_TASKS, facts(usage(usd=0.1), events)) is not None
    assert found(FlagKind.TRIVIAL_TASKS, facts(usage(usd=0.1), tasks)) is None
    flag = found(FlagKind.TRIVIAL_TASKS, facts(usage(usd=0.1), unnamed))
    assert flag is not None
    assert flag.evidence["outcomes"] == 60


def against_past(
    *,
    before: int = 20,
    days_before: int = 40,
    usd_before: float = 10.0,
    now: int = 20,
    usd: float = 2.0,
    rules: Flags | None = None,
) -> Flag | None:
    """Ada's outcomes in the window, and before it; her peers have two a day."""
    past = outcomes(days=EARLIER[-before:])
    used = [*usage(days=EARLIER[-days_before:], usd=usd_before), *usage(days=RECENT, usd=usd)]
    theirs = [one for peer in PEERS for one in outcomes(peer, days=RECENT, a_day=2)]
    used += [row for peer in PEERS for row in usage(peer, days=RECENT)]
    return among(theirs, [*past, *outcomes(days=RECENT, a_day=-(-now // 20))[:now]], used, rules=rules)


@pytest.mark.parametrize(("now", "is_flagged"), [(15, False), (16, True)])
def test_more_than_half_as_many_again_a_day_are_many(now: int, is_flagged: bool) -> None:
    assert (against_past(now=now, usd=1.0) is not None) is is_flagged  # before: one on every other day


@pytest.mark.parametrize(("usd", "is_flagged"), [(44.0, True), (44.1, False)])
def test_of_little_more_than_half_the_size(usd: float, is_flagged: bool) -> None:
    assert (against_past(now=80, usd=usd) is not None) is is_flagged  # a quarter of that each, of twenty dollars before


@pytest.mark.parametrize(("usd", "is_flagged"), [(7.6, True), (7.7, False)])
def test_more_and_smaller_count_together(usd: float, is_flagged: bool) -> None:
    flag = against_past(usd=usd)  # twice as many, of 38 % of the size
    assert (flag is not None) is is_flagged
    if flag:
        assert (flag.evidence["more_and_smaller"], flag.strength) == (5.3, 1.003)


@pytest.mark.parametrize(("days", "is_flagged"), [(9, False), (10, True)])
def test_ten_days_of_use_are_a_past(days: int, is_flagged: bool) -> None:
    assert (against_past(before=8, days_before=days, now=40) is not None) is is_flagged


@pytest.mark.parametrize(("before", "is_flagged"), [(7, False), (8, True)])
def test_eight_outcomes_are_a_past(before: int, is_flagged: bool) -> None:
    assert (against_past(before=before) is not None) is is_flagged


def test_a_past_that_took_next_to_nothing_is_one_and_a_past_that_took_nothing_is_none() -> None:
    assert against_past(usd_before=0.02, usd=0.001) is not None
    assert against_past(usd_before=0.0, usd=0.0) is None


def test_an_outcome_as_the_window_begins_is_not_of_the_past() -> None:
    def moved(by_us: int) -> list[Happening]:
        first = outcomes(days=EARLIER[-1:])[0]
        return [*outcomes(days=EARLIER[-8:-1]), msgspec.structs.replace(first, time_us=WINDOW.start_us + by_us)]

    for by_us, is_flagged in ((-1, True), (0, False)):
        used = [*usage(days=EARLIER, usd=10), *usage(days=RECENT, usd=2)]
        case = facts(used, [*moved(by_us), *outcomes(days=RECENT)])
        assert (found(FlagKind.TRIVIAL_TASKS, case) is not None) is is_flagged


def test_figures_of_the_past_are_rounded_to_what_one_reads() -> None:
    flag = against_past(before=17, usd=3.0, rules=Flags(trivial_ratio=3.1))
    assert flag is not None
    assert flag.evidence == {
        "outcomes": 20,
        "outcomes_before": 17,
        "times_before": 2.4,  # one a day against 17 on 40 days
        "size_against_before": 0.13,  # three dollars against 400 / 17
        "more_and_smaller": 18.5,
        "limit_times": 5.42,
    }
