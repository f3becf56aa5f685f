"""A platform's system that is not at its best: some calls fail, and some answers are lost after the work was done."""

import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Receiver:
    """Takes webhooks on loopback. `seen`: how often each message came; `effects`: those whose work was done."""

    def __init__(self, *, errors: float, lost: float, seed: int):
        self.seen: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        self._draw, self._lock = random.Random(seed), threading.Lock()
        self._errors, self._lost = errors, lost
        self._server = Server(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_address[1]

    def outcome_of(self, message: str) -> str:
        """`error`: nothing was done. `lost`: done, and the answer never arrives. Else done and said."""
        with self._lock:
            self.seen[message] += 1
            drawn = self._draw.random()
            if drawn < self._errors:
                return "error"
            if message not in self.effects:
                self.effects[message] += 1  # a receiver knows a message by its `webhook-id`, as the standard asks
            return "lost" if drawn < self._errors + self._lost else "done"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                outcome = receiver.outcome_of(self.headers["webhook-id"])
                if outcome == "lost":
                    self.close_connection = True
                    return
                self.send_response(500 if outcome == "error" else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def __enter__(self) -> "Receiver":
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A worker that was killed leaves broken connections behind."""
