"""The servers under load, and what they and PostgreSQL spend of the processor."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local.ports import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator["Server"]:
    """Granian with two workers, as in production."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--no-log", application,
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        wait_until(lambda: answers(port), seconds=30, failure=f"{application} did not start")
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


class Server:
    def __init__(self, port: int, pid: int):
        self.port, self._pid = port, pid

    def cpu_seconds(self) -> float:
        """Spent so far by this server's processes and by every process of PostgreSQL."""
        trees = [psutil.Process(self._pid), *(p for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres")]
        return sum(_spent(tree) for tree in trees)


def _spent(process: psutil.Process) -> float:
    total = 0.0
    family = [process, *process.children(recursive=True)] if process.name() != "postgres" else [process]
    for member in family:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
