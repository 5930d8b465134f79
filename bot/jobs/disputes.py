"""Every working day: AI ops are reminded of disputes that are due; once any is overdue each of them is, privately."""

from __future__ import annotations

from datetime import time

from sqlalchemy import Connection

from bot.dispute_cases import PRIORITY, cases_of
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.disputes import disputes_due
from bot.slack.recipients import ai_ops_recipients
from bot.slots import Daily, Slot
from bot.world import World
from db.directory import person_by_email
from db.disputes import Dispute, open_disputes
from scoring.disputes import Reminder, reminder
from scoring.window import local_day

_SATURDAY = 5


def remind(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """One message a day, however many there are; none on weekends."""
    world = context.world
    today = local_day(slot.at_us, world.program.zone)
    with world.store.read() as conn:
        found = {one: _reminder(world, one, slot) for one in open_disputes(conn)}
        soon = [one for one, why in found.items() if why is Reminder.DUE_SOON]
        overdue = [one for one, why in found.items() if why is Reminder.OVERDUE]
        if today.weekday() >= _SATURDAY or not (soon or overdue):
            return (Work(lines=("No dispute to be reminded of.",)),)
        message = disputes_due(
            cases_of(conn, world, soon), cases_of(conn, world, overdue), world.settings.slack_command
        )
        recipients = _recipients(conn, world, is_urgent=bool(overdue))
    posts = tuple(Post(f"disputes_due/{slot.name}/{one}", "disputes_due", one, message, PRIORITY) for one in recipients)
    return (Work(posts=posts, lines=(f"{len(soon)} disputes due, {len(overdue)} overdue.",)),)


def _reminder(world: World, of: Dispute, slot: Slot) -> Reminder | None:
    zone = world.program.zone
    return reminder(local_day(of.due_us - 1, zone), local_day(slot.at_us, zone))


def _recipients(conn: Connection, world: World, *, is_urgent: bool) -> tuple[str, ...]:
    found = ai_ops_recipients(conn, world.program.ai_ops)
    if not is_urgent:
        return found
    people = (person_by_email(conn, email) for email in world.program.ai_ops.people)
    each = (one.slack_id for one in people if one is not None and one.is_active and one.slack_id)
    return tuple(dict.fromkeys((*found, *each)))


DISPUTES = Job("disputes", lambda _program: Daily(time(9)), in_thread(remind))
