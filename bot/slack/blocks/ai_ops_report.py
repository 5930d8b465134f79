"""The weekly report to those who run the program: what nobody answers to, what has no price, what was not taken."""

from __future__ import annotations

from datetime import date

import msgspec

from bot.slack.blocks.parts import fitting, header, section
from bot.slack.blocks.weekly_digest import days_between
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, joined, without_marks
from db.identities import UnattributedIdentity

_MOST_NAMED = 30
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
    days = days_between(report.first_day, report.last_day)
    sections = (
        _unattributed(report),
        unpriced(report.calls, report.unpriced_calls),
        _rejected(report),
        parked(report.parked_messages),
    )
    first_lines = (Mrkdwn(one.partition("\n")[0]) for one in sections)
    return Message(
        text=without_marks(say("report-text", days=days, says=joined(first_lines, " "))),
        blocks=(header(label("report-title", days=days)), *map(section, sections)),
    )


def _unattributed(report: AiOpsReport) -> Mrkdwn:
    first = unattributed(report.events, report.unattributed_events)
    if not report.unattributed_events:
        return first
    named = [
        say("report-unattributed-name", source=one.source, name=one.external_id, events=one.events)
        for one in report.largest_unattributed[:_MOST_NAMED]
    ]
    lines = list(fitting(named, _MOST_CHARACTERS))  # escaped, a name can be five times as long
    more = report.unattributed_names - len(lines)
    if more:
        lines.append(say("report-unattributed-more", count=more))
    return joined([first, *lines, say("report-unattributed-advice")])


def unattributed(events: int, unattributed_events: int) -> Mrkdwn:
    """How much came under names that nobody answers to."""
    if not unattributed_events:
        return say("report-unattributed-none", events=events)
    percent = percent_of(unattributed_events, events)
    return say("report-unattributed", part=unattributed_events, events=events, percent=percent)


def unpriced(calls: int, unpriced_calls: int) -> Mrkdwn:
    """How many calls have no known price."""
    if not unpriced_calls:
        return say("report-unpriced-none", calls=calls)
    return say("report-unpriced", part=unpriced_calls, calls=calls, percent=percent_of(unpriced_calls, calls))


def _rejected(report: AiOpsReport) -> Mrkdwn:
    if not report.rejected:
        return say("report-rejected-none")
    doors = joined((say("report-rejected-door", door=door, count=count) for door, count in report.rejected), ", ")
    return say("report-rejected", doors=doors)


def parked(messages: int) -> Mrkdwn:
    """How many messages Slack would not take."""
    return say("report-parked", count=messages) if messages else say("report-parked-none")


def percent_of(part: int, whole: int) -> int:
    """Whole percent, and never 0 % of something or 100 % of not everything."""
    return min(max(round(100 * part / whole), 1), 99 if part < whole else 100)
