"""Forms that were filled in: the answer takes the form's place, or says beside its fields what is wrong."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import actions
from bot.slack.blocks.parts import view_of
from bot.slack.desk.dispute_answers import decline_dispute, uphold
from bot.slack.desk.disputes import send_dispute
from bot.slack.desk.exception_decisions import approve_less, ask_back, decline
from bot.slack.desk.exceptions import answer_exception, send_exception
from bot.slack.desk.flags import send_decision
from bot.slack.desk.questions import send_question
from bot.slack.desk.sharing import send_review, send_shared
from bot.slack.desk.teaching import offer_office_hours
from bot.slack.listeners.answering import answer
from bot.slack.refusals import Unfinished
from bot.slack.request import submitted
from bot.slack.subcommands import Ask
from bot.world import World

SUBMISSIONS: dict[str, Ask] = {
    actions.SEND_QUESTION: send_question,
    actions.SEND_DISPUTE: send_dispute,
    actions.UPHOLD_DISPUTE: uphold,
    actions.DECLINE_DISPUTE: decline_dispute,
    actions.SEND_EXCEPTION: send_exception,
    actions.ANSWER_EXCEPTION: answer_exception,
    actions.APPROVE_LESS_EXCEPTION: approve_less,
    actions.DECLINE_EXCEPTION: decline,
    actions.ASK_BACK_EXCEPTION: ask_back,
    actions.OFFER_OFFICE_HOURS: offer_office_hours,
    actions.SEND_FLAG_DECISION: send_decision,
    actions.SEND_SHARED: send_shared,
    actions.SEND_REVIEW: send_review,
}


def register(app: AsyncApp, world: World) -> None:
    """Takes every form. To add one, add its name to ``bot.slack.actions`` and a line above."""
    for name, ask in SUBMISSIONS.items():
        app.view(name)(_listener(ask, world))


def _listener(ask: Ask, world: World) -> Any:
    async def listen(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        try:
            found = await answer(ask, world, submitted(body, view))
        except Unfinished as unfinished:
            await ack(response_action="errors", errors=dict(unfinished.faults))
            return
        await ack(response_action="update", view=view_of(found))

    return listen
