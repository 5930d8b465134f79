"""The demo as a person meets it: a page that looks like Slack, in a real browser, over real Socket Mode."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.company.calendar import ZONE
from bot.sandbox.tour import TOUR, Stop

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.peer


def test_the_weekly_digest_is_on_the_page(page: Page) -> None:
    digest = _newest(page, "Juniper & Vale AI guild")
    assert "Most improved" in digest.inner_text()
    assert "1. Payments" in digest.inner_text()
    assert "most tokens" not in digest.inner_text().lower()


def test_rank_typed_in_the_page_answers_the_one_who_typed_it(page: Page) -> None:
    _act_as(page, "Mateo Silva")
    _type(page, "/rank")
    answer = _newest(page, "You on the outcome board")
    assert "only visible to you" in answer.inner_text()
    assert "One next step" in answer.inner_text()


def test_the_button_on_the_answer_opens_the_rules(page: Page) -> None:
    _act_as(page, "Yuki Tanaka")
    _type(page, "/rank")
    _newest(page, "You on the outcome board").get_by_role("button", name="How it works").click()
    rules = page.locator(".msg", has=page.locator(".bk-header", has_text="How it works")).last
    assert "only visible to you" in rules.inner_text()


def test_the_button_on_the_digest_shows_ones_own_place(page: Page) -> None:
    _act_as(page, "Leo Martin")
    _newest(page, "Juniper & Vale AI guild").get_by_role("button", name="My rank").click()
    answer = _newest(page, "no place yet")
    assert "You on the outcome board" in answer.inner_text()
    assert "3 accepted tasks are needed" in answer.inner_text()


def test_a_leaderboard_is_private_until_its_button_shares_it(page: Page) -> None:
    _open(page, "general")
    _act_as(page, "Noor Haddad")
    _type(page, "/leaderboard team")
    private = _newest(page, "Teams (5 ranked)")
    assert "only visible to you" in private.inner_text()
    private.get_by_role("button", name="Share in this channel").click()
    shared = _messages(page).filter(has_text="Teams (5 ranked)").filter(has_not_text="only visible to you")
    shared.last.wait_for()
    assert "Your place" not in shared.last.inner_text()


@pytest.mark.parametrize("stop", TOUR, ids=lambda stop: f"{stop.name}: {stop.words}")
def test_the_tour_leads_to_what_it_names(page: Page, stop: Stop) -> None:
    _act_as(page, stop.name)
    _open(page, stop.channel.removeprefix("#") or stop.name)
    assert "only visible to you" not in _newest(page, stop.words).inner_text()


def test_an_exception_is_asked_for_approved_and_seen_by_the_asker(page: Page) -> None:
    _act_as(page, "Kofi Asante")
    _type(page, "/bandstand exceptions")
    _newest(page, "Exceptions").get_by_role("button", name="Ask for an exception").click()
    form = page.locator(".modal")
    form.locator("select").select_option(label="tier standard: $25.00 a month")
    amount, until, why = (form.locator(".bk-plain-input").nth(number) for number in range(3))
    amount.fill("12")
    until.fill((datetime.now(ZONE).date() + timedelta(days=5)).isoformat())
    why.fill("A backlog of invoices, once.")
    page.locator(".modal-btn.primary").click()
    _close_form(page, "is asked, privately")
    _act_as(page, "Amara Okafor")
    _open(page, "Amara Okafor")
    asked = _newest(page, "A backlog of invoices, once.")
    assert "Kofi Asante asks for $12.00 more" in asked.inner_text()
    asked.get_by_role("button", name="Approve", exact=True).click()
    _messages(page).filter(has_text="Approved by Amara Okafor").last.wait_for(timeout=30_000)
    _act_as(page, "Kofi Asante")
    _open(page, "Kofi Asante")
    assert "Amara Okafor approved it: you may use $12.00 more" in _newest(page, "Exception approved").inner_text()


def test_home_begins_with_what_to_do_next_and_a_click_in_it_is_followed(page: Page) -> None:
    _act_as(page, "Aisha Bello")
    page.locator(".sidebar-item", has_text="Bandstand").click()
    home = page.locator("main")
    for words in ("What to do next", "Your AI work", "Your scorecards", "Your badges"):
        home.get_by_text(words, exact=True).first.wait_for(timeout=30_000)
    home.get_by_role("button", name="Stay unnamed").first.click()
    home.get_by_text("You stay unnamed").first.wait_for(timeout=30_000)


def test_ai_ops_see_whose_usage_belongs_to_nobody(page: Page) -> None:
    _act_as(page, "Rosa Lindqvist")
    _open(page, "ai-ops")
    assert "svc-nightly-summaries" in _newest(page, "svc-nightly-summaries").inner_text()


def test_a_flag_is_confirmed_with_a_reason_and_the_message_says_by_whom(page: Page) -> None:
    _act_as(page, "Rosa Lindqvist")
    _open(page, "ai-ops")
    flag = _messages(page).filter(has_text="To be looked at").filter(has_text="Felix Brandt").first
    flag.get_by_role("button", name="Confirm").click()
    page.locator(".modal .bk-plain-input").fill("The agent was left running.")
    page.locator(".modal-btn.primary").click()
    _close_form(page, "Confirmed.")
    decided = _messages(page).filter(has_text="Rosa Lindqvist decided: The agent was left running.")
    decided.first.wait_for(timeout=30_000)


def test_a_score_is_disputed(page: Page) -> None:
    _act_as(page, "Mateo Silva")
    _type(page, "/rank")
    _newest(page, "You on the outcome board").get_by_role("button", name="Dispute").click()
    page.locator(".modal select").select_option(label="My score: Outcomes")
    page.locator(".modal .bk-plain-input").fill("Two merges of Monday are missing.")
    page.locator(".modal-btn.primary").click()
    _close_form(page, "A person answers by")
    _act_as(page, "Rosa Lindqvist")
    _open(page, "ai-ops")
    asked = _newest(page, "Two merges of Monday are missing.")
    assert "Mateo Silva disputes" in asked.inner_text()


def _close_form(page: Page, words: str) -> None:
    """Closes what took the form's place, which says ``words``."""
    answer = page.locator(".modal", has_text=words)
    answer.wait_for(timeout=30_000)
    page.locator(".modal-x").click()
    answer.wait_for(state="hidden")


def _open(page: Page, name: str) -> None:
    """A channel, or a person's conversation with the app: local-slack lists it by the person's name."""
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
