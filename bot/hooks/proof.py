"""Who sent it: Standard Webhooks signatures and bearer tokens, compared in constant time, several secrets at once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from starlette.datastructures import Headers

from bot.hooks.answers import Refusal

_TOLERANCE_SECONDS = 300


class Prover:
    """Proves the senders of one door; ``setting`` names where its secrets come from."""

    def __init__(self, secrets: Sequence[str], setting: str) -> None:
        self._tokens = [secret.encode() for secret in secrets]
        self._keys = [key for secret in secrets for key in _signing_keys(secret)]
        self._setting = setting

    def require_bearer(self, headers: Headers) -> None:
        """Raises ``Refusal`` (401) unless ``Authorization: Bearer`` carries one of the secrets."""
        self._require_secrets()
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not _matches(token.strip().encode("latin-1", "replace"), self._tokens):
            raise _unproved("Authorization: a bearer token of this door is needed")

    def require_signature_or_bearer(self, headers: Headers, body: bytes, now_us: int) -> None:
        """Raises ``Refusal`` (401) unless the request is signed by Standard Webhooks 1.0 or carries a bearer token."""
        if "webhook-signature" not in headers:
            self.require_bearer(headers)
            return
        self._require_secrets()
        message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
            raise _unproved("webhook-timestamp: whole seconds since 1970 are needed")
        if abs(int(timestamp) - now_us // 1_000_000) > _TOLERANCE_SECONDS:
            raise _unproved("webhook-timestamp: more than five minutes off")
        signed = b"%s.%s.%s" % (message_id.encode("latin-1", "replace"), timestamp.encode(), body)
        expected = [hmac.new(key, signed, hashlib.sha256).digest() for key in self._keys]
        given = [_decoded(one) for one in headers["webhook-signature"].split(" ") if one.startswith("v1,")]
        if not any(_matches(signature, expected) for signature in given):
            raise _unproved("webhook-signature: no signature fits")

    def _require_secrets(self) -> None:
        if not self._tokens:
            raise _unproved(f"this door is shut; set {self._setting} to open it")


def _matches(given: bytes, known: Sequence[bytes]) -> bool:
    """Is ``given`` one of ``known``? Looks at every one, however early it fits."""
    found = False
    for one in known:
        found |= hmac.compare_digest(given, one)
    return found and given != b""


def _signing_keys(secret: str) -> list[bytes]:
    """The keys that a secret may stand for: ``whsec_`` and base64 as the specification has it, or plain text."""
    if secret.startswith("whsec_"):
        decoded = _decoded("v1," + secret.removeprefix("whsec_"))
        return [decoded] if decoded else []
    decoded = _decoded("v1," + secret)
    return [secret.encode(), decoded] if decoded else [secret.encode()]


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature[3:].encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _unproved(text: str) -> Refusal:
    return Refusal(401, text, {"WWW-Authenticate": "Bearer"})
