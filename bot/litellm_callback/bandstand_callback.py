"""Tells Bandstand of every call that a LiteLLM proxy makes: who, which model, how many tokens, what it cost.

Put this file beside the proxy's ``config.yaml`` and name it there::

    litellm_settings:
      callbacks: bandstand_callback.bandstand

and say in the proxy's environment where Bandstand is:

    BANDSTAND_CALLBACK_URL       its address, such as https://bandstand.example.com
    BANDSTAND_CALLBACK_SECRET    one of its BANDSTAND_HOOK_SECRETS__LITELLM, which signs what is sent
    BANDSTAND_CALLBACK_SPOOL     a folder that outlives the proxy; else bandstand-spool where it runs
    BANDSTAND_CALLBACK_SPOOL_MB  the most that each worker of the proxy keeps there; else 256
    BANDSTAND_CALLBACK_QUEUE_MB  the most that each worker keeps in memory; else 16

Prompts, answers, headers and errors never leave the proxy: what is sent is listed below. A completion waits for
nothing: its record goes into a queue in memory. One thread moves the queue into files, another sends the files in
their order and removes each once Bandstand has said that it is stored. So nothing is lost while Bandstand is away,
nor when the proxy is killed, but for the last fraction of a second. Sending again is harmless: Bandstand counts a call
once. Where no file can be written, records wait in memory. Where memory is full too, new records are dropped, counted
and logged; ``bandstand pull litellm`` fetches them.

It needs httpx, which LiteLLM has, and runs on Linux and macOS with Python 3.9 or later.
"""

from __future__ import annotations

import atexit
import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import logging
import math
import os
import random
import re
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx

try:
    from litellm.integrations.custom_logger import CustomLogger  # type: ignore[import-not-found]
except ImportError:  # outside of LiteLLM, where it is tested

    class CustomLogger:  # type: ignore[no-redef]
        """What LiteLLM calls its callbacks by."""


try:
    import fcntl
except ImportError:  # Windows: nothing says whether another worker is alive, so nothing is kept in files
    fcntl = None  # type: ignore[assignment]

_log = logging.getLogger("bandstand")

# Of a record this is sent and nothing else.
RECORD = (
    *("id", "litellm_call_id", "trace_id", "session_id", "call_type", "status", "model", "startTime", "endTime"),
    *("prompt_tokens", "completion_tokens", "response_cost", "cache_hit"),
)
METADATA = ("user_api_key_user_email", "user_api_key_user_id", "user_api_key_alias", "user_api_key_hash")
USAGE = ("cache_read_input_tokens", "cache_creation_input_tokens")
DETAILS = ("cached_tokens", "cache_creation_tokens")
MARKS = ("task", "use_case", "lane")
AGENT = ("session_id", "device_id", "account_uuid")
# And of what callers write: tags, and the end user where that is an e-mail address or holds the ids of an agent.
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
_WRITTEN_AGENT = re.compile(r"user_[0-9a-f]{1,100}_account_[0-9a-f-]{0,100}_session_[0-9a-f-]{1,100}")
_LONGEST_TEXT = 1000
_LONGEST_TAG = 300
_MOST_TAGS = 200

_MOST_RECORDS = 1000  # a request
_MOST_BYTES = 1 << 20  # a request
_MOST_IN_FILE = 256
_LONGEST_ASKED_S = 300.0  # that Bandstand, or a proxy before it, can make us wait
_LAST_TRY_S = 5.0  # at exit
_ADOPT_EVERY_S = 30.0  # what other workers left behind when they ended
_NOT_NOW = {
    0: "cannot be reached",
    401: "refuses the signature; BANDSTAND_CALLBACK_SECRET has to be one of its BANDSTAND_HOOK_SECRETS__LITELLM",
    404: "has no /hooks/litellm; BANDSTAND_CALLBACK_URL has to be the address of Bandstand",
}
_NEVER = (400, 413, 422)  # Bandstand says so of a body that it can never take


