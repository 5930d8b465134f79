"""``bandstand check``: program, database and Slack looked over, one line each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum

import aiohttp
import genai_prices
import msgspec
from rich.console import Console
from rich.markup import escape
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.hooks.proof import fingerprint
from bot.prices import latest_list_change
from bot.settings import HookSecrets, Settings, SettingsError, require_slack
from bot.slack.blocks.ai_ops_report import percent_of
from bot.slack.client import slack_client
from bot.slack.scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES
from bot.world import Clock, World, open_world
from db.engine import sqlite_warning
from db.health import event_count, outbox_states, pricing, sources_seen
from db.identities import AttributionShare, UnattributedIdentity, attribution_shares, unattributed
from db.ingest_tokens import all_tokens
from db.rejected import rejected_by_source
from db.secret_uses import last_uses
from db.shadowing import shadows
from scoring.events import Signal
from scoring.window import from_us, local_day

_LOOKING_BACK = timedelta(days=28)
_MOST_NAMED = 5
_SIGNALS = {
    Signal.DAY_TOTAL: "a vendor's total of the day",
    Signal.DELTA: "delta metrics",
    Signal.CUMULATIVE: "cumulative metrics",
    Signal.SPAN: "traces",
    Signal.LOG: "log events",
    Signal.BILLED: "the gateway",
}


class Verdict(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True):
    """What was looked at, what was seen and, where something is wrong, what to do."""

    verdict: Verdict
    subject: str
    text: str


def check_everything(settings: Settings, now_us: Clock) -> int:
    """Prints the findings; 1 where something is wrong, else 0."""
    with open_world(settings, now_us) as world:
        findings = [
            *_program(world),
            *_database(world),
            *_events(world),
            *_doors(world),
            *asyncio.run(_slack(settings)),
        ]
    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        console.print(f"{finding.verdict:<5}{finding.subject:<10}{escape(finding.text)}")
    return int(any(finding.verdict is Verdict.BAD for finding in findings))


def _program(world: World) -> Iterator[Finding]:
    file = world.settings.program
    where = str(file) if file.exists() else "built in (bandstand init writes one to change)"
    boards = ", ".join(world.program.boards_on) or "none"
    yield Finding(Verdict.GOOD, "program", f"{where}, version {world.rule_book.version}, boards {boards}")
    if not world.program.digest.channels:
        yield Finding(Verdict.NOTE, "program", "no digest is posted: digest.channels names no channel")
    if not world.program.ai_ops.channel:
        yield Finding(Verdict.NOTE, "program", "no channel for AI ops: ai_ops.channel is empty")
    needed, named = world.program.flags.reviewers, len(world.program.ai_ops.people)
    if world.program.flags.kinds and named <= needed:
        takes = f"a flag takes {needed} to confirm it, and nobody decides on their own"
        yield Finding(Verdict.NOTE, "program", f"{takes}: ai_ops.people names {named}, name {needed + 1}")


def _database(world: World) -> Iterator[Finding]:
    kind = "SQLite" if world.store.is_sqlite else "PostgreSQL"
    with world.store.read() as conn:
        yield Finding(Verdict.GOOD, "database", f"{kind}, {event_count(conn):,} events")
        states = outbox_states(conn)
    if world.store.is_sqlite and (warning := sqlite_warning()):
        yield Finding(Verdict.NOTE, "database", warning)
    for state in ("parked", "uncertain"):
        if count := states.get(state, 0):
            yield Finding(Verdict.NOTE, "outbox", f"{count} {state}: see docs/operations.md")


def _events(world: World) -> Iterator[Finding]:
    now_us = world.now_us()
    since = local_day(now_us, world.program.zone) - _LOOKING_BACK
    with world.store.read() as conn:
        seen = sources_seen(conn)
        shares = {share.source: share for share in attribution_shares(conn, since)}
        strangers = unattributed(conn, since)
        prices = pricing(conn)
        not_counted = shadows(conn, since)
        rejected = rejected_by_source(conn, now_us - int(_LOOKING_BACK.total_seconds()) * 1_000_000)
    if not seen:
        yield Finding(Verdict.NOTE, "events", "none yet; docs/connect.md says how to send some")
    for one in seen:
        share = shares.get(one.source)
        part = f", {_attributed(share)} attributed in 28 days" if share else ""
        yield Finding(Verdict.GOOD, "source", f"{one.source}: last event on {one.last_day}{part}")
    silent = {shadow.source: shadow.last_day for shadow in sorted(not_counted, key=lambda shadow: shadow.last_day)}
    for source in sorted(silent.keys() - {one.source for one in seen}):
        yield Finding(
            Verdict.GOOD, "source", f"{source}: last event on {silent[source]}, all of it told better by others"
        )
    for stranger in _largest(strangers):
        tokens = f" with {stranger.tokens:,} tokens" if stranger.tokens else ""
        yield Finding(
            Verdict.NOTE,
            "unknown",
            f"{stranger.source} {stranger.external_id or '(no name)'}: {stranger.events:,} events{tokens} belong to nobody; "
            f"add the e-mail, or an alias:{stranger.source} column, with bandstand import people, "
            "or see bandstand identities",
        )
    negotiated = len(world.program.prices)
    table = f"genai-prices {genai_prices.__version__}, newest list price of {latest_list_change():%-d %B %Y}"
    yield Finding(Verdict.GOOD, "prices", f"{table}; {negotiated} negotiated in the program")
    if prices.unpriced_calls or prices.unpriced_tokens:
        text = (
            f"{prices.unpriced_calls:,} of {prices.calls:,} calls and {prices.unpriced_tokens:,} of {prices.tokens:,} "
            "tokens have no known price and count as unpriced, not as free"
        )
        yield Finding(Verdict.NOTE, "prices", text)
    for shadow in not_counted:
        text = (
            f"{shadow.source}: {shadow.tokens:,} tokens told by {_SIGNALS[shadow.signal]} are not counted, "
            f"because {_SIGNALS[shadow.counted]} told of the same usage"
        )
        yield Finding(Verdict.GOOD, "shadowed", text)
    for source, count in rejected.items():
        yield Finding(
            Verdict.NOTE,
            "rejected",
            f"{source}: {count:,} records could not be read in 28 days; the newest are in the table rejected_records",
        )


def _attributed(share: AttributionShare) -> str:
    """How much of a source is somebody's: of its tokens, or of its events where it reports no usage."""
    part, whole, what = share.attributed_events, share.events, "events"
    if share.tokens:
        part, whole, what = share.attributed_tokens, share.tokens, "tokens"
    return f"{percent_of(part, whole) if part else 0} % of its {what}"


