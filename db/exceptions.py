"""Exceptions to ceilings: asked for, decided by a person, expired by the clock; every step stays on record.

Who may decide is the caller's to know (the ceiling's owner, or the manager). Two rules hold here for everybody: nobody
approves or declines what they asked for themselves, and nobody has two open requests about the same ceiling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, select, update

from db.tables import budget_exceptions, exception_steps, people
from scoring.exceptions import BudgetException, ExceptionState, may_follow

_DECISIONS = (ExceptionState.APPROVED, ExceptionState.DECLINED)
_OPEN = (ExceptionState.ASKED, ExceptionState.ASKED_BACK)
_ENDS = (ExceptionState.DECLINED, ExceptionState.WITHDRAWN, ExceptionState.EXPIRED)


_STEPS = select(
    *(exception_steps.c[name] for name in ("exception_id", "state", "at_us", "person_id", "note", "granted"))
).order_by(exception_steps.c.exception_id, exception_steps.c.number)


class ExceptionRefused(ValueError):
    """The request does not allow that step; the message says why."""


class AskedAlready(ExceptionRefused):
    """The person has an open request about that ceiling."""


class ExceptionStep(msgspec.Struct, frozen=True):
    """What became of a request, when, by whom (None = by itself) and why.

    ``granted``: how much an approval gives; None = all that was asked for.
    """

    state: ExceptionState
    at_us: int
    person_id: int | None
    note: str
    granted: int | None = None


class ExceptionRequest(msgspec.Struct, frozen=True):
    """A request with all its steps, the newest last. ``person_id`` asks for ``terms``; ``why`` is what they say.

    ``asked``: the outbox's keys of the messages that ask for a decision.
    """

    terms: BudgetException
    person_id: int
    why: str
    asked_us: int
    steps: tuple[ExceptionStep, ...]
    asked: tuple[str, ...] = ()

    @property
    def state(self) -> ExceptionState:
        return self.steps[-1].state

    @property
    def granted(self) -> BudgetException | None:
        """What was approved, even where it is over by now; None = nothing."""
        step = next((one for one in self.steps if one.state is ExceptionState.APPROVED), None)
        if step is None or step.granted is None:
            return None if step is None else self.terms
        return msgspec.structs.replace(self.terms, amount=step.granted)


def ask(
    conn: Connection,
    *,
    budget: str,
    subject: str,
    person_id: int,
    amount: int,
    until_us: int,
    why: str,
    at_us: int,
    is_total: bool = False,
    from_us: int | None = None,
) -> int:
    """Puts a request down and gives its id. ``from_us``: now, unless later. Raises ``ExceptionRefused``."""
    begins_us = max(at_us, from_us or at_us)
    if amount <= 0:
        raise ExceptionRefused("an exception needs an amount above 0")
    if until_us <= begins_us:
        raise ExceptionRefused("an exception must end after it begins")
    conn.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())  # of two at once, one waits
    if _is_open_about(conn, person_id, budget, subject, at_us):
        raise AskedAlready("there is an open request about that ceiling already")
    asked = insert(budget_exceptions).values(
        budget=budget,
        subject=subject,
        person_id=person_id,
        amount=amount,
        is_total=is_total,
        from_us=begins_us,
        until_us=until_us,
        why=why,
        asked_us=at_us,
    )
    id: int = conn.execute(asked.returning(budget_exceptions.c.id)).scalar_one()
    _add_step(conn, id, 1, ExceptionStep(ExceptionState.ASKED, at_us, person_id, ""))
    return id


def decide(
    conn: Connection,
    id: int,
    state: ExceptionState,
    *,
    person_id: int | None,
    at_us: int,
    note: str = "",
    granted: int | None = None,
) -> ExceptionRequest:
    """Takes the next step: approve, decline, ask back, answer (``asked`` again) or withdraw; gives the request as it is then.

    ``granted``: how much is approved, above 0 and no more than was asked for; None = all of that.
    Two who decide at once do not both: whoever comes second is refused. Raises ``ExceptionRefused``.
    """
    request = request_of(conn, id, is_locked=True)
    if request is None:
        raise ExceptionRefused("there is no such request")
    if not may_follow(request.state, state):
        raise ExceptionRefused(f"the request is {_said(request.state)} and cannot become {_said(state)}")
    if state in _DECISIONS and person_id == request.person_id:
        raise ExceptionRefused("nobody decides what they asked for themselves")
    if state is ExceptionState.APPROVED and at_us >= request.terms.until_us:
        raise ExceptionRefused("the time that was asked for is over")
    if granted is not None and not (state is ExceptionState.APPROVED and 0 < granted <= request.terms.amount):
        raise ExceptionRefused("an approval gives more than nothing, and no more than was asked for")
    step = ExceptionStep(state, at_us, person_id, note, granted)
    _add_step(conn, id, len(request.steps) + 1, step)
    return msgspec.structs.replace(request, steps=(*request.steps, step))


def expire(conn: Connection, at_us: int) -> tuple[ExceptionRequest, ...]:
    """Ends what is open or approved and over by ``at_us``; gives what has ended. It was in force no longer either way.

    What somebody ends at the same moment is theirs.
    """
    ended = select(exception_steps.c.exception_id).where(exception_steps.c.state.in_(_ENDS))
    over = _requests(conn, at_us, and_(budget_exceptions.c.until_us <= at_us, budget_exceptions.c.id.not_in(ended)))
    found = []
    for request in over:
        with suppress(ExceptionRefused):
            found.append(decide(conn, request.terms.id, ExceptionState.EXPIRED, person_id=None, at_us=at_us))
    return tuple(found)


def last_decision_us(conn: Connection) -> int:
    """When somebody last approved a request or took one back; 0 = never."""
    steps = exception_steps.c
    took_effect = steps.state.in_((ExceptionState.APPROVED, ExceptionState.WITHDRAWN))
    return conn.scalar(select(func.max(steps.at_us)).where(took_effect)) or 0


def exceptions_in_force(conn: Connection, at_us: int) -> tuple[BudgetException, ...]:
    """Those that were approved at ``at_us``, and neither over nor withdrawn."""
    asked = budget_exceptions.c
    holding = _requests(conn, at_us, and_(asked.from_us <= at_us, asked.until_us > at_us))
    found = (request.granted for request in holding if request.state is ExceptionState.APPROVED)
    return tuple(one for one in found if one is not None)


def open_requests(conn: Connection, at_us: int) -> tuple[ExceptionRequest, ...]:
    """Those that waited for a decision or an answer at ``at_us``, oldest first; what had ended is not read."""
    waiting = and_(budget_exceptions.c.until_us > at_us, budget_exceptions.c.id.not_in(_settled(at_us)))
    return tuple(request for request in _requests(conn, at_us, waiting) if request.state in _OPEN)


def recent_requests(conn: Connection, since_us: int, at_us: int) -> tuple[ExceptionRequest, ...]:
    """Those whose time was not over at ``since_us``, each as it was at ``at_us``, oldest first."""
    return tuple(_requests(conn, at_us, budget_exceptions.c.until_us > since_us))


def requests_by(conn: Connection, person_id: int, since_us: int, at_us: int) -> tuple[ExceptionRequest, ...]:
    """What the person asked for and whose time was not over at ``since_us``, oldest first."""
    theirs = and_(budget_exceptions.c.person_id == person_id, budget_exceptions.c.until_us > since_us)
    return tuple(_requests(conn, at_us, theirs))


def record_asked(conn: Connection, request: ExceptionRequest, keys: Iterable[str]) -> None:
    """Keeps which messages, besides those known, ask for a decision."""
    every = dict.fromkeys((*request.asked, *keys))
    changed = update(budget_exceptions).where(budget_exceptions.c.id == request.terms.id)
    conn.execute(changed.values(asked=msgspec.json.encode(tuple(every)).decode()))


def request_of(conn: Connection, id: int, *, is_locked: bool = False) -> ExceptionRequest | None:
    """The request with all its steps; None where there is none. ``is_locked``: nobody else decides meanwhile."""
    query = select(budget_exceptions).where(budget_exceptions.c.id == id)
    row = conn.execute(query.with_for_update() if is_locked else query).first()
    if row is None:
        return None
    steps = conn.execute(_STEPS.where(exception_steps.c.exception_id == id)).all()
    return _request(row, [_step(*step) for step in steps])


def _requests(conn: Connection, at_us: int, condition: ColumnElement[bool]) -> Iterator[ExceptionRequest]:
    """The requests that meet ``condition``, each as it was at ``at_us``, oldest first."""
    asked = and_(budget_exceptions.c.asked_us <= at_us, condition)
    rows = conn.execute(select(budget_exceptions).where(asked).order_by(budget_exceptions.c.id)).all()
    mine = select(budget_exceptions.c.id).where(asked)
    steps: dict[int, list[ExceptionStep]] = {}
    for step in conn.execute(_STEPS.where(exception_steps.c.exception_id.in_(mine), exception_steps.c.at_us <= at_us)):
        steps.setdefault(step.exception_id, []).append(_step(*step))
    return (_request(row, steps[row.id]) for row in rows)


def _settled(at_us: int) -> Select[Any]:
    """The requests that somebody or the clock had decided by ``at_us``."""
    steps = exception_steps.c
    return select(steps.exception_id).where(steps.state.in_((ExceptionState.APPROVED, *_ENDS)), steps.at_us <= at_us)


def _is_open_about(conn: Connection, person_id: int, budget: str, subject: str, at_us: int) -> bool:
    asked = budget_exceptions.c
    mine = and_(asked.person_id == person_id, asked.budget == budget, asked.subject == subject, asked.until_us > at_us)
    return conn.scalar(select(asked.id).where(mine, asked.id.not_in(_settled(at_us))).limit(1)) is not None


def _add_step(conn: Connection, id: int, number: int, step: ExceptionStep) -> None:
    conn.execute(insert(exception_steps).values(exception_id=id, number=number, **msgspec.structs.asdict(step)))


def _step(_id: int, state: str, at_us: int, person_id: int | None, note: str, granted: int | None) -> ExceptionStep:
    return ExceptionStep(ExceptionState(state), at_us, person_id, note, granted)


def _request(row: Row[Any], steps: list[ExceptionStep]) -> ExceptionRequest:
    terms = BudgetException(**{name: getattr(row, name) for name in BudgetException.__struct_fields__})
    asked = () if row.asked is None else msgspec.json.decode(row.asked, type=tuple[str, ...])
    return ExceptionRequest(terms, row.person_id, row.why, row.asked_us, tuple(steps), asked)


def _said(state: ExceptionState) -> str:
    return state.replace("_", " ")
