"""For AI ops: what nobody answers to or has no price, open flags, sources, what is stuck, and which secrets are used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

import msgspec

from bot.slack import actions
from bot.slack.blocks.ai_ops_report import parked, unattributed, unpriced
from bot.slack.blocks.parts import button, header, paged, section
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, day, joined, without_marks


class SourceHealth(msgspec.Struct, frozen=True):
    """A source and the last day on which it reported anything; None = none of the last ``looked_back_days``."""

    source: str
    last_day: date | None


class SecretUse(msgspec.Struct, frozen=True):
    """Something that opens a door (a secret of the settings by its mark, or a program's token by its name), and its last use."""

    door: str
    name: str
    last_used_us: int | None


class Operations(msgspec.Struct, frozen=True):
    """What was seen in the ``days`` days up to ``today``; ``parked``: messages that Slack would not take.

    ``open_flags`` wait for the reader's decision: their own is not among them.
    """

    today: date
    days: int
    looked_back_days: int
    events: int
    unattributed_events: int
    calls: int
    unpriced_calls: int
    sources: tuple[SourceHealth, ...]
    parked: int
    secrets: tuple[SecretUse, ...]
    zone: tzinfo
    open_flags: int = 0


def operations(of: Operations) -> Message:
    """One section a subject."""
    shares = joined(
        [
            say("operations-days", days=of.days),
            unattributed(of.events, of.unattributed_events),
            unpriced(of.calls, of.unpriced_calls),
        ]
    )
    stuck = parked(of.parked)
    flags = say("operations-flags", count=of.open_flags)
    look = button(actions.in_menu("flags"), label("menu-flags")) if of.open_flags else None
    sources = [_source(one, of) for one in of.sources] or [say("operations-no-source")]
    secrets = [_secret(one, of.zone) for one in of.secrets] or [say("operations-no-secret")]
    return Message(
        text=without_marks(joined([say("operations-title"), shares, flags, stuck, *_few(sources), *_few(secrets)])),
        blocks=(
            header(label("operations-title")),
            section(shares),
            section(flags, look),
            section(stuck),
            *paged(say("operations-sources"), sources, most_sections=1),
            *paged(say("operations-secrets"), secrets, most_sections=1),
        ),
    )


def _source(one: SourceHealth, of: Operations) -> Mrkdwn:
    if one.last_day is None:
        return say("operations-source-silent", source=one.source, days=of.looked_back_days)
    return say("operations-source", source=one.source, days=(of.today - one.last_day).days)


def _secret(one: SecretUse, zone: tzinfo) -> Mrkdwn:
    if one.last_used_us is None:
        return say("operations-secret-unused", door=one.door, name=one.name)
    return say("operations-secret", door=one.door, name=one.name, when=day(one.last_used_us, zone))


def _few(lines: Sequence[Mrkdwn]) -> Sequence[Mrkdwn]:
    return lines[:20]
