"""Every hour: managers with news of their reports' bands get one message, at most one a day, in their working hours.

What it tells the reports themselves heard at least an hour before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.bands import BandLine, reports_bands
from bot.slack.naming import display_name
from bot.slack.working_hours import is_at_work
from bot.slack.zones import zone_of
from bot.slots import Hourly, Slot
from db.bands import bands_of, told_between
from db.directory import DirectoryPerson, people_by_email, people_by_id, reports_of_all
from db.outbox import last_posts
from scoring.bands.machine import News
from scoring.bands.shown import ShownBand
from scoring.program import Program
from scoring.window import local_day
from scoring.wording import counted

_KIND = "reports_bands"
_PRIORITY = 14
_HOUR_US = 3_600_000_000
_LOOK_BACK_US = 7 * 24 * _HOUR_US


def tell_managers(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """All of a manager's reports whose band is yellow or red, red first, where anything of it is new."""
    program = context.world.program
    with context.world.store.read() as conn:
        news = told_between(conn, slot.at_us - _LOOK_BACK_US, slot.at_us - _HOUR_US)
        posts = tuple(_posts(conn, news, slot, program)) if news else ()
    return (Work(posts=posts, lines=(f"{counted(len(posts), 'manager')} written to.",)),)


def _posts(conn: Connection, news: Sequence[ShownBand], slot: Slot, program: Program) -> Iterator[Post]:
    people = people_by_id(conn, {one.person_id for one in news})
    by_manager: dict[str, list[ShownBand]] = {}
    for one in news:
        person = people.get(one.person_id)
        if person is not None and person.is_active and person.manager_email:
            by_manager.setdefault(person.manager_email, []).append(one)
    managers = people_by_email(conn, by_manager)
    written = last_posts(conn, _KIND, slot.at_us - _LOOK_BACK_US)
    reports = reports_of_all(conn, by_manager)
    bands = bands_of(conn, [one.id for ones in reports.values() for one in ones], slot.at_us)
    for email, ones in sorted(by_manager.items()):
        manager = managers.get(email)
        if manager is None or not manager.is_active or manager.slack_id is None:
            continue
        zone = zone_of(manager, program)
        last_us = written.get(manager.slack_id, 0)
        today = local_day(slot.at_us, zone)
        if not is_at_work(zone, slot.at_us) or (last_us and local_day(last_us, zone) == today):
            continue
        fresh = [one for one in ones if one.at_us > last_us - last_us % _HOUR_US - _HOUR_US]
        if fresh:
            lines, cleared = _said(reports.get(email, ()), bands, fresh)
            key = f"{_KIND}/{manager.id}/{today.isoformat()}"
            yield Post(key, _KIND, manager.slack_id, reports_bands(lines, cleared), _PRIORITY)


def _said(
    reports: Sequence[DirectoryPerson], bands: Mapping[int, ShownBand], fresh: Sequence[ShownBand]
) -> tuple[list[BandLine], list[str]]:
    """The reports with a warning that they have heard of, red first; and the names of those who are clear again."""
    lines, cleared = [], []
    was_cleared = {one.person_id for one in fresh if one.told is News.CLEARED}
    for person in reports:
        shown = bands.get(person.id)
        if shown is None:
            continue
        if shown.band.severity and shown.band.severity <= shown.state.heard:
            lines.append(BandLine(display_name(person), shown.band, shown.reasons))
        elif not shown.band.severity and person.id in was_cleared:
            cleared.append(display_name(person))
    return sorted(lines, key=lambda one: -one.band.severity), cleared


BAND_REPORTS = Job("band_reports", lambda _program: Hourly(), in_thread(tell_managers))
