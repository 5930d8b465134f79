"""One identity, at work around the clock in several sessions at once, on several days; or for the tasks of others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from scoring.events import Outcome
from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.traces import BusyDay
from tests.scoring.flags.cases import ADA, PEERS, RECENT, facts, flag_on, found, outcomes


@pytest.mark.parametrize(
    ("days", "hours", "crowded", "is_flagged"),
    [(5, 18, 9, True), (4, 24, 24, False), (5, 17, 17, False), (20, 24, 11, False), (20, 24, 12, True)],
)
def test_five_days_of_eighteen_hours_half_of_them_crowded(
    days: int, hours: int, crowded: int, is_flagged: bool
) -> None:
    busy = tuple(BusyDay(ADA, day, hours, crowded) for day in RECENT[:days])
    flag = found(FlagKind.SHARED_ACCOUNT, facts(busy_days=busy))
    assert (flag is not None) is is_flagged
    if flag:
        assert flag.days == RECENT[:days]
        assert flag.evidence["hours_a_day"] == hours


BEN, CLEO = 20, 21
PEOPLE = tuple(Person(one, function="engineering") for one in (ADA, BEN, CLEO, *PEERS))


def lending(
    lent: int = 6, *, kept: int = 0, own: int = 0, hers: int = 3, to: tuple[int, ...] = (BEN,), **said: Any
) -> FlagFacts:
    """Of each of ``to`` so many tasks are in Ada's usage alone, ``kept`` in nobody's and ``own`` in their own; and of hers
    ``hers``."""
    mine = outcomes(ADA, RECENT[:hers])
    theirs = {doer: outcomes(doer, RECENT[: lent + kept + own]) for doer in to}
    of_others = {(ADA, doer, task) for doer, some in theirs.items() for task in tasks(some[:lent])}
    seen = {(doer, task) for doer, some in theirs.items() for task in tasks(some[lent + kept :])}
    done = [*mine, *(one for some in theirs.values() for one in some)]
    case = facts(done=done, people=said.pop("people", PEOPLE), tasks_of_others=frozenset(of_others), **said)
    seen |= {(ADA, task) for task in tasks(mine)}
    case.traces = msgspec.structs.replace(case.traces, tasks_seen=frozenset(seen))
    return case


def tasks(done: Iterable[Happening]) -> list[str]:
    return [one.fact.task for one in done if isinstance(one.fact, Outcome) and one.fact.task]


def lent(case: FlagFacts) -> Flag | None:
    return found(FlagKind.SHARED_ACCOUNT, case)


def test_usage_for_what_a_colleague_gets_done_without_any_of_their_own() -> None:
    assert lent(lending(9)) == flag_on(
        FlagKind.SHARED_ACCOUNT,
        RECENT[:9],
        1.5,
        {"tasks_of_others": 9, "others": 1, "limit_tasks": 6},
        "One identity's usage is for 9 tasks that 1 colleague got done, who has hardly any usage of their own.",
    )


@pytest.mark.parametrize(("tasks", "is_flagged"), [(5, False), (6, True)])
def test_fewer_than_six_are_help_among_colleagues(tasks: int, is_flagged: bool) -> None:
    assert (lent(lending(tasks)) is not None) is is_flagged


def test_what_several_colleagues_got_done_adds_up() -> None:
    flag = lent(lending(3, to=(BEN, CLEO)))
    assert flag is not None
    assert flag.evidence == {"tasks_of_others": 6, "others": 2, "limit_tasks": 6}
    assert "6 tasks that 2 colleagues got done, who have hardly any" in flag.text
    assert flag.days == RECENT[:3]


@pytest.mark.parametrize(("kept", "is_flagged"), [(4, True), (5, False)])
def test_it_is_most_of_what_they_get_done(kept: int, is_flagged: bool) -> None:
    assert (lent(lending(6, kept=kept)) is not None) is is_flagged


@pytest.mark.parametrize(("own", "is_flagged"), [(2, True), (3, False)])
def test_who_has_usage_of_their_own_shares_no_account(own: int, is_flagged: bool) -> None:
    assert (lent(lending(8, own=own)) is not None) is is_flagged


@pytest.mark.parametrize(("hers", "is_flagged"), [(2, False), (3, True)])
def test_an_identity_for_nothing_of_ones_own_is_a_robots(hers: int, is_flagged: bool) -> None:
    assert (lent(lending(hers=hers)) is not None) is is_flagged


def test_who_helps_a_little_or_works_by_themselves_does_not_hide_who_shares_an_account() -> None:
    """Person 0 helps with one task only, and of several colleagues one has no usage of their own."""
    others = tuple(range(30, 36))
    people = (Person(0), *map(Person, others), *PEOPLE)
    case = lending(people=people)
    busy = {one: outcomes(one, RECENT[:6]) for one in others}
    named = {(one, task) for one, done in busy.items() for task in tasks(done)}
    little = {(ADA, one, task) for one, task in named} | {(0, BEN, task) for task in tasks(outcomes(BEN, RECENT[:4]))}
    done = tuple(one for some in busy.values() for one in some)
    case.evidence = msgspec.structs.replace(case.evidence, happenings=(*case.evidence.happenings, *done))
    case.traces = msgspec.structs.replace(
        case.traces,
        tasks_seen=case.traces.tasks_seen | named,
        tasks_of_others=case.traces.tasks_of_others | little,
    )
    flag = lent(case)
    assert flag is not None
    assert (flag.evidence["tasks_of_others"], flag.evidence["others"]) == (6, 1)


def test_who_takes_no_part_lends_nothing_and_is_lent_nothing() -> None:
    for gone in (ADA, BEN):
        people = [Person(one.id, function=one.function, is_opted_out=one.id == gone) for one in PEOPLE]
        assert lent(lending(people=people)) is None


def test_an_account_is_shared_once_and_by_its_hours_first() -> None:
    busy = tuple(BusyDay(ADA, day, 20, 20) for day in RECENT[:5])
    flag = lent(lending(9, busy_days=busy))
    assert flag is not None
    assert "hours_a_day" in flag.evidence
