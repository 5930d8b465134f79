"""A person's own ingest tokens: the one just made with the lines to paste, and those that live already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, section
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, day, escape, joined, without_marks
from db.ingest_tokens import IngestToken

_UNKNOWN_ADDRESS = "https://ADDRESS"


def connected(token: str, token_id: str, public_url: str, others: Sequence[IngestToken], zone: tzinfo) -> Message:
    """A fresh ``token`` with the lines to paste. Only the blocks hold it: the text may show in a notification."""
    lines = Mrkdwn("\n".join(_lines(token, escape(public_url or _UNKNOWN_ADDRESS, 2000))))
    ask = Mrkdwn() if public_url else joined([say("connect-ask-for-address", placeholder=_UNKNOWN_ADDRESS), Mrkdwn("")])
    how = joined([say("connect-title"), ask, say("connect-how"), Mrkdwn(f"```{lines}```")])
    told = (say("connect-counted"), say("connect-shown-once"))
    return Message(
        text=without_marks(joined([say("connect-title"), say("connect-lines"), *told])),
        blocks=(
            section(how),
            *map(section, told),
            buttons(button(actions.REVOKE_TOKEN, label("button-revoke-this-token"), token_id)),
            *_listed(say("tokens-others"), others, zone),
        ),
    )


def token_list(says: Mrkdwn, tokens: Sequence[IngestToken], zone: tzinfo) -> Message:
    """A sentence of ours, and the reader's tokens that live, each with a button to revoke it."""
    told = [_token(token, zone) for token in tokens]
    return Message(
        text=without_marks(joined([says, *told])), blocks=(section(says), *_listed(say("tokens-yours"), tokens, zone))
    )


def _lines(token: str, address: str) -> tuple[str, ...]:
    return (
        "export CLAUDE_CODE_ENABLE_TELEMETRY=1",
        "export OTEL_METRICS_EXPORTER=otlp",
        "export OTEL_LOGS_EXPORTER=otlp",
        "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "export OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative",
        f"export OTEL_EXPORTER_OTLP_ENDPOINT={address}/hooks/otlp",
        f'export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer {token}"',
    )


def _listed(title: Mrkdwn, tokens: Sequence[IngestToken], zone: tzinfo) -> list[Block]:
    if not tokens:
        return []
    revoke = label("button-revoke-token")
    rows = [section(_token(token, zone), button(actions.REVOKE_TOKEN, revoke, token.id)) for token in tokens]
    return [section(title), *rows]


def _token(token: IngestToken, zone: tzinfo) -> Mrkdwn:
    """The token by its beginning, which stands in the lines that were pasted."""
    made = day(token.created_us, zone)
    if token.last_used_us is None:
        return say("tokens-unused", id=token.id, made=made)
    return say("tokens-used", id=token.id, made=made, used=day(token.last_used_us, zone))
