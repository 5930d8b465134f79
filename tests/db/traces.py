"""Somebody who has left traces in every table that has any, to be erased and exported."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from db.badges import give, revoke
from db.directory import PersonRow, SourceAliases, person_by_email, upsert_people
from db.disputes import end_dispute, open_dispute
from db.exceptions import ask, decide
from db.hand_links import link_by_hand
from db.identities import resolve
from db.ingest_tokens import add_token
from db.outbox import claim, post, record_sent
from db.programs import record_program
from db.standings import publish
from db.trail import COMMAND_LINE, Action, Deed, append, person
from scoring.badges.awards import Progress
from scoring.disputes import DisputeState, DisputeSubject, Matter
from scoring.events import Contribution, Policy, Training
from scoring.exceptions import ExceptionState
from scoring.program.badges import Level
from scoring.standings import Entry, Standings, Withheld, WithheldReason
from scoring.window import window_before
from tests.builders import MONDAY_NOON_US, event, outcome, record, usage

ADA = "ada.lovelace@acme.test"
TRACES = (ADA, "Ada Lovelace", "UADA0001", "ada-l", "Ada-Key-7", "tok-of-ada", "D0ADA")
DAY_US = 86_400_000_000


def leave_traces(conn: Connection) -> None:
    """Ada works, talks and decides; Ben reports to her, reviews her and shares her family name."""
    upsert_people(
        conn,
        [
            PersonRow("boss@acme.test", name="The Boss"),
            PersonRow("ben@acme.test", name="Ben Lovelace", slack_id="UBEN", manager_email=ADA, team="legal"),
            PersonRow(
                ADA,
                name="Ada Lovelace",
                slack_id="UADA0001",
                manager_email="boss@acme.test",
                team="legal",
                aliases=(SourceAliases("github", ("ada-l",)),),
            ),
        ],
        1,
    )
    ada, ben = id_of(conn, ADA), id_of(conn, "ben@acme.test")
    _work(conn, ada, ben)
    _said(conn, ada)
    _decided(conn, ada, ben)


def id_of(conn: Connection, email: str) -> int:
    known = person_by_email(conn, email)
    assert known is not None
    return known.id


def _work(conn: Connection, ada: int, ben: int) -> None:
    add_token(conn, id="tok-of-ada", door="otlp", person_id=ada, name="ada-l's laptop", hash=b"h", now_us=1)
    resolve(conn, [("litellm", "Ada-Key-7"), ("otlp", ADA.upper())], 1)
    link_by_hand(conn, ("litellm", "Ada-Key-7"), ada, actor=COMMAND_LINE, now_us=1)
    link_by_hand(conn, ("otlp", ADA.upper()), ben, actor=COMMAND_LINE, now_us=1)
    traces = usage(
        session="ada-l-laptop", task="ada-l/dotfiles#3", prompt_hash="p", tags=("ada-l",), use_case="of ada-l"
    )
    shared = Contribution("shared", "ada-l/prompts", "tool", "Ada Lovelace's prompts", "https://x.test/ada-l")
    record(
        conn,
        event(traces, id="1", source="litellm", subject=ADA),
        event(usage(cost_nanousd=None), id="2", source="litellm", subject="Ada-Key-7", time_us=MONDAY_NOON_US - DAY_US),
        event(usage(), id="3", source="otlp", subject=ADA.upper()),
        event(outcome(task="ada-l/dotfiles#3"), id="4", source="github", subject="ada-l"),
        event(shared, id="5", subject=ADA),
        event(Contribution("reviewed", "ada-l/prompts"), id="6", subject="ben@acme.test"),
        event(Policy("milestone", "safe_month"), id="7", subject=ADA),
        event(Training("basics", "completed"), id="8", subject=ADA),
        event(usage(), id="9", source="litellm", subject="ben@acme.test"),
        event(usage(), id="10", source="litellm", subject="nobody-knows"),
    )


def _said(conn: Connection, ada: int) -> None:
    def say(key: str, recipient: str, text: str) -> None:
        message = json.dumps({"text": text, "blocks": [{"type": "section", "text": text}]})
        post(conn, dedupe_key=key, kind="x", recipient=recipient, message=message, priority=1, now_us=1)

    say("welcome/1", "UADA0001", "Hello Ada Lovelace")
    (parcel,) = claim(conn, now_us=2, lease_until_us=3, token="t", busy=(), limit=1)
    record_sent(conn, parcel.id, conversation="D0ADA", ts="1.0", now_us=2)
    say("later/UADA0001", "UADA0001", "You are next, Ada Lovelace")
    say("room", "D0ADA", "Yours")
    say("digest", "C1", "First: Ada Lovelace, then Ben Lovelace <@UADA0001>")


def _decided(conn: Connection, ada: int, ben: int) -> None:
    earned = Progress(ada, "cache_wizard", "2026-05", 0.5, 40, Level.GOLD, None, None, "", "It was good.", "v1")
    give(
        conn, [earned, Progress(ben, "cache_wizard", "2026-05", 0.5, 40, Level.GOLD, None, None, "", "Good.", "v1")], 1
    )
    revoke(conn, ben, "cache_wizard", "2026-05", by=ADA, reason="Ada Lovelace saw it.", now_us=2)
    window = window_before(MONDAY_NOON_US, 28, ZoneInfo("UTC"))
    entries = (
        Entry(1, ada, None, 900.0, 100.0, False, ()),
        Entry(2, ben, None, 800.0, 0.0, False, (), "Ask Ada Lovelace."),
    )
    publish(conn, Standings("outcome", window, "v1", entries, ()))
    withheld = (Withheld(ada, None, WithheldReason.QUARANTINED),)
    publish(conn, Standings("compliance", window, "v1", (), withheld))
    own, team = (
        ask(
            conn,
            budget="b",
            subject=subject,
            person_id=ada,
            amount=1,
            until_us=9,
            why="Ada Lovelace needs it.",
            at_us=1,
        )
        for subject in (str(ada), "legal")
    )
    bens = ask(conn, budget="b", subject=str(ben), person_id=ben, amount=1, until_us=9, why="Ben needs it.", at_us=1)
    decide(conn, bens, ExceptionState.APPROVED, person_id=ada, at_us=2, note="ada-l agrees.")
    for request in (own, team):
        decide(conn, request, ExceptionState.APPROVED, person_id=ben, at_us=2, note="Because it is Ada.")
    for whose, by in ((ada, ben), (ben, ada)):
        opened = open_dispute(
            conn,
            person_id=whose,
            matter=Matter(DisputeSubject.BAND),
            what="My band: red",
            why="Ada Lovelace's laptop ran at night.",
            evidence=["ada-l made 900 calls."],
            program_version="v1",
            at_us=1,
            due_us=9,
        )
        end_dispute(conn, opened.id, DisputeState.UPHELD, by_id=by, at_us=2, note="ada-l is right.")
    record_program(conn, f'[cohort]\npeople = ["{ADA}", "ben@acme.test"]\n', "v1", 1)
    append(
        conn,
        1,
        Deed(Action.NAMING_CHOSEN, person(ada), person(ada), facts={"naming": "named"}),
        Deed(Action.BADGE_REVOKED, person(ada), person(ben), reason="I saw it."),
        Deed(Action.BADGE_REVOKED, COMMAND_LINE, person(ben), reason="Ada Lovelace saw it."),
        Deed(Action.BADGE_REVOKED, COMMAND_LINE, person(ben), reason="Something else."),
    )
