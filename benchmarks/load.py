"""A load generator: processes that send ready-made HTTP requests over kept-alive connections as fast as answers come."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Sequence

import msgspec
import uvloop


class Load(msgspec.Struct, frozen=True):
    """``requests`` answered with 2xx in ``seconds``; ``failed`` had another answer."""

    requests: int
    failed: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def request_bytes(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: localhost", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run_load(port: int, requests: Sequence[bytes], *, connections: int, processes: int) -> Load:
    """Sends every request once, spread over ``processes`` x ``connections``, and waits for all answers."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(processes + 1)
    results: multiprocessing.queues.Queue[tuple[int, int]] = context.Queue()  # type: ignore[name-defined]
    workers = [
        context.Process(target=_send_share, args=(port, requests[n::processes], connections, barrier, results))
        for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    barrier.wait()
    began = time.perf_counter()
    answers = [results.get(timeout=120) for _ in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join()
    return Load(sum(good for good, _ in answers), sum(bad for _, bad in answers), seconds)


def _send_share(port: int, requests: Sequence[bytes], connections: int, barrier, results) -> None:  # type: ignore[no-untyped-def]
    barrier.wait()
    results.put(uvloop.run(_send_all(port, requests, connections)))


async def _send_all(port: int, requests: Sequence[bytes], connections: int) -> tuple[int, int]:
    remaining = iter(requests)
    counts = await asyncio.gather(*(_send_over_one(port, remaining) for _ in range(connections)))
    return sum(good for good, _ in counts), sum(bad for _, bad in counts)


async def _send_over_one(port: int, requests: object) -> tuple[int, int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    good = bad = 0
    for request in requests:  # type: ignore[attr-defined]
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if length:
            await reader.readexactly(length)
        if head[9:10] == b"2":
            good += 1
        else:
            bad += 1
    writer.close()
    return good, bad
