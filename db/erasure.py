"""Erases a person: what they did stays in the totals, and nothing says any more that it was them.

Events and roll-ups keep their identity rows, which lose the name and the person. The trail names people by id alone, so
it stays whole; reasons in it that are about the person go.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, case, delete, false, func, literal_column, null, or_, select, update

from db.day_changes import note_changes
from db.identities import begin_linking
from db.many import as_written, is_any
from db.outbox import ways_to
from db.rebuild import event_days
from db.scrub import Names, scrub_everywhere
from db.tables import (
    budget_exceptions,
    events,
    exception_steps,
    identities,
    metadata,
    outbox,
    people,
    program_versions,
    trail,
    usage_columns,
)
from db.trace_days import forget_sums
from db.trail import Action, Deed, Fact, append, person
from db.usage_columns import forget_columns

_e = events.c
_NOTHING_SAID = '{"text":"","blocks":[]}'
_UNSENT = ("queued", "sending", "uncertain", "parked")
# Ceilings of teams, and what managers granted others, rest on these: they stay, under a number.
_DECISIONS = (budget_exceptions, exception_steps)
_IS_NOT_USAGE = _e.type != literal_column("'usage'")  # written out: a partial index serves it


class Erasure(msgspec.Struct, frozen=True):
    """What an erasure found. ``names``: identities that lost theirs; ``messages`` to the person; ``texts`` about them."""

    was_in_directory: bool
    names: int
    messages: int
    texts: int

    @property
    def is_empty(self) -> bool:
        return not (self.was_in_directory or self.names or self.messages or self.texts)


def erase(
    conn: Connection, email: str, *, actor: str, now_us: int, reason: str = "", written_as: Collection[str] = ()
) -> Erasure:
    """Erases whoever has ``email``, in the directory or only as a name that producers use; a second time finds nothing.

    ``written_as``: other forms in which messages write the person's name.
    """
    email = email.strip().lower()
    begin_linking(conn)
    known = conn.execute(select(people).where(people.c.email == email).with_for_update()).first()
    own = _identities_of(conn, email, known)
    names = _names(email, known, own, written_as)
    _scrub_events(conn, [one.id for one in own if _is_theirs(one, known)], names)
    _unname(conn, own, known)
    messages = _erase_messages(conn, known)
    if known is not None:
        _erase_rows(conn, known)
    conn.execute(update(people).where(people.c.manager_email == email).values(manager_email="", updated_us=now_us))
    texts = scrub_everywhere(conn, names) + _scrub_programs(conn, email, names)
    reasons = _erase_reasons(conn, known, names)
    done = Erasure(known is not None, len(own), messages, texts + len(reasons))
    if not done.is_empty:
        facts: dict[str, Fact] = {"names": len(own), "messages": messages, "texts": texts, "reasons_erased": reasons}
        about = "" if known is None else person(known.id)
        append(conn, now_us, Deed(Action.ERASED, actor, about, names.hidden(reason), facts))
    return done


def _identities_of(conn: Connection, email: str, known: Row[Any] | None) -> Sequence[Row[Any]]:
    """Those that are the person's, and those that anybody else has under the address."""
    is_named_so = func.lower(identities.c.external_id).contains(email, autoescape=True)
    is_theirs = false() if known is None else identities.c.person_id == known.id
    found = conn.execute(select(identities).where(or_(is_theirs, is_named_so)).order_by(identities.c.id)).all()
    address = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?!\w)", re.IGNORECASE)
    return [one for one in found if _is_owned(one, known) or address.search(one.external_id)]


def _is_owned(identity: Row[Any], known: Row[Any] | None) -> bool:
    return known is not None and identity.person_id == known.id


def _is_theirs(identity: Row[Any], known: Row[Any] | None) -> bool:
    """Not what somebody linked to another person by hand: the address goes, the link stays."""
    return identity.person_id is None or _is_owned(identity, known)


def _names(email: str, known: Row[Any] | None, own: Sequence[Row[Any]], written_as: Collection[str]) -> Names:
    sure = {email, *([known.slack_id] if known is not None and known.slack_id else [])}
    others = {one.external_id for one in own} | {*written_as} | ({known.name} if known is not None else set())
    return Names(tuple(sure), tuple(others - {""}), _pseudonym())


def _pseudonym() -> str:
    """Made of nothing but chance, so that nothing leads back."""
    return f"erased-{secrets.token_hex(8)}"