class Settings(NamedTuple):  # a dataclass looks for its module, which LiteLLM does not enter into sys.modules
    """Where Bandstand is and how much may wait for it, a worker; times in seconds."""

    url: str
    secret: str
    spool: Path
    spool_bytes: int = 256 << 20
    queue_bytes: int = 16 << 20
    gather_s: float = 0.2
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0
    timeout_s: float = 10.0


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings in ``environment``. Raises ``ValueError`` with a line that says what to set."""

    def given(name: str, default: str = "") -> str:
        return environment.get(f"BANDSTAND_CALLBACK_{name}", "").strip() or default

    def size(name: str, default: str) -> int:
        text = given(name, default)
        if not text.isdecimal() or int(text) == 0:
            raise ValueError(f"BANDSTAND_CALLBACK_{name}: {text!r} is no number of megabytes")
        return int(text) << 20

    url, secret = given("URL").rstrip("/"), given("SECRET")
    if not url.startswith(("http://", "https://")):
        raise ValueError(
            "set BANDSTAND_CALLBACK_URL to the address of Bandstand, such as https://bandstand.example.com"
        )
    if not secret:
        raise ValueError("set BANDSTAND_CALLBACK_SECRET to one of Bandstand's BANDSTAND_HOOK_SECRETS__LITELLM")
    signing_key(secret)
    return Settings(
        url=url,
        secret=secret,
        spool=Path(given("SPOOL", "bandstand-spool")).absolute(),
        spool_bytes=size("SPOOL_MB", "256"),
        queue_bytes=size("QUEUE_MB", "16"),
    )


# What is sent


def stripped(record: Mapping[str, Any]) -> dict[str, Any]:
    """What of LiteLLM's StandardLoggingPayload is sent. Odd values are left out."""
    metadata = _mapping(record.get("metadata"))
    usage = _mapping(metadata.get("usage_object"))
    kept_usage = _picked(usage, USAGE)
    if details := _picked(_mapping(usage.get("prompt_tokens_details")), DETAILS):
        kept_usage["prompt_tokens_details"] = details
    kept_metadata = _picked(metadata, METADATA)
    if kept_usage:
        kept_metadata["usage_object"] = kept_usage
    if marks := _picked(_mapping(metadata.get("spend_logs_metadata")), MARKS):
        kept_metadata["spend_logs_metadata"] = marks
    kept = _picked(record, RECORD)
    if tags := _tags(record.get("request_tags")):
        kept["request_tags"] = tags
    end_user = record.get("end_user")
    if isinstance(end_user, str) and len(end_user) <= _LONGEST_TAG and _ADDRESS.fullmatch(end_user.strip()):
        kept["end_user"] = end_user
    elif isinstance(end_user, str) and (agent := _agent(end_user)):
        kept["end_user"] = agent
    kept["metadata"] = kept_metadata
    return kept


def _agent(end_user: str) -> str:
    """The ids by which Claude Code's own telemetry knows the call, which it writes where end users stand; "" for others."""
    if _WRITTEN_AGENT.fullmatch(end_user):
        return end_user
    try:
        ids = _mapping(json.loads(end_user)) if end_user.startswith("{") and len(end_user) <= _LONGEST_TAG else {}
    except (ValueError, RecursionError):
        return ""
    kept = {name: ids[name] for name in AGENT if isinstance(ids.get(name), str) and _ID.fullmatch(ids[name])}
    return json.dumps(kept, separators=(",", ":")) if kept else ""


def _picked(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: given[name] for name in names if _is_plain(given.get(name))}


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _tags(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(tag, str) for tag in given):
        return []
    return [tag for tag in given if len(tag) <= _LONGEST_TAG and not tag.startswith("User-Agent:")][:_MOST_TAGS]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# Who sends it: Standard Webhooks 1.0


