"""One's own badges: shown, shared once, or kept private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.badges import EarnedBadge, shared_badge
from bot.slack.blocks.home.badges import BadgeShelf, HeldBadge, NextBadge, badges
from bot.slack.blocks.parts import plain
from bot.slack.message import Message
from bot.slack.naming import display_name
from bot.slack.recipients import send
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.text import escape, joined
from bot.world import World
from db.badge_news import PRIVATE, SHARED, choose, own_award
from db.badge_progress import progress_of
from db.badges import Award, awards_at
from db.directory import DirectoryPerson
from scoring.badges.awards import Progress
from scoring.badges.explanation import figure
from scoring.disputes import DisputeSubject, Matter
from scoring.program.badges import LEVELS, Badge, Level

_PRIORITY = 10


def show_badges(world: World, request: Request) -> Message:
    """What the asker holds, and what the next badges take."""
    with world.store.read() as conn:
        return badges(shelf_of(conn, world, about_oneself(conn, request, Action.SEE_BADGES)))


def shelf_of(conn: Connection, world: World, person: DirectoryPerson) -> BadgeShelf:
    """Everything as it was computed last."""
    defined = _defined(world)
    held = awards_at(conn, world.now_us(), person_id=person.id)
    upcoming = [one for one in progress_of(conn, person.id) if one.badge in defined and _is_ahead(one)]
    upcoming.sort(key=lambda one: -_part_of_the_way(one))
    return BadgeShelf(
        held=tuple(HeldBadge(earned_badge(defined.get(one.badge), one), one.visibility) for one in held),
        upcoming=tuple(_next(defined[one.badge], one) for one in upcoming),
        can_share=bool(world.program.digest.channels),
        disputed=_likely_disputed(upcoming, held),
    )


def _likely_disputed(upcoming: Sequence[Progress], held: Sequence[Award]) -> str:
    """What is held back comes first, then the newest."""
    badges: list[Progress | Award] = [*filter(is_held_back, upcoming), *held]
    return badge_matter(badges[0]).key if badges else ""


def badge_matter(one: Award | Progress) -> Matter:
    """What a dispute about the badge is about."""
    return Matter(DisputeSubject.BADGE, f"{one.badge}/{one.period}")


def is_held_back(one: Progress) -> bool:
    """Reached, and not given: by a flag, a policy hold, or too little to judge by."""
    return bool(one.withheld and one.level)


def share_badge(world: World, request: Request) -> Message:
    """Posts the asker's own badge in the program's channels, once for ever; the click is their consent."""
    channels = world.program.digest.channels
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.SHARE_BADGE)
        award = _own(conn, person, request.value)
        if not channels:
            raise NotServed(say("badge-no-channel"))
        if award.visibility == SHARED:
            return plain(say("badge-share-again"))
        choose(conn, award, SHARED)
        shared = shared_badge(display_name(person), earned_badge(_defined(world).get(award.badge), award))
        for channel in dict.fromkeys(channels):
            send(
                conn,
                shared,
                dedupe_key=f"badge_shared/{channel}/{person.id}/{request.value}",
                kind="shared_badge",
                recipient=channel,
                priority=_PRIORITY,
                now_us=world.now_us(),
            )
    return plain(say("badge-share-done", channels=joined(map(escape, channels), ", ")))


def keep_badge_private(world: World, request: Request) -> Message:
    """Leaves the asker's own badge out of the weekly post."""
    with world.store.write() as conn:
        award = _own(conn, about_oneself(conn, request, Action.SHARE_BADGE), request.value)
        if award.visibility == SHARED:
            return plain(say("badge-private-late"))
        choose(conn, award, PRIVATE)
    return plain(say("badge-private-done"))


def earned_badge(badge: Badge | None, award: Award | Progress) -> EarnedBadge:
    """``award`` as it is told; ``badge`` is what the program says of it, None where it says nothing any more."""
    level = award.level or Level.BRONZE
    if badge is None:
        title = award.badge.replace("_", " ").capitalize()
        return EarnedBadge(award.badge, title, "", "", award.period, level, award.text)
    return EarnedBadge(badge.name, badge.title, badge.praise, badge.training, award.period, level, award.text)


def _defined(world: World) -> Mapping[str, Badge]:
    return {badge.name: badge for badge in world.program.badges}


def _own(conn: Connection, person: DirectoryPerson, value: str) -> Award:
    """The asker's award that a button's value names. Raises ``NotServed``."""
    badge, _, rest = value.partition("/")
    period, _, level = rest.partition("/")
    award = own_award(conn, person.id, badge, period, Level(level)) if level in LEVELS else None
    if award is None:
        raise NotServed(say("badge-not-yours"))
    return award


def _is_ahead(one: Progress) -> bool:
    return is_held_back(one) or one.next_step is not None


def _part_of_the_way(one: Progress) -> float:
    return one.value / one.next_step if one.next_step else 1.0


def _next(badge: Badge, one: Progress) -> NextBadge:
    has_step = one.next_level is not None and one.next_step is not None
    return NextBadge(
        title=badge.title,
        training=badge.training,
        text=one.text,
        level=str(one.next_level).capitalize() if has_step else "",
        step=figure(badge.measure, one.next_step or 0) if has_step else "",
        withheld=one.withheld if one.level else "",
    )
