"""What people share: the forms to share and review with, the list, the post in a channel, and what the author reads."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, choice_input, line_input, message, section, text_input
from bot.slack.message import Block, Message, Modal
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, link, without_marks
from scoring.library import SharedAsset, Worth

KIND, TITLE, LINK, WORDS, WHERE = "kind", "title", "link", "words", "where"
VERDICT, COMMENT = "verdict", "comment"
CHANNEL, LIST = "channel", "list"
HELPFUL, NEEDS_WORK = "helpful", "needs_work"
KINDS = ("prompt_template", "documentation", "office_hours", "onboarding", "tool")
LONGEST_TITLE = 150
LONGEST_LINK = 1000
LONGEST_WORDS = 300
LONGEST_COMMENT = 500
_MOST_LISTED = 8


class ListedAsset(msgspec.Struct, frozen=True):
    """``author`` None = not named; ``is_used``: the reader said that they used it."""

    asset: SharedAsset
    author: str | None
    is_used: bool = False


def share_form(*, has_channel: bool) -> Modal:
    kinds = [(kind, label("shared-kind", kind=kind).capitalize()) for kind in KINDS]
    where = [(LIST, label("share-where-list")), (CHANNEL, label("share-where-channel"))]
    return Modal(
        title=label("share-title"),
        blocks=(
            choice_input(KIND, label("share-kind"), kinds),
            line_input(TITLE, label("share-name"), LONGEST_TITLE),
            line_input(LINK, label("share-link"), LONGEST_LINK, hint=label("share-link-hint")),
            *(
                (
                    choice_input(WHERE, label("share-where"), where, chosen=LIST),
                    text_input(
                        WORDS, label("share-words"), LONGEST_WORDS, hint=label("share-words-hint"), is_optional=True
                    ),
                )
                if has_channel
                else ()
            ),
        ),
        submission=actions.SEND_SHARED,
        submit=label("button-share"),
    )


def shared_post(one: ListedAsset, words: str) -> Message:
    """In a channel, because the author wished it."""
    said = {"kind": say("shared-kind", kind=one.asset.kind), "title": escape(one.asset.title, LONGEST_TITLE)}
    first = say("shared-posted", name=one.author, **said) if one.author else say("shared-posted-unnamed", **said)
    return message([first, escape(words, LONGEST_WORDS), _open(one.asset)], _buttons(one))


def library(assets: Sequence[ListedAsset], command: str) -> Message:
    """What the reader may review, each piece with its buttons."""
    if not assets:
        return message([say("library-none", command=command)])
    told = [_listed(one) for one in assets[:_MOST_LISTED]]
    more = len(assets) - len(told)
    last = say("library-more", count=more) if more else Mrkdwn()
    blocks: list[Block] = [section(say("library-title"))]
    for one, line in zip(assets, told, strict=False):
        blocks += [section(line), _buttons(one)]
    text = without_marks(joined([say("library-title"), *told, last]))
    return Message(text=text, blocks=(*blocks, *([section(last)] if more else [])))


def review_form(one: ListedAsset, worth: Worth) -> Modal:
    """``worth`` says before what the review will count."""
    author = one.author or say("shared-colleague")
    about = say("review-about", title=escape(one.asset.title, LONGEST_TITLE), author=author)
    verdicts = [(HELPFUL, label("review-helpful")), (NEEDS_WORK, label("review-needs-work"))]
    return Modal(
        title=label("review-title"),
        blocks=(
            section(joined([about, _open(one.asset), say(_WORTH[worth])])),
            choice_input(VERDICT, label("review-verdict"), verdicts),
            text_input(
                COMMENT,
                label("review-comment"),
                LONGEST_COMMENT,
                hint=label("review-comment-hint"),
                is_optional=True,
            ),
        ),
        submission=actions.SEND_REVIEW,
        submit=label("button-send"),
        hidden=one.asset.id,
    )


def review_told(name: str, title: str, comment: str, *, is_helpful: bool) -> Message:
    """To the author alone."""
    key = "review-told-helpful" if is_helpful else "review-told-needs-work"
    words = say("review-told-comment", comment=escape(comment, LONGEST_COMMENT)) if comment else Mrkdwn()
    return message([say(key, name=name, title=escape(title, LONGEST_TITLE)), words])


_WORTH = {
    Worth.COUNTS: "review-worth-counts",
    Worth.REPORT: "review-worth-report",
    Worth.CIRCLE: "review-worth-circle",
    Worth.OWN: "review-own",
}


def _listed(one: ListedAsset) -> Mrkdwn:
    asset = one.asset
    first = say(
        "library-one",
        title=escape(asset.title, LONGEST_TITLE),
        kind=say("shared-kind", kind=asset.kind),
        author=one.author or say("shared-colleague"),
    )
    figures = say("library-figures", reviews=len(asset.reviewers), users=len(asset.users))
    return joined([first, figures, _open(asset)])


def _open(asset: SharedAsset) -> Mrkdwn:
    return link(asset.url, say("shared-open")) if asset.url else Mrkdwn()


def _buttons(one: ListedAsset) -> Block:
    review = button(actions.REVIEW_SHARED, label("button-review"), one.asset.id)
    used = button(actions.USE_SHARED, label("button-used"), one.asset.id)
    return buttons(*([review] if one.is_used else [used, review]))
