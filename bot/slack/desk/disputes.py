"""Disputing what is one's own: what there is, the form, taking it back, and how all stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bot.dispute_cases import ask_for_answer, cases_of, show_as_it_stands
from bot.slack.authority import Action, about_oneself, is_ai_ops
from bot.slack.blocks.disputes import MATTER, WHY, Disputes, dispute_form, disputes
from bot.slack.blocks.parts import plain
from bot.slack.desk.badges import badge_matter, is_held_back
from bot.slack.desk.places import boards_on
from bot.slack.message import Message, Modal
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.slack.text import date_words
from bot.slack.views import viewed
from bot.world import World
from db.badge_progress import progress_of
from db.badges import Award, awards_at, revoked_of
from db.bands import band_of
from db.directory import DirectoryPerson
from db.disputes import DisputeRefused, dispute_of, disputes_of, end_dispute, open_dispute, open_disputes
from db.flags import flags_waiting
from db.standings import StoredStanding, run_of, standing_of
from db.trail import Action as Deeds
from db.trail import Deed, append
from db.trail import person as of_person
from scoring.badges.awards import Progress
from scoring.disputes import DisputeState, DisputeSubject, Matter, due_day
from scoring.explanation import headline
from scoring.flags.explanation import figures_of
from scoring.window import local_day, midnight_us

_MOST_OWN = 8
_MOST_BADGES = 20


class Disputable(msgspec.Struct, frozen=True):
    """Something of one's own that may be wrong: what it is called, the figures behind it, the rules it follows."""

    matter: Matter
    what: str
    evidence: tuple[str, ...]
    version: str


def show_disputes(world: World, request: Request) -> Message:
    """The asker's own disputes; for AI ops all that wait for an answer."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.DISPUTE)
        found = disputes_for(conn, world, person)
    record_disputes_seen(world, person, found)
    return disputes(found)


def record_disputes_seen(world: World, person: DirectoryPerson, found: Disputes) -> None:
    """Puts on record that ``person`` was shown what others dispute."""
    viewed(world, person, "disputes", people=len({one.name for one in found.waiting}))


def disputes_for(conn: Connection, world: World, person: DirectoryPerson) -> Disputes:
    """All that concerns ``person``."""
    own = disputes_of(conn, person.id)
    waiting = [one for one in open_disputes(conn) if one.person_id != person.id]
    found = waiting if is_ai_ops(person, world.program) else []
    return Disputes(
        own=cases_of(conn, world, own[:_MOST_OWN]),
        waiting=cases_of(conn, world, found),
        earlier=max(0, len(own) - _MOST_OWN),
    )


def open_dispute_form(world: World, request: Request) -> Modal:
    """The form; ``request.value`` names the matter that stands there at first."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.DISPUTE)
        found = {one.matter.key: one.what for one in disputable(conn, world, person)}
    if not found:
        raise NotServed(say("dispute-nothing"))
    return dispute_form(list(found.items()), request.value, world.program.disputes.answer_days)


def send_dispute(world: World, request: Request) -> Message:
    """Puts the dispute down and asks AI ops. Raises ``Unfinished`` with what is wrong beside each field."""
    now_us, zone = world.now_us(), world.program.zone
    last_day = due_day(local_day(now_us, zone), world.program.disputes.answer_days)
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.DISPUTE)
        found = next(
            (one for one in disputable(conn, world, person) if one.matter.key == request.fields.get(MATTER)), None
        )
        why = request.fields.get(WHY, "")
        faults = {} if found else {MATTER: label("dispute-form-no-matter")}
        faults |= {} if why else {WHY: label("dispute-form-no-why")}
        if faults or found is None:
            raise Unfinished(faults)
        try:
            opened = open_dispute(
                conn,
                person_id=person.id,
                matter=found.matter,
                what=found.what,
                why=why,
                evidence=found.evidence,
                program_version=found.version,
                at_us=now_us,
                due_us=midnight_us(last_day + timedelta(days=1), zone),
            )
        except DisputeRefused as error:
            raise NotServed(say("dispute-again", command=world.settings.slack_command)) from error
        if not ask_for_answer(conn, world, opened, person):
            raise NotServed(say("dispute-nobody"))
        deed = Deed(
            Deeds.DISPUTE_OPENED, of_person(person.id), f"dispute:{opened.id}", why, {"matter": found.matter.key}
        )
        append(conn, now_us, deed)
    return plain(say("dispute-sent", due=date_words(last_day)))


