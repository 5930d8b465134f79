"""Who may do and see what, decided at the moment of a click from the signed Slack user and our directory.

A button's value says what is meant, never who may. What ``ALLOWED`` does not name is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection

from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from db.directory import DirectoryPerson, person_by_email
from db.slack_accounts import employee_by_slack_id
from scoring.program import Program


class Role(StrEnum):
    """What somebody is to the person whom an action is about. Former managers are colleagues like everybody."""

    SELF = "self"
    MANAGER = "manager"
    SKIP_LEVEL_MANAGER = "skip_level_manager"
    CEILING_OWNER = "ceiling_owner"
    AI_OPS = "ai_ops"
    COLLEAGUE = "colleague"


class Action(StrEnum):
    """Everything that can be done or seen in Slack."""

    SEE_RULES = "see_rules"
    SEE_BOARD = "see_board"
    SHARE_BOARD = "share_board"
    SEE_PLACE = "see_place"
    CHOOSE_NAMING = "choose_naming"
    MANAGE_TOKENS = "manage_tokens"
    ASK_AI_OPS = "ask_ai_ops"
    SEE_OPERATIONS = "see_operations"
    SEE_BADGES = "see_badges"
    SHARE_BADGE = "share_badge"
    SEE_BAND = "see_band"
    ASK_EXCEPTION = "ask_exception"
    DECIDE_EXCEPTION = "decide_exception"
    DISPUTE = "dispute"
    ANSWER_DISPUTE = "answer_dispute"
    SEE_OFFICE_HOURS = "see_office_hours"
    TEACH = "teach"
    SEE_FLAGS = "see_flags"
    DECIDE_FLAG = "decide_flag"
    SHARE_WORK = "share_work"
    SEE_SHARED = "see_shared"
    REVIEW_SHARED = "review_shared"
    USE_SHARED = "use_shared"


_EVERYBODY = frozenset(Role)
_OTHERS = _EVERYBODY - {Role.SELF}

ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.SEE_RULES: _EVERYBODY,
    Action.SEE_BOARD: _EVERYBODY,
    Action.SHARE_BOARD: _EVERYBODY,
    Action.SEE_PLACE: frozenset({Role.SELF, Role.AI_OPS}),
    Action.CHOOSE_NAMING: frozenset({Role.SELF}),
    Action.MANAGE_TOKENS: frozenset({Role.SELF}),
    Action.ASK_AI_OPS: _EVERYBODY,
    Action.SEE_OPERATIONS: frozenset({Role.AI_OPS}),
    Action.SEE_BADGES: frozenset({Role.SELF}),
    Action.SHARE_BADGE: frozenset({Role.SELF}),
    Action.SEE_BAND: frozenset({Role.SELF, Role.MANAGER, Role.AI_OPS}),
    Action.ASK_EXCEPTION: frozenset({Role.SELF}),
    Action.DECIDE_EXCEPTION: frozenset({Role.MANAGER, Role.CEILING_OWNER, Role.AI_OPS}),
    Action.DISPUTE: frozenset({Role.SELF}),
    Action.ANSWER_DISPUTE: frozenset({Role.AI_OPS}),
    Action.SEE_OFFICE_HOURS: _EVERYBODY,
    Action.TEACH: frozenset({Role.SELF}),
    Action.SEE_FLAGS: frozenset({Role.AI_OPS}),
    Action.DECIDE_FLAG: frozenset({Role.AI_OPS}),
    Action.SHARE_WORK: frozenset({Role.SELF}),
    Action.SEE_SHARED: _EVERYBODY,
    Action.REVIEW_SHARED: _OTHERS,
    Action.USE_SHARED: _OTHERS,
}


def asker(conn: Connection, request: Request) -> DirectoryPerson:
    """Who asks: an active person of the directory with a full member's account.

    Raises ``NotServed`` for everybody else, with the same words for all, so that they learn nothing.
    """
    person = employee_by_slack_id(conn, request.slack_id)
    if person is None:
        raise NotServed(say("refused-stranger"))
    return person


def about_oneself(conn: Connection, request: Request, action: Action) -> DirectoryPerson:
    """Who asks, for something that concerns them alone. Raises ``NotServed``."""
    person = asker(conn, request)
    _require(action, frozenset({Role.SELF}))
    return person


def about_nobody(conn: Connection, program: Program, request: Request, action: Action) -> DirectoryPerson:
    """Who asks, for something that concerns no one person. Raises ``NotServed``."""
    person = asker(conn, request)
    _require(action, _offices(person, program))
    return person


def about(
    conn: Connection,
    program: Program,
    request: Request,
    action: Action,
    subject: DirectoryPerson,
    ceiling_owner: str = "",
) -> DirectoryPerson:
    """Who asks, for something that concerns ``subject`` (and a ceiling, of its owner by e-mail). Raises ``NotServed``."""
    person = asker(conn, request)
    _require(action, roles_towards(conn, program, person, subject, ceiling_owner))
    return person


def roles_towards(
    conn: Connection, program: Program, person: DirectoryPerson, subject: DirectoryPerson, ceiling_owner: str = ""
) -> frozenset[Role]:
    """What ``person`` is to ``subject`` now. Towards oneself one is nothing but oneself: others decide about us."""
    if person.id == subject.id:
        return frozenset({Role.SELF})
    roles = set(_offices(person, program))
    manager = person_by_email(conn, subject.manager_email) if subject.manager_email else None
    if manager is not None and manager.id == person.id:
        roles.add(Role.MANAGER)
    if manager is not None and manager.manager_email == person.email:
        roles.add(Role.SKIP_LEVEL_MANAGER)
    if ceiling_owner.casefold() == person.email:
        roles.add(Role.CEILING_OWNER)
    return frozenset(roles)


def is_ai_ops(person: DirectoryPerson, program: Program) -> bool:
    """Whether the program names the person among those who run it."""
    return person.email in {one.casefold() for one in program.ai_ops.people}


def _offices(person: DirectoryPerson, program: Program) -> frozenset[Role]:
    return frozenset({Role.COLLEAGUE, Role.AI_OPS} if is_ai_ops(person, program) else {Role.COLLEAGUE})


def _require(action: Action, roles: frozenset[Role]) -> None:
    if not ALLOWED.get(action, frozenset()) & roles:
        raise NotServed(say("refused-not-yours"))
