"""What people tried in the sandbox, day by day."""

from __future__ import annotations

from sqlalchemy import Connection, func, literal_column, select

from db.tables import events, identities, people
from db.whose import Whose, belongs_to
from scoring.evidence import Trial
from scoring.models import normalise_model
from scoring.window import Window

# Written out, not bound: the partial index serves only a condition that the planner can read.
_IS_EXPLORATION = events.c.lane == literal_column("'exploration'")


def read_trials(conn: Connection, window: Window, whose: Whose = None) -> tuple[Trial, ...]:
    """Each model and use case that an active person called with success on a local day of ``window``, once, in order."""
    said = events.c
    use_case = func.coalesce(said.use_case, "").label("use_case")
    tried = (
        select(said.identity_id, said.event_day, said.model, use_case)
        .where(
            _IS_EXPLORATION,
            said.type == "usage",
            said.event_day.in_(window.days),
            *belongs_to(said.identity_id, whose),
            said.time_us < window.end_us,
            said.is_error.is_(False),
            said.is_shadowed.is_(False),
        )
        .distinct()
        .subquery()
    )
    query = (
        select(identities.c.person_id, tried.c.event_day, tried.c.model, tried.c.use_case)
        .join_from(tried, identities, identities.c.id == tried.c.identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active)
    )
    found = {
        Trial(person_id, day, normalise_model(model), use_case)
        for person_id, day, model, use_case in conn.execute(query)
    }
    return tuple(sorted(found, key=lambda one: (one.person_id, one.day, one.model, one.use_case)))
