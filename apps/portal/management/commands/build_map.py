import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.portal.charts.atlas import build_map
from apps.portal.charts.europe import map_path

ATLAS = Path("node_modules") / "world-atlas" / "countries-50m.json"


class Command(BaseCommand):
    """Draws the map of the Union from the npm package world-atlas; pages read the result."""

    help = "Write the map of the European Union that the dashboards show."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", type=Path, default=Path(settings.BASE_DIR) / ATLAS)
        parser.add_argument("--target", type=Path, default=None, help="Where to write it; settings.EU_MAP_PATH.")

    def handle(self, *args: Any, source: Path, target: Path | None, **options: Any) -> None:
        target = target or map_path()
        if not source.is_file():
            raise CommandError(f"There is no atlas at {source}. Run `npm ci` first.")
        drawing = build_map(json.loads(source.read_text(encoding="utf-8")))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(drawing, separators=(",", ":")), encoding="utf-8")
        self.stdout.write(f"{target}: {len(drawing['states'])} member states, {target.stat().st_size // 1024} kB.")
