"""Every week AI operations hear what nobody answers to, what has no price, what was not taken."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import update

from bot.jobs.ai_ops_report import AI_OPS_REPORT, report_at
from bot.jobs.runner import run_by_hand
from bot.slack.blocks.ai_ops_report import AiOpsReport, ai_ops_report
from db.engine import Store
from db.identities import UnattributedIdentity
from db.outbox import post
from db.rejected import Rejected, keep_rejected
from db.tables import outbox
from scoring.program import AiOps, Program
from scoring.window import to_us
from tests.bot.jobs.company import DAY_US, hire, person
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage

PROGRAM = Program(ai_ops=AiOps(channel="#ai-ops"))


def a_week(store: Store) -> None:
    hire(store, person("Ada"))
    calls = [
        event(usage(), id="1"),
        event(usage(cost_nanousd=None), id="2"),
        event(usage(), id="3", subject="<!channel>", source="litellm"),
        event(usage(), id="4", subject="<!channel>", source="litellm"),
        event(usage(), id="5", subject="key-7", source="litellm"),
        event(usage(), id="6", subject="long-gone", time_us=MONDAY_NOON_US - 9 * DAY_US),
    ]
    with store.write() as conn:
        record(conn, *calls)
        keep_rejected(conn, "litellm", [Rejected("[0]", "no id")] * 2, MONDAY_NOON_US)
        post(conn, dedupe_key="x", kind="x", recipient="C9", message="{}", priority=1, now_us=MONDAY_NOON_US)
        conn.execute(update(outbox).values(state="parked"))


def test_the_report_counts_the_last_seven_days(store: Store) -> None:
    a_week(store)
    with store.read() as conn:
        report = report_at(conn, MONDAY_NOON_US + 1, PROGRAM)
    assert (report.first_day, report.last_day) == (date(2026, 5, 26), date(2026, 6, 1))
    assert (report.events, report.unattributed_events, report.unattributed_names) == (5, 3, 2)
    assert [one.external_id for one in report.largest_unattributed] == ["<!channel>", "key-7"]
    assert (report.calls, report.unpriced_calls) == (5, 1)
    assert (report.rejected, report.parked_messages) == ((("litellm", 2),), 1)


def test_the_message_says_each_figure_and_calls_nobody(sqlite_store: Store) -> None:
    a_week(sqlite_store)
    with sqlite_store.read() as conn:
        message = ai_ops_report(report_at(conn, MONDAY_NOON_US + 1, PROGRAM))
    text = "\n".join(block["text"]["text"] for block in message.blocks)
    assert "3 of 5 events (60 %)" in text
    assert "• litellm · &lt;!channel&gt;: 2 events" in text
    assert "1 of 5 calls (20 %) have no known price" in text
    assert "litellm 2." in text
    assert "1 message that Slack does not take" in text
    assert "<!channel>" not in text + message.text


def test_a_week_without_trouble_is_short(sqlite_store: Store) -> None:
    with sqlite_store.read() as conn:
        message = ai_ops_report(report_at(conn, MONDAY_NOON_US, PROGRAM))
    assert message.text == (
        "AI operations, 26 May to 1 June 2026: Unattributed: none of 0 events. Unpriced: none of 0 calls. "
        "Rejected: nothing. Parked: no message to Slack."
    )


def test_names_made_to_grow_do_not_burst_a_section() -> None:
    nobody = UnattributedIdentity("&" * 60, "<" * 60, calls=1, tokens=1, cost_nanousd=1, events=1)
    report = AiOpsReport(date(2026, 5, 26), date(2026, 6, 1), 10, 10, 10, (nobody,) * 10, 10, 0, (), 0)
    sections = [block["text"]["text"] for block in ai_ops_report(report).blocks]
    assert max(map(len, sections)) <= 3000
    assert "more names" in sections[1]


async def test_it_goes_to_the_channel_of_ai_operations_once_a_week(store: Store) -> None:
    context = job_context(store, PROGRAM)
    first = await run_by_hand(AI_OPS_REPORT, context, MONDAY_NOON_US)
    again = await run_by_hand(AI_OPS_REPORT, context, to_us(datetime(2026, 6, 5, tzinfo=UTC)))
    assert [(one.recipient, one.dedupe_key) for one in first.posts] == [("#ai-ops", "ai_ops_report/#ai-ops/2026-W23")]
    assert again.posts == ()
