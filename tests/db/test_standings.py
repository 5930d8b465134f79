"""What is published is what is read, and only the latest of a board."""

from __future__ import annotations

from datetime import date

import pytest

from db.engine import Store
from db.standings import StoredStanding, publish, run_of, standing_of, subject_of, top_of
from scoring.standings import Component, Entry, Standings, Withheld, WithheldReason
from scoring.window import Window
from tests.builders import MONDAY_NOON_US

HOUR_US = 3_600_000_000


def component(name: str = "quality", points: float = 500.0) -> Component:
    return Component(name, 0.1 + 0.2, "share", 7, 0.5, 0.5, points, 1000.0, "Accepted 7 of 8: “fine”.")


def entry(person_id: int | None = 1, rank: int = 1, team: str | None = None, score: float = 612.345) -> Entry:
    return Entry(rank, person_id, team, score, 87.5, True, (component(points=score),), "Take the next module.")


def withheld(person_id: int = 9) -> Withheld:
    return Withheld(person_id, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("One more accepted task.",))


def standings(
    *entries: Entry, withheld: tuple[Withheld, ...] = (), board: str = "outcome", at_us: int = MONDAY_NOON_US
) -> Standings:
    window = Window(at_us - 24 * HOUR_US, at_us, (), date(2026, 6, 1))
    return Standings(board, window, "abc123", entries, withheld)


def put(store: Store, result: Standings) -> bool:
    with store.write() as conn:
        return publish(conn, result)


def find(store: Store, subject: str, board: str = "outcome") -> StoredStanding | None:
    with store.read() as conn:
        return standing_of(conn, board, subject)


def test_a_ranked_person_is_read_back_to_the_last_digit(store: Store) -> None:
    put(store, standings(entry(person_id=4)))
    found = find(store, "4")
    assert found is not None
    assert (found.rank, found.score, found.percentile, found.is_provisional) == (1, 612.345, 87.5, True)
    assert (found.at_us, found.program_version) == (MONDAY_NOON_US, "abc123")
    assert found.entry == entry(person_id=4)
    assert found.withheld is None
    assert found.withheld_reason is None


def test_a_withheld_person_is_read_back_with_what_is_missing(store: Store) -> None:
    put(store, standings(withheld=(withheld(9),)))
    found = find(store, "9")
    assert found is not None
    assert found.withheld == withheld(9)
    assert found.withheld_reason is WithheldReason.TOO_LITTLE_EVIDENCE
    assert (found.rank, found.score, found.entry, found.is_provisional) == (None, None, None, False)


def test_a_team_is_found_by_its_name(store: Store) -> None:
    put(store, standings(entry(person_id=None, team="Köln “A”\t1"), board="team"))
    found = find(store, "Köln “A”\t1", "team")
    assert found is not None
    assert (found.team, found.person_id) == ("Köln “A”\t1", None)


def test_who_is_not_on_a_board_is_not_found(store: Store) -> None:
    put(store, standings(entry(person_id=1)))
    assert find(store, "2") is None
    assert find(store, "1", "team") is None


def test_publishing_replaces_the_board_and_no_other(store: Store) -> None:
    put(store, standings(entry(person_id=1)))
    put(store, standings(entry(person_id=None, team="data"), board="team"))
    put(store, standings(entry(person_id=2), at_us=MONDAY_NOON_US + HOUR_US))
    assert find(store, "1") is None
    assert find(store, "2") is not None
    assert find(store, "data", "team") is not None


def test_a_later_look_under_other_rules_replaces_the_same_moment(store: Store) -> None:
    put(store, standings(entry(person_id=1)))
    assert put(store, standings(entry(person_id=2)))
    assert find(store, "2") is not None


def test_an_older_result_never_replaces_a_newer_one(store: Store) -> None:
    put(store, standings(entry(person_id=1)))
    assert not put(store, standings(entry(person_id=2), at_us=MONDAY_NOON_US - HOUR_US))
    assert find(store, "1") is not None
    assert find(store, "2") is None


def test_a_failure_leaves_the_earlier_standings(store: Store) -> None:
    def publish_and_fail() -> None:
        with store.write() as conn:
            publish(conn, standings(entry(person_id=2)))
            raise RuntimeError

    put(store, standings(entry(person_id=1)))
    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert find(store, "1") is not None


def test_the_top_comes_by_rank_without_the_withheld(store: Store) -> None:
    everyone = [entry(person_id=n, rank=n, score=1000.0 - n) for n in (1, 2, 3, 4)]
    put(store, standings(*everyone, withheld=(withheld(9),)))
    with store.read() as conn:
        assert [found.person_id for found in top_of(conn, "outcome", 3)] == [1, 2, 3]
        assert [found.person_id for found in top_of(conn, "outcome", 10)] == [1, 2, 3, 4]


def test_a_board_says_when_and_how_it_was_computed(store: Store) -> None:
    put(store, standings(entry(), withheld=(withheld(8), withheld(9))))
    with store.read() as conn:
        run = run_of(conn, "outcome")
        assert run_of(conn, "team") is None
    assert run is not None
    assert (run.at_us, run.window_start_us) == (MONDAY_NOON_US, MONDAY_NOON_US - 24 * HOUR_US)
    assert (run.ranked, run.withheld, run.program_version) == (1, 2, "abc123")


def test_an_empty_board_can_be_published(store: Store) -> None:
    put(store, standings(entry()))
    put(store, standings())
    assert find(store, "1") is None


def test_the_key_of_a_person_is_their_id_and_of_a_team_its_name() -> None:
    assert subject_of(entry(person_id=12)) == "12"
    assert subject_of(entry(person_id=None, team="data")) == "data"
