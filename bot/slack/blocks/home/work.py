"""What one's own AI work comes to: open items, places, the privacy switch and tokens."""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import button, context, cut, header, section
from bot.slack.blocks.places import RankCard, place_paragraphs
from bot.slack.blocks.progress import trend
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, day, joined, moment, without_marks
from db.score_weeks import ScoreWeek
from scoring.program import NamedBoards

_LONGEST_PLACE = 2000  # of 13,000 that all texts of a message may have, for five boards


class Work(msgspec.Struct, frozen=True):
    """``is_named``: posts may show the reader's name, because they said so (``has_chosen``) or by the program's rule.

    ``progress``: how their score went, week by week. ``tokens``: how many count usage as theirs; ``token_used_us``: when
    one last did.
    """

    places: tuple[RankCard, ...]
    named_boards: NamedBoards
    is_named: bool
    has_chosen: bool
    tokens: int
    token_used_us: int | None
    zone: tzinfo
    progress: tuple[ScoreWeek, ...] = ()

    def next_step(self, board: str) -> str:
        """What would help most with the place on ``board``, or what is missing for one; "" = nothing to say."""
        card = next((one for one in self.places if one.board == board), None)
        if card is None or card.entry is None:
            missing = card.withheld.missing if card is not None and card.withheld is not None else ()
            return missing[0] if missing else ""
        return card.entry.next_step


def work(of: Work) -> Message:
    """First what waits for the reader, then their places with one next step each, then what they can set."""
    parts = [*_open_items(of), *map(_place, of.places), *_progress(of), _naming(of), _tokens(of)]
    told = [text for text, _ in parts]
    whens = {card.at_us for card in of.places if card.at_us}
    as_of = [context(say("as-of", when=moment(max(whens), of.zone)))] if whens else []
    return Message(
        text=without_marks(joined([say("work-title"), *told])),
        blocks=(header(label("work-title")), *(section(*part) for part in parts), *as_of),
    )


def _open_items(of: Work) -> list[tuple[Mrkdwn, Block | None]]:
    """Whatever waits for an answer of the reader's."""
    if of.named_boards is NamedBoards.OPT_IN and not of.has_chosen:
        yes = button(actions.SHOW_MY_NAME, label("button-show-my-name"))
        return [(say("work-naming-open"), yes)]
    return []


def _place(card: RankCard) -> tuple[Mrkdwn, None]:
    """The components come last: should it ever be too long, they give way."""
    place, *details = place_paragraphs(card)
    return Mrkdwn(cut(joined([place, *reversed(details)]), _LONGEST_PLACE)), None


def _progress(of: Work) -> list[tuple[Mrkdwn, Block | None]]:
    if len(of.progress) < 2:
        return []
    return [
        (say("work-progress", trend=trend(of.progress)), button(actions.in_menu("progress"), label("menu-progress")))
    ]


def _naming(of: Work) -> tuple[Mrkdwn, Block | None]:
    if of.named_boards is NamedBoards.OFF:
        return say("privacy-off"), None
    if of.is_named:
        return say("privacy-named"), button(actions.STAY_UNNAMED, label("button-stay-unnamed"))
    return say("privacy-unnamed"), button(actions.SHOW_MY_NAME, label("button-show-my-name"))


def _tokens(of: Work) -> tuple[Mrkdwn, Block]:
    if not of.tokens:
        return say("work-no-tokens"), button(actions.in_menu("connect"), label("menu-connect"))
    used = say("work-token-used", when=day(of.token_used_us, of.zone)) if of.token_used_us else Mrkdwn()
    counted = joined([say("tokens-count", count=of.tokens), used], " ")
    return counted, button(actions.in_menu("tokens"), label("menu-tokens"))
