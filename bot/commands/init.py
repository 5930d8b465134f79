"""``bandstand init``: the two files that a new installation begins with."""

from __future__ import annotations

import base64
import secrets
from importlib.resources import files
from pathlib import Path

from rich.console import Console


def write_starting_files(folder: Path) -> None:
    """Writes program.toml and .env into ``folder``; a file that is there stays as it is."""
    templates = files("bot.commands") / "templates"
    console = Console()
    for name, template in (("program.toml", "program.toml"), (".env", "env")):
        target = folder / name
        if target.exists():
            console.print(f"{name} is there already and stays as it is.")
            continue
        text = (templates / template).read_text(encoding="utf-8")
        target.touch(mode=0o600 if name == ".env" else 0o644)
        target.write_text(text.replace("NEW_SECRET", f"whsec_{_new_secret()}"), encoding="utf-8")
        console.print(f"{name} written.")
    console.print("Next: fill in .env, then `bandstand check` and `bandstand serve`.")


def _new_secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
