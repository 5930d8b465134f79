"""Who sent it: Standard Webhooks signatures and bearer tokens, compared in constant time, several secrets at once."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence

from starlette.datastructures import Headers

from bot.hooks.answers import Refusal
from bot.settings import SettingsError

_TOLERANCE_SECONDS = 300


class Prover:
    """Proves the senders of one door; ``setting`` names where its secrets come from."""

    def __init__(self, secrets: Sequence[str], setting: str) -> None:
        """Raises ``SettingsError`` for a secret that cannot be a key."""
        self._setting = setting
        self._tokens = [secret.encode() for secret in secrets]
        self._macs = [hmac.new(key, digestmod="sha256") for secret in secrets for key in _signing_keys(secret, setting)]

    def is_signed(self, headers: Headers) -> bool:
        return "webhook-signature" in headers

    def require_bearer(self, headers: Headers) -> None:
        """Raises ``Refusal`` (401) unless ``Authorization: Bearer`` carries one of the secrets."""
        self._require_secrets()
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not is_one_of(token.strip().encode("latin-1"), self._tokens):
            raise _unproved("Authorization: a bearer token of this door is needed")

    def require_signature(self, headers: Headers, raw: bytes, now_us: int) -> None:
        """Raises ``Refusal`` (401) unless ``raw``, the body as sent, is signed as Standard Webhooks 1.0 has it."""
        self._require_secrets()
        message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not message_id:
            raise _unproved("webhook-id: missing")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
            raise _unproved("webhook-timestamp: whole seconds since 1970 are needed")
        if abs(int(timestamp) - now_us // 1_000_000) > _TOLERANCE_SECONDS:
            raise _unproved("webhook-timestamp: more than five minutes off")
        signed = b"%s.%s.%s" % (message_id.encode("latin-1"), timestamp.encode(), raw)
        expected = [_signature(mac, signed) for mac in self._macs]
        given = [_base64(one[3:]) for one in headers["webhook-signature"].split(" ") if one.startswith("v1,")]
        if not any(is_one_of(signature, expected) for signature in given):
            raise _unproved("webhook-signature: no signature fits")

    def _require_secrets(self) -> None:
        if not self._tokens:
            raise _unproved(f"this door is shut; set {self._setting} to open it")


def is_one_of(given: bytes, known: Sequence[bytes]) -> bool:
    """Is ``given`` one of ``known``? Looks at every one, however early it fits."""
    found = False
    for one in known:
        found |= hmac.compare_digest(given, one)
    return found and given != b""


def _signature(mac: hmac.HMAC, signed: bytes) -> bytes:
    mac = mac.copy()  # hmac.digest would let go of the interpreter for every small body
    mac.update(signed)
    return mac.digest()


def _signing_keys(secret: str, setting: str) -> list[bytes]:
    """The keys that a secret may stand for: ``whsec_`` and base64 as the specification has it, or plain text."""
    encoded = secret.removeprefix("whsec_")
    key = _base64(encoded + "=" * (-len(encoded) % 4))
    if encoded == secret:
        return [secret.encode(), key] if key else [secret.encode()]
    if not key:
        raise SettingsError(f"{setting}: after whsec_ comes the key in base64, 24 to 64 random bytes")
    return [key]


def _base64(text: str) -> bytes:
    """Empty where it cannot be read: an empty signature fits nothing."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return b""


def _unproved(text: str) -> Refusal:
    return Refusal(401, text, {"WWW-Authenticate": "Bearer"})
