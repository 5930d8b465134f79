"""Bands from run to run: what is shown, why it is still shown, what is kept of it, and what is told."""

from __future__ import annotations

from typing import Any

import msgspec

from scoring.bands.band import Band, RawBand, Reason, Rule
from scoring.bands.machine import BandState, News
from scoring.bands.shown import BandChange, ShownBand, advance, change_of, is_worth_keeping
from scoring.program import Bands

DAY_US = 24 * 3_600_000_000
NOON_US = 1000 * DAY_US
RULES = Bands()


def reason(rule: Rule = Rule.COST_SPIKE, band: Band = Band.YELLOW, about: str = "", value: float = 5.0) -> Reason:
    return Reason(rule, band, "Costly.", "It clears.", "Look.", value, 4.0, "USD", 3, about)


def raw(band: Band = Band.YELLOW, *reasons: Reason, person_id: int = 1) -> RawBand:
    said = reasons or ((reason(band=band),) if band.severity else ())
    return RawBand(person_id, band, said)


def run(*raws: RawBand, known: ShownBand | None = None, days: float = 0, **changes: Any) -> ShownBand:
    before = {} if known is None else {known.person_id: known}
    (shown,) = advance(raws, before, NOON_US + round(days * DAY_US), RULES, "v1", **changes)
    return shown


def test_the_first_run_shows_and_tells_what_the_rules_say() -> None:
    shown = run(raw(Band.RED))
    assert shown == ShownBand(
        person_id=1,
        at_us=NOON_US,
        band=Band.RED,
        raw_band=Band.RED,
        reasons=(reason(band=Band.RED),),
        told=News.WORSENED,
        program_version="v1",
        state=BandState(Band.RED, NOON_US, heard=2, yellow_heard_us=NOON_US, red_heard_us=NOON_US),
    )


def test_a_band_that_is_better_by_now_is_shown_with_the_days_that_it_still_holds() -> None:
    first = run(raw(Band.YELLOW))
    shown = run(raw(Band.GREEN), known=run(raw(Band.GREEN), known=first, days=1), days=1.5)
    assert (shown.band, shown.raw_band, shown.told) == (Band.YELLOW, Band.GREEN, News.NOTHING)
    assert shown.reasons == (
        Reason(
            rule=Rule.HOLD,
            band=Band.YELLOW,
            text="What made it yellow is gone; green is shown after 2 calm days.",
            clears="It clears by itself.",
            advice="Go on as you do now.",
            value=1.5,
            limit=0.0,
            unit="days to go",
            events=0,
        ),
    )


def test_the_days_that_it_still_holds_are_told_to_the_hundredth() -> None:
    shown = run(raw(Band.GREEN), known=run(raw(Band.GREEN), known=run(raw(Band.YELLOW)), days=1), days=1.5043)
    assert [one.value for one in shown.reasons] == [1.5]


def test_red_that_is_yellow_by_now_counts_from_when_it_was_no_longer_red() -> None:
    was_red = run(raw(Band.YELLOW), known=run(raw(Band.RED)), days=1)
    shown = run(raw(Band.YELLOW), known=was_red, days=2)
    (yellow, hold) = shown.reasons
    assert (yellow, hold.rule, hold.value) == (reason(), Rule.HOLD, 1.0)
    assert hold.text == "What made it red is gone; yellow is shown after 2 calm days."


def test_no_data_is_a_better_band_too_and_said_in_words() -> None:
    shown = run(raw(Band.NO_DATA), known=run(raw(Band.YELLOW)), days=1)
    assert shown.reasons[0].text == "What made it yellow is gone; no data is shown after 2 calm days."
    assert shown.reasons[0].value == 2.0


def test_whoever_may_hear_nothing_yet_hears_of_it_later() -> None:
    quiet = run(raw(Band.RED), may_hear=lambda person_id: person_id != 1)
    assert (quiet.band, quiet.told, quiet.state.heard) == (Band.RED, News.NOTHING, 0)
    assert run(raw(Band.RED), known=quiet, days=1).told is News.WORSENED


def test_an_exception_releases_at_once_from_what_it_settles() -> None:
    ceiling, spike = reason(Rule.CEILING, Band.RED, "Agents"), reason(band=Band.RED)

    def excepts(_person_id: int, one: Reason) -> bool:
        return one.rule is Rule.CEILING

    alone = run(raw(Band.RED, ceiling))
    assert run(raw(Band.GREEN), known=alone, days=0.1, is_excepted=excepts).band is Band.GREEN
    assert run(raw(Band.GREEN), known=alone, days=0.1).band is Band.RED
    both = run(raw(Band.RED, ceiling, spike))
    assert run(raw(Band.GREEN), known=both, days=0.1, is_excepted=excepts).band is Band.RED


def test_what_is_as_bad_as_before_is_nothing_to_be_released_from() -> None:
    """A yellow reason says nothing about whether red may go to yellow at once."""
    yellow, red = reason(Rule.SOFT_LIMIT), reason(band=Band.RED)
    before = run(raw(Band.RED, red, yellow))
    after = run(
        raw(Band.YELLOW, yellow), known=before, days=0.1, is_excepted=lambda _, one: one.rule is Rule.COST_SPIKE
    )
    assert after.band is Band.YELLOW


def test_whoever_left_has_no_band_and_hears_nothing_of_it() -> None:
    (gone,) = advance([], {1: run(raw(Band.RED))}, NOON_US + 1, RULES, "v2")
    assert gone == ShownBand(
        1, NOON_US + 1, Band.NO_DATA, Band.NO_DATA, (), News.NOTHING, "v2", BandState(Band.NO_DATA, NOON_US + 1)
    )


def test_what_is_told_names_the_band_before_and_now_and_why() -> None:
    first = run(raw(Band.YELLOW))
    assert change_of(None, first) == BandChange(1, News.WORSENED, None, Band.YELLOW, NOON_US, (reason(),))
    second = run(raw(Band.RED), known=first, days=1)
    assert change_of(first, second) == BandChange(
        1, News.WORSENED, Band.YELLOW, Band.RED, NOON_US + DAY_US, (reason(band=Band.RED),)
    )
    assert change_of(second, run(raw(Band.RED), known=second, days=2)) is None


def test_what_is_news_or_another_band_or_reason_is_kept_and_figures_once_a_day() -> None:
    quiet = msgspec.structs.replace(run(raw()), told=News.NOTHING)

    def kept(**changes: Any) -> bool:
        return is_worth_keeping(quiet, msgspec.structs.replace(quiet, **changes))

    moved = (reason(value=6.0),)
    assert is_worth_keeping(None, quiet)
    assert not kept()
    assert kept(told=News.REMINDER)
    assert kept(band=Band.RED)
    assert kept(raw_band=Band.RED)
    assert kept(reasons=(reason(about="Agents"),))
    assert not kept(reasons=moved, at_us=NOON_US + DAY_US - 1)
    assert kept(reasons=moved, at_us=NOON_US + DAY_US)
    assert not kept(at_us=NOON_US + DAY_US)


def test_an_exception_releases_whom_it_is_for() -> None:
    over = reason(Rule.CEILING, Band.RED, about="month/")

    def shown(person_id: int) -> Band:
        first = run(raw(Band.RED, over, person_id=person_id))
        calm = raw(Band.GREEN, person_id=person_id)
        return run(calm, known=first, days=0.1, is_excepted=lambda who, _reason: who == 1).band

    assert (shown(1), shown(2)) == (Band.GREEN, Band.RED)
