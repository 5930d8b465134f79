"""From raw bands, which move with every call, to the band that is shown and what is told of it. A state machine, pure.

Three steps, each a function: ``moved`` shows a band, ``news`` says what is to be told of it, ``told`` keeps that it was.
A worse band is shown at once. A better one is shown after ``hold_days`` of calm, so that nothing flickers.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scoring.bands.band import Band
from scoring.program import Bands

_DAY_US = 24 * 3600 * 1_000_000


class News(StrEnum):
    """What is to be told: that it is worse, still so, better but not well (red to yellow), or well again."""

    NOTHING = "nothing"
    WORSENED = "worsened"
    REMINDER = "reminder"
    EASED = "eased"
    CLEARED = "cleared"


class BandState(msgspec.Struct, frozen=True):
    """A person's band as it is shown since ``since_us``, and as they know it.

    ``not_red_since_us`` and ``calm_since_us``: since when the raw band is at most yellow, at most green (None = it is
    not). ``heard`` is the severity that the person last heard of; ``yellow_heard_us`` and ``red_heard_us`` are when
    a message last said that it is at least that bad.
    """

    band: Band
    since_us: int
    not_red_since_us: int | None = None
    calm_since_us: int | None = None
    heard: int = 0
    yellow_heard_us: int | None = None
    red_heard_us: int | None = None


def moved(state: BandState | None, raw: Band, at_us: int, rules: Bands, *, is_released: bool = False) -> BandState:
    """The state once the raw band at ``at_us`` is known. Without an earlier state the raw band is shown.

    Whoever ``is_released`` (an exception was approved) has nothing to wait for: a better band is shown at once.
    """
    if state is None:
        return BandState(
            raw,
            at_us,
            not_red_since_us=at_us if raw.severity < 2 else None,
            calm_since_us=at_us if raw.severity < 1 else None,
        )
    not_red_since_us = (state.not_red_since_us or at_us) if raw.severity < 2 else None
    calm_since_us = (state.calm_since_us or at_us) if raw.severity < 1 else None
    hold_us = 0 if is_released else rules.hold_days * _DAY_US
    band = _shown(state.band, raw, at_us, not_red_since_us, calm_since_us, hold_us)
    return msgspec.structs.replace(
        state,
        band=band,
        since_us=state.since_us if band is state.band else at_us,
        not_red_since_us=not_red_since_us,
        calm_since_us=calm_since_us,
    )


def news(state: BandState, at_us: int, rules: Bands) -> News:
    """What there is to tell the person at ``at_us``.

    No warning follows one that was at least as bad within ``renotify_days``: it waits until then. What was not heard
    of is not cleared either.
    """
    severity = state.band.severity
    if severity < state.heard:
        return News.EASED if severity else News.CLEARED
    if severity == 0:
        return News.NOTHING
    last_us = state.red_heard_us if severity == 2 else state.yellow_heard_us
    if last_us is not None and at_us - last_us < rules.renotify_days * _DAY_US:
        return News.NOTHING
    return News.WORSENED if severity > state.heard else News.REMINDER


def told(state: BandState, what: News, at_us: int) -> BandState:
    """The state once the person was told ``what``."""
    if what is News.NOTHING:
        return state
    severity = state.band.severity
    return msgspec.structs.replace(
        state,
        heard=severity,
        yellow_heard_us=at_us if severity >= 1 else state.yellow_heard_us,
        red_heard_us=at_us if severity >= 2 else state.red_heard_us,
    )


def _shown(
    band: Band, raw: Band, at_us: int, not_red_since_us: int | None, calm_since_us: int | None, hold_us: int
) -> Band:
    if raw.severity >= band.severity:
        return raw
    if calm_since_us is not None and at_us - calm_since_us >= hold_us:
        return raw
    if band is Band.RED and not_red_since_us is not None and at_us - not_red_since_us >= hold_us:
        return Band.YELLOW
    return band
