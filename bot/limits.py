"""What senders may ask of the doors, in figures; docs/sources/limits.md says what is answered beyond them."""

from __future__ import annotations

EVENTS_BODY_BYTES = 8 << 20
LITELLM_BODY_BYTES = 64 << 20  # a default batch of 512 real agent turns is about 44 MB
OTLP_BODY_BYTES = 8 << 20
OTLP_INFLATED_BYTES = 32 << 20
TICKET_BODY_BYTES = 25 << 20  # GitHub sends no more
INFLATION = 200  # times its size as sent; real telemetry stays under 30
INFLATION_FREE_BYTES = 1 << 20  # that any body may inflate to
GZIP_MEMBERS = 1000

EVENTS = 10_000  # a request; points, log records, spans and records of LiteLLM as well
ATTRIBUTES = 256  # of a point, log record, span, resource or scope of OTLP
JSON_BRACKETS = 4_000_000  # objects and arrays in a LiteLLM body, both ends counted

LARGE_BODY_BYTES = 512 << 10
LARGE_GZIP_BYTES = 32 << 10
LARGE_BODIES = 8  # in hand at once, a door
LARGE_BODIES_WAITING = 64  # for their turn, a door
LARGE_WAIT_SECONDS = 10

WAITING_EVENTS = 100_000  # to be written

CONNECTIONS = 2000
HEAD_BYTES = 32 << 10  # request line and headers
HEAD_SECONDS = 10
BODY_BYTES_A_SECOND = 1000  # on average, once it takes longer than the ten seconds that follow
BODY_SLOW_SECONDS = 10
BODY_SECONDS = 60
IDLE_SECONDS = 5  # between two requests on a connection
