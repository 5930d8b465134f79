"""The game, played by Juniper & Vale: skill wins, waste and trivia do not, and who is not ranked is told why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.banding import band_evidence_at
from bot.intake import Intake
from bot.people_file import import_people
from bot.prices import PriceBook
from bot.sandbox.company.calendar import Calendar
from bot.sandbox.company.history import make_history
from bot.sandbox.company.people import SERVICE_ACCOUNT, colleague, people_csv
from bot.sandbox.company.rules import program_toml
from bot.scoreboard import standings_at
from db.directory import everyone
from db.engine import Store
from db.identities import unattributed
from db.writer import LedgerWriter
from scoring.bands.band import Band, Rule
from scoring.bands.raw import raw_bands
from scoring.program_file import parse_program, version_of
from scoring.standings import Standings
from scoring.window import to_us

NOW_US = to_us(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
BATCH = 1_000


@pytest.fixture
async def played(sqlite_store: Store, tmp_path: Path) -> Store:
    """A store that knows the company and its eight weeks."""
    people = tmp_path / "people.csv"
    people.write_text(people_csv())
    assert import_people(sqlite_store, people, NOW_US).faults == ()
    program = parse_program(program_toml(NOW_US))
    writer = LedgerWriter(sqlite_store, program.zone, lambda: NOW_US)
    writer.start()
    history = make_history(NOW_US)
    events = history.from_gateway + history.from_tools
    for start in range(0, len(events), BATCH):
        await Intake(writer, program.lanes, PriceBook(program.prices)).accept(events[start : start + BATCH])
    await writer.stop()
    return sqlite_store


def _board(store: Store, board: str) -> Standings:
    program = parse_program(program_toml(NOW_US))
    with store.read() as conn:
        return standings_at(conn, board, NOW_US, program, version_of(program))


def _habits_by_place(store: Store) -> list[str]:
    with store.read() as conn:
        emails = {person.id: person.email for person in everyone(conn)}
    return [colleague(emails[entry.person_id or 0]).habit for entry in _board(store, "outcome").entries]


def _reasons(store: Store) -> set[tuple[str, str]]:
    """Habits without a rank, and why, for those who take part."""
    with store.read() as conn:
        people = {person.id: colleague(person.email) for person in everyone(conn)}
    withheld = [(people[one.person_id or 0], str(one.reason)) for one in _board(store, "outcome").withheld]
    return {(person.habit, reason) for person, reason in withheld if person.cohort}


async def test_the_seven_skilled_lead_the_outcome_board(played: Store) -> None:
    habits = _habits_by_place(played)
    assert set(habits[:7]) == {"skilled", "expert"}


async def test_most_tokens_and_many_trivial_tasks_lead_nowhere(played: Store) -> None:
    habits = _habits_by_place(played)
    assert habits.index("burner") > len(habits) * 0.8
    assert habits.index("splitter") > len(habits) * 0.25


async def test_who_is_not_ranked_is_told_why(played: Store) -> None:
    assert _reasons(played) == {
        ("absent", "too_little_evidence"),
        ("bystander", "too_little_evidence"),
        ("newcomer", "too_little_evidence"),
        ("careless", "policy_hold"),
    }


async def test_the_team_that_shares_leads_and_one_hero_carries_nobody(played: Store) -> None:
    board = _board(played, "team")
    teams = [entry.team for entry in board.entries]
    assert (teams[0], teams[-1]) == ("Payments", "Storefront")


async def test_a_team_that_has_shared_nothing_is_not_ranked(played: Store) -> None:
    withheld = {one.team: str(one.reason) for one in _board(played, "team").withheld}
    assert withheld["Finance"] == "too_little_evidence"


async def test_only_the_service_account_belongs_to_nobody(played: Store) -> None:
    with played.read() as conn:
        assert {one.external_id for one in unattributed(conn, Calendar(NOW_US).first_day)} == {SERVICE_ACCOUNT}


def _bands(store: Store) -> dict[str, tuple[Band, list[Rule]]]:
    """Each band that is not green, with its rules, by habit."""
    program = parse_program(program_toml(NOW_US))
    with store.read() as conn:
        habits = {person.id: colleague(person.email).habit for person in everyone(conn)}
        raws = raw_bands(band_evidence_at(conn, NOW_US, program), program)
    return {habits[one.person_id]: (one.band, [reason.rule for reason in one.reasons]) for one in raws if one.reasons}


async def test_bands_warn_the_burner_and_whoever_broke_a_serious_rule_and_nobody_else(played: Store) -> None:
    assert _bands(played) == {
        "burner": (Band.RED, [Rule.CEILING, Rule.CEILING, Rule.LOW_VALUE]),
        "careless": (Band.RED, [Rule.POLICY_VIOLATION]),
    }
