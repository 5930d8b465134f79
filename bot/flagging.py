"""Flags for any moment: what the ledger shows in the window that ends then, and what people had decided by then."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bot.faults import Fault
from bot.flag_decisions import put_down
from db.directory import person_by_email
from db.engine import Store
from db.evidence import read_happened
from db.flags import decisions_before, ids_known
from db.traces import read_traces
from scoring.evidence import Evidence
from scoring.flag import Flag, FlagState
from scoring.flags import detect
from scoring.flags.decisions import Decision, decided, named, settled
from scoring.flags.facts import FlagFacts
from scoring.program import Program
from scoring.window import midnight_us, window_before


class Flags(msgspec.Struct, frozen=True):
    """By id: those that are open, and those on which people have decided, whenever that was."""

    open: dict[str, Flag]
    decided: dict[str, Flag]

    @property
    def every(self) -> dict[str, Flag]:
        return {**self.decided, **self.open}


def flags_at(
    conn: Connection,
    at_us: int,
    program: Program,
    *,
    decided_us: int | None = None,
    happened: Evidence | None = None,
) -> tuple[Flag, ...]:
    """The flags that are open or confirmed at ``at_us``: what boards, badges and bands go by.

    Where ``decided_us`` is given, what people decided later than ``at_us`` and before it counts too. ``happened`` is what
    somebody has read of the ledger already: it saves reading it twice, if it goes back far enough.
    """
    every = named_flags_at(conn, at_us, program, decided_us=decided_us, happened=happened).every.values()
    return tuple(flag for flag in every if flag.state is not FlagState.DISMISSED)


def named_flags_at(
    conn: Connection,
    at_us: int,
    program: Program,
    *,
    decided_us: int | None = None,
    happened: Evidence | None = None,
) -> Flags:
    """Every flag at ``at_us``, dismissed ones included. ``decided_us`` and ``happened`` as of ``flags_at``.

    Nothing but the ledger and the decisions before ``at_us`` is asked, so that the past comes out as it was. An open flag
    lapses when what it rests on has left the window; a confirmed one stays on its days, outcomes and contributions.
    """
    decisions = decided(decisions_before(conn, at_us if decided_us is None else decided_us), program.flags.reviewers)
    evidence = _evidence(conn, at_us, program, happened)
    facts = FlagFacts(program, evidence, read_traces(conn, at_us, program))
    found = detect(facts, settled(decisions.values()))
    known = {of: id for id, of in ids_known(conn, at_us, evidence.window.start_us).items() if id not in decisions}
    return Flags(named(found, known), decisions)


def _evidence(conn: Connection, at_us: int, program: Program, happened: Evidence | None) -> Evidence:
    """What happened in the window and in the baseline before it, to the microsecond: the ledger's days may be of a time zone
    that the program had before, so a day more is read."""
    zone, days = program.zone, program.flags.baseline
    window = window_before(at_us, program.flags.window, zone)
    first_day = window.days[0] - timedelta(days=days)
    read_from_us = midnight_us(first_day - timedelta(days=1), zone)
    if happened is None or happened.window != window or happened.baseline_start_us > read_from_us:
        happened = read_happened(conn, window=window, baseline_days=days + 1, program=program)
    return happened.since(midnight_us(first_day, zone))


def decide(
    store: Store, id: str, verdict: FlagState, *, by: str, reason: str, program: Program, now_us: int
) -> FlagState:
    """Puts down what somebody (``by``, an e-mail) decided about a flag, found anew; the state that it has now.

    Raises ``Fault`` where there is no such flag, nobody of that name, no reason, or it is one's own.
    """
    with store.read() as conn:  # not while writing: events come in meanwhile
        reviewer = person_by_email(conn, by)
        flag = named_flags_at(conn, now_us, program).every.get(id)
    if reviewer is None:
        raise Fault(f"nobody in the directory has the e-mail {by}")
    if flag is None:
        raise Fault(f'there is no flag "{id}" now; bandstand flags shows those that there are')
    if flag.person_id == reviewer.id:
        raise Fault("nobody decides about a flag of their own")
    if not reason.strip():
        raise Fault("a decision needs a reason")
    with store.write() as conn:
        return put_down(conn, Decision(id, flag, verdict, str(reviewer.id), reason.strip(), now_us), program)
