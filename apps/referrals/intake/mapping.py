"""Which column of a table holds what: suggested from the headers, decided by a person, kept as JSON."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.referrals.intake.dates import DateFormat, fitting_format
from apps.referrals.intake.rows import FIELDS, BadRow, Row, read_row, storable
from apps.referrals.intake.tables import Table, TableRow

# Header names seen in the wild, without accents, case or punctuation; the first one present wins.
_NAMES: dict[str, tuple[str, ...]] = {
    "url": (
        "url", "urls", "uri", "link", "links", "address", "web address", "webaddress", "internet address", "hyperlink",
        "content url", "page url", "url link", "location", "adresse", "adresse url", "adresse web", "lien", "liens",
        "webadresse", "internetadresse", "direccion", "direccion web", "enlace", "indirizzo", "indirizzo web",
        "collegamento", "endereco", "ligacao", "adres", "webadres", "lenke", "lank", "osoite", "odkaz", "adresa",
    ),
    "external_id": (
        "external id", "externalid", "id", "reference", "ref", "case id", "item id", "alert id", "number", "nr", "no",
        "identifiant", "numero", "kennung", "aktenzeichen", "referencia", "riferimento", "kenmerk",
    ),
    "content_type": (
        "content type", "type of content", "media type", "type de contenu", "inhaltstyp", "tipo de contenido",
    ),
    "content_language": (
        "content language", "language", "lang", "langue", "sprache", "idioma", "lingua", "taal", "jezyk", "sprak",
    ),
    "account": (
        "account", "account name", "user", "username", "user name", "handle", "profile", "channel", "seller", "compte",
        "utilisateur", "konto", "benutzer", "cuenta", "usuario", "utente",
    ),
    "published_on": (
        "published on", "published", "publication date", "date published", "posted on", "posted", "created on",
        "created", "date", "date de publication", "publie le", "veroffentlicht am", "datum", "fecha",
    ),
    "note": (
        "note", "notes", "comment", "comments", "remark", "remarks", "description", "commentaire", "remarque",
        "bemerkung", "kommentar", "beschreibung", "nota", "observaciones", "descripcion", "descrizione", "uwagi",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`columns`: field → place of its column, from 0. Fields without a column are left empty, other columns unread."""

    columns: dict[str, int]
    dates: DateFormat = DateFormat.ISO

    @property
    def has_address(self) -> bool:
        return "url" in self.columns

    def as_json(self) -> dict[str, Any]:
        return {"columns": self.columns, "dates": self.dates.value}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ColumnMapping":
        columns = {name: int(place) for name, place in stored.get("columns", {}).items() if name in FIELDS}
        return cls(columns, DateFormat(stored.get("dates", DateFormat.ISO)))


def suggest_mapping(table: Table) -> ColumnMapping:
    """A first proposal for a person to correct. The date format is proposed only where the column leaves no doubt."""
    places = {_plain(header): place for place, header in reversed(list(enumerate(table.headers)))}
    columns: dict[str, int] = {}
    for field, names in _NAMES.items():
        place = next((places[name] for name in names if name in places and places[name] not in columns.values()), None)
        if place is not None:
            columns[field] = place
    if "url" not in columns and len(table.headers) == 1:
        columns["url"] = 0
    elif "url" not in columns and (place := _column_of_addresses(table)) is not None:
        columns = {"url": place} | {field: taken for field, taken in columns.items() if taken != place}
    return ColumnMapping(columns, _dates(table, columns.get("published_on")))


def read_table_rows(table: Table, mapping: ColumnMapping, *, today: date) -> list[Row | BadRow]:
    """One result per row of the table, in order; `given` holds all of its columns."""
    return [_read(index, row, table, mapping, today) for index, row in enumerate(table.rows)]


def _read(index: int, row: TableRow, table: Table, mapping: ColumnMapping, today: date) -> Row | BadRow:
    given = storable(dict(zip(_names(table, row), row.cells, strict=True)))
    if row.problem:
        return BadRow(index, given, [row.problem])
    fields = {field: row.cells[place] for field, place in mapping.columns.items() if place < len(row.cells)}
    return read_row(index, fields, given=given, today=today, dates=mapping.dates)


def _names(table: Table, row: TableRow) -> tuple[str, ...]:
    """The table's headers, and places for the cells of a row that has too many."""
    width = len(table.headers)
    return table.headers[: len(row.cells)] + tuple(f"column_{place + 1}" for place in range(width, len(row.cells)))


def _plain(header: str) -> str:
    """`Date de Publication :` → `date de publication`; also `contentLanguage` and `content_language`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    letters = unicodedata.normalize("NFKD", spaced.casefold())
    return " ".join(
        re.findall(r"[a-z0-9]+", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    )


def _column_of_addresses(table: Table) -> int | None:
    """Headers say nothing: the first column whose cells look like addresses in the first rows."""
    sample = [row.cells for row in table.rows[:25] if not row.problem]
    for place in range(len(table.headers)):
        if sample and all("://" in cells[place] or cells[place].startswith("www.") for cells in sample):
            return place
    return None


def _dates(table: Table, place: int | None) -> DateFormat:
    if place is None:
        return DateFormat.ISO
    cells = [row.cells[place] for row in table.rows[:1000] if not row.problem]
    return fitting_format(cells) or DateFormat.ISO
