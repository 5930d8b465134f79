"""Who may import whom, and who may look at the clock and the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "scoring": {"bot", "db", "slack_bolt", "slack_sdk", "sqlalchemy", "starlette", "aiohttp", "time", "os"},
    "db": {"bot", "slack_bolt", "slack_sdk", "starlette", "aiohttp", "time"},
}
MAY_READ_CLOCK_AND_ENVIRONMENT = {
    "bot/app.py",
    "bot/cli.py",
    "bot/settings.py",
    "bot/litellm_callback/bandstand_callback.py",  # runs in LiteLLM, on its own
}
CLOCKS = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
ENVIRONMENT = {("os", "environ"), ("os", "getenv")}


def modules(*folders: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def attributes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


@pytest.mark.parametrize("module", modules("scoring", "db"))
def test_imports_point_one_way(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text())
    assert not FORBIDDEN[module.partition("/")[0]] & set(imported(tree))


@pytest.mark.parametrize("module", modules("scoring", "db", "bot"))
def test_only_the_composition_root_reads_the_clock_and_the_environment(module: str) -> None:
    if module in MAY_READ_CLOCK_AND_ENVIRONMENT or module.startswith("bot/sandbox/"):
        return
    used = set(attributes(ast.parse((ROOT / module).read_text())))
    assert not used & (CLOCKS | ENVIRONMENT)


@pytest.mark.parametrize("module", modules("bot"))
def test_sql_stays_in_db_and_block_kit_in_its_folder(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text())
    assert "sqlalchemy" not in set(imported(tree)) or _only_connection(tree)


def _only_connection(tree: ast.AST) -> bool:
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
        for alias in node.names
    }
    return names <= {"Connection"}
