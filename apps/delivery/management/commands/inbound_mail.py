import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.delivery.models import InboundMail, InboundState
from apps.delivery.services.inbound import read_mail
from apps.tenancy.context import acting_as, system

OPEN = (InboundState.NEW, InboundState.UNMATCHED, InboundState.UNREADABLE)


class Command(BaseCommand):
    help = "List the letters that nothing could be made of; show one, or have one read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show", type=int, metavar="NUMBER", help="write one letter as it came to standard output")
        parser.add_argument("--again", type=int, metavar="NUMBER", help="read one letter again")

    def handle(self, *_: Any, show: int | None, again: int | None, **__: Any) -> None:
        if show:
            sys.stdout.buffer.write(raw_of(show))
        elif again:
            self.stdout.write(read_again(again))
        else:
            for line in waiting():
                self.stdout.write(line)


def waiting() -> list[str]:
    with acting_as(system("list mail")):
        rows = InboundMail.objects.filter(state__in=OPEN).order_by("-pk").defer("raw", "text")[:500]
        return [
            f"{row.pk}\t{row.received_at:%Y-%m-%d %H:%M} UTC\t{row.state}\t{row.problem}\t"
            f"{row.sender_address or row.envelope_from or '<>'}\t{row.subject[:60]}"
            for row in rows
        ]


def raw_of(pk: int) -> bytes:
    with acting_as(system("list mail")):
        row = InboundMail.objects.filter(pk=pk).first()
        if row is None:
            raise CommandError("There is no such letter.")
        return bytes(row.raw)


def read_again(pk: int) -> str:
    with acting_as(system("list mail")):
        InboundMail.objects.filter(pk=pk, state__in=OPEN).update(state=InboundState.NEW, attempts=0, problem="")
    read_mail(pk, at=timezone.now())
    with acting_as(system("list mail")):
        row = InboundMail.objects.filter(pk=pk).first()
        return f"{row.state} {row.problem}".strip() if row else "There is no such letter."
