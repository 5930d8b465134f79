"""What could not be read: counted to the last record, kept in bounds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, func, select

from db.engine import Store
from db.rejected import KEPT_DAYS, MOST_KEPT, MOST_KEPT_OF_A_DELIVERY, Rejected, keep_rejected, rejected_by_source
from db.tables import rejected_counts, rejected_records
from tests.builders import MONDAY_NOON_US

DAY_US = 86_400_000_000


def records(number: int) -> list[Rejected]:
    return [Rejected(f"[{place}]", "missing") for place in range(number)]


def kept(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(rejected_records)) or 0


def test_all_of_a_delivery_is_counted_and_some_of_it_kept(store: Store) -> None:
    with store.write() as conn:
        keep_rejected(conn, "otlp", records(10_000), MONDAY_NOON_US)
        keep_rejected(conn, "otlp", records(3), MONDAY_NOON_US + 1)
        keep_rejected(conn, "litellm", records(1), MONDAY_NOON_US)
        keep_rejected(conn, "github", [], MONDAY_NOON_US)
        assert rejected_by_source(conn, MONDAY_NOON_US) == {"litellm": 1, "otlp": 10_003}
        assert kept(conn) == MOST_KEPT_OF_A_DELIVERY + 4


def test_of_many_the_newest_are_kept_and_all_are_counted(store: Store) -> None:
    deliveries = MOST_KEPT // MOST_KEPT_OF_A_DELIVERY + 5
    with store.write() as conn:
        for number in range(deliveries):
            keep_rejected(conn, "otlp", records(MOST_KEPT_OF_A_DELIVERY), MONDAY_NOON_US + number)
        assert kept(conn) == MOST_KEPT
        assert conn.scalar(select(func.min(rejected_records.c.received_us))) == MONDAY_NOON_US + 5
        assert rejected_by_source(conn, MONDAY_NOON_US) == {"otlp": deliveries * MOST_KEPT_OF_A_DELIVERY}


def test_old_ones_are_forgotten(store: Store) -> None:
    with store.write() as conn:
        keep_rejected(conn, "otlp", records(2), MONDAY_NOON_US)
        keep_rejected(conn, "jira", records(1), MONDAY_NOON_US + (KEPT_DAYS + 1) * DAY_US)
        assert kept(conn) == 1
        assert rejected_by_source(conn, 0) == {"jira": 1}
        assert conn.scalar(select(func.count()).select_from(rejected_counts)) == 1


def test_many_at_once_are_all_counted(store: Store) -> None:
    def keep(number: int) -> None:
        with store.write() as conn:
            keep_rejected(conn, ("otlp", "litellm")[number % 2], records(3), MONDAY_NOON_US + number % 3 * 36 * DAY_US)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(24)))
    with store.write() as conn:
        keep_rejected(conn, "jira", records(1), MONDAY_NOON_US + 72 * DAY_US)
        assert kept(conn) == 25
        assert rejected_by_source(conn, 0) == {"jira": 1, "litellm": 12, "otlp": 12}
