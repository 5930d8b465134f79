"""Bands as they are told: to the person, kindly and with all reasons; to managers and AI ops as a list, red first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, context, fitting, header, paged, section
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, day, escape, joined, link, without_marks
from scoring.bands.band import Band, Reason, Rule
from scoring.bands.machine import News
from scoring.bands.shown import BandChange, ShownBand
from scoring.program import Bands

_MOST_REASONS = 6


class BandLine(msgspec.Struct, frozen=True):
    """Somebody's band in a list for others; ``is_told``: they have heard of it themselves."""

    name: str
    band: Band
    reasons: tuple[Reason, ...]
    is_told: bool = True


class BandsOverview(msgspec.Struct, frozen=True):
    """Everybody with a yellow or red band, red first, and how many are ``worse`` and ``better`` than a day ago."""

    lines: tuple[BandLine, ...]
    worse: int
    better: int


def band_news(change: BandChange, coaching: str) -> Message:
    """To the person alone. The text that notifications show names the matter and no figure."""
    title = say("band-news-title", news=change.news, band=change.band)
    heading = header(label("band-news-title", news=change.news, band=change.band))
    if change.news is News.CLEARED:
        return Message(
            text=without_marks(say("band-news-cleared-text", title=title)),
            blocks=(heading, section(say("band-news-thanks"))),
        )
    return Message(
        text=without_marks(say("band-news-text", title=title)),
        blocks=(
            heading,
            section(say("band-news-kind")),
            *map(section, reason_paragraphs(change.reasons, coaching)),
            buttons(*band_buttons(change.reasons)),
            context(say("band-who-knows")),
        ),
    )


def reason_paragraphs(reasons: Sequence[Reason], coaching: str) -> Sequence[Mrkdwn]:
    """What is behind a band, worst first, what clears each, and the one thing that would help most."""
    told = [_reason(one) for one in reasons[:_MOST_REASONS]]
    step = say("band-step", step=escape(reasons[0].advice, 400)) if reasons else Mrkdwn()
    more = link(coaching, say("band-coaching-link")) if coaching and reasons else Mrkdwn()
    return [*fitting(told, 8000), *([joined([step, more])] if step else [])]


def band_buttons(reasons: Iterable[Reason]) -> Iterable[Block]:
    """What can be done about a band."""
    is_ceiling = any(one.rule in (Rule.CEILING, Rule.SOFT_LIMIT) for one in reasons)
    return (
        button(actions.EXPLAIN_BAND, label("button-explain-band"), is_primary=True),
        *([button(actions.ASK_EXCEPTION, label("button-ask-exception"))] if is_ceiling else []),
        button(actions.DISPUTE, label("button-dispute"), "band/"),
    )


def band_explained(shown: ShownBand, rules: Bands, zone: tzinfo) -> Message:
    """Each figure with its limit and the events behind it, how a band changes, and what it does not touch."""
    how = [
        say("band-explained-worst"),
        say("band-explained-change", hold=rules.hold_days, renotify=rules.renotify_days),
        say("band-explained-proved"),
        band_since(shown, zone),
    ]
    title = say("band-title", band=shown.band)
    reasons = paged(title, [_figures(one) for one in shown.reasons]) if shown.reasons else [section(title)]
    return Message(
        text=without_marks(joined([say("band-explained-title"), title])),
        blocks=(header(label("band-explained-title")), *reasons, section(joined(how))),
    )


def reports_bands(lines: Sequence[BandLine], cleared: Sequence[str]) -> Message:
    """To a manager: all their reports with a yellow or red band, red first, with what to do; and who is clear again."""
    count = len(lines)
    title = say("reports-bands-title", count=count) if count else say("reports-bands-none")
    heading = label("reports-bands-title", count=count) if count else label("reports-bands-none")
    names = joined(map(escape, cleared[:7]), ", ")
    well = [say("reports-bands-cleared", names=names)] if cleared else []
    told = (_line(one, _for_manager) for one in lines)
    return Message(
        text=without_marks(say("reports-bands-text", title=title)),
        blocks=(
            header(heading),
            *(paged(Mrkdwn(), told, most_sections=3, count=count) if count else []),
            *map(section, well),
            context(say("reports-bands-about")),
        ),
    )


def bands_for_ai_ops(of: BandsOverview) -> Message:
    """To AI ops' channel: everybody with a yellow or red band, red first."""
    red = sum(one.band is Band.RED for one in of.lines)
    yellow = sum(one.band is Band.YELLOW for one in of.lines)
    changes = say("ops-bands-changes", worse=of.worse, better=of.better)
    told = (_line(one, _for_ai_ops) for one in of.lines)
    return Message(
        text=without_marks(joined([say("ops-bands-title", red=red, yellow=yellow), changes], ". ")),
        blocks=(
            header(label("ops-bands-title", red=red, yellow=yellow)),
            *paged(changes, told, most_sections=3, count=len(of.lines)),
            context(say("ops-bands-about")),
        ),
    )


def band_since(shown: ShownBand, zone: tzinfo) -> Mrkdwn:
    """Since when it has been so, and by which rules."""
    return say("band-since", since=day(shown.state.since_us, zone), version=shown.program_version)


def _reason(one: Reason) -> Mrkdwn:
    return say(
        "band-reason",
        rule=say("band-rule", rule=one.rule),
        band=say("band-name", band=one.band),
        text=escape(one.text, 600),
        clears=escape(one.clears, 300),
    )


def _figures(one: Reason) -> Mrkdwn:
    rule = say("band-rule", rule=one.rule)
    if one.rule is Rule.HOLD:
        return say("band-explained-hold", rule=rule, text=escape(one.text, 300))
    return say(
        "band-explained-reason",
        rule=rule,
        figures=_against(one),
        events=one.events,
        clears=escape(one.clears, 300),
    )


def _line(one: BandLine, reason: Callable[[Reason], Mrkdwn]) -> Mrkdwn:
    reasons, band = joined(map(reason, one.reasons[:3]), " "), say("band-name", band=one.band)
    if one.is_told:
        return say("bands-line", name=one.name, band=band, reasons=reasons)
    return say("bands-line-untold", name=one.name, band=band, reasons=reasons)


def _for_manager(one: Reason) -> Mrkdwn:
    """With what to do. The reason's own sentence speaks to the person; of a flag or a policy the manager gets no details."""
    rule, advice = say("band-rule", rule=one.rule), say("band-advice", rule=one.rule)
    if one.rule in (Rule.HOLD, Rule.OPEN_FLAG, Rule.POLICY_VIOLATION):
        return say("reports-bands-reason-bare", rule=rule, advice=advice)
    return say("reports-bands-reason", rule=rule, figures=_against(one), advice=advice)


def _for_ai_ops(one: Reason) -> Mrkdwn:
    rule = say("band-rule", rule=one.rule)
    if one.rule is Rule.HOLD:
        return say("ops-bands-reason-bare", rule=rule)
    return say("ops-bands-reason", rule=rule, figures=_against(one))


def _against(one: Reason) -> Mrkdwn:
    value, limit = (_amount(amount, one.unit) for amount in (one.value, one.limit))
    return say("band-figures", value=value, limit=limit, unit=one.unit)


def _amount(amount: float, unit: str) -> Mrkdwn:
    if unit.startswith("USD"):
        return Mrkdwn(f"{amount:,.2f}")
    return Mrkdwn(f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.1f}")
