"""What is in an export: the usage it tells of, and what of it cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.hooks.decoding import join
from db.rejected import Rejected
from scoring.events import Event


class Delivery(msgspec.Struct, frozen=True):
    """``rejected`` has an entry for each point, record or span that cannot be taken."""

    events: Sequence[Event]
    rejected: Sequence[Rejected]


def reject(what: str, position: int, place: str, text: str) -> Rejected:
    """Says of the ``position``-th of the export's ``what`` that, at ``place`` within it, ``text`` is wrong."""
    return Rejected(join(f"{what}[{position}]", place), text)
