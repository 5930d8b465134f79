"""Slack's limits, as the stand-in keeps them when asked to: what comes too fast gets 429 with Retry-After."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from math import ceil

_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US

# Calls a minute: the tiers of Slack's documentation at their lowest.
_A_MINUTE = {
    "chat.update": 50,
    "conversations.open": 50,
    "conversations.history": 50,
    "conversations.list": 20,
    "users.list": 20,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}


class Pace:
    """Counts calls a minute and method, and messages a second and conversation; ``now_us`` may be a clock of a test's own.

    ``calls`` = when calls came, refused ones included; ``refused`` = how many of them got 429, by method.
    """

    def __init__(self, now_us: Callable[[], int], messages_a_minute: int = 300) -> None:
        """Slack says of the workspace's messages a minute: several hundred."""
        self.calls: list[int] = []
        self.refused: Counter[str] = Counter()
        self._now_us = now_us
        self._a_minute = {**_A_MINUTE, "chat.postMessage": messages_a_minute}
        self._taken: defaultdict[str, deque[int]] = defaultdict(deque)
        self._last_message: dict[str, int] = {}

    def wait_s(self, method: str, conversation: str) -> int:
        """0 where the call may pass, and then it counts; else after how many seconds to come again."""
        now = self._now_us()
        self.calls.append(now)
        free_us = max(self._method_free_us(method, now), self._conversation_free_us(method, conversation))
        if free_us > now:
            self.refused[method] += 1
            return ceil((free_us - now) / _SECOND_US)
        self._taken[method].append(now)
        if method == "chat.postMessage":
            self._last_message[conversation] = now
        return 0

    @property
    def most_in_a_second(self) -> int:
        """The most calls of one second."""
        return max(Counter(at // _SECOND_US for at in self.calls).values(), default=0)

    def _method_free_us(self, method: str, now: int) -> int:
        taken = self._taken[method]
        while taken and taken[0] <= now - _MINUTE_US:
            taken.popleft()
        return taken[0] + _MINUTE_US if len(taken) >= self._a_minute.get(method, 50) else 0

    def _conversation_free_us(self, method: str, conversation: str) -> int:
        if method != "chat.postMessage" or conversation not in self._last_message:
            return 0
        return self._last_message[conversation] + _SECOND_US
