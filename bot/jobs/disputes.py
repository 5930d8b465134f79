"""Every working day: AI ops are reminded of disputes that are due; once any is overdue each of them is, privately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from sqlalchemy import Connection

from bot.dispute_cases import PRIORITY, cases_of
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.disputes import disputes_due
from bot.slack.recipients import others_of, reviewers_of
from bot.slots import Daily, Slot
from bot.world import World
from db.directory import people_by_id
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
        to_each = _by_recipient(conn, world, soon, overdue)
        posts = tuple(_post(conn, world, slot, one, due, late) for one, (due, late) in to_each.items())
    return (Work(posts=posts, lines=(f"{len(soon)} disputes due, {len(overdue)} overdue.",)),)


def _reminder(world: World, of: Dispute, slot: Slot) -> Reminder | None:
    zone = world.program.zone
    return reminder(local_day(of.due_us - 1, zone), local_day(slot.at_us, zone))


def _by_recipient(
    conn: Connection, world: World, soon: Sequence[Dispute], overdue: Sequence[Dispute]
) -> dict[str, tuple[list[Dispute], list[Dispute]]]:
    """Whom to remind, and of what: nobody of a dispute of their own, for others answer it."""
    ai_ops = world.program.ai_ops
    people = people_by_id(conn, {one.person_id for one in (*soon, *overdue)})
    found: dict[str, tuple[list[Dispute], list[Dispute]]] = {}
    for one in (*overdue, *soon):
        asked = reviewers_of(conn, ai_ops, people[one.person_id])
        is_late = one in overdue
        each = others_of(conn, ai_ops, people[one.person_id]) if is_late else ()
        for recipient in dict.fromkeys((*asked, *each)):
            found.setdefault(recipient, ([], []))[is_late].append(one)
    return found


def _post(
    conn: Connection, world: World, slot: Slot, recipient: str, soon: Sequence[Dispute], overdue: Sequence[Dispute]
) -> Post:
    message = disputes_due(cases_of(conn, world, soon), cases_of(conn, world, overdue), world.settings.slack_command)
    return Post(f"disputes_due/{slot.name}/{recipient}", "disputes_due", recipient, message, PRIORITY)


DISPUTES = Job("disputes", lambda _program: Daily(time(9)), in_thread(remind))