def signing_key(secret: str) -> bytes:
    """The key that ``secret`` stands for. Raises ``ValueError`` where nothing readable follows ``whsec_``."""
    encoded = secret[len("whsec_") :]
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ValueError("BANDSTAND_CALLBACK_SECRET: after whsec_ comes the key in base64")
    return key


def proof(key: bytes, body: bytes, now_s: int) -> dict[str, str]:
    """The headers that prove ``body``; its id is the same whenever the same is sent again."""
    message_id = "msg_" + hashlib.sha256(body).hexdigest()[:32]
    signature = hmac.new(key, b"%s.%d.%s" % (message_id.encode(), now_s, body), "sha256").digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now_s),
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }


# Where it waits


class _Batch:
    """Records that wait together: in a file, or in memory where none could be written."""

    def __init__(self, size: int, path: Path | None = None, lines: list[bytes] | None = None) -> None:
        self.size = size
        self.path = path
        self.lines = lines  # of a file: None until they are wanted

    def read(self) -> list[bytes]:
        if self.lines is None:
            content = self.path.read_bytes() if self.path else b""
            self.lines = [line for line in content.split(b"\n") if line]
        return self.lines


class Spool:
    """What waits to be sent, oldest first, and the folder of this worker that holds it.

    Each worker of the proxy has a folder of its own, which is its own for as long as it holds the lock in it. The
    kernel lets go of that when the worker ends, however it ends; what is left in the folder is then another's to send.
    """

    def __init__(self, root: Path, most_bytes: int) -> None:
        self._root = root
        self._most_bytes = most_bytes
        self._batches: deque[_Batch] = deque()
        self._guard = threading.RLock()
        self._folder: Path | None = None
        self._lock: int | None = None
        self._last_name = 0
        self._disk_bytes = 0
        self._sent = 0  # of the first batch
        self.trouble = ""  # why nothing can be kept in files
        try:
            self._take_folder()
        except OSError as error:
            self.trouble = f"{root} cannot be written ({error.strerror or error})"

    def add(self, lines: list[bytes]) -> bool:
        """Keeps ``lines`` behind all others, whatever happens; True where they are in a file."""
        content = b"\n".join(lines)
        path = self._written(content)
        with self._guard:
            if path is None:
                self._batches.append(_Batch(0, lines=lines))
            else:
                self._disk_bytes += len(content)
                self._batches.append(_Batch(len(content), path))
        return path is not None

    def head(self, most_records: int) -> list[bytes]:
        """The first records to send; fewer than ``most_records`` where they are large or no more wait."""
        found: list[bytes] = []
        size = 0
        with self._guard:
            for position, batch in enumerate(self._batches):
                lines = self._lines_of(batch)
                for line in lines if position else lines[self._sent :]:
                    size += len(line) + 1
                    if found and (len(found) == most_records or size > _MOST_BYTES):
                        return found
                    found.append(line)
        return found

    def done(self, count: int) -> int:
        """Forgets the first ``count`` records, and removes the files that hold nothing else.

        The bytes of those that were in memory alone.
        """
        freed = 0
        with self._guard:
            self._sent += count
            while self._batches and self._sent >= len(self._lines_of(self._batches[0])):
                batch = self._batches.popleft()
                self._sent -= len(self._lines_of(batch))
                freed += self._forget(batch)
        return freed

    def adopt(self) -> None:
        """Takes over what ended workers have left, as far as there is room."""
        if self._folder is None:
            return
        for folder in sorted(self._root.glob("worker-*")):
            if folder == self._folder or not any(folder.glob("*.ndjson")):
                continue
            with contextlib.suppress(OSError):
                lock = _locked(folder)
                try:
                    self._take_over(folder)
                finally:
                    os.close(lock)

    def save(self) -> None:
        """At the end: writes what is in memory alone into files, as far as they can be written."""
        with self._guard:
            for batch in self._batches:
                if batch.path is None and batch.lines is not None:
                    batch.path = self._written(b"\n".join(batch.lines))

    def let_go(self) -> None:
        """Leaves the folder to whoever locks it next."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def only_in_memory(self) -> int:
        """The number of records that no file holds."""
        return sum(len(batch.lines or ()) for batch in self._batches if batch.path is None)

    def _take_folder(self) -> None:
        if fcntl is None:
            raise OSError("no file locks on this system")
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1000):
            folder = self._root / f"worker-{number}"
            folder.mkdir(mode=0o700, exist_ok=True)
            try:
                self._lock = _locked(folder)
            except BlockingIOError:
                continue
            self._folder = folder
            for part in folder.glob("*.part"):
                part.unlink()
            self._take_over(folder)
            return
        raise OSError("a thousand workers have locked all folders")

    def _take_over(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.ndjson")):
            size = path.stat().st_size
            with self._guard:
                if self._folder and folder != self._folder:
                    if self._disk_bytes + size > self._most_bytes:
                        return
                    path = path.rename(self._new_path(self._folder))
                self._disk_bytes += size
                self._batches.append(_Batch(size, path))

    def _written(self, content: bytes) -> Path | None:
        """The new file that holds ``content``: all of it or none, after a power cut too. None where there is none."""
        if self._folder is None:
            return None
        if self._disk_bytes + len(content) > self._most_bytes:
            self.trouble = f"{self._root} is full ({self._most_bytes >> 20} MB)"
            return None
        path = self._new_path(self._folder)
        part = path.with_suffix(".part")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            _sync(self._folder)
        except OSError as error:
            self.trouble = f"{self._root} cannot be written ({error.strerror or error})"
            with contextlib.suppress(OSError):
                part.unlink()
            return None
        self.trouble = ""
        return path

    def _new_path(self, folder: Path) -> Path:
        with self._guard:
            self._last_name = max(self._last_name + 1, time.time_ns())  # in order even where the clock is turned back
        return folder / f"{self._last_name:020d}-{os.getpid()}.ndjson"

    def _lines_of(self, batch: _Batch) -> list[bytes]:
        try:
            return batch.read()
        except OSError as error:
            _log.error("Bandstand: %s cannot be read (%s) and is left out", batch.path, error.strerror)
            self._disk_bytes -= batch.size
            batch.size, batch.path, batch.lines = 0, None, []
            return batch.lines

    def _forget(self, batch: _Batch) -> int:
        if batch.path is None:
            return sum(map(len, batch.lines or ()))
        self._disk_bytes -= batch.size
        with contextlib.suppress(OSError):
            batch.path.unlink()
        return 0


def _locked(folder: Path) -> int:
    """Raises ``BlockingIOError`` where another holds the lock."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# How it gets there


