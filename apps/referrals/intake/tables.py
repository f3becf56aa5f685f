"""Reading CSV as it comes: any usual encoding and separator, every row accounted for, line numbers kept."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.referrals.intake.addresses import AddressFlag, read_address
from apps.referrals.intake.cells import is_guarded, unguarded
from apps.referrals.intake.problems import RowCode, RowError

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 32_000
MAX_BROKEN_QUOTES = 100

RESULT_COLUMNS = ("result", "code", "detail")  # what `rejects` adds; their presence says that cells are guarded

_SEPARATORS = (",", ";", "\t", "|")
_ONE_COLUMN = "\x1f"  # a separator that no text contains: the whole line is the cell
_SAMPLE = 25
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


@dataclass(frozen=True, slots=True)
class TableRow:
    """`line`: where the row begins in the file, from 1. `cells`: as many as headers, unless there is a problem."""

    line: int
    cells: tuple[str, ...]
    problem: RowError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`delimiter` is empty for a file of one column. Without a header row the headers are `column_1`, `column_2`, …"""

    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    encoding: str
    delimiter: str
    has_header: bool

    @property
    def problems(self) -> tuple[TableRow, ...]:
        return tuple(row for row in self.rows if row.problem)


def read_table(data: bytes) -> Table:
    """Raises `TableRefused` for a file that is no table or breaks a limit; a bad row is a row with a `problem`."""
    text, encoding = _decoded(data)
    text, delimiter = _separated(text)
    records = list(_records(text, delimiter))
    if not records:
        raise TableRefused("file_empty")
    has_header = not _holds_address(records[0].cells)
    width = len(records[0].cells)
    if width > MAX_COLUMNS:
        raise TableRefused("too_many_columns")
    headers = records[0].cells if has_header else tuple(f"column_{place}" for place in range(1, width + 1))
    unguard = headers[-3:] == RESULT_COLUMNS
    rows = tuple(_fitted(record, width, unguard=unguard) for record in records[has_header:])
    return Table(_distinct(headers), rows, encoding, "" if delimiter == _ONE_COLUMN else delimiter, has_header)


def _decoded(data: bytes) -> tuple[str, str]:
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


def _separated(text: str) -> tuple[str, str]:
    """The text without Excel's `sep=` line, and the separator that splits the first rows most evenly."""
    first = text[:7].lower()
    if first.startswith("sep=") and first[4:5] in _SEPARATORS and first[5:6] in "\r\n":
        return text[5:].lstrip("\r\n"), first[4]
    sample = text[: 64 * 1024]
    best = max(_SEPARATORS, key=lambda separator: _evenness(sample, separator))
    return text, best if _evenness(sample, best) > (0, 0) else _ONE_COLUMN


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as the first one, and how many cells; nothing for one cell.

    A first row of addresses whose separators are not repeated below has them inside an address.
    """
    first: list[str] = []
    counts: list[int] = []
    try:
        for record in csv.reader(StringIO(sample, newline=""), delimiter=separator):
            if any(record):
                first = first or record
                counts.append(len(record))
            if len(counts) == _SAMPLE:
                break
    except csv.Error:
        pass  # a broken quotation mark: judged by the rows before it
    even = sum(count == len(first) for count in counts)
    if len(first) < 2 or (even * 2 < len(counts) and _holds_address(first)):
        return 0, 0
    return even, len(first)


def _records(text: str, delimiter: str) -> Iterator[TableRow]:
    """Rows with content. A quotation mark that is never closed costs its own line, not the rest of the file."""
    lines = list(StringIO(text, newline=""))
    start = broken = count = 0
    while start < len(lines):
        for record in _run(lines, start, delimiter):
            if record.problem is None and not any(record.cells):
                continue
            yield record
            count += 1
            if count > MAX_ROWS + 1:
                raise TableRefused("too_many_rows")
            if record.problem:
                start, broken = record.line, broken + 1
                break
        else:
            return
        if broken > MAX_BROKEN_QUOTES:
            raise TableRefused("quotes_broken")


def _run(lines: list[str], start: int, delimiter: str) -> Iterator[TableRow]:
    """Records from line `start` (from 0) to the end, or to the first one that cannot be taken apart."""
    reader = csv.reader(iter(lines[start:]), delimiter=delimiter, strict=False)
    line = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _broken(lines, line)
            return
        end = start + reader.line_num
        if end - line > 1 and _is_broken(lines[line:end], delimiter):
            yield _broken(lines, line)
            return
        yield TableRow(line + 1, tuple(cells))
        line = end


def _is_broken(lines: list[str], delimiter: str) -> bool:
    """A record of several lines must be well formed, or a stray quotation mark would swallow the rows after it."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _broken(lines: list[str], line: int) -> TableRow:
    return TableRow(line + 1, (lines[line].rstrip("\r\n"),), RowError(RowCode.QUOTE_NOT_CLOSED))


def _holds_address(cells: Sequence[str]) -> bool:
    """A header says `url` or `Domain`, never an address; a bare host such as `example.com` needs a path to count."""
    for cell in cells:
        found = read_address(cell)
        if not isinstance(found, RowError):
            assumed = AddressFlag.SCHEME_ASSUMED in found.flags
            if not assumed or "/" in cell or found.host.count("."):
                return True
    return False


def _fitted(record: TableRow, width: int, *, unguard: bool) -> TableRow:
    cells = record.cells
    if record.problem:
        return record
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    problem = None
    if len(cells) > width:
        problem = RowError(RowCode.TOO_MANY_CELLS)
    elif any(len(cell) > MAX_CELL for cell in cells):
        problem = RowError(RowCode.CELL_TOO_LONG)
    elif any("\ud800" <= character <= "\udfff" for cell in cells if not cell.isascii() for character in cell):
        problem = RowError(RowCode.NOT_UTF8)
    if unguard:
        cells = tuple(unguarded(cell) if is_guarded(cell) else cell for cell in cells)
    return TableRow(record.line, cells + ("",) * (width - len(cells)), problem)


def _distinct(headers: tuple[str, ...]) -> tuple[str, ...]:
    """Names to address columns by: nameless and repeated ones get their place."""
    seen: set[str] = set()
    names: list[str] = []
    for place, header in enumerate(headers, start=1):
        name = header.strip() or f"column_{place}"
        while name in seen:
            name = f"{name} ({place})"
        seen.add(name)
        names.append(name)
    return tuple(names)
