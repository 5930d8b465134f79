"""Programs that are not ours, started for the tests: the demo on local-slack, and a browser that looks at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ROOT = Path(__file__).parents[2]
_DEMO_UP_WITHIN_S = 300
_HEARS_CTRL_C = ("env", "--default-signal=INT")  # a shell's job in the background would not, nor what it starts
_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class RunningDemo(msgspec.Struct, frozen=True):
    """``bandstand demo`` with local-slack, all of its history sent and its digest on the way."""

    address: str
    output: Path


@pytest.fixture(scope="module")
def running_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Started as ``make demo`` starts it, ended as a person ends it: with Ctrl-C, and then it must end well."""
    folder, port = tmp_path_factory.mktemp("demo"), _free_port()
    output = folder / "output.txt"
    with output.open("wb") as out:
        demo = subprocess.Popen(
            [*_HEARS_CTRL_C, "make", "--silent", "demo", f"ARGS=--port {port}"],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    try:
        _wait_for(demo, output, f"http://localhost:{port}")
        yield RunningDemo(f"http://localhost:{port}", output)
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(timeout=30)
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
            demo.wait()
    assert "Traceback" not in output.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window; gone with its module, because it keeps an event loop running meanwhile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, running_demo: RunningDemo) -> Iterator[Page]:
    """local-slack's page, freshly opened."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(running_demo.address)
    yield opened
    opened.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(demo: subprocess.Popen[bytes], output: Path, words: str) -> None:
    deadline = time.monotonic() + _DEMO_UP_WITHIN_S
    while words not in output.read_text():
        if demo.poll() is not None or time.monotonic() > deadline:
            sys.stderr.write(output.read_text())
            pytest.fail(f"the demo did not say {words}")
        time.sleep(0.1)
