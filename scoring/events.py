"""The five kinds of fact that producers report, as Bandstand keeps them: immutable and free of content."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TypeAlias

import msgspec

# gc=False: these hold plain values and so are never part of a circle; by the million, the collector's rounds over them
# would take longer than reading them.


class Lane(StrEnum):
    """Where work happens: learning in a sandbox, or work that ships. Never mixed in a score."""

    EXPLORATION = "exploration"
    PRODUCTION = "production"


class Tokens(msgspec.Struct, frozen=True, gc=False):
    """Tokens of one call by price class. ``input`` excludes cache tokens."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output + self.cache_read + self.cache_write


class CostKind(StrEnum):
    """Who says what usage cost: whoever bills it, the client that reports it, our prices, or an event of its own."""

    BILLED = "billed"
    ESTIMATED = "estimated"
    LISTED = "listed"
    SEPARATE = "separate"


class Usage(msgspec.Struct, frozen=True, gc=False):
    """One model call, or what a counter of tokens or cost has counted of an unknown number of calls (``calls`` 0).

    ``cost_nanousd`` is None while no price is known (*unpriced*), never 0 for that reason; with ``CostKind.SEPARATE``
    it is None because the producer reports cost in events of their own.
    ``lane`` is None until the program's lane rules have decided.
    """

    model: str
    tokens: Tokens = Tokens()
    cost_nanousd: int | None = None
    cost_kind: CostKind | None = None
    lane: Lane | None = None
    use_case: str | None = None
    session: str | None = None
    task: str | None = None
    is_error: bool = False
    is_retry: bool = False
    latency_ms: float | None = None
    prompt_hash: str | None = None
    tags: tuple[str, ...] = ()
    calls: int = 1


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """Something got done: a merged pull request, a resolved ticket, an approved document.

    Shares (``edit_distance``, ``quality``) run from 0 to 1; None means that nobody measured it.
    ``reverses`` is the id of an earlier outcome of the same source that this one takes back.
    """

    kind: str
    lane: Lane = Lane.PRODUCTION
    task: str | None = None
    started_us: int | None = None
    is_accepted: bool | None = None
    edit_distance: float | None = None
    quality: float | None = None
    errors: int | None = None
    is_escalated: bool | None = None
    is_incident: bool | None = None
    minutes_saved: float | None = None
    reverses: str | None = None


class Policy(msgspec.Struct, frozen=True, gc=False):
    """A safe-use milestone reached, or a rule violated (then with a severity: low, medium, high)."""

    kind: str
    name: str
    severity: str | None = None


class Contribution(msgspec.Struct, frozen=True, gc=False):
    """A shared asset was published, reviewed or reused."""

    action: str
    asset: str
    kind: str | None = None
    title: str | None = None
    url: str | None = None


class Training(msgspec.Struct, frozen=True, gc=False):
    """A training module was completed."""

    module: str
    action: str


Fact: TypeAlias = Usage | Outcome | Policy | Contribution | Training


class Signal(IntEnum):
    """How usage was reported. Where several signals tell of the same usage, the highest counts and the rest is shadowed."""

    DAY_TOTAL = 1  # a vendor's sum over a person's day
    DELTA = 2  # a metric that counts since its last export
    CUMULATIVE = 3  # a metric that counts since its start, and so heals its own losses
    SPAN = 4
    LOG = 5
    BILLED = 6  # the gateway that the calls went through


class Claim(msgspec.Struct, frozen=True, gc=False):
    """What a report of usage is a report of, so that nothing counts twice.

    ``scope`` names the usage that several signals may tell of: an agent's session, or a person's day. ``covers`` names
    other scopes in which weaker signals give way to this one as well.
    """

    scope: str
    signal: Signal
    covers: tuple[str, ...] = ()


class Counter(StrEnum):
    """What a reading counts: tokens of a price class, or nano-dollars."""

    INPUT = "input"
    OUTPUT = "output"
    CACHE_READ = "cache_read"
    CACHE_WRITE = "cache_write"
    COST = "cost"


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A data point of a metric.

    A delta point has been counted once its ``key`` is known. A cumulative one adds what ``amount`` exceeds the highest
    amount known of the series that ``key`` names.
    """

    counter: Counter
    key: bytes
    amount: int
    is_cumulative: bool


PERSONAL_SOURCE = "personal-token"  # of identities: what is sent with a personal token, whose id is the external id
END_USER_SOURCE = "litellm-end-user"  # of identities: whom a caller names beside the key with which they call


class Event(msgspec.Struct, frozen=True, gc=False):
    """One fact from one producer. ``source`` and ``id`` identify it for ever.

    ``subject`` is the person as the producer knows them ("" = the producer does not say).
    ``time_us`` is when it happened, in microseconds since 1970-01-01 UTC.
    ``readings``, if any, hold the tokens and the cost of a usage; then they identify it instead of ``id``, and the
    fact's own tokens and cost are left out.
    ``is_asserted``: the sender itself says who the subject is, and nothing proves it. ``token`` is the personal token
    that does prove it; then its owner is meant, whoever the subject is. ``namer`` is where the subject's name comes from,
    if not from the source: what one of them asserts must not weaken what the other proves.
    """

    source: str
    id: str
    subject: str
    time_us: int
    fact: Fact
    claim: Claim | None = None
    readings: tuple[Reading, ...] = ()
    is_asserted: bool = False
    token: str = ""
    namer: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """The name by which the person is known: its source, and the name itself."""
        return (PERSONAL_SOURCE, self.token) if self.token else (self.namer or self.source, self.subject)
