"""Whose a name is: by alias, by e-mail, or nobody's yet, in whatever order things become known."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from db.directory import PersonRow, SourceAliases, upsert_people
from db.engine import Store
from db.identities import (
    AttributionShare,
    UnattributedIdentity,
    alias_holders,
    attribution_shares,
    resolve,
    unattributed,
)
from db.tables import identities, people
from tests.builders import MONDAY_NOON, MONDAY_NOON_US, event, outcome, record, undone, usage


def row(email: str, **aliases: str | Sequence[str]) -> PersonRow:
    named = ((source, (names,) if isinstance(names, str) else tuple(names)) for source, names in aliases.items())
    return PersonRow(email=email, aliases=tuple(SourceAliases(source, names) for source, names in named))


def bring(store: Store, *rows: PersonRow) -> None:
    with store.write() as conn:
        upsert_people(conn, rows, now_us=1)


def see(store: Store, *names: tuple[str, str]) -> dict[tuple[str, str], int]:
    with store.write() as conn:
        return resolve(conn, names, now_us=1)


def owners(conn: Connection) -> dict[tuple[str, str], str | None]:
    """Whose e-mail stands behind each name that was seen."""
    query = select(identities.c.source, identities.c.external_id, people.c.email).outerjoin(
        people, people.c.id == identities.c.person_id
    )
    return {(source, name): email for source, name, email in conn.execute(query)}


def owner(store: Store, source: str, name: str) -> str | None:
    with store.read() as conn:
        return owners(conn)[source, name]


def test_a_name_keeps_its_number(store: Store) -> None:
    first = see(store, ("github", "ada"), ("litellm", "ada"), ("github", "Ada"), ("github", ""))
    assert len(set(first.values())) == 4
    assert see(store, *first) == first
    assert see(store) == {}


def test_odd_names_are_told_apart(store: Store) -> None:
    names = [
        ("s", name) for name in ("1", "01", "1.0", "true", "null", '"', "\\", "%", "%s", ":x", "ß", "SS", "日本", " ")
    ]
    assert see(store, *names) == see(store, *reversed(names))
    assert len(set(see(store, *names).values())) == len(names)


def test_ten_thousand_names_are_resolved_at_once(store: Store) -> None:
    names = [(f"source-{number % 100}", f"person-{number}") for number in range(10_000)]
    assert len(set(see(store, *names).values())) == 10_000
    assert see(store, *names).keys() == set(names)


def test_a_name_that_is_an_address_belongs_to_that_person_in_any_case(store: Store) -> None:
    bring(store, row("ada@acme.test"))
    see(store, ("litellm", "Ada@ACME.test"), ("otlp", "ada@acme.test"), ("litellm", "bo@acme.test"))
    with store.read() as conn:
        assert owners(conn) == {
            ("litellm", "Ada@ACME.test"): "ada@acme.test",
            ("otlp", "ada@acme.test"): "ada@acme.test",
            ("litellm", "bo@acme.test"): None,
        }


def test_a_person_who_comes_later_gets_what_was_seen_before(store: Store) -> None:
    before = see(store, ("litellm", "ADA@acme.test"), ("github", "ada"))
    bring(store, row("ada@acme.test", github="ada"))
    assert owner(store, "litellm", "ADA@acme.test") == "ada@acme.test"
    assert owner(store, "github", "ada") == "ada@acme.test"
    assert see(store, *before) == before  # linking rewrites no event: the numbers stay


def test_an_alias_belongs_to_its_source_alone_and_exactly(store: Store) -> None:
    bring(store, row("ada@acme.test", github="ada"))
    see(store, ("github", "Ada"), ("gitlab", "ada"))
    with store.read() as conn:
        assert owners(conn) == {("github", "ada"): "ada@acme.test", ("github", "Ada"): None, ("gitlab", "ada"): None}


def test_an_alias_beats_an_address(store: Store) -> None:
    see(store, ("litellm", "shared@acme.test"))
    bring(store, row("shared@acme.test"), row("ada@acme.test", litellm="shared@acme.test"))
    assert owner(store, "litellm", "shared@acme.test") == "ada@acme.test"
    with store.read() as conn:
        assert list(alias_holders(conn, [("litellm", "shared@acme.test"), ("x", "y")])) == [
            ("litellm", "shared@acme.test")
        ]


def test_an_alias_given_up_goes_back_to_the_address(store: Store) -> None:
    bring(store, row("shared@acme.test"), row("ada@acme.test", litellm="shared@acme.test"))
    bring(store, row("ada@acme.test", litellm=()))
    assert owner(store, "litellm", "shared@acme.test") == "shared@acme.test"


def test_aliases_of_a_source_that_an_import_does_not_mention_stay(store: Store) -> None:
    bring(store, row("ada@acme.test", github="ada", litellm=("key-1", "key-2")))
    bring(store, row("ada@acme.test", litellm="key-2"))
    with store.read() as conn:
        assert owners(conn) == {
            ("github", "ada"): "ada@acme.test",
            ("litellm", "key-1"): None,
            ("litellm", "key-2"): "ada@acme.test",
        }


_LOCALS = "abc"
_NAMES = [f"{local}@acme.test" for local in _LOCALS] + ["A@acme.test", "ada", "key"]


@given(
    persons=st.lists(st.sampled_from(_LOCALS), unique=True),
    claims=st.dictionaries(st.tuples(st.sampled_from(["s", "t"]), st.sampled_from(_NAMES)), st.sampled_from(_LOCALS)),
    seen=st.lists(st.tuples(st.sampled_from(["s", "t"]), st.sampled_from(_NAMES)), max_size=8),
    shuffle=st.randoms(use_true_random=False),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whose_a_name_is_does_not_depend_on_what_came_first(
    store: Store,
    persons: list[str],
    claims: dict[tuple[str, str], str],
    seen: list[tuple[str, str]],
    shuffle: random.Random,
) -> None:
    steps: list[PersonRow | tuple[str, str]] = [*seen]
    for local in persons:
        mine = [name for name, claimant in claims.items() if claimant == local]
        steps.append(
            row(f"{local}@acme.test", **{source: [name for of, name in mine if of == source] for source in ("s", "t")})
        )
    shuffle.shuffle(steps)
    expected: dict[tuple[str, str], str | None] = {}
    for source, name in {*seen, *(name for name, local in claims.items() if local in persons)}:
        claimant = claims.get((source, name))
        alone = name.lower().removesuffix("@acme.test")
        by_email = f"{alone}@acme.test" if "@" in name and alone in persons else None
        expected[source, name] = f"{claimant}@acme.test" if claimant in persons else by_email

    with undone(store) as conn:
        for step in steps:
            if isinstance(step, PersonRow):
                upsert_people(conn, [step], now_us=1)
            else:
                resolve(conn, [step], now_us=1)
        assert owners(conn) == expected


def test_replicas_that_meet_the_same_names_agree(store: Store) -> None:
    names = [("litellm", f"p{number}@acme.test") for number in range(300)]
    found: list[dict[tuple[str, str], int]] = []
    start = threading.Barrier(4)

    def replica(seed: int) -> None:
        mine = random.Random(seed).sample(names, len(names))
        start.wait()
        found.append(see(store, *mine))

    threads = [threading.Thread(target=replica, args=(seed,)) for seed in range(3)]
    threads.append(threading.Thread(target=lambda: (start.wait(), bring(store, *(row(name) for _, name in names)))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == found[2]
    with store.read() as conn:
        assert conn.scalar(select(func.count()).select_from(identities)) == 300
        assert all(email == name for (_, name), email in owners(conn).items())


def test_what_is_nobodys_is_shown_by_volume(store: Store) -> None:
    bring(store, row("ada@acme.test"))
    with store.write() as conn:
        record(
            conn,
            event(usage(), id="1", subject="ada@acme.test"),
            event(usage(), id="2", subject="key-1"),
            event(usage(cost_nanousd=None), id="3", subject="key-1"),
            event(outcome(), id="4", subject="key-1"),
            event(outcome(), id="5", source="github", subject="octocat"),
            event(usage(), id="6", subject="key-0", time_us=MONDAY_NOON_US - 3 * 86_400_000_000),
        )
        today = MONDAY_NOON.date()
        assert unattributed(conn, today) == (
            UnattributedIdentity(
                "test", "key-1", calls=2, tokens=220, cost_nanousd=1_000_000, events=3, last_day=today
            ),
            UnattributedIdentity("github", "octocat", calls=0, tokens=0, cost_nanousd=0, events=1, last_day=today),
        )
        assert attribution_shares(conn, today) == (
            AttributionShare("github", events=1, attributed_events=0),
            AttributionShare("test", events=4, attributed_events=1, tokens=330, attributed_tokens=110),
        )
        assert len(unattributed(conn, datetime(2026, 5, 1, tzinfo=UTC).date())) == 3
