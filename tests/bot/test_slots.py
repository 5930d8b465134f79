"""Every day and week has one slot, in every time zone, on days when clocks change too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slots import Cadence, Daily, Hourly, Slot, Weekly, due_slot, instant_us
from scoring.program import Weekday
from scoring.window import from_us, local_day, to_us

BERLIN = ZoneInfo("Europe/Berlin")
AWKWARD = [time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 30), time(9, 0), time(23, 59)]
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2030, 12, 31)


def at(text: str) -> int:
    return to_us(datetime.fromisoformat(text))


def due(cadence: Cadence, moment: str, zone: ZoneInfo = BERLIN) -> Slot:
    return due_slot(cadence, zone, at(moment))


@cache
def changes() -> dict[str, tuple[date, ...]]:
    """The days from 2024 to 2030 on which clocks change, by one zone of each pattern of changes."""
    noons = [datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    by_pattern: dict[tuple[timedelta | None, ...], str] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        by_pattern.setdefault(tuple(noon.astimezone(zone).utcoffset() for noon in noons), name)
    return {
        name: tuple(noons[n].date() for n in range(1, len(noons)) if offsets[n] != offsets[n - 1])
        for offsets, name in by_pattern.items()
    }


def days_near_changes() -> Iterator[tuple[ZoneInfo, date]]:
    for name, days in changes().items():
        for day in days or (date(2026, 6, 1),):
            for distance in range(-2, 3):
                yield ZoneInfo(name), day + timedelta(days=distance)


def test_the_world_has_zones_of_many_kinds() -> None:
    assert len(changes()) > 60
    assert sum(map(len, changes().values())) > 300


@pytest.mark.parametrize("clock", AWKWARD, ids=str)
def test_around_every_clock_change_each_local_day_has_one_slot(clock: time) -> None:
    for zone, day in days_near_changes():
        instant = instant_us(day, clock, zone)
        before, exactly, next_day = (
            due_slot(Daily(clock), zone, moment)
            for moment in (instant - 1, instant, instant_us(day + timedelta(days=1), clock, zone) - 1)
        )
        assert exactly == next_day == Slot(day.isoformat(), instant), (zone, day)
        assert before.name == (day - timedelta(days=1)).isoformat(), (zone, day)


@pytest.mark.parametrize("clock", AWKWARD, ids=str)
def test_a_slot_comes_when_clocks_show_its_time_or_right_after_a_gap_that_skips_it(clock: time) -> None:
    for zone, day in days_near_changes():
        instant = instant_us(day, clock, zone)
        shown = from_us(instant).astimezone(zone)
        if (shown.date(), shown.time()) == (day, clock):
            assert shown.fold == 0
            continue
        just_before = from_us(instant - 1).astimezone(zone)
        assert just_before.replace(tzinfo=None) < datetime.combine(day, clock) < shown.replace(tzinfo=None)
        assert just_before.utcoffset() != shown.utcoffset()


@pytest.mark.parametrize("clock", AWKWARD, ids=str)
def test_every_week_has_one_slot_when_clocks_change_on_its_day(clock: time) -> None:
    for name, days in changes().items():
        zone = ZoneInfo(name)
        for day in days:
            cadence = Weekly(tuple(Weekday)[day.weekday()], clock)
            instant = instant_us(day, clock, zone)
            year, week, _ = day.isocalendar()
            assert due_slot(cadence, zone, instant) == Slot(f"{year}-W{week:02}", instant)
            assert due_slot(cadence, zone, instant - 1).name != f"{year}-W{week:02}"


def test_a_digest_at_half_past_two_comes_once_on_the_night_in_october() -> None:
    cadence = Weekly(Weekday.SUNDAY, time(2, 30))
    looks = [at("2026-10-24T22:00:00+00:00") + minutes * 60_000_000 for minutes in range(0, 300, 5)]
    slots = {due_slot(cadence, BERLIN, look) for look in looks}
    assert [slot.name for slot in sorted(slots, key=lambda slot: slot.at_us)] == ["2026-W42", "2026-W43"]
    assert max(slot.at_us for slot in slots) == at("2026-10-25T02:30:00+02:00")


def test_a_digest_at_half_past_two_comes_at_three_on_the_night_in_march() -> None:
    assert due(Daily(time(2, 30)), "2026-03-29T12:00:00+00:00").at_us == at("2026-03-29T03:00:00+02:00")


def test_a_week_is_named_as_iso_names_it() -> None:
    assert due(Weekly(Weekday.FRIDAY, time(9)), "2027-01-02T12:00:00+01:00").name == "2026-W53"


def test_only_the_newest_of_several_missed_weeks_is_due() -> None:
    slot = due(Weekly(Weekday.MONDAY, time(9)), "2026-11-25T12:00:00+01:00")
    assert slot == Slot("2026-W48", at("2026-11-23T09:00:00+01:00"))


def test_hours_are_neither_missed_nor_doubled() -> None:
    looks = [at("2026-10-24T22:00:00+00:00") + minutes * 60_000_000 for minutes in range(0, 300, 5)]
    slots = [due_slot(Hourly(), BERLIN, look) for look in looks]
    assert len({slot.name for slot in slots}) == len({slot.at_us for slot in slots}) == 5
    assert slots[0] == Slot("2026-10-24T22Z", at("2026-10-24T22:00:00+00:00"))


@given(
    st.sampled_from(sorted(available_timezones())),
    st.integers(at("2024-01-01T00:00:00+00:00"), at("2030-12-31T00:00:00+00:00")),
    st.times(),
    st.sampled_from(Weekday),
)
def test_the_due_slot_has_come_and_is_less_than_a_turn_old(
    name: str, now_us: int, clock: time, weekday: Weekday
) -> None:
    zone = ZoneInfo(name)
    for cadence, turn_hours in ((Hourly(), 1), (Daily(clock), 24 + 3), (Weekly(weekday, clock), 7 * 24 + 3)):
        slot = due_slot(cadence, zone, now_us)
        assert slot.at_us <= now_us < slot.at_us + turn_hours * 3_600_000_000
        assert due_slot(cadence, zone, slot.at_us) == slot
        assert not isinstance(cadence, Weekly) or local_day(slot.at_us, zone).weekday() == list(Weekday).index(weekday)
