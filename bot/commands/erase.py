"""``bandstand erase``: takes a person out of everything, and leaves the totals as they were."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from bot.faults import Fault
from bot.settings import Settings
from bot.slack.naming import display_name
from bot.slack.text import clean
from bot.slack.text import escape as as_in_slack
from bot.world import Clock, open_world
from db.directory import person_by_email
from db.erasure import Erasure, erase
from db.trail import COMMAND_LINE

_QUESTION = "Erase {email}? Their events stay as nameless totals; nothing brings the name back."


def erase_person(settings: Settings, now_us: Clock, email: str, *, reason: str, is_sure: bool) -> None:
    """Asks, unless ``is_sure``, then erases in one transaction. Raises ``Fault`` where nobody says yes."""
    if "@" not in email:
        raise Fault(f'"{email}" is no e-mail address')
    if not is_sure and not typer.confirm(_QUESTION.format(email=email)):
        raise Fault("nothing was erased")
    with open_world(settings, now_us) as world:
        with world.store.write() as conn:
            known = person_by_email(conn, email)
            shown = set() if known is None else {display_name(known)}
            written_as = {form for name in shown for form in (name, clean(name), as_in_slack(name))}
            done = erase(conn, email, actor=COMMAND_LINE, now_us=now_us(), reason=reason, written_as=sorted(written_as))
        path = world.settings.program
        if path.exists() and email.strip().lower() in path.read_text(encoding="utf-8").lower():
            sys.stderr.write(
                f"{path} names them still; take the address out there, or it comes back with its next change.\n"
            )
    Console(soft_wrap=True, highlight=False).print(escape(_said(email, done)))


def _said(email: str, done: Erasure) -> str:
    if done.is_empty:
        return f"Nothing is kept under {email}: there was nothing to erase."
    who = "The person is" if done.was_in_directory else "They were not in the directory; what was under the address is"
    return (
        f"{who} erased: {done.names} names that producers use, {done.messages} messages to them, "
        f"{done.texts} other texts. Totals are as before."
    )
