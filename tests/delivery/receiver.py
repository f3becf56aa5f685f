"""What a platform's engineer has: a real HTTP server, and the published libraries that verify."""

import json
import socket
import subprocess
import threading
import time
from pathlib import Path

from werkzeug import Request, Response

from deploy.local.machine import node

ROOT = Path(__file__).resolve().parents[2]
VERIFY = """
const { Webhook } = require("standardwebhooks");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
try { console.log(JSON.stringify(new Webhook(asked.secret).verify(asked.body, asked.headers))); }
catch (problem) { console.log(JSON.stringify({ refused: problem.message })); }
"""


def headers_of(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items() if name.lower().startswith("webhook-")}


def echo(request: Request) -> Response:
    """A receiver that answers a challenge and takes everything else."""
    said = json.loads(request.data)["data"]
    return Response(json.dumps({"challenge": said.get("challenge", "")}), content_type="application/json")


def verify_in_node(secret: str, body: bytes, headers: dict[str, str]):
    """What the npm library says of it: the message, or `{"refused": …}`."""
    asked = json.dumps({"secret": secret, "body": body.decode(), "headers": headers})
    done = subprocess.run([*node(), "-e", VERIFY], cwd=ROOT, input=asked, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def drip(opening):
    """The port of a server that says `opening`, then a byte ten times a second; with no opening it says nothing."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _peer = server.accept()
        with server, connection:
            connection.recv(65536)
            try:
                connection.sendall(opening)
                for _byte in range(100):
                    time.sleep(0.1)
                    if opening:
                        connection.sendall(b"x")
            except OSError:
                pass  # hung up on, as it should be

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1]
