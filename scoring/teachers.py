"""Who might teach: those whose value is steady, not those who had one good month, and never those who use the most."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scoring.program import Teachers
from scoring.standings import Standings


def steady(windows: Sequence[Standings], rules: Teachers, unfit: Collection[int] = ()) -> tuple[int, ...]:
    """Person ids, the steadiest first: by the lowest percentile that they had in any of ``windows``.

    ``windows`` are the same board's standings in windows that follow one another. Who was missing from one, or stood
    there provisionally, has not shown it yet. ``unfit``: who is under a flag or a warning; they are asked once it is settled.
    """
    if len(windows) < rules.windows:
        return ()
    lowest: dict[int, float] = {}
    for number, standings in enumerate(windows):
        seen = {
            entry.person_id: entry.percentile
            for entry in standings.entries
            if entry.person_id is not None and not entry.is_provisional
        }
        lowest = {
            person_id: min(percentile, lowest.get(person_id, percentile))
            for person_id, percentile in seen.items()
            if number == 0 or person_id in lowest
        }
    fit = [
        (percentile, person_id)
        for person_id, percentile in lowest.items()
        if percentile >= 100 - rules.top_percent and person_id not in unfit
    ]
    return tuple(person_id for _, person_id in sorted(fit, key=lambda one: (-one[0], one[1])))
