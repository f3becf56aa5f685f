from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.core import catalogues


class Command(BaseCommand):
    help = "Brings the catalogues up to date with the texts in the code; name a language to start its catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("languages", nargs="*", help="codes of languages, for example: de pl")

    def handle(self, *_: Any, languages: list[str], **__: Any) -> None:
        collected = catalogues.collect()
        for language in sorted({*catalogues.languages(), *languages} - {settings.LANGUAGE_CODE}):
            path = catalogues.po_of(language)
            catalogue = catalogues.merged(collected, catalogues.read(path, language=language), language=language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(catalogues.as_po(catalogue, language=language))
            faults = catalogues.faults(catalogue)
            self.stdout.write(f"{language}: {len(collected)} texts, {len(faults)} to do")
