"""A batch of LiteLLM as large as they come is read without holding it: in memory stays one record, not the body."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.hooks.doors import litellm_record
from tests.service.processes import TOKEN, ServerProcess

_RECORDS = 512
_RECORD_BYTES = 86_000
_MOST_GROWTH = 20 << 20  # bytes of memory for a body of 44 MB, which would take twice its size


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'bandstand.db'}")
    running.start()
    yield running
    assert running.stop() == 0


def records() -> list[bytes]:
    text = 'He said: "[{\\n}]", and 日本語 follows. ' * (_RECORD_BYTES // 52)
    messages = [{"role": "user", "content": text}]
    return [json.dumps(litellm_record(id=str(number), messages=messages)).encode() for number in range(_RECORDS)]


@pytest.mark.parametrize("form", ["array", "lines", "array in gzip"])
def test_a_batch_of_44_megabytes_takes_little_memory(server: ServerProcess, form: str) -> None:
    body = b"\n".join(records()) if form == "lines" else b"[" + b", ".join(records()) + b"]"
    assert 44_000_000 < len(body) < 50_000_000
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        warm_up = client.post("/hooks/litellm", json=[litellm_record(id="first", messages="x" * 1_000_000)])
        assert warm_up.json() == {"accepted": 1, "duplicates": 0, "rejected": 0}
        before = peak_bytes(server)
        if form == "array in gzip":
            client.headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 0)  # not packed well: what repeats itself so often would be taken for a bomb
        answer = client.post("/hooks/litellm", content=body)
        assert answer.json() == {"accepted": _RECORDS, "duplicates": 0, "rejected": 0}
        assert peak_bytes(server) - before < _MOST_GROWTH


def peak_bytes(server: ServerProcess) -> int:
    """The most memory that the server has ever held (Linux)."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) << 10
