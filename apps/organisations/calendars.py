"""Working days and quiet hours of an organisation, with the public holidays of its country. Pure; all days are local.

Public holidays come from the `holidays` library. A country that it does not know has weekends only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays

from apps.organisations.models.calendar import WEEKDAYS, Calendar
from apps.organisations.models.organisation import Organisation

ONE_DAY = timedelta(days=1)
ENGLISH = "en_US"  # without it, the library speaks the language of the machine
LAST_MOMENT = time(23, 59, 59, 999999)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """`weekdays`: 1 is Monday. `quiet_from` may be later than `quiet_until`: the night lies between them."""

    zone: str
    country: str = ""
    subdivision: str = ""
    weekdays: tuple[int, ...] = tuple(WEEKDAYS)
    closed_on: tuple[date, ...] = ()
    quiet_from: time = time(20)
    quiet_until: time = time(7)

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        """As the organisation keeps it; read `calendar` along with the organisation."""
        kept: Calendar | None = getattr(organisation, "calendar", None)
        if kept is None:
            return cls(zone=organisation.time_zone, country=organisation.country)
        return cls(
            zone=organisation.time_zone,
            country=organisation.country,
            subdivision=kept.subdivision,
            weekdays=tuple(sorted(kept.weekdays)),
            closed_on=tuple(sorted(kept.closed_on)),
            quiet_from=kept.quiet_from,
            quiet_until=kept.quiet_until,
        )

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        return cls(
            zone=facts["zone"],
            country=facts.get("country", ""),
            subdivision=facts.get("subdivision", ""),
            weekdays=tuple(facts.get("weekdays", WEEKDAYS)),
            closed_on=tuple(date.fromisoformat(day) for day in facts.get("closed_on", ())),
        )

    def as_facts(self) -> dict[str, Any]:
        """What an obligation keeps of it: enough to count its days again, for JSON. Quiet hours are none of it."""
        return {
            "zone": self.zone,
            "country": self.country,
            "subdivision": self.subdivision,
            "weekdays": list(self.weekdays),
            "closed_on": [day.isoformat() for day in self.closed_on],
        }

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The last moment of a local day; the later one where the hour comes twice."""
        return datetime.combine(day, LAST_MOMENT, ZoneInfo(self.zone)).replace(fold=1)

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.closed_on and not self.holiday(day)

    def holiday(self, day: date) -> str:
        """The name of the public holiday, in English; empty on other days."""
        return _holidays(self.country, self.subdivision, day.year).get(day, "")

    def is_quiet(self, at: datetime) -> bool:
        now = at.astimezone(ZoneInfo(self.zone)).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until

    def end_of_quiet(self, at: datetime) -> datetime:
        """The next moment at which the organisation may be disturbed: `at` itself where it may be now."""
        if not self.is_quiet(at):
            return at
        local = at.astimezone(ZoneInfo(self.zone))
        day = local.date() if local.time() < self.quiet_until else local.date() + ONE_DAY
        return datetime.combine(day, self.quiet_until, ZoneInfo(self.zone))


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    try:
        return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=ENGLISH))
    except NotImplementedError:
        return {}
