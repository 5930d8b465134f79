"""What bands read: usage a day at a time, by use case, outside of tiers; and who has which ceilings."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.banding import band_evidence_at
from db.day_usage import read_day_usage, stream_day_usage
from db.directory import PersonRow, everyone, upsert_people
from db.engine import Store
from db.evidence import read_evidence
from db.members import read_members
from db.use_case_usage import NOBODY, read_use_case_usage
from scoring.events import Lane, Policy, Tokens
from scoring.measures import measure
from scoring.members import roster_of
from scoring.program import Budget, Program, Tier
from scoring.spending import add_up_all
from scoring.tiers import OUTSIDE_TIER
from scoring.usage import DayUsage
from scoring.window import to_us, window_before
from tests.builders import MONDAY_NOON, MONDAY_NOON_US, event, record, usage

DAY_US = 24 * 3_600_000_000
UTC_ZONE = ZoneInfo("UTC")
STANDARD = Tier(name="standard", lanes=(Lane.PRODUCTION,), models=("gpt-4o*",), severity="high")


def hire(store: Store, *rows: PersonRow) -> dict[str, int]:
    with store.write() as conn:
        upsert_people(conn, rows or [PersonRow("ada@acme.test", team="red", tier="standard")], now_us=1)
        return {person.email: person.id for person in everyone(conn)}


def test_a_day_at_a_time_adds_up_to_the_same_as_all_at_once(store: Store) -> None:
    hire(store)
    with store.write() as conn:
        for number in range(40):
            made = usage(lane=list(Lane)[number % 2], cost_nanousd=None if number % 7 == 0 else number)
            when = MONDAY_NOON_US - number * DAY_US // 3
            source = "laptop" if number % 5 == 0 else f"gateway{number % 2}"
            record(conn, event(made, str(number), source, time_us=when, is_asserted=source == "laptop"))
    window = window_before(MONDAY_NOON_US, 14, UTC_ZONE)
    with store.read() as conn:
        roster = roster_of(read_members(conn, Program()))
        today = MONDAY_NOON.date()
        _, streamed = add_up_all(stream_day_usage(conn, window, DayUsage), roster, (), today)
        _, whole = add_up_all([read_day_usage(conn, window, DayUsage)], roster, (), today)
    for name in whole.__struct_fields__:
        assert getattr(streamed, name).tolist() == getattr(whole, name).tolist(), name
    assert whole.weeks.sum() > 0


def test_without_anybody_there_is_nothing_to_add_up(store: Store) -> None:
    with store.write() as conn:
        record(conn, event(usage(), time_us=MONDAY_NOON_US - 1))
        evidence = band_evidence_at(conn, MONDAY_NOON_US, Program(budgets=(Budget(name="b", tokens=1),)))
    assert len(evidence.roster) == 0


def test_usage_by_use_case_includes_what_nobody_answers_to(store: Store) -> None:
    ids = hire(store)
    with store.write() as conn:
        record(
            conn,
            event(usage(use_case="agents"), "1", time_us=MONDAY_NOON_US - 1),
            event(usage(use_case="agents", cost_nanousd=None), "2", subject="robot", time_us=MONDAY_NOON_US - DAY_US),
            event(usage(use_case="research"), "3", time_us=MONDAY_NOON_US - 9 * DAY_US),
            event(usage(), "4", time_us=MONDAY_NOON_US - 1),
        )
        found = dict(read_use_case_usage(conn, window_before(MONDAY_NOON_US, 3, UTC_ZONE)))
    assert list(found) == ["agents"]
    rows = found["agents"]
    assert rows.person_ids.tolist() == [NOBODY, ids["ada@acme.test"]]
    assert rows.cost_nanousd.tolist() == [0, 1_000_000]
    assert rows.unpriced_tokens.tolist() == [110, 0]


def violations(store: Store, program: Program, at_us: int = MONDAY_NOON_US) -> list[tuple[int, Policy]]:
    with store.read() as conn:
        window = window_before(at_us, 28, program.zone)
        evidence = read_evidence(conn, window=window, baseline_days=0, program=program)
    return [(one.time_us, one.fact) for one in evidence.happenings if isinstance(one.fact, Policy)]


def test_use_outside_ones_tier_is_a_violation_from_roll_ups_and_on_the_cut_day(store: Store) -> None:
    hire(store)
    program = Program(tiers=(STANDARD,))
    earlier, today = MONDAY_NOON_US - 2 * DAY_US, MONDAY_NOON_US - 1
    with store.write() as conn:
        record(
            conn,
            event(usage(model="openai/gpt-4o-mini"), "1", time_us=earlier),
            event(usage(model="o9"), "2", time_us=earlier),
            event(usage(lane=Lane.EXPLORATION), "3", time_us=today),
            event(usage(model="o9"), "4", time_us=MONDAY_NOON_US),  # after the moment
        )
    outside = Policy("violation", OUTSIDE_TIER, "high")
    midnights = [to_us(datetime(2026, 5, 30, tzinfo=UTC)), to_us(datetime(2026, 6, 1, tzinfo=UTC))]
    assert violations(store, program) == [(one, outside) for one in midnights]
    assert violations(store, Program()) == []


def test_the_compliance_measure_and_the_band_see_it(store: Store) -> None:
    ids = hire(store)
    program = Program(tiers=(STANDARD,))
    with store.write() as conn:
        record(conn, event(usage(model="o9"), time_us=MONDAY_NOON_US - DAY_US))
    with store.read() as conn:
        window = window_before(MONDAY_NOON_US, 28, program.zone)
        evidence = read_evidence(conn, window=window, baseline_days=0, program=program)
        bands = band_evidence_at(conn, MONDAY_NOON_US, program)
    assert measure(evidence)[ids["ada@acme.test"]].clean_share == 0
    work = bands.work[ids["ada@acme.test"]]
    assert (len(work.violations), work.days_outside_tier) == (1, 1)


def test_what_a_laptop_merely_says_is_no_violation(store: Store) -> None:
    hire(store)
    with store.write() as conn:
        record(conn, event(usage(model="o9"), source="laptop", time_us=MONDAY_NOON_US - DAY_US, is_asserted=True))
    assert violations(store, Program(tiers=(STANDARD,))) == []


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),  # 23 hours
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),  # 25 hours
        ("America/Havana", datetime(2026, 3, 8, tzinfo=UTC)),  # midnight itself is skipped
    ],
)
def test_a_days_ceiling_counts_its_own_day_where_clocks_change(
    sqlite_store: Store, zone: str, change: datetime
) -> None:
    hire(sqlite_store)
    program = Program(timezone=zone, budgets=(Budget(name="day", period="day", tokens=10**6),))
    begins, ends = (
        to_us(datetime(change.year, change.month, day, tzinfo=program.zone)) for day in (change.day, change.day + 1)
    )
    minute_us = 60_000_000
    with sqlite_store.write() as conn:
        for number, time_us in enumerate((begins - minute_us, begins + 70 * minute_us, ends - minute_us, ends)):
            tokens = Tokens(input=10**number)
            record(conn, event(usage(tokens=tokens), str(number), time_us=time_us), zone=zone)
    with sqlite_store.read() as conn:
        for at_us, spent in ((begins, 1), (ends, 110), (ends + minute_us, 1000)):
            (spending,) = band_evidence_at(conn, at_us, program).spending
            assert spending.spent.tolist() == [spent]


def test_everybodys_ceilings_follow_address_and_tier(store: Store) -> None:
    hire(store, PersonRow("ada@acme.test", tier="standard"), PersonRow("bea@acme.test", tier="trusted"))
    program = Program(
        tiers=(Tier(name="standard", dollars=5),), budgets=(Budget(name="bea", who=("bea@*",), dollars=50),)
    )
    with store.read() as conn:
        found = [[one.name for one in member.budgets] for member in read_members(conn, program)]
    assert found == [["tier standard"], ["bea"]]
