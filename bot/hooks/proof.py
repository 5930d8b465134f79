"""Who sent it: Standard Webhooks signatures and bearer tokens, compared in constant time, several secrets at once.

Bearer secrets of the settings are kept hashed. Those that sign have to be known in the clear.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from hashlib import sha256

import msgspec
from starlette.datastructures import Headers

from bot.hooks.answers import Refusal
from bot.hooks.keyring import Keyring
from bot.ingest_token import given_token
from bot.settings import SettingsError
from scoring.events import Event

_TOLERANCE_SECONDS = 300


class Proof(msgspec.Struct, frozen=True):
    """Whom a proof names: nobody, only that the sender may send; or, by a personal token, the person."""

    person_id: int | None = None
    token_id: str = ""
    email: str = ""


class Prover:
    """Proves the senders of one door; ``setting`` names where its secrets come from.

    With ``keyring`` the tokens made for ``door`` open it too, and the last use of every secret is kept.
    """

    def __init__(self, secrets: Sequence[str], setting: str, keyring: Keyring | None = None, door: str = "") -> None:
        """Raises ``SettingsError`` for a secret that cannot be a key."""
        self._setting = setting
        self._keyring = keyring
        self._door = door
        self._hashes = [sha256(secret.encode()).digest() for secret in secrets]
        self._signers = [
            (place, hmac.new(key, digestmod="sha256"))
            for place, secret in enumerate(secrets)
            for key in _signing_keys(secret, setting)
        ]

    def is_signed(self, headers: Headers) -> bool:
        return "webhook-signature" in headers

    async def require_bearer(self, headers: Headers) -> Proof:
        """Whom ``Authorization: Bearer`` names. Raises ``Refusal`` (401) where it is none that opens this door.

        Raises ``StoreUnavailable`` where it may be a token of the table and that cannot be asked.
        """
        scheme, _, given = headers.get("authorization", "").partition(" ")
        bearer = given.strip() if scheme.lower() == "bearer" else ""
        place = place_of(sha256(bearer.encode("latin-1")).digest(), self._hashes)
        if bearer and place is not None:
            self.note_use(place)
            return Proof()
        token = given_token(bearer)
        if token is not None and self._keyring is not None:
            live = await self._keyring.token_of(token, self._door)
            if live is not None:
                return Proof(live.person_id, token.id, live.email)
        self._require_secrets()
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
        expected = [_signature(mac, signed) for _, mac in self._signers]
        given = [_base64(one[3:]) for one in headers["webhook-signature"].split(" ") if one.startswith("v1,")]
        fitting = [place for place in (place_of(signature, expected) for signature in given) if place is not None]
        if not fitting:
            raise _unproved("webhook-signature: no signature fits")
        self.note_use(self._signers[fitting[0]][0])

    def note_use(self, place: int) -> None:
        """Keeps that the door's secret number ``place``, in the order of the settings, has just proved a sender."""
        if self._keyring is not None:
            self._keyring.uses.note_secret(self._door, _shortened(self._hashes[place]))

    def _require_secrets(self) -> None:
        if not self._hashes:
            raise _unproved(f"this door is shut; set {self._setting} to open it")


class DigestProver:
    """Proves the senders of a door that sign the body alone: HMAC-SHA256 in hexadecimal, in ``header`` after ``prefix``."""

    def __init__(
        self, secrets: Sequence[str], setting: str, keyring: Keyring, door: str, *, header: str, prefix: str = ""
    ) -> None:
        self._setting = setting
        self._uses = keyring.uses
        self._door = door
        self._header = header
        self._prefix = prefix
        self._signers = [(fingerprint(secret), hmac.new(secret.encode(), digestmod="sha256")) for secret in secrets]

    def require_signature(self, headers: Headers, raw: bytes) -> None:
        """Raises ``Refusal`` (401) unless ``raw``, the body as sent, is signed with one of the secrets."""
        if not self._signers:
            raise _unproved(f"this door is shut; set {self._setting} to open it")
        expected = [self._prefix.encode() + _signature(mac, raw).hex().encode() for _, mac in self._signers]
        place = place_of(headers.get(self._header, "").encode("latin-1"), expected)
        if place is None:
            raise _unproved(f"{self._header}: no signature fits")
        self._uses.note_secret(self._door, self._signers[place][0])


def sent_by(proof: Proof, event: Event) -> Event:
    """``event`` as the proved usage of the person whom ``proof`` names, whatever it says of them; else as it is."""
    if proof.person_id is None:
        return event
    return msgspec.structs.replace(event, token=proof.token_id, is_asserted=False)


def fingerprint(secret: str) -> str:
    """A few letters by which a secret of the settings can be spoken of: the beginning of its SHA-256."""
    return _shortened(sha256(secret.encode()).digest())


def is_one_of(given: bytes, known: Sequence[bytes]) -> bool:
    """Is ``given`` one of ``known``? Looks at every one, however early it fits."""
    return place_of(given, known) is not None


def place_of(given: bytes, known: Sequence[bytes]) -> int | None:
    """Which of ``known`` is ``given``, None for none and for nothing. Looks at every one, however early it fits."""
    found = None
    for place, one in enumerate(known):
        if hmac.compare_digest(given, one):
            found = place
    return found if given else None


def _shortened(hash: bytes) -> str:
    return hash.hex()[:8]


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
