"""Slack's members in the directory, as a Slack of our own lists them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.jobs.sync_people import SyncReport, sync_people
from db.directory import DirectoryPerson, PersonRow, everyone, upsert_people
from db.engine import Store
from db.slack_accounts import employee_by_slack_id
from tests.builders import MONDAY_NOON_US


class Workspace:
    """A Slack that knows one method, ``users.list``, and does what ``answers`` say before it lists anybody."""

    def __init__(self) -> None:
        self.members: list[dict[str, Any]] = []
        self.page = 200
        self.answers: list[web.Response | None] = []
        self.limits: list[str | None] = []

    async def users_list(self, request: web.Request) -> web.Response:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            return answer
        self.limits.append(request.query.get("limit"))
        start = int(request.query.get("cursor") or 0)
        end = start + self.page
        cursor = str(end) if end < len(self.members) else ""
        return web.json_response(
            {"ok": True, "members": self.members[start:end], "response_metadata": {"next_cursor": cursor}}
        )


def member(id: str, email: str | None = None, **changes: Any) -> dict[str, Any]:
    profile = {"real_name": f"Name of {id}"} | ({"email": email} if email else {})
    return {"id": id, "name": id.lower(), "tz": "Europe/Berlin", "deleted": False, "profile": profile} | changes


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[AsyncWebClient]:
    app = web.Application()
    app.router.add_route("*", "/api/users.list", workspace.users_list)
    async with TestServer(app, host="127.0.0.1") as server:
        yield AsyncWebClient("xoxb-1", base_url=str(server.make_url("/api/")), retry_handlers=[])


def given(store: Store, *rows: PersonRow) -> None:
    with store.write() as conn:
        upsert_people(conn, rows, 1)


def directory(store: Store) -> dict[str, DirectoryPerson]:
    with store.read() as conn:
        return {person.email: person for person in everyone(conn)}


async def no_sleep(_seconds: float) -> None:
    pytest.fail("there was nothing to wait for")


async def synced(client: AsyncWebClient, store: Store, sleep: Callable[[float], Any] = no_sleep) -> SyncReport:
    return await sync_people(client, store, MONDAY_NOON_US, sleep=sleep)


async def test_a_member_is_known_by_the_address_in_any_case(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    given(store, PersonRow(email="ada@acme.test", name="Ada", team="core"))
    workspace.members = [member("U1", "Ada@ACME.test")]
    await synced(client, store)
    ada = directory(store)["ada@acme.test"]
    assert (ada.slack_id, ada.slack_timezone, ada.name, ada.team) == ("U1", "Europe/Berlin", "Ada", "core")


async def test_a_member_whom_the_csv_lacks_is_added(store: Store, workspace: Workspace, client: AsyncWebClient) -> None:
    workspace.members = [member("U1", "ada@acme.test"), member("W2")]
    assert await synced(client, store) == SyncReport(members=2, without_email=1, new=1, updated=0, unchanged=0, left=0)
    assert directory(store)["ada@acme.test"].name == "Name of U1"
    assert (await synced(client, store)).unchanged == 1


async def test_bots_guests_and_people_of_other_companies_are_left_out(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.members = [
        member("USLACKBOT", "slackbot@acme.test"),
        member("U1", "bot@acme.test", is_bot=True),
        member("U2", "app@acme.test", is_app_user=True),
        member("U3", "guest@acme.test", is_restricted=True),
        member("U4", "guest1@acme.test", is_restricted=True, is_ultra_restricted=True),
        member("U5", "partner@other.test", is_stranger=True),
    ]
    assert (await synced(client, store)).members == 0
    assert directory(store) == {}


async def test_each_account_is_known_for_what_it_is(store: Store, workspace: Workspace, client: AsyncWebClient) -> None:
    given(store, *(PersonRow(f"p{n}@acme.test", slack_id=f"U{n}", team="core") for n in range(1, 7)))
    workspace.members = [
        member("U1", "p1@acme.test"),
        member("U2", "p2@acme.test", is_bot=True),
        member("U3", "p3@acme.test", is_restricted=True),
        member("U4", "p4@acme.test", is_restricted=True, is_ultra_restricted=True),
        member("U5", "p5@acme.test", is_stranger=True),
        member("U6", "p6@acme.test", deleted=True),
    ]
    await synced(client, store)
    with store.read() as conn:
        assert [employee_by_slack_id(conn, f"U{n}") is not None for n in range(1, 7)] == [True] + [False] * 5
    workspace.members = [member(f"U{n}", f"p{n}@acme.test") for n in range(1, 7)]
    await synced(client, store)
    with store.read() as conn:
        assert all(employee_by_slack_id(conn, f"U{n}") is not None for n in range(1, 7))


async def test_every_page_is_read(store: Store, workspace: Workspace, client: AsyncWebClient) -> None:
    workspace.members = [member(f"U{number}", f"p{number}@acme.test") for number in range(7)]
    workspace.page = 3
    assert (await synced(client, store)).new == 7
    assert workspace.limits == ["200"] * 3


async def test_who_leaves_is_inactive_until_they_return(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    given(store, PersonRow(email="never-in-slack@acme.test"))
    workspace.members = [member("U1", "ada@acme.test"), member("U2", "bo@acme.test"), member("U3", "cy@acme.test")]
    await synced(client, store)
    workspace.members = [member("U1", None, deleted=True), member("U2", "bo@acme.test", is_restricted=True)]
    assert (await synced(client, store)).left == 2
    assert {email: person.is_active for email, person in directory(store).items()} == {
        "ada@acme.test": False,
        "bo@acme.test": False,
        "cy@acme.test": True,  # not listed
        "never-in-slack@acme.test": True,
    }
    workspace.members = [member("U1", "ada@acme.test")]
    await synced(client, store)
    assert directory(store)["ada@acme.test"].is_active


async def test_a_closed_account_says_nothing_of_someone_with_another(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.members = [member("U1", "ada@acme.test", deleted=True), member("U2", "ada@acme.test")]
    await synced(client, store)
    ada = directory(store)["ada@acme.test"]
    assert (ada.slack_id, ada.is_active) == ("U2", True)


async def test_a_new_address_in_slack_is_the_same_person(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.members = [member("U1", "ada.byron@acme.test")]
    await synced(client, store)
    before = directory(store)["ada.byron@acme.test"]
    workspace.members = [member("U1", "ada.lovelace@acme.test")]
    await synced(client, store)
    assert list(directory(store)) == ["ada.lovelace@acme.test"]
    assert directory(store)["ada.lovelace@acme.test"].id == before.id


async def test_an_address_from_the_csv_outlasts_another_one_in_slack(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    given(store, PersonRow(email="ada@acme.test", slack_id="U1", team="core"))
    workspace.members = [member("U1", "al@acme.test")]
    await synced(client, store)
    assert list(directory(store)) == ["ada@acme.test"]


async def test_slack_is_given_the_time_that_it_asks_for(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.members = [member("U1", "ada@acme.test")]
    workspace.answers = [
        web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "7"}),
        web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "2"}),
    ]
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    assert (await synced(client, store, sleep)).new == 1
    assert waits == [7, 2]


async def test_a_list_that_breaks_off_changes_nothing(
    store: Store, workspace: Workspace, client: AsyncWebClient
) -> None:
    given(store, PersonRow(email="ada@acme.test", slack_id="U1"))
    workspace.members = [member("U1", "ada@acme.test", deleted=True), member("U2", "bo@acme.test")]
    workspace.page = 1
    workspace.answers = [None, web.json_response({"ok": False, "error": "internal_error"}, status=500)]
    with pytest.raises(SlackApiError):
        await synced(client, store)
    assert directory(store)["ada@acme.test"].is_active
    assert len(directory(store)) == 1
