"""One's own band, as it was computed last."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.bands import band_explained
from bot.slack.blocks.home.band import band
from bot.slack.blocks.parts import plain
from bot.slack.message import Message
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.zones import zone_of
from bot.world import World
from db.bands import band_of
from db.directory import DirectoryPerson
from scoring.program import Program


def show_band(world: World, request: Request) -> Message:
    """The asker's band with its reasons and what clears each."""
    with world.store.read() as conn:
        return own_band(conn, world, about_oneself(conn, request, Action.SEE_BAND))


def explain_own_band(world: World, request: Request) -> Message:
    """The figures behind the asker's band, and how bands change."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.SEE_BAND)
        shown = band_of(conn, person.id, world.now_us())
    if shown is None:
        return plain(say("band-none"))
    return band_explained(shown, world.program.bands, zone_of(person, world.program))


def own_band(conn: Connection, world: World, person: DirectoryPerson) -> Message:
    """The band of ``person`` for themselves."""
    return band(band_of(conn, person.id, world.now_us()), coaching_of(world.program), zone_of(person, world.program))


def coaching_of(program: Program) -> str:
    """The page to read on; "" = there is none."""
    return program.bands.coaching or program.links.training