class _Answer(NamedTuple):
    """What Bandstand, or whatever stands in its place, said; status 0: nothing."""

    status: int
    is_ours: bool = False  # it speaks as Bandstand does
    text: str = ""
    asked_s: float | None = None


class Reporter:
    """The queue, and the two threads behind it. Its methods never raise and never wait, but for ``close``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key = signing_key(settings.secret)
        self._queue: deque[bytes] = deque()
        self._memory_bytes = 0
        self._guard = threading.Lock()
        self._queued = threading.Event()
        self._arrived = threading.Event()
        self._closing = threading.Event()
        self._spool = Spool(settings.spool, settings.spool_bytes)
        self._client = httpx.Client(timeout=httpx.Timeout(settings.timeout_s, connect=min(3.0, settings.timeout_s)))
        self._most_records = _MOST_RECORDS
        self._failures = 0
        self._said: set[str] = set()
        self._dropped = self._refused = 0
        self._dropping_since = ""
        self._keeper = threading.Thread(target=self._keep_all, name="bandstand-keeper", daemon=True)
        self._sender = threading.Thread(target=self._send_all, name="bandstand-sender", daemon=True)
        self._keeper.start()
        self._sender.start()

    def take(self, record: Mapping[str, Any]) -> None:
        """Queues what may be sent of ``record``."""
        line = json.dumps(stripped(record), separators=(",", ":"), allow_nan=False).encode()
        with self._guard:
            if self._memory_bytes + len(line) > self._settings.queue_bytes:
                self._dropped += 1
            else:
                self._queue.append(line)
                self._memory_bytes += len(line)
        self._queued.set()

    def close(self) -> None:
        """Puts everything into files, sends what can be sent within seconds, and ends."""
        self._closing.set()
        self._queued.set()
        self._keeper.join(_LAST_TRY_S)
        self._arrived.set()
        self._sender.join(_LAST_TRY_S)
        self._say_dropped()
        self._spool.let_go()
        if lost := self._spool.only_in_memory():
            _log.error("Bandstand: %d records in memory are lost; `bandstand pull litellm` fetches them", lost)

    def leave_to_parent(self) -> None:
        """In a forked process: what waits is the parent's to send, and so is its folder."""
        self._spool.let_go()

    # From memory into files

    def _keep_all(self) -> None:
        while not self._closing.is_set():
            self._queued.wait()
            self._closing.wait(self._settings.gather_s)  # so that a file holds more than one call
            self._queued.clear()
            self._keep()
        self._keep()
        self._spool.save()

    def _keep(self) -> None:
        while self._queue:
            with self._guard:
                lines = [self._queue.popleft() for _ in range(min(len(self._queue), _MOST_IN_FILE))]
            if self._spool.add(lines):
                self._free(sum(map(len, lines)))
            self._arrived.set()
        if self._spool.trouble:
            self._say(f"{self._spool.trouble}; records wait in memory, where they are lost if the proxy ends")
        self._say_dropped()

    def _free(self, freed: int) -> None:
        with self._guard:
            self._memory_bytes -= freed

    def _say_dropped(self) -> None:
        """Once when it begins, and once when it is over or the proxy ends."""
        with self._guard:
            if not self._dropped:
                return
            is_over = self._memory_bytes < self._settings.queue_bytes // 2 or self._closing.is_set()
            dropped, since = self._dropped, self._dropping_since
            self._dropping_since = since or _moment()
            if is_over:
                self._dropped, self._dropping_since = 0, ""
        if not since:
            _log.error("Bandstand: the queue in memory is full; new records are dropped from now on")
        if is_over:
            _log.error(
                "Bandstand: %d records were dropped between %s and %s; `bandstand pull litellm` fetches them",
                *(dropped, since or _moment(), _moment()),
            )

    # From files to Bandstand

    def _send_all(self) -> None:
        wait_s = 0.0
        adopted_s = -math.inf
        with self._client as client:
            while not self._closing.wait(wait_s):
                if time.monotonic() - adopted_s > _ADOPT_EVERY_S:
                    self._spool.adopt()
                    adopted_s = time.monotonic()
                self._arrived.clear()
                lines = self._spool.head(self._most_records)
                wait_s = self._send(client, lines) if lines else 0.0
                if not lines and not self._closing.is_set():
                    self._arrived.wait(_ADOPT_EVERY_S)
            self._keeper.join(_LAST_TRY_S)
            deadline_s = time.monotonic() + _LAST_TRY_S / 2
            while (lines := self._spool.head(self._most_records)) and time.monotonic() < deadline_s:
                if self._send(client, lines):
                    break

    def _send(self, client: httpx.Client, lines: list[bytes]) -> float:
        """Sends ``lines`` once; the seconds to wait before the next request."""
        answer = self._post(client, b"\n".join(lines))
        if answer.is_ours and answer.status == 200:
            self._free(self._spool.done(len(lines)))
            self._most_records = min(_MOST_RECORDS, self._most_records * 2)
            if self._failures:
                _log.warning("Bandstand: %s takes records again; what waited is on its way", self._settings.url)
            if not self._spool.trouble:
                self._said.clear()
            self._failures = 0
            self._say_dropped()
            return 0.0
        if answer.is_ours and answer.status in _NEVER:
            self._give_way(lines, answer)
            return 0.0
        self._failures += 1
        manner = "" if answer.is_ours else ", but not as Bandstand does"
        reason = _NOT_NOW.get(answer.status) or f"answers {answer.status}{manner}"
        why = f" ({answer.text})" if answer.text else ""
        self._say(f"{self._settings.url} {reason}{why}; records wait, and are sent again")
        return pause_s(self._settings, self._failures, answer.asked_s)

    def _give_way(self, lines: list[bytes], answer: _Answer) -> None:
        """Sends less at once, down to the one record that cannot be taken, which alone is left out."""
        if len(lines) > 1:
            self._most_records = len(lines) // 2
            return
        self._free(self._spool.done(1))
        self._refused += 1
        self._say(f"{self._settings.url} can never take some records, which are left out: {answer.text}")

    def _post(self, client: httpx.Client, body: bytes) -> _Answer:
        headers = {"content-type": "application/x-ndjson", **proof(self._key, body, int(time.time()))}
        try:
            answer = client.post(f"{self._settings.url}/hooks/litellm", content=body, headers=headers)
        except Exception as error:  # whatever it is, the thread has to go on
            return _Answer(0, text=type(error).__name__)
        try:
            said = answer.json()
        except ValueError:
            said = None
        said = said if isinstance(said, dict) else {}
        text = str(said.get("error", ""))[:300]
        return _Answer(
            answer.status_code,
            is_ours="accepted" in said if answer.is_success else bool(text),
            text=text,
            asked_s=asked_s(answer.headers.get("retry-after", "")),
        )

    def _say(self, text: str) -> None:
        """Once, until all is well again."""
        if text not in self._said:
            self._said.add(text)
            _log.error("Bandstand: %s", text)


