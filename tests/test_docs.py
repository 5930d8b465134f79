"""What exists is documented, and what is documented exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import typer.main
from pydantic import BaseModel

from bot.cli import app
from bot.hooks.facts import SHAPES
from bot.hooks.otlp.clients import CLIENTS
from bot.settings import Settings
from bot.slack.subcommands import SUBCOMMANDS
from db.tables import metadata
from db.trail import Action
from scoring.badges.explanation import figure
from scoring.bands.band import Rule
from scoring.program import Badge, Budget, Program, Tier
from scoring.program.badges import BadgeMeasure
from scoring.program.starter_badges import STARTER_BADGES
from scoring.program_file import parse_program

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_OF_BANDS = ("band_changes", "budget_exceptions", "exception_steps")


def first_column(page: str) -> set[str]:
    """The names in backticks that open a table row of a page."""
    rows = re.findall(r"^\| (`[^|]*) \|", (DOCS / page).read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_setting_is_documented() -> None:
    names = set()
    for name, field in Settings.model_fields.items():
        alias = str(field.validation_alias or name)
        if isinstance(field.default, BaseModel):
            names |= {f"{alias}__{inner.upper()}" for inner in field.default.__class__.model_fields}
        else:
            names.add(alias)
    assert first_column("settings.md") == names


def program_keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from program_keys(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_every_program_key_is_documented() -> None:
    documented = first_column("program.md")
    assert documented >= set(program_keys(Program))
    assert {name for name in documented if name.count(".")} <= set(program_keys(Program))


def test_the_starting_program_shows_the_defaults() -> None:
    text = (ROOT / "bot/commands/templates/program.toml").read_text()
    assert parse_program(text) == parse_program("")


def test_every_field_of_every_event_is_documented() -> None:
    _, *sections = re.split(r"^## `", (DOCS / "events.md").read_text(), flags=re.MULTILINE)
    documented = {}
    for section in sections:
        name, _, text = section.partition("`")
        columns = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
        documented[name] = [field for column in columns for field in re.findall(r"`([^`]+)`", column)]
    assert documented == {name: list(shape.__struct_fields__) for name, shape in SHAPES.items()}


def test_everything_that_can_be_typed_in_slack_is_documented() -> None:
    assert first_column("slack.md") == {"help", *(one.name for one in SUBCOMMANDS)}


def test_every_command_is_documented() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    documented = set(re.findall(r"^\| `bandstand ([\w-]+)", (DOCS / "command-line.md").read_text(), re.MULTILINE))
    assert documented == commands


def test_every_column_that_analysts_may_read_is_documented() -> None:
    page = (DOCS / "tables.md").read_text()
    for table in ("events", "usage_days", "activity_days", "identities", "people", "standings", "outbox", *_OF_BANDS):
        section = page.split(f"## `{table}`")[1].split("\n## ")[0]
        documented = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| ([^|]*) \|", section, re.MULTILINE))))
        assert documented == set(metadata.tables[table].columns.keys()), table


def test_every_signal_that_counts_is_documented() -> None:
    pages = "".join(page.read_text() for page in (DOCS / "sources").glob("*.md"))
    for client in CLIENTS:
        rules = [rule.name for rule in client.metrics]
        rules += [rule.names[0] for rule in (*client.events, *client.spans) if rule.names]
        assert [name for name in rules if f"`{name}`" not in pages] == []


def test_everything_that_goes_on_record_is_documented() -> None:
    assert first_column("governance.md") == set(Action)


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_variable_of_the_litellm_callback_is_documented() -> None:
    code = (ROOT / "bot/litellm_callback/bandstand_callback.py").read_text()
    read = {f"BANDSTAND_CALLBACK_{name}" for name in re.findall(r'(?:given|size)\("(\w+)"', code)}
    assert {name for name in first_column("sources/litellm.md") if name.isupper()} == read
    assert set(re.findall(r"^    (BANDSTAND_CALLBACK_\w+)", code, re.MULTILINE)) == read


def test_every_key_measure_and_starter_badge_is_documented() -> None:
    page = (DOCS / "badges.md").read_text()
    starters, keys, measures = (
        set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        for section in _tables(page, "badge", "key", "measure")
    )
    assert starters == {badge.name for badge in STARTER_BADGES}
    assert keys == set(Badge.model_fields)
    assert measures == set(BadgeMeasure)
    for badge in STARTER_BADGES:
        levels = ", ".join(
            figure(badge.measure, step) for step in badge.levels.model_dump().values() if step is not None
        )
        assert f"| `{badge.measure}` | {badge.period} | {levels} | [learn]({badge.training}) |" in page


def _tables(page: str, *heads: str) -> Iterator[str]:
    """The text after the head of each table whose first column is called so."""
    for head in heads:
        yield page.split(f"\n| {head} |")[1].split("\n\n")[0]


def test_the_badge_in_the_docs_loads() -> None:
    (snippet,) = re.findall(r"```toml\n(.*?)```", (DOCS / "badges.md").read_text(), re.DOTALL)
    assert [badge.name for badge in parse_program(snippet).badges] == ["cache_wizard"]


def test_every_key_of_a_budget_and_a_tier_is_documented() -> None:
    page = (DOCS / "program.md").read_text()
    for model, head in ((Budget, "key of a budget"), (Tier, "key of a tier")):
        (table,) = _tables(page, head)
        documented = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)))
        assert set(documented) == set(model.model_fields)


def test_every_rule_of_a_band_is_documented() -> None:
    (table,) = _tables((DOCS / "bands.md").read_text(), "rule")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Rule)


def test_the_ceilings_and_tiers_in_the_docs_load() -> None:
    for snippet in re.findall(r"```toml\n(.*?)```", (DOCS / "program.md").read_text(), re.DOTALL):
        parse_program(snippet)
