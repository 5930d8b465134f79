"""What people shared, reviewed and reused, as it stands in the ledger."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, literal_column, or_, select

from db.directory import DirectoryPerson, person_by_email
from db.tables import events, identities, people
from scoring.events import Contribution
from scoring.evidence import Happening, Person

_e = events.c
_IS_CONTRIBUTION = _e.type == literal_column("'contribution'")  # written out: a partial index serves it
_FACT = ("action", "name", "kind", "title", "url")


def contributions_since(conn: Connection, first_day: date) -> tuple[Happening, ...]:
    """What active people shared since ``first_day``, and the reviews and uses of that; of anything else none."""
    in_time = (_IS_CONTRIBUTION, _e.event_day >= first_day, _e.name.is_not(None))
    shared = select(_e.name).where(*in_time, _e.action == "shared")
    query = (
        select(identities.c.person_id, _e.time_us, _e.key, *(_e[name] for name in _FACT))
        .join_from(events, identities, identities.c.id == _e.identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(*in_time, people.c.is_active, or_(_e.action == "shared", _e.name.in_(shared)))
        .order_by(_e.time_us, _e.key)
    )
    return tuple(
        Happening(person_id, time_us, key, Contribution(*fact))
        for person_id, time_us, key, *fact in conn.execute(query)
    )


def line_above(conn: Connection, person: DirectoryPerson) -> dict[int, Person]:
    """``person`` and everybody above them, by id."""
    line: dict[int, Person] = {}
    one: DirectoryPerson | None = person
    while one is not None and one.id not in line:
        above = person_by_email(conn, one.manager_email) if one.manager_email else None
        manager = above if above is not None and above.is_active else None
        line[one.id] = Person(one.id, one.team, one.function, None if manager is None else manager.id)
        one = manager
    return line
