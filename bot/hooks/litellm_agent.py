"""What Claude Code says of itself in the end user of its calls through LiteLLM; its telemetry has the same ids."""

from __future__ import annotations

import re

import msgspec


class Agent(msgspec.Struct, frozen=True):
    """The session, the installation and the account that a call came from; "" where it does not say."""

    session_id: str = ""
    device_id: str = ""
    account_uuid: str = ""


_object = msgspec.json.Decoder(dict[str, object])
_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
_WRITTEN = re.compile(r"user_([0-9a-f]+)_account_([0-9a-f-]*)_session_([0-9a-f-]+)")  # by older versions


def agent_of(end_user: str) -> Agent | None:
    """None where ``end_user`` is somebody or something else; an odd id is left out."""
    if written := _WRITTEN.fullmatch(end_user):
        return Agent(session_id=written[3], device_id=written[1], account_uuid=written[2])
    if not end_user.startswith("{"):
        return None
    try:
        said = _object.decode(end_user)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return Agent(**{name: _id(said.get(name)) for name in Agent.__struct_fields__})


def _id(said: object) -> str:
    return said if isinstance(said, str) and _ID.fullmatch(said) else ""
