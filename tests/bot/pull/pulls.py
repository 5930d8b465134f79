"""Pulls as the command line makes them, at a moment that stands still, and what the ledger holds afterwards."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.commands.pull import pull_events
from bot.settings import PullSettings, Settings
from db.engine import Store
from db.tables import events, identities
from tests.bot.pull.apis import KEY
from tests.builders import MONDAY_NOON_US

HOOK = "orgs/acme/hooks/1"


class Puller:
    """Somebody at the command line of one installation."""

    def __init__(self, store: Store, store_url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = store
        self._store_url = store_url
        self.waits: list[float] = []
        self.said = ""
        self.now_us = MONDAY_NOON_US
        self._folder = folder
        self._capsys = capsys

    def settings(self, **pull: str) -> Settings:
        settings = Settings(_env_file=None)
        update = {"database_url": self._store_url, "program": self._folder / "none.toml", "pull": PullSettings(**pull)}
        return settings.model_copy(update=update)

    def pull(self, source: str, url: str, **options: Any) -> dict[str, int]:
        """The counts that the command prints, by name."""
        settings = self.settings(
            litellm_url=url,
            litellm_key=KEY,
            anthropic_url=url,
            anthropic_admin_key=KEY,
            github_url=url,
            github_token=KEY,
            github_hook=HOOK,
        )
        return self.pull_with(settings, source, **options)

    def pull_with(self, settings: Settings, source: str, **options: Any) -> dict[str, int]:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        self._capsys.readouterr()
        pull_events(settings, lambda: self.now_us, source, sleep=sleep, **options)
        captured = self._capsys.readouterr()
        self.said = captured.out + captured.err
        return {name: int(count) for count, name in re.findall(r"(\d+) ([a-z ]+)", captured.out)}

    def rows(self) -> list[dict[str, Any]]:
        """What counts in the ledger, with the names of people."""
        query = select(events, identities.c.source, identities.c.external_id).join(
            identities, identities.c.id == events.c.identity_id
        )
        with self.store.read() as conn:
            return [dict(row._mapping) for row in conn.execute(query.where(events.c.is_shadowed.is_not(True)))]

    def usage(self) -> Counter[tuple[Any, ...]]:
        """Who used what: person, model, tokens, cost, error or not; how often."""
        classes = ("input", "output", "cache_read", "cache_write")
        return Counter(
            (
                row["external_id"],
                row["model"],
                *(row[f"tokens_{name}"] for name in classes),
                row["cost_nanousd"],
                bool(row["is_error"]),
            )
            for row in self.rows()
        )

    def totals(self) -> Counter[tuple[str, str, str]]:
        """Sums of tokens and nano-dollars by person and model, however many rows they came in."""
        sums: Counter[tuple[str, str, str]] = Counter()
        for row in self.rows():
            for name in ("tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write", "cost_nanousd"):
                sums[row["external_id"], row["model"], name.removeprefix("tokens_")] += row[name] or 0
        return +sums
