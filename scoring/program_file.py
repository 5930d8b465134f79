"""From ``program.toml`` to a validated, versioned ``Program``."""

from __future__ import annotations

import hashlib
import tomllib

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scoring.program import Program


class ProgramError(ValueError):
    """The program cannot be used; the message names the place and the fix."""


def parse_program(text: str) -> Program:
    """The program that ``text`` (TOML) describes. Raises ``ProgramError``."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProgramError(f"not TOML: {error}") from error
    try:
        return Program.model_validate(raw)
    except ValidationError as error:
        raise ProgramError(_first_fault(error.errors()[0])) from error


def version_of(program: Program) -> str:
    """Twelve hexadecimal digits that stand for the program's content: the same rules, the same version."""
    return hashlib.sha256(program.model_dump_json().encode()).hexdigest()[:12]


def _first_fault(error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{place}: no such key; see docs/program.md for those there are"
    if error["type"] == "value_error":
        return f"{place}: {error['ctx']['error']}"
    return f"{place}: {error['msg'][0].lower()}{error['msg'][1:]}, not {error['input']!r}"
