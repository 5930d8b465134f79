"""Disputes: opened by somebody about what is theirs, ended by an answer or withdrawn; every step stays on record.

Who may answer is the caller's to know. Two rules hold here for everybody: nobody answers their own, and nobody has two
open ones about the same matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from db.tables import dispute_steps, disputes, people
from scoring.disputes import Consequence, DisputeState, DisputeSubject, Matter, may_follow

_d, _s = disputes.c, dispute_steps.c
_ANSWERS = (DisputeState.UPHELD, DisputeState.DECLINED)
_ENDED = select(_s.dispute_id).where(_s.state != DisputeState.OPEN.value)
_decode_evidence = msgspec.json.Decoder(tuple[str, ...]).decode


class DisputeRefused(ValueError):
    """The dispute does not allow that step; the message says why."""


class DisputeStep(msgspec.Struct, frozen=True):
    """What became of a dispute, when, by whom, why, and with what consequence."""

    state: DisputeState
    at_us: int
    by_id: int
    note: str
    consequence: Consequence


class Dispute(msgspec.Struct, frozen=True):
    """A dispute of ``person_id`` with all its steps, the newest last.

    ``what`` is what its matter was called, ``evidence`` the figures behind it as sentences, both as they stood when it was
    opened, under ``program_version``. It is to be answered before ``due_us``, a midnight. ``asked``: the outbox's keys of the
    messages that ask for an answer.
    """

    id: int
    person_id: int
    matter: Matter
    what: str
    why: str
    evidence: tuple[str, ...]
    program_version: str
    opened_us: int
    due_us: int
    steps: tuple[DisputeStep, ...]
    asked: tuple[str, ...] = ()

    @property
    def last(self) -> DisputeStep:
        return self.steps[-1]

    @property
    def state(self) -> DisputeState:
        return self.last.state


def open_dispute(
    conn: Connection,
    *,
    person_id: int,
    matter: Matter,
    what: str,
    why: str,
    evidence: Sequence[str],
    program_version: str,
    at_us: int,
    due_us: int,
) -> Dispute:
    """Puts a dispute down. Raises ``DisputeRefused`` where the person has an open one about the same ``matter``."""
    conn.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())  # of two at once, one waits
    if open_about(conn, person_id, matter) is not None:
        raise DisputeRefused("there is an open dispute about that already")
    opened = insert(disputes).values(
        person_id=person_id,
        subject=matter.subject.value,
        matter=matter.name,
        what=what,
        why=why,
        evidence=msgspec.json.encode(evidence).decode(),
        program_version=program_version,
        opened_us=at_us,
        due_us=due_us,
    )
    id: int = conn.execute(opened.returning(_d.id)).scalar_one()
    step = DisputeStep(DisputeState.OPEN, at_us, person_id, "", Consequence.NOTHING)
    _add_step(conn, id, person_id, 1, step)
    return Dispute(id, person_id, matter, what, why, tuple(evidence), program_version, at_us, due_us, (step,))


def end_dispute(
    conn: Connection,
    id: int,
    state: DisputeState,
    *,
    by_id: int,
    at_us: int,
    note: str = "",
    consequence: Consequence = Consequence.NOTHING,
) -> Dispute:
    """Upholds, declines or withdraws; gives the dispute as it is then.

    Two who answer at once do not both: whoever comes second is refused. Raises ``DisputeRefused``.
    """
    dispute = dispute_of(conn, id, is_locked=True)
    if dispute is None:
        raise DisputeRefused("there is no such dispute")
    if not may_follow(dispute.state, state):
        raise DisputeRefused(f"the dispute is {dispute.state} and cannot become {state}")
    if state in _ANSWERS and by_id == dispute.person_id:
        raise DisputeRefused("nobody answers a dispute of their own")
    if state is DisputeState.WITHDRAWN and by_id != dispute.person_id:
        raise DisputeRefused("only whoever opened a dispute withdraws it")
    step = DisputeStep(state, at_us, by_id, note, consequence)
    _add_step(conn, id, dispute.person_id, len(dispute.steps) + 1, step)
    return msgspec.structs.replace(dispute, steps=(*dispute.steps, step))


def record_asked(conn: Connection, id: int, keys: Sequence[str]) -> None:
    """Keeps which messages ask for an answer."""
    conn.execute(update(disputes).where(_d.id == id).values(asked=msgspec.json.encode(keys).decode()))


def dispute_of(conn: Connection, id: int, *, is_locked: bool = False) -> Dispute | None:
    """The dispute with all its steps; None where there is none. ``is_locked``: nobody else ends it meanwhile."""
    query = select(disputes).where(_d.id == id)
    row = conn.execute(query.with_for_update() if is_locked else query).first()
    return None if row is None else _dispute(row, _steps(conn, _s.dispute_id == id)[id])


def open_about(conn: Connection, person_id: int, matter: Matter) -> Dispute | None:
    """The person's open dispute about ``matter``; None where there is none."""
    is_it = (_d.person_id == person_id, _d.subject == matter.subject.value, _d.matter == matter.name)
    return next(iter(_found(conn, *is_it, _d.id.not_in(_ENDED))), None)


