"""The doors of programs that sign the body and tell of one thing at a time: GitHub, Jira and Linear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal, taken
from bot.hooks.body import content_type, inflated, read_raw
from bot.hooks.decoding import Fault
from bot.hooks.delivery import Delivery, take_in
from bot.hooks.github_delivery import events_of_delivery
from bot.hooks.jira import events_of_issue_update
from bot.hooks.linear import events_of_change
from bot.hooks.proof import DigestProver
from bot.hooks.sane import Insane, check
from bot.intake import Intake
from bot.limits import TICKET_BODY_BYTES
from bot.world import World
from db.rejected import Rejected
from scoring.events import Event

Read: TypeAlias = Callable[[Headers, bytes], Sequence[Event]]
"""The events that a body tells of. Raises ``Refusal`` where it is no JSON object, ``Fault`` where it is an odd one."""


def github_door(intake: Intake, prover: DigestProver, world: World) -> Endpoint:
    """``POST /hooks/github``."""

    def read(headers: Headers, body: bytes) -> Sequence[Event]:
        name = headers.get("x-github-event", "")
        if not name:
            raise Refusal(400, "x-github-event: missing")
        return events_of_delivery(name, body, world.program.sources.github)

    return _door("github", prover, read, intake, world)


def jira_door(intake: Intake, prover: DigestProver, world: World) -> Endpoint:
    """``POST /hooks/jira``."""
    rules = world.program.sources.jira
    return _door("jira", prover, lambda _, body: events_of_issue_update(body, rules), intake, world)


def linear_door(intake: Intake, prover: DigestProver, world: World) -> Endpoint:
    """``POST /hooks/linear``."""

    def read(_headers: Headers, body: bytes) -> Sequence[Event]:
        return events_of_change(body, world.program.sources.linear, world.now_us())

    return _door("linear", prover, read, intake, world)


def _door(source: str, prover: DigestProver, read: Read, intake: Intake, world: World) -> Endpoint:
    async def take(request: Request) -> Response:
        form = content_type(request.headers)
        if form not in ("application/json", "application/x-www-form-urlencoded"):
            raise Refusal(415, "content-type: application/json is needed")
        raw = await read_raw(request, TICKET_BODY_BYTES)
        prover.require_signature(request.headers, raw)
        body = await inflated(raw, request.headers, TICKET_BODY_BYTES)
        if form != "application/json":
            body = _payload(body)
        delivery = _delivery(read, request.headers, body, world.now_us())
        return taken(await take_in(delivery, source, intake, world), len(delivery.rejected))

    return take


def _payload(form: bytes) -> bytes:
    try:
        payload = parse_qs(form.decode("ascii"), max_num_fields=10).get("payload", [""])[0]
    except ValueError as error:
        raise Refusal(400, "body: not a form that can be read") from error
    return payload.encode("utf-8", "surrogatepass")


def _delivery(read: Read, headers: Headers, body: bytes, now_us: int) -> Delivery:
    try:
        events = read(headers, body)
        for event in events:
            check(event, now_us)
    except (Fault, Insane) as error:
        return Delivery(rejected=[Rejected(error.place, error.text)])
    return Delivery(events)
