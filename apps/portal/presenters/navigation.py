"""The sidebar: which places a person may go to, and where they are."""

from dataclasses import dataclass
from typing import Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Kind
from apps.organisations.models.organisation import SENDERS
from apps.organisations.permissions import Permission

ANYBODY = frozenset(Kind.values)
REMINDED = frozenset({*(kind.value for kind in SENDERS), Kind.PLATFORM.value})
RECEIVERS = frozenset({Kind.PLATFORM.value})
ISSUERS = frozenset(kind.value for kind in SENDERS)


class Reader(Protocol):
    """What navigation needs of a principal."""

    def may(self, permission: Permission, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the plan. Without `permission`: everyone who is signed in.

    `of`: the kinds of organisation that have it, where the permission does not say it already. `operators`: only for
    those who look after the installation.
    """

    url_name: str
    label: str | Promise
    icon: str
    permission: Permission | None = None
    of: frozenset[str] = ANYBODY
    operators: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One link as the template draws it."""

    label: str | Promise
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A group of links; the first one has no heading."""

    label: str | Promise
    items: tuple[Item, ...]


PLAN: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("portal:desk", _("My desk"), "house"),
            Place("portal:case-create", _("New case"), "file-plus", permission=Permission.FILE_REFERRALS),
            Place("portal:cases", _("Cases"), "folder", permission=Permission.FILE_REFERRALS),
            Place("portal:inbox", _("Referrals"), "inbox", permission=Permission.VIEW_REFERRALS),
            Place("portal:items", _("Items"), "list-checks", permission=Permission.ANSWER_REFERRALS),
            Place("portal:items", _("Items"), "link-2", permission=Permission.FILE_REFERRALS),
            Place("portal:statements", _("Statements"), "file-text", permission=Permission.ANSWER_REFERRALS),
            Place("portal:overdue", _("Overdue"), "clock-alert", permission=Permission.VIEW_REFERRALS),
            Place("portal:verification", _("Removals"), "badge-check", permission=Permission.FILE_REFERRALS),
            Place("portal:platforms", _("Platforms"), "globe", permission=Permission.FILE_REFERRALS),
            Place(
                "portal:contacts",
                _("Who can be reached"),
                "mail-check",
                permission=Permission.VIEW_REFERRALS,
                of=ISSUERS,
            ),
            Place("portal:deliveries", _("Deliveries"), "send", permission=Permission.VIEW_REFERRALS),
        ),
    ),
    (
        _("Oversight"),
        (
            Place("portal:dashboard", _("Monitoring"), "chart-no-axes-combined", permission=Permission.VIEW_STATISTICS),
            Place("portal:clocks", _("Clocks"), "scale"),
            Place("portal:escalations", _("Unanswered"), "siren", permission=Permission.OVERSEE_STATISTICS),
        ),
    ),
    (
        _("Organisation"),
        (
            Place(
                "portal:platform-own", _("Your platform"), "store", permission=Permission.MANAGE_MEMBERS, of=RECEIVERS
            ),
            Place("portal:policies", _("Your targets"), "timer", of=ISSUERS),
            Place("portal:policies", _("What you promise"), "timer", of=RECEIVERS),
            Place("portal:calendar", _("Working days"), "calendar-days", of=ISSUERS | RECEIVERS),
            Place("portal:members", _("Members"), "users", permission=Permission.MANAGE_MEMBERS),
            Place(
                "portal:contacts",
                _("Who can be reached"),
                "mail-check",
                permission=Permission.MANAGE_MEMBERS,
                of=ANYBODY - RECEIVERS,
            ),
            Place("portal:checker", _("Removal checks"), "scan-eye", permission=Permission.MANAGE_MEMBERS, of=ISSUERS),
            Place(
                "portal:reminder-contacts",
                _("Who is reminded"),
                "alarm-clock",
                permission=Permission.MANAGE_MEMBERS,
                of=REMINDED,
            ),
            Place("portal:webhooks", _("Webhooks"), "webhook", permission=Permission.MANAGE_WEBHOOKS),
            Place("portal:deliveries", _("Deliveries"), "send", permission=Permission.MANAGE_WEBHOOKS),
            Place("portal:tokens", _("API tokens"), "key-round"),
            Place("portal:running", _("What runs"), "activity", operators=True),
        ),
    ),
)


def sections_for(principal: Reader | None, *, path: str) -> list[Section]:
    """The places open to `principal`. Nobody signed in: no places."""
    if principal is None:
        return []
    urls = {place.url_name: _url(place.url_name) for _label, places in PLAN for place in places}
    here = _closest(path, [url for url in urls.values() if url])
    sections = []
    for label, places in PLAN:
        open_places = [place for place in places if urls[place.url_name] and _is_open(place, principal)]
        items = tuple(_item(place, url=urls[place.url_name], here=here) for place in open_places)
        if items:
            sections.append(Section(label, items))
    return sections


def _is_open(place: Place, principal: Reader) -> bool:
    organisation = getattr(principal, "organisation", None)
    is_theirs = place.of is ANYBODY or (organisation is not None and organisation.kind in place.of)
    if place.operators and not getattr(principal, "is_operator", False):
        return False
    return is_theirs and (place.permission is None or principal.may(place.permission))


def _item(place: Place, *, url: str, here: str) -> Item:
    return Item(place.label, url, place.icon, current=url == here)


def _closest(path: str, urls: list[str]) -> str:
    """The place a page belongs to: `/referrals/R-…/` lies under `/referrals/`; the root holds only itself."""
    candidates = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(candidates, key=len, default="")


def _url(name: str) -> str:
    """Empty while a place is not built: a menu must not take the page down."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
