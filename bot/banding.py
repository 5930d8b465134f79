"""Bands and ceilings computed from the ledger, for any moment, under given rules; and bands as they were shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlalchemy import Connection

from bot.flagging import flags_at
from bot.world import World
from db.bands import bands_at, last_band_run
from db.day_usage import stream_day_usage
from db.evidence import keys_taken_back, stream_happenings
from db.exceptions import exceptions_in_force
from db.members import read_members
from db.use_case_usage import read_use_case_usage
from scoring.bands.ceilings import excepted
from scoring.bands.raw import BandEvidence, raw_bands
from scoring.bands.shown import ShownBand, advance
from scoring.bands.work import Work, work_of
from scoring.calendar import period_around
from scoring.flag import Flag
from scoring.members import Roster, roster_of
from scoring.program import Program, Scope
from scoring.spending import DAYS, RECENT_DAYS, Spending, add_up, add_up_all, meters_of, use_case_meters
from scoring.usage import DayUsage
from scoring.window import local_day, window_before

_FRESH_US = 2 * 3_600_000_000  # bands are computed every hour


class BandsAt(msgspec.Struct, frozen=True):
    """Everybody's band as it was shown at ``at_us``, by person id; ``is_published``: a run had computed it before."""

    at_us: int
    program_version: str
    is_published: bool
    shown: tuple[ShownBand, ...]


def bands_shown_at(world: World, conn: Connection, at_us: int) -> BandsAt:
    """What was published, where it was computed within two hours before ``at_us``; else what a run would show then.

    Where none ever ran, that is what the rules say at the moment.
    """
    run = last_band_run(conn, at_us)
    known = {} if run is None else {one.person_id: one for one in bands_at(conn, at_us)}
    if run is not None and at_us - run.at_us <= _FRESH_US:
        return BandsAt(at_us, run.program_version, True, tuple(known.values()))
    rules = world.rule_book_at(at_us)
    evidence = band_evidence_at(conn, at_us, rules.program)
    raws, is_excepted = raw_bands(evidence, rules.program), excepted(evidence.exceptions)
    shown = advance(
        raws, known, at_us, rules.program.bands, rules.version, may_hear=lambda _: False, is_excepted=is_excepted
    )
    return BandsAt(at_us, rules.version, False, tuple(shown))


def band_evidence_at(
    conn: Connection, at_us: int, program: Program, *, flags: tuple[Flag, ...] | None = None
) -> BandEvidence:
    """All that bands look at, as it was before ``at_us``, read a day and a person at a time.

    ``flags``: those of ``flags_at`` the same moment, where they are known already.
    """
    today = local_day(at_us - 1, program.zone)
    roster = roster_of(read_members(conn, program))
    usage = stream_day_usage(conn, window_before(at_us, DAYS, program.zone), DayUsage)
    spending, habits = add_up_all(usage, roster, meters_of(program, roster, today), today)
    return BandEvidence(
        at_us=at_us,
        today=today,
        roster=roster,
        spending=(*spending, *_by_use_case(conn, at_us, program, roster, today)),
        habits=habits,
        work={one.person_id: one for one in _work(conn, at_us, program)},
        flags=flags_at(conn, at_us, program) if flags is None else flags,
        exceptions=exceptions_in_force(conn, at_us),
    )


def _by_use_case(conn: Connection, at_us: int, program: Program, roster: Roster, today: date) -> Iterator[Spending]:
    """The events are read for as long a time as the longest ceiling needs, and not at all without one."""
    budgets = [one for one in program.budgets if one.scope is Scope.USE_CASE]
    if not budgets:
        return
    first = min(period_around(today, one.period)[0] for one in budgets)
    window = window_before(at_us, (today - first).days + 1, program.zone)
    for use_case, usage in read_use_case_usage(conn, window):
        meters = use_case_meters(program, roster, today, [use_case]).get(use_case, ())
        yield from add_up([usage], roster, meters, today)


def _work(conn: Connection, at_us: int, program: Program) -> Iterator[Work]:
    window = window_before(at_us, RECENT_DAYS, program.zone)
    happenings = stream_happenings(conn, window, window.days[0], program)
    return work_of(happenings, keys_taken_back(conn, window), window.start_us)
