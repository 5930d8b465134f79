"""Whatever happens to Bandstand, to the proxy or to the disk: what was told of arrives, in its order, and is said of."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.litellm_callback.bandstand_callback import Reporter, Settings, asked_s, pause_s
from tests.bot.hooks.doors import litellm_record
from tests.bot.litellm_callback.stand_in import SECRET, StandIn, Trouble, standing_in, wait_until
from tests.service.processes import free_port


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in() as started:
        yield started


@pytest.fixture
def settings(stand_in: StandIn, tmp_path: Path) -> Settings:
    return Settings(stand_in.url, SECRET, tmp_path / "spool", gather_s=0.005, first_wait_s=0.01, longest_wait_s=0.05)


@contextmanager
def reporting(settings: Settings) -> Iterator[Reporter]:
    reporter = Reporter(settings)
    try:
        yield reporter
    finally:
        reporter.close()


def tell(reporter: Reporter, *numbers: int) -> list[str]:
    """Tells of calls with these numbers; their ids."""
    ids = [f"call-{number}" for number in numbers]
    for id in ids:
        reporter.take(litellm_record(id=id, messages=[{"content": "CANARY"}]))
    return ids


def files(settings: Settings) -> list[Path]:
    return sorted(settings.spool.glob("worker-*/*.ndjson"))


def test_every_record_arrives_once_in_its_order_and_leaves_nothing_behind(
    stand_in: StandIn, settings: Settings
) -> None:
    with reporting(settings) as reporter:
        ids = tell(reporter, *range(3000))
        stand_in.wait_for(3000)
        wait_until(lambda: not files(settings))
    assert stand_in.order == ids
    assert b"CANARY" not in b"".join(stand_in.bodies)


def test_records_that_come_while_a_request_is_under_way_are_not_lost(stand_in: StandIn, settings: Settings) -> None:
    stand_in.open.clear()
    with reporting(settings) as reporter:
        ids = tell(reporter, 1)
        stand_in.wait_until(lambda: len(stand_in.bodies) == 1)
        ids += tell(reporter, *range(2, 200))  # returns although nobody is answered
        wait_until(lambda: sum(len(file.read_bytes().split(b"\n")) for file in files(settings)) == 199)
        stand_in.open.set()
        stand_in.wait_for(199)
    assert stand_in.order == ids


@pytest.mark.parametrize(
    "trouble",
    [
        *(Trouble(status) for status in (503, 500, 502, 429, 408, 401, 403, 404, 405, 307)),
        Trouble(0),
        Trouble(503, b"<html>upstream connect error"),
        Trouble(200, b"<html>Welcome to the Wi-Fi"),
        Trouble(200, b"{}"),
        Trouble(400, b"<html>Bad Request"),  # not by Bandstand, which says why
        Trouble(503, retry_after="0"),
    ],
    ids=lambda trouble: f"{trouble.status} {trouble.body.decode()[:6]}{trouble.retry_after}",
)
def test_what_is_not_taken_waits_and_is_sent_again(
    stand_in: StandIn, settings: Settings, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.troubles.extend([trouble] * 4)
    with reporting(settings) as reporter:
        ids = tell(reporter, *range(5))
        stand_in.wait_for(5)
        wait_until(lambda: not files(settings))
    assert stand_in.order == ids
    assert not stand_in.troubles
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2, said  # once that there is trouble, once that it is over
    assert "takes records again" in said[1]


def test_a_wrong_secret_is_named_and_nothing_is_lost(
    stand_in: StandIn, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.troubles.append(Trouble(401, b'{"error": "webhook-signature: no signature fits"}'))
    with reporting(settings) as reporter:
        tell(reporter, 1)
        stand_in.wait_for(1)
    assert "BANDSTAND_CALLBACK_SECRET" in caplog.text
    assert "no signature fits" in caplog.text


def test_what_was_stored_before_the_connection_broke_is_sent_again_under_the_same_id(
    stand_in: StandIn, settings: Settings
) -> None:
    stand_in.troubles.append(Trouble(0, is_after_storing=True))
    with reporting(settings) as reporter:
        tell(reporter, 1)
        stand_in.wait_until(lambda: stand_in.copies["call-1"] == 2)
        wait_until(lambda: not files(settings))
    first, second = stand_in.message_ids
    assert first == second


def test_records_wait_in_files_while_nobody_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    settings = Settings(
        f"http://127.0.0.1:{port}", SECRET, tmp_path / "spool", gather_s=0.001, first_wait_s=0.01, longest_wait_s=0.02
    )
    with reporting(settings) as reporter:
        ids = tell(reporter, *range(100))
        wait_until(lambda: sum(len(file.read_bytes().split(b"\n")) for file in files(settings)) == 100)
        wait_until(lambda: "cannot be reached" in caplog.text)
        with standing_in(port) as stand_in:
            stand_in.wait_for(100)
            wait_until(lambda: not files(settings))
    assert stand_in.order == ids
    assert caplog.text.count("cannot be reached") == 1


def test_what_is_too_large_is_sent_in_smaller_pieces(stand_in: StandIn, settings: Settings) -> None:
    stand_in.most_records = 3
    with reporting(settings) as reporter:
        ids = tell(reporter, *range(100))
        stand_in.wait_for(100)
    assert stand_in.order == ids


def test_a_record_that_can_never_be_taken_holds_up_no_other(
    stand_in: StandIn, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.poison = "call-41"
    with reporting(settings) as reporter:
        ids = tell(reporter, *range(100))
        stand_in.wait_for(99)
        wait_until(lambda: not files(settings))
    assert stand_in.order == [id for id in ids if id != "call-41"]
    assert caplog.text.count("can never take") == 1


def test_a_full_disk_leaves_memory_and_full_memory_is_said_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    one = len(json.dumps(litellm_record()))
    settings = Settings(
        f"http://127.0.0.1:{port}",
        SECRET,
        tmp_path / "spool",
        spool_bytes=one * 50,
        queue_bytes=one * 150,
        gather_s=0.001,
        first_wait_s=0.01,
        longest_wait_s=0.02,
    )
    with reporting(settings) as reporter:
        ids = tell(reporter, *range(150))
        wait_until(lambda: "is full (" in caplog.text)
        ids += tell(reporter, *range(150, 1000))
        wait_until(lambda: "the queue in memory is full" in caplog.text)
        assert sum(file.stat().st_size for file in files(settings)) <= settings.spool_bytes
        with standing_in(port) as stand_in:
            wait_until(lambda: "were dropped between" in caplog.text)
            wait_until(lambda: not files(settings))
    (dropped,) = (int(number) for number in re.findall(r"(\d+) records were dropped", caplog.text))
    assert 150 < len(stand_in.order) < 900
    assert stand_in.order[:150] == ids[:150]  # what came first is kept
    came = set(stand_in.order)
    assert stand_in.order == [id for id in ids if id in came]
    assert dropped == 1000 - len(stand_in.order)
    assert caplog.text.count("new records are dropped") == 1


def test_a_folder_that_cannot_be_written_leaves_memory(
    stand_in: StandIn, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    stand_in.troubles.extend([Trouble(503)] * 3)
    with reporting(settings._replace(spool=tmp_path / "file" / "spool")) as reporter:
        ids = tell(reporter, *range(50))
        stand_in.wait_for(50)
    assert stand_in.order == ids
    assert caplog.text.count("cannot be written") == 1


def test_what_only_memory_holds_at_the_end_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    nowhere = Settings(f"http://127.0.0.1:{free_port()}", SECRET, tmp_path / "file" / "spool", gather_s=0.001)
    with reporting(nowhere) as reporter:
        tell(reporter, *range(7))
    assert "7 records in memory are lost" in caplog.text


def test_two_workers_have_a_folder_each_and_the_next_takes_over_what_one_left(
    stand_in: StandIn, settings: Settings
) -> None:
    away = settings._replace(url=f"http://127.0.0.1:{free_port()}")
    first, second = Reporter(away), Reporter(away)
    tell(first, *range(10))
    tell(second, *range(10, 20))
    first.close()
    second.close()
    assert {file.parent.name for file in files(settings)} == {"worker-0", "worker-1"}
    with reporting(settings):
        stand_in.wait_for(20)
        wait_until(lambda: not files(settings))
    assert max(stand_in.copies.values()) == 1


def test_what_a_living_worker_keeps_is_left_to_it(stand_in: StandIn, settings: Settings) -> None:
    away = settings._replace(url=f"http://127.0.0.1:{free_port()}")
    with reporting(away) as first:
        tell(first, 1)
        wait_until(lambda: len(files(settings)) == 1)
        with reporting(settings) as second:
            tell(second, 2)
            stand_in.wait_for(1)
        assert stand_in.order == ["call-2"]


def test_remains_of_a_power_cut_cost_themselves_alone(stand_in: StandIn, settings: Settings) -> None:
    folder = settings.spool / "worker-0"
    folder.mkdir(parents=True)
    (folder / "00000000000000000001-1.part").write_bytes(b'{"id": "half')
    (folder / "00000000000000000002-1.ndjson").write_bytes(b"")
    (folder / "00000000000000000003-1.ndjson").write_text(json.dumps(litellm_record(id="older")))
    with reporting(settings) as reporter:
        tell(reporter, 1)
        stand_in.wait_for(2)
        wait_until(lambda: not files(settings))
    assert stand_in.order == ["older", "call-1"]
    assert not [*folder.glob("*.part")]


def test_only_its_owner_can_read_the_folder(settings: Settings) -> None:
    away = settings._replace(url=f"http://127.0.0.1:{free_port()}")
    with reporting(away) as reporter:
        tell(reporter, 1)
        wait_until(lambda: len(files(settings)) == 1)
        (file,) = files(settings)
    assert {path.stat().st_mode & 0o077 for path in (settings.spool, file.parent, file)} == {0}


def test_many_threads_tell_at_once(stand_in: StandIn, settings: Settings) -> None:
    with reporting(settings) as reporter:
        tellers = [
            threading.Thread(target=tell, args=(reporter, *range(start, start + 100))) for start in range(0, 1000, 100)
        ]
        for teller in tellers:
            teller.start()
        for teller in tellers:
            teller.join()
        stand_in.wait_for(1000)
    assert max(stand_in.copies.values()) == 1


ONE_SECOND = Settings("http://bandstand.test", SECRET, Path("spool"), first_wait_s=1, longest_wait_s=30)


@given(failures=st.integers(1, 10_000))
def test_waits_grow_to_a_bound_and_differ(failures: int) -> None:
    doubled = min(30.0, 2.0 ** min(failures - 1, 10))
    assert doubled / 2 <= pause_s(ONE_SECOND, failures, None) <= doubled


@given(failures=st.integers(1, 100), asked=st.floats(0, 1e9))
def test_it_waits_as_long_as_it_is_asked_to_within_reason(failures: int, asked: float) -> None:
    assert pause_s(ONE_SECOND, failures, asked) >= min(asked, 300)
    assert pause_s(ONE_SECOND, failures, asked) <= 300


def test_retry_after_is_read_in_both_forms() -> None:
    assert asked_s("120") == 120
    assert 3500 < (asked_s(formatdate(time.time() + 3600, usegmt=True)) or 0) <= 3600
    assert asked_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [asked_s(text) for text in ("", "soon", "-1", "²")] == [None] * 4


@pytest.fixture(autouse=True)
def _hears_everything(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO, "bandstand")