def open_disputes(conn: Connection) -> tuple[Dispute, ...]:
    """Those that wait for an answer, the soonest due first."""
    return tuple(sorted(_found(conn, _d.id.not_in(_ENDED)), key=lambda one: (one.due_us, one.id)))


def disputes_of(conn: Connection, person_id: int) -> tuple[Dispute, ...]:
    """All that the person ever opened, newest first."""
    return _found(conn, _d.person_id == person_id)


def every_dispute(conn: Connection) -> tuple[Dispute, ...]:
    """All that was ever disputed, newest first."""
    return _found(conn)


def last_upheld_us(conn: Connection) -> int:
    """When a dispute was last upheld; 0 = never."""
    return conn.scalar(select(func.max(_s.at_us)).where(_s.state == DisputeState.UPHELD.value)) or 0


def upheld_since(conn: Connection, after_us: int) -> frozenset[int]:
    """Who had a dispute about a band or a flag upheld, or a flag dismissed by one, after ``after_us``."""
    rows = conn.execute(
        select(_s.person_id, _s.consequence, _d.subject)
        .join(disputes, _d.id == _s.dispute_id)
        .where(_s.state == DisputeState.UPHELD.value, _s.at_us > after_us)
    )
    touches_bands = (DisputeSubject.BAND, DisputeSubject.FLAG)
    return frozenset(
        person_id
        for person_id, consequence, subject in rows
        if subject in touches_bands or consequence == Consequence.FLAGS_DISMISSED
    )


def _found(conn: Connection, *conditions: ColumnElement[bool]) -> tuple[Dispute, ...]:
    rows = conn.execute(select(disputes).where(*conditions).order_by(_d.id.desc())).all()
    steps = _steps(conn, _s.dispute_id.in_(select(_d.id).where(*conditions)))
    return tuple(_dispute(row, steps[row.id]) for row in rows if row.id in steps)


def _steps(conn: Connection, condition: ColumnElement[bool]) -> dict[int, list[DisputeStep]]:
    query = select(_s.dispute_id, _s.state, _s.at_us, _s.by_id, _s.note, _s.consequence).where(condition)
    found: dict[int, list[DisputeStep]] = {}
    for id, state, at_us, by_id, note, consequence in conn.execute(query.order_by(_s.dispute_id, _s.number)):
        step = DisputeStep(DisputeState(state), at_us, by_id, note, Consequence(consequence))
        found.setdefault(id, []).append(step)
    return found


def _add_step(conn: Connection, id: int, person_id: int, number: int, step: DisputeStep) -> None:
    said = {**msgspec.structs.asdict(step), "state": step.state.value, "consequence": step.consequence.value}
    conn.execute(insert(dispute_steps).values(dispute_id=id, number=number, person_id=person_id, **said))


def _dispute(row: Row[Any], steps: Sequence[DisputeStep]) -> Dispute:
    return Dispute(
        row.id,
        row.person_id,
        Matter(DisputeSubject(row.subject), row.matter),
        row.what,
        row.why,
        _decode_evidence(row.evidence),
        row.program_version,
        row.opened_us,
        row.due_us,
        tuple(steps),
        () if row.asked is None else msgspec.json.decode(row.asked, type=tuple[str, ...]),
    )
