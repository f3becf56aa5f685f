import json
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from apps.portal.demo import seeding
from apps.portal.demo.cast import OVERSEERS, PLATFORMS, SENDERS

ACCOUNTS = Path(settings.BASE_DIR) / ".local" / "demo.json"
COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


class Command(BaseCommand):
    help = "Fill the database with fictional organisations and a year of their work. What is there already is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=seeding.SCALES, default="demo", help="how much of it")
        parser.add_argument("--items", type=int, help="about this many items, instead of a scale")
        parser.add_argument("--force", action="store_true", help="add another year of work to what is there")
        parser.add_argument("--seed", type=int, default=2026, help="another number gives another year")
        parser.add_argument("--accounts", type=Path, default=ACCOUNTS, help="where accounts and tokens are written")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.AS_OWNER:
            raise CommandError("Run this as the owner of the database: PORTAL_AS_OWNER=1.")
        scale = seeding.of_items(options["items"]) if options["items"] else seeding.SCALES[options["scale"]]
        is_new = options["force"] or not seeding.is_seeded()
        if is_new:
            self.seed(scale, draw=Random(options["seed"]))
        else:
            self.stdout.write("The demo data is there already; it is kept.")
        if is_new or not options["accounts"].is_file():
            write_accounts(options["accounts"], scale)

    def seed(self, scale: seeding.Scale, *, draw: Random) -> None:
        with Progress(*COLUMNS, transient=False) as progress:
            bar = progress.add_task("Demo data: referrals", total=scale.referrals)
            seeding.seed(scale, draw=draw, now=timezone.now(), done=lambda count: progress.advance(bar, count))


def write_accounts(path: Path, scale: seeding.Scale) -> None:
    """Who may sign in, for people and for tests; readable by the owner of the file alone."""
    found = {
        "base_url": settings.SITE_URL,
        "accounts": seeding.accounts([*SENDERS, *OVERSEERS, *PLATFORMS]),
        "tokens": seeding.new_tokens(scale, now=timezone.now()),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(found, indent=2))
