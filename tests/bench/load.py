"""A bounded load on loopback: a few keep-alive connections, each sending its next request when the last is answered."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Load:
    """What came of it: latencies in seconds, wall time, and statuses other than the expected one."""

    latencies: list[float]
    seconds: float
    unexpected: int

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(port: int, request: Callable[[int], bytes], *, clients: int, seconds: float, expect: int) -> Load:
    """Send `request(n)` (a whole HTTP/1.1 request) for so many seconds from so many connections."""
    return asyncio.run(_run(port, request, clients, seconds, expect))


async def _run(port: int, request: Callable[[int], bytes], clients: int, seconds: float, expect: int) -> Load:
    numbers, latencies, unexpected = itertools.count(), [], [0]
    deadline = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        while time.perf_counter() < deadline:
            start = time.perf_counter()
            writer.write(request(next(numbers)))
            status = await answer(reader)
            latencies.append(time.perf_counter() - start)
            unexpected[0] += status != expect
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Load(latencies, time.perf_counter() - start, unexpected[0])


def once(port: int, request: bytes) -> int:
    """Send one request and return its status."""

    async def send() -> int:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(request)
        status = await answer(reader)
        writer.close()
        return status

    return asyncio.run(send())


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one response whole and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), None)
    if length is not None:
        await reader.readexactly(length)
    else:
        await _chunks(reader)
    return int(lines[0].split()[1])


async def _chunks(reader: asyncio.StreamReader) -> None:
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)


def http(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
