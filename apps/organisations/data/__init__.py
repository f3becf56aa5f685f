"""The starter directory: real services and the hosts they answer for, so that real addresses route from the first day.

Facts only, from public knowledge: no figures, no contacts. An administrator corrects it in the directory itself.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# Where we know no size, no exemption of small providers is presumed (DSA Art 19).
PRESUMED_SIZE = "medium"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """`establishment_country`: main establishment in the Union, else the seat. `domains`: suffixes, longest match wins.

    `size_class` is `vlop` where the Commission has designated the service; other sizes are at least what is said.
    """

    slug: str
    name: str
    service_type: str
    size_class: str
    size_is_known: bool
    establishment_country: str
    domains: tuple[str, ...]


@lru_cache(maxsize=1)
def starter_directory() -> tuple[DirectoryEntry, ...]:
    with files(__name__).joinpath("starter_directory.csv").open(encoding="utf-8") as file:
        return tuple(_entry(record) for record in csv.DictReader(file))


def _entry(record: dict[str, str]) -> DirectoryEntry:
    return DirectoryEntry(
        slug=record["slug"],
        name=record["name"],
        service_type=record["service_type"],
        size_class=record["size_class"] or PRESUMED_SIZE,
        size_is_known=bool(record["size_class"]),
        establishment_country=record["establishment_country"],
        domains=tuple(record["domains"].split()),
    )
