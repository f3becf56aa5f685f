from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.accounts.services.operators import set_operator


class Command(BaseCommand):
    help = "Let a person see whether everything runs (/running/), or no longer. They see nobody's cases by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, email: str, revoke: bool, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}.")
        changed = set_operator(user, operator=not revoke)
        now = "sees what runs" if not revoke else "no longer sees what runs"
        self.stdout.write(f"{user.email} {now}." if changed else "Nothing had to be changed.")
