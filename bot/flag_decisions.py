"""What people decide about flags, put down wherever they decide: on record, and in the messages that asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.slack.blocks.flags import FlagCase, Said, flag_case
from bot.slack.naming import display_name
from bot.slack.recipients import amend
from bot.slack.say import label
from db.directory import people_by_id
from db.flags import KeptFlag, append_decision, decisions_on, kept_flag
from db.trail import Action, Deed, append, person
from scoring.flag import FlagState
from scoring.flags.decisions import Decision, decided, standing_confirmations
from scoring.program import Program


def put_down(conn: Connection, decision: Decision, program: Program) -> FlagState:
    """Keeps the decision, tells the trail and whoever was asked; the state that the flag has now."""
    flag = decision.flag
    kept = kept_flag(conn, decision.flag_id, is_to_be_decided=True)
    append_decision(conn, decision)
    action = Action.FLAG_CONFIRMED if decision.verdict is FlagState.CONFIRMED else Action.FLAG_DISMISSED
    facts = {"flag": decision.flag_id, "kind": flag.kind.value}
    deed = Deed(action, person(int(decision.by)), person(flag.person_id), decision.reason, facts)
    append(conn, decision.decided_us, deed)
    if kept is not None:
        show_as_it_stands(conn, kept, program, decision.decided_us)
    return decided(decisions_on(conn, [decision.flag_id]), program.flags.reviewers).get(decision.flag_id, flag).state


def show_as_it_stands(conn: Connection, kept: KeptFlag, program: Program, now_us: int) -> None:
    """Puts how the flag stands, as the newest look found it, in the place of the messages that asked about it."""
    cases = cases_of(conn, [kept], program)
    steps = len(decisions_on(conn, [kept.id])) + kept.is_lapsed
    for case, key in ((case, key) for case in cases for key in kept.asked):
        amend(conn, flag_case(case), dedupe_key=f"{key}/{steps}/{kept.seen_us}", replaces=key, now_us=now_us)


def cases_of(conn: Connection, kept: Sequence[KeptFlag], program: Program) -> tuple[FlagCase, ...]:
    """The flags as they stand, with names; those of people who are gone are left out."""
    decisions = decisions_on(conn, [one.id for one in kept])
    ids = {one.flag.person_id for one in kept} | {int(one.by) for one in decisions}
    names = {id: display_name(one) for id, one in people_by_id(conn, ids).items()}
    return tuple(
        _case(one, [of for of in decisions if of.flag_id == one.id], names, program)
        for one in kept
        if one.flag.person_id in names
    )


def _case(kept: KeptFlag, decisions: Sequence[Decision], names: dict[int, str], program: Program) -> FlagCase:
    flag = decided(decisions, program.flags.reviewers).get(kept.id, kept.flag)
    said = standing_confirmations(decisions)
    if flag.state is FlagState.DISMISSED:
        said = tuple(one for one in decisions if one.verdict is FlagState.DISMISSED)[-1:]
    return FlagCase(
        id=kept.id,
        name=names[kept.flag.person_id],
        flag=flag,
        said=tuple(Said(names.get(int(one.by)) or label("flag-somebody-gone"), one.reason) for one in said),
        reviewers=program.flags.reviewers,
        is_lapsed=kept.is_lapsed and flag.state is FlagState.OPEN,
    )
