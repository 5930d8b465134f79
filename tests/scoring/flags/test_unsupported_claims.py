"""Outcomes with nothing to show for them, where peers' have it; working without AI is no offence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from scoring.events import Outcome
from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind
from tests.scoring.flags.cases import ADA, PEERS, RECENT, facts, found, outcomes, usage

REAL = outcomes(days=RECENT[::2])


def tasks_of(done: Iterable[Happening]) -> frozenset[tuple[int, str]]:
    """Person and task of each outcome."""
    return frozenset((one.person_id, one.fact.task or "") for one in done if isinstance(one.fact, Outcome))


SEEN = set(tasks_of(REAL))


def made_up(count: int, **said: Any) -> list[Happening]:
    days = RECENT[1::2]
    return outcomes(days=days, a_day=-(-count // len(days)), **said)[:count]


def claim(*done: Happening, used: Any = None, seen: Any = SEEN) -> Flag | None:
    return found(FlagKind.UNSUPPORTED_CLAIMS, facts(usage() if used is None else used, done, tasks_seen=seen))


@pytest.mark.parametrize(("count", "is_flagged"), [(0, False), (6, False), (10, True), (30, True)])
def test_claims_on_top_of_real_work_are_flagged_even_with_a_verdict(count: int, is_flagged: bool) -> None:
    invented = made_up(count)
    flag = claim(*REAL, *invented)
    assert (flag is not None) is is_flagged
    if flag:
        assert set(flag.keys) == {one.key for one in invented}


def test_a_few_that_nobody_reviewed_are_enough_and_four_are_not() -> None:
    few = REAL[:3]
    assert claim(*few, *made_up(5, is_accepted=None)) is not None
    assert claim(*few, *made_up(4, is_accepted=None)) is None
    assert claim(*few, *made_up(5)) is None


def test_who_used_nothing_at_all_worked_without_ai() -> None:
    few = REAL[:3]
    assert claim(*few, *made_up(5, is_accepted=None), used=[]) is None


def test_who_mostly_works_without_ai_as_much_as_others_is_left_in_peace() -> None:
    assert claim(*REAL[:2], *made_up(9)) is None


def test_where_usage_names_no_tasks_usage_in_the_time_of_the_work_is_support() -> None:
    assert claim(*REAL, *made_up(8, is_accepted=None), seen=set()) is None
    unused = usage(days=[RECENT[0]])
    assert claim(*made_up(8, is_accepted=None), used=unused, seen=set()) is not None


def test_very_many_for_very_little_usage_are_claims_even_so() -> None:
    assert claim(*outcomes(days=RECENT, a_day=3), used=usage(usd=0.5), seen=set()) is not None
    assert claim(*outcomes(days=RECENT, a_day=3), used=usage(usd=6), seen=set()) is None


@pytest.mark.parametrize(("verdict", "is_flagged"), [(True, True), (None, False)])
def test_that_nobody_reviewed_them_says_nothing_where_nobody_reviews(verdict: bool | None, is_flagged: bool) -> None:
    theirs = [one for peer in PEERS for one in outcomes(peer, is_accepted=verdict)]
    seen = SEEN | {(one.person_id, one.fact.task) for one in theirs}  # type: ignore[union-attr]
    used = [row for one in (ADA, *PEERS) for row in usage(one)]
    done = [*REAL[:3], *made_up(5, is_accepted=None), *theirs]
    everyone = [Person(one, function="engineering") for one in (ADA, *PEERS)]
    case = facts(used, done, with_peers=False, people=everyone, tasks_seen=seen)
    assert (found(FlagKind.UNSUPPORTED_CLAIMS, case) is not None) is is_flagged
