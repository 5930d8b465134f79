"""Asking somebody's API: waits as long as it says, and asks again where an answer failed in passing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias, TypeVar

import httpx
import msgspec

from bot.faults import Fault
from bot.hooks.decoding import Fault as Unreadable
from bot.hooks.decoding import decoded
from bot.world import Clock
from scoring.window import to_us

Sleep: TypeAlias = Callable[[float], Awaitable[object]]
Params: TypeAlias = Mapping[str, str | int]

_T = TypeVar("_T")

TIMEOUT = httpx.Timeout(120, connect=10)  # a proxy may look through a million rows for one page
_MOST_TRIES = 6
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 3700.0  # GitHub's limits are by the hour
_PASSING = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 524, 529}


class Asker:
    """Asks one API, which ``name`` names to people; ``setting`` holds the key that it may refuse."""

    def __init__(self, client: httpx.AsyncClient, name: str, setting: str, now_us: Clock, sleep: Sleep) -> None:
        self._client = client
        self._name = name
        self._setting = setting
        self._now_us = now_us
        self._sleep = sleep
        self._wait_s = 0.0

    async def answer(self, method: str, path: str, params: Params | None = None) -> httpx.Response:
        """What the API answers in the end, whatever its status. Raises ``Fault`` where it keeps failing."""
        failure = ""
        for attempt in range(_MOST_TRIES):
            await self._pause(self._wait_s)
            self._wait_s = 0.0
            back_off_s = _FIRST_WAIT_S * 2**attempt
            try:
                answer = await self._client.request(method, path, params=params)
            except httpx.TransportError as error:
                failure, self._wait_s = f"cannot be reached ({type(error).__name__})", back_off_s
                continue
            asked_s = _asked_wait_s(answer.headers, self._now_us())
            if not _is_passing(answer, asked_s):
                self._wait_s = asked_s or 0.0
                return answer
            failure = f"answers {answer.status_code}"
            self._wait_s = back_off_s if asked_s is None else asked_s
        raise Fault(f"{self._name} {failure}, {_MOST_TRIES} times over; {_GO_ON}")

    async def get(self, path: str, params: Params | None = None) -> httpx.Response:
        """A successful answer. Raises ``Fault`` for any other."""
        answer = await self.answer("GET", path, params)
        if answer.is_success:
            return answer
        raise self.fault(answer)

    def fault(self, answer: httpx.Response) -> Fault:
        """The line that says what ``answer``, which is no success, means to people."""
        if answer.status_code in (401, 403):
            return Fault(f"{self._name} refuses the key ({answer.status_code}); see {self._setting}")
        return Fault(f"{self._name} answers {answer.status_code} to {answer.request.url.path}")

    def read(self, decoder: msgspec.json.Decoder[_T], answer: httpx.Response) -> _T:
        """What ``decoder`` makes of ``answer``. Raises ``Fault``."""
        try:
            return decoded(decoder, answer.content, "", "answer")
        except Unreadable as error:
            path = answer.request.url.path
            raise Fault(f"{self._name}'s answer to {path} is none that is known: {error}") from error

    async def _pause(self, wait_s: float) -> None:
        if wait_s > _LONGEST_WAIT_S:
            raise Fault(f"{self._name} asks to wait {wait_s / 60:.0f} minutes; {_GO_ON}")
        if wait_s > 0:
            await self._sleep(wait_s)


_GO_ON = "what came so far is kept, and the same command later goes on from there"


def _is_passing(answer: httpx.Response, asked_s: float | None) -> bool:
    """May the same question be answered later? GitHub says 403 when its limits are reached."""
    return answer.status_code in _PASSING or (answer.status_code == 403 and asked_s is not None)


def _asked_wait_s(headers: httpx.Headers, now_us: int) -> float | None:
    """How long the API asks to wait before the next question; None where it does not ask."""
    if (after := headers.get("retry-after")) is not None:
        return _seconds(after, now_us)
    for prefix in ("x-ratelimit", "anthropic-ratelimit-requests"):
        if headers.get(f"{prefix}-remaining") == "0":
            return _seconds_until(headers.get(f"{prefix}-reset", ""), now_us)
    return None


def _seconds(text: str, now_us: int) -> float | None:
    """Of ``Retry-After``: seconds, or an HTTP date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return _until(parsedate_to_datetime(text), now_us)
    except ValueError:
        return None


def _seconds_until(text: str, now_us: int) -> float | None:
    """Until ``text``, which is in seconds since 1970 or RFC 3339."""
    if text.isdecimal():
        return max(0.0, int(text) - now_us / 1e6)
    try:
        return _until(datetime.fromisoformat(text), now_us)
    except ValueError:
        return None


def _until(moment: datetime, now_us: int) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (to_us(aware) - now_us) / 1e6)
