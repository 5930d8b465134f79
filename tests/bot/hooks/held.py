"""All the places where content that came in by a door could be found again."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import inspect, text

from db.engine import Store


def everything_kept(store: Store, folder: Path) -> bytes:
    """Every row of every table, and every file in ``folder``: ask before the store is closed, which folds away its log."""
    return b"".join(path.read_bytes() for path in folder.iterdir()) + b"".join(_every_row(store))


@contextmanager
def overhearing(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], bytes]]:
    """What is written to the output or to any log during the block, in full detail; ask after it."""
    caplog.set_level(logging.DEBUG)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        yield lambda: (out.getvalue() + err.getvalue() + caplog.text).encode()


def _every_row(store: Store) -> Iterator[bytes]:
    with store.read() as conn:
        for table in inspect(conn).get_table_names():
            for row in conn.execute(text(f'SELECT * FROM "{table}"')):
                yield msgspec.json.encode(tuple(row), enc_hook=str)
