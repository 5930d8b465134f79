"""Flags for any moment: what the ledger shows in the window that ends then, and what people had decided by then."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from db.evidence import read_evidence
from db.flags import decisions_before, ids_known
from db.traces import read_traces
from scoring.flag import Flag, FlagState
from scoring.flags import detect
from scoring.flags.decisions import decided, named, settled
from scoring.flags.facts import FlagFacts
from scoring.program import Program
from scoring.window import window_before


class Flags(msgspec.Struct, frozen=True):
    """By id: those that are open, and those on which people have decided, whenever that was."""

    open: dict[str, Flag]
    decided: dict[str, Flag]

    @property
    def every(self) -> dict[str, Flag]:
        return {**self.decided, **self.open}


def flags_at(conn: Connection, at_us: int, program: Program) -> tuple[Flag, ...]:
    """The flags that are open or confirmed at ``at_us``: what boards, badges and bands go by."""
    every = named_flags_at(conn, at_us, program).every.values()
    return tuple(flag for flag in every if flag.state is not FlagState.DISMISSED)


def named_flags_at(conn: Connection, at_us: int, program: Program) -> Flags:
    """Every flag at ``at_us``, dismissed ones included.

    Nothing but the ledger and the decisions before ``at_us`` is asked, so that the past comes out as it was. An open flag
    lapses when what it rests on has left the window; a confirmed one stays on its days, outcomes and contributions.
    """
    decisions = decided(decisions_before(conn, at_us), program.flags.reviewers)
    window = window_before(at_us, program.flags.window, program.zone)
    evidence = read_evidence(conn, window=window, baseline_days=program.flags.baseline, program=program)
    facts = FlagFacts(program, evidence, read_traces(conn, window, program.flags))
    found = detect(facts, settled(decisions.values()))
    known = {of: id for id, of in ids_known(conn, at_us, window.start_us).items() if id not in decisions}
    return Flags(named(found, known), decisions)
