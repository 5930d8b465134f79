"""From data points to usage: those that tell of the same thing at the same time become one event with readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import msgspec

from bot.hooks.decoding import Fault
from bot.hooks.delivery import Delivery, reject
from bot.hooks.otlp.clients import METRICS, Client, MetricRule, client_of
from bot.hooks.otlp.figures import nanodollars, tokens
from bot.hooks.otlp.identity import Origin, claim_of, origin_of
from bot.hooks.otlp.signals import Metric, Point, Shape, Temporality, Value, identity_of
from bot.hooks.sane import Insane, check
from db.rejected import Rejected
from scoring.events import CostKind, Counter, Event, Reading, Signal, Usage

_KEY_BYTES = 16
_SLOT_NS = 256 * 10**9
_WHAT = "dataPoints"


class _Series(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Points with the same attributes but for the type of token. Their keys are hashed on from ``hashed``."""

    client: Client
    origin: Origin
    hashed: blake2b
    digest: bytes


class _Group(msgspec.Struct, eq=False, gc=False):
    """Points of a series at one time: what becomes an event. ``positions`` are theirs in the export, ``start_ns`` is
    when the first of them began.

    ``with_cache`` is the place among the readings of input tokens that include those of the cache.
    """

    series: _Series
    start_ns: int
    time_ns: int
    is_cumulative: bool
    positions: list[int]
    readings: list[Reading]
    with_cache: int | None = None


def events_of_metrics(metrics: Iterable[Metric | str], now_us: int) -> Delivery:
    """The usage that ``metrics`` tell of, and the points that cannot be taken; a metric that cannot be read is one."""
    groups = _Groups()
    rejected: list[Rejected] = []
    position = 0
    for metric in metrics:
        if isinstance(metric, str):
            rejected.append(reject(_WHAT, position, "", metric))
            position += 1
            continue
        client = client_of(metric.resource.service, metric.scope, metric.name)
        rule = METRICS.get((client.name, metric.name)) if client else None
        if client and rule:
            rejected += groups.take(client, rule, metric, position)
        position += metric.size
    events: list[Event] = []
    for group in groups.all():
        event = _event(group)
        try:
            check(event, now_us)
        except Insane as error:
            rejected += [reject(_WHAT, place, error.place, error.text) for place in group.positions]
        else:
            events.append(event)
    return Delivery(events, rejected)


