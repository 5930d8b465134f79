"""Whose identities are, as columns: for what is read by identity and by the million."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from db.rows import read_integers
from db.tables import identities, people
from db.whose import Whose, belongs_to
from scoring.usage import Integers


class Owners(msgspec.Struct, frozen=True, eq=False):
    """Whose each identity is, by identity id; only those of active people."""

    identity_ids: Integers
    person_ids: Integers
    is_asserted: NDArray[np.bool_]

    def places_of(self, identity_ids: Integers) -> tuple[Integers, NDArray[np.bool_]]:
        """Which of ``identity_ids`` are known, and where those stand in the columns."""
        found = np.searchsorted(self.identity_ids, identity_ids)
        is_known = np.append(self.identity_ids, -1)[found] == identity_ids
        return found[is_known], is_known


def read_owners(conn: Connection, whose: Whose = None) -> Owners:
    """Those of ``whose`` identities."""
    query = (
        select(identities.c.id, identities.c.person_id, identities.c.is_asserted)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active, *belongs_to(identities.c.id, whose))
        .order_by(identities.c.id)
    )
    identity_ids, person_ids, is_asserted = read_integers(conn, query, 3)
    return Owners(identity_ids, person_ids, is_asserted.astype(bool))
