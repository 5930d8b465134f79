"""What people decided: the latest counts, two may be needed, and what is settled is no evidence any more."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags import detect
from scoring.flags.decisions import Decision, Settled, decided, flag_id, named, settled, standing_confirmations
from scoring.flags.traces import Repeat
from tests.scoring.flags.cases import ADA, RECENT, facts, outcomes, usage

CONFIRMED, DISMISSED, OPEN = FlagState.CONFIRMED, FlagState.DISMISSED, FlagState.OPEN
LOOP = Flag(ADA, FlagKind.PROMPT_LOOP, 1, 2, {}, "", days=RECENT[:2], strength=1.0)


def state(*said: tuple[FlagState, str], reviewers: int = 1) -> FlagState:
    decisions = [Decision("x", LOOP, verdict, by, "why", number) for number, (verdict, by) in enumerate(said)]
    found = decided(decisions, reviewers).get("x")
    return OPEN if found is None else found.state


def test_the_latest_decision_counts() -> None:
    assert state() is OPEN
    assert state((CONFIRMED, "7")) is CONFIRMED
    assert state((CONFIRMED, "7"), (DISMISSED, "8")) is DISMISSED
    assert state((DISMISSED, "8"), (CONFIRMED, "7")) is CONFIRMED


def test_a_confirmation_may_take_two_different_people_and_a_dismissal_never_does() -> None:
    assert state((CONFIRMED, "7"), (CONFIRMED, "7"), reviewers=2) is OPEN
    assert state((CONFIRMED, "7"), (CONFIRMED, "8"), reviewers=2) is CONFIRMED
    assert state((DISMISSED, "7"), reviewers=2) is DISMISSED
    assert state((CONFIRMED, "7"), (DISMISSED, "8"), (CONFIRMED, "9"), reviewers=2) is DISMISSED


def test_the_confirmations_that_stand_are_those_since_the_last_dismissal_one_of_each_person() -> None:
    said = ((CONFIRMED, "7"), (DISMISSED, "8"), (CONFIRMED, "9"), (CONFIRMED, "7"), (CONFIRMED, "9"))
    decisions = [Decision("x", LOOP, verdict, by, str(number), number) for number, (verdict, by) in enumerate(said)]
    assert [(one.by, one.reason) for one in standing_confirmations(decisions)] == [("9", "2"), ("7", "3")]
    assert standing_confirmations(decisions[:2]) == ()


def loops(days: tuple[date, ...], calls: int = 20) -> tuple[Repeat, ...]:
    return tuple(Repeat(ADA, day, calls, 60_000) for day in days)


@pytest.mark.parametrize("verdict", [CONFIRMED, DISMISSED])
def test_what_was_decided_does_not_fire_again(verdict: FlagState) -> None:
    case = facts(usage(), repeats=loops(RECENT[:2]))
    (flag,) = detect(case)
    assert flag.kind is FlagKind.PROMPT_LOOP
    assert detect(case, settled([msgspec.structs.replace(flag, state=verdict)])) == ()


def test_what_was_settled_is_gone_for_its_kind_and_its_person_alone() -> None:
    done = outcomes(days=RECENT[:2])
    case = facts(usage(), done, repeats=loops(RECENT[:2]))
    gone = {(ADA, FlagKind.TRIVIAL_TASKS): Settled(frozenset({RECENT[0]}), frozenset({done[0].key}))}
    rest = case.without(gone, FlagKind.TRIVIAL_TASKS)
    assert [one.time_us for one in rest.delivered(ADA)] == [done[1].time_us]
    assert [one.day for one in rest.traces.repeats] == [RECENT[1]]
    assert len(rest.delivered(2)) == len(case.delivered(2))
    assert case.without(gone, FlagKind.PROMPT_LOOP) is case


def test_something_new_fires_where_it_passes_the_limit_by_itself() -> None:
    before = settled([msgspec.structs.replace(LOOP, state=CONFIRMED)])
    assert detect(facts(usage(), repeats=loops(RECENT[:3])), before) == ()
    (flag,) = detect(facts(usage(), repeats=loops(RECENT[:4])), before)
    assert flag.days == RECENT[2:4]


def test_after_a_dismissal_it_must_be_clearly_stronger_than_that_was() -> None:
    before = settled([msgspec.structs.replace(LOOP, state=DISMISSED)])
    assert detect(facts(usage(), repeats=loops(RECENT[:4])), before) == ()
    assert detect(facts(usage(), repeats=loops(RECENT[:5])), before) != ()


def test_outcomes_that_were_decided_about_are_no_evidence_and_other_kinds_and_people_are_untouched() -> None:
    case = facts(usage(usd=0.1), outcomes(days=RECENT, a_day=6, hours=1))
    (flag,) = (one for one in detect(case) if one.kind is FlagKind.TRIVIAL_TASKS)
    others = {one.kind for one in detect(case)} - {flag.kind}
    after = detect(case, settled([msgspec.structs.replace(flag, state=DISMISSED)]))
    assert {one.kind for one in after} == others
    of_ben = msgspec.structs.replace(flag, person_id=2, state=DISMISSED)
    assert detect(case, settled([of_ben])) == detect(case)


def test_two_flags_of_one_name_do_not_confirm_each_other() -> None:
    decisions = [Decision("x", LOOP, CONFIRMED, "7", "", 1), Decision("y", LOOP, CONFIRMED, "8", "", 2)]
    assert decided(decisions, 2) == {}


def test_all_that_was_decided_of_a_person_and_kind_is_settled_together() -> None:
    first = msgspec.structs.replace(LOOP, keys=(b"a",), strength=2.0, state=DISMISSED)
    second = msgspec.structs.replace(LOOP, days=RECENT[4:5], keys=(b"b",), strength=9.0, state=CONFIRMED)
    elsewhere = msgspec.structs.replace(LOOP, kind=FlagKind.IDLE_BURN, strength=8.0, state=DISMISSED)
    assert settled([first, second, elsewhere]) == {
        (ADA, FlagKind.PROMPT_LOOP): Settled(
            frozenset({*RECENT[:2], RECENT[4]}), frozenset({b"a", b"b"}), least_strength=2.5
        ),
        (ADA, FlagKind.IDLE_BURN): Settled(frozenset(RECENT[:2]), frozenset(), least_strength=10.0),
    }


def test_an_id_is_eight_hexadecimal_digits_by_person_kind_and_beginning() -> None:
    others = [{"person_id": 2}, {"kind": FlagKind.IDLE_BURN}, {"from_us": 2}]
    ids = {flag_id(LOOP), *(flag_id(msgspec.structs.replace(LOOP, **other)) for other in others)}
    assert len(ids) == 4
    assert all(len(id) == 8 and int(id, 16) >= 0 for id in ids)
    assert flag_id(msgspec.structs.replace(LOOP, to_us=99, text="Else.", strength=5.0)) == flag_id(LOOP)


def test_a_flag_keeps_its_id_while_it_goes_on() -> None:
    (id,) = named([LOOP], {})
    later = msgspec.structs.replace(LOOP, from_us=5)
    assert id == flag_id(LOOP) != flag_id(later)
    assert list(named([later], {(ADA, FlagKind.PROMPT_LOOP): id})) == [id]