class _Groups:
    """The groups of an export, in the order in which they begin."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str, str], dict[tuple[Value, ...] | str, _Series]] = {}
        self._groups: dict[tuple[_Series, int, bool], _Group] = {}

    def all(self) -> Iterator[_Group]:
        """Those that tell of anything."""
        return (group for group in self._groups.values() if any(reading.amount for reading in group.readings))

    def take(self, client: Client, rule: MetricRule, metric: Metric, first: int) -> Iterator[Rejected]:
        """Takes the points of ``metric``, which begin at position ``first``; yields those that cannot be."""
        if unfit := _unfit(rule, metric):
            yield from (reject(_WHAT, first + offset, *unfit) for offset in range(metric.size))
            return
        is_cumulative = metric.temporality == Temporality.CUMULATIVE
        known = self._series.setdefault((client.name, metric.resource.identity, metric.scope), {})
        for position, point in enumerate(metric.points(rule.type), start=first):
            if isinstance(point, str):
                yield reject(_WHAT, position, "", point)
                continue
            counter = Counter.COST if rule.counts == "dollars" else rule.classes.get(point.kind)
            if counter is None or point.value is None:
                continue
            try:
                amount = _amount(counter, point)
            except Fault as fault:
                yield reject(_WHAT, position, fault.place, fault.text)
                continue
            series = known.get(point.pairs) or _series_of(client, metric, point, known)
            group = self._group(series, point, is_cumulative)
            if rule.with_cache and point.kind == rule.with_cache:
                group.with_cache = len(group.readings)
            group.positions.append(position)
            group.readings.append(Reading(counter, _key(series, metric, point, is_cumulative), amount, is_cumulative))

    def _group(self, series: _Series, point: Point, is_cumulative: bool) -> _Group:
        key = (series, point.time_ns, is_cumulative)
        group = self._groups.get(key)
        if group is None:
            start_ns = point.start_ns or point.time_ns
            group = self._groups[key] = _Group(series, start_ns, point.time_ns, is_cumulative, [], [])
        return group


def _unfit(rule: MetricRule, metric: Metric) -> tuple[str, str] | None:
    """Where and why a metric cannot be added up as ``rule`` has it."""
    if metric.shape is not Shape.SUM and not (rule.is_histogram and metric.shape is Shape.HISTOGRAM):
        return "", f"{metric.shape.value}, where a {'histogram' if rule.is_histogram else 'counter'} is needed"
    if not metric.is_monotonic:
        return "isMonotonic", "only what grows can be added up"
    if metric.temporality not in (Temporality.DELTA, Temporality.CUMULATIVE):
        return "aggregationTemporality", "delta (1) or cumulative (2) is needed"
    return None


def _amount(counter: Counter, point: Point) -> int:
    """Tokens or nano-dollars. Raises ``Fault``."""
    if not point.time_ns:
        raise Fault("timeUnixNano", "missing")
    value = point.value or 0
    return nanodollars(value, "value") if counter is Counter.COST else tokens(value, "value")


def _series_of(client: Client, metric: Metric, point: Point, known: dict[tuple[Value, ...] | str, _Series]) -> _Series:
    """The series of ``point``, which the same attributes in another order belong to as well."""
    pairs = list(zip(map(str, point.pairs[::2]), point.pairs[1::2], strict=True))
    identity = identity_of(pairs)
    series = known.get(identity)
    if series is None:
        shared = "\2".join((client.name, metric.resource.identity, metric.scope, identity))
        hashed = blake2b(shared.encode(), digest_size=_KEY_BYTES)
        origin = origin_of(client, metric.resource, dict(pairs))
        series = known[identity] = _Series(client, origin, hashed, hashed.digest())
    known[point.pairs] = series
    return series


def _key(series: _Series, metric: Metric, point: Point, is_cumulative: bool) -> bytes:
    """What a delta point, or a cumulative series from its start on, is known by for ever.

    Keys of the same time and series stand together, which an index of many takes several times faster than hashes:
    3 bytes of time, 7 of the series' hash, 6 of that of all there is (104 bits tell one series from another).
    """
    end = "" if is_cumulative else point.time_ns
    hashed = series.hashed.copy()
    hashed.update(f"\2{metric.name}\2{point.kind}\2{point.start_ns}\2{end}".encode())
    when = (point.start_ns if is_cumulative else point.time_ns) // _SLOT_NS & 0xFFFFFF
    return when.to_bytes(3) + series.digest[:7] + hashed.digest()[:6]


def _event(group: _Group) -> Event:
    series, time_us = group.series, group.time_ns // 1000
    origin, signal = series.origin, Signal.CUMULATIVE if group.is_cumulative else Signal.DELTA
    readings = _without_cache(group)
    has_cost = any(reading.counter is Counter.COST for reading in readings)
    return Event(
        source=origin.source,
        id=readings[0].key.hex(),
        subject=origin.subject,
        time_us=time_us,
        fact=Usage(
            model=origin.model,
            cost_kind=_cost_kind(series.client, has_cost=has_cost),
            session=origin.session,
            tags=origin.tags,
            calls=0,
        ),
        claim=claim_of(series.client, origin, signal, group.start_ns // 1000, time_us),
        readings=tuple(readings),
        is_asserted=True,
    )


def _cost_kind(client: Client, *, has_cost: bool) -> CostKind | None:
    if has_cost:
        return CostKind.ESTIMATED  # what clients say is a list price
    return CostKind.SEPARATE if client.has_cost_metric else None


def _without_cache(group: _Group) -> Sequence[Reading]:
    """The readings, with the tokens of the cache taken off the input that includes them."""
    if group.with_cache is None:
        return group.readings
    cached = sum(one.amount for one in group.readings if one.counter in (Counter.CACHE_READ, Counter.CACHE_WRITE))
    whole = group.readings[group.with_cache]
    fresh = msgspec.structs.replace(whole, amount=max(0, whole.amount - cached))
    return [fresh if one is whole else one for one in group.readings]
