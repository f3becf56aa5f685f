import socket
import threading
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Self

_current: ContextVar["Deadline | None"] = ContextVar("outgoing_deadline", default=None)


class Deadline:
    """Ends a conversation when its time is up, however slowly the other side talks.

    A time limit of a socket is one per read: a byte every few seconds would outlast it for ever. This one hangs up.
    """

    def __init__(self, seconds: float):
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._socket = None
        _current.reset(self._token)

    def watch(self, connection: socket.socket | None) -> None:
        self._socket = connection
        self.keep()

    def keep(self) -> None:
        """Raise `TimeoutError` if the time was up: what was read until then is not the whole answer."""
        if self.is_over:
            raise TimeoutError

    def _hang_up(self) -> None:
        self.is_over = True
        connection = self._socket
        if connection is not None:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # below TLS: no farewell to wait for


def watch(connection: socket.socket | None) -> None:
    """Let the deadline of this thread end this connection."""
    deadline = _current.get()
    if deadline is not None:
        deadline.watch(connection)
