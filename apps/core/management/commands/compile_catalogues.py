from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core import catalogues


class Command(BaseCommand):
    help = "Compiles the catalogues for the server: a .mo beside each .po, or the same tree elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=catalogues.LOCALE, help="a folder, given as EXTRA_LOCALE_PATH")

    def handle(self, *_: Any, to: Path, **__: Any) -> None:
        for language in catalogues.languages():
            catalogue = catalogues.read(catalogues.po_of(language), language=language)
            catalogues.compile_to(catalogue, catalogues.po_of(language, to).with_suffix(".mo"))
