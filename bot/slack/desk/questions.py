"""A question or a report for the people who run the program."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.authority import Action, about_nobody
from bot.slack.blocks.parts import plain
from bot.slack.blocks.questions import QUESTION, question_for_ai_ops, question_form
from bot.slack.message import Message, Modal
from bot.slack.naming import display_name
from bot.slack.recipients import ai_ops_recipients, send
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.world import World
from scoring.program import AiOps

_PRIORITY = 15


def ask_ai_ops(world: World, request: Request) -> Modal:
    """The form to ask with."""
    with world.store.read() as conn:
        about_nobody(conn, world.program, request, Action.ASK_AI_OPS)
        _recipients(conn, world.program.ai_ops)
    return question_form()


def send_question(world: World, request: Request) -> Message:
    """Sends what was written, once for each form, and confirms it. Raises ``Unfinished`` where nothing was written."""
    with world.store.write() as conn:
        person = about_nobody(conn, world.program, request, Action.ASK_AI_OPS)
        question = request.fields.get(QUESTION, "")
        if not question:
            raise Unfinished({QUESTION: label("question-empty")})
        for recipient in _recipients(conn, world.program.ai_ops):
            send(
                conn,
                question_for_ai_ops(display_name(person), question),
                dedupe_key=f"question/{request.click}/{recipient}",
                kind="question",
                recipient=recipient,
                priority=_PRIORITY,
                now_us=world.now_us(),
            )
    return plain(say("question-sent"))


def _recipients(conn: Connection, ai_ops: AiOps) -> tuple[str, ...]:
    """Raises ``NotServed`` where nobody can be reached."""
    found = ai_ops_recipients(conn, ai_ops)
    if not found:
        raise NotServed(say("question-nobody"))
    return found