def withdraw_dispute(world: World, request: Request) -> Message:
    """Takes the asker's own dispute back."""
    now_us = world.now_us()
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.DISPUTE)
        found = dispute_of(conn, request.number) if request.number is not None else None
        if found is None or found.person_id != person.id:
            raise NotServed(say("dispute-gone"))
        try:
            ended = end_dispute(conn, found.id, DisputeState.WITHDRAWN, by_id=person.id, at_us=now_us)
        except DisputeRefused as error:
            raise NotServed(say("dispute-was-ended", state=found.state)) from error
        show_as_it_stands(conn, world, ended)
        append(conn, now_us, Deed(Deeds.DISPUTE_WITHDRAWN, of_person(person.id), f"dispute:{found.id}"))
    return plain(say("dispute-done-withdrawn"))


def disputable(conn: Connection, world: World, person: DirectoryPerson) -> Iterator[Disputable]:
    """What of ``person`` is known and may be wrong: the band, what waits for a look, scores, badges."""
    shown = band_of(conn, person.id, world.now_us())
    if shown is not None and shown.reasons:
        what = label("dispute-matter-band", band=shown.band)
        texts = tuple(one.text for one in shown.reasons)
        yield Disputable(Matter(DisputeSubject.BAND), what, texts, shown.program_version)
    for kept in flags_waiting(conn):
        if kept.flag.person_id == person.id:
            what = label("dispute-matter-flag", kind=say("flag-kind", kind=kept.flag.kind))
            texts = (kept.flag.text, figures_of(kept.flag))
            yield Disputable(Matter(DisputeSubject.FLAG, kept.id), what, texts, world.rule_book.version)
    for board in boards_on(world.program):
        standing = standing_of(conn, board.name, str(person.id)) if board.ranks == "people" else None
        if standing is not None:
            what = label("dispute-matter-score", board=board.title)
            texts = _figures(conn, standing)
            yield Disputable(Matter(DisputeSubject.SCORE, board.name), what, texts, standing.program_version)
    yield from _badges(conn, world, person)


def _figures(conn: Connection, standing: StoredStanding) -> tuple[str, ...]:
    """The place with what made it; or what is missing for one."""
    entry, run = standing.entry, run_of(conn, standing.board)
    if entry is not None and run is not None:
        return (headline(entry, run.ranked), *(part.text for part in entry.components))
    return standing.withheld.missing if standing.withheld else ()


def _badges(conn: Connection, world: World, person: DirectoryPerson) -> Iterator[Disputable]:
    titles = {badge.name: badge.title for badge in world.program.badges}

    def one(award: Award | Progress, key: str, *texts: str) -> Disputable:
        what = label(key, badge=titles.get(award.badge, award.badge), period=award.period)
        return Disputable(badge_matter(award), what, texts, award.program_version)

    for award in revoked_of(conn, person.id)[:_MOST_BADGES]:
        yield one(award, "dispute-matter-badge-taken", award.text, award.revoked_reason)
    for held_back in filter(is_held_back, progress_of(conn, person.id)):
        yield one(held_back, "dispute-matter-badge-held", held_back.text, held_back.withheld)
    for award in awards_at(conn, world.now_us(), person_id=person.id)[:_MOST_BADGES]:
        yield one(award, "dispute-matter-badge", award.text)
