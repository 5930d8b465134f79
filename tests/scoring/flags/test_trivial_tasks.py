"""Far more outcomes than peers have, each a trifle; much work of the usual size is much work."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.events import Lane
from scoring.flag import Flag, FlagKind
from tests.scoring.flags.cases import RECENT, WORKDAYS, facts, found, outcomes, usage


def swarm(a_day: int, *, usd: float = 1.0, days: int = len(RECENT), **said: Any) -> Flag | None:
    return found(FlagKind.TRIVIAL_TASKS, facts(usage(usd=usd), outcomes(days=RECENT[:days], a_day=a_day, **said)))


@pytest.mark.parametrize(("a_day", "is_flagged"), [(1, False), (2, False), (3, True), (12, True)])
def test_three_times_as_many_tiny_outcomes_as_peers_are_a_swarm(a_day: int, is_flagged: bool) -> None:
    flag = swarm(a_day, usd=0.1, hours=1)
    assert (flag is not None) is is_flagged
    if flag:
        assert len(flag.keys) == flag.evidence["outcomes"] == a_day * len(RECENT)


def test_many_outcomes_of_the_usual_size_are_none() -> None:
    assert swarm(6, usd=12) is None


def test_made_up_starts_do_not_hide_how_little_each_took() -> None:
    assert swarm(12, usd=0.5, hours=40) is not None


def test_a_quick_and_sparing_worker_with_as_many_tasks_as_others_is_none() -> None:
    assert swarm(1, usd=0.05, hours=1) is None


def test_a_day_of_closing_small_things_is_none() -> None:
    assert swarm(11, usd=0.1, hours=1, days=1) is None


def test_experiments_and_refused_work_are_no_claims() -> None:
    assert swarm(12, usd=0.1, hours=1, lane=Lane.EXPLORATION) is None
    assert swarm(12, usd=0.1, hours=1, is_accepted=False) is None


@pytest.mark.parametrize(("usd", "with_past", "is_flagged"), [(1, True, True), (1, False, False), (4, True, False)])
def test_many_more_and_smaller_ones_than_oneself_had_before_are_a_swarm(
    usd: float, with_past: bool, is_flagged: bool
) -> None:
    earlier = [day for day in WORKDAYS if day < RECENT[0]] if with_past else []
    used = [*usage(days=earlier), *usage(days=RECENT, usd=usd)]
    done = [*outcomes(days=earlier[::2]), *outcomes(days=RECENT, a_day=2)]
    flag = found(FlagKind.TRIVIAL_TASKS, facts(used, done))
    assert (flag is not None) is is_flagged
    if flag:
        assert flag.evidence["times_before"] == 4.0
        assert flag.evidence["size_against_before"] == 0.25
