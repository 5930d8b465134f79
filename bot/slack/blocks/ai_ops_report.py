"""The weekly report to those who run the program: what nobody answers to, what has no price, what was not taken."""

from __future__ import annotations

from datetime import date

import msgspec

from bot.slack.message import Block, Message
from bot.slack.text import escape
from db.identities import UnattributedIdentity

_MOST_CHARACTERS = 2500  # of the 3,000 that a section bears


class AiOpsReport(msgspec.Struct, frozen=True):
    """What was seen from ``first_day`` to ``last_day`` (inclusive).

    ``unattributed_events`` of ``events`` came under ``unattributed_names`` names that nobody of the directory answers to.
    ``rejected``: each door and how many records it kept aside. ``parked_messages``: how many Slack would not take, ever.
    """

    first_day: date
    last_day: date
    events: int
    unattributed_events: int
    unattributed_names: int
    largest_unattributed: tuple[UnattributedIdentity, ...]
    calls: int
    unpriced_calls: int
    rejected: tuple[tuple[str, int], ...]
    parked_messages: int


def ai_ops_report(report: AiOpsReport) -> Message:
    """One section a subject; a subject without trouble is one short line."""
    title = f"AI operations, {report.first_day:%-d %B} to {report.last_day:%-d %B %Y}"
    sections = (_unattributed(report), _unpriced(report), _rejected(report), _parked(report))
    return Message(
        text=f"{title}: " + " ".join(section.partition("\n")[0].replace("*", "") for section in sections),
        blocks=(
            {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
            *map(_section, sections),
        ),
    )


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _unattributed(report: AiOpsReport) -> str:
    if not report.unattributed_events:
        return f"*Unattributed:* none of {report.events:,} events."
    lines = [
        f"• {escape(one.source)} · {escape(one.external_id)}: {one.events:,} events"
        for one in report.largest_unattributed
    ]
    while sum(map(len, lines)) > _MOST_CHARACTERS:  # escaped, a name can be five times as long
        lines.pop()
    more = report.unattributed_names - len(lines)
    return "\n".join(
        (
            f"*Unattributed:* {report.unattributed_events:,} of {report.events:,} events "
            f"({_share(report.unattributed_events, report.events)}).",
            *lines,
            *([f"… and {more:,} more names."] if more else []),
            "Import people with these addresses, or give the names as `alias:SOURCE` columns; "
            "what came before is counted too then.",
        )
    )


def _unpriced(report: AiOpsReport) -> str:
    if not report.unpriced_calls:
        return f"*Unpriced:* none of {report.calls:,} calls."
    return (
        f"*Unpriced:* {report.unpriced_calls:,} of {report.calls:,} calls "
        f"({_share(report.unpriced_calls, report.calls)}) have no known price and are missing in every cost."
    )


def _rejected(report: AiOpsReport) -> str:
    if not report.rejected:
        return "*Rejected:* nothing."
    doors = ", ".join(f"{escape(door)} {count:,}" for door, count in report.rejected)
    return f"*Rejected* records: {doors}. `bandstand check` says why."


def _parked(report: AiOpsReport) -> str:
    if not report.parked_messages:
        return "*Parked:* no message to Slack."
    noun = "message" if report.parked_messages == 1 else "messages"
    return f"*Parked:* {report.parked_messages:,} {noun} that Slack does not take. `bandstand check` says why."


def _share(part: int, whole: int) -> str:
    """Whole percent, and never 0 % of something or 100 % of not everything."""
    return f"{min(max(round(100 * part / whole), 1), 99 if part < whole else 100)} %"
