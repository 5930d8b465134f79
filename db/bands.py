"""Bands as they were shown: append-only, so that any past moment gives what was shown then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from db.many import insert_rows
from db.tables import band_changes, band_runs
from scoring.bands.band import Band, Reason
from scoring.bands.machine import BandState, News
from scoring.bands.shown import ShownBand

_PORTION = 5_000
_RUN = "INSERT INTO band_runs (at_us, previous_us, program_version) VALUES ({0}, {0}, {0}) ON CONFLICT DO NOTHING RETURNING at_us"
_TAKE_THE_RUN = {"sqlite": _RUN.format("?"), "postgresql": _RUN.format("%s")}
_COLUMNS = ("person_id", "at_us", "band", "raw_band", "reasons", "told", "program_version", "state")

_encode = msgspec.json.Encoder().encode
_decode_reasons = msgspec.json.Decoder(tuple[Reason, ...]).decode
_decode_state = msgspec.json.Decoder(BandState).decode


class BandRun(msgspec.Struct, frozen=True):
    """When bands were computed, and under which rules."""

    at_us: int
    program_version: str


def last_band_run(conn: Connection, at_us: int) -> BandRun | None:
    """The newest run at ``at_us`` or before; None = there was none yet."""
    query = select(band_runs.c.at_us, band_runs.c.program_version).where(band_runs.c.at_us <= at_us)
    row = conn.execute(query.order_by(band_runs.c.at_us.desc()).limit(1)).first()
    return None if row is None else BandRun(*row)


def newest_band_run_us(conn: Connection) -> int:
    """When bands were computed last; 0 = never."""
    return conn.scalar(select(func.max(band_runs.c.at_us))) or 0


def bands_at(conn: Connection, at_us: int) -> Iterator[ShownBand]:
    """Everybody's band as it was shown at ``at_us``, by person id."""
    changes = band_changes.c
    newest = (
        select(changes.person_id, func.max(changes.at_us).label("at_us"))
        .where(changes.at_us <= at_us)
        .group_by(changes.person_id)
        .subquery()
    )
    query = (
        _shown()
        .join(newest, (newest.c.person_id == changes.person_id) & (newest.c.at_us == changes.at_us))
        .order_by(changes.person_id)
    )
    return map(_band, conn.execute(query.execution_options(yield_per=_PORTION)))


def band_of(conn: Connection, person_id: int, at_us: int) -> ShownBand | None:
    """One person's band as it was shown at ``at_us``; None = none was computed yet."""
    changes = band_changes.c
    query = _shown().where(changes.person_id == person_id, changes.at_us <= at_us)
    row = conn.execute(query.order_by(changes.at_us.desc()).limit(1)).first()
    return None if row is None else _band(row)


def take_run(conn: Connection, at_us: int, previous_us: int, program_version: str) -> bool:
    """Begins the run that goes on from the one at ``previous_us``; False where another one already has."""
    return (
        conn.exec_driver_sql(_TAKE_THE_RUN[conn.dialect.name], (at_us, previous_us, program_version)).first()
        is not None
    )


def append_bands(conn: Connection, shown: Iterable[ShownBand]) -> None:
    """Adds rows; what is there already stays as it is."""
    rows = map(_row, shown)
    while portion := list(islice(rows, _PORTION)):
        insert_rows(conn, band_changes, _COLUMNS, portion)


def _shown() -> Select[Any]:
    return select(*(band_changes.c[name] for name in _COLUMNS)).select_from(band_changes)


def _band(row: Sequence[Any]) -> ShownBand:
    person_id, at_us, band, raw_band, reasons, told, version, state = row
    return ShownBand(
        person_id,
        at_us,
        Band(band),
        Band(raw_band),
        _decode_reasons(reasons),
        News(told),
        version,
        _decode_state(state),
    )


def _row(one: ShownBand) -> tuple[Any, ...]:
    return (
        one.person_id,
        one.at_us,
        one.band.value,
        one.raw_band.value,
        _encode(one.reasons).decode(),
        one.told.value,
        one.program_version,
        _encode(one.state).decode(),
    )
