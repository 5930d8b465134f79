"""Neither being given more work nor cutting it up is a merit, on whatever board: the properties, board by board."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.boards import BOARDS, Board, board_named
from scoring.events import Contribution, Lane, Outcome, Training
from scoring.evidence import Evidence, Happening, LaneUsage, Person
from scoring.program import Boards, OutcomeBoard, Program, RawBoard
from scoring.standings import Standings
from scoring.usage import UsageDay, day_usage
from tests.scoring.companies import HOUR_US, WINDOW, companies, happening, with_happenings, with_usage, work

# Without shrinkage, as more evidence of the same may count for more; with the board that ships turned off.
PROGRAM = Program(boards=Boards(outcome=OutcomeBoard(prior_samples=0), raw=RawBoard(on=True)))
BUDGET_NANOUSD = round(PROGRAM.boards.exploration.sandbox_budget_usd * 10**9)
LIBRARIAN = 200
DEFAULT_BOARDS = [board for board in BOARDS if board.name != "raw"]

few = settings(derandomize=True)


def standings(board: Board, evidence: Evidence) -> Standings:
    return board.standings(evidence, PROGRAM, "v1")


def mine(found: Standings) -> float | None:
    """The score of person 0, or of their team."""
    return next((one.score for one in found.entries if one.person_id == 0 or one.team == "red"), None)


@st.composite
def at_work(draw: st.DrawFn) -> tuple[Evidence, list[Happening]]:
    """A company in which person 0 (in team red, which has shared something) has places on all boards; their outcomes."""
    evidence = draw(companies(least_people=4, most_people=8))
    did, used, _ = draw(work(0, least=4))
    for one in did:
        assert isinstance(one.fact, Outcome)
    did = [with_fact(one, is_accepted=True) for one in did]
    people = tuple(
        msgspec.structs.replace(one, team="red" if one.id < 3 else one.team, manager_id=None, is_in_cohort=True)
        for one in evidence.people
    )
    learnt = (
        happening(0, "0 shared", WINDOW.start_us, Contribution("shared", "guide", "tool")),
        happening(LIBRARIAN, "0 reviewed", WINDOW.start_us + 1, Contribution("reviewed", "guide")),
        happening(0, "0 trained", WINDOW.start_us, Training("evaluation", "completed")),
    )
    others = tuple(one for one in evidence.happenings if one.person_id != 0 and not is_contribution(one.fact))
    base = msgspec.structs.replace(
        evidence,
        people=(*people, Person(LIBRARIAN, is_in_cohort=False)),
        active_days=tuple(msgspec.structs.replace(one, days=max(one.days, 5)) for one in evidence.active_days),
        happenings=(*others, *did, *learnt),
        day_usage=day_usage([*in_the_sandbox(1), *draw(st.lists(days_in_production(), max_size=4))]),
    )
    return with_usage(base, 0, lambda _: used), did


def with_fact(one: Happening, **changes: Any) -> Happening:
    return msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, **changes))


def is_contribution(fact: object) -> bool:
    return isinstance(fact, Contribution)


def in_the_sandbox(times: int) -> list[UsageDay]:
    """Days of experiments of which two fit into the sandbox budget."""
    return [
        UsageDay(
            0, day, lane=Lane.EXPLORATION, calls=5 * times, tokens=900 * times, cost_nanousd=times * BUDGET_NANOUSD // 2
        )
        for day in WINDOW.days[:3]
    ]


@st.composite
def days_in_production(draw: st.DrawFn) -> UsageDay:
    day, tokens = draw(st.sampled_from(WINDOW.days)), draw(st.integers(1, 5_000_000))
    return UsageDay(0, day, calls=10, tokens=tokens, cost_nanousd=tokens)


def again(one: Happening) -> Happening:
    """The same kind of work once more, half an hour later."""
    assert isinstance(one.fact, Outcome)
    started = None if one.fact.started_us is None else one.fact.started_us + HOUR_US // 2
    more = with_fact(one, task=f"{one.fact.task} again", started_us=started)
    return msgspec.structs.replace(more, key=one.key + b"again", time_us=one.time_us + HOUR_US // 2)


def doubled(one: LaneUsage) -> LaneUsage:
    counts = ("calls", "errors", "retries", "tokens", "cost_nanousd", "unpriced_calls", "unpriced_tokens")
    return msgspec.structs.replace(one, **{name: 2 * getattr(one, name) for name in counts})


@pytest.mark.parametrize("board", DEFAULT_BOARDS, ids=lambda board: board.name)
@few
@given(company=at_work())
def test_twice_as_much_work_of_the_same_kind_scores_the_same_apart_from_shrinkage(
    board: Board, company: tuple[Evidence, list[Happening]]
) -> None:
    """The same things tried twice as often, the same module taken twice; and twice the tasks for twice the usage."""
    once, did = company
    repeated = [msgspec.structs.replace(one, key=b"again") for one in once.happenings if isinstance(one.fact, Training)]
    twice = with_usage(with_happenings(once, *map(again, did), *repeated), 0, doubled)
    twice = msgspec.structs.replace(twice, day_usage=day_usage(in_the_sandbox(2)))
    before, after = (
        mine(standings(board, once)),
        mine(standings(board, twice)),
    )
    assume(before is not None)
    assert after == pytest.approx(before, abs=0.01)


def in_ten(real: Happening, minutes: int, *, keeps_task: bool, says_faults_each_time: bool) -> list[Happening]:
    """``real`` as ten pieces that end so many minutes apart, the last one when it did."""
    assert isinstance(real.fact, Outcome)
    faultless = {} if says_faults_each_time else {"errors": None, "is_escalated": None, "is_incident": None}
    return [
        msgspec.structs.replace(
            with_fact(
                real,
                task=real.fact.task if keeps_task else f"piece {number}",
                **(faultless if number < 9 else {}),
            ),
            key=real.key + bytes([number]),
            time_us=real.time_us - (9 - number) * minutes * 60_000_000,
        )
        for number in range(10)
    ]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
@few
@given(company=at_work(), keeps_task=st.booleans(), minutes=st.integers(1, 14), each_time=st.booleans())
def test_splitting_one_real_task_into_ten_trivial_ones_does_not_raise_a_score(
    board: Board, company: tuple[Evidence, list[Happening]], keeps_task: bool, minutes: int, each_time: bool
) -> None:
    evidence, (real, *_) = company
    if (
        board.ranks == "teams"
    ):  # colleagues gain where somebody does worse: neither more faults, nor other tasks swallowed
        minutes, each_time = min(minutes, 4), False
    pieces = in_ten(real, minutes, keeps_task=keeps_task, says_faults_each_time=each_time)
    kept = tuple(one for one in evidence.happenings if one is not real)
    split = with_happenings(msgspec.structs.replace(evidence, happenings=kept), *pieces)
    before, after = mine(standings(board, evidence)), mine(standings(board, split))
    assume(before is not None)
    assert after is None or after <= (before or 0) + 0.002


@few
@given(company=at_work(), parts=st.integers(2, 10))
def test_a_days_tokens_in_more_calls_are_the_same_tokens(company: tuple[Evidence, list[Happening]], parts: int) -> None:
    """What the raw board ranks is use, so that twice as much counts for more, up to the cap; cut up it never does."""
    evidence, _ = company
    days = WINDOW.days[:3]

    def used(times: int) -> Evidence:
        rows = [UsageDay(0, day, calls=1, tokens=6_000 // times) for day in days for _ in range(times)]
        return msgspec.structs.replace(evidence, day_usage=day_usage(rows))

    raw = board_named("raw")
    assert (mine(standings(raw, used(parts))) or 0) <= (mine(standings(raw, used(1))) or 0)


def test_what_the_raw_board_ranks_ends_at_the_cap() -> None:
    cap = PROGRAM.boards.raw.daily_cap_tokens
    evidence = Evidence(WINDOW, WINDOW.start_us, (Person(0),), (), (), ())

    def score(tokens: int) -> float | None:
        rows = day_usage([UsageDay(0, WINDOW.days[0], calls=1, tokens=tokens)])
        return mine(standings(board_named("raw"), msgspec.structs.replace(evidence, day_usage=rows)))

    assert (score(cap // 2) or 0) < (score(cap) or 0) == score(2 * cap)
