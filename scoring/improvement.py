"""Most improved: against one's own earlier window, and by more than chance."""

from __future__ import annotations

import msgspec

from scoring.comparison import placement
from scoring.standings import Standings

# Two windows of unchanged work differ by less than this in most cases; smaller gains are noise, not news.
_LEAST_GAIN = round(1000 * (placement(0.25) - 0.5) / 2, 1)


class Improvement(msgspec.Struct, frozen=True):
    """A person or team and by how many points they gained."""

    person_id: int | None
    team: str | None
    gain: float


def most_improved(now: Standings, before: Standings, limit: int) -> tuple[Improvement, ...]:
    """The largest gains from ``before`` to ``now``, largest first.

    Only who is ranked and measured in both (not provisional), and only gains of about 50 points and more.
    """
    earlier = {(entry.person_id, entry.team): entry.score for entry in before.entries if not entry.is_provisional}
    gains = [
        Improvement(entry.person_id, entry.team, round(entry.score - earlier[entry.person_id, entry.team], 3))
        for entry in now.entries
        if not entry.is_provisional and (entry.person_id, entry.team) in earlier
    ]
    news = [one for one in gains if one.gain >= _LEAST_GAIN]
    return tuple(sorted(news, key=lambda one: (-one.gain, one.person_id or 0, one.team or ""))[:limit])
