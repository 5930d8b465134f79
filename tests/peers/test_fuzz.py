"""Schemathesis makes requests from docs/openapi.yaml, right ones and wrong ones, and holds the answers against it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import HookSecrets
from tests.service.processes import TOKEN, ServerProcess

_ROOT = Path(__file__).parents[2]
_SCHEMATHESIS = Path(sys.executable).with_name("st")
_ANSWERS = ("status_code_conformance", "content_type_conformance", "response_headers_conformance")
_ALWAYS = ("not_a_server_error", "response_schema_conformance", "unsupported_method", *_ANSWERS)
_SIGNED = ("tell_of_github", "tell_of_jira", "tell_of_linear")

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("schemathesis")
    secrets = {f"BANDSTAND_HOOK_SECRETS__{door.upper()}": TOKEN for door in HookSecrets.model_fields}
    running = ServerProcess(folder, f"sqlite+aiosqlite:///{folder / 'bandstand.db'}", secrets)
    running.start()
    yield running
    assert running.stop() == 0


def run_schemathesis(server: ServerProcess, *options: str, seconds: int) -> None:
    done = subprocess.run(
        [
            *(str(_SCHEMATHESIS), "run", str(_ROOT / "docs" / "openapi.yaml"), "--url", server.address),
            *("--header", f"Authorization: Bearer {TOKEN}", "--phases", "examples,coverage,fuzzing"),
            *("--max-time", str(seconds), "--suppress-health-check", "all", "--generation-database", "none", *options),
        ],
        cwd=server.folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.peers.schemathesis_hooks", "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        timeout=seconds + 120,
    )
    assert done.returncode == 0, "\n".join(line[:400] for line in done.stdout.splitlines()) + done.stderr
    assert "Traceback" not in server.log


def test_every_answer_is_one_that_is_described(server: ServerProcess) -> None:
    not_signed = [option for name in _SIGNED for option in ("--exclude-operation-id", name)]
    run_schemathesis(server, *not_signed, "--checks", ",".join((*_ALWAYS, "ignored_auth")), seconds=15)


def test_every_answer_to_what_is_signed_is_one_that_is_described(server: ServerProcess) -> None:
    signed = [option for name in _SIGNED for option in ("--include-operation-id", name)]
    run_schemathesis(server, *signed, "--checks", ",".join(_ALWAYS), seconds=8)


def test_what_is_no_event_by_its_description_is_not_taken(server: ServerProcess) -> None:
    """At the door of LiteLLM such records are kept aside instead."""
    only_events = ("--include-operation-id", "hand_in_events")
    run_schemathesis(server, *only_events, "--checks", "negative_data_rejection", "--mode", "negative", seconds=8)
