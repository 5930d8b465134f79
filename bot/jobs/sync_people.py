"""Slack's members into the directory: who has which account, who left, who is new.

Full members with an e-mail whom the directory lacks are added with name and address, so that a small company can begin
without a CSV. Bots, guests and people of other companies are left out. Whoever is not listed stays as they are.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import time
from typing import Any, TypeAlias

import aiohttp
import msgspec
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.email_address import as_email
from bot.faults import Fault
from bot.jobs.job import Job, JobContext, Scopes, Work
from bot.slots import Daily, Slot
from db.directory import DirectoryPerson, PersonRow, everyone, upsert_people
from db.engine import Store
from db.slack_accounts import AccountKind, record_accounts
from db.trail import SCHEDULE, Action, Deed, Fact, append

Sleep: TypeAlias = Callable[[float], Awaitable[object]]

_log = structlog.get_logger()

_PAGE = 200  # Slack's own advice; larger pages time out in large workspaces
_MOST_WAITS = 20  # for one page
_LONGEST_WAIT_S = 300


class SyncReport(msgspec.Struct, frozen=True):
    """What a sync found and did. ``members``: full members listed; ``left``: people it set inactive.

    ``without_email`` of all members points to a missing scope, ``users:read.email``.
    """

    members: int
    without_email: int
    new: int
    updated: int
    unchanged: int
    left: int


class SlackMember(msgspec.Struct, frozen=True):
    """An account that the workspace lists. ``email`` and ``timezone`` None: Slack does not say."""

    id: str
    name: str
    email: str | None
    timezone: str | None
    kind: AccountKind

    @property
    def is_member(self) -> bool:
        """Whether this is someone of the company who works here now."""
        return self.kind is AccountKind.MEMBER


async def sync_people(client: AsyncWebClient, store: Store, now_us: int, *, sleep: Sleep = asyncio.sleep) -> SyncReport:
    """Lists all members, then applies them in one transaction: a listing that breaks off changes nothing.

    Raises ``SlackApiError``, or what the connection raises, and ``StoreUnavailable``.
    """
    members = await list_members(client, sleep)
    return await asyncio.to_thread(_apply, store, members, now_us)


async def list_members(client: AsyncWebClient, sleep: Sleep) -> list[SlackMember]:
    """All accounts: of those who left, of guests, bots and other companies' people too."""
    members: list[SlackMember] = []
    cursor: str | None = None
    seen: set[str] = set()
    while cursor is None or cursor not in seen:
        seen |= {cursor} if cursor else set()
        page = await _page(client, cursor, sleep)
        members += [_member(raw) for raw in page.get("members") or () if raw.get("id")]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return members
    raise ValueError("users.list gave the same cursor twice")


async def _page(client: AsyncWebClient, cursor: str | None, sleep: Sleep) -> Any:
    for _ in range(_MOST_WAITS):
        try:
            return (await client.users_list(cursor=cursor, limit=_PAGE)).data
        except SlackApiError as error:
            if error.response.status_code != 429:
                raise
            wait_s = min(float(error.response.headers.get("Retry-After", 30)), _LONGEST_WAIT_S)
            _log.info("slack asks to wait", method="users.list", wait_s=wait_s)
            await sleep(wait_s)
    return (await client.users_list(cursor=cursor, limit=_PAGE)).data


def _kind(raw: dict[str, Any]) -> AccountKind:
    if raw["id"] == "USLACKBOT" or raw.get("is_bot") or raw.get("is_app_user") or raw.get("is_workflow_bot"):
        return AccountKind.BOT
    if raw.get("is_stranger"):
        return AccountKind.OUTSIDER
    if raw.get("deleted"):
        return AccountKind.CLOSED
    return AccountKind.GUEST if raw.get("is_restricted") or raw.get("is_ultra_restricted") else AccountKind.MEMBER


def _member(raw: dict[str, Any]) -> SlackMember:
    profile = raw.get("profile") or {}
    name = profile.get("real_name") or raw.get("real_name") or raw.get("name") or ""
    return SlackMember(
        id=raw["id"],
        name="".join(filter(str.isprintable, unicodedata.normalize("NFC", name))).strip(),
        email=as_email(profile.get("email") or ""),
        timezone=raw.get("tz") or None,
        kind=_kind(raw),
    )


