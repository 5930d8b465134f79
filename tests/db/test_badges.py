"""Awards: once for each level and period, never rewritten, taken back with a reason."""

from __future__ import annotations

from db.badges import Award, awards_at, give, revoke, taken_back
from db.engine import Store
from scoring.badges.awards import Progress
from scoring.program.badges import Level


def earned(level: Level, person_id: int = 1, period: str = "2026-05", value: float = 0.5) -> Progress:
    return Progress(person_id, "cache_wizard", period, value, 40, level, None, None, "", "It was good.", "v1")


def test_an_award_is_given_once_and_says_what_for(store: Store) -> None:
    with store.write() as conn:
        assert give(conn, [earned(Level.BRONZE)], 10) == (earned(Level.BRONZE),)
        assert give(conn, [earned(Level.BRONZE, value=0.6)], 20) == ()
        held = awards_at(conn, 30)
    assert held == (Award(1, "cache_wizard", "2026-05", Level.BRONZE, 10, 0.5, 40, "It was good.", "v1"),)


def test_a_level_that_rises_is_given_too_and_one_that_falls_stays(store: Store) -> None:
    with store.write() as conn:
        give(conn, [earned(Level.SILVER)], 10)
        assert give(conn, [earned(Level.BRONZE)], 20) == ()
        assert len(give(conn, [earned(Level.GOLD)], 30)) == 1
        assert [one.level for one in awards_at(conn, 30)] == [Level.GOLD, Level.SILVER]
        assert [one.level for one in awards_at(conn, 29)] == [Level.SILVER]


def test_periods_and_people_are_apart(store: Store) -> None:
    several = [earned(Level.GOLD), earned(Level.GOLD, person_id=2), earned(Level.GOLD, period="2026-06")]
    with store.write() as conn:
        assert len(give(conn, several, 10)) == 3
        assert [one.period for one in awards_at(conn, 10, person_id=1)] == ["2026-05", "2026-06"]
        assert awards_at(conn, 20, since_us=10) == ()


def test_what_is_taken_back_holds_no_more_and_is_not_given_again(store: Store) -> None:
    with store.write() as conn:
        give(conn, [earned(Level.SILVER), earned(Level.SILVER, person_id=2)], 10)
        give(conn, [earned(Level.GOLD)], 11)
        gone = revoke(conn, 1, "cache_wizard", "2026-05", by="somebody", reason="A confirmed flag.", now_us=20)
        assert {one.level for one in gone} == {Level.SILVER, Level.GOLD}
        assert revoke(conn, 1, "cache_wizard", "2026-05", by="somebody", reason="Again.", now_us=21) == ()
        assert give(conn, [earned(Level.GOLD)], 30) == ()
        assert [one.person_id for one in awards_at(conn, 30)] == [2]
        assert len(awards_at(conn, 19)) == 3
        assert (taken_back(conn, 19), taken_back(conn, 20)) == (frozenset(), {(1, "cache_wizard", "2026-05")})
