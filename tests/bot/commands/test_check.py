"""``bandstand check`` says of each source whether it arrives, whose it is, and what of it does not count and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.check import check_everything
from bot.settings import Settings
from db.engine import open_store
from db.rejected import Rejected, keep_rejected
from scoring.events import Claim, CostKind, Counter, Event, Reading, Signal, Tokens
from tests.builders import MONDAY_NOON_US, event, outcome, record, usage


def metric(subject: str, tokens: int) -> Event:
    """A point of an unpriced model, which tells of no call."""
    told = event(usage(model="ours", tokens=Tokens(), cost_nanousd=None, calls=0), source="gemini-cli", subject=subject)
    reading = Reading(Counter.OUTPUT, subject.encode().ljust(16), tokens, is_cumulative=False)
    return Event(told.source, told.id, subject, told.time_us, told.fact, readings=(reading,))


def call(source: str, signal: Signal) -> Event:
    told = usage(cost_kind=CostKind.ESTIMATED, session="s")
    return Event(source, source, "device", MONDAY_NOON_US, told, Claim("s", signal))


def said(store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    settings = Settings(_env_file=None).model_copy(
        update={"database_url": store_url, "program": tmp_path / "none.toml"}
    )
    capsys.readouterr()
    assert check_everything(settings, lambda: MONDAY_NOON_US) == 0
    return capsys.readouterr().out.splitlines()


def test_each_source_is_told_with_its_shares(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(store_url)
    store.migrate()
    with store.write() as conn:
        record(conn, *(event(outcome(), id=str(number), source="github", subject=f"u{number}") for number in range(6)))
        record(conn, metric("big", 3_000_000), call("litellm", Signal.BILLED), call("claude-code", Signal.LOG))
        keep_rejected(conn, "otlp", [Rejected("[0]", "missing")] * 12_345, MONDAY_NOON_US)
    store.close()
    lines = [" ".join(line[5:].split()) for line in said(store_url, tmp_path, capsys)]
    for line in (
        "source gemini-cli: last event on 2026-06-01, 0 % of its tokens attributed in 28 days",
        "source github: last event on 2026-06-01, 0 % of its events attributed in 28 days",
        "source claude-code: last event on 2026-06-01, all of it told better by others",
        "prices 0 of 1 calls and 3,000,000 of 3,000,110 tokens have no known price and count as unpriced, not as free",
        "shadowed claude-code: 110 tokens told by log events are not counted, because the gateway told of the same usage",
        "rejected otlp: 12,345 records could not be read in 28 days; the newest are in the table rejected_records",
    ):
        assert line in lines
    assert any("gemini-cli big: 0 events with 3,000,000 tokens belong to nobody" in line for line in lines)