def apply_members(conn: Connection, members: Sequence[SlackMember], now_us: int) -> SyncReport:
    """Brings the directory in line with ``members``, the whole list."""
    known = everyone(conn)
    present = _present(known, members)
    left = _left(known, members, {row.email for row in present})
    report = upsert_people(conn, [*present, *left], now_us)
    record_accounts(conn, {member.id: member.kind for member in members}, now_us)
    if report.new or report.updated:
        facts: dict[str, Fact] = {**msgspec.structs.asdict(report), "left": len(left), "from": "slack"}
        append(conn, now_us, Deed(Action.PEOPLE_IMPORTED, SCHEDULE, facts=facts))
    full = [member for member in members if member.is_member]
    result = SyncReport(
        members=len(full),
        without_email=sum(member.email is None for member in full),
        new=report.new,
        updated=report.updated,
        unchanged=report.unchanged,
        left=len(left),
    )
    _log.info("people synced", **msgspec.structs.asdict(result))
    return result


def _apply(store: Store, members: Sequence[SlackMember], now_us: int) -> SyncReport:
    with store.write() as conn:
        return apply_members(conn, members, now_us)


def _present(known: Sequence[DirectoryPerson], members: Iterable[SlackMember]) -> list[PersonRow]:
    """What Slack says of full members: of the person with that address, else with that account, else of a new one."""
    by_email = {person.email: person for person in known}
    by_slack_id = {person.slack_id: person for person in known if person.slack_id}
    rows: dict[str, PersonRow] = {}
    for member in members:
        if not member.is_member:
            continue
        person = by_email.get(member.email or "") or by_slack_id.get(member.id)
        row = _row(person, member)
        if row is not None:
            rows.setdefault(row.email, row)
    return list(rows.values())


def _row(person: DirectoryPerson | None, member: SlackMember) -> PersonRow | None:
    """None where neither the directory nor Slack has an address.

    Slack's address and name hold for people of whom only Slack has told; the CSV's, which may differ, for the others.
    """
    is_slacks_own = person is None or not _is_in_csv(person)
    email = member.email if person is None or (is_slacks_own and member.email) else person.email
    if email is None:
        return None
    return PersonRow(
        email=email,
        name=member.name if is_slacks_own or not (person and person.name) else None,
        slack_id=member.id,
        slack_timezone=member.timezone,
        is_active=True,
    )


def _is_in_csv(person: DirectoryPerson) -> bool:
    """Whether anything is known of the person that Slack does not tell."""
    return any(
        (
            person.manager_email,
            person.team,
            person.function,
            person.region,
            person.seniority,
            person.maturity,
            person.tier,
            person.cohort,
        )
    )


def _left(known: Iterable[DirectoryPerson], members: Iterable[SlackMember], present: set[str]) -> list[PersonRow]:
    """People whose account was closed or is no full member's, and who have no other."""
    gone_ids = {member.id for member in members if not member.is_member}
    gone_emails = {member.email for member in members if member.kind is AccountKind.CLOSED}
    return [
        PersonRow(email=person.email, is_active=False)
        for person in known
        if person.is_active
        and person.email not in present
        and (person.slack_id in gone_ids or (person.slack_id is None and person.email in gone_emails))
    ]


async def _find_members(context: JobContext, _slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    if context.slack is None:
        raise Fault("sync_people asks Slack who works here; set SLACK_BOT_TOKEN")
    try:
        members = await list_members(context.slack, asyncio.sleep)
    except SlackApiError as error:
        raise Fault(f"Slack answers {error.response.get('error')} to users.list; see bandstand check") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Fault(f"Slack cannot be reached ({type(error).__name__}); see SLACK_API_URL") from error
    now_us = context.world.now_us()
    line = f"{len(members)} accounts listed."
    return (Work(write=lambda conn: apply_members(conn, members, now_us), lines=(line,)),)


SYNC_PEOPLE = Job("sync_people", lambda _program: Daily(time(5)), _find_members)
