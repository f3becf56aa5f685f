import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from apps.delivery.services.inbound import MailPostponed, MailRefused, receive

# sysexits.h: what a mail server makes of an exit code
OK, DATA_ERROR, TEMPORARY = 0, 65, 75


class Command(BaseCommand):
    help = "Take one letter from standard input, as a mail server's pipe gives it. Exit codes: 0, 65 never, 75 later."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="sender", default="", help="the envelope's sender")
        parser.add_argument("--to", dest="recipients", nargs="*", default=[], help="the envelope's recipients")

    def handle(self, *_: Any, sender: str, recipients: list[str], **__: Any) -> None:
        raw = sys.stdin.buffer.read(settings.INBOUND_MAIL_BYTES + 1)
        sys.exit(take(raw, sender=sender, recipients=recipients))


def take(raw: bytes, *, sender: str, recipients: list[str]) -> int:
    """The exit code of one letter: while the database is away, the mail server keeps it."""
    try:
        receive(raw, envelope_from=sender, envelope_to=recipients, at=timezone.now())
    except MailRefused:
        return DATA_ERROR
    except (MailPostponed, Error, OSError):
        return TEMPORARY
    return OK
