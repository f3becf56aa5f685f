"""A real mail server on the loopback, that accepts, refuses or puts off as a test says."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from deploy.local.ports import free_port


class Postman:
    """What arrived, and what the server answers."""

    def __init__(self):
        self.letters, self.to_recipient, self.to_data = [], {}, "250 OK"
        self.senders, self.raw = [], []
        self.connections = set()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802  aiosmtpd's name
        answer = self.to_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802  as above
        self.connections.add(session.peer)
        if self.to_data.startswith("250"):
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append((envelope.rcpt_tos, letter))
            self.senders.append(envelope.mail_from)
            self.raw.append(envelope.content)
        return self.to_data


class Door(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="mail.example", enable_SMTPUTF8=True)


@contextmanager
def open_door() -> Iterator[tuple[Postman, int]]:
    handler = Postman()
    door = Door(handler, hostname="127.0.0.1", port=free_port())
    door.start()
    yield handler, door.port
    door.stop()
