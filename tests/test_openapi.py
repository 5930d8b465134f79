"""docs/openapi.yaml describes the doors that are there, and the fields that they read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml
from starlette.routing import Route

from bot.hooks.cloudevents import Envelope
from bot.hooks.facts import SHAPES
from bot.hooks.litellm_record import Record
from bot.hooks.routes import hook_routes
from bot.intake import Intake
from bot.prices import PriceBook
from db.engine import Store
from db.writer import LedgerWriter
from scoring.program import Program
from tests.bot.hooks.doors import open_doors
from tests.builders import world

_PAGE = yaml.safe_load((Path(__file__).parents[1] / "docs" / "openapi.yaml").read_text())
_SCHEMAS = _PAGE["components"]["schemas"]
_NAMES = {type_: type_.rpartition(".")[2].capitalize() for type_ in SHAPES}


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """What both kinds of schema say of an object: its fields, which of them it needs, their values, and so on below."""
    fields = {}
    for name, field in schema.get("properties", {}).items():
        one = resolved(field)
        enum = {value for value in one.get("enum", []) if value is not None}
        fields[name] = {"enum": enum, "minimum": one.get("minimum"), "maximum": one.get("maximum"), **described(one)}
    return {"required": sorted(schema.get("required", [])), "fields": fields}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` itself, without references, and without "or null"."""
    while "$ref" in schema:
        schema = _DEFS[schema["$ref"].rpartition("/")[2]]
    others = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    return resolved(others[0]) if len(others) == 1 else schema


_STRUCTS = (*SHAPES.values(), Envelope, Record)
_DEFS = {**msgspec.json.schema_components(_STRUCTS)[1], **_SCHEMAS}


@pytest.mark.parametrize(
    ("name", "struct"), [*((_NAMES[type_], shape) for type_, shape in SHAPES.items()), ("Envelope", Envelope)]
)
def test_every_field_that_is_read_is_described_and_no_other(name: str, struct: type[msgspec.Struct]) -> None:
    assert described(_SCHEMAS[name]) == described(_DEFS[struct.__name__])


def test_the_fields_of_litellm_are_described_as_they_are_read() -> None:
    told, read = (described(schema)["fields"] for schema in (_SCHEMAS["LiteLLMRecord"], _DEFS["Record"]))
    for moment in ("startTime", "endTime"):  # a record from before the year 2000 can be read and is kept aside
        assert told[moment].pop("minimum") > read[moment].pop("minimum")
    assert told == read


def test_every_type_of_event_is_described() -> None:
    told = {_SCHEMAS[f"{name}Event"]["allOf"][1]["properties"]["type"]["const"] for name in _NAMES.values()}
    assert told == set(SHAPES)
    assert {one["$ref"].rpartition("/")[2] for one in _SCHEMAS["Event"]["oneOf"]} == {
        f"{name}Event" for name in _NAMES.values()
    }


def test_every_door_is_described_and_no_other(sqlite_store: Store) -> None:
    program = Program()
    intake = Intake(LedgerWriter(sqlite_store, program.zone, lambda: 0), program.lanes, PriceBook(program.prices))
    doors = {
        (route.path, method.lower())
        for route in hook_routes(world(sqlite_store, program), intake)
        if isinstance(route, Route)
        for method in route.methods or ()
    }
    assert {(path, method) for path, methods in _PAGE["paths"].items() for method in methods} == doors


def test_the_schemas_are_schemas() -> None:
    for schema in _SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


async def test_the_examples_are_taken(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        for path, send in (("/hooks/events", doors.events), ("/hooks/litellm", doors.litellm)):
            for form, content in _PAGE["paths"][path]["post"]["requestBody"]["content"].items():
                answer = await send(content["example"], content_type=form)
                assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": 0}, content
