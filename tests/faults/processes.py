"""Real processes on the test database: a Celery worker logged in as its runtime role, and a mail server on loopback."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from deploy.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


class Mailbox:
    """An SMTP server that accepts everything and remembers each Message-ID."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd's name
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        message = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        if "<probe." not in message:  # contact points are asked whether they still are; that is nobody's referral
            self.seen[message] += 1
        return "250 OK"

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()


def worker_environment(mail_port: int, **more: str) -> dict[str, str]:
    """The environment of a production worker, pointed at the test database and at a broker database of its own."""
    url = os.environ["WORKER_DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    return {
        **os.environ,
        "PORTAL_AS_OWNER": "0",
        "DATABASE_URL": url,
        "TENANCY_ROLE": "portal_worker",
        "REDIS_URL": broker_url(),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "DELIVERY_LEASE_SECONDS": "3",
        "STATIC_ROOT": str(ROOT / ".local" / "static"),
        "PYTHONWARNINGS": "default",
        "DJANGO_SETTINGS_MODULE": "referral_portal.settings",
        **more,
    }


def broker_url() -> str:
    """A numbered database of the test broker, so that flushing it disturbs no other worker of the test run."""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    return settings.REDIS_URL.rpartition("/")[0] + f"/{number}"


class Worker:
    """A Celery worker; leaving the block ends it."""

    def __init__(self, environment: dict[str, str], log: Path):
        self._environment, self._log = environment, log

    def __enter__(self) -> "Worker":
        queues = ["-Q", "urgent,default,bulk,statistics", "-c", "2", "--without-gossip", "--without-mingle"]
        command = [sys.executable, "-m", "celery", "-A", "referral_portal", "worker", *queues]
        self._output = self._log.open("ab")
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def kill(self) -> None:
        """SIGKILL the worker and its children, as the kernel would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.kill()
        self._output.close()


def manage(*arguments: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
