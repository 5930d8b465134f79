"""For AI ops: the open flags, and what they decide about them, from what the daily look kept.

To look anew takes long in a large company, and whoever clicks waits. So a decision is on the flag as the newest look kept
it, which the form shows; one that has lapsed meanwhile cannot be decided.
"""

from __future__ import annotations

from sqlalchemy import Connection

from bot.flag_decisions import cases_of, put_down
from bot.slack.authority import Action, about, about_nobody
from bot.slack.blocks.flags import PAGE, REASON, FlagCase, FlagList, decision_form, flag_list
from bot.slack.blocks.parts import plain
from bot.slack.message import Answer, Message
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.slack.views import viewed
from bot.slack.zones import zone_of
from bot.world import World
from db.directory import DirectoryPerson, people_by_id
from db.flags import KeptFlag, decisions_on, flags_waiting, kept_flag, newest_look_us
from scoring.flag import FlagState
from scoring.flags.decisions import Decision, decided, standing_confirmations
from scoring.window import window_before


def show_flags(world: World, request: Request) -> Message:
    """The open flags, the strongest first; ``request.value``: from which number on. One's own is not among them."""
    first = int(request.value) if request.value.isdecimal() else 0
    with world.store.read() as conn:
        person = about_nobody(conn, world.program, request, Action.SEE_FLAGS)
        waiting = open_flags(conn, world, but_of=person.id)
        first = first if first < len(waiting) else 0
        cases = cases_of(conn, waiting[first : first + PAGE], world.program)
        of = FlagList(cases, first, len(waiting), newest_look_us(conn), zone_of(person, world.program))
    viewed(world, person, "flags", people=len({one.flag.person_id for one in waiting}))
    return flag_list(of)


def open_flags(conn: Connection, world: World, *, but_of: int | None = None) -> list[KeptFlag]:
    """Those that nobody has settled, of people who are there, the strongest first."""
    waiting = [one for one in flags_waiting(conn) if not _is_old(world, one)]
    settled = decided(decisions_on(conn, [one.id for one in waiting]), world.program.flags.reviewers)
    people = people_by_id(conn, {one.flag.person_id for one in waiting} - {but_of})
    return [one for one in waiting if one.id not in settled and one.flag.person_id in people]


def ask_to_confirm(world: World, request: Request) -> Answer:
    """The form to confirm the flag that the button names."""
    return _form(world, request, FlagState.CONFIRMED)


def ask_to_dismiss(world: World, request: Request) -> Answer:
    """The form to dismiss the flag that the button names."""
    return _form(world, request, FlagState.DISMISSED)


def send_decision(world: World, request: Request) -> Message:
    """Puts the decision down, once; what follows from it. Raises ``Unfinished`` where a reason is missing."""
    verdict, seen_us, id = _meant(request.value)
    with world.store.write() as conn:
        reviewer, kept, _ = _the_flag(conn, world, request, id, verdict, is_to_be_decided=True)
        reason = request.fields.get(REASON, "").strip()
        if not reason:
            raise Unfinished({REASON: label("flag-form-no-reason")})
        if kept.seen_us != seen_us:
            raise Unfinished({REASON: label("flag-form-changed")})
        decision = Decision(id, kept.flag, verdict, str(reviewer.id), reason, world.now_us())
        state = put_down(conn, decision, world.program)
    return plain(say("flag-done", state=state))


def _form(world: World, request: Request, verdict: FlagState) -> Answer:
    with world.store.read() as conn:
        reviewer, kept, case = _the_flag(conn, world, request, request.value, verdict, is_to_be_decided=False)
    viewed(world, reviewer, "flag", about=kept.flag.person_id, people=1)
    return decision_form(case, verdict, f"{verdict}/{kept.seen_us}/{kept.id}")


def _the_flag(
    conn: Connection, world: World, request: Request, id: str, verdict: FlagState, *, is_to_be_decided: bool
) -> tuple[DirectoryPerson, KeptFlag, FlagCase]:
    """Who asks, and the flag while they may decide on it so. Raises ``NotServed``, to whoever is not of AI ops first."""
    reviewer = about_nobody(conn, world.program, request, Action.SEE_FLAGS)
    kept = kept_flag(conn, id, is_to_be_decided=is_to_be_decided)
    subject = people_by_id(conn, [kept.flag.person_id]).get(kept.flag.person_id) if kept else None
    if kept is None or subject is None:
        raise NotServed(say("flag-gone"))
    about(conn, world.program, request, Action.DECIDE_FLAG, subject)
    (case,) = cases_of(conn, [kept], world.program)
    if case.flag.state is not FlagState.OPEN:
        raise NotServed(say("flag-was-decided", state=case.flag.state, name=case.said[-1].name))
    if kept.is_lapsed or _is_old(world, kept):
        raise NotServed(say("flag-lapsed"))
    confirmed_by = {one.by for one in standing_confirmations(decisions_on(conn, [id]))}
    if verdict is FlagState.CONFIRMED and str(reviewer.id) in confirmed_by:
        raise NotServed(say("flag-yours-already"))
    return reviewer, kept, case


def _is_old(world: World, kept: KeptFlag) -> bool:
    """Whether what it rests on has left the window since the newest look."""
    program = world.program
    return kept.flag.to_us < window_before(world.now_us(), program.flags.window, program.zone).start_us


def _meant(value: str) -> tuple[FlagState, int, str]:
    """What the form hides: the verdict, which look showed the flag, its id. Raises ``NotServed``."""
    verdict, _, rest = value.partition("/")
    seen_us, _, id = rest.partition("/")
    if verdict not in (FlagState.CONFIRMED, FlagState.DISMISSED) or not seen_us.isdecimal():
        raise NotServed(say("flag-gone"))
    return FlagState(verdict), int(seen_us), id