def _largest(strangers: Sequence[UnattributedIdentity]) -> Iterable[UnattributedIdentity]:
    """Those with the most events and, as metrics bring tokens without events, those with the most tokens."""
    by_tokens = sorted(strangers, key=lambda one: -one.tokens)
    return dict.fromkeys((*strangers[:_MOST_NAMED], *by_tokens[:_MOST_NAMED]))


def _doors(world: World) -> Iterator[Finding]:
    """What opens the doors and when it last did: whatever nobody uses any more can be withdrawn."""
    with world.store.read() as conn:
        uses = last_uses(conn)
        tokens = [token for token in all_tokens(conn) if token.revoked_us is None]
    for name in HookSecrets.model_fields:
        secrets: tuple[str, ...] = getattr(world.settings.hook_secrets, name)
        of_door = [token for token in tokens if token.door == name]
        if secrets or of_door:
            opened_by = " and ".join(
                _counted(len(many), one) for many, one in ((secrets, "secret"), (of_door, "token"))
            )
            yield Finding(Verdict.GOOD, "door", f"/hooks/{name} open, {opened_by}")
        else:
            yield Finding(Verdict.NOTE, "door", f"/hooks/{name} shut; BANDSTAND_HOOK_SECRETS__{name.upper()} opens it")
        for mark in map(fingerprint, secrets):
            yield Finding(Verdict.GOOD, "secret", f"{name} {mark} of the settings, {_last(uses.get((name, mark)))}")
        for token in of_door:
            if token.person_id is None:
                yield Finding(Verdict.GOOD, "token", f"{name} {token.name} ({token.id}), {_last(token.last_used_us)}")
    personal = [token for token in tokens if token.person_id is not None]
    if personal:
        latest = max((token.last_used_us for token in personal if token.last_used_us is not None), default=None)
        yield Finding(Verdict.GOOD, "token", f"{_counted(len(personal), 'personal token')}, {_last(latest)}")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _last(used_us: int | None) -> str:
    return "not used yet" if used_us is None else f"last used {from_us(used_us):%Y-%m-%d %H:%MZ}"


async def _slack(settings: Settings) -> list[Finding]:
    if not settings.has_slack:
        return [Finding(Verdict.NOTE, "slack", "not connected: SLACK_BOT_TOKEN is not set")]
    try:
        require_slack(settings)
        answer = await slack_client(settings).auth_test()
    except SettingsError as error:
        return [Finding(Verdict.BAD, "slack", str(error))]
    except SlackApiError as error:
        return [
            Finding(
                Verdict.BAD,
                "slack",
                f"Slack refuses the bot token ({error.response.get('error')}); install the app again",
            )
        ]
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        return [Finding(Verdict.BAD, "slack", f"{settings.slack_api_url} cannot be reached ({type(error).__name__})")]
    mode = "Socket Mode" if settings.uses_socket_mode else "HTTP"
    findings = [Finding(Verdict.GOOD, "slack", f"{answer.get('team')} as {answer.get('user')}, {mode}")]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if "x-oauth-scopes" in headers:
        findings += _scopes({scope.strip() for scope in headers["x-oauth-scopes"].split(",")})
    return findings


def _scopes(granted: set[str]) -> Iterator[Finding]:
    if missing := sorted(REQUIRED_SCOPES - granted):
        yield Finding(
            Verdict.BAD,
            "scopes",
            f"missing {', '.join(missing)}: update the app from manifest.yml and install it again",
        )
    if absent := sorted(OPTIONAL_SCOPES - granted):
        text = f"without {', '.join(absent)} a message of unclear fate is not looked for; a person has to decide"
        yield Finding(Verdict.NOTE, "scopes", text)
    if not (REQUIRED_SCOPES - granted):
        yield Finding(Verdict.GOOD, "scopes", "all that are needed are granted")
