"""From the bytes of a file to text, or why it is no table at all."""

import codecs

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused

MAX_BYTES = 20 * 1024 * 1024

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHER_KINDS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")


class TableRefused(Refused):
    """The whole file cannot be read; nothing of it was."""

    def __init__(self, code: str):
        super().__init__(_REFUSALS[code])
        self.code = code


_REFUSALS = {
    "file_empty": _("The file is empty. Choose a file with one address per row."),
    "file_too_large": _("The file is larger than 20 MB. Split it, and send the parts one after the other."),
    "not_a_table": _("This is no CSV file. In your spreadsheet, save it as “CSV UTF-8”, and send that file."),
    "too_many_rows": _("The file has more than 100,000 rows. Split it, and send the parts one after the other."),
    "too_many_columns": _("The file has more than 200 columns. Remove those that are not needed."),
    "quotes_broken": _("Quotation marks in many rows are never closed. Save the file again as “CSV UTF-8”."),
}


def decoded(data: bytes) -> tuple[str, str]:
    """Bytes that are not UTF-8 survive as lone surrogates, so that only their own rows suffer."""
    if not data.strip(b"\0 \t\r\n"):
        raise TableRefused("file_empty")
    if len(data) > MAX_BYTES:
        raise TableRefused("file_too_large")
    if data.startswith(_OTHER_KINDS):
        raise TableRefused("not_a_table")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _without_mark(data)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return data.decode(encoding, errors), encoding


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark shows by its zero bytes: addresses are ASCII, so every second byte is one."""
    head = data[:2000]
    if head[1::2].count(0) * 5 > len(head[1::2]) * 3:
        return "utf-16-le"
    if head[::2].count(0) * 5 > len(head[::2]) * 3:
        return "utf-16-be"
    return "utf-8"
