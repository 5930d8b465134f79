"""``bandstand rules``: the program in plain language."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from bot.settings import Settings
from bot.world import read_rule_book
from scoring.rules import rules_of


def show_rules(settings: Settings) -> None:
    rule_book, _ = read_rule_book(settings)
    console = Console(soft_wrap=True, highlight=False)
    for section in rules_of(rule_book.program):
        console.print(f"[bold]{escape(section.title)}[/bold]")
        for sentence in section.sentences:
            console.print(f"  {escape(sentence)}")
        console.print()
    console.print(f"Program version {rule_book.version}.")
