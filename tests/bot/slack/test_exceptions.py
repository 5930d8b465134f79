"""An exception to a ceiling, from the request to its end: over signed HTTP, with a stand-in for Slack, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import pytest

from bot.delivery.courier import Courier
from bot.jobs.bands import BANDS
from bot.jobs.exceptions import EXCEPTIONS
from bot.jobs.job import JobContext
from bot.jobs.runner import run_due
from bot.sandbox.serving import conversing
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import Account
from bot.slack import actions
from bot.slack.client import slack_client
from bot.slack_side import build_courier, wording
from bot.world import World
from db.directory import PersonRow, upsert_people
from db.engine import Store
from db.exceptions import ask, exceptions_in_force, request_of
from db.tables import people
from db.trail import Action
from scoring.exceptions import ExceptionState
from scoring.program import AiOps, Budget, Flags, Program, Scope
from scoring.program.exceptions import Exceptions
from tests.bot.slack.wired import wired_world
from tests.builders import MONDAY_NOON_US, event, record, usage

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NAMES = ("ada", "mia", "cara", "olga", "ole", "carl")
AI_OPS = AiOps(people=("olga@acme.test", "ole@acme.test"), channel="#ops")
PROGRAM = Program(budgets=(Budget(name="month", dollars=20),), ai_ops=AI_OPS, flags=Flags(kinds=()))
OWNED = Program(
    budgets=(Budget(name="month", dollars=20, owner="cara@acme.test"),), ai_ops=AI_OPS, flags=Flags(kinds=())
)


class Office:
    """Ada, who has spent 30 of 20 dollars; Mia, her manager; Cara, who may own the ceiling; Olga and Ole of AI ops; Carl."""

    def __init__(self, store: Store, program: Program) -> None:
        self.store, self.program = store, program
        self.now_us = MONDAY_NOON_US
        self.slack = SlackStandIn(clock=lambda: self.now_us / 1_000_000)

    @cached_property
    def world(self) -> World:
        return wired_world(self.slack, self.store, self.program, lambda: self.now_us)

    async def look(self, days: float = 0) -> None:
        """Lets ``days`` go by, the two jobs look and the courier bring what there is to say."""
        self.now_us += int(days * DAY_US)
        client = slack_client(self.world.settings)
        context = JobContext(self.world, wording(self.world.settings), client)
        for job in (BANDS, EXCEPTIONS):
            await run_due(job, context)
        await self.courier(client).drain()

    def courier(self, client: Any) -> Courier:
        async def let_pass(seconds: float) -> None:
            self.now_us += int(seconds * 1_000_000)
            await asyncio.sleep(0)

        return build_courier(self.world, client, sleep=let_pass)

    async def ask(self, user: str = "ada", **fields: str) -> dict[str, Any]:
        """Clicks *Ask for an exception* and fills in the form: 15 dollars more for a week."""
        answer = await self.slack.click(f"U{user}", f"U{user}", actions.ASK_EXCEPTION)
        if "view" not in answer:
            return answer
        (ceiling, *_) = answer["view"]["blocks"][0]["element"]["options"]
        filled = {"ceiling": ceiling["value"], "amount": "15", "until": "2026-06-08", "why": "A migration", **fields}
        return await self.slack.submit(f"U{user}", answer["view"], **filled)

    async def click(self, user: str, action_id: str, value: str = "1") -> str:
        answer = await self.slack.click(f"U{user}", f"U{user}", action_id, value)
        return str(answer.get("text") or answer["view"]["blocks"])

    async def fill_in(self, user: str, action_id: str, words: str, **fields: str) -> str:
        answer = await self.slack.click(f"U{user}", f"U{user}", action_id, "1")
        if "view" not in answer or "submit" not in answer["view"]:
            return str(answer)
        return str(await self.slack.submit(f"U{user}", answer["view"], words=words, **fields))

    def told(self, user: str) -> list[str]:
        """What stands in the private conversation with ``user``, with the words of its blocks."""
        return [str(one["blocks"]) for one in self.slack.messages(f"U{user}") if "xception" in one["text"]]

    def state(self, id: int = 1) -> ExceptionState:
        with self.store.read() as conn:
            found = request_of(conn, id)
        assert found is not None
        return found.state

    async def band(self, user: str = "ada") -> str:
        answer = await self.slack.type_command(f"U{user}", "#guild", "/bandstand", "band")
        return str(answer["text"])


@asynccontextmanager
async def opened(store: Store, program: Program = PROGRAM) -> AsyncIterator[Office]:
    made = Office(store, program)
    for channel in ("guild", "ops"):
        made.slack.workspace.add_channel(channel)
    for name in NAMES:
        made.slack.workspace.add_account(Account(f"U{name}", name, name.title()))
    hire(store)
    async with made.slack.running(), conversing(made.world) as made.slack.app_url:
        yield made


def hire(store: Store) -> None:
    with store.write() as conn:
        rows = [PersonRow(f"{name}@acme.test", name=name.title(), slack_id=f"U{name}") for name in NAMES]
        upsert_people(conn, rows, 1)
        upsert_people(conn, [PersonRow("ada@acme.test", manager_email="mia@acme.test")], 2)
        conn.execute(people.update().values(welcomed_us=1))
        calls = (
            event(
                usage(cost_nanousd=10**10), f"c{n}", subject="ada@acme.test", time_us=MONDAY_NOON_US - (n + 1) * HOUR_US
            )
            for n in range(3)
        )
        record(conn, *calls)


@pytest.fixture
def office(store: Store) -> Callable[..., Any]:
    return lambda program=PROGRAM: opened(store, program)


async def test_from_the_request_to_its_end(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.look()
        assert "Red band" in await made.band()
        assert "Mia is asked, privately." in str(await made.ask())
        await made.look()
        (asked,) = made.told("mia")
        assert "*Ada* asks for $15.00 more under *month* until 8 June 2026." in asked
        assert "Used so far: $30.00 of $20.00." in asked
        assert "What for: A migration" in asked

        assert "as soon as Ada has answered" in await made.fill_in("mia", actions.OPEN_EXCEPTION_ASK_BACK, "Why now?")
        await made.look()
        assert "Mia wants to know more: Why now?" in made.told("ada")[-1]
        assert "on its way" in await made.fill_in("ada", actions.OPEN_EXCEPTION_ANSWER, "The old one ends.")
        await made.look()
        assert "Ada answers: The old one ends." in made.told("mia")[-1]

        assert "Approved. Ada hears of it" in await made.click("mia", actions.APPROVE_EXCEPTION)
        await made.look()
        assert all("Approved by Mia" in one and "approve_exception" not in one for one in made.told("mia"))
        assert "Mia approved it: you may use $15.00 more under *month* until 8 June 2026." in made.told("ada")[-1]
        assert "Red band" not in await made.band()

        await made.look(3)
        assert "ends after" not in made.told("ada")[-1]
        await made.look(1)
        await made.look(1)
        assert len([one for one in made.told("ada") if "ends after 8 June 2026" in one]) == 1
        await made.look(4)
        assert made.state() is ExceptionState.EXPIRED
        with made.store.read() as conn:
            assert exceptions_in_force(conn, made.now_us) == ()


async def test_declining_takes_a_reason_that_the_asker_reads(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        assert "Please write a few words" in await made.fill_in("mia", actions.OPEN_EXCEPTION_DECLINE, " ")
        assert made.state() is ExceptionState.ASKED
        await made.fill_in("mia", actions.OPEN_EXCEPTION_DECLINE, "Try the small model first.")
        await made.look()
        assert "Mia declined it: Try the small model first." in made.told("ada")[-1]
        assert "Declined by Mia" in made.told("mia")[-1]


async def test_less_can_be_approved_and_that_is_what_holds(office: Callable[..., Any]) -> None:
    less = actions.OPEN_EXCEPTION_APPROVE_LESS
    async with office() as made:
        await made.look()
        await made.ask()
        for amount in ("", "0", "some", "15.01"):
            assert "'amount': 'Please write" in await made.fill_in("mia", less, "", amount=amount)
        assert made.state() is ExceptionState.ASKED
        assert "Approved. Ada hears" in await made.fill_in("mia", less, "Half will do.", amount="7.50")
        await made.look()
        assert "Mia approved $7.50 of it. It ends by itself. Half will do." in made.told("mia")[0]
        assert "approved less than the $15.00 that you asked for: you may use $7.50 more" in made.told("ada")[-1]
        assert "Red band" in await made.band()  # 30 of 27.50
        with made.store.read() as conn:
            assert [one.amount for one in exceptions_in_force(conn, made.now_us)] == [7_500_000_000]
        own = await made.slack.type_command("Uada", "#guild", "/bandstand", "exceptions")
        assert "$7.50 more under month until 8 June 2026: approved by Mia" in own["text"]


async def test_forms_to_approve_less_sent_at_once_have_one_effect(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        amounts = [f"{cents / 100:.2f}" for cents in range(100, 150)]
        forms = (made.fill_in("mia", actions.OPEN_EXCEPTION_APPROVE_LESS, "", amount=one) for one in amounts)
        said = await asyncio.gather(*forms)
        assert sum("Approved. Ada hears" in one for one in said) == 1
        with made.store.read() as conn:
            assert len(exceptions_in_force(conn, made.now_us)) == 1


async def test_whoever_approved_it_hears_before_it_ends_too(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        await made.click("mia", actions.APPROVE_EXCEPTION)
        for _ in range(2):
            await made.look(4)
        ends = [one for one in made.told("mia") if "that you approved for Ada ends after 8 June 2026" in one]
        assert len(ends) == 1


async def test_nothing_is_approved_under_a_ceiling_that_is_gone(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
    without = Program(ai_ops=AI_OPS, flags=Flags(kinds=()))
    async with office(without) as made:
        assert "no such ceiling any more" in await made.click("mia", actions.APPROVE_EXCEPTION)
        assert made.state() is ExceptionState.ASKED
        await made.fill_in("mia", actions.OPEN_EXCEPTION_DECLINE, "It is gone.")
        assert made.state() is ExceptionState.DECLINED


async def test_whoever_has_many_waiting_sees_a_dozen_and_how_many_more(office: Callable[..., Any]) -> None:
    async with office() as made:
        with made.store.write() as conn:
            for n in range(15):
                until_us = made.now_us + DAY_US
                ask(conn, budget=f"b{n}", subject="1", person_id=1, amount=1, until_us=until_us, why="w", at_us=1)
        waiting = await made.slack.type_command("Uolga", "#guild", "/bandstand", "exceptions")
        assert str(waiting["blocks"]).count(f"'{actions.APPROVE_EXCEPTION}'") == 12
        assert "3 more" in str(waiting["blocks"])


async def test_the_ceilings_owner_decides_and_then_not_the_manager(office: Callable[..., Any]) -> None:
    async with office(OWNED) as made:
        assert "Cara is asked" in str(await made.ask())
        assert "not yours" in await made.click("mia", actions.APPROVE_EXCEPTION)
        assert "Approved" in await made.click("cara", actions.APPROVE_EXCEPTION)


async def test_nobody_else_decides_and_never_oneself(office: Callable[..., Any]) -> None:
    ways = (
        actions.APPROVE_EXCEPTION,
        actions.OPEN_EXCEPTION_APPROVE_LESS,
        actions.OPEN_EXCEPTION_DECLINE,
        actions.OPEN_EXCEPTION_ASK_BACK,
    )
    async with office() as made:
        await made.ask()
        for who in ("ada", "carl"):
            for action_id in ways:
                assert "not yours" in await made.click(who, action_id)
        assert made.state() is ExceptionState.ASKED


async def test_a_forged_value_finds_nothing(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        for value in ("", "2", "-1", "one", "1; --", "9" * 30):
            assert "no such request" in await made.click("mia", actions.APPROVE_EXCEPTION, value)
            assert "no such request" in await made.click("ada", actions.WITHDRAW_EXCEPTION, value)


async def test_a_hundred_clicks_at_once_have_one_effect(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        clicks = [made.click(who, actions.APPROVE_EXCEPTION) for _ in range(50) for who in ("mia", "olga")]
        said = await asyncio.gather(*clicks)
        assert sum("Approved. Ada hears" in one for one in said) == 1
        assert sum("decided already" in one for one in said) == 99
        await made.look()
        assert len(made.told("ada")) == 1


async def test_a_form_sent_a_hundred_times_at_once_asks_once(office: Callable[..., Any]) -> None:
    async with office() as made:
        said = [str(one) for one in await asyncio.gather(*(made.ask() for _ in range(100)))]
        assert sum("Mia is asked" in one for one in said) == 1
        assert sum("not decided yet" in one for one in said) == 99
        await made.look()
        assert len(made.told("mia")) == 1


async def test_what_nobody_decides_ends_without_buttons_and_is_told_in_the_morning(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask(until="2026-06-01")
        await made.look()
        await made.look(0.5)
        await made.look(1 / 24)
        assert made.state() is ExceptionState.EXPIRED
        assert made.told("ada") == []
        (asked,) = made.told("mia")
        assert "Its time is over." in asked
        assert "approve_exception" not in asked
        await made.look(8 / 24)
        assert ["nobody had decided" in one for one in made.told("ada")] == [True]


async def test_whoever_leaves_a_question_open_hears_so(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask(until="2026-06-01")
        await made.fill_in("mia", actions.OPEN_EXCEPTION_ASK_BACK, "Why now?")
        await made.look(0.5)
        await made.look(9 / 24)
        assert "was still open when its time was over" in made.told("ada")[-1]


async def test_the_notice_comes_in_working_hours_before_an_end_on_a_weekend(office: Callable[..., Any]) -> None:
    async with office(PROGRAM.model_copy(update={"exceptions": Exceptions(notice="1d")})) as made:
        await made.ask(until="2026-06-07")  # a Sunday
        await made.click("mia", actions.APPROVE_EXCEPTION)
        await made.look(3.5)  # Friday, midnight
        assert "ends after" not in str(made.told("ada"))
        await made.look(10 / 24)
        assert len([one for one in made.told("ada") if "ends after 7 June 2026" in one]) == 1
        await made.look(3)
        assert str(made.told("ada")).count("ends after") == 1


async def test_what_is_approved_at_the_last_moment_has_no_notice(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        await made.look(4)
        await made.click("mia", actions.APPROVE_EXCEPTION)
        await made.look(0.05)
        assert "Mia approved it" in made.told("ada")[-1]
        assert "ends after" not in str(made.told("ada"))


async def test_near_a_ceiling_whoever_decides_reads_the_ceiling_and_not_its_soft_share(
    office: Callable[..., Any],
) -> None:
    async with office(PROGRAM.model_copy(update={"budgets": (Budget(name="month", dollars=32),)})) as made:
        await made.look()
        await made.ask()
        await made.look()
        assert "Used so far: $30.00 of $32.00." in made.told("mia")[0]


async def test_of_a_shared_ceiling_whoever_decides_reads_the_askers_part(office: Callable[..., Any]) -> None:
    of_team = Budget(name="legal", scope=Scope.TEAM, dollars=20)
    async with office(PROGRAM.model_copy(update={"budgets": (of_team,)})) as made:
        with made.store.write() as conn:
            upsert_people(conn, [PersonRow("ada@acme.test", team="Legal")], 3)
        await made.look()
        await made.ask()
        await made.look()
        assert "Ada has used $30.00 of it so far; an equal share is $20.00." in made.told("mia")[0]


async def test_what_nobody_answers_goes_to_ai_ops_once(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        await made.look(2)
        assert made.slack.messages("#ops") == []
        for _ in range(3):
            await made.look(1)
        (asked,) = [one for one in made.slack.messages("#ops") if "xception" in one["text"]]
        assert "Nobody has answered for 2 working days" in str(asked["blocks"])
        assert "Approved" in await made.click("ole", actions.APPROVE_EXCEPTION)
        await made.look()
        assert all("Approved by Ole" in one for one in made.told("mia"))
        assert "Approved by Ole" in str(made.slack.messages("#ops")[-1]["blocks"]) or any(
            "Approved by Ole" in str(one["blocks"]) for one in made.slack.messages("#ops")
        )


async def test_what_is_taken_back_cannot_be_approved(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        assert "Taken back" in await made.click("ada", actions.WITHDRAW_EXCEPTION)
        assert "taken back" in await made.click("mia", actions.APPROVE_EXCEPTION)
        assert "approve_exception" not in str(made.told("mia"))


async def test_the_form_says_beside_the_field_what_is_wrong(office: Callable[..., Any]) -> None:
    wrong = (
        ("amount", "a lot"),
        ("until", "2026-05-31"),
        ("until", "2027-06-01"),
        ("until", "soon"),
        ("why", " "),
        ("ceiling", "somebody else's"),
    )
    async with office() as made:
        for field, text in wrong:
            assert list((await made.ask(**{field: text}))["errors"]) == [field]
        with made.store.read() as conn:
            assert request_of(conn, 1) is None


async def test_the_same_ceiling_is_asked_about_once_at_a_time(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        assert "not decided yet" in str(await made.ask())


async def test_where_no_ceiling_holds_nothing_can_be_asked(office: Callable[..., Any]) -> None:
    async with office(Program(ai_ops=AI_OPS)) as made:
        assert "No ceiling applies" in str(await made.ask())


async def test_all_of_it_stands_in_one_list_and_on_record(office: Callable[..., Any]) -> None:
    async with office() as made:
        await made.ask()
        own = await made.slack.type_command("Uada", "#guild", "/bandstand", "exceptions")
        assert "$15.00 more under month until 8 June 2026: waits for a decision" in own["text"]
        waiting = await made.slack.type_command("Umia", "#guild", "/bandstand", "exceptions")
        assert "*Waiting for you*" in str(waiting["blocks"])
        nothing = await made.slack.type_command("Ucarl", "#guild", "/bandstand", "exceptions")
        assert "You have not asked for an exception lately" in nothing["text"]
        await made.click("mia", actions.APPROVE_EXCEPTION)
        assert [one.action for one in deeds(made.store)] == [Action.EXCEPTION_ASKED, Action.EXCEPTION_APPROVED]


def deeds(store: Store) -> Iterator[Any]:
    from db.tables import trail

    with store.read() as conn:
        rows = conn.execute(trail.select().order_by(trail.c.number)).all()
    return (row for row in rows if row.action.startswith("exception"))