def _scrub_events(conn: Connection, ids: Sequence[int], names: Names) -> None:
    """Leaves of their events what totals are made of; of others' contributions, all but the names."""
    theirs = is_any(conn, _e.identity_id, ids)
    names_somebody = or_(_e.type == "contribution", names.may_be_in(conn, _e.name))
    kept = {
        **dict.fromkeys((_e.task, _e.session, _e.prompt_hash, _e.tags, _e.title, _e.url), null()),
        _e.name: case((names_somebody, null()), else_=_e.name),
        _e.use_case: case((names.may_be_in(conn, _e.use_case), null()), else_=_e.use_case),
    }
    said = (_e.name, _e.title, _e.url)
    says_it = or_(*(names.may_be_in(conn, column) for column in said))
    changed: list[date] = []
    for day in list(event_days(conn)):
        if conn.execute(update(events).where(_e.event_day == day, theirs).values(kept)).rowcount:
            changed.append(day)
        query = select(_e.identity_id, _e.key, *said).where(_e.event_day == day, _IS_NOT_USAGE, says_it)
        for identity_id, key, *texts in conn.execute(query).all():
            hidden = [None if text is None else names.hidden(text) for text in texts]
            is_it = (_e.event_day == day, _e.identity_id == identity_id, _e.key == key)
            conn.execute(update(events).where(*is_it).values(dict(zip(said, hidden, strict=True))))
    forget_sums(conn, ids)
    forget_columns(conn, usage_columns.c.day.in_(changed))
    note_changes(conn, (as_written(conn, day) for day in changed))


def _unname(conn: Connection, own: Sequence[Row[Any]], known: Row[Any] | None) -> None:
    for one in own:
        changes: dict[str, Any] = {"external_id": _pseudonym()}
        if _is_theirs(one, known):
            changes |= {"person_id": None, "linked_by": "erased"}
        conn.execute(update(identities).where(identities.c.id == one.id).values(changes))


def _erase_messages(conn: Connection, known: Row[Any] | None) -> int:
    """What was said to the person is emptied; what is still to be said is dropped."""
    if known is None or not known.slack_id:
        return 0
    o = outbox.c
    to_them = o.recipient.in_(ways_to(conn, known.slack_id))
    dropped = conn.execute(delete(outbox).where(to_them, o.state.in_(_UNSENT))).rowcount
    emptied = conn.execute(
        update(outbox)
        .where(to_them)
        .values(recipient=_pseudonym(), message=_NOTHING_SAID, conversation=None, ts=None, error=None)
    ).rowcount
    return dropped + emptied


def _erase_rows(conn: Connection, known: Row[Any]) -> None:
    """All rows of the person in whatever tables have any, the directory last."""
    _empty_requests(conn, known.id)
    for table in metadata.sorted_tables:
        if table in (identities, people, *_DECISIONS):
            continue
        if "person_id" in table.c:
            conn.execute(delete(table).where(table.c.person_id == known.id))
        if "slack_id" in table.c and known.slack_id:
            conn.execute(delete(table).where(table.c.slack_id == known.slack_id))
    conn.execute(delete(people).where(people.c.id == known.id))


def _empty_requests(conn: Connection, person_id: int) -> None:
    """Leaves what was asked for and decided, without the words."""
    asked, step = budget_exceptions.c, exception_steps.c
    theirs = or_(asked.person_id == person_id, asked.subject == str(person_id))
    of_theirs = step.exception_id.in_(select(asked.id).where(theirs))
    conn.execute(update(exception_steps).where(or_(step.person_id == person_id, of_theirs)).values(note=""))
    conn.execute(update(budget_exceptions).where(theirs).values(why=""))


def _scrub_programs(conn: Connection, email: str, names: Names) -> int:
    """A program that ran and names the person: it must still load, so an address takes the address's place."""
    as_address = Names((email,), (), f"{names.pseudonym}@erased.invalid")
    content = program_versions.c.content
    changed = 0
    for id, text in conn.execute(
        select(program_versions.c.id, content).where(as_address.may_be_in(conn, content))
    ).all():
        hidden = as_address.hidden(text)
        if hidden != text:
            conn.execute(update(program_versions).where(program_versions.c.id == id).values(content=hidden))
            changed += 1
    return changed


def _erase_reasons(conn: Connection, known: Row[Any] | None, names: Names) -> list[int]:
    """Takes away the reasons of what the person did or what was done to them, and those that name them; which rows."""
    t = trail.c
    is_about = false() if known is None else or_(t.about == person(known.id), t.actor == person(known.id))
    query = select(t.number, t.reason, is_about).where(
        t.reason.is_not(None), or_(is_about, names.may_be_in(conn, t.reason))
    )
    found = conn.execute(query.order_by(t.number)).all()
    numbers = [number for number, reason, about in found if about or names.hidden(reason) != reason]
    conn.execute(update(trail).where(is_any(conn, t.number, numbers)).values(reason=None, reason_salt=None))
    return numbers
