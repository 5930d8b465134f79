"""Every week the digest: the top of each board in each channel, nothing of the bottom, of tokens or of cost."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from bot.jobs.digest import DIGEST, digest_at
from bot.jobs.job import JobContext, Post
from bot.jobs.runner import run_by_hand, run_due
from bot.scoreboard import standings_at
from bot.world import RuleBook
from db.directory import people_by_id, set_naming
from db.engine import Store, open_store
from db.programs import record_program
from db.tables import outbox, runs
from scoring.digest import Digest
from scoring.program import Boards, NamedBoards, Privacy, Program
from scoring.program_file import version_of
from scoring.window import to_us
from tests.bot.jobs.company import NAMES, hire, person, work_everybody
from tests.builders import MONDAY_NOON_US, digest_program, job_context

NINE_US = to_us(datetime(2026, 6, 1, 9, tzinfo=UTC))


def context(store: Store, program: Program | None = None, now_us: int = MONDAY_NOON_US) -> JobContext:
    return job_context(store, program or digest_program(), now_us)


def text_of(post: Post) -> str:
    return msgspec.json.encode(post.message).decode()


def composed(store: Store, program: Program | None = None, at_us: int = MONDAY_NOON_US) -> Digest:
    chosen = program or digest_program()
    with store.read() as conn:
        digest = digest_at(conn, at_us, RuleBook(chosen, version_of(chosen)), chosen)
    assert digest is not None
    return digest


def changed(**sections: Any) -> Program:
    return digest_program().model_copy(update=sections)


def posted(store: Store) -> list[tuple[str, str]]:
    with store.read() as conn:
        query = select(outbox.c.recipient, outbox.c.dedupe_key).order_by(outbox.c.dedupe_key)
        return [(recipient, key) for recipient, key in conn.execute(query)]


async def test_each_channel_gets_the_same_digest_once(store: Store) -> None:
    hire(store)
    work_everybody(store)
    first = await run_by_hand(DIGEST, context(store), MONDAY_NOON_US)
    await run_by_hand(DIGEST, context(store), MONDAY_NOON_US)
    assert posted(store) == [("C1", "digest/C1/2026-W23"), ("C2", "digest/C2/2026-W23")]
    assert first.posts[0].message == first.posts[1].message


async def test_two_replicas_on_one_database_post_one_digest_a_channel(postgresql_url: str) -> None:
    replicas = [open_store(postgresql_url) for _ in range(2)]
    hire(replicas[0])
    work_everybody(replicas[0])
    with replicas[0].write() as conn:
        record_program(conn, '[digest]\nchannels = ["C1", "C2"]', version_of(digest_program()), NINE_US - 1)
    results = await asyncio.gather(*(run_due(DIGEST, context(store)) for store in replicas * 3))
    assert len(posted(replicas[0])) == 2
    assert sum(len(result.posts) for result in results if result) == 2
    for store in replicas:
        store.close()


async def test_a_dry_run_writes_nothing(store: Store) -> None:
    hire(store)
    work_everybody(store)
    result = await run_by_hand(DIGEST, context(store), MONDAY_NOON_US, dry_run=True)
    assert [post.recipient for post in result.posts] == ["C1", "C2"]
    with store.read() as conn:
        assert conn.execute(select(outbox.c.id)).all() == []
        assert conn.execute(select(runs.c.slot)).all() == []


def test_its_figures_are_those_of_the_standings(store: Store) -> None:
    hire(store)
    work_everybody(store)
    digest = composed(store)
    program = digest_program()
    assert [section.board for section in digest.sections] == ["team", "outcome", "compliance"]
    for section in digest.sections:
        with store.read() as conn:
            expected = standings_at(conn, section.board, MONDAY_NOON_US, program, version_of(program))
        assert section.places
        for place, entry in zip(section.places, expected.entries, strict=False):
            assert (place.rank, place.score) == (entry.rank, entry.score)
        assert section.ranked == len(expected.entries)


async def test_the_lower_half_tokens_and_money_are_never_in_it(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    result = await run_by_hand(DIGEST, context(sqlite_store), MONDAY_NOON_US, dry_run=True)
    text = text_of(result.posts[0])
    program = digest_program()
    with sqlite_store.read() as conn:
        entries = standings_at(conn, "outcome", MONDAY_NOON_US, program, "v").entries
        people = people_by_id(conn, [entry.person_id for entry in entries if entry.person_id])
    lower_half = [people[entry.person_id].name for entry in entries[len(entries) // 2 :] if entry.person_id]
    assert len(lower_half) == 6
    assert not [name for name in lower_half if re.search(rf"\b{name}\b", text)]
    assert not re.search(r"token|cost|\$|dollar|usd|nano", text, re.IGNORECASE)


def labels(digest: Digest, board: str = "outcome") -> list[str | None]:
    (section,) = (section for section in digest.sections if section.board == board)
    return [place.label for place in section.places]


def test_people_are_named_who_were_told_and_did_not_say_no(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    before = labels(composed(sqlite_store))
    assert None not in before
    with sqlite_store.write() as conn:
        set_naming(conn, NAMES.index(before[0] or "") + 1, "unnamed", MONDAY_NOON_US)
    assert labels(composed(sqlite_store)) == [None, *before[1:]]


def test_nobody_is_named_who_was_not_told(sqlite_store: Store) -> None:
    hire(sqlite_store, told=False)
    work_everybody(sqlite_store)
    assert set(labels(composed(sqlite_store))) == {None}
    assert None not in labels(composed(sqlite_store), "team")


def test_names_follow_the_program(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    opt_in = changed(privacy=Privacy(named_boards=NamedBoards.OPT_IN))
    assert set(labels(composed(sqlite_store, opt_in))) == {None}
    off = changed(privacy=Privacy(named_boards=NamedBoards.OFF))
    assert [section.board for section in composed(sqlite_store, off).sections] == ["team"]


def test_a_handful_of_ranked_people_is_not_shown(sqlite_store: Store) -> None:
    hire(sqlite_store, *(person(name) for name in NAMES[:4]))
    work_everybody(sqlite_store)
    assert labels(composed(sqlite_store)) == []


async def test_without_any_evidence_the_digest_says_so_kindly(sqlite_store: Store) -> None:
    result = await run_by_hand(DIGEST, context(sqlite_store), MONDAY_NOON_US, dry_run=True)
    assert "places appear as it comes in" in text_of(result.posts[0])


async def test_with_every_board_off_nothing_is_posted(sqlite_store: Store) -> None:
    off = changed(boards=Boards.model_validate({name: {"on": False} for name in Boards.model_fields}))
    result = await run_by_hand(DIGEST, context(sqlite_store, off), MONDAY_NOON_US)
    assert (result.posts, set(result.lines)) == ((), {"No board that is on may be shown in public."})
