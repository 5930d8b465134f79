"""A small company at work: three teams of four, everybody with finished work in the weeks before Monday noon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import update

from db.directory import PersonRow, upsert_people
from db.engine import Store
from db.tables import people
from scoring.events import Contribution, Event
from tests.builders import MONDAY_NOON_US, event, outcome, record, usage

DAY_US = 24 * 3_600_000_000
TEAMS = ("Data", "Design", "Legal")
NAMES = ("Ada", "Bea", "Cem", "Dov", "Eli", "Fay", "Gus", "Hal", "Ida", "Jan", "Kim", "Lea")


def email(name: str) -> str:
    return f"{name.lower()}@acme.test"


def person(name: str, **changes: Any) -> PersonRow:
    number = NAMES.index(name)
    row = {"name": name, "slack_id": f"U{number}", "slack_timezone": "UTC", "team": TEAMS[number % 3]}
    return PersonRow(email(name), function="Engineering", **{**row, **changes})


def hire(store: Store, *rows: PersonRow, told: bool = True) -> None:
    """Puts people into the directory, everybody by default; ``told``: they know what is measured."""
    with store.write() as conn:
        upsert_people(conn, rows or [person(name) for name in NAMES], MONDAY_NOON_US)
        if told:
            conn.execute(update(people).values(welcomed_us=MONDAY_NOON_US - DAY_US))


def work(name: str, end_us: int = MONDAY_NOON_US) -> Iterator[Event]:
    """Six accepted tasks in the twelve days before ``end_us``; whoever is later in the alphabet needs more usage."""
    calls = NAMES.index(name) + 1
    for day in range(1, 13, 2):
        when = {"subject": email(name), "time_us": end_us - day * DAY_US}
        task = f"{name}-{end_us}-{day}"
        yield event(outcome(task=task, quality=0.5 + 0.04 * (12 - calls)), id=f"done-{task}", **when)
        for call in range(calls):
            yield event(usage(task=task), id=f"call-{task}-{call}", **when)


def share(team_number: int) -> Iterator[Event]:
    """A template by a member of the team, reviewed by a colleague of the next one."""
    author, reviewer = NAMES[team_number], NAMES[team_number + 1]
    asset = f"template-{team_number}"
    when = {"time_us": MONDAY_NOON_US - 3 * DAY_US}
    shared = Contribution("shared", asset, "prompt_template", "A template", "https://wiki.acme.test/t")
    yield event(shared, id=f"shared-{asset}", subject=email(author), **when)
    yield event(Contribution("reviewed", asset), id=f"reviewed-{asset}", subject=email(reviewer), **when)


def work_everybody(store: Store, end_us: int = MONDAY_NOON_US) -> None:
    with store.write() as conn:
        record(conn, *(one for name in NAMES for one in work(name, end_us)))
        record(conn, *(one for number in range(3) for one in share(number)))
