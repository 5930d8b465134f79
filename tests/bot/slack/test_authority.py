"""Who may do what: every action for every kind of asker, cell by cell, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.slack.authority import (
    ALLOWED,
    Action,
    Role,
    about,
    about_nobody,
    about_oneself,
    asker,
    roles_towards,
)
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from db.directory import DirectoryPerson, PersonRow, person_by_email, upsert_people
from db.engine import Store
from db.slack_accounts import AccountKind, record_accounts
from scoring.program import AiOps, Program

PROGRAM = Program(ai_ops=AiOps(people=("Olga@acme.test",)))

# Sam, whom things are about, and everybody who may ask. "y": may.
ASKERS = ("sam", "mia", "kim", "fred", "cara", "olga", "carl", "gus", "bert", "dora", "otis", "nobody")
#          |    |    |    |     |     |     |     |    |     |     |     `- not in the directory
#          |    |    |    |     |     |     |     |    |     |     `- of another workspace
#          |    |    |    |     |     |     |     |    |     `- account closed
#          |    |    |    |     |     |     |     |    `- a bot
#          |    |    |    |     |     |     |     `- a guest
#          |    |    |    |     |     |     `- a colleague
#          |    |    |    |     |     `- AI ops
#          |    |    |    |     `- owns the ceiling
#          |    |    |    `- was Sam's manager
#          |    |    `- the manager's manager
#          |    `- Sam's manager
#          `- Sam
MATRIX = {  # action: who may, towards Sam
    Action.SEE_RULES: "yyyyyyy-----",
    Action.SEE_BOARD: "yyyyyyy-----",
    Action.SHARE_BOARD: "yyyyyyy-----",
    Action.SEE_PLACE: "y----y------",
    Action.CHOOSE_NAMING: "y-----------",
    Action.MANAGE_TOKENS: "y-----------",
    Action.ASK_AI_OPS: "yyyyyyy-----",
    Action.SEE_OPERATIONS: "-----y------",
    Action.SEE_BADGES: "y-----------",
    Action.SHARE_BADGE: "y-----------",
    Action.SEE_BAND: "yy---y------",
    Action.ASK_EXCEPTION: "y-----------",
    Action.DECIDE_EXCEPTION: "-y--yy------",
    Action.DISPUTE: "y-----------",
    Action.ANSWER_DISPUTE: "-----y------",
    Action.SEE_OFFICE_HOURS: "yyyyyyy-----",
    Action.TEACH: "y-----------",
    Action.SEE_FLAGS: "-----y------",
    Action.DECIDE_FLAG: "-----y------",
    Action.SHARE_WORK: "y-----------",
    Action.SEE_SHARED: "yyyyyyy-----",
    Action.REVIEW_SHARED: "-yyyyyy-----",
    Action.USE_SHARED: "-yyyyyy-----",
}
GENERAL = {  # action: who may, where it concerns nobody
    Action.SEE_RULES: "yyyyyyy-----",
    Action.SEE_BOARD: "yyyyyyy-----",
    Action.SHARE_BOARD: "yyyyyyy-----",
    Action.SEE_PLACE: "-----y------",
    Action.CHOOSE_NAMING: "------------",
    Action.MANAGE_TOKENS: "------------",
    Action.ASK_AI_OPS: "yyyyyyy-----",
    Action.SEE_OPERATIONS: "-----y------",
    Action.SEE_BADGES: "------------",
    Action.SHARE_BADGE: "------------",
    Action.SEE_BAND: "-----y------",
    Action.ASK_EXCEPTION: "------------",
    Action.DECIDE_EXCEPTION: "-----y------",
    Action.DISPUTE: "------------",
    Action.ANSWER_DISPUTE: "-----y------",
    Action.SEE_OFFICE_HOURS: "yyyyyyy-----",
    Action.TEACH: "------------",
    Action.SEE_FLAGS: "-----y------",
    Action.DECIDE_FLAG: "-----y------",
    Action.SHARE_WORK: "------------",
    Action.SEE_SHARED: "yyyyyyy-----",
    Action.REVIEW_SHARED: "yyyyyyy-----",
    Action.USE_SHARED: "yyyyyyy-----",
}


@pytest.fixture
def conn(store: Store) -> Iterator[Connection]:
    def row(name: str, **changes: Any) -> PersonRow:
        return PersonRow(f"{name}@acme.test", slack_id=f"U{name}", **changes)

    kinds = {"gus": "guest", "bert": "bot", "dora": "closed", "otis": "outsider"}
    with store.write() as made:
        upsert_people(made, [row(name) for name in ASKERS if name != "nobody"], 1)
        upsert_people(made, [row("sam", manager_email="fred@acme.test")], 2)
        upsert_people(made, [row("sam", manager_email="mia@acme.test"), row("mia", manager_email="kim@acme.test")], 3)
        members = {f"U{name}": AccountKind.MEMBER for name in ("sam", "mia", "kim")}
        record_accounts(made, members | {f"U{name}": AccountKind(kind) for name, kind in kinds.items()}, 4)
    with store.read() as made:
        yield made


def person(conn: Connection, name: str) -> DirectoryPerson:
    found = person_by_email(conn, f"{name}@acme.test")
    assert found is not None
    return found


def may(ask: Any, *arguments: Any) -> str:
    try:
        ask(*arguments)
    except NotServed:
        return "-"
    return "y"


def test_every_action_has_a_row() -> None:
    assert set(MATRIX) == set(GENERAL) == set(ALLOWED) == set(Action)


def test_towards_a_person_the_table_is_kept(conn: Connection) -> None:
    sam = person(conn, "sam")
    found = {
        action: "".join(
            may(about, conn, PROGRAM, Request(f"U{name}"), action, sam, "cara@acme.test") for name in ASKERS
        )
        for action in MATRIX
    }
    assert found == MATRIX


def test_where_it_concerns_nobody_the_table_is_kept(conn: Connection) -> None:
    found = {
        action: "".join(may(about_nobody, conn, PROGRAM, Request(f"U{name}"), action) for name in ASKERS)
        for action in GENERAL
    }
    assert found == GENERAL


def test_what_is_ones_own_is_everybodys_who_works_here(conn: Connection) -> None:
    for action in Action:
        allowed = "y" if Role.SELF in ALLOWED[action] else "-"
        found = "".join(may(about_oneself, conn, Request(f"U{name}"), action) for name in ASKERS)
        assert found == allowed * 7 + "-" * 5


def test_nobody_decides_about_themselves_whatever_else_they_are(conn: Connection) -> None:
    olga = person(conn, "olga")
    assert roles_towards(conn, PROGRAM, olga, olga, ceiling_owner=olga.email) == {Role.SELF}


def test_a_former_manager_is_a_colleague(conn: Connection) -> None:
    assert roles_towards(conn, PROGRAM, person(conn, "fred"), person(conn, "sam")) == {Role.COLLEAGUE}


def test_an_action_that_the_table_does_not_name_is_refused(conn: Connection) -> None:
    unknown: Any = "open_the_safe"
    for ask in (about_oneself, lambda conn, request, action: about_nobody(conn, PROGRAM, request, action)):
        with pytest.raises(NotServed):
            ask(conn, Request("Uolga"), unknown)


def test_refusals_say_the_same_to_everybody_whom_we_do_not_serve(conn: Connection) -> None:
    texts = set()
    for name in ("gus", "bert", "dora", "otis", "nobody"):
        with pytest.raises(NotServed) as refusal:
            asker(conn, Request(f"U{name}"))
        texts.add(refusal.value.text)
    assert len(texts) == 1


def test_whoever_leaves_is_refused_at_once_and_a_manager_who_left_too(store: Store, conn: Connection) -> None:
    sam = person(conn, "sam")
    with store.write() as writing:
        upsert_people(writing, [PersonRow("mia@acme.test", is_active=False)], 5)
    with store.read() as later:
        assert may(about, later, PROGRAM, Request("Umia"), Action.SEE_RULES, sam) == "-"
