"""Real server processes to test against."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

TOKEN = "a-secret-for-tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """``bandstand serve --no-slack`` on a database; start it, kill it, start it again."""

    def __init__(self, folder: Path, database_url: str, settings: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self._log = folder / f"server-{self.port}.log"
        self._environment = {
            **os.environ,
            "BANDSTAND_DATABASE_URL": database_url,
            "BANDSTAND_PORT": str(self.port),
            "BANDSTAND_HOOK_SECRETS__EVENTS": TOKEN,
            "BANDSTAND_HOOK_SECRETS__LITELLM": TOKEN,
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait_seconds: float = 30) -> None:
        """Starts it and waits until it answers ``/readyz``."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--no-slack"],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + wait_seconds
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log}")
            try:
                if httpx.get(f"{self.address}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(f"the server did not answer: {self.log}")

    def kill(self) -> None:
        """As a power cut ends it: at once, nothing tidied up."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As an operator ends it; the exit status."""
        return self._end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text()

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        status = self._process.wait(timeout=60)
        self._process = None
        return status
