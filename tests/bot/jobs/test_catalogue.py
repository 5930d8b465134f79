"""The jobs there are, and how one is run by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.faults import Fault
from bot.jobs.catalogue import JOBS, run_job
from bot.jobs.job import JobContext
from bot.jobs.runner import run_due
from bot.jobs.sync_people import SYNC_PEOPLE
from bot.slots import due_slot
from db.directory import everyone
from db.engine import Store
from scoring.program import Program
from tests.builders import MONDAY_NOON_US, job_context


@pytest.fixture
async def slack() -> AsyncIterator[AsyncWebClient]:
    """A workspace with one member, Ada."""

    async def users_list(_request: web.Request) -> web.Response:
        ada = {"id": "U1", "profile": {"real_name": "Ada", "email": "ada@acme.test"}}
        return web.json_response({"ok": True, "members": [ada]})

    app = web.Application()
    app.router.add_route("*", "/api/users.list", users_list)
    async with TestServer(app, host="127.0.0.1") as server:
        yield AsyncWebClient("xoxb-1", base_url=str(server.make_url("/api/")), retry_handlers=[])


def context(store: Store, slack: AsyncWebClient | None = None) -> JobContext:
    return job_context(store, Program(), slack=slack)


def emails(store: Store) -> list[str]:
    with store.read() as conn:
        return [person.email for person in everyone(conn)]


def test_every_job_has_a_name_of_its_own_and_a_slot_that_has_come() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    for job in JOBS:
        assert due_slot(job.cadence(Program()), Program().zone, MONDAY_NOON_US).at_us <= MONDAY_NOON_US


async def test_a_job_that_does_not_exist_is_refused_with_those_that_do(sqlite_store: Store) -> None:
    with pytest.raises(Fault, match=r'there is no job "digset"; there are .*digest'):
        await run_job("digset", context(sqlite_store), MONDAY_NOON_US)


@pytest.mark.parametrize("name", [job.name for job in JOBS])
async def test_a_dry_run_of_any_job_changes_nothing(sqlite_store: Store, slack: AsyncWebClient, name: str) -> None:
    result = await run_job(name, context(sqlite_store, slack), MONDAY_NOON_US, dry_run=True)
    assert result.job == name
    assert result.lines
    assert emails(sqlite_store) == []


async def test_people_are_synced_once_a_day(store: Store, slack: AsyncWebClient) -> None:
    assert await run_due(SYNC_PEOPLE, context(store, slack)) is not None
    assert emails(store) == ["ada@acme.test"]
    assert await run_due(SYNC_PEOPLE, context(store, slack)) is None


async def test_without_slack_people_cannot_be_synced(sqlite_store: Store) -> None:
    with pytest.raises(Fault, match="SLACK_BOT_TOKEN"):
        await run_job("sync_people", context(sqlite_store), MONDAY_NOON_US)


async def test_what_slack_refuses_is_said_in_a_line(sqlite_store: Store) -> None:
    async def users_list(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": "missing_scope"})

    app = web.Application()
    app.router.add_route("*", "/api/users.list", users_list)
    async with TestServer(app, host="127.0.0.1") as server:
        slack = AsyncWebClient("xoxb-1", base_url=str(server.make_url("/api/")), retry_handlers=[])
        with pytest.raises(Fault, match="Slack answers missing_scope"):
            await run_job("sync_people", context(sqlite_store, slack), MONDAY_NOON_US)


async def test_a_slack_that_is_away_is_said_in_a_line(sqlite_store: Store) -> None:
    slack = AsyncWebClient("xoxb-1", base_url="http://127.0.0.1:1/api/", retry_handlers=[])
    with pytest.raises(Fault, match="Slack cannot be reached"):
        await run_job("sync_people", context(sqlite_store, slack), MONDAY_NOON_US)
