"""Badges computed from the ledger, for the periods that had ended by a moment, each under the rules in force at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from bot.world import RuleBook, World
from db.badges import Award, awards_at, taken_back
from db.evidence import read_evidence
from db.model_usage import had_accepted_work, read_model_usage
from scoring.badges.awards import Progress, progress
from scoring.badges.facts import BadgeFacts
from scoring.eligibility import policy_holds
from scoring.evidence import Evidence
from scoring.flag import Flag
from scoring.periods import Stretch, before, last_complete, running
from scoring.program import Program
from scoring.program.badges import Badge, Level, Period
from scoring.window import Window, window_before

_DUE_DAYS = 35  # what an open flag or a policy hold withheld is given this long after its period
_DAY_US = 24 * 3_600_000_000


class BadgePeriod(msgspec.Struct, frozen=True):
    """A badge in one period: how far everybody has come."""

    badge: Badge
    stretch: Stretch
    progress: tuple[Progress, ...]


def newest_badges(world: World, conn: Connection, at_us: int, flags: Sequence[Flag] = ()) -> tuple[BadgePeriod, ...]:
    """Every badge in the newest period of its own that had ended by ``at_us``. ``flags``: as they stand at ``at_us``."""
    return _judged(world, conn, at_us, flags, [last_complete(one, at_us, world.program.zone) for one in Period])


class Held(msgspec.Struct, frozen=True):
    """A badge that a person holds. ``awarded_us`` is None while it is earned and not given yet."""

    person_id: int
    badge: str
    level: Level
    period: str
    value: float
    samples: int
    text: str
    program_version: str
    awarded_us: int | None = None


def badges_at(world: World, conn: Connection, at_us: int, flags: Sequence[Flag] = ()) -> tuple[Held, ...]:
    """Who held what at ``at_us``: what was given and not taken back, and what the newest periods earn beyond it."""
    given = awards_at(conn, at_us)
    gone = taken_back(conn, at_us)
    held = [_held(one, one.level, one.awarded_us) for one in given]
    levels = {(one.person_id, one.badge, one.period, one.level) for one in given}
    for badge in newest_badges(world, conn, at_us, flags):
        for one in badge.progress:
            key = (one.person_id, one.badge, one.period)
            if one.is_earned and one.level and key not in gone and (*key, one.level) not in levels:
                held.append(_held(one, one.level, None))
    return tuple(sorted(held, key=lambda one: (one.person_id, one.badge, one.period, one.level)))


def _held(one: Award | Progress, level: Level, awarded_us: int | None) -> Held:
    return Held(
        one.person_id, one.badge, level, one.period, one.value, one.samples, one.text, one.program_version, awarded_us
    )


def due_badges(world: World, conn: Connection, at_us: int, flags: Sequence[Flag] = ()) -> tuple[BadgePeriod, ...]:
    """The same, and for the periods before that ended in the last weeks: what was withheld then may be due by now."""
    zone = world.program.zone
    stretches = []
    for period in Period:
        stretch = last_complete(period, at_us, zone)
        stretches.append(stretch)
        while (stretch := before(period, stretch, zone)).window.end_us > at_us - _DUE_DAYS * _DAY_US:
            stretches.append(stretch)
    return _judged(world, conn, at_us, flags, stretches)


def badges_under(conn: Connection, rules: RuleBook, at_us: int, flags: Sequence[Flag] = ()) -> tuple[Progress, ...]:
    """What the newest whole periods before ``at_us`` earn under ``rules``, whatever was in force then."""
    stretches = (last_complete(one, at_us, rules.program.zone) for one in Period)
    judged = (badge for one in stretches for badge in _judged_under(conn, rules, at_us, flags, one))
    return tuple(one for badge in judged for one in badge.progress if one.is_earned)


def running_badges(world: World, conn: Connection, at_us: int, flags: Sequence[Flag] = ()) -> tuple[BadgePeriod, ...]:
    """How far everybody has come in the periods that are under way."""
    return _judged(world, conn, at_us, flags, [running(one, at_us, world.program.zone) for one in Period])


def _judged(
    world: World, conn: Connection, at_us: int, flags: Sequence[Flag], stretches: Sequence[Stretch]
) -> tuple[BadgePeriod, ...]:
    return tuple(one for stretch in stretches for one in _judged_in(world, conn, at_us, flags, stretch))


def _judged_in(
    world: World, conn: Connection, at_us: int, flags: Sequence[Flag], stretch: Stretch
) -> Iterator[BadgePeriod]:
    return _judged_under(conn, world.rule_book_at(stretch.window.end_us), at_us, flags, stretch)


def _judged_under(
    conn: Connection, rules: RuleBook, at_us: int, flags: Sequence[Flag], stretch: Stretch
) -> Iterator[BadgePeriod]:
    badges = [badge for badge in rules.program.badges if badge.period is stretch.period]
    if not badges:
        return
    facts = _facts(conn, rules, stretch, at_us, tuple(flags))
    for badge in badges:
        yield BadgePeriod(badge, stretch, progress(badge, facts))


def _facts(conn: Connection, rules: RuleBook, stretch: Stretch, at_us: int, flags: tuple[Flag, ...]) -> BadgeFacts:
    program = rules.program
    earlier = before(stretch.period, stretch, program.zone)
    return BadgeFacts(
        program,
        rules.version,
        stretch,
        _evidence(conn, stretch.window, program),
        read_model_usage(conn, stretch.window),
        veterans=had_accepted_work(conn, stretch.window.days[0]),
        previous=_evidence(conn, earlier.window, program),
        flags=flags,
        on_hold=policy_holds(
            read_evidence(conn, window=window_before(at_us, 1, program.zone), baseline_days=0, program=program)
        ),
    )


def _evidence(conn: Connection, window: Window, program: Program) -> Evidence:
    return read_evidence(conn, window=window, baseline_days=program.boards.outcome.baseline, program=program)
