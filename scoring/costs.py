"""What people spent and what came of it, so that one's own usage never moves one's own yardstick."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import msgspec
import numpy as np

from scoring.measures import Measures

_LEAST_QUALITY = 0.01  # keeps the cost of accepted work finite, however poor


class Costs(msgspec.Struct, frozen=True, gc=False):
    """A person's whole production usage and what it was worth in accepted, quality-weighted tasks.

    It is compared in dollars, or in tokens where less than half of the others' usage has a price throughout
    (``is_priced`` False).
    ``is_reference``: every token has a price, so that others may be compared with it in dollars.
    """

    dollars: float
    tokens: float
    worth: float
    is_priced: bool
    is_reference: bool

    @property
    def spent(self) -> float:
        """In dollars if ``is_priced``, else in tokens."""
        return self.dollars if self.is_priced else self.tokens

    @property
    def per_task(self) -> float:
        """Infinite where nothing was accepted: the worst there is, however little was spent."""
        return self.spent / self.worth if self.worth else inf


def group_costs(peers: Sequence[Measures]) -> list[Costs]:
    """The costs of each of ``peers``, in their order.

    Tokens without a price count at the median price of the others whose usage has a price throughout; so an unpriced
    model is no way to look cheap. Where less than half of the others are such, they may not be like the rest, and tokens
    are compared. Work of unknown quality counts as of the others' median quality.
    """
    references = [peer.tokens > 0 and peer.unpriced_tokens == 0 for peer in peers]
    price = _median(
        [one.cost_nanousd / one.tokens for one, is_sound in zip(peers, references, strict=True) if is_sound]
    )
    quality = _median([one.mean_quality for one in peers if one.mean_quality is not None])
    priced_peers, peers_with_usage = sum(references), sum(peer.tokens > 0 for peer in peers)
    costs = []
    for peer, is_reference in zip(peers, references, strict=True):
        others_priced, others_with_usage = priced_peers - is_reference, peers_with_usage - (peer.tokens > 0)
        known = peer.mean_quality if peer.mean_quality is not None else quality
        costs.append(
            Costs(
                dollars=(peer.cost_nanousd + peer.unpriced_tokens * (price or 0)) / 1e9,
                tokens=float(peer.tokens),
                worth=peer.accepted * (1.0 if known is None else max(known, _LEAST_QUALITY)),
                is_priced=others_priced > 0 and 2 * others_priced >= others_with_usage,
                is_reference=is_reference,
            )
        )
    return costs


def _median(figures: Sequence[float]) -> float | None:
    """Whoever has no figure of their own is held to that of the others, and all that have one are others."""
    return float(np.median(figures)) if figures else None
