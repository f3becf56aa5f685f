"""The servers under load, and what they and PostgreSQL spend of the processor."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from deploy.local.ports import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator["Server"]:
    """Granian with two workers, as in production."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", application,
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port), seconds=30, failure=f"{application} did not start")
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


class Server:
    def __init__(self, port: int, pid: int):
        self.port, self._trees = port, (psutil.Process(pid), psutil.Process(postmaster()))
        self._seen: dict[psutil.Process, float] = {}

    def cpu_seconds(self) -> float:
        """Spent so far by this server's processes and by PostgreSQL's; one that has ended keeps what it last had."""
        for tree in self._trees:
            self._seen.update(_spent(tree))
        return sum(self._seen.values())


def postmaster() -> int:
    """The process whose children serve the benchmark's databases."""
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"]) as cluster:
        return int(psutil.Process(cluster.info.backend_pid).ppid())


def _spent(tree: psutil.Process) -> dict[psutil.Process, float]:
    found = {}
    for member in (tree, *tree.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = member.cpu_times()
            found[member] = times.user + times.system
    return found
