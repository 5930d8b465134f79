"""Today's rules against others on the same ledger: boards, badges and bands side by side, and each component left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

import msgspec
from sqlalchemy import Connection

from bot.banding import band_evidence_at
from bot.flagging import flags_at
from bot.recognition import badges_under
from bot.scoreboard import evidence_of_all, standings_of_all
from bot.world import RuleBook
from db.directory import everyone
from scoring.badges.awards import Progress
from scoring.bands.band import RawBand
from scoring.bands.raw import raw_bands
from scoring.boards import board_named
from scoring.flag import Flag
from scoring.program import Program
from scoring.simulation import BoardChange, compare
from scoring.standings import Standings


class BadgeChange(msgspec.Struct, frozen=True):
    """A badge of the newest whole period that somebody would gain (``level_before`` None), lose, or hold at another level."""

    person_id: int
    badge: str
    level_before: str | None
    level_after: str | None


class BandMove(msgspec.Struct, frozen=True):
    """Somebody whose band would be another, by the rules of the moment alone, and the first reason for the new one."""

    person_id: int
    before: str
    after: str
    why: str


class GroupChange(msgspec.Struct, frozen=True):
    """What a change of rules means for a function or region: mean percentiles before and after, 0 to 100."""

    dimension: str
    group: str
    people: int
    percentile_before: float
    percentile_after: float


class Simulation(msgspec.Struct, frozen=True):
    """All that changes. ``suppressed`` counts groups too small to speak of."""

    at_us: int
    version_before: str
    version_after: str
    boards: tuple[BoardChange, ...]
    badges: tuple[BadgeChange, ...]
    bands: tuple[BandMove, ...]
    groups: tuple[GroupChange, ...]
    suppressed: int


class Ablation(msgspec.Struct, frozen=True):
    """A board without one of its components. ``decides``: does the order change, or who is shown in a digest?"""

    board: str
    component: str
    weight: float
    change: BoardChange

    @property
    def decides(self) -> bool:
        return bool(self.change.top_entered or self.change.top_left)


def simulate(conn: Connection, before: RuleBook, after: RuleBook, at_us: int) -> Simulation:
    """The world at ``at_us`` under two rule books. Boards that only one of them shows are left out."""
    boards = [name for name in before.program.boards_on if name in after.program.boards_on]
    flags, flags_after = (flags_at(conn, at_us, rules.program) for rules in (before, after))
    was = standings_of_all(conn, boards, at_us, before.program, before.version, flags_of=lambda _: flags)
    would_be = standings_of_all(conn, boards, at_us, after.program, after.version, flags_of=lambda _: flags_after)
    top = after.program.digest.top
    groups, suppressed = _groups(conn, was, would_be, after.program.privacy.smallest_group)
    return Simulation(
        at_us=at_us,
        version_before=before.version,
        version_after=after.version,
        boards=tuple(compare(one, other, top) for one, other in zip(was, would_be, strict=True)),
        badges=tuple(
            _badge_changes(badges_under(conn, before, at_us, flags), badges_under(conn, after, at_us, flags_after))
        ),
        bands=tuple(_band_moves(_raw_bands(conn, before, at_us, flags), _raw_bands(conn, after, at_us, flags_after))),
        groups=groups,
        suppressed=suppressed,
    )


def ablate(conn: Connection, rules: RuleBook, at_us: int) -> tuple[Ablation, ...]:
    """Each board that is on without each of its components in turn, the least influential first."""
    evidence = evidence_of_all(conn, rules.program.boards_on, at_us, rules.program)

    def standings(board: str, program: Program) -> Standings:
        return board_named(board).standings(evidence[board], program, rules.version)

    whole = {board: standings(board, rules.program) for board in evidence}
    found = []
    for board, component, weight, program in _without_each(rules.program):
        change = compare(whole[board], standings(board, program), rules.program.digest.top)
        found.append(Ablation(board, component, weight, change))
    return tuple(
        sorted(
            found, key=lambda one: (one.board, -(one.change.tau if one.change.tau is not None else 1), one.component)
        )
    )


def _without_each(program: Program) -> Iterator[tuple[str, str, float, Program]]:
    """Board, component, its share of the weight, and the program without it; components that are all there is stay."""
    for board in program.boards_on:
        rules = getattr(program.boards, board)
        weights: Mapping[str, float] = rules.weights.model_dump() if hasattr(rules, "weights") else {}
        total = sum(weights.values())
        for component, weight in weights.items():
            if 0 < weight < total:
                without = rules.weights.model_copy(update={component: 0})
                changed = program.boards.model_copy(update={board: rules.model_copy(update={"weights": without})})
                yield board, component, round(weight / total, 4), program.model_copy(update={"boards": changed})


def _badge_changes(before: Sequence[Progress], after: Sequence[Progress]) -> Iterator[BadgeChange]:
    was = {(one.person_id, one.badge): str(one.level) for one in before}
    is_now = {(one.person_id, one.badge): str(one.level) for one in after}
    for person_id, badge in sorted({*was, *is_now}):
        levels = was.get((person_id, badge)), is_now.get((person_id, badge))
        if levels[0] != levels[1]:
            yield BadgeChange(person_id, badge, *levels)


def _raw_bands(conn: Connection, rules: RuleBook, at_us: int, flags: tuple[Flag, ...]) -> tuple[RawBand, ...]:
    return tuple(raw_bands(band_evidence_at(conn, at_us, rules.program, flags=flags), rules.program))


def _band_moves(before: Sequence[RawBand], after: Sequence[RawBand]) -> Iterator[BandMove]:
    was = {one.person_id: one for one in before}
    for one in after:
        old = was.get(one.person_id)
        if old is not None and old.band is not one.band:
            why = one.reasons[0].text if one.reasons else "nothing speaks against green any more"
            yield BandMove(one.person_id, old.band.value, one.band.value, why)


def _groups(
    conn: Connection, before: Sequence[Standings], after: Sequence[Standings], smallest: int
) -> tuple[tuple[GroupChange, ...], int]:
    """Of the outcome board, by function and region, where at least ``smallest`` people of a group are ranked in both."""
    pair = next(((one, other) for one, other in zip(before, after, strict=True) if one.board == "outcome"), None)
    if pair is None:
        return (), 0
    was, is_now = ({one.person_id: one.percentile for one in standings.entries} for standings in pair)
    members: dict[tuple[str, str], list[int]] = {}
    for person in everyone(conn):
        if person.id in was and person.id in is_now:
            for dimension, group in (("function", person.function), ("region", person.region)):
                members.setdefault((dimension, group), []).append(person.id)
    told = [
        GroupChange(
            dimension,
            group,
            len(ids),
            round(fmean(was[one] for one in ids), 1),
            round(fmean(is_now[one] for one in ids), 1),
        )
        for (dimension, group), ids in sorted(members.items())
        if len(ids) >= smallest
    ]
    return tuple(told), len(members) - len(told)
