"""Who plays the game is found, and who does not is left in peace: nine in ten of the ones, one in fifty of the others at most."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.flagging import named_flags_at
from db.directory import everyone
from db.engine import Store, open_store
from scoring.program import Program
from tests.population.company import Company, make_company, settle_in


@pytest.fixture(scope="module", params=[1, 2])
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Company, dict[str, set[str]]]:
    """A company of 300, 48 of whom play, and the kinds of flag on each person."""
    company = make_company(request.param)
    store = settled(company, tmp_path_factory.mktemp("company"))
    with store.read() as conn:
        emails = {person.id: person.email for person in everyone(conn)}
        found = named_flags_at(conn, company.end_us, Program()).open
    store.close()
    flags: dict[str, set[str]] = {}
    for flag in found.values():
        flags.setdefault(emails[flag.person_id], set()).add(str(flag.kind))
    return company, flags


def settled(company: Company, folder: Path) -> Store:
    store = open_store(f"sqlite+aiosqlite:///{folder / 'bandstand.db'}")
    store.migrate()
    with store.write() as conn:
        settle_in(conn, company)
    return store


def test_nine_in_ten_who_play_are_found(played: tuple[Company, dict[str, set[str]]]) -> None:
    company, flags = played
    cheats = [one for one in company.members if one.trick]
    missed = [(one.trick, one.intensity) for one in cheats if one.email not in flags]
    assert len(missed) <= len(cheats) * 0.1, missed


def test_one_in_fifty_honest_people_is_flagged_at_most(played: tuple[Company, dict[str, set[str]]]) -> None:
    company, flags = played
    honest = [one for one in company.members if not one.trick]
    alarmed = [(one.habit, flags[one.email]) for one in honest if one.email in flags]
    assert len(alarmed) <= len(honest) * 0.02, alarmed
