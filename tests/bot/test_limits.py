"""The limits are those of docs/sources/limits.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot import limits
from db.engine import Store
from tests.bot.hooks.doors import cloud_event, litellm_record, open_doors, receipt

_PAGE = (Path(__file__).parents[2] / "docs" / "sources" / "limits.md").read_text()


def as_people_read(name: str, figure: int) -> str:
    if name.endswith("_SECONDS"):
        return f"{figure} s"
    if not name.endswith("_BYTES"):
        return f"{figure:,}"
    return f"{figure >> 20} MiB" if figure >= 1 << 20 else f"{figure >> 10} KiB"


def test_every_limit_is_listed_with_its_figure() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", _PAGE, re.MULTILINE))
    known = {name: as_people_read(name, figure) for name, figure in vars(limits).items() if name.isupper()}
    assert listed == known


async def test_json_is_read_to_a_depth_that_no_honest_program_reaches(sqlite_store: Store) -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]
    async with open_doors(sqlite_store) as doors:
        event = cloud_event({"model": "m", "unread": deep}, unread=deep)
        assert (await doors.events(event)).json() == receipt(1)
        assert (await doors.litellm([litellm_record(messages=deep)])).json() == receipt(1)
        assert (await doors.litellm(litellm_record(id="2", messages=deep))).json() == receipt(1)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
async def test_json_that_is_nested_without_end_is_refused(sqlite_store: Store, opening: str) -> None:
    async with open_doors(sqlite_store) as doors:
        deep = cloud_event({"model": "m", "unread": "HERE"})
        body = json.dumps(deep).replace('"HERE"', opening * 100_000 + "1" + "]}"[opening == '{"a":'] * 100_000)
        assert (await doors.events(body.encode())).json() == {"error": "body: nested too deeply"}
