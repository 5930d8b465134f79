"""Saying no: the two ways in which whoever answers does."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.text import Mrkdwn


class NotServed(Exception):
    """Whoever asks is not served; ``text`` tells them why, kindly, and nothing else."""

    def __init__(self, text: Mrkdwn) -> None:
        super().__init__(text)
        self.text = text


class Unfinished(Exception):
    """A form cannot be taken as it is; ``faults`` says beside which of its blocks what is wrong, as plain text."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(str(faults))
        self.faults = faults
