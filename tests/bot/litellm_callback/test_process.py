"""The callback in processes that are killed, that end, that fork, and that are told nothing."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.litellm_callback import bandstand_callback
from bot.litellm_callback.bandstand_callback import BandstandLogger, settings_of
from tests.bot.hooks.doors import litellm_record
from tests.bot.litellm_callback.stand_in import SECRET, standing_in, wait_until
from tests.service.processes import free_port

_FILE = Path(bandstand_callback.__file__)
_PROXY = Path(__file__).with_name("proxy.py")


class Worker:
    """A process that loads the callback."""

    def __init__(self, spool: Path, url: str) -> None:
        environment = {
            "BANDSTAND_CALLBACK_URL": url,
            "BANDSTAND_CALLBACK_SECRET": SECRET,
            "BANDSTAND_CALLBACK_SPOOL": str(spool),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROXY), str(_FILE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        assert self._process.stdout.readline() == "told\n"

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def end(self) -> str:
        """What it said to stderr."""
        said = self._process.communicate(timeout=60)[1]
        assert self._process.returncode == 0, said
        return said


@contextmanager
def working(spool: Path, url: str) -> Iterator[Worker]:
    worker = Worker(spool, url)
    try:
        yield worker
    finally:
        worker.kill()


def lines(spool: Path) -> list[bytes]:
    return [line for file in sorted(spool.glob("worker-*/*.ndjson")) for line in file.read_bytes().split(b"\n")]


def test_a_killed_proxy_sends_when_it_is_back_what_it_had_kept(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    for number in range(3):
        with working(tmp_path, url) as worker:
            worker.tell(f"{number * 100} {number * 100 + 100}")
            wait_until(lambda expected=number * 100 + 100: len(lines(tmp_path)) == expected)
    with standing_in(port) as stand_in, working(tmp_path, url):
        stand_in.wait_for(300)
    assert stand_in.order == [f"call-{number}" for number in range(300)]


def test_a_proxy_that_ends_sends_everything_first(tmp_path: Path) -> None:
    with standing_in() as stand_in, working(tmp_path, stand_in.url) as worker:
        worker.tell("0 500")
        assert worker.end() == ""
        assert len(stand_in.records) == 500
    assert lines(tmp_path) == []


def test_a_proxy_that_ends_while_bandstand_is_away_keeps_everything(tmp_path: Path) -> None:
    with working(tmp_path, f"http://127.0.0.1:{free_port()}") as worker:
        worker.tell("0 500")
        assert "cannot be reached (ConnectError); records wait" in worker.end()
    assert len(lines(tmp_path)) == 500
    assert not any(b"CANARY" in line for line in lines(tmp_path))


def test_a_forked_worker_reports_for_itself(tmp_path: Path) -> None:
    with standing_in() as stand_in, working(tmp_path, stand_in.url) as worker:
        worker.tell("0 50")
        worker.tell("fork")
        worker.tell("50 100")
        worker.end()
    assert len(stand_in.copies) == 101
    assert set(stand_in.copies.values()) == {1}
    assert (tmp_path / "worker-1").is_dir()


@pytest.mark.parametrize(
    ("environment", "fault"),
    [
        ({}, "set BANDSTAND_CALLBACK_URL to the address"),
        ({"URL": "bandstand.example.com"}, "set BANDSTAND_CALLBACK_URL to the address"),
        ({"URL": "https://bandstand.example.com"}, "set BANDSTAND_CALLBACK_SECRET"),
        ({"URL": "https://bandstand.example.com", "SECRET": "whsec_%"}, "after whsec_ comes the key in base64"),
        ({"URL": "https://b.example.com", "SECRET": "s", "SPOOL_MB": "lots"}, "SPOOL_MB: 'lots' is no number"),
    ],
)
async def test_a_missing_setting_is_named_and_the_proxy_runs_on(
    environment: dict[str, str], fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    callback = BandstandLogger({f"BANDSTAND_CALLBACK_{name}": value for name, value in environment.items()})
    await callback.async_log_success_event({"standard_logging_object": litellm_record()}, None, None, None)
    assert fault in caplog.text


def test_settings_are_as_the_file_says() -> None:
    given = {"URL": " https://b.example.com/ ", "SECRET": "s", "SPOOL": "/var/spool", "SPOOL_MB": "1"}
    settings = settings_of({f"BANDSTAND_CALLBACK_{name}": value for name, value in given.items()})
    assert (settings.url, settings.spool, settings.spool_bytes) == (
        "https://b.example.com",
        Path("/var/spool"),
        1 << 20,
    )
    assert settings.queue_bytes == 16 << 20


@pytest.mark.parametrize("kwargs", [None, {}, {"standard_logging_object": None}, {"standard_logging_object": "odd"}])
async def test_whatever_litellm_tells_of_nothing_is_raised(
    kwargs: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "bandstand")
    environment = {"URL": f"http://127.0.0.1:{free_port()}", "SECRET": "s", "SPOOL": str(tmp_path)}
    callback = BandstandLogger({f"BANDSTAND_CALLBACK_{name}": value for name, value in environment.items()})
    await callback.async_log_failure_event(kwargs, None, None, None)
    callback.log_success_event(kwargs, None, None, None)
    callback.close()
    assert lines(tmp_path) == []


def test_the_command_prints_the_file() -> None:
    assert CliRunner().invoke(app, ["litellm-callback"]).stdout == _FILE.read_text()
