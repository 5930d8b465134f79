"""The demo as a person meets it: a page that looks like Slack, in a real browser, over real Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.peer


def _open_channel(page: Page, name: str) -> None:
    page.locator(".sidebar-item", has_text=name).click()
    page.locator(".channel-title", has_text=name).wait_for()


def _act_as(page: Page, name: str) -> None:
    page.locator(".actas select").select_option(label=name)


def _type(page: Page, words: str) -> None:
    box = page.locator("textarea.composer-input")
    box.fill(words)
    box.press("Enter")


def _messages(page: Page) -> Locator:
    return page.locator(".messages .msg")


def _newest(page: Page, words: str) -> Locator:
    newest = _messages(page).filter(has_text=words).last
    newest.wait_for(timeout=30_000)
    return newest
