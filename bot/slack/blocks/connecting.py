"""A person's own ingest tokens: the one just made with the lines to paste, and those that live already."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, section
from bot.slack.message import Block, Message
from db.ingest_tokens import IngestToken
from scoring.window import from_us

_UNKNOWN_ADDRESS = "https://ADDRESS"
_ASK_AI_OPS = (
    "I don't know the address under which I can be reached. Ask your AI ops team for it, and put it in place of "
    f"`{_UNKNOWN_ADDRESS}`. (They can tell me with the setting BANDSTAND_PUBLIC_URL.)"
)
_TITLE = "Connect Claude Code with a token of your own"
_HOW = "Put these lines into your shell's profile (`~/.zshrc` or `~/.bashrc`) and start Claude Code anew:"
_COUNTED = (
    "What is counted: which model, how many tokens, what it cost, when and in which session. "
    "What is never seen: prompts, answers and code. Claude Code leaves them out, and anything of the kind is dropped "
    "at the door."
)
_SHOWN_ONCE = (
    "The token is shown this once. Whoever has it can count usage as yours, so keep it to yourself, "
    "and revoke it when a laptop is lost."
)


def connected(token: str, token_id: str, public_url: str, others: Sequence[IngestToken]) -> Message:
    """A fresh ``token`` with the lines to paste. Only the blocks hold it: the text may show in a notification."""
    lines = "\n".join(_lines(token, public_url or _UNKNOWN_ADDRESS))
    how = _HOW if public_url else f"{_ASK_AI_OPS}\n\n{_HOW}"
    blocks = [
        section(f"*{_TITLE}*\n{how}\n```{lines}```"),
        section(_COUNTED),
        section(_SHOWN_ONCE),
        buttons(button(actions.REVOKE_TOKEN, "Revoke this token", token_id)),
        *_listed("Your other tokens:", others),
    ]
    text = f"{_TITLE}: the lines to paste are in this message. {_COUNTED} {_SHOWN_ONCE}"
    return Message(text=text, blocks=tuple(blocks))


def token_list(says: str, tokens: Sequence[IngestToken]) -> Message:
    """A sentence of ours, and the reader's tokens that live, each with a button to revoke it."""
    told = [f"• {_label(token)}" for token in tokens]
    return Message(text="\n".join([says, *told]), blocks=(section(says), *_listed("Your tokens:", tokens)))


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


def _listed(title: str, tokens: Sequence[IngestToken]) -> list[Block]:
    if not tokens:
        return []
    rows = [
        section(_label(token)) | {"accessory": button(actions.REVOKE_TOKEN, "Revoke", token.id)} for token in tokens
    ]
    return [section(title), *rows]


def _label(token: IngestToken) -> str:
    """The token by its beginning, which stands in the lines that were pasted."""
    used = "not used yet" if token.last_used_us is None else f"last used on {_day(token.last_used_us)}"
    return f"`bst_{token.id}_…`, made on {_day(token.created_us)}, {used}"


def _day(at_us: int) -> str:
    return f"{from_us(at_us):%Y-%m-%d}"
