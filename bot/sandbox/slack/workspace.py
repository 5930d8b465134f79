"""What a workspace holds: people, channels, messages, and what its app may do."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import msgspec

BOT_TOKEN = "xoxb-stand-in"
APP_TOKEN = "xapp-stand-in"
SIGNING_SECRET = "stand-in-signing-secret"
BOT_USER = "U0BANDSTAND"
ALL_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "im:history",
)


class Account(msgspec.Struct):
    """Somebody with an account, as ``users.list`` tells of them."""

    id: str
    name: str
    real_name: str
    email: str = ""
    timezone: str = "Europe/London"
    is_deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False


class Conversation(msgspec.Struct):
    """A channel, or the app's private conversation with ``person``."""

    id: str
    name: str = ""
    members: set[str] = msgspec.field(default_factory=set)
    is_private: bool = False
    is_archived: bool = False
    person: str = ""
    messages: list[dict[str, Any]] = msgspec.field(default_factory=list)


class Refused(Exception):
    """Slack's error code, and what goes with it."""

    def __init__(self, error: str, **details: str) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


class Workspace:
    """The state of the stand-in. The app is in every channel that lists ``BOT_USER``."""

    def __init__(self, team_id: str = "T0STANDIN", scopes: Iterable[str] = ALL_SCOPES) -> None:
        self.team_id = team_id
        self.scopes = set(scopes)
        self.takes_charts = True  # new kinds of block reach workspaces one by one
        self.accounts: dict[str, Account] = {}
        self.conversations: dict[str, Conversation] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.modals: dict[str, list[dict[str, Any]]] = {}  # by person, the one on top last
        self._private: dict[str, str] = {}  # by person, the conversation with them
        self.triggers: dict[str, str] = {}  # each opens one modal, for the person given
        self._numbers = itertools.count(1)

    def add_account(self, account: Account) -> Account:
        self.accounts[account.id] = account
        return account

    def add_channel(
        self, name: str, members: Iterable[str] = (), *, id: str = "", has_app: bool = True
    ) -> Conversation:
        """A public channel, by name without ``#``."""
        channel = Conversation(id or f"C{next(self._numbers):09d}", name, {*members, *([BOT_USER] if has_app else [])})
        self.conversations[channel.id] = channel
        return channel

    def require(self, *scopes: str) -> None:
        """Raises ``Refused`` (missing_scope) unless the app has one of ``scopes``."""
        if not self.scopes & set(scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes)))

    def channel(self, name_or_id: str) -> Conversation:
        """A conversation by id, or a channel by ``#name``. Raises ``Refused``."""
        found = self.conversations.get(name_or_id)
        if found is None and name_or_id.startswith("#"):
            found = next((one for one in self.conversations.values() if f"#{one.name}" == name_or_id), None)
        if found is None and name_or_id in self.accounts:
            found = self.open_private(name_or_id)
        if found is None:
            raise Refused("channel_not_found")
        return found

    def open_private(self, person: str) -> Conversation:
        """The app's private conversation with ``person``. Raises ``Refused``."""
        if person not in self.accounts:
            raise Refused("user_not_found")
        known = self.conversations.get(self._private.get(person, ""))
        if known is None:
            known = Conversation(f"D{next(self._numbers):09d}", members={person, BOT_USER}, person=person)
            self.conversations[known.id] = known
            self._private[person] = known.id
        return known

    def post(self, channel: Conversation, content: dict[str, Any]) -> dict[str, Any]:
        """Keeps a message, with an id that is unique and rises."""
        message = {
            "type": "message",
            "user": BOT_USER,
            "bot_id": "B0BANDSTAND",
            "app_id": "A0BANDSTAND",
            "ts": self.next_ts(),
            **content,
        }
        channel.messages.append(message)
        return message

    def use_trigger(self, trigger: str) -> str:
        """Whom the trigger lets the app show a modal, once. Raises ``Refused``."""
        if trigger not in self.triggers:
            raise Refused("invalid_trigger_id")
        return self.triggers.pop(trigger)

    def next_number(self) -> int:
        """A number that nothing had before."""
        return next(self._numbers)

    def next_ts(self) -> str:
        return f"{1_700_000_000 + next(self._numbers)}.{next(self._numbers):06d}"
