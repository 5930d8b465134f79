"""The errors that a person can mend: each carries the one line that the command line shows."""

from __future__ import annotations

from bot.settings import SettingsError
from db.engine import StoreError, StoreUnavailable
from scoring.program_file import ProgramError


class Fault(Exception):
    """Something in the input or the world is wrong; the message says what and what to do."""


EXPECTED: tuple[type[Exception], ...] = (Fault, SettingsError, StoreError, StoreUnavailable, ProgramError)
