"""What everybody, the person, their manager and AI ops can see in Slack equals the table of who may see what, cell by cell.

A small company with known figures lives through a week. Then everyone types, clicks and sends everything that there is, with
every value that a button could carry, and reads every message that they were sent. What was found out about one person is
looked for in what each other person has read.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from bot.jobs.bands import BANDS
from bot.jobs.catalogue import JOBS
from bot.jobs.job import Job, JobContext, Wording
from bot.jobs.runner import run_by_hand
from bot.jobs.sync_people import SYNC_PEOPLE
from bot.slack import actions
from bot.slack.blocks.home.page import home_page
from bot.slack.blocks.parts import view_of
from bot.slack.blocks.weekly_digest import weekly_digest
from bot.slack.blocks.welcome import welcome
from bot.slack.desk.badges import share_badge
from bot.slack.desk.exceptions import ask_exception, send_exception
from bot.slack.desk.home import home_sections
from bot.slack.listeners.buttons import BUTTONS
from bot.slack.listeners.shortcuts import SHORTCUTS
from bot.slack.listeners.submissions import SUBMISSIONS
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.subcommands import SUBCOMMANDS, answer_typed, menu
from bot.world import World
from db.badges import awards_at
from db.directory import DirectoryPerson, everyone, set_naming
from db.engine import Store, open_store
from db.flags import flags_waiting
from db.standings import standing_of
from db.tables import outbox, people
from scoring.boards import BOARDS
from scoring.events import Tokens
from scoring.flags.explanation import figures_of
from scoring.program import AiOps, Badge, Bands, Boards, Budget, Digest, Flags, Program
from scoring.program.badges import BadgeMeasure, Levels
from scoring.program.boards import RawBoard
from tests.bot.jobs.company import NAMES, email, hire, person, work_everybody
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage, world

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NOW_US = MONDAY_NOON_US + 7 * DAY_US
CACHE = Badge(
    name="cache_wizard",
    title="Cache Wizard",
    praise="You let the cache remember.",
    measure=BadgeMeasure.CACHE_SHARE,
    levels=Levels(bronze=0.5, gold=0.9),
    training="https://academy.acme.test/cache",
)
PROGRAM = Program(
    budgets=(Budget(name="weekly", period="week", dollars=1000),),
    boards=Boards(raw=RawBoard(on=True)),
    badges=(CACHE,),
    bands=Bands(hold_days=0),
    flags=Flags(kinds=("prompt_loop",)),
    digest=Digest(channels=("#guild",), top=5),
    ai_ops=AiOps(channel="#ops", people=(email("Lea"),)),
)

# Who may see what of Ida and Ada, who report to Kim, who reports to Jan. "y": sees it somewhere in Slack, "-": nowhere.
READERS = ("colleague", "skip-level", "self", "manager", "AI ops")
TABLE = {  # the AI ops of a company see the places of others on the command line
    "name among the first": "yyyyy",
    "name of whoever stays unnamed, among the first": "-----",
    "name of whoever is not among the first": "---yy",
    "badge and its holder": "yyyyy",
    "the figure behind a badge": "--y--",
    "place, score and what made it": "--y--",
    "no place, and why": "--y--",
    "tokens": "--y--",
    "cost": "--yyy",
    "band and its reasons": "--yyy",
    "a band of which its person was not told": "--y-y",
    "what somebody asked for, and why": "--yyy",
    "a flag": "--y-y",
    "the figures of a flag": "----y",
}


_READERS = ("Eli", "Bea", "Jan", "Ida", "Ada", "Gus", "Cem", "Kim", "Lea")
_CONSENT = (actions.SHOW_MY_NAME, actions.STAY_UNNAMED)


class Company:
    """The store after the week, and what each of the readers has read: by where, everything in it as one text."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.world = world(store, PROGRAM, NOW_US)
        with store.read() as conn:
            self.people: dict[str, DirectoryPerson] = {one.name: one for one in everyone(conn)}
        self.read = {name: dict(self._opens(name)) for name in _READERS}
        typed = {actions.in_menu(one.name) for one in SUBCOMMANDS}  # the same answers once more
        for buttons in (BUTTONS.keys() - typed - set(_CONSENT), _CONSENT):  # whether names may stand there comes last
            for name in _READERS:
                self.read[name] |= self._clicks(name, buttons)

    def _opens(self, name: str) -> Iterator[tuple[str, str]]:
        """What can be typed and opened, and what was sent."""
        user = self.people[name].slack_id or ""
        boards = [(word, board.name) for word in ("rank", "leaderboard") for board in BOARDS]
        for words in [*((one.name,) for one in SUBCOMMANDS), *boards]:
            yield f"typed {' '.join(words)}", self._ask(answer_typed, Request(user, words=words))
        for shortcut, ask in SHORTCUTS.items():
            yield f"shortcut {shortcut}", self._ask(ask, Request(user))
        yield "home", self._home(user)
        offices = ("#ops",) if name == "Lea" else ()
        with self.store.read() as conn:
            query = select(outbox).where(outbox.c.recipient.in_((user, "#guild", *offices)))
            for row in conn.execute(query.order_by(outbox.c.id)).all():
                yield f"message {row.dedupe_key}", _plain(row.message)

    def _clicks(self, name: str, buttons: Collection[str]) -> Iterator[tuple[str, str]]:
        user = self.people[name].slack_id or ""
        for value in self.values():
            for button in sorted(buttons):
                request = Request(user, value=value, channel="#guild", click=f"{user}/1")
                yield f"button {button} {value}", self._ask(BUTTONS[button].ask, request)
            for form, ask in SUBMISSIONS.items():
                yield f"form {form} {value}", self._ask(ask, Request(user, value=value, click="1"))

    def values(self) -> list[str]:
        """Whatever a button could carry."""
        with self.store.read() as conn:
            flags = [one.id for one in flags_waiting(conn)]
            seen_us = [one.seen_us for one in flags_waiting(conn)]
        ids = [str(self.people[name].id) for name in ("Ida", "Ada")]
        forms = [f"dismissed/{us}/{id}" for id, us in zip(flags, seen_us, strict=True)]
        return ["", *ids, *flags, *forms, email("Ida"), "U8", "outcome", "raw", "cache_wizard/2026-05/gold"]

    def _ask(self, ask: Any, request: Request) -> str:
        try:
            return _text(view_of(ask(self.world, request)))
        except NotServed as refusal:
            return refusal.text
        except Unfinished as unfinished:
            return str(unfinished)

    def _home(self, user: str) -> str:
        return _text(home_page(home_sections(self.world, Request(user)), menu()))

    def finds(self, reader: str, secrets: list[str]) -> dict[str, str]:
        """Where the reader has read any of ``secrets``, and which."""
        patterns = {secret: re.compile(rf"(?<![\w.,]){re.escape(secret)}(?![\w])") for secret in secrets}
        return {
            where: secret
            for where, text in self.read[reader].items()
            for secret, pattern in patterns.items()
            if pattern.search(text)
        }

    def secrets(self) -> dict[str, tuple[str, list[str]]]:
        """For each row of the table: whose it is, and the words and figures that would give it away."""
        with self.store.read() as conn:
            ids = {name: one.id for name, one in self.people.items()}
            places = {name: standing_of(conn, "outcome", str(id)) for name, id in ids.items()}
            ranked = {name: one.entry for name, one in places.items() if one is not None and one.entry is not None}
            tokens = standing_of(conn, "raw", str(ids["Ida"]))
            withheld = places["Ada"].withheld if places["Ada"] else None
            (flag,) = (one.flag for one in flags_waiting(conn) if one.flag.person_id == ids["Ada"])
            (badge,) = awards_at(conn, NOW_US + DAY_US, person_id=ids["Ida"])
        first = min((name for name in ranked if name != "Cem"), key=lambda name: ranked[name].rank)
        assert ranked["Cem"].rank <= 5 < ranked["Ida"].rank
        assert tokens is not None
        assert tokens.entry is not None
        assert withheld is not None
        others = str([one for name, one in ranked.items() if name != "Ida"])
        made = [part.text for part in ranked["Ida"].components if part.text not in others]
        return {
            "name among the first": (first, [f"{first}: {ranked[first].score:.0f} points"]),
            "name of whoever stays unnamed, among the first": ("Cem", ["Cem"]),
            "name of whoever is not among the first": ("Gus", ["Gus"]),
            "badge and its holder": ("Ida", ["Ida earned Cache Wizard, gold."]),
            "the figure behind a badge": ("Ida", [badge.text]),
            "place, score and what made it": ("Ida", [f"{ranked['Ida'].score:.1f}", *made]),
            "no place, and why": ("Ada", list(withheld.missing)),
            "tokens": ("Ida", [tokens.entry.components[0].text, "1,234,567", "1234567"]),
            "cost": ("Ida", ["4,913.57", "4913.57", "4,914", "4913"]),
            "band and its reasons": ("Ida", ["Ida: Red band", "Red band: something needs a change now"]),
            "a band of which its person was not told": ("Gus", ["5,821.75", "5821.75", "5,822", "Gus: Red band"]),
            "what somebody asked for, and why": ("Ida", ["A canary of a migration", "6,172.83", "6172.83"]),
            "a flag": ("Ada", [flag.text]),
            "the figures of a flag": ("Ada", [figures_of(flag)]),
        }


