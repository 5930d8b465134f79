"""Every day: what looks odd is put down, and AI ops are asked about it, the strongest first and never many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time

import msgspec
from sqlalchemy import Connection

from bot.flag_decisions import cases_of, show_as_it_stands
from bot.flagging import named_flags_at
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.flags import flag_case, flags_waiting
from bot.slack.message import Message
from bot.slack.recipients import ai_ops_recipients, reviewers_of
from bot.slots import Daily, Slot
from bot.world import World
from db.directory import people_by_id
from db.flags import KeptFlag, decisions_on, keep_flags, kept_flag, kept_flags, lapse, newest_look_us, record_asked
from scoring.flag import Flag
from scoring.flags.decisions import decided
from scoring.flags.explanation import figures_of
from scoring.wording import counted

_AT = time(5, 0)  # before people look
_MOST_ASKED = 10  # one by one, at a look; the others at the next ones, unless they are looked at before
_PRIORITY = 13


class Asking(msgspec.Struct, frozen=True):
    """The messages of a look, and by flag the keys of those that ask about it."""

    posts: tuple[Post, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = {}


def look(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Keeps the open flags of the slot's moment, lets go of those that are gone, and asks about what nobody was asked yet.

    Nobody is asked about the past.
    """
    world = context.world
    with world.store.read() as conn:
        found = named_flags_at(conn, slot.at_us, world.rule_book_at(slot.at_us).program).open
        asking = _asking(conn, world, found, slot) if slot.at_us >= newest_look_us(conn) else Asking()

    def write(conn: Connection) -> None:
        asked = [one for one in kept_flags(conn, found) if one.asked and not one.is_lapsed]
        keep_flags(conn, found, slot.at_us)
        for id, keys in asking.keys.items():
            record_asked(conn, id, keys)
        for id in (*lapse(conn, slot.at_us), *asking.keys):  # what was decided while we looked is shown so at once
            kept = kept_flag(conn, id)
            if kept is not None and (kept.is_lapsed or decisions_on(conn, [id])):
                show_as_it_stands(conn, kept, world.program, world.now_us())
        _show_new_figures(conn, world, asked)

    lines = (f"{counted(len(found), 'open flag')}.", f"{counted(len(asking.keys), 'flag')} put to AI ops.")
    return (Work(posts=asking.posts, write=write, lines=lines),)


def _asking(conn: Connection, world: World, found: Mapping[str, Flag], slot: Slot) -> Asking:
    """Of each flag that nobody was asked about, a message to whoever may decide on it."""
    program = world.program
    done = set(decided(decisions_on(conn, found), program.flags.reviewers))
    done |= {one.id for one in kept_flags(conn, found) if one.asked and not one.is_lapsed}
    people = people_by_id(conn, {flag.person_id for flag in found.values()})
    new = [
        KeptFlag(id, flag, slot.at_us, False, ())
        for id, flag in sorted(found.items(), key=lambda one: (-one[1].strength, one[0]))
        if id not in done and flag.person_id in people
    ]
    posts: list[Post] = []
    keys: dict[str, tuple[str, ...]] = {}
    for case in cases_of(conn, new[:_MOST_ASKED], program):
        asked = reviewers_of(conn, program.ai_ops, people[case.flag.person_id])
        made = [_post(f"flag/{case.id}/{slot.at_us}/{one}", one, flag_case(case)) for one in asked]
        keys |= {case.id: tuple(post.dedupe_key for post in made)} if made else {}
        posts += made
    if len(new) > _MOST_ASKED:
        more = flags_waiting(len(new) - _MOST_ASKED, world.settings.slack_command)
        for one in ai_ops_recipients(conn, program.ai_ops):
            posts.append(_post(f"flags_waiting/{slot.name}/{one}", one, more))
    return Asking(tuple(posts), keys)


def _show_new_figures(conn: Connection, world: World, before: Sequence[KeptFlag]) -> None:
    """Where a message asks about a flag, it shows what the newest look found; nobody is notified of that."""
    now = {one.id: one for one in kept_flags(conn, [one.id for one in before])}
    for old in before:
        if _figures(now[old.id]) != _figures(old):
            show_as_it_stands(conn, now[old.id], world.program, world.now_us())


def _figures(kept: KeptFlag) -> tuple[str, str]:
    return kept.flag.text, figures_of(kept.flag)


def _post(key: str, recipient: str, message: Message) -> Post:
    return Post(key, key.partition("/")[0], recipient, message, _PRIORITY)


FLAGS = Job("flags", lambda _program: Daily(_AT), in_thread(look))
