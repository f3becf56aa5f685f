import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from apps.delivery.contacts import Contact, House, Verdict
from apps.referrals.intake.cells import guarded

TONES = {Verdict.FAILING: "bad", Verdict.UNPROVEN: "wait", Verdict.WORKING: "good"}


@dataclass(frozen=True, slots=True)
class Row:
    """A contact point of a platform as the list draws it; `first`: the platform's name stands before it.

    `unheard`: how many reminders to the platform reached nobody; said once, beside its name.
    """

    house: House
    contact: Contact | None
    first: bool
    tone: str
    rate: str
    unheard: int = 0


@dataclass(frozen=True, slots=True)
class ContactsPage:
    rows: Sequence[Row]
    unreachable: int
    total: int
    everything: bool


def contacts_page(houses: Sequence[House], unheard: Mapping[str, int], *, everything: bool) -> ContactsPage:
    """Those that cannot be reached, or were not by a reminder; all of them where that is asked for."""
    unreachable = [house for house in houses if not house.is_reachable or house.slug in unheard]
    shown = houses if everything else unreachable
    rows = [row for house in shown for row in _rows(house, unheard.get(house.slug, 0))]
    return ContactsPage(rows, len(unreachable), len(houses), everything)


def _rows(house: House, unheard: int) -> list[Row]:
    if not house.contacts:
        return [Row(house, None, True, "bad", "", unheard)]
    return [
        Row(house, contact, not place, TONES[contact.verdict], percent(contact.bounce_rate), 0 if place else unheard)
        for place, contact in enumerate(house.contacts)
    ]


def percent(rate: float | None) -> str:
    return "" if rate is None else f"{round(rate * 100)} %"


def contacts_csv(houses: Sequence[House]) -> bytes:
    """Every contact point of every platform, one line each; a platform without any has a line too."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    heads = [_("Platform"), _("Country"), _("Address"), _("Purpose"), _("State"), _("Came back")]
    writer.writerow([*heads, _("Last proof"), _("Last confirmed"), _("Problem")])
    for house in houses:
        contacts: Sequence[Contact | None] = house.contacts or [None]
        for contact in contacts:
            writer.writerow([guarded(cell) for cell in [house.name, house.country, *_cells(contact)]])
    return out.getvalue().encode("utf-8-sig", "replace")


def _cells(contact: Contact | None) -> list[str]:
    if contact is None:
        return ["", "", _("No contact point at all"), "", "", "", ""]
    moments = [contact.last_success_at, contact.last_verified_at]
    return [
        contact.email,
        contact.purpose,
        str(contact.verdict.label),
        percent(contact.bounce_rate),
        *(at.isoformat(timespec="seconds") if at else "" for at in moments),
        contact.last_problem,
    ]
