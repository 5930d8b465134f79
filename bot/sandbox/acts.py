"""What people of Juniper & Vale do in Slack during the month that the demo lives through, click by click."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from bot.sandbox.acting import Hands
from bot.sandbox.company.people import AI_OPS_LEAD, DOMAIN
from bot.slack import actions
from bot.slack.blocks.disputes import ANSWER, CONSEQUENCE, MATTER
from bot.slack.blocks.disputes import WHY as WHY_WRONG
from bot.slack.blocks.exceptions import AMOUNT, CEILING, UNTIL, WHY
from bot.slack.blocks.flags import REASON
from bot.slack.blocks.teaching import TIMES, TOPIC
from bot.world import World
from db.directory import people_by_id, person_by_email
from db.disputes import disputes_of
from db.flags import flags_waiting
from db.teachers import TeacherAnswer, teachings
from scoring.disputes import Consequence, DisputeState
from scoring.window import local_day

Act: TypeAlias = Callable[[Hands, World], Awaitable[None]]

PLANS_AHEAD = f"priya.raman@{DOMAIN}"
HER_LEAD = f"noor.haddad@{DOMAIN}"
SPLITS_TICKETS = f"jonas.weber@{DOMAIN}"
CONFIRMED_BECAUSE = "We went through the tickets together: they were split for the board."
DISPUTED_BECAUSE = (
    "Each of these is a defect of its own, left by one migration. The incident note lists them; nothing was split."
)
UPHELD_BECAUSE = "I read the incident note: one ticket each is right there. Thank you for writing it down."
_SPLITTERS_NAME = "Jonas Weber"
_CONFIRMED_ON = 9


async def play(hands: Hands, world: World, morning: int) -> None:
    """What is done on a morning: the first one that is lived has the number 0."""
    await _agree_to_teach(hands, world)
    if act := _ACTS.get(morning):
        await act(hands, world)
    if morning > _CONFIRMED_ON:
        await _dispute(hands, world)


async def _ask_for_an_exception(hands: Hands, world: World) -> None:
    """Somebody who knows that a migration comes asks before any ceiling is near."""
    form = await hands.click(PLANS_AHEAD, await hands.type(PLANS_AHEAD, "exceptions"), actions.ASK_EXCEPTION)
    until = local_day(world.now_us(), world.program.zone) + timedelta(days=10)
    why = "We move billing to the new ledger next week; the agent reads every old invoice once."
    fields = {CEILING: form.choice(CEILING), AMOUNT: "40", UNTIL: until.isoformat(), WHY: why}
    await hands.submit(PLANS_AHEAD, form, **fields)


async def _approve_it(hands: Hands, _world: World) -> None:
    await hands.click(HER_LEAD, await hands.type(HER_LEAD, "exceptions"), actions.APPROVE_EXCEPTION)


async def _confirm_a_flag(hands: Hands, _world: World) -> None:
    """AI ops have talked with whoever split tickets; the other flag waits for whoever looks at the demo."""
    found = await hands.type(AI_OPS_LEAD, "flags")
    if _SPLITTERS_NAME in found:
        form = await hands.click(AI_OPS_LEAD, found, actions.CONFIRM_FLAG, _SPLITTERS_NAME)
        await hands.submit(AI_OPS_LEAD, form, **{REASON: CONFIRMED_BECAUSE})


async def _dispute(hands: Hands, world: World) -> None:
    """Whoever was flagged once is flagged again, wrongly this time: they say so, and are answered the morning after."""
    with world.store.read() as conn:
        person = person_by_email(conn, SPLITS_TICKETS)
        if person is None:
            return
        disputed = disputes_of(conn, person.id)
        is_flagged = any(one.flag.person_id == person.id for one in flags_waiting(conn))
    if not disputed and is_flagged:
        form = await hands.click(SPLITS_TICKETS, await hands.type(SPLITS_TICKETS, "disputes"), actions.DISPUTE)
        matter = form.choice(MATTER, "The question about")
        await hands.submit(SPLITS_TICKETS, form, **{MATTER: matter, WHY_WRONG: DISPUTED_BECAUSE})
    elif any(one.state is DisputeState.OPEN for one in disputed):
        found = await hands.type(AI_OPS_LEAD, "disputes")
        form = await hands.click(AI_OPS_LEAD, found, actions.OPEN_UPHOLD, _SPLITTERS_NAME)
        fields = {CONSEQUENCE: Consequence.FLAGS_DISMISSED.value, ANSWER: UPHELD_BECAUSE}
        await hands.submit(AI_OPS_LEAD, form, **fields)


async def _agree_to_teach(hands: Hands, world: World) -> None:
    """The first who is asked says yes, by the alphabet."""
    with world.store.read() as conn:
        known = teachings(conn, world.now_us())
        asked = [id for id, one in known.items() if one.answer is TeacherAnswer.ASKED]
        emails = sorted(one.email for one in people_by_id(conn, asked).values())
    if emails and all(one.answer is not TeacherAnswer.OFFERS for one in known.values()):
        form = await hands.click(emails[0], await hands.type(emails[0], "teach"), actions.TEACH)
        fields = {TOPIC: "Small models first, caching second", TIMES: "every other Thursday, 15:00, #ai-guild"}
        await hands.submit(emails[0], form, **fields)


_ACTS: dict[int, Act] = {4: _ask_for_an_exception, 5: _approve_it, _CONFIRMED_ON: _confirm_a_flag}
