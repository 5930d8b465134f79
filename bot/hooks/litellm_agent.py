"""What Claude Code says of itself in the end user of its calls through LiteLLM; its telemetry has the same ids."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

_Id = Annotated[str, Meta(pattern="^[0-9A-Za-z_-]{0,100}$")]


class Agent(msgspec.Struct, frozen=True):
    """The session, the installation and the account that a call came from; "" where it does not say."""

    session_id: _Id = ""
    device_id: _Id = ""
    account_uuid: _Id = ""


_agent = msgspec.json.Decoder(Agent)
_WRITTEN = re.compile(r"user_([0-9a-f]+)_account_([0-9a-f-]*)_session_([0-9a-f-]+)")  # by older versions


def agent_of(end_user: str) -> Agent | None:
    """None where ``end_user`` is somebody or something else."""
    if written := _WRITTEN.fullmatch(end_user):
        return Agent(session_id=written[3], device_id=written[1], account_uuid=written[2])
    if not end_user.startswith("{"):
        return None
    try:
        return _agent.decode(end_user)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
