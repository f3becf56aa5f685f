from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts import services
from apps.tenancy.context import AS_OWNER, acting_as


class Command(BaseCommand):
    help = "Bring guardian's groups and grants in line with the roles in code. Run as the owner role; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as(AS_OWNER):
            self.stdout.write(f"{services.sync_roles()} grants changed.")
