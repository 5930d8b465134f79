"""What kind of Slack account somebody has, as Slack listed it last."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, update

from db.directory import DirectoryPerson
from db.tables import people, slack_accounts


class AccountKind(StrEnum):
    """A full member of the workspace works here; nobody else does."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    OUTSIDER = "outsider"  # of another workspace, met in a shared channel
    CLOSED = "closed"


def record_accounts(conn: Connection, kinds: Mapping[str, AccountKind], now_us: int) -> None:
    """Keeps the kind of each account, by Slack id; those not named stay as they are."""
    rows = conn.execute(select(slack_accounts.c.slack_id, slack_accounts.c.kind))
    known = {row.slack_id: row.kind for row in rows}
    new = [{"slack_id": id, "kind": kind.value, "updated_us": now_us} for id, kind in kinds.items() if id not in known]
    changed = [{"id": id, "now": kind.value} for id, kind in kinds.items() if id in known and known[id] != kind.value]
    if new:
        conn.execute(insert(slack_accounts), new)
    if changed:
        by_id = update(slack_accounts).where(slack_accounts.c.slack_id == bindparam("id"))
        conn.execute(by_id.values(kind=bindparam("now"), updated_us=now_us), changed)


def employee_by_slack_id(conn: Connection, slack_id: str) -> DirectoryPerson | None:
    """The active person of the directory with that account; None too where Slack says that it is no full member's.

    An account that Slack has not listed yet counts as what the directory says.
    """
    query = (
        select(*(people.c[name] for name in DirectoryPerson.__struct_fields__), slack_accounts.c.kind)
        .outerjoin(slack_accounts, slack_accounts.c.slack_id == people.c.slack_id)
        .where(people.c.slack_id == slack_id, people.c.is_active)
    )
    row = conn.execute(query).first()
    if row is None or row.kind not in (None, AccountKind.MEMBER):
        return None
    return DirectoryPerson(*row[:-1])
