"""The built-in adversaries, let loose on the company's own ledger in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from bot.flagging import named_flags_at
from bot.scoreboard import standings_of_all
from bot.world import RuleBook
from db.identities import resolve
from db.ledger import Calendar, append
from scoring.adversaries import TRICKS, Player, Trick
from scoring.events import Event
from scoring.flag import Flag
from scoring.standings import Entry, Standings

_SOURCE = "attack"
