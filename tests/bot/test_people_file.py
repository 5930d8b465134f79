"""People from a CSV file: what is taken, what is refused, and where the fault is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.people_file import PeopleFileError, PeopleReport, import_people
from db.directory import DirectoryPerson, everyone, person_by_email
from db.engine import Store
from db.identities import resolve, unattributed
from tests.builders import MONDAY_NOON, MONDAY_NOON_US

HEADER = "email,name,slack_id,manager_email,team,function,region,seniority,maturity,tier,cohort"


class Load(Protocol):
    def __call__(self, text: str | bytes, *, skip_bad_rows: bool = False) -> PeopleReport: ...


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Load:
    """Imports a text as a people file."""

    def load(text: str | bytes, *, skip_bad_rows: bool = False) -> PeopleReport:
        path = tmp_path / "people.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return import_people(store, path, MONDAY_NOON_US, skip_bad_rows=skip_bad_rows)

    return load


def person(store: Store, email: str) -> DirectoryPerson:
    with store.read() as conn:
        found = person_by_email(conn, email)
    assert found is not None
    return found


def emails(store: Store) -> list[str]:
    with store.read() as conn:
        return [one.email for one in everyone(conn)]


def faults(report: PeopleReport) -> list[tuple[int, str]]:
    return [(fault.line, fault.text) for fault in report.faults]


def owner(store: Store, source: str, name: str) -> str | None:
    """The e-mail of whose identity that is."""
    with store.write() as conn:
        identity_id = resolve(conn, [(source, name)], MONDAY_NOON_US)[source, name]
        row = conn.exec_driver_sql(
            f"SELECT p.email FROM identities i JOIN people p ON p.id = i.person_id WHERE i.id = {identity_id}"
        ).first()
    return None if row is None else row[0]


def test_every_column_arrives(store: Store, load: Load) -> None:
    report = load(
        f"{HEADER}\nAda@Acme.test,Ada Lovelace,U012AB3CD,bo@acme.test,core,engineering,emea,senior,high,gold,pilot\n"
        "bo@acme.test,Bo,,,,,,,,,\n"
    )
    ada = person(store, "ADA@acme.test")
    assert report == PeopleReport(new=2, updated=0, unchanged=0)
    assert (ada.email, ada.name, ada.slack_id, ada.manager_email) == (
        "ada@acme.test",
        "Ada Lovelace",
        "U012AB3CD",
        "bo@acme.test",
    )
    assert (ada.team, ada.function, ada.region, ada.seniority) == ("core", "engineering", "emea", "senior")
    assert (ada.maturity, ada.tier, ada.cohort, ada.is_active) == ("high", "gold", "pilot", True)


def test_a_second_import_changes_nothing(load: Load) -> None:
    text = f"{HEADER},alias:github\na@acme.test,Ada,U1A,,core,,,,,,,ada\nb@acme.test,,,a@acme.test,,,,,,,,\n"
    assert load(text).new == 2
    assert load(text) == PeopleReport(new=0, updated=0, unchanged=2)


def test_columns_that_the_file_lacks_stay_and_empty_cells_clear(store: Store, load: Load) -> None:
    load("email,name,team,slack_id\na@acme.test,Ada,core,U1A\n")
    assert load("email,team,slack_id\na@acme.test,,\n").updated == 1
    ada = person(store, "a@acme.test")
    assert (ada.name, ada.team) == ("Ada", "")
    assert ada.slack_id == "U1A"  # Slack tells us too, so an empty cell says nothing


def test_a_file_from_a_spreadsheet_is_read(store: Store, load: Load) -> None:
    text = '\ufeffE-Mail ,name\r\n a@acme.test ,"Lovelace,\r\n  Ada"\r\n,\r\n\r\nb@acme.test,Zoe\u0308\r\n'
    load(text.replace("E-Mail", "Email"))
    assert person(store, "a@acme.test").name == "Lovelace, Ada"
    assert person(store, "b@acme.test").name == "Zo\u00eb"
    assert len(emails(store)) == 2


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("", 'line 1: must name the columns, "email" among them'),
        ("name,team", 'line 1: the column "email" is missing'),
        ("email,shoe size", 'line 1: no column is called "shoe size"; there are email, name'),
        ("email,team,team", 'line 1: the column "team" is there twice'),
        ("email,alias:", 'line 1: "alias:" needs the name of a source'),
        ("email;name;team", "line 1: the columns are separated by semicolons; save the file with commas"),
        ('"email', "line 1: not CSV"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused_with_its_fault(load: Load, header: str, complaint: str) -> None:
    with pytest.raises(PeopleFileError) as refusal:
        load(f"{header}\na@acme.test,x\n")
    assert str(refusal.value).startswith(complaint)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (",Ada,,", "email: is empty"),
        ("ada.acme.test,,,", 'email: "ada.acme.test" is no e-mail address'),
        ("ada@acme@test.x,,,", 'email: "ada@acme@test.x" is no e-mail address'),
        ("<ada@acme.test>,,,", 'email: "<ada@acme.test>" is no e-mail address'),
        ("ada@acme.test,,,boss", 'manager_email: "boss" is no e-mail address'),
        ("ada@acme.test,,,ADA@acme.test", "manager_email: nobody is their own manager; leave the cell empty"),
        ("ada@acme.test,,@ada,", 'slack_id: "@ada" is no member id; they look like U012AB3CD'),
        ("ada@acme.test,A\x00da,,", "name: holds the control character U+0000"),
        ("ada@acme.test,A\u202eda,,", "name: holds the control character U+202E"),
        ("ada@acme.test,Ada", "has 2 cells where the header has 4"),
        ("ada@acme.test,Lovelace,Ada,,", "has 5 cells where the header has 4"),
        (f"ada@acme.test,{'a' * 501},,", "name: is 501 characters long; 500 is the most"),
        ("bo@acme.test,,,", 'email: "bo@acme.test" is on line 2 already'),
        ("ada@acme.test,,U1B,", 'slack_id: "U1B" is on line 2 already'),
    ],
)
def test_a_bad_row_is_reported_and_nothing_is_applied(store: Store, load: Load, row: str, complaint: str) -> None:
    text = f"email,name,slack_id,manager_email\nBo@acme.test,,U1B,\n{row}\n"
    report = load(text)
    assert faults(report) == [(3, complaint)]
    assert emails(store) == []
    assert load(text, skip_bad_rows=True).new == 1
    assert emails(store) == ["bo@acme.test"]


def test_a_line_number_counts_the_lines_inside_quoted_cells(load: Load) -> None:
    report = load('email,name\na@acme.test,"A\n\nda"\nnobody,x\nb@acme.test,"B\no"\n"c@acme.test"x,C\nd,D\n')
    assert [fault.line for fault in report.faults] == [5, 8, 9]


def test_a_name_that_is_not_utf_8_is_one_bad_row(store: Store, load: Load) -> None:
    report = load(b"email,name\na@acme.test,Zo\xeb\nb@acme.test,Bo\n", skip_bad_rows=True)
    assert faults(report) == [(2, "name: is not UTF-8; save the file as UTF-8")]
    assert emails(store) == ["b@acme.test"]


def test_a_circle_of_managers_is_refused_also_through_the_directory(store: Store, load: Load) -> None:
    load("email,manager_email\na@acme.test,b@acme.test\n")
    report = load("email,manager_email\nb@acme.test,c@acme.test\nc@acme.test,a@acme.test\nd@acme.test,a@acme.test\n")
    complaint = "manager_email: goes round in a circle (3 people)"
    assert faults(report) == [(2, complaint), (3, complaint)]
    assert emails(store) == ["a@acme.test"]


def test_a_manager_whom_nobody_knows_is_allowed_and_counted(load: Load) -> None:
    report = load("email,manager_email\na@acme.test,gone@acme.test\nb@acme.test,a@acme.test\n")
    assert (report.new, report.unknown_managers) == (2, 1)


def test_aliases_tell_whose_a_name_is(store: Store, load: Load) -> None:
    load("email,alias:github,alias:litellm\na@acme.test,ada; ada-work,key-1\nb@acme.test,,\n")
    assert owner(store, "github", "ada") == owner(store, "github", "ada-work") == "a@acme.test"
    assert owner(store, "litellm", "key-1") == "a@acme.test"
    assert owner(store, "github", "key-1") is None


def test_an_alias_that_leaves_the_cell_is_nobodys_again(store: Store, load: Load) -> None:
    load("email,alias:github\na@acme.test,ada\n")
    assert load("email,alias:github\na@acme.test,\n").updated == 1
    assert owner(store, "github", "ada") is None
    with store.read() as conn:
        assert unattributed(conn, MONDAY_NOON.date()) == ()  # it did nothing


def test_an_alias_moves_when_the_file_has_both_people(store: Store, load: Load) -> None:
    load("email,alias:github\na@acme.test,bot\nb@acme.test,\n")
    assert load("email,alias:github\na@acme.test,\nb@acme.test,bot\n").updated == 2
    assert owner(store, "github", "bot") == "b@acme.test"


def test_two_people_cannot_have_one_alias(store: Store, load: Load) -> None:
    report = load("email,alias:github\na@acme.test,bot\nb@acme.test,x;bot\n")
    assert faults(report) == [(3, 'alias:github: "bot" is on line 2 already')]


def test_an_alias_is_not_taken_from_someone_whom_the_file_does_not_mention(store: Store, load: Load) -> None:
    load("email,alias:github\na@acme.test,bot\n")
    report = load("email,alias:github\nb@acme.test,bot\nc@acme.test,c\n", skip_bad_rows=True)
    assert [line for line, _ in faults(report)] == [2]
    assert report.faults[0].text.startswith('alias:github: "bot" is the alias of someone who is not in this file')
    assert owner(store, "github", "bot") == "a@acme.test"
    assert emails(store) == ["a@acme.test", "c@acme.test"]


@given(data=st.binary(max_size=200), prefix=st.sampled_from([b"", b"email\n", b"email,name,alias:x\n"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_are_too_odd_to_answer(sqlite_store: Store, tmp_path: Path, data: bytes, prefix: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(prefix + data)
    with suppress(PeopleFileError):
        import_people(sqlite_store, path, MONDAY_NOON_US, skip_bad_rows=True)
