from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core import catalogues
from apps.core.pseudo import LANGUAGE, pseudo


class Command(BaseCommand):
    help = (
        "Writes the pseudo-language; the server shows it with PSEUDO_LOCALE=1 and EXTRA_LOCALE_PATH set to the folder."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True)

    def handle(self, *_: Any, to: Path, **__: Any) -> None:
        catalogues.compile_to(pseudo(catalogues.collect()), catalogues.po_of(LANGUAGE, to).with_suffix(".mo"))
