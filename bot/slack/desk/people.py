"""Who asks."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from db.directory import DirectoryPerson, person_by_slack_id


def asker(conn: Connection, request: Request) -> DirectoryPerson:
    """The person of the directory who asks. Raises ``NotServed``."""
    person = person_by_slack_id(conn, request.slack_id)
    if person is None or not person.is_active:
        raise NotServed(say("refused-stranger"))
    return person
