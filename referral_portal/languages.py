"""The languages of the portal: English, which stands in the code, and every one that has a catalogue."""

from pathlib import Path

from django.conf.locale import LANG_INFO

# The one official language of the Union that Django does not know.
LANG_INFO.setdefault("mt", {"bidi": False, "code": "mt", "name": "Maltese", "name_local": "Malti"})


def with_catalogues(locale: Path) -> list[tuple[str, str]]:
    """Codes and names, each in its own language, of English and of the catalogues in a folder."""
    codes = sorted(path.parents[1].name for path in locale.glob("*/LC_MESSAGES/django.po"))
    return [(code, LANG_INFO[code]["name_local"]) for code in ["en", *codes]]
