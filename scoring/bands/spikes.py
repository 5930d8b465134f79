"""A week that costs many times one's own usual one: yellow; where it is extreme, red.

The last seven days are held against the median of the eight weeks before them, of those with any cost: seven days
even out weekdays, and neither one burst in the past nor a holiday moves a median. Extreme is only what is a spike against
the heaviest of these weeks too: whose work comes in lumps knows such weeks. Below an absolute floor nothing is
said, nor where fewer than four weeks are known, nor while an exception of one's own says that the cost is foreseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.amounts import in_dollars, plain
from scoring.bands.band import Band, Reason, Rule
from scoring.program import Bands
from scoring.spending import Habits
from scoring.usage import Integers
from scoring.wording import counted

_FEWEST_WEEKS = 4
_NANOUSD = 1_000_000_000


class Spikes(msgspec.Struct, frozen=True, eq=False):
    """By member: the last seven days' cost, the usual week's, and the limits; all in nano-dollars.

    ``is_known``: there is enough of a past to compare with.
    """

    latest: Integers
    usual: NDArray[np.float64]
    limits: NDArray[np.float64]
    extreme_limits: NDArray[np.float64]
    is_known: NDArray[np.bool_]


def spikes(habits: Habits, rules: Bands) -> Spikes:
    past = habits.weeks[:, 1:]
    is_known = (past > 0).sum(axis=1) >= _FEWEST_WEEKS
    usual = np.zeros(len(past))
    if is_known.any():
        usual[is_known] = np.nanmedian(np.where(past[is_known] > 0, past[is_known], np.nan), axis=1)
    return Spikes(
        latest=habits.weeks[:, 0],
        usual=usual,
        limits=np.maximum(usual * rules.spike_factor, _nanousd(rules.spike_dollars)),
        extreme_limits=np.maximum.reduce(
            [
                usual * rules.extreme_factor,
                past.max(axis=1) * rules.spike_factor,
                np.full(len(past), float(_nanousd(rules.extreme_dollars))),
            ]
        ),
        is_known=is_known,
    )


def spike_reasons(habits: Habits, rules: Bands, is_foreseen: NDArray[np.bool_]) -> Iterator[tuple[int, Reason]]:
    """Positions of members, each with a reason; ``is_foreseen`` marks those with an exception of their own."""
    found = spikes(habits, rules)
    for position in np.flatnonzero(found.is_known & ~is_foreseen & (found.latest > found.limits)).tolist():
        yield position, _reason(found, position, int(habits.week_calls[position]))


def _reason(found: Spikes, position: int, calls: int) -> Reason:
    latest, usual = int(found.latest[position]), int(found.usual[position])
    calm, extreme = int(found.limits[position]), int(found.extreme_limits[position])
    is_extreme = latest > extreme
    limit = extreme if is_extreme else calm
    return Reason(
        rule=Rule.EXTREME_COST_SPIKE if is_extreme else Rule.COST_SPIKE,
        band=Band.RED if is_extreme else Band.YELLOW,
        text=(
            f"The last seven days cost {in_dollars(latest)} ({counted(calls, 'call')}); "
            f"your usual week costs {in_dollars(usual)}, and {in_dollars(limit)} is the limit."
        ),
        clears=f"It clears by itself once seven days together cost {in_dollars(calm)} or less.",
        advice="Look for an agent that was left running; if the work is planned, ask for an exception.",
        value=plain(latest, is_in_dollars=True),
        limit=plain(limit, is_in_dollars=True),
        unit="USD",
        events=calls,
    )


def _nanousd(dollars: Decimal) -> int:
    return int(dollars * _NANOUSD)
