"""A list of addresses as a person with a spreadsheet reads it, and what must come of it, counted by hand.

Nothing here imports the portal: what the portal counts is held against this.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median

ALERT_DATES = "%m/%d/%y %H:%M:%S"
DAY = 24 * 60


@dataclass(frozen=True)
class Sheet:
    """A file of addresses under three hosts, each of them a platform's; `columns` names the headings that matter."""

    path: Path
    hosts: tuple[str, str, str]
    columns: Mapping[str, str]
    dates: str = "iso"

    @property
    def rows(self) -> list[dict[str, str]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def headings(self) -> list[str]:
        return list(self.rows[0])

    def items(self, host: str) -> dict[str, dict[str, str]]:
        """The different addresses under a host, each with its first row.

        One without a scheme is read as https; a slash behind a bare host says nothing.
        """
        found: dict[str, dict[str, str]] = {}
        for row in self.rows:
            written = row[self.columns["url"]]
            address = written if "://" in written else f"https://{written}"
            if address.split("/")[2].endswith(host):
                found.setdefault(address.removesuffix("/"), row)
        return found

    @property
    def counts(self) -> tuple[int, int, int]:
        first, second, third = (len(self.items(host)) for host in self.hosts)
        return first, second, third

    @property
    def answers(self) -> tuple[int, int]:
        """How many of the first platform's items it removes, and leaves up; the others it forgets."""
        removed = self.counts[0] // 2
        return removed, (self.counts[0] - removed) // 2

    @property
    def published(self) -> list[date]:
        """The days on which what is filed was published, where the file says so."""
        column = self.columns.get("published_on")
        rows = [row for host in self.hosts for row in self.items(host).values()]
        return sorted(datetime.strptime(row[column], ALERT_DATES).date() for row in rows) if column else []  # noqa: DTZ007  # a day of the file, no instant


@dataclass(frozen=True)
class Count:
    """How many items each platform got, how many were removed, and the minutes from receipt to each decision."""

    items: tuple[int, ...]
    removed: int
    minutes: tuple[float, ...]

    @property
    def all(self) -> int:
        return sum(self.items)

    @property
    def decided(self) -> int:
        return len(self.minutes)

    @property
    def shares(self) -> dict[str, tuple[int, int]]:
        """Numerator and denominator of what is a share."""
        within_a_day = sum(one <= DAY for one in self.minutes)
        return {"I5": (self.decided, self.all), "I9": (self.removed, self.decided), "I13": (within_a_day, self.all)}

    @property
    def values(self) -> dict[str, float]:
        """The indicators by their numbers: counts, shares from 0 to 1, hours."""
        counts = {"I1": len(self.items), "I2": self.all, "I23": self.all - self.decided}
        return counts | {key: a / b for key, (a, b) in self.shares.items()} | {"I7": median(self.minutes) / 60}

    @property
    def buckets(self) -> dict[str, int]:
        """How many items were decided in which time, and how many never."""
        hour = sum(one <= 60 for one in self.minutes)
        day = sum(60 < one <= DAY for one in self.minutes)
        none = {"24_48h": 0, "2_7d": 0, "over_7d": 0}
        return {"0_1h": hour, "1_24h": day, **none, "none": self.all - self.decided}


def on_paper(value: float, unit: str = "") -> str:
    """A figure as it is written for people: whole numbers whole, others with one decimal."""
    figure = value * 100 if unit == "%" else value
    written = str(int(figure)) if float(figure).is_integer() else f"{figure:.1f}"
    return f"{written} {unit}".strip()
