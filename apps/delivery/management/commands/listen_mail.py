import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.delivery.mail.listening import listener


class Command(BaseCommand):
    help = (
        "Listen for mail by SMTP, or by LMTP as a mail server's last step. Behind a mail server, never on the open net."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8024)

    def handle(self, *_: Any, lmtp: bool, host: str, port: int, **__: Any) -> None:
        asyncio.run(listen(lmtp=lmtp, host=host, port=port, ready=self.stdout.write))


async def listen(*, lmtp: bool, host: str, port: int, ready: Any) -> None:
    """Listen until SIGTERM or SIGINT; letters that are being taken are taken to the end."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: listener(lmtp=lmtp), host=host, port=port)
    ready(f"Listening for mail on {host}:{server.sockets[0].getsockname()[1]}.")
    async with server:
        await stopped.wait()
