from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.referrals import services
from apps.tenancy.context import acting_as, system


class Command(BaseCommand):
    help = "Write the nightly files of statements of reasons, for every platform that wants them and is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at-once", action="store_true", help="also for those that have had theirs today")

    def handle(self, *args: Any, at_once: bool, **options: Any) -> None:
        with acting_as(system("file statements")):
            count = services.file_statements(at=timezone.now(), at_once=at_once)
        self.stdout.write(f"{count} statements were put into files.")
