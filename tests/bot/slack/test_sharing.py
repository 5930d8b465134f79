"""Sharing, reviewing and using in Slack: what is kept, who hears of it, and what counts for nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from bot.contributing import SOURCE
from bot.scoreboard import evidence_at
from bot.slack.desk.sharing import review, send_review, send_shared, share, show_shared, use_shared
from bot.slack.message import Message, Modal
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from db.directory import set_naming
from db.engine import Store
from db.tables import events, identities, outbox
from scoring.program import Digest, Program
from scoring.sharing import Sharing, shared_by_team
from tests.bot.jobs.company import NAMES, email, hire, person
from tests.builders import MONDAY_NOON_US, world

PROGRAM = Program(digest=Digest(channels=("#guild",)))
FORM = {
    "kind": "prompt_template",
    "title": "Refund *prompts*",
    "link": "https://wiki.acme.test/~ada/refunds",
    "where": "channel",
    "words": "Saves an hour.",
}


def user(name: str) -> str:
    return f"U{NAMES.index(name)}"


def ask(store: Store, what: Any, name: str, value: str = "", fields: dict[str, str] | None = None) -> Message | Modal:
    request = Request(user(name), value=value, fields=fields or {})
    answer: Message | Modal = what(world(store, PROGRAM, MONDAY_NOON_US), request)
    return answer


def told(store: Store, what: Any, name: str, value: str = "", fields: dict[str, str] | None = None) -> str:
    try:
        return str(ask(store, what, name, value, fields).blocks)
    except NotServed as refusal:
        return str(refusal.text)


def share_as(store: Store, name: str, **changes: str) -> str:
    """Shares as ``name``; the asset's id."""
    link = f"https://wiki.acme.test/{name}"
    ask(store, send_shared, name, fields=FORM | {"link": link} | changes)
    with store.read() as conn:
        return str(conn.scalar(select(events.c.name).where(events.c.action == "shared", events.c.url == link)))


def review_as(store: Store, name: str, asset: str, verdict: str = "helpful", comment: str = "") -> str:
    return told(store, send_review, name, asset, {"verdict": verdict, "comment": comment})


def kept(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as conn:
        query = select(identities.c.source, identities.c.external_id, identities.c.is_asserted, events.c.action)
        query = query.join_from(events, identities, identities.c.id == events.c.identity_id)
        return [tuple(row) for row in conn.execute(query.order_by(events.c.action, identities.c.external_id))]


def said(store: Store, kind: str) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)))


def team_credit(store: Store) -> dict[str, Sharing]:
    with store.read() as conn:
        return shared_by_team(evidence_at(conn, "team", MONDAY_NOON_US + 1, PROGRAM))


def test_what_is_shared_stands_in_the_ledger_proved_and_in_the_channel_as_the_author_wished(store: Store) -> None:
    hire(store)
    assert isinstance(ask(store, share, "Ada"), Modal)
    answer = str(ask(store, send_shared, "Ada", fields=FORM).blocks)
    assert "is on the list" in answer
    assert kept(store) == [(SOURCE, email("Ada"), False, "shared")]
    (post,) = said(store, "shared_asset")
    assert post.recipient == "#guild"
    for part in ("*Ada* shared a prompt template", "Saves an hour.", "https://wiki.acme.test/%7Eada/refunds", "used"):
        assert part in post.message
    assert "already" in str(ask(store, send_shared, "Ada", fields=FORM).blocks)
    assert len(said(store, "shared_asset")) == len(kept(store)) == 1


def test_the_list_alone_and_no_name_where_nobody_may_be_named(store: Store) -> None:
    hire(store)
    share_as(store, "Bea", where="list")
    assert said(store, "shared_asset") == []
    with store.write() as conn:
        set_naming(conn, 1, "unnamed", MONDAY_NOON_US)
    share_as(store, "Ada")
    (post,) = said(store, "shared_asset")
    assert "A colleague shared" in post.message
    assert "Ada shared" not in post.message


