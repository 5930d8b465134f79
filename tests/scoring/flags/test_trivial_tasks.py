"""Far more outcomes than peers have, each a trifle; much work of the usual size is much work."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.events import Lane
from scoring.flag import Flag, FlagKind
from tests.scoring.flags.cases import RECENT, facts, found, outcomes, usage


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
