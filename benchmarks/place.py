"""A person's place out of 85,000, as ``/rank`` reads it: against Redis on the same data, and a bare primary-key read."""

from __future__ import annotations

import random
import shutil
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis

from benchmarks.ratio import Ratio
from db.engine import Store, open_store
from db.standings import publish, standing_of
from scoring.standings import Component, Entry, Standings
from scoring.window import Window

_PEOPLE = 85_000
_ROUNDS = 5
_BARE = "SELECT rank, score FROM standings WHERE board = {0} AND subject = {0}"


def place_ratios(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """Places a second on one connection, asked for one after the other."""
    asked = random.Random(1).choices(range(_PEOPLE), k=int(10_000 * scale))
    result = _standings()
    sqlite_file, postgresql_address = folder / "place.db", new_postgresql()
    with (
        _published(f"sqlite:///{sqlite_file}", result) as sqlite_store,
        _published(postgresql_address, result) as postgresql_store,
        sqlite3.connect(sqlite_file) as sqlite_conn,
        psycopg.connect(postgresql_address, autocommit=True) as postgresql_conn,
    ):
        for name, store, conn, mark, aim in (
            ("SQLite", sqlite_store, sqlite_conn, "?", ""),
            ("PostgreSQL", postgresql_store, postgresql_conn, "%s", ""),
        ):
            yield _ratio(name, asked, _ours(store), "bare primary-key read", _bare(conn, mark), aim)
        with _redis(folder, result) as client:
            if client is None:
                return
            yield _ratio("SQLite", asked, _ours(sqlite_store), "Redis ZREVRANK", _ranker(client), ">= 1")
            yield _ratio("PostgreSQL", asked, _ours(postgresql_store), "Redis ZREVRANK", _ranker(client), ">= 0.33")


def _ratio(
    name: str,
    asked: list[int],
    ours: Callable[[int], object],
    against: str,
    yardstick: Callable[[int], object],
    aim: str,
) -> Ratio:
    rounds = [(_per_second(ours, asked), _per_second(yardstick, asked)) for _ in range(_ROUNDS)]
    return Ratio(
        work=f"a place out of {_PEOPLE:,}, {name}",
        ours=f"{statistics.median(one for one, _ in rounds):,.0f} reads/s",
        yardstick=f"{statistics.median(other for _, other in rounds):,.0f} reads/s, {against}",
        value=statistics.median(one / other for one, other in rounds),
        aim=aim,
    )


def _per_second(read: Callable[[int], object], asked: list[int]) -> float:
    began = time.perf_counter()
    for person_id in asked:
        if read(person_id) is None:
            raise RuntimeError(f"nobody knows the place of {person_id}")
    return len(asked) / (time.perf_counter() - began)


def _ours(store: Store) -> Callable[[int], object]:
    return lambda person_id: store.glance(lambda conn: standing_of(conn, "outcome", str(person_id)))


def _bare(conn: Any, mark: str) -> Callable[[int], object]:
    query = _BARE.format(mark)
    return lambda person_id: conn.execute(query, ("outcome", str(person_id))).fetchone()


def _ranker(client: redis.Redis) -> Callable[[int], object]:
    return lambda person_id: client.zrevrank("outcome", str(person_id))


@contextmanager
def _published(url: str, result: Standings) -> Iterator[Store]:
    store = open_store(url)
    store.migrate()
    with store.write() as conn:
        publish(conn, result)
    yield store
    store.close()


@contextmanager
def _redis(folder: Path, result: Standings) -> Iterator[redis.Redis | None]:
    """A Redis with the same scores; None where redis-server is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        print("Redis is not installed (apt-get install redis-server): its yardstick is left out.")
        yield None
        return
    path = folder / "redis.sock"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not path.exists():
            time.sleep(0.05)
        client = redis.Redis(unix_socket_path=str(path))
        client.zadd("outcome", {str(entry.person_id): entry.score for entry in result.entries})
        yield client
    finally:
        server.terminate()
        server.wait(timeout=30)


def _standings() -> Standings:
    part = Component("efficiency", 1.0, "USD per accepted task", 12, 1.2, 0.5, 200.0, 400.0, "One sentence. " * 8)
    parts = tuple(part for _ in range(6))
    entries = tuple(
        Entry(number + 1, number, None, 1000 - number / 100, 50.0, False, parts, "What to do next.")
        for number in range(_PEOPLE)
    )
    return Standings("outcome", Window(0, 1, (), None), "v1", entries, ())