@pytest.mark.parametrize(
    ("block", "entered"),
    [("link", "javascript:alert(1)"), ("link", "wiki"), ("title", " "), ("kind", "spell"), ("link", "https://a b")],
)
def test_a_form_that_cannot_be_taken_says_where(sqlite_store: Store, block: str, entered: str) -> None:
    hire(sqlite_store)
    with pytest.raises(Unfinished) as fault:
        ask(sqlite_store, send_shared, "Ada", fields=FORM | {block: entered})
    assert set(fault.value.faults) == {block}
    assert kept(sqlite_store) == []


def test_a_link_is_shared_by_one_and_a_day_has_an_end(sqlite_store: Store) -> None:
    hire(sqlite_store)
    ask(sqlite_store, send_shared, "Ada", fields=FORM)
    with pytest.raises(Unfinished):
        ask(sqlite_store, send_shared, "Bea", fields=FORM)
    for number in range(4):
        ask(sqlite_store, send_shared, "Ada", fields=FORM | {"link": f"https://wiki.acme.test/{number}"})
    assert "for one day" in told(sqlite_store, send_shared, "Ada", fields=FORM | {"link": "https://wiki.acme.test/x"})


def test_a_review_reaches_the_author_privately_counts_once_and_leaves_the_list(store: Store) -> None:
    hire(store)
    asset = share_as(store, "Ada")
    assert "Refund" in told(store, show_shared, "Bea")
    form = ask(store, review, "Bea", asset)
    assert isinstance(form, Modal)
    assert form.hidden == asset
    assert "counts as a review" in str(form.blocks)
    assert "Thank you" in review_as(store, "Bea", asset, "needs_work", "Which tone?")
    assert "already" in review_as(store, "Bea", asset)
    (message,) = said(store, "review")
    assert message.recipient == user("Ada")
    assert "*Bea* reviewed" in message.message
    assert "Which tone?" in message.message
    assert "Nothing new" in told(store, show_shared, "Bea")
    assert team_credit(store) == {"Data": Sharing(reviewed=1)}


def test_nobody_reviews_or_uses_their_own(store: Store) -> None:
    hire(store)
    asset = share_as(store, "Ada")
    assert "yours" in told(store, review, "Ada", asset)
    assert "yours" in review_as(store, "Ada", asset)
    assert "yours" in told(store, use_shared, "Ada", asset)
    assert "no longer" in told(store, use_shared, "Bea", "link-unknown")
    assert [row[-1] for row in kept(store)] == ["shared"]
    assert "Nothing new" in told(store, show_shared, "Ada")


def test_a_review_by_a_report_is_welcome_and_counts_for_nothing(store: Store) -> None:
    hire(store, person("Ada"), person("Bea", manager_email=email("Ada")))
    asset = share_as(store, "Ada")
    assert "Nothing new" in told(store, show_shared, "Bea")
    assert "counts for nothing" in told(store, review, "Bea", asset)
    assert "Thank you" in review_as(store, "Bea", asset)
    assert team_credit(store) == {}


def test_reviews_that_go_round_count_for_nobody_and_the_form_says_so(store: Store) -> None:
    hire(store)
    ada, bea, cem = (share_as(store, name) for name in ("Ada", "Bea", "Cem"))
    review_as(store, "Bea", ada)
    review_as(store, "Cem", bea)
    assert team_credit(store) == {"Data": Sharing(1), "Design": Sharing(1)}
    assert "circle" in told(store, review, "Ada", cem)
    review_as(store, "Ada", cem)
    assert team_credit(store) == {}
    review_as(store, "Dov", bea)
    assert team_credit(store) == {"Design": Sharing(1)}


def test_a_hundred_clicks_are_one_use_and_ones_own_team_is_told_that_it_does_not_count(store: Store) -> None:
    hire(store)
    asset = share_as(store, "Ada")
    review_as(store, "Cem", asset)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: told(store, use_shared, "Bea", asset), range(100)))
    assert sum("Noted" in one for one in answers) == 1
    assert "other teams" in told(store, use_shared, "Dov", asset)  # of Ada's team
    assert team_credit(store) == {"Data": Sharing(reviewed=1, reusers=1)}
