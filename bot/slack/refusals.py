"""Not being served: the one way in which whoever answers says no."""

from __future__ import annotations

from bot.slack.text import Mrkdwn


class NotServed(Exception):
    """Whoever asks is not served; ``text`` tells them why, kindly, and nothing else."""

    def __init__(self, text: Mrkdwn) -> None:
        super().__init__(text)
        self.text = text
