"""Every hour: everybody's band, steadied by the state machine, kept where it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection

from bot.banding import band_evidence_at
from bot.faults import Fault
from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.slots import Hourly, Slot
from db.bands import append_bands, bands_at, newest_band_run_us, take_run
from db.exceptions import expire
from scoring.bands.band import Band
from scoring.bands.raw import BandEvidence, raw_bands
from scoring.bands.shown import ShownBand, advance, is_worth_keeping
from scoring.wording import counted


def refresh(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Computes before it takes the slot: the store stays free for events meanwhile.

    Nobody is told yet: no message is written for it. So nobody counts as told, and whoever still has a yellow or
    red band by then hears of it once.
    """
    rules = context.world.rule_book_at(slot.at_us)
    with context.world.store.read() as conn:
        previous_us = newest_band_run_us(conn)
        if previous_us >= slot.at_us:
            return (Work(lines=("Bands of this moment or a later one are known already; what was shown stays.",)),)
        known = {one.person_id: one for one in bands_at(conn, slot.at_us)}
        evidence = band_evidence_at(conn, slot.at_us, rules.program)
    raws = raw_bands(evidence, rules.program)
    shown = list(advance(raws, known, slot.at_us, rules.program.bands, rules.version, may_hear=_nobody))
    kept = [one for one in shown if is_worth_keeping(known.get(one.person_id), one)]

    def write(conn: Connection) -> None:
        if not take_run(conn, slot.at_us, previous_us, rules.version):
            raise Fault("somebody else has computed the bands meanwhile; nothing was changed")
        append_bands(conn, kept)
        expire(conn, slot.at_us)

    return (Work(write=write, lines=_lines(shown, known, evidence)),)


def _nobody(_person_id: int) -> bool:
    return False


def _lines(shown: list[ShownBand], known: Mapping[int, ShownBand], evidence: BandEvidence) -> tuple[str, ...]:
    counts = Counter(one.band for one in shown)
    worse = sum(_is_worse(known.get(one.person_id), one) for one in shown)
    outside = sum(work.days_outside_tier > 0 for work in evidence.work.values())
    people = "1 person" if outside == 1 else f"{outside:,} people"
    return (
        ", ".join(f"{counts[band]:,} {band.replace('_', ' ')}" for band in reversed(Band)) + ".",
        f"{counted(worse, 'band')} worse than before; nobody is told in Slack yet.",
        f"{people} used models or lanes outside their tier in 28 days.",
    )


def _is_worse(before: ShownBand | None, now: ShownBand) -> bool:
    return now.band.severity > (0 if before is None else before.band.severity)


BANDS = Job("bands", lambda _program: Hourly(), in_thread(refresh))
