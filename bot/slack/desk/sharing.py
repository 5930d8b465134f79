"""What people share with colleagues, review and use; each becomes an ordinary event of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b

from sqlalchemy import Connection

from bot.contributing import contribute
from bot.hooks.sane import is_sane
from bot.slack.authority import Action, about, about_nobody, about_oneself
from bot.slack.blocks import sharing as blocks
from bot.slack.blocks.parts import message, plain
from bot.slack.blocks.sharing import ListedAsset
from bot.slack.message import Message, Modal
from bot.slack.naming import display_name, public_name
from bot.slack.recipients import send
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, clean, escape, joined
from bot.web_address import is_web_address
from bot.world import World
from db.contributions import contributions_since, line_above
from db.directory import DirectoryPerson, people_by_id
from scoring.boards import window_of
from scoring.events import Contribution
from scoring.evidence import Person
from scoring.library import SharedAsset, Worth, library_of, worth_of_review, worth_of_use
from scoring.window import local_day

_PRIORITY = 15
_MOST_A_DAY = 5
_DAY_US = 24 * 3_600_000_000
_LONGEST_ID = 300  # so that an asset's id goes into a button

Library = Mapping[str, SharedAsset]


def share(world: World, request: Request) -> Modal:
    """The form to share with."""
    with world.store.read() as conn:
        about_oneself(conn, request, Action.SHARE_WORK)
    return blocks.share_form(has_channel=bool(world.program.digest.channels))


def send_shared(world: World, request: Request) -> Message:
    """Puts it on the list, and into the channels if the author says so. Raises ``Unfinished``."""
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.SHARE_WORK)
        asset = _filled_in(world, request, person)
        library = library_at(conn, world)
        known = library.get(asset.id)
        if known is not None and known.author_id != person.id:
            raise Unfinished({blocks.LINK: label("share-known")})
        today_us = world.now_us() - _DAY_US
        if sum(one.author_id == person.id and one.shared_us > today_us for one in library.values()) >= _MOST_A_DAY:
            raise NotServed(say("share-too-many"))
        fact = Contribution("shared", asset.id, asset.kind, asset.title, asset.url)
        day = local_day(world.now_us(), world.program.zone)
        if known is not None or not contribute(conn, world, person, fact, f"shared/{asset.id}/{person.id}/{day}"):
            return plain(say("share-again"))
        is_posted = request.fields.get(blocks.WHERE) == blocks.CHANNEL and bool(world.program.digest.channels)
        if is_posted:
            _post(conn, world, person, asset, request.fields.get(blocks.WORDS, ""))
    where = joined(map(escape, world.program.digest.channels), ", ")
    posted = say("share-posted", channels=where) if is_posted else Mrkdwn()
    return message([say("share-done", title=escape(asset.title, blocks.LONGEST_TITLE)), posted])


def show_shared(world: World, request: Request) -> Message:
    """What colleagues shared and the asker has not reviewed, least reviewed first; nothing of those above them."""
    with world.store.read() as conn:
        person = about_nobody(conn, world.program, request, Action.SEE_SHARED)
        above = line_above(conn, person)
        open_to_them = [
            one
            for one in library_at(conn, world).values()
            if one.author_id not in above and person.id not in one.reviewers and len(one.id) <= _LONGEST_ID
        ]
        open_to_them.sort(key=lambda one: (len(one.reviewers), -one.shared_us, one.id))
        authors = people_by_id(conn, {one.author_id for one in open_to_them})
        listed = [_listed(world, one, authors[one.author_id], person.id) for one in open_to_them]
    return blocks.library(listed, world.settings.slack_command)


def review(world: World, request: Request) -> Modal:
    """The form to review with, which says before what the review will count."""
    with world.store.read() as conn:
        library = library_at(conn, world)
        asset, person, author = _reviewable(conn, world, request, library)
        worth = worth_of_review(library, asset, person.id, line_above(conn, person))
    return blocks.review_form(_listed(world, asset, author, person.id), worth)


def send_review(world: World, request: Request) -> Message:
    """Keeps that the asker reviewed it, once for ever, and tells the author what they think. Raises ``Unfinished``.

    Either verdict counts as the same review: if praise alone did, nobody could afford to be honest.
    """
    verdict = request.fields.get(blocks.VERDICT)
    with world.store.write() as conn:
        asset, person, author = _reviewable(conn, world, request, library_at(conn, world))
        if verdict not in (blocks.HELPFUL, blocks.NEEDS_WORK):
            raise Unfinished({blocks.VERDICT: label("review-no-verdict")})
        key = f"reviewed/{asset.id}/{person.id}"
        if not contribute(conn, world, person, Contribution("reviewed", asset.id), key):
            raise NotServed(say("review-again"))
        if not author.slack_id:
            return plain(say("review-done-unreached"))
        comment = request.fields.get(blocks.COMMENT, "")
        told = blocks.review_told(display_name(person), asset.title, comment, is_helpful=verdict == blocks.HELPFUL)
        send(
            conn,
            told,
            dedupe_key=key,
            kind="review",
            recipient=author.slack_id,
            priority=_PRIORITY,
            now_us=world.now_us(),
        )
    return plain(say("review-done"))


def use_shared(world: World, request: Request) -> Message:
    """Keeps that the asker used it, once for ever, and says kindly where that counts for nothing."""
    with world.store.write() as conn:
        asset, person, author = _others(conn, world, request, library_at(conn, world), Action.USE_SHARED, "used-own")
        if not contribute(conn, world, person, Contribution("reused", asset.id), f"reused/{asset.id}/{person.id}"):
            return plain(say("used-again"))
    worth = worth_of_use(asset, Person(person.id, person.team), Person(author.id, author.team))
    return plain(say("used-done" if worth is Worth.COUNTS else "used-same-team"))


def library_at(conn: Connection, world: World) -> Library:
    """What the team board still looks at, by the asset's id."""
    window = window_of("team", world.now_us(), world.program)
    first = window.days[0] - timedelta(days=world.program.boards.outcome.baseline)
    return library_of(contributions_since(conn, first))


