"""Disputes as they read, and the messages that ask for an answer or bring it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.slack.blocks.disputes import DisputeCase, dispute, dispute_news
from bot.slack.naming import display_name
from bot.slack.recipients import amend, reviewers_of, send
from bot.slack.say import label
from bot.world import World
from db.directory import DirectoryPerson, people_by_id
from db.disputes import Dispute, record_asked
from scoring.window import local_day

PRIORITY = 12


def ask_for_answer(conn: Connection, world: World, of: Dispute, person: DirectoryPerson) -> bool:
    """Asks AI ops, but for whoever disputes; False where nobody of them can be reached."""
    recipients = reviewers_of(conn, world.program.ai_ops, person)
    message = dispute(case_of(conn, world, of), world.settings.slack_command)
    keys = {f"dispute/{of.id}/{one}": one for one in recipients}
    for key, one in keys.items():
        send(
            conn,
            message,
            dedupe_key=key,
            kind="dispute",
            recipient=one,
            priority=PRIORITY,
            now_us=world.now_us(),
        )
    record_asked(conn, of.id, tuple(keys))
    return bool(keys)


def show_as_it_stands(conn: Connection, world: World, of: Dispute) -> None:
    """Puts how the dispute stands in the place of the messages that asked about it."""
    message = dispute(case_of(conn, world, of), world.settings.slack_command)
    for key in of.asked:
        amend(conn, message, dedupe_key=f"{key}/{len(of.steps)}", replaces=key, now_us=world.now_us())


def bring_answer(conn: Connection, world: World, of: Dispute, person: DirectoryPerson) -> None:
    """Tells whoever disputed what was answered."""
    if not person.is_active or person.slack_id is None:
        return
    send(
        conn,
        dispute_news(case_of(conn, world, of), world.settings.slack_command),
        dedupe_key=f"dispute/{of.id}/answer",
        kind="dispute_news",
        recipient=person.slack_id,
        priority=PRIORITY,
        now_us=world.now_us(),
    )


def case_of(conn: Connection, world: World, of: Dispute) -> DisputeCase:
    """The dispute as it reads, with names."""
    (case,) = cases_of(conn, world, [of])
    return case


def cases_of(conn: Connection, world: World, of: Sequence[Dispute]) -> tuple[DisputeCase, ...]:
    ids = {one.person_id for one in of} | {one.last.by_id for one in of}
    names = {id: display_name(one) for id, one in people_by_id(conn, ids).items()}
    nobody = label("somebody-gone")
    return tuple(
        DisputeCase(
            id=one.id,
            name=names.get(one.person_id, nobody),
            what=one.what,
            why=one.why,
            evidence=one.evidence,
            version=one.program_version,
            due=local_day(one.due_us - 1, world.program.zone),
            state=one.state,
            by=names.get(one.last.by_id, nobody),
            note=one.last.note,
            consequence=one.last.consequence,
        )
        for one in of
    )
