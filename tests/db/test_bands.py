"""Bands are kept as they were shown, and nothing of it is ever rewritten."""

from __future__ import annotations

from db.bands import append_bands, band_of, bands_at, last_band_run, newest_band_run_us, take_run
from db.engine import Store
from scoring.bands.band import Band, Reason, Rule
from scoring.bands.machine import BandState, News
from scoring.bands.shown import ShownBand
from tests.builders import MONDAY_NOON_US

HOUR_US = 3_600_000_000


def shown(person_id: int, hours: int = 0, band: Band = Band.YELLOW) -> ShownBand:
    at_us = MONDAY_NOON_US + hours * HOUR_US
    reason = Reason(
        Rule.SOFT_LIMIT, Band.YELLOW, "“93 %” of it.", "In July.", "Pause.", 0.1 + 0.2, 8.0, "USD", 17, "month/"
    )
    state = BandState(band, at_us, calm_since_us=None, heard=1, yellow_heard_us=at_us)
    return ShownBand(person_id, at_us, band, Band.YELLOW, (reason,), News.WORSENED, "abc123", state)


def test_what_was_shown_is_read_back_to_the_last_digit(store: Store) -> None:
    with store.write() as conn:
        append_bands(conn, [shown(1), shown(2)])
        assert list(bands_at(conn, MONDAY_NOON_US)) == [shown(1), shown(2)]
        assert band_of(conn, 2, MONDAY_NOON_US) == shown(2)
        assert band_of(conn, 3, MONDAY_NOON_US) is None


def test_each_moment_gives_what_was_shown_then(store: Store) -> None:
    with store.write() as conn:
        append_bands(conn, [shown(1), shown(1, 2, Band.RED)])
        for hours, bands in ((-1, []), (0, [Band.YELLOW]), (1, [Band.YELLOW]), (2, [Band.RED]), (9, [Band.RED])):
            assert [one.band for one in bands_at(conn, MONDAY_NOON_US + hours * HOUR_US)] == bands
        latest = band_of(conn, 1, MONDAY_NOON_US + HOUR_US)
        assert latest is not None
        assert latest.band is Band.YELLOW


def test_of_two_runs_that_go_on_from_the_same_one_does_not_count(store: Store) -> None:
    with store.write() as conn:
        assert newest_band_run_us(conn) == 0
        assert take_run(conn, 10, 0, "v")
        assert not take_run(conn, 11, 0, "v")
        assert take_run(conn, 12, 10, "w")
        assert not take_run(conn, 12, 11, "w")
        assert newest_band_run_us(conn) == 12
        assert [run and run.program_version for run in (last_band_run(conn, 9), last_band_run(conn, 11))] == [None, "v"]


def test_a_large_company_fits(store: Store) -> None:
    with store.write() as conn:
        append_bands(conn, (shown(person_id) for person_id in range(1, 12_001)))
        assert sum(1 for _ in bands_at(conn, MONDAY_NOON_US)) == 12_000
