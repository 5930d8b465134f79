"""How strong the evidence of a person's usage is: proved by a key or a personal token, or asserted by a laptop alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import Connection, case, func, select

from db.many import is_any
from db.tables import identities, usage_days


class UsageStrength(msgspec.Struct, frozen=True):
    """A person's counted usage, and the part of it that rests on asserted identities alone.

    Cost is that of the priced calls. A warning about a person needs usage that is proved.
    """

    calls: int = 0
    tokens: int = 0
    cost_nanousd: int = 0
    asserted_calls: int = 0
    asserted_tokens: int = 0
    asserted_cost_nanousd: int = 0

    @property
    def asserted_share_of_tokens(self) -> float:
        """0 to 1; 0 where nothing was used."""
        return self.asserted_tokens / self.tokens if self.tokens else 0.0

    @property
    def asserted_share_of_cost(self) -> float:
        """0 to 1; 0 where nothing was spent."""
        return self.asserted_cost_nanousd / self.cost_nanousd if self.cost_nanousd else 0.0

    @property
    def is_asserted_alone(self) -> bool:
        """Was something used, and nothing of it proved?"""
        is_used = self.calls > 0 or self.tokens > 0
        return is_used and self.asserted_calls == self.calls and self.asserted_tokens == self.tokens


def usage_strength(conn: Connection, person_ids: Collection[int], days: Collection[date]) -> dict[int, UsageStrength]:
    """The strength of each person's usage on ``days``, which are the program's local days; all of ``person_ids``."""
    used = usage_days.c
    tokens = used.tokens_input + used.tokens_output + used.tokens_cache_read + used.tokens_cache_write
    amounts = (used.calls, tokens, used.cost_nanousd)
    asserted = (func.sum(case((identities.c.is_asserted, amount), else_=0)) for amount in amounts)
    query = (
        select(identities.c.person_id, *map(func.sum, amounts), *asserted)
        .join_from(usage_days, identities, identities.c.id == used.identity_id)
        .where(used.day.in_(sorted(days)), is_any(conn, identities.c.person_id, person_ids))
        .group_by(identities.c.person_id)
    )
    found = {row[0]: UsageStrength(*map(int, row[1:])) for row in conn.execute(query)}
    return {person_id: found.get(person_id, UsageStrength()) for person_id in person_ids}
