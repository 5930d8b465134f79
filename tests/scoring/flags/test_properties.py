"""What holds for flags whatever the history: order and repetition do not matter, others' numbers do not, honest days add none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind
from scoring.flags import DETECTORS, detect
from scoring.flags.facts import FlagFacts
from scoring.flags.figures import FIGURES
from scoring.flags.traces import BusyDay, Repeat
from scoring.program import Flags
from scoring.usage import UsageDay, day_usage
from tests.scoring.flags.cases import ADA, PEERS, RECENT, WORKDAYS, contribution, facts, outcomes, usage

dollars = st.floats(0.05, 60)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[UsageDay], list[Happening], dict[str, Any]]:
    """Ada's and a colleague's months, from quiet to wild."""
    rows = [
        row
        for day, usd in zip(WORKDAYS, draw(st.lists(dollars, min_size=60, max_size=60)), strict=True)
        for row in usage(days=[day], usd=usd)
    ]
    a_day = draw(st.integers(1, 8))
    hours = draw(st.sampled_from([0.5, 24]))
    days = draw(st.sets(st.sampled_from(RECENT)))
    done = outcomes(days=sorted(days), a_day=a_day, hours=hours, is_accepted=draw(st.sampled_from([True, None])))
    for number in range(draw(st.integers(0, 4))):
        for giver, author in ((ADA, 2), (2, ADA)):
            asset = f"{author}/{number}"
            done += [contribution(author, "shared", asset), contribution(giver, "reviewed", asset, 1)]
    repeats = [
        Repeat(ADA, day, draw(st.integers(20, 90)), 60_000) for day in sorted(draw(st.sets(st.sampled_from(RECENT))))
    ]
    busy = [BusyDay(ADA, day, 24, draw(st.integers(0, 24))) for day in sorted(draw(st.sets(st.sampled_from(RECENT))))]
    return rows, done, {"repeats": tuple(repeats), "busy_days": tuple(busy)}


def shuffled(case: FlagFacts, seed: int) -> FlagFacts:
    rng = random.Random(seed)

    def mixed(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(rng.sample(rows, len(rows)))

    evidence = msgspec.structs.replace(
        case.evidence, happenings=mixed(case.evidence.happenings), people=mixed(case.evidence.people)
    )
    traces = case.traces
    traces = msgspec.structs.replace(traces, repeats=mixed(traces.repeats), busy_days=mixed(traces.busy_days))
    return FlagFacts(case.program, evidence, traces)


@given(histories(), st.integers(0, 9))
def test_the_order_of_what_is_known_does_not_matter(history: Any, seed: int) -> None:
    rows, done, traces = history
    case = facts(rows, done, **traces)
    assert detect(shuffled(case, seed)) == detect(case)


@given(histories())
def test_a_flag_is_by_its_own_persons_and_peers_history_alone(history: Any) -> None:
    """Somebody of another function changes nothing, whatever they do."""
    rows, done, traces = history
    people = [Person(one, function="engineering") for one in (ADA, *PEERS)]
    strangers = [Person(100 + one, function="legal") for one in range(8)]
    wild = [row for one in strangers for row in usage(one.id, usd=500.0)]
    alone = detect(facts(rows, done, people=people, **traces))
    beside = detect(facts([*rows, *wild], done, people=[*people, *strangers], **traces))
    assert [one for one in beside if one.person_id < 100] == list(alone)


@given(histories())
def test_a_person_with_a_flag_has_what_a_reviewer_needs(history: Any) -> None:
    rows, done, traces = history
    for flag in detect(facts(rows, done, **traces)):
        assert flag.strength >= 1
        assert flag.from_us <= flag.to_us
        assert flag.days or flag.keys
        assert flag.text.endswith(".")
        assert any(name.startswith("limit") for name in flag.evidence)
        assert flag.evidence.keys() <= FIGURES.keys()


@given(histories(), st.floats(1.1, 10))
def test_a_wider_limit_never_flags_more(history: Any, factor: float) -> None:
    rows, done, traces = history
    tight = Flags()
    wide = Flags(
        spike_days=tight.spike_days * factor,
        month_end_days=tight.month_end_days * factor,
        repeats=int(tight.repeats * factor) + 1,
        idle_ratio=tight.idle_ratio * factor,
        trivial_ratio=tight.trivial_ratio * factor,
        claims=int(tight.claims * factor) + 1,
        busy_hours=24,
        mutual_reviews=int(tight.mutual_reviews * factor) + 1,
    )
    flagged = _kinds(detect(facts(rows, done, rules=wide, **traces)))
    assert flagged <= _kinds(detect(facts(rows, done, **traces)))


@given(st.lists(st.floats(0.6, 1.7), min_size=60, max_size=60), st.integers(1, 2), st.floats(0.6, 1.6))
def test_ordinary_days_raise_no_flag_and_more_of_them_none_either(days: list[float], a_day: int, pace: float) -> None:
    """Somebody whose days vary as days do is not flagged, with a part of their history or all of it."""
    for known in (WORKDAYS[-30:], WORKDAYS[-45:], WORKDAYS):
        rows = [
            row
            for day, usd in zip(WORKDAYS, days, strict=True)
            if day in known
            for row in usage(days=[day], usd=usd * a_day * pace)
        ]
        done = outcomes(days=known[::2], a_day=a_day)
        seen = {(ADA, one.fact.task) for one in done}  # type: ignore[union-attr]
        assert detect(facts(rows, done, tasks_seen=seen)) == ()


def test_every_kind_has_one_detector_and_can_be_turned_off() -> None:
    assert set(DETECTORS) == set(FlagKind)
    case = facts(usage(), busy_days=tuple(BusyDay(ADA, day, 24, 24) for day in RECENT), rules=Flags(kinds=()))
    assert detect(case) == ()


def test_a_row_that_is_told_twice_counts_once_where_it_is_the_same_outcome() -> None:
    done = outcomes(days=RECENT, a_day=6, hours=1)
    case = facts(usage(usd=0.1), done)
    again = FlagFacts(
        case.program,
        msgspec.structs.replace(case.evidence, happenings=(*case.evidence.happenings, *done)),
        msgspec.structs.replace(
            case.traces, day_usage=day_usage([*usage(usd=0.1), *(r for p in PEERS for r in usage(p))])
        ),
    )
    assert _kinds(detect(again)) == _kinds(detect(case))


def _kinds(flags: Sequence[Flag]) -> set[FlagKind]:
    return {flag.kind for flag in flags}
