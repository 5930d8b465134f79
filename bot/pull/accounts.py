"""Whom the settings allow to ask, and with what: an address, a key, and the source that knows how."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import TypeAlias

import msgspec

from bot.pull import claude_code_analytics, github, litellm
from bot.pull.asking import Asker
from bot.pull.portion import Days, Portions, Progress
from bot.settings import PullSettings, SettingsError
from bot.world import Clock

PortionsOf: TypeAlias = Callable[[Asker, Days, Progress, Clock], Portions]

_HOOK = re.compile(r"(orgs/[\w.-]+|repos/[\w.-]+/[\w.-]+)/hooks/\d+", re.ASCII)


class Account(msgspec.Struct, frozen=True):
    """An account at a source. ``scope`` tells it from others there; ``name`` is for people, ``setting`` holds the key."""

    source: str
    scope: str
    name: str
    setting: str
    url: str
    headers: Mapping[str, str]
    portions: PortionsOf


def litellm_account(settings: PullSettings) -> Account:
    url = _url(settings.litellm_url, "LITELLM_URL", "https://litellm.example.com")
    key = _key(settings.litellm_key, "LITELLM_KEY", "sk-…")
    return Account(
        source=litellm.SOURCE,
        scope=url,
        name="LiteLLM",
        setting="BANDSTAND_PULL__LITELLM_KEY",
        url=url,
        headers={"authorization": f"Bearer {key}"},
        portions=litellm.portions,
    )


def analytics_account(settings: PullSettings) -> Account:
    url = _url(settings.anthropic_url, "ANTHROPIC_URL", "https://api.anthropic.com")
    key = _key(settings.anthropic_admin_key, "ANTHROPIC_ADMIN_KEY", "sk-ant-admin…")
    return Account(
        source=claude_code_analytics.SOURCE,
        scope=f"{url} {sha256(key.encode()).hexdigest()[:12]}",  # the key alone says which organisation
        name="Anthropic",
        setting="BANDSTAND_PULL__ANTHROPIC_ADMIN_KEY",
        url=url,
        headers={"x-api-key": key, "anthropic-version": "2023-06-01"},
        portions=claude_code_analytics.portions,
    )


def github_account(settings: PullSettings, decode: github.DecodeDelivery, *, redeliver: bool) -> Account:
    url = _url(settings.github_url, "GITHUB_URL", "https://api.github.com")
    key = _key(settings.github_token, "GITHUB_TOKEN", "github_pat_…")
    hook = settings.github_hook.strip("/")
    if not _HOOK.fullmatch(hook):
        raise SettingsError("set BANDSTAND_PULL__GITHUB_HOOK=orgs/ORG/hooks/ID or repos/OWNER/REPO/hooks/ID")
    return Account(
        source=github.SOURCE,
        scope=f"{url}/{hook}",
        name="GitHub",
        setting="BANDSTAND_PULL__GITHUB_TOKEN",
        url=url,
        headers={
            "authorization": f"Bearer {key}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        },
        portions=partial(github.portions, hook=hook, decode=decode, redeliver=redeliver),
    )


def _url(given: str, setting: str, example: str) -> str:
    if not given.startswith(("http://", "https://")):
        raise SettingsError(f"set BANDSTAND_PULL__{setting}={example}")
    return given.rstrip("/")


def _key(given: str, setting: str, example: str) -> str:
    if not given or not given.isascii() or not given.isprintable():
        raise SettingsError(f"set BANDSTAND_PULL__{setting}={example}")
    return given
