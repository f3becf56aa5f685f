"""Reading CSV as it comes: any usual encoding and separator, every row accounted for, line numbers kept."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from apps.referrals.intake.addresses import AddressFlag, read_address
from apps.referrals.intake.cells import is_guarded, unguarded
from apps.referrals.intake.decoding import TableRefused, decoded
from apps.referrals.intake.problems import RowCode, RowError

MAX_ROWS = 100_000
MAX_LINES = 10 * MAX_ROWS  # empty ones and those inside quotation marks included
MAX_COLUMNS = 200
MAX_CELL = 32_000
MAX_BROKEN_QUOTES = 100

RESULT_COLUMNS = ("result", "code", "detail")  # what `rejects` adds; their presence says that cells are guarded

_SEPARATORS = (",", ";", "\t", "|")
_ONE_COLUMN = "\x1f"  # a separator that no text contains: the whole line is the cell
_SAMPLE = 25


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
    text, encoding = decoded(data)
    text, delimiter = _separated(text)
    records = list(_records(text, delimiter))
    if not records:
        raise TableRefused("file_empty")
    if records[0].problem:
        raise TableRefused("quotes_broken" if records[0].problem.code is RowCode.QUOTE_NOT_CLOSED else "not_a_table")
    has_header = not _holds_address(records[0].cells)
    width = len(records[0].cells)
    if width > MAX_COLUMNS:
        raise TableRefused("too_many_columns")
    headers = records[0].cells if has_header else tuple(f"column_{place}" for place in range(1, width + 1))
    unguard = headers[-3:] == RESULT_COLUMNS
    rows = tuple(_fitted(record, width, unguard=unguard) for record in records[has_header:])
    return Table(_distinct(headers), rows, encoding, "" if delimiter == _ONE_COLUMN else delimiter, has_header)


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
    if text.count("\n") + text.count("\r") > 2 * MAX_LINES:
        raise TableRefused("too_many_rows")
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
    text = lines[line].rstrip("\r\n")
    code = RowCode.QUOTE_NOT_CLOSED if len(text) <= csv.field_size_limit() else RowCode.CELL_TOO_LONG
    return TableRow(line + 1, (text[:MAX_CELL],), RowError(code))


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
        cells = tuple(cell[:MAX_CELL] for cell in cells)
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
