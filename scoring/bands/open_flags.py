"""Yellow: a flag is open, and a person is to look at it. What was confirmed or dismissed is decided already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring.bands.band import Band, Reason, Rule
from scoring.flag import Flag, FlagState


def flag_reasons(flags: Iterable[Flag]) -> Iterator[tuple[int, Reason]]:
    """Person ids, each with a reason."""
    for flag in flags:
        if flag.state is not FlagState.OPEN:
            continue
        yield (
            flag.person_id,
            Reason(
                rule=Rule.OPEN_FLAG,
                band=Band.YELLOW,
                text=flag.text,
                clears="It clears when a person has looked at it and found a good reason.",
                advice="Say what it was: a person decides, and until then nothing is.",
                value=round(flag.strength, 3),
                limit=1.0,
                unit="times the limit",
                events=len(flag.keys) or len(flag.days),
                about=flag.kind,
            ),
        )
