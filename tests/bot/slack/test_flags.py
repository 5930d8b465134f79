"""How AI ops decide on flags in Slack: who is asked, what a click does, and what follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, select, update

from bot.flagging import decide as decide_by_hand
from bot.flagging import named_flags_at
from bot.jobs.bands import BANDS
from bot.jobs.flags import FLAGS
from bot.jobs.job import Post
from bot.jobs.recognition import RECOGNITION
from bot.jobs.runner import run_by_hand, run_due
from bot.jobs.standings import STANDINGS
from bot.slack.blocks.flags import REASON
from bot.slack.desk.flags import ask_to_confirm, ask_to_dismiss, send_decision, show_flags
from bot.slack.message import Answer, Message, Modal
from bot.slack.recipients import send
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slots import Slot
from db.directory import everyone
from db.engine import Store
from db.erasure import erase
from db.flags import decisions_before, flags_waiting
from db.standings import standing_of
from db.tables import flags, outbox
from db.trail import COMMAND_LINE, Action, trail_rows
from scoring.flag import FlagState
from scoring.program import AiOps, Flags, Program
from tests.bot.jobs.company import NAMES, email, hire, work_everybody
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage, world

DAY_US = 24 * 3_600_000_000
NOW_US = MONDAY_NOON_US
OPS = AiOps(channel="#ops", people=(email("Kim"), email("Lea"), email("Jan")))
PROGRAM = Program(ai_ops=OPS)
TWO = Program(ai_ops=OPS, flags=Flags(reviewers=2))
KIM, LEA, JAN = (f"U{NAMES.index(name)}" for name in ("Kim", "Lea", "Jan"))


def loop(store: Store, *names: str, end_us: int = NOW_US) -> None:
    """One prompt thirty times on each of two days."""
    with store.write() as conn:
        for name in names:
            for day in (2, 3):
                when = {"subject": email(name), "time_us": end_us - day * DAY_US}
                ids = (f"{name}-{end_us}-{day}-{n}" for n in range(30))
                record(conn, *(event(usage(prompt_hash="p"), id, **when) for id in ids))


async def look(store: Store, program: Program = PROGRAM, at_us: int = NOW_US) -> None:
    await run_by_hand(FLAGS, job_context(store, program, at_us), at_us)


@pytest.fixture
async def company(store: Store) -> Store:
    """Twelve people at work; Ada looped on two days, and AI ops (Jan, Kim and Lea) were asked about it."""
    hire(store)
    work_everybody(store)
    loop(store, "Ada")
    await look(store)
    return store


@pytest.fixture
async def sqlite_company(sqlite_store: Store) -> Store:
    """The same company on one database."""
    hire(sqlite_store)
    work_everybody(sqlite_store)
    loop(sqlite_store, "Ada")
    await look(sqlite_store)
    return sqlite_store


def flag_id(store: Store) -> str:
    with store.read() as conn:
        return flags_waiting(conn)[0].id


def click(
    store: Store, ask: Any, user: str, value: str = "", program: Program = PROGRAM, now_us: int = NOW_US, **fields: str
) -> Answer:
    """The answer, or the refusal as a message."""
    try:
        answer: Answer = ask(world(store, program, now_us), Request(user, value=value, click="c", fields=fields))
    except NotServed as refusal:
        return Message(refusal.text, ())
    return answer


def decide(
    store: Store,
    user: str,
    ask: Any = ask_to_confirm,
    reason: str = "A loop that nobody stopped.",
    program: Program = PROGRAM,
    now_us: int = NOW_US,
) -> str:
    """Opens the form and sends it; what is answered in the end."""
    form = click(store, ask, user, flag_id(store), program, now_us)
    if isinstance(form, Message):
        return form.text
    done = click(store, send_decision, user, form.hidden, program, now_us, **{REASON: reason})
    assert isinstance(done, Message)
    return done.text


def said(store: Store, kind: str = "flag") -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)))


def deliver(store: Store) -> None:
    """Slack takes all that waits."""
    with store.write() as conn:
        conn.execute(update(outbox).values(state="sent", conversation="C1", ts=outbox.c.dedupe_key))


def state(store: Store, program: Program = PROGRAM, at_us: int = NOW_US + 1) -> set[FlagState]:
    with store.read() as conn:
        return {one.state for one in named_flags_at(conn, at_us, program).every.values()}


async def test_ai_ops_are_asked_once_with_figures_consequences_and_buttons(company: Store) -> None:
    await look(company)
    (message,) = said(company)
    assert message.recipient == "#ops"
    for part in (
        "To be looked at: the same prompt over and over",
        "*Ada*",
        "calls that repeat a prompt: 60",
        "(2 days behind them)",
        "*Confirm:*",
        "*Dismiss:*",
        "confirm_flag",
        "dismiss_flag",
    ):
        assert part in message.message
    with company.read() as conn:
        assert list(conn.scalars(select(outbox.c.kind))) == ["flag"]


async def test_where_there_is_no_channel_each_of_ai_ops_is_asked_and_nobody_about_themselves(store: Store) -> None:
    hire(store)
    work_everybody(store)
    loop(store, "Ada", "Kim")
    people_alone = Program(ai_ops=AiOps(people=OPS.people))
    await look(store, people_alone)
    asked = {(one.recipient, "*Ada*" in one.message) for one in said(store)}
    assert asked == {(KIM, True), (LEA, True), (JAN, True), (LEA, False), (JAN, False)}


async def test_a_flag_on_one_of_ai_ops_does_not_stand_in_their_channel(store: Store) -> None:
    hire(store)
    work_everybody(store)
    loop(store, "Kim")
    await look(store)
    assert {one.recipient for one in said(store)} == {LEA, JAN}
    assert "No flag is open" in str(click(store, show_flags, KIM))
    assert "not yours" in decide(store, KIM)
    assert "Dismissed." in decide(store, LEA, ask_to_dismiss)


async def test_a_look_never_floods_and_the_rest_comes_with_the_next(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    loop(sqlite_store, *NAMES)
    await look(sqlite_store)
    assert len(asked_about(sqlite_store)) == 10
    (more,) = said(sqlite_store, "flags_waiting")
    assert "2 more open flags wait" in more.message
    await look(sqlite_store, at_us=NOW_US + DAY_US)
    assert len(asked_about(sqlite_store)) == 12
    assert len(said(sqlite_store, "flags_waiting")) == 1


def asked_about(store: Store) -> set[str]:
    return {one.dedupe_key.split("/")[1] for one in said(store)}


async def test_what_is_decided_stands_where_it_was_asked_with_who_and_why(company: Store) -> None:
    deliver(company)
    assert decide(company, KIM, reason="Nobody *stopped* it.").startswith("Confirmed.")
    question, answer = said(company)
    assert answer.replaces == question.dedupe_key
    assert "Confirmed: the same prompt" in answer.message
    assert "Kim decided: Nobody ∗stopped∗ it." in answer.message
    assert "confirm_flag" not in answer.message
    with company.read() as conn:
        (deed,) = (one for one in trail_rows(conn) if one.action == Action.FLAG_CONFIRMED)
    assert deed.reason == "Nobody *stopped* it."


async def test_dismissed_gives_back_and_is_not_asked_again(company: Store) -> None:
    assert decide(company, LEA, ask_to_dismiss).startswith("Dismissed.")
    assert state(company) == {FlagState.DISMISSED}
    await look(company, at_us=NOW_US + DAY_US)
    (message,) = said(company)  # was not delivered yet, so it says what came of it at once
    assert "Dismissed: the same prompt" in message.message


async def test_two_different_people_must_confirm_where_the_program_says_so(company: Store) -> None:
    deliver(company)
    assert "stays open until another person" in decide(company, KIM, program=TWO)
    assert "another person must confirm it too" in decide(company, KIM, program=TWO)
    assert state(company, TWO) == {FlagState.OPEN}
    assert "Kim confirmed it: A loop" in said(company)[-1].message
    assert "second, different person" in said(company)[-1].message
    deliver(company)
    assert decide(company, LEA, reason="Seen too.", program=TWO).startswith("Confirmed.")
    last = said(company)[-1]
    assert last.replaces == said(company)[0].dedupe_key
    assert "Kim decided: A loop" in last.message
    assert "Lea decided: Seen too." in last.message


async def test_a_first_confirmation_does_not_keep_another_from_dismissing(company: Store) -> None:
    decide(company, KIM, program=TWO)
    assert decide(company, LEA, ask_to_dismiss, program=TWO).startswith("Dismissed.")
    assert state(company, TWO) == {FlagState.DISMISSED}


@pytest.mark.parametrize("user", ["U0", "U1", "U99"])
async def test_nobody_else_sees_or_decides_anything(company: Store, user: str) -> None:
    id = flag_id(company)
    with company.read() as conn:
        seen_us = flags_waiting(conn)[0].seen_us
    for ask, value in (
        (show_flags, ""),
        (ask_to_confirm, id),
        (ask_to_dismiss, "nothing"),
        (send_decision, f"confirmed/{seen_us}/{id}"),
    ):
        answer = click(company, ask, user, value, **{REASON: "why not"})
        assert isinstance(answer, Message)
        assert answer.text.startswith(("That is not yours", "I don't know you"))
    assert state(company) == {FlagState.OPEN}


async def test_a_decision_needs_a_reason_and_the_flag_as_the_form_showed_it(company: Store) -> None:
    form = click(company, ask_to_confirm, KIM, flag_id(company))
    assert isinstance(form, Modal)
    with pytest.raises(Unfinished):
        click(company, send_decision, KIM, form.hidden, **{REASON: "  "})
    await look(company, at_us=NOW_US + DAY_US)
    with pytest.raises(Unfinished, match="looked at anew"):
        click(company, send_decision, KIM, form.hidden, now_us=NOW_US + DAY_US, **{REASON: "seen"})
    assert state(company) == {FlagState.OPEN}


@pytest.mark.parametrize("value", ["", "x", "confirmed/1/nothing", "open/1/x", "confirmed/x/y", "confirmed/1/²"])
async def test_a_form_that_names_nothing_decides_nothing(company: Store, value: str) -> None:
    assert "no such flag" in str(click(company, send_decision, KIM, value, **{REASON: "seen"}))


async def test_what_has_lapsed_says_so_where_it_was_asked_and_is_decided_by_nobody(company: Store) -> None:
    deliver(company)
    id = flag_id(company)
    later_us = NOW_US + 40 * DAY_US
    assert "It has lapsed" in str(click(company, ask_to_confirm, KIM, id, now_us=later_us))  # before anybody looked
    assert "No flag is open" in str(click(company, show_flags, KIM, now_us=later_us))
    await look(company, at_us=later_us)
    assert "No longer open" in said(company)[-1].message
    assert "It has lapsed" in str(click(company, ask_to_confirm, KIM, id, now_us=later_us))


async def test_a_message_that_asks_shows_the_figures_of_the_newest_look_in_its_place(company: Store) -> None:
    deliver(company)
    await look(company, at_us=NOW_US + DAY_US)
    assert len(said(company)) == 1  # nothing is new
    loop(company, "Ada", end_us=NOW_US + 3 * DAY_US)
    await look(company, at_us=NOW_US + 2 * DAY_US)
    question, update_ = said(company)
    assert update_.replaces == question.dedupe_key
    for part in ("calls that repeat a prompt: 120", "(4 days behind them)", "confirm_flag", "To be looked at"):
        assert part in update_.message
    assert "calls that repeat a prompt: 60" in question.message
    await look(company, at_us=NOW_US + 2 * DAY_US + 1)
    assert len(said(company)) == 2


async def test_what_slack_does_not_have_yet_is_said_with_the_newest_figures_at_once(sqlite_company: Store) -> None:
    loop(sqlite_company, "Ada", end_us=NOW_US + 3 * DAY_US)
    await look(sqlite_company, at_us=NOW_US + 2 * DAY_US)
    (question,) = said(sqlite_company)
    assert "calls that repeat a prompt: 120" in question.message


async def test_new_figures_never_change_what_a_decision_was_about(sqlite_company: Store) -> None:
    deliver(sqlite_company)
    decide(sqlite_company, KIM)
    loop(sqlite_company, "Ada", end_us=NOW_US + 3 * DAY_US)
    await look(sqlite_company, at_us=NOW_US + 2 * DAY_US)
    assert all(
        "calls that repeat a prompt: 60" in one.message for one in said(sqlite_company) if "Confirmed" in one.message
    )


async def test_a_look_at_the_past_asks_nobody_and_changes_no_flag(company: Store) -> None:
    loop(company, "Bea")
    await look(company, at_us=NOW_US - DAY_US)
    assert len(said(company)) == 1
    with company.read() as conn:
        assert len(flags_waiting(conn)) == 1


async def test_a_hundred_clicks_at_once_have_one_effect(company: Store) -> None:
    deliver(company)
    forms = {}
    for user in (KIM, LEA, JAN):
        for ask in (ask_to_confirm, ask_to_dismiss):
            form = click(company, ask, user, flag_id(company))
            assert isinstance(form, Modal)
            forms[user, form.hidden] = form
    clicks = [one for one in forms for _ in range(17)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda one: click(company, send_decision, *one, **{REASON: "seen"}), clicks))
    assert sum("in a moment" in str(one) for one in answers) == 1
    assert sum("was decided before" in str(one) for one in answers) == len(clicks) - 1
    assert len(said(company)) == 2
    with company.read() as conn:
        assert len(decisions_before(conn, NOW_US + 1)) == 1


async def test_all_open_flags_can_be_read_however_many_there_are(sqlite_store: Store) -> None:
    hire(sqlite_store)
    work_everybody(sqlite_store)
    loop(sqlite_store, *NAMES[:9])
    await look(sqlite_store)
    seen: list[str] = []
    value = ""
    while len(seen) < 9:
        page = click(sqlite_store, show_flags, KIM, value)
        assert isinstance(page, Message)
        texts = [one["text"]["text"] for one in page.blocks if one["type"] == "section"]
        seen += [text.partition("*:")[0] for text in texts]
        value = page.blocks[-1]["elements"][0].get("value", "")
    assert sorted(seen) == [f"*{name}" for name in NAMES[:9]]


async def refresh(store: Store, at_us: int) -> None:
    for job in (STANDINGS, BANDS, RECOGNITION):
        await run_due(job, job_context(store, PROGRAM, at_us))


def place(store: Store) -> str:
    with store.read() as conn:
        ada = next(one.id for one in everyone(conn) if one.email == email("Ada"))
        found = standing_of(conn, "outcome", str(ada))
    assert found is not None
    return str(found.withheld_reason or "ranked")


async def test_places_follow_a_decision_at_once_and_once(company: Store) -> None:
    await refresh(company, NOW_US)
    assert place(company) == "quarantined"
    now_us = NOW_US + 60_000_000
    context = job_context(company, PROGRAM, now_us)
    assert await run_due(STANDINGS, context) is None
    decide(company, KIM, ask_to_dismiss, now_us=now_us)
    for job in (STANDINGS, BANDS, RECOGNITION):
        assert await run_due(job, context) is not None
        assert await run_due(job, context) is None
    assert place(company) == "ranked"


async def test_a_decision_on_the_command_line_stands_where_it_was_asked_too(company: Store) -> None:
    deliver(company)
    decide(company, KIM, ask_to_dismiss)
    deliver(company)
    mistaken = decide_by_hand(
        company,
        flag_id(company),
        FlagState.CONFIRMED,
        by=email("Lea"),
        reason="No, it was.",
        program=PROGRAM,
        now_us=NOW_US + 1,
    )
    assert mistaken is FlagState.CONFIRMED
    last = said(company)[-1]
    assert last.replaces == said(company)[0].dedupe_key
    assert "Confirmed: the same prompt" in last.message
    assert "Lea decided: No, it was." in last.message
    assert "confirmed by Lea" in decide(company, KIM)


async def test_what_was_decided_while_the_look_was_at_it_is_shown_so(company: Store) -> None:
    """The look found the flag open; its message goes out only once it is put down."""
    with company.write() as conn:
        conn.execute(delete(outbox))
        conn.execute(update(flags).values(asked=None))
    context = job_context(company, PROGRAM, NOW_US + 1)
    (work,) = await FLAGS.find_work(context, Slot("later", NOW_US + 1), ("",))
    decide(company, KIM, ask_to_dismiss)
    for one in work.posts:
        with company.write() as conn:
            send(conn, one.message, **keywords(one), now_us=NOW_US)
    with company.write() as conn:
        assert work.write is not None
        work.write(conn)
    (message,) = said(company)
    assert "Dismissed: the same prompt" in message.message


def keywords(one: Post) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("dedupe_key", "kind", "recipient", "priority")}


async def test_of_somebody_erased_nothing_can_be_decided(company: Store) -> None:
    id = flag_id(company)
    with company.write() as conn:
        erase(conn, email("Ada"), actor=COMMAND_LINE, now_us=NOW_US, written_as=("Ada",))
    assert "no such flag" in str(click(company, ask_to_confirm, KIM, id))
    assert "No flag is open" in str(click(company, show_flags, KIM))
    await look(company, at_us=NOW_US + DAY_US)


async def test_who_of_ai_ops_looked_at_flags_is_on_record_once_a_day(company: Store) -> None:
    for user in (KIM, KIM, LEA):
        click(company, show_flags, user)
        click(company, ask_to_confirm, user, flag_id(company))
    click(company, show_flags, KIM, now_us=NOW_US + DAY_US)
    with company.read() as conn:
        rows = [one for one in trail_rows(conn) if one.action == Action.VIEWED]
        names = {f"person:{one.id}": one.name for one in everyone(conn)}
    found = [
        (names[one.actor], names.get(one.about, ""), msgspec.json.decode(one.facts)["what"], one.at_us) for one in rows
    ]
    assert found == [
        ("Kim", "", "flags", NOW_US),
        ("Kim", "Ada", "flag", NOW_US),
        ("Lea", "", "flags", NOW_US),
        ("Lea", "Ada", "flag", NOW_US),
        ("Kim", "", "flags", NOW_US + DAY_US),
    ]
