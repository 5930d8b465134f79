"""Whom messages of ours go to, and how they get into the outbox."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot.slack.message import Message
from db.directory import DirectoryPerson, person_by_email
from db.outbox import post, replace
from scoring.program import AiOps


def ai_ops_recipients(conn: Connection, ai_ops: AiOps) -> tuple[str, ...]:
    """AI ops' channel, or the Slack id of each of them where there is none; nobody where none can be reached."""
    if ai_ops.channel:
        return (ai_ops.channel,)
    people = (person_by_email(conn, email) for email in ai_ops.people)
    return tuple(one.slack_id for one in people if one is not None and one.is_active and one.slack_id)


def reviewers_of(conn: Connection, ai_ops: AiOps, subject: DirectoryPerson) -> tuple[str, ...]:
    """Whom to ask to decide about ``subject``: AI ops; where they are of AI ops themselves, each of the others alone."""
    if subject.email not in {email.casefold() for email in ai_ops.people}:
        return ai_ops_recipients(conn, ai_ops)
    return others_of(conn, ai_ops, subject)


def others_of(conn: Connection, ai_ops: AiOps, subject: DirectoryPerson) -> tuple[str, ...]:
    """The Slack id of each of AI ops but ``subject``."""
    others = tuple(email for email in ai_ops.people if email.casefold() != subject.email)
    return ai_ops_recipients(conn, ai_ops.model_copy(update={"channel": "", "people": others}))


def send(
    conn: Connection,
    message: Message,
    *,
    dedupe_key: str,
    kind: str,
    recipient: str,
    priority: int,
    now_us: int,
    not_before_us: int = 0,
) -> bool:
    """Puts ``message`` into the outbox; False where ``dedupe_key`` was used before, and then changes nothing."""
    return post(
        conn,
        dedupe_key=dedupe_key,
        kind=kind,
        recipient=recipient,
        message=msgspec.json.encode(message).decode(),
        priority=priority,
        now_us=now_us,
        not_before_us=not_before_us,
    )


def amend(conn: Connection, message: Message, *, dedupe_key: str, replaces: str, now_us: int) -> bool:
    """Puts ``message`` in the place of the one with the key ``replaces``, so that what was decided stands where it was
    asked. False where there is no such message, or ``dedupe_key`` was used.
    """
    text = msgspec.json.encode(message).decode()
    return replace(conn, dedupe_key=dedupe_key, replaces=replaces, message=text, now_us=now_us)