def pause_s(settings: Settings, failures: int, asked_s: float | None) -> float:
    """How long to wait after so many failures in a row: twice as long each time, and as long as was asked for."""
    growing_s = min(settings.longest_wait_s, settings.first_wait_s * 2.0 ** min(failures - 1, 30))
    spread_s = growing_s * random.uniform(0.5, 1.0)  # noqa: S311 - so that workers do not all come at once
    return max(spread_s, min(asked_s or 0.0, _LONGEST_ASKED_S))


def asked_s(text: str) -> float | None:
    """Of ``Retry-After``: seconds, or an HTTP date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _moment() -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())


# What LiteLLM calls


class BandstandLogger(CustomLogger):  # type: ignore[misc]
    """LiteLLM's side: takes each record when its call has ended, in every process that the proxy forks into."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__()
        self._reporter: Reporter | None = None
        try:
            self._settings = settings_of(environment)
        except ValueError as error:
            _log.error("Bandstand: nothing is reported: %s", error)
            return
        self._begin()
        os.register_at_fork(after_in_child=self._begin)
        atexit.register(self.close)

    async def async_log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        self._take(kwargs)

    async def async_log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        self._take(kwargs)

    def log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        self._take(kwargs)

    def log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        self._take(kwargs)

    def _take(self, kwargs: Any) -> None:
        if self._reporter is None:
            return
        try:
            record = kwargs.get("standard_logging_object")
            if isinstance(record, Mapping):
                self._reporter.take(record)
        except Exception:  # whatever it is, the call that is told of has to go on
            _log.exception("Bandstand: a record cannot be read and is left out")

    def _begin(self) -> None:
        if self._reporter is not None:
            self._reporter.leave_to_parent()
        self._reporter = Reporter(self._settings)

    def close(self) -> None:
        """Puts everything into files and ends; what is told of later is left out."""
        if self._reporter is not None:
            reporter, self._reporter = self._reporter, None
            reporter.close()


bandstand = BandstandLogger(os.environ)
