"""Juniper & Vale: the same for the same seed and moment, and with every kind of player in it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest
from standardwebhooks import Webhook

from bot.sandbox.company.calendar import DAYS, Calendar
from bot.sandbox.company.cloudevents import cloud_event, cloud_events_batch
from bot.sandbox.company.gateway import CANARY, gateway_batch, gateway_record
from bot.sandbox.company.history import History, make_history
from bot.sandbox.company.people import DOMAIN, SERVICE_ACCOUNT, colleagues, people_csv
from bot.sandbox.company.rules import program_toml
from bot.sandbox.company.sending import signature_headers
from scoring.events import Contribution, Event, Lane, Outcome, Policy, Usage
from scoring.program_file import parse_program
from scoring.window import to_us

NOW_US = to_us(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
MOMENTS = [
    NOW_US,
    to_us(datetime(2026, 11, 21, 3, 0, tzinfo=UTC)),
    to_us(datetime(2026, 4, 6, 22, 30, tzinfo=UTC)),
    to_us(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
]


@pytest.fixture(scope="module")
def history() -> History:
    return make_history(NOW_US)


def _all(history: History) -> tuple[Event, ...]:
    return history.from_gateway + history.from_tools


def _bytes(history: History) -> bytes:
    return (
        gateway_batch(history.from_gateway[:50]) + cloud_events_batch(history.from_tools) + msgspec.json.encode(history)
    )


def test_the_same_seed_and_moment_give_the_same_bytes(history: History) -> None:
    assert _bytes(make_history(NOW_US)) == _bytes(history)


def test_another_seed_gives_another_history(history: History) -> None:
    assert make_history(NOW_US, seed=7) != history


@pytest.mark.parametrize("now_us", MOMENTS)
def test_everything_happens_in_the_eight_weeks_before_the_moment(now_us: int) -> None:
    first_us, moments = Calendar(now_us).moment_us(0, 0), [event.time_us for event in _all(make_history(now_us))]
    assert first_us <= min(moments)
    assert now_us - 3 * 86_400_000_000 < max(moments) < now_us


@pytest.mark.parametrize("now_us", MOMENTS)
def test_no_event_has_the_name_of_another(now_us: int) -> None:
    names = Counter((event.source, event.id) for event in _all(make_history(now_us)))
    assert max(names.values()) == 1


def test_the_company_has_six_teams_and_four_functions_in_its_pilot() -> None:
    pilot = [person for person in colleagues() if person.cohort == "pilot"]
    assert len(pilot) == 40
    assert len({person.team for person in pilot}) == 6
    assert len({person.function for person in pilot}) == 4
    assert len({person.email for person in colleagues()}) == len(colleagues())


def test_the_people_file_has_the_columns_of_the_contract_and_a_manager_for_all_but_one() -> None:
    rows = list(csv.DictReader(io.StringIO(people_csv())))
    columns = "email,name,slack_id,manager_email,team,function,region,seniority,maturity,tier,cohort"
    assert ",".join(rows[0]) == f"{columns},alias:github,alias:litellm"
    emails = {row["email"] for row in rows}
    assert [row["name"] for row in rows if not row["manager_email"]] == ["Henrik Aalto"]
    assert all(row["manager_email"] in emails for row in rows if row["manager_email"])
    assert all(row["email"] != row["manager_email"] for row in rows)


def test_everybody_who_appears_is_in_the_directory_but_for_the_service_account(history: History) -> None:
    known = {name for person in colleagues() for name in (person.email, person.github, person.litellm) if name}
    assert {event.subject for event in _all(history)} - known == {SERVICE_ACCOUNT}


def test_the_burner_uses_most_tokens_and_gets_little_done(history: History) -> None:
    tokens: Counter[str] = Counter()
    for event in _all(history):
        if isinstance(event.fact, Usage):
            tokens[event.subject] += event.fact.tokens.total
    assert tokens.most_common(1)[0][0] == "felix"
    assert _outcomes(history, "fbrandt") < _outcomes(history, "noor-h")


def test_the_splitter_claims_far_more_tasks_than_colleagues_of_low_quality(history: History) -> None:
    theirs = [event.fact for event in history.from_tools if event.subject == f"jonas.weber@{DOMAIN}"]
    qualities = [fact.quality for fact in theirs if isinstance(fact, Outcome) and fact.quality is not None]
    assert len(qualities) > 3 * _outcomes(history, f"lucia.moreno@{DOMAIN}") > 0
    assert sum(qualities) / len(qualities) < 0.4


@pytest.mark.parametrize("now_us", MOMENTS)
def test_the_newcomer_has_fewer_than_three_outcomes(now_us: int) -> None:
    assert _outcomes(make_history(now_us), "leo-martin") < 3


def test_the_beginner_gets_better(history: History) -> None:
    middle_us = Calendar(NOW_US).moment_us(DAYS // 2, 0)
    theirs = [event for event in history.from_tools if event.subject == f"kofi.asante@{DOMAIN}"]
    quality = {True: [0.0], False: [0.0]}
    for event in theirs:
        if isinstance(event.fact, Outcome) and event.fact.quality is not None:
            quality[event.time_us > middle_us].append(event.fact.quality)
    assert sum(quality[True]) / len(quality[True]) > sum(quality[False]) / len(quality[False]) + 0.1


def test_one_person_has_an_unresolved_serious_violation(history: History) -> None:
    serious = {e.subject for e in history.from_tools if isinstance(e.fact, Policy) and e.fact.severity == "high"}
    assert serious == {f"sofie.jensen@{DOMAIN}"}


def test_every_team_but_finance_has_shared_something_that_an_outsider_to_the_authors_reports_has_reviewed(
    history: History,
) -> None:
    team = {person.email: person.team for person in colleagues()}
    lead = {person.team: person.email for person in colleagues() if person.leads}
    facts = [(event.subject, event.fact) for event in history.from_tools if isinstance(event.fact, Contribution)]
    author = {fact.asset: subject for subject, fact in facts if fact.action == "shared"}
    reviewed = {
        team[author[fact.asset]]
        for subject, fact in facts
        if fact.action == "reviewed"
        and not (lead[team[subject]] == author[fact.asset] or subject == author[fact.asset])
    }
    assert reviewed == {"Payments", "Storefront", "Platform", "Care", "Brand"}


def test_a_gateway_record_is_as_large_as_a_real_one_and_says_what_the_call_was(history: History) -> None:
    call = next(event for event in history.from_gateway if event.subject == "felix")
    assert isinstance(call.fact, Usage)
    record = gateway_record(call)
    assert 8_000 < len(msgspec.json.encode(record)) < 16_000
    assert record["prompt_tokens"] == call.fact.tokens.input + call.fact.tokens.cache_read
    assert record["metadata"]["user_api_key_user_id"] == "felix"
    assert round(record["response_cost"] * 1e9) == call.fact.cost_nanousd


def test_prompts_and_answers_are_sent_so_that_one_can_see_them_dropped(history: History) -> None:
    record = gateway_record(next(e for e in history.from_gateway if isinstance(e.fact, Usage) and not e.fact.is_error))
    assert CANARY in str(record["messages"])
    assert CANARY in str(record["response"])
    assert CANARY not in str({name: record[name] for name in ("id", "model", "request_tags", "trace_id")})


def test_an_event_of_another_tool_is_a_cloud_event_without_what_nobody_measured(history: History) -> None:
    outcome = next(event for event in history.from_tools if isinstance(event.fact, Outcome))
    sent = cloud_event(outcome)
    assert (sent["specversion"], sent["type"]) == ("1.0", "bandstand.outcome")
    assert datetime.fromisoformat(sent["time"]).tzinfo is not None
    assert None not in sent["data"].values()
    assert "is_accepted" not in sent["data"]


def test_the_program_loads_and_its_digest_is_due_at_the_given_minute() -> None:
    program = parse_program(program_toml(NOW_US))
    assert (program.digest.weekday, program.digest.time.isoformat("minutes")) == ("monday", "17:00")
    assert program.timezone == "Europe/Berlin"
    sandbox = program.lanes.lane_of(source="litellm", subject="x", model="gpt-4o", use_case=None, tags=("sandbox",))
    assert sandbox is Lane.EXPLORATION


def test_the_signature_is_what_the_standard_webhooks_library_accepts() -> None:
    secret, body = "whsec_" + "c2VjcmV0" * 4, b'[{"id": 1}]'
    timestamp_s = int(datetime.now(tz=UTC).timestamp())
    assert Webhook(secret).verify(body.decode(), signature_headers(secret, "msg_1", timestamp_s, body)) == [{"id": 1}]


def _outcomes(history: History, subject: str) -> int:
    return sum(
        isinstance(event.fact, Outcome) and not event.fact.reverses
        for event in history.from_tools
        if event.subject == subject
    )
