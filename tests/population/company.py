"""A made-up company of any size with its truth: who plays the game, how and how much. The same for the same seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection

from db.directory import PersonRow, upsert_people
from scoring.events import Event
from scoring.window import to_us
from tests.builders import record
from tests.population.calls import Time
from tests.population.honest import honest_work
from tests.population.members import Member, make_members
from tests.population.tricks import culture, played, rings

_BATCH = 5_000
END = datetime(2026, 6, 12, 18, tzinfo=UTC)  # a fortnight after a month's end


class Company(msgspec.Struct, frozen=True):
    """Its people and all their events, oldest first, up to ``end_us``."""

    members: tuple[Member, ...]
    events: tuple[Event, ...]
    end_us: int

    @property
    def truth(self) -> dict[str, Member]:
        """Everybody by e-mail; ``trick`` is "" for the honest."""
        return {one.email: one for one in self.members}


def make_company(
    seed: int, people: int = 300, cheats: int = 48, *, days: int = 84, end: datetime = END, honest_twins: bool = False
) -> Company:
    """``cheats`` of the ``people`` have a trick; with ``honest_twins`` the same people do the same without it."""
    time = Time(end, days)
    members = make_members(seed, people, cheats)
    events: list[Event] = []
    for one in members:
        honest = list(honest_work(random.Random(f"{seed}/{one.email}"), one, time))
        rng = random.Random(f"{seed}/{one.email}/trick")
        events += honest if honest_twins else played(rng, one, time, honest)
    sharers = [one for one in members if not one.trick]
    events += culture(random.Random(f"{seed}/culture"), sharers, time)
    if not honest_twins:
        events += rings(random.Random(f"{seed}/rings"), members, time)
    end_us = to_us(end)
    past = sorted((one for one in events if one.time_us < end_us), key=lambda one: (one.time_us, one.source, one.id))
    return Company(members, tuple(past), end_us)


def settle_in(conn: Connection, company: Company) -> None:
    """Puts the directory and the ledger down, as ingestion would."""
    upsert_people(
        conn, [PersonRow(email=one.email, team=one.team, function=one.function) for one in company.members], now_us=1
    )
    for start in range(0, len(company.events), _BATCH):
        record(conn, *company.events[start : start + _BATCH])
