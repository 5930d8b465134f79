"""Most improved: against one's own earlier window, and by more than chance."""

from __future__ import annotations

from math import hypot

import msgspec

from scoring.standings import Entry, Standings

_LEAST_GAIN = 50.0


class Improvement(msgspec.Struct, frozen=True):
    """A person or team and by how many points they gained."""

    person_id: int | None
    team: str | None
    gain: float


def most_improved(now: Standings, before: Standings, limit: int) -> tuple[Improvement, ...]:
    """The largest gains from ``before`` to ``now``, largest first, equal ones by their places now.

    Only who is ranked and measured in both (not provisional), and only gains that are news: of 50 points and more, and
    larger than the standard error of the difference.
    """
    earlier = {(entry.person_id, entry.team): entry for entry in before.entries if not entry.is_provisional}
    gains = [
        Improvement(entry.person_id, entry.team, round(entry.score - then.score, 3))
        for entry in now.entries
        if not entry.is_provisional
        and (then := earlier.get((entry.person_id, entry.team))) is not None
        and _is_news(entry, then)
    ]
    return tuple(sorted(gains, key=lambda one: -one.gain)[:limit])


def _is_news(now: Entry, then: Entry) -> bool:
    return now.score - then.score >= max(_LEAST_GAIN, hypot(now.standard_error, then.standard_error))
