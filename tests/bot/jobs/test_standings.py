"""Every hour the boards that are on are computed and published."""

from __future__ import annotations

from bot.jobs.job import JobContext
from bot.jobs.runner import run_by_hand, run_due
from bot.jobs.standings import STANDINGS
from bot.scoreboard import standings_at, standings_of_all
from db.directory import PersonRow, upsert_people
from db.engine import Store
from db.score_weeks import weeks_of
from db.standings import run_of, standing_of
from scoring.program import Boards, OutcomeBoard, Program, TeamBoard
from scoring.program_file import version_of
from tests.bot.jobs.company import DAY_US, email, hire, work_everybody
from tests.builders import MONDAY_NOON_US, job_context

HOUR_US = 3_600_000_000


def context(store: Store, now_us: int = MONDAY_NOON_US, program: Program | None = None) -> JobContext:
    return job_context(store, program or Program(), now_us)


async def test_every_board_that_is_on_is_published_as_it_stood_at_the_hour(store: Store) -> None:
    hire(store)
    work_everybody(store)
    await run_due(STANDINGS, context(store, MONDAY_NOON_US + HOUR_US // 2))
    with store.read() as conn:
        for board in ("team", "outcome"):
            run = run_of(conn, board)
            assert run is not None
            assert run.at_us == MONDAY_NOON_US
            assert run.ranked > 0
            expected = standings_at(conn, board, MONDAY_NOON_US, Program(), version_of(Program()))
            first = expected.entries[0]
            found = standing_of(conn, board, first.team or str(first.person_id))
            assert found is not None
            assert found.entry == first


async def test_of_each_week_the_last_score_is_kept(store: Store) -> None:
    hire(store)
    work_everybody(store, MONDAY_NOON_US - 8 * DAY_US)
    for hours in (-8 * 24, -7 * 24 - 1, 0, 1):
        await run_due(STANDINGS, context(store, MONDAY_NOON_US + hours * HOUR_US))
    with store.read() as conn:
        weeks = weeks_of(conn, "outcome", "1", 12)
        now = standing_of(conn, "outcome", "1")
        assert weeks_of(conn, "outcome", "1", 1) == weeks[-1:]
    assert [one.week for one in weeks] == ["2026-W21", "2026-W22", "2026-W23"]
    assert now is not None
    assert weeks[-1].score == now.score


async def test_a_board_that_is_off_is_not_published(store: Store) -> None:
    await run_due(STANDINGS, context(store, program=Program(boards=Boards(team=TeamBoard(on=False)))))
    with store.read() as conn:
        assert run_of(conn, "team") is None
        assert run_of(conn, "outcome") is not None


async def test_by_hand_standings_are_refreshed_within_the_hour_too(store: Store) -> None:
    hire(store)
    await run_due(STANDINGS, context(store))
    work_everybody(store)
    result = await run_by_hand(STANDINGS, context(store), MONDAY_NOON_US + 1)
    assert result.lines[1] == "outcome: 12 ranked, 0 without a rank."
    with store.read() as conn:
        assert standing_of(conn, "outcome", "1") is not None


def test_only_what_happened_before_the_moment_counts(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    with sqlite_store.read() as conn:
        earlier = standings_at(conn, "outcome", MONDAY_NOON_US - 20 * DAY_US, Program(), "v")
        other_length = standings_at(conn, "outcome", MONDAY_NOON_US, Program(), "v", window_days=2)
    assert earlier.entries == ()
    assert other_length.entries == ()
    assert other_length.window.day_count == 2


def test_boards_with_other_windows_look_at_their_own(sqlite_store: Store) -> None:
    program = Program(boards=Boards(outcome=OutcomeBoard(window="14d"), team=TeamBoard(window="28d")))
    with sqlite_store.read() as conn:
        team, outcome = standings_of_all(conn, ("team", "outcome"), MONDAY_NOON_US, program, "v")
    assert (team.window.day_count, outcome.window.day_count) == (28, 14)


def test_a_correction_of_the_directory_counts_for_past_moments_too(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    with sqlite_store.write() as conn:
        upsert_people(conn, [PersonRow(email("Ada"), team="Legal", function="Legal")], MONDAY_NOON_US + 1)
    with sqlite_store.read() as conn:
        (team,) = standings_of_all(conn, ("team",), MONDAY_NOON_US, Program(), "v")
    assert "Legal" in {one.team for one in (*team.entries, *team.withheld)}


async def test_what_was_published_stays_with_whoever_is_in_another_team_by_now(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    await run_due(STANDINGS, context(sqlite_store))
    with sqlite_store.read() as conn:
        before = weeks_of(conn, "team", "Data", 1), weeks_of(conn, "outcome", "1", 1)
    with sqlite_store.write() as conn:
        upsert_people(conn, [PersonRow(email("Ada"), team="Legal", function="Legal")], MONDAY_NOON_US + 1)
    await run_due(STANDINGS, context(sqlite_store, MONDAY_NOON_US + 7 * DAY_US))
    with sqlite_store.read() as conn:
        after = weeks_of(conn, "team", "Data", 2)[:1], weeks_of(conn, "outcome", "1", 2)[:1]
    assert before == after
    assert all(before)
