"""What scoring reads: everything that counts in a window, nothing that came after it, the same on both databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from db.directory import PersonRow, SourceAliases, everyone, upsert_people
from db.engine import Store
from db.evidence import read_evidence
from db.novelty import event_key
from scoring.events import Contribution, Event, Lane, Outcome, Policy, Tokens, Training, Usage
from scoring.evidence import ActiveDays, Evidence, Happening, LaneUsage
from scoring.program import Program
from scoring.window import local_day, midnight_us, to_us, window_before
from tests.builders import event, outcome, record, undone, usage


def at(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


def read(
    conn: Connection, end: str | int, *, days: int = 7, baseline_days: int = 14, program: Program | None = None
) -> Evidence:
    program = program or Program()
    end_us = at(end) if isinstance(end, str) else end
    window = window_before(end_us, days, program.zone)
    return read_evidence(conn, window=window, baseline_days=baseline_days, program=program)


def ids(conn: Connection) -> dict[str, int]:
    return {person.email.removesuffix("@acme.test"): person.id for person in everyone(conn)}


def bring(conn: Connection, *rows: PersonRow) -> None:
    upsert_people(conn, rows, now_us=1)


def test_an_empty_company_is_empty(store: Store) -> None:
    with store.read() as conn:
        evidence = read(conn, "2026-06-08T12:00")
    assert (evidence.people, evidence.usage, evidence.active_days, evidence.happenings) == ((), (), (), ())
    assert evidence.baseline_start_us == at("2026-05-19T00:00")


def test_people_are_known_by_their_number_team_and_place_alone(store: Store) -> None:
    program = Program.model_validate({"cohort": {"teams": ["core"], "people": ["CY@acme.test"]}})
    with store.write() as conn:
        bring(
            conn,
            PersonRow(email="ada@acme.test", team="core", function="engineering", manager_email="bo@acme.test"),
            PersonRow(email="bo@acme.test", team="board", manager_email="gone@acme.test"),
            PersonRow(email="cy@acme.test", manager_email="nobody@acme.test"),
            PersonRow(email="gone@acme.test", team="core", is_active=False),
        )
        evidence = read(conn, "2026-06-08T12:00", program=program)
        number = ids(conn)
    assert [
        (person.id, person.team, person.function, person.manager_id, person.is_in_cohort) for person in evidence.people
    ] == [
        (number["ada"], "core", "engineering", number["bo"], True),
        (number["bo"], "board", "", None, False),
        (number["cy"], "", "", None, True),
    ]


def test_calls_of_whole_days_and_of_the_cut_one_are_added_up_by_lane(store: Store) -> None:
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test"))
        record(
            conn,
            event(usage(), id="before the window", time_us=at("2026-06-01T23:59:59")),
            event(usage(), id="whole day", time_us=at("2026-06-02T00:00")),
            event(usage(is_error=True, cost_nanousd=None), id="error", time_us=at("2026-06-03T10:00")),
            event(usage(is_retry=True), id="cut day", time_us=at("2026-06-08T11:59:59")),
            event(usage(cost_nanousd=None), id="cut day, unpriced", time_us=at("2026-06-08T09:00")),
            event(usage(), id="at the end", time_us=at("2026-06-08T12:00")),
            event(usage(lane=Lane.EXPLORATION), id="sandbox", time_us=at("2026-06-05T12:00")),
        )
        evidence = read(conn, "2026-06-08T12:00")
        ada = ids(conn)["ada"]
    assert evidence.usage == (
        LaneUsage(ada, Lane.EXPLORATION, calls=1, tokens=110, cost_nanousd=1_000_000),
        LaneUsage(
            ada,
            Lane.PRODUCTION,
            calls=4,
            errors=1,
            retries=1,
            tokens=440,
            cost_nanousd=2_000_000,
            unpriced_calls=2,
            unpriced_tokens=220,
        ),
    )
    assert evidence.active_days == (
        ActiveDays(ada, Lane.EXPLORATION, 1),
        ActiveDays(ada, Lane.PRODUCTION, 2),  # a day of errors alone is none
    )


def test_a_window_that_ends_at_midnight_has_no_cut_day(store: Store) -> None:
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test"))
        record(
            conn,
            event(usage(), id="1", time_us=at("2026-06-07T23:59:59")),
            event(usage(), id="2", time_us=at("2026-06-08T00:00")),
        )
        evidence = read(conn, "2026-06-08T00:00")
    assert evidence.window.cut_day is None
    assert [used.calls for used in evidence.usage] == [1]


def test_a_person_with_several_names_is_one_person(store: Store) -> None:
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test", aliases=(SourceAliases("github", ("ada",)),)))
        record(
            conn,
            event(usage(), id="1", time_us=at("2026-06-03T09:00")),
            event(usage(), id="2", subject="ADA@acme.test", time_us=at("2026-06-03T10:00")),
            event(outcome(), id="3", source="github", subject="ada", time_us=at("2026-06-03T11:00")),
            event(outcome(), id="4", source="github", subject="ada", time_us=at("2026-06-04T11:00")),
        )
        evidence = read(conn, "2026-06-08T12:00")
        ada = ids(conn)["ada"]
    assert [(used.person_id, used.calls) for used in evidence.usage] == [(ada, 2)]
    assert evidence.active_days == (ActiveDays(ada, Lane.PRODUCTION, 2),)
    assert [happening.person_id for happening in evidence.happenings] == [ada, ada]


def test_work_of_nobody_and_of_those_who_left_is_no_evidence(store: Store) -> None:
    with store.write() as conn:
        bring(conn, PersonRow(email="gone@acme.test", is_active=False))
        for number, subject in enumerate(("gone@acme.test", "nobody@acme.test", "")):
            record(
                conn,
                event(usage(), id=f"u{number}", subject=subject, time_us=at("2026-06-03T09:00")),
                event(outcome(), id=f"o{number}", subject=subject, time_us=at("2026-06-03T09:00")),
            )
        evidence = read(conn, "2026-06-08T12:00")
    assert (evidence.usage, evidence.active_days, evidence.happenings) == ((), (), ())


def test_the_baseline_has_outcomes_contributions_and_training_and_policy_has_no_beginning(store: Store) -> None:
    facts = (outcome(), Contribution(action="shared", asset="a"), Training(module="m", action="completed"))
    policy = Policy(kind="violation", name="secret", severity="high")
    times = ("2026-05-18T23:59:59", "2026-05-19T00:00", "2026-06-08T11:59:59", "2026-06-08T12:00")
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test"))
        for time in times:
            record(
                conn,
                *(event(fact, id=f"{time} {type(fact).__name__}", time_us=at(time)) for fact in (*facts, policy)),
            )
        evidence = read(conn, "2026-06-08T12:00", days=7, baseline_days=14)
    seen = sorted((happening.time_us, type(happening.fact).__name__) for happening in evidence.happenings)
    assert seen == [
        (at(times[0]), "Policy"),
        *((at(time), name) for time in times[1:3] for name in ("Contribution", "Outcome", "Policy", "Training")),
    ]


@pytest.mark.parametrize(
    "fact",
    [
        Outcome(kind="ticket_resolved"),
        Outcome(
            kind="ticket_resolved",
            lane=Lane.EXPLORATION,
            task="T-1",
            started_us=5,
            is_accepted=False,
            edit_distance=0.25,
            quality=1.0,
            errors=2,
            is_escalated=True,
            is_incident=False,
            minutes_saved=7.5,
        ),
        Policy(kind="violation", name="secret", severity="high"),
        Policy(kind="milestone", name="first week"),
        Contribution(action="shared", asset="a", kind="tool", title="Tool", url="https://acme.test"),
        Contribution(action="reused", asset="a"),
        Training(module="basics", action="completed"),
    ],
)
def test_a_happening_is_told_as_it_was(store: Store, fact: Outcome | Policy | Contribution | Training) -> None:
    time_us = at("2026-06-03T09:00")
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test"))
        record(conn, event(fact, time_us=time_us))
        evidence = read(conn, "2026-06-08T12:00")
        ada = ids(conn)["ada"]
    assert evidence.happenings == (Happening(ada, time_us, event_key("test", "1"), fact),)


def test_a_reversal_names_the_key_of_what_it_takes_back(store: Store) -> None:
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test"))
        record(
            conn,
            event(outcome(), id="pr-1", time_us=at("2026-06-03T09:00")),
            event(outcome(reverses="pr-1"), id="revert-1", time_us=at("2026-06-04T09:00")),
        )
        merged, reverted = read(conn, "2026-06-08T12:00").happenings
    assert reverted.reverses_key == merged.key


def test_days_are_the_programs_days(store: Store) -> None:
    program = Program(timezone="America/Los_Angeles")
    with store.write() as conn:
        bring(conn, PersonRow(email="ada@acme.test"))
        record(
            conn,
            event(usage(), id="1", time_us=at("2026-06-03T06:59:59")),  # 2 June, 23:59:59 there
            event(usage(), id="2", time_us=at("2026-06-03T07:00")),
            event(usage(), id="3", time_us=at("2026-06-04T06:59:59")),
            zone=program.timezone,
        )
        evidence = read(conn, "2026-06-04T07:00", days=1, program=program)
        ada = ids(conn)["ada"]
    assert [used.calls for used in evidence.usage] == [2]
    assert evidence.active_days == (ActiveDays(ada, Lane.PRODUCTION, 1),)


_BERLIN = ZoneInfo("Europe/Berlin")
_PERSON_OF = {"ada@acme.test": "ada", "ada": "ada", "bo@acme.test": "bo"}  # and nobody else
_FACTS = st.one_of(
    st.builds(
        usage,
        lane=st.sampled_from(Lane),
        tokens=st.builds(Tokens, input=st.integers(0, 9), cache_write=st.integers(0, 9)),
        cost_nanousd=st.none() | st.integers(0, 10**15),
        is_error=st.booleans(),
        is_retry=st.booleans(),
        model=st.sampled_from(["gpt-4o", "sonnet"]),
    ),
    st.builds(outcome, lane=st.sampled_from(Lane), is_accepted=st.none() | st.booleans()),
    st.just(Policy(kind="violation", name="secret", severity="low")),
    st.just(Training(module="basics", action="completed")),
)
_AROUND = midnight_us(date(2026, 3, 29), _BERLIN)  # a day of 23 hours
_TIMES = st.integers(-8 * 24, 5 * 24).map(lambda hours: _AROUND + hours * 3_600_000_000)


@given(
    facts=st.lists(st.tuples(_FACTS, _TIMES, st.sampled_from([*_PERSON_OF, "stranger"])), max_size=12),
    end_us=_TIMES,
    days=st.integers(1, 4),
    baseline_days=st.integers(1, 3),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_evidence_is_what_the_events_of_the_window_add_up_to(
    store: Store,
    facts: list[tuple[Usage | Outcome | Policy | Training, int, str]],
    end_us: int,
    days: int,
    baseline_days: int,
) -> None:
    program = Program(timezone="Europe/Berlin")
    batch = [
        event(fact, id=str(number), source="s", subject=subject, time_us=time_us)
        for number, (fact, time_us, subject) in enumerate(facts)
    ]
    with undone(store) as conn:
        bring(conn, PersonRow(email="ada@acme.test", aliases=(SourceAliases("s", ("ada",)),)))
        bring(conn, PersonRow(email="bo@acme.test"))
        record(conn, *batch, zone=program.timezone)
        evidence = read(conn, end_us, days=days, baseline_days=baseline_days, program=program)
        number_of = ids(conn)
    mine = [
        (number_of[_PERSON_OF[one.subject]], one) for one in batch if one.subject in _PERSON_OF and one.time_us < end_us
    ]
    in_window = [(person_id, one) for person_id, one in mine if one.time_us >= evidence.window.start_us]
    assert evidence.usage == expected_usage(in_window)
    assert evidence.active_days == expected_days(in_window)
    assert evidence.happenings == tuple(
        sorted(
            (
                Happening(person_id, one.time_us, event_key("s", one.id), one.fact)
                for person_id, one in mine
                if not isinstance(one.fact, Usage)
                and (isinstance(one.fact, Policy) or one.time_us >= evidence.baseline_start_us)
            ),
            key=lambda happening: (happening.person_id, happening.time_us, happening.key),
        )
    )


def expected_usage(events: Iterable[tuple[int, Event]]) -> tuple[LaneUsage, ...]:
    calls: dict[tuple[int, Lane], list[Usage]] = defaultdict(list)
    for person_id, one in events:
        if isinstance(one.fact, Usage) and one.fact.lane:
            calls[person_id, one.fact.lane].append(one.fact)
    return tuple(
        LaneUsage(
            person_id,
            lane,
            calls=len(facts),
            errors=sum(fact.is_error for fact in facts),
            retries=sum(fact.is_retry for fact in facts),
            tokens=sum(fact.tokens.total for fact in facts),
            cost_nanousd=sum(fact.cost_nanousd or 0 for fact in facts),
            unpriced_calls=sum(fact.cost_nanousd is None for fact in facts),
            unpriced_tokens=sum(fact.tokens.total for fact in facts if fact.cost_nanousd is None),
        )
        for (person_id, lane), facts in sorted(calls.items())
    )


def expected_days(events: Iterable[tuple[int, Event]]) -> tuple[ActiveDays, ...]:
    days: dict[tuple[int, Lane], set[date]] = defaultdict(set)
    for person_id, one in events:
        fact = one.fact
        if isinstance(fact, Outcome) or (isinstance(fact, Usage) and not fact.is_error):
            assert fact.lane is not None
            days[person_id, fact.lane].add(local_day(one.time_us, _BERLIN))
    return tuple(ActiveDays(person_id, lane, len(seen)) for (person_id, lane), seen in sorted(days.items()))
