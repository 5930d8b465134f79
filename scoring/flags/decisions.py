"""What people decided about flags, and what follows from it. Decisions are only ever added; the latest counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b

import msgspec

from scoring.flag import Flag, FlagKind, FlagState

_CLEARLY_STRONGER = 1.25  # so that what was dismissed does not come back by chance


class Decision(msgspec.Struct, frozen=True):
    """One person's decision on a flag as it looked then. ``verdict`` is confirmed or dismissed.

    ``by`` is the id of whoever decided, as text, so that it outlives their name.
    """

    flag_id: str
    flag: Flag
    verdict: FlagState
    by: str
    reason: str
    decided_us: int


class Settled(msgspec.Struct, frozen=True):
    """What of a person's days, outcomes and contributions is no evidence of a kind any more, and how strong a new one must be."""

    days: frozenset[date] = frozenset()
    keys: frozenset[bytes] = frozenset()
    least_strength: float = 1.0


def flag_id(flag: Flag) -> str:
    """A short name for a flag: that of its person, kind and beginning."""
    said = f"{flag.person_id}/{flag.kind}/{flag.from_us}"
    return blake2b(said.encode(), digest_size=4).hexdigest()


def decided(decisions: Iterable[Decision], reviewers: int) -> dict[str, Flag]:
    """By id, the flags that are settled, in the state that they have.

    A dismissal takes effect at once; a confirmation once ``reviewers`` different people have confirmed since.
    """
    flags: dict[str, Flag] = {}
    confirmed_by: dict[str, set[str]] = {}
    for one in sorted(decisions, key=lambda one: one.decided_us):
        names = confirmed_by.setdefault(one.flag_id, set())
        if one.verdict is FlagState.DISMISSED:
            names.clear()
        else:
            names.add(one.by)
        if one.verdict is FlagState.DISMISSED or len(names) >= reviewers:
            flags[one.flag_id] = msgspec.structs.replace(one.flag, state=one.verdict)
    return flags


def standing_confirmations(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Of the decisions on one flag: the confirmations since it was last dismissed, the first of each person's."""
    standing: dict[str, Decision] = {}
    for one in sorted(decisions, key=lambda one: one.decided_us):
        if one.verdict is FlagState.DISMISSED:
            standing.clear()
        else:
            standing.setdefault(one.by, one)
    return tuple(standing.values())


def settled(flags: Iterable[Flag]) -> dict[tuple[int, FlagKind], Settled]:
    """By person and kind, what decided ``flags`` have settled."""
    found: dict[tuple[int, FlagKind], Settled] = {}
    for flag in flags:
        so_far = found.get((flag.person_id, flag.kind), Settled())
        is_dismissed = flag.state is FlagState.DISMISSED
        found[flag.person_id, flag.kind] = Settled(
            so_far.days | set(flag.days),
            so_far.keys | set(flag.keys),
            max(so_far.least_strength, flag.strength * _CLEARLY_STRONGER if is_dismissed else 1.0),
        )
    return found


def named(found: Sequence[Flag], known: Mapping[tuple[int, FlagKind], str]) -> dict[str, Flag]:
    """``found`` by id. What goes on since an earlier day has the id that it had then: ``known``, by person and kind."""
    return {known.get((flag.person_id, flag.kind)) or flag_id(flag): flag for flag in found}
