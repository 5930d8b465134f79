"""One's own ingest tokens: made, listed, taken back."""

from __future__ import annotations

from bot.ingest_token import PERSONAL_DOOR, new_token
from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.connecting import connected, token_list
from bot.slack.message import Message
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.zones import zone_of
from bot.token_deeds import record_token
from bot.world import World
from db.ingest_tokens import add_token, live_tokens_of, revoke_token, tokens_of
from db.trail import Action as Deeds
from db.trail import person as of_person

_MOST_TOKENS = 5  # of one person, alive at a time


def connect(world: World, request: Request) -> Message:
    """A fresh token of the asker's own, which this answer alone ever shows: neither log nor post it."""
    now_us = world.now_us()
    made = new_token()
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.MANAGE_TOKENS)
        zone = zone_of(person, world.program)
        others = live_tokens_of(conn, person.id)
        if len(others) >= _MOST_TOKENS:
            return token_list(say("tokens-too-many", most=_MOST_TOKENS), others, zone)
        add_token(
            conn,
            id=made.id,
            door=PERSONAL_DOOR,
            person_id=person.id,
            name=f"{world.settings.slack_command} connect",
            hash=made.hash,
            now_us=now_us,
        )
        record_token(conn, Deeds.TOKEN_MADE, made.id, actor=of_person(person.id), now_us=now_us)
    return connected(made.text, made.id, world.settings.public_url, others, zone)


def show_tokens(world: World, request: Request) -> Message:
    """The asker's tokens, each with a button to revoke it."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.MANAGE_TOKENS)
        tokens = tokens_of(conn, person.id)
    return token_list(say("tokens-count", count=len(tokens)), tokens, zone_of(person, world.program))


def revoke(world: World, request: Request) -> Message:
    """Takes back the token that the button names, if it is the asker's own; what they have left."""
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.MANAGE_TOKENS)
        is_revoked = revoke_token(conn, request.value, world.now_us(), person_id=person.id)
        left = live_tokens_of(conn, person.id)
        if is_revoked:
            record_token(conn, Deeds.TOKEN_REVOKED, request.value, actor=of_person(person.id), now_us=world.now_us())
    says = say("tokens-revoked") if is_revoked else say("tokens-no-such")
    return token_list(says, left, zone_of(person, world.program))
