"""The tour through the demo's month: whom to act as, where to look, and what stands there.

The page prints it; the terminal shows what stands at each stop, and the demo fails where something is missing.
"""

from __future__ import annotations

import msgspec

from bot.sandbox.acts import HER_LEAD, PLANS_AHEAD, SPLITS_TICKETS
from bot.sandbox.company.people import AI_OPS_LEAD, DOMAIN, colleague
from bot.sandbox.company.rules import AI_OPS_CHANNEL

BURNS_TOKENS = f"felix.brandt@{DOMAIN}"
HIS_MANAGER = f"ines.duarte@{DOMAIN}"


class Stop(msgspec.Struct, frozen=True):
    """Somebody, by e-mail, finds in ``channel`` a message that begins with or holds ``words``.

    ``channel``: "" = their conversation with the app. ``title`` says what it is; ``try_it`` what to do there.
    """

    email: str
    channel: str
    words: str
    title: str
    try_it: str = ""

    @property
    def name(self) -> str:
        return colleague(self.email).name

    @property
    def line(self) -> str:
        """For whoever goes there."""
        where = f"in {self.channel}" if self.channel else "the conversation with the app"
        return f"[bold]{self.name}[/bold], {where}: {self.title}.{f' {self.try_it}' if self.try_it else ''}"


TOUR = (
    Stop(
        HER_LEAD, "", "You earned", "badges, with what to learn next", "Click [bold]Share[/bold] or keep them private."
    ),
    Stop(SPLITS_TICKETS, "", "Yellow band", "a yellow band, its reason, and what clears it"),
    Stop(
        BURNS_TOKENS,
        "",
        "Red band",
        "a red band: more tokens than anybody, over his ceiling",
        "Click [bold]Explain[/bold], then [bold]Ask for an exception[/bold].",
    ),
    Stop(
        HIS_MANAGER,
        "",
        "report",
        "one message for all of her reports",
        "If you asked as Felix: approve, decline or ask back.",
    ),
    Stop(PLANS_AHEAD, "", "Exception approved", "an exception that she asked for, and the answer"),
    Stop(HER_LEAD, "", "Exception approved", "the same exception, where she was asked and approved it"),
    Stop(AI_OPS_LEAD, AI_OPS_CHANNEL, "Confirmed", "a flag that she looked at and confirmed, with her reason"),
    Stop(AI_OPS_LEAD, AI_OPS_CHANNEL, "Dispute upheld", "a dispute about a second flag; she was convinced"),
    Stop(SPLITS_TICKETS, "", "Dispute upheld", "her answer, after which his band was green again"),
    Stop(
        AI_OPS_LEAD,
        AI_OPS_CHANNEL,
        "To be looked at",
        "a flag on Felix that waits for you",
        "Confirm or dismiss it, and say why.",
    ),
)


def directions() -> str:
    """The tour in numbered lines."""
    return "\n".join(f"{number:>3}. {stop.line}" for number, stop in enumerate(TOUR, 1))
