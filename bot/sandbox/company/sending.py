"""Sends events through the service's real doors, each with the proof that its sender would give."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping

import aiohttp
import msgspec

from bot.faults import Fault
from bot.sandbox.company.cloudevents import cloud_events_batch
from bot.sandbox.company.gateway import gateway_batch
from bot.sandbox.company.history import History
from scoring.events import Event

_GATEWAY_BATCH = 200  # about 2 MB, as LiteLLM's own batches are large
_TOOLS_BATCH = 500


class Doors(msgspec.Struct, frozen=True):
    """Where the service listens (``http://127.0.0.1:8080``) and what its doors want as proof."""

    address: str
    events_secret: str
    gateway_secret: str


class Sent(msgspec.Struct, frozen=True):
    """What the doors' answers add up to."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(self.accepted + other.accepted, self.duplicates + other.duplicates, self.rejected + other.rejected)


async def send_history(
    session: aiohttp.ClientSession,
    doors: Doors,
    history: History,
    now_us: Callable[[], int],
    on_sent: Callable[[int], None],
) -> Sent:
    """Sends everything; tells ``on_sent`` how many events each batch had. Raises ``Fault`` when a door refuses."""
    total = Sent()
    for batch in _batches(history.from_gateway, _GATEWAY_BATCH):
        total += await _post(
            session, f"{doors.address}/hooks/litellm", gateway_batch(batch), _bearer(doors.gateway_secret)
        )
        on_sent(len(batch))
    for batch in _batches(history.from_tools, _TOOLS_BATCH):
        body = cloud_events_batch(batch)
        proof = signature_headers(doors.events_secret, f"msg_{batch[0].id}", now_us() // 1_000_000, body)
        total += await _post(
            session,
            f"{doors.address}/hooks/events",
            body,
            {**proof, "content-type": "application/cloudevents-batch+json"},
        )
        on_sent(len(batch))
    return total


def signature_headers(secret: str, message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The Standard Webhooks headers (spec, "Signature scheme"); ``secret`` is ``whsec_`` and the key in base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, b"%s.%d.%s" % (message_id.encode(), timestamp_s, body), hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}", "content-type": "application/json"}


async def _post(session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]) -> Sent:
    async with session.post(url, data=body, headers=headers) as answer:
        text = await answer.text()
    if answer.status // 100 != 2:
        raise Fault(f"{url} answered {answer.status}: {text[:200]}")
    return msgspec.json.decode(text, type=Sent)


def _batches(events: tuple[Event, ...], size: int) -> Iterator[tuple[Event, ...]]:
    for start in range(0, len(events), size):
        yield events[start : start + size]
