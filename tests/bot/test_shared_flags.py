"""Flags are looked for once for the jobs of a slot, and anew for another moment, other rules, decisions or later on."""

from __future__ import annotations

from bot.flagging import decide, flags_at, named_flags_at
from bot.shared_flags import SharedFlags
from bot.world import RuleBook
from db.engine import Store
from scoring.flag import Flag, FlagState
from scoring.program import Flags, Program
from tests.bot.jobs.company import email, hire, work_everybody
from tests.builders import MONDAY_NOON_US, event, record, usage

DAY_US = 24 * 3_600_000_000
MINUTE_US = 60_000_000
RULES = RuleBook(Program(), "v1")


def loop(store: Store, days_ago: int, name: str = "Ada") -> None:
    when_us = MONDAY_NOON_US - days_ago * DAY_US - 3_600_000_000
    with store.write() as conn:
        record(
            conn,
            *(
                event(
                    usage(prompt_hash="p"), f"{name}-{days_ago}-{number}", subject=email(name), time_us=when_us + number
                )
                for number in range(30)
            ),
        )


def company(store: Store) -> None:
    """Ada looped on two days."""
    hire(store)
    work_everybody(store)
    loop(store, 3)
    loop(store, 2)


def look(
    shared: SharedFlags,
    store: Store,
    at_us: int = MONDAY_NOON_US,
    rules: RuleBook = RULES,
    now_us: int = MONDAY_NOON_US,
) -> tuple[Flag, ...]:
    with store.read() as conn:
        return shared.at(conn, at_us, rules, now_us)


def test_the_second_job_gets_what_the_first_one_found(store: Store) -> None:
    company(store)
    shared = SharedFlags()
    first = look(shared, store)
    with store.read() as conn:
        assert first == flags_at(conn, MONDAY_NOON_US, RULES.program) != ()
    assert look(shared, store, now_us=MONDAY_NOON_US + 2 * MINUTE_US) is first


def test_what_came_in_late_counts_for_whoever_comes_later(store: Store) -> None:
    company(store)
    shared = SharedFlags()
    first = look(shared, store)
    loop(store, 1)
    assert look(shared, store) is first
    assert look(shared, store, now_us=MONDAY_NOON_US + 2 * MINUTE_US + 1) != first


def test_another_moment_and_other_rules_have_flags_of_their_own(store: Store) -> None:
    company(store)
    shared = SharedFlags()
    assert look(shared, store) != ()
    assert look(shared, store, at_us=MONDAY_NOON_US - 7 * DAY_US) == ()
    assert look(shared, store, rules=RuleBook(Program(flags=Flags(kinds=())), "v2")) == ()


def test_a_decision_counts_at_once(store: Store) -> None:
    company(store)
    shared = SharedFlags()
    at_us = MONDAY_NOON_US + 1
    assert look(shared, store, at_us) != ()
    with store.read() as conn:
        (id,) = named_flags_at(conn, MONDAY_NOON_US, RULES.program).open
    decide(store, id, FlagState.DISMISSED, by=email("Bea"), reason="no", program=RULES.program, now_us=MONDAY_NOON_US)
    assert look(shared, store, at_us) == ()
