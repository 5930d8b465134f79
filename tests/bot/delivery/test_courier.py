"""The courier against a Slack that answers late, wrongly or not at all: no message is lost, and none is posted twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator

import msgspec
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.delivery.courier import Courier
from bot.sandbox.slack.faults import FaultKind
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, Account
from bot.slack.blocks.charts import chart
from bot.slack.blocks.parts import section
from bot.slack.message import Message
from bot.slack.text import Mrkdwn
from db.engine import Store
from db.outbox import post, replace, unsettled
from db.tables import outbox

_SECOND_US = 1_000_000


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.us = 1_800_000_000 * _SECOND_US

    def __call__(self) -> int:
        return self.us

    async def sleep(self, seconds: float) -> None:
        self.us += max(int(seconds * _SECOND_US), 1000)
        await asyncio.sleep(0)


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    stand_in = SlackStandIn()
    stand_in.workspace.add_channel("guild")
    stand_in.workspace.add_channel("ops")
    stand_in.workspace.add_account(Account("U1", "ada", "Ada"))
    async with stand_in.running():
        yield stand_in


def courier(store: Store, slack: SlackStandIn, clock: Clock) -> Courier:
    client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
    return Courier(store, client, clock, trouble_channel="#ops", sleep=clock.sleep)


def put(store: Store, clock: Clock, *texts: str, recipient: str = "#guild", blocks: bool = True) -> None:
    with store.write() as conn:
        for text in texts:
            message = Message(text, (section(text),) if blocks else ())
            post(
                conn,
                dedupe_key=f"{recipient}/{text}",
                kind="test",
                recipient=recipient,
                message=msgspec.json.encode(message).decode(),
                priority=10,
                now_us=clock(),
            )


def texts(slack: SlackStandIn, channel: str = "#guild") -> list[str]:
    return [message["text"] for message in slack.messages(channel)]


def states(store: Store) -> Counter[str]:
    with store.read() as conn:
        return Counter(conn.execute(select(outbox.c.state)).scalars())


async def deliver(store: Store, slack: SlackStandIn, clock: Clock, *, rounds: int = 400) -> None:
    """Lets a courier work until nothing is unsettled, or ``rounds`` half seconds have passed."""
    one = courier(store, slack, clock)
    for _ in range(rounds):
        await one.step()
        with store.read() as conn:
            if unsettled(conn) == 0:
                return
        await clock.sleep(0.5)


async def test_a_message_is_posted_once_with_its_blocks_and_marked_as_ours(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "hello")
    await deliver(store, slack, clock)
    (message,) = slack.messages("#guild")
    assert message["text"] == "hello"
    assert message["blocks"][0]["type"] == "section"
    assert message["metadata"]["event_payload"] == {"dedupe_key": "#guild/hello"}
    assert states(store) == {"sent": 1}


async def test_the_same_key_is_posted_once(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "hello", "hello")
    await deliver(store, slack, clock)
    assert texts(slack) == ["hello"]


async def test_a_person_is_written_to_privately(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "for you", recipient="U1")
    await deliver(store, slack, clock)
    assert texts(slack, "U1") == ["for you"]


@pytest.mark.parametrize("fault", list(FaultKind))
async def test_whatever_goes_wrong_once_the_message_arrives_once(
    store: Store, slack: SlackStandIn, fault: FaultKind
) -> None:
    clock = Clock()
    put(store, clock, "first", "second")
    slack.faults.plan("chat.postMessage", fault)
    await deliver(store, slack, clock)
    assert texts(slack) == ["first", "second"]
    assert states(store) == {"sent": 2}


async def test_messages_to_one_recipient_keep_their_order_and_a_second_apart(
    sqlite_store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    began = clock()
    put(sqlite_store, clock, *(str(number) for number in range(5)))
    await deliver(sqlite_store, slack, clock)
    assert texts(slack) == ["0", "1", "2", "3", "4"]
    assert clock() - began >= 4 * _SECOND_US


async def test_no_call_is_made_before_retry_after_has_passed(sqlite_store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(sqlite_store, clock, "late")
    slack.faults.plan("chat.postMessage", FaultKind.RATE_LIMITED, retry_after="20")
    one = courier(sqlite_store, slack, clock)
    await one.step()
    for _ in range(19):
        await clock.sleep(1)
        await one.step()
    assert len([call for call in slack.calls if call.method == "chat.postMessage"]) == 1
    await clock.sleep(2)
    await one.step()
    assert texts(slack) == ["late"]


async def test_without_the_history_an_unclear_message_waits_for_a_person(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    slack.workspace.scopes.discard("channels:history")
    put(store, clock, "earlier")
    await deliver(store, slack, clock)
    put(store, clock, "unclear")
    slack.faults.plan("chat.postMessage", FaultKind.RESET_AFTER)
    await deliver(store, slack, clock)
    assert texts(slack) == ["earlier", "unclear"]
    assert states(store) == {"sent": 2, "uncertain": 1}
    assert len(texts(slack, "#ops")) == 1


async def test_what_slack_will_never_take_is_parked_and_ai_ops_hears_of_it_once(
    store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    put(store, clock, "lost", recipient="#nowhere")
    await deliver(store, slack, clock)
    assert states(store) == {"parked": 1, "sent": 1}
    (notice,) = texts(slack, "#ops")
    assert "channel_not_found" in notice
    assert "lost" not in notice


async def test_where_charts_are_not_taken_the_words_go_at_once_with_all_other_blocks(
    store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    slack.workspace.takes_charts = False
    drawn = Message(
        "Teams", (section(Mrkdwn("Teams")), *chart("bar", "Teams", "Score", [("A", 1), ("B", 2)], "Points"))
    )
    with store.write() as conn:
        for number in range(2):
            said = {"kind": "test", "recipient": "#guild", "message": msgspec.json.encode(drawn).decode()}
            post(conn, dedupe_key=f"chart/{number}", priority=10, now_us=clock(), **said)
    await deliver(store, slack, clock)
    assert [[one["type"] for one in message["blocks"]] for message in slack.messages("#guild")] == [["section"]] * 2
    posts = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert len(posts) == 3  # what was refused once is not tried again


async def test_two_charts_refused_at_once_both_keep_their_other_blocks(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    slack.workspace.takes_charts = False
    drawn = Message("T", (section(Mrkdwn("T")), *chart("bar", "T", "Score", [("A", 1), ("B", 2)], "Points")))
    with store.write() as conn:
        for channel in ("#guild", "#ops"):
            said = {"kind": "test", "recipient": channel, "message": msgspec.json.encode(drawn).decode()}
            post(conn, dedupe_key=f"chart/{channel}", priority=10, now_us=clock(), **said)
    await deliver(store, slack, clock)
    for channel in ("#guild", "#ops"):
        assert [[one["type"] for one in message["blocks"]] for message in slack.messages(channel)] == [["section"]]


async def test_what_is_too_long_goes_without_its_chart_and_the_next_chart_is_drawn(
    store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    drawn = chart("bar", "T", "Score", [("A", 1), ("B", 2)], "Points")
    long = tuple(section(Mrkdwn("x" * 2900)) for _ in range(5))
    with store.write() as conn:
        for number, blocks in enumerate(((*long, *drawn), (section(Mrkdwn("T")), *drawn))):
            message = msgspec.json.encode(Message(f"T{number}", blocks)).decode()
            said = {"kind": "test", "recipient": "#guild", "message": message}
            post(conn, dedupe_key=f"chart/{number}", priority=10 + number, now_us=clock(), **said)
    await deliver(store, slack, clock)
    shown = {message["text"]: [one["type"] for one in message["blocks"]] for message in slack.messages("#guild")}
    assert shown == {"T0": [], "T1": ["section", "data_visualization"]}


async def test_blocks_that_slack_does_not_know_go_out_as_text(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    message = Message("reads completely", ({"type": "hologram"},))
    with store.write() as conn:
        post(
            conn,
            dedupe_key="k",
            kind="test",
            recipient="#guild",
            message=msgspec.json.encode(message).decode(),
            priority=10,
            now_us=clock(),
        )
    await deliver(store, slack, clock)
    assert texts(slack) == ["reads completely"]


async def test_a_courier_that_dies_after_sending_does_not_lead_to_a_second_post(
    store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    put(store, clock, "once")
    dying = courier(store, slack, clock)
    dying._settle = lambda *_: None  # type: ignore[method-assign]  # dies before it can write down what happened
    await dying.step()
    assert states(store) == {"sending": 1}
    await deliver(store, slack, clock)
    assert texts(slack) == ["once"]
    assert states(store) == {"sent": 1}


async def test_two_couriers_on_one_postgresql_post_everything_once(
    postgresql_store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    put(postgresql_store, clock, *(str(number) for number in range(10)))
    for person in range(10):
        slack.workspace.add_account(Account(f"U9{person}", "x", "X"))
        put(postgresql_store, clock, "hi", recipient=f"U9{person}")
    await asyncio.gather(*(deliver(postgresql_store, slack, clock) for _ in range(2)))
    assert texts(slack) == [str(number) for number in range(10)]
    assert all(texts(slack, f"U9{person}") == ["hi"] for person in range(10))


@pytest.mark.parametrize("seed", range(3))
async def test_many_messages_through_a_troubled_slack_arrive_once_and_in_order(
    sqlite_store: Store, slack: SlackStandIn, seed: int
) -> None:
    chance = random.Random(seed)
    clock = Clock()
    for number in range(6):
        slack.workspace.add_channel(f"c{number}")
        put(sqlite_store, clock, *(str(n) for n in range(8)), recipient=f"#c{number}")
    for _ in range(120):
        fault = chance.choice(list(FaultKind)) if chance.random() < 0.25 else None
        if fault is not None:
            slack.faults.plan("chat.postMessage", fault)
    await deliver(sqlite_store, slack, clock, rounds=3000)
    for number in range(6):
        assert texts(slack, f"#c{number}") == [str(n) for n in range(8)]
    assert set(states(sqlite_store)) == {"sent"}


def put_instead(store: Store, clock: Clock, of: str, text: str, recipient: str = "#guild") -> bool:
    with store.write() as conn:
        message = msgspec.json.encode(Message(text, (section(text),))).decode()
        return replace(
            conn, dedupe_key=f"{recipient}/{text}", replaces=f"{recipient}/{of}", message=message, now_us=clock()
        )


async def test_what_takes_the_place_of_a_message_is_no_second_message(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "May I?", "And I?")
    await courier(store, slack, clock).drain()
    assert put_instead(store, clock, "May I?", "Granted.")
    await courier(store, slack, clock).drain()
    assert texts(slack) == ["Granted.", "And I?"]
    assert slack.messages("#guild")[0]["blocks"] == [section("Granted.")]
    assert states(store) == {"sent": 3}


async def test_the_same_place_is_taken_once_by_the_same_message(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "May I?")
    await courier(store, slack, clock).drain()
    assert [put_instead(store, clock, "May I?", "Granted.") for _ in range(2)] == [True, False]
    assert not put_instead(store, clock, "Was never asked", "Granted, too.")


async def test_what_was_replaced_before_it_was_said_is_never_said(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "May I?")
    assert put_instead(store, clock, "May I?", "Granted.")
    await courier(store, slack, clock).drain()
    assert (texts(slack), states(store)) == (["Granted."], {"sent": 1})


@pytest.mark.parametrize("fault", FaultKind)
async def test_a_place_is_taken_whatever_slack_answers_meanwhile(
    store: Store, slack: SlackStandIn, fault: FaultKind
) -> None:
    clock = Clock()
    put(store, clock, "May I?")
    await courier(store, slack, clock).drain()
    slack.faults.plan("chat.update", fault)
    put_instead(store, clock, "May I?", "Granted.")
    for _ in range(5):
        await courier(store, slack, clock).drain()
        await clock.sleep(400)
    assert texts(slack) == ["Granted."]


async def test_where_the_message_was_never_said_what_replaces_it_is(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "May I?", recipient="#closed")
    await courier(store, slack, clock).drain()
    assert states(store)["parked"] == 1
    slack.workspace.add_channel("closed")
    put_instead(store, clock, "May I?", "Granted.", recipient="#closed")
    await courier(store, slack, clock).drain()
    assert texts(slack, "#closed") == ["Granted."]


async def test_a_message_that_somebody_deleted_stays_deleted(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    put(store, clock, "May I?")
    await courier(store, slack, clock).drain()
    slack.messages("#guild").clear()
    put_instead(store, clock, "May I?", "Granted.")
    await courier(store, slack, clock).drain()
    assert (texts(slack), states(store)) == ([], {"sent": 2})