def asset_of(url: str) -> str:
    """The id of what is shared under a link: the same for everybody who shares it."""
    return f"link-{blake2b(url.encode(), digest_size=10).hexdigest()}"


def _filled_in(world: World, request: Request, person: DirectoryPerson) -> SharedAsset:
    fields = request.fields
    kind, title = fields.get(blocks.KIND, ""), clean(fields.get(blocks.TITLE, ""), blocks.LONGEST_TITLE)
    url = fields.get(blocks.LINK, "")
    faults = {}
    if kind not in blocks.KINDS:
        faults[blocks.KIND] = label("review-no-verdict")
    if not title:
        faults[blocks.TITLE] = label("share-no-title")
    if not is_web_address(url) or not is_sane(url, blocks.LONGEST_LINK):
        faults[blocks.LINK] = label("share-no-link")
    if faults:
        raise Unfinished(faults)
    return SharedAsset(asset_of(url), kind, title, url, person.id, world.now_us())


def _post(conn: Connection, world: World, person: DirectoryPerson, asset: SharedAsset, words: str) -> None:
    post = blocks.shared_post(ListedAsset(asset, public_name(person, world.program.privacy.named_boards)), words)
    for channel in dict.fromkeys(world.program.digest.channels):
        send(
            conn,
            post,
            dedupe_key=f"shared/{channel}/{asset.id}/{person.id}",
            kind="shared_asset",
            recipient=channel,
            priority=_PRIORITY,
            now_us=world.now_us(),
        )


def _reviewable(
    conn: Connection, world: World, request: Request, library: Library
) -> tuple[SharedAsset, DirectoryPerson, DirectoryPerson]:
    asset, person, author = _others(conn, world, request, library, Action.REVIEW_SHARED, "review-own")
    if person.id in asset.reviewers:
        raise NotServed(say("review-again"))
    return asset, person, author


def _others(
    conn: Connection, world: World, request: Request, library: Library, action: Action, own: str
) -> tuple[SharedAsset, DirectoryPerson, DirectoryPerson]:
    """The asset that a value names, who asks, and its author, who is somebody else. Raises ``NotServed``."""
    person = about_nobody(conn, world.program, request, Action.SEE_SHARED)
    asset = library.get(request.value)
    if asset is None:
        raise NotServed(say("shared-gone"))
    if asset.author_id == person.id:
        raise NotServed(say(own))
    author = people_by_id(conn, [asset.author_id])[asset.author_id]
    about(conn, world.program, request, action, author)
    return asset, person, author


def _listed(world: World, asset: SharedAsset, author: DirectoryPerson, reader: int) -> ListedAsset:
    name = public_name(author, world.program.privacy.named_boards)
    return ListedAsset(asset, name, is_used=reader in asset.users)
