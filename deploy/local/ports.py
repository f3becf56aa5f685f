import socket
import subprocess
import time
from collections.abc import Callable

HOST = "127.0.0.1"


class ServiceFailed(RuntimeError):
    """An embedded service did not start or stop; the message says where its log is."""


def free_port(*, preferred: int | None = None) -> int:
    """A loopback port nobody listens on; `preferred` if it is free."""
    for port in (preferred or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServiceFailed("The system gives no free port on the loopback interface.")


def answers(port: int) -> bool:
    """Whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def wait_until(condition: Callable[[], bool], *, seconds: float, failure: str, every: float = 0.05) -> None:
    """Poll until the condition holds; raise ServiceFailed with the message when the time is up."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise ServiceFailed(failure)
        time.sleep(every)


def runs(pid: int, *, program: str) -> bool:
    """Whether the process runs that program; a pid file may outlive its process and name a stranger."""
    shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip().rpartition("/")[2].startswith(program)