def _text(view: dict[str, Any]) -> str:
    """Everything that the view says and carries along, without marks."""
    return _plain(msgspec.json.encode(view).decode())


def _plain(json: str) -> str:
    return json.replace("*", "").replace("\\n", " ")


async def _run(store: Store, job: Job, at_us: int) -> None:
    wording = Wording(weekly_digest, lambda program: welcome(program, "/bandstand"))
    given = job_context(store, PROGRAM, at_us)
    await run_by_hand(job, JobContext(given.world, wording), at_us)


def _hire(store: Store) -> None:
    managers = {"Ida": "Kim", "Ada": "Kim", "Gus": "Kim", "Kim": "Jan"}
    hire(store, *(person(name, manager_email=email(managers[name]) if name in managers else "") for name in NAMES))
    with store.write() as conn:
        (cem,) = (one for one in everyone(conn) if one.name == "Cem")
        set_naming(conn, cem.id, "unnamed", MONDAY_NOON_US)
        conn.execute(update(people).where(people.c.name == "Gus").values(welcomed_us=None))


def _spend(store: Store) -> None:
    """Ida: cache used well in May, tokens and dollars of today. Gus: dollars. Ada: one prompt over and over."""
    spent = {"Ida": (4_913_570_000_000, 1_234_567), "Gus": (5_821_750_000_000, 100)}
    with store.write() as conn:
        for name, (nanousd, tokens) in spent.items():
            fact = usage(cost_nanousd=nanousd, tokens=Tokens(input=tokens))
            record(conn, event(fact, f"big-{name}", subject=email(name), time_us=NOW_US - DAY_US // 8))
        cached = usage(tokens=Tokens(input=70_000, cache_read=930_000), task="c")
        record(conn, event(cached, "cached", subject=email("Ida"), time_us=MONDAY_NOON_US - 10 * DAY_US))
        for day, count in ((2, 37), (3, 37)):
            when = {"subject": email("Ada"), "time_us": NOW_US - day * DAY_US}
            record(conn, *(event(usage(prompt_hash="p"), f"loop-{day}-{n}", **when) for n in range(count)))


def _ask_for_an_exception(asked: World) -> None:
    form = ask_exception(asked, Request("U8"))
    ceiling = form.blocks[0]["element"]["options"][0]["value"]
    fields = {"ceiling": ceiling, "amount": "6172.83", "until": "2026-06-12", "why": "A canary of a migration"}
    send_exception(asked, Request("U8", click="ask", fields=fields))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("visibility") / "bandstand.db"
    made = open_store(f"sqlite:///{path}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture(scope="module")
def company(store: Store) -> Company:
    asyncio.run(_live(store))
    return Company(store)


async def _live(store: Store) -> None:
    """A week, until Monday noon and two hours."""
    _hire(store)
    work_everybody(store)
    work_everybody(store, NOW_US)
    await _run(store, BANDS, MONDAY_NOON_US)
    _spend(store)
    _ask_for_an_exception(world(store, PROGRAM, NOW_US))
    for at_us in (NOW_US, NOW_US + 2 * HOUR_US):  # what people hear first, and what their managers hear of it
        for job in JOBS:
            if job is not SYNC_PEOPLE:  # asks Slack
                await _run(store, job, at_us)
        share_badge(world(store, PROGRAM, NOW_US), Request("U8", value="cache_wizard/2026-05/gold"))


@pytest.mark.parametrize("row", TABLE)
def test_the_table_is_kept(company: Company, row: str) -> None:
    whose, secrets = company.secrets()[row]
    readers = ("Eli", "Jan", whose, "Kim", "Lea")
    found = {reader: company.finds(name, secrets) for reader, name in zip(READERS, readers, strict=True)}
    seen = "".join("y" if found[reader] else "-" for reader in READERS)
    assert seen == TABLE[row], found
