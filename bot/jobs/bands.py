"""Every hour: everybody's band, steadied by the state machine, kept where it changed, and told where there is news.

A decision about a flag, an exception or a dispute is followed at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from bot.banding import band_evidence_at
from bot.faults import Fault
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.bands import band_news
from bot.slack.desk.bands import coaching_of
from bot.slack.working_hours import is_at_work, next_at_work_us
from bot.slack.zones import zone_of
from bot.slots import Hourly, Slot
from bot.world import World
from db import disputes, exceptions, flags
from db.bands import append_bands, bands_at, newest_band_run_us, take_run
from db.directory import DirectoryPerson, people_by_id
from scoring.bands.band import Band, RawBand
from scoring.bands.ceilings import excepted
from scoring.bands.raw import BandEvidence, raw_bands
from scoring.bands.shown import BandChange, ShownBand, advance, change_of, is_worth_keeping
from scoring.program import Program
from scoring.wording import counted

_PRIORITY_RED, _PRIORITY = 11, 12


def refresh(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Computes before it takes the slot: the store stays free for events meanwhile.

    Only whoever was welcomed and is at work hears anything. The others hear it once they are, as it stands by then: what
    comes and goes overnight wakes nobody.
    """
    world = context.world
    rules = world.rule_book_at(slot.at_us)
    with world.store.read() as conn:
        previous_us = newest_band_run_us(conn)
        if previous_us >= slot.at_us:
            return (Work(lines=("Bands of this moment or a later one are known already; what was shown stays.",)),)
        known = {one.person_id: one for one in bands_at(conn, slot.at_us)}
        found = context.flags.at(conn, slot.at_us, rules, world.now_us())
        evidence = band_evidence_at(conn, slot.at_us, rules.program, flags=found)
        raws = raw_bands(evidence, rules.program)
        people = people_by_id(conn, _may_be_news(raws, known))
        upheld, lifted = disputes.upheld_since(conn, previous_us), excepted(evidence.exceptions)
    hearers = {one.id for one in people.values() if _can_hear(one, world.program, slot.at_us)}
    shown = list(
        advance(
            raws,
            known,
            slot.at_us,
            rules.program.bands,
            rules.version,
            may_hear=hearers.__contains__,
            is_excepted=lambda person_id, reason: person_id in upheld or lifted(person_id, reason),
        )
    )
    kept = [one for one in shown if is_worth_keeping(known.get(one.person_id), one)]
    changes = [change for one in kept if (change := change_of(known.get(one.person_id), one)) is not None]
    posts = tuple(_post(world, people[one.person_id], one, slot) for one in changes)

    def write(conn: Connection) -> None:
        if not take_run(conn, slot.at_us, previous_us, rules.version):
            raise Fault("somebody else has computed the bands meanwhile; nothing was changed")
        append_bands(conn, kept)
        exceptions.expire(conn, slot.at_us)

    return (Work(posts=posts, write=write, lines=_lines(shown, known, evidence, len(posts))),)


def _may_be_news(raws: Iterable[RawBand], known: Mapping[int, ShownBand]) -> set[int]:
    """Whose band is a warning, or was told as one."""
    warned = {one.person_id for one in raws if one.band.severity}
    return warned | {one.person_id for one in known.values() if one.band.severity or one.state.heard}


def _can_hear(person: DirectoryPerson, program: Program, at_us: int) -> bool:
    is_reachable = person.is_active and person.slack_id is not None and person.welcomed_us is not None
    return is_reachable and is_at_work(zone_of(person, program), at_us)


def _post(world: World, person: DirectoryPerson, change: BandChange, slot: Slot) -> Post:
    return Post(
        f"band_news/{person.id}/{slot.at_us}",
        "band_news",
        person.slack_id or "",
        band_news(change, coaching_of(world.program)),
        _PRIORITY_RED if change.band is Band.RED else _PRIORITY,
        next_at_work_us(zone_of(person, world.program), world.now_us()),  # a run by hand may come at night
    )


def _lines(
    shown: list[ShownBand], known: Mapping[int, ShownBand], evidence: BandEvidence, told: int
) -> tuple[str, ...]:
    counts = Counter(one.band for one in shown)
    worse = sum(_is_worse(known.get(one.person_id), one) for one in shown)
    outside = sum(work.days_outside_tier > 0 for work in evidence.work.values())
    people = "1 person" if outside == 1 else f"{outside:,} people"
    return (
        ", ".join(f"{counts[band]:,} {band.replace('_', ' ')}" for band in reversed(Band)) + ".",
        f"{counted(worse, 'band')} worse than before; {counted(told, 'message')} written.",
        f"{people} used models or lanes outside their tier in 28 days.",
    )


def _is_worse(before: ShownBand | None, now: ShownBand) -> bool:
    return now.band.severity > (0 if before is None else before.band.severity)


def _decided_us(conn: Connection) -> int:
    return max(flags.last_decision_us(conn), exceptions.last_decision_us(conn), disputes.last_upheld_us(conn))


BANDS = Job("bands", lambda _program: Hourly(), in_thread(refresh), decided_us=_decided_us)
