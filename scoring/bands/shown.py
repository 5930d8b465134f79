"""Bands as they are shown, from run to run: what the next one shows and tells, and what is worth keeping of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from scoring.bands.band import Band, RawBand, Reason, Rule
from scoring.bands.machine import BandState, News, moved, news, told
from scoring.program import Bands
from scoring.wording import counted

_DAY_US = 24 * 3600 * 1_000_000


class ShownBand(msgspec.Struct, frozen=True):
    """A person's band as it was shown from ``at_us`` on.

    ``raw_band`` and ``reasons`` are what the rules said then; ``told`` is what was told of it. ``state`` is what
    the next run goes on from.
    """

    person_id: int
    at_us: int
    band: Band
    raw_band: Band
    reasons: tuple[Reason, ...]
    told: News
    program_version: str
    state: BandState


class BandChange(msgspec.Struct, frozen=True):
    """What is to be told to a person, and to their manager: the band ``before`` (None = the first) and now, and why.

    ``reasons`` come worst first; what clears the first one is the one change that helps most.
    """

    person_id: int
    news: News
    before: Band | None
    band: Band
    since_us: int
    reasons: tuple[Reason, ...]


def advance(
    raws: Iterable[RawBand],
    known: Mapping[int, ShownBand],
    at_us: int,
    rules: Bands,
    version: str,
    may_hear: Callable[[int], bool] = lambda _person_id: True,
    is_excepted: Callable[[int, Reason], bool] = lambda _person_id, _reason: False,
) -> Iterator[ShownBand]:
    """Everybody's band at ``at_us``, going on from what is ``known``. Whoever ``may_hear`` nothing yet hears it later.

    Whose warning came of nothing but what ``is_excepted`` by now is released from it at once.
    Those who are known and have no raw band any more have left: their band ends, and nothing is told of it.
    """
    present = set()
    for raw in raws:
        present.add(raw.person_id)
        before = known.get(raw.person_id)
        is_released = before is not None and _is_released(before, raw, is_excepted)
        state = moved(None if before is None else before.state, raw.band, at_us, rules, is_released=is_released)
        what = news(state, at_us, rules) if may_hear(raw.person_id) else News.NOTHING
        yield ShownBand(
            raw.person_id,
            at_us,
            state.band,
            raw.band,
            (*raw.reasons, *_hold(state, raw.band, at_us, rules)),
            what,
            version,
            told(state, what, at_us),
        )
    for person_id in sorted(known.keys() - present):
        gone = BandState(Band.NO_DATA, at_us)
        yield ShownBand(person_id, at_us, Band.NO_DATA, Band.NO_DATA, (), News.NOTHING, version, gone)


def is_worth_keeping(before: ShownBand | None, now: ShownBand) -> bool:
    """Has anything changed but figures? Figures are kept once a day."""
    if before is None or now.told is not News.NOTHING:
        return True
    if (before.band, before.raw_band, _keys(before)) != (now.band, now.raw_band, _keys(now)):
        return True
    return before.reasons != now.reasons and now.at_us - before.at_us >= _DAY_US


def change_of(before: ShownBand | None, now: ShownBand) -> BandChange | None:
    """What is to be told; None = nothing."""
    if now.told is News.NOTHING:
        return None
    earlier = None if before is None else before.band
    return BandChange(now.person_id, now.told, earlier, now.band, now.state.since_us, now.reasons)


def _is_released(before: ShownBand, raw: RawBand, is_excepted: Callable[[int, Reason], bool]) -> bool:
    """Does an exception settle every reason of ``before`` that is worse than the rules say now?"""
    worse = [reason for reason in before.reasons if reason.band.severity > raw.band.severity]
    return bool(worse) and all(is_excepted(raw.person_id, reason) for reason in worse)


def _keys(shown: ShownBand) -> set[tuple[str, str]]:
    return {reason.key for reason in shown.reasons}


def _hold(state: BandState, raw: Band, at_us: int, rules: Bands) -> tuple[Reason, ...]:
    """Why a band is shown that is worse than what the rules say now."""
    if raw.severity >= state.band.severity:
        return ()
    better_since_us = (state.calm_since_us if raw.severity == 0 else state.not_red_since_us) or at_us
    days = (at_us - better_since_us) / _DAY_US
    better, wait = raw.replace("_", " "), counted(rules.hold_days, "calm day")
    return (
        Reason(
            rule=Rule.HOLD,
            band=state.band,
            text=f"What made it {state.band} is gone; {better} is shown after {wait}.",
            clears="It clears by itself.",
            advice="Go on as you do now.",
            value=round(rules.hold_days - days, 2),
            limit=0.0,
            unit="days to go",
            events=0,
        ),
    )
