"""One's own band, with its reasons and what clears it."""

from __future__ import annotations

from datetime import tzinfo

from bot.slack.blocks.bands import band_buttons, band_since, reason_paragraphs
from bot.slack.blocks.parts import buttons, context, header, section
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import joined, without_marks
from scoring.bands.shown import ShownBand


def band(shown: ShownBand | None, coaching: str, zone: tzinfo) -> Message:
    """None = none was computed yet."""
    if shown is None:
        none = say("band-none")
        return Message(text=none, blocks=(header(label("band-title", band="no_data")), section(none)))
    title = say("band-title", band=shown.band)
    told = reason_paragraphs(shown.reasons, coaching) or [say("band-clear", band=shown.band)]
    since = band_since(shown, zone)
    return Message(
        text=without_marks(joined([title, *told, since])),
        blocks=(
            header(label("band-title", band=shown.band)),
            *map(section, told),
            *([buttons(*band_buttons(shown.reasons))] if shown.reasons else []),
            context(since),
        ),
    )
