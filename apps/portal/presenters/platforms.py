"""The directory, and the entry of one platform: public facts, what they mean in law, and how far to rely on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import PlatformProposal
from apps.accounts.principal import Principal
from apps.accounts.services import may_be_offered
from apps.deadlines.policies import newest_of
from apps.delivery.contacts import Verdict, contact_of
from apps.organisations.access import platforms_for
from apps.organisations.models import (
    INTERNAL_PURPOSES,
    ContactPoint,
    ContactPurpose,
    Organisation,
    PlatformProfile,
    PolicyKind,
    PolicyLink,
    ServiceType,
    SizeClass,
    Standing,
)
from apps.organisations.obligations import Obligation
from apps.organisations.permissions import Permission
from apps.organisations.selectors import duties_of
from apps.portal.presenters.pages import Page, page_of
from apps.portal.presenters.policies import Row, row_of
from apps.portal.presenters.status import Mark
from apps.taxonomy.languages import Language
from apps.taxonomy.territories import Country

PAGE_SIZE = 50
STANDINGS: Mapping[str, Mark] = {
    Standing.LISTED: Mark("neutral", "book-open", Standing.LISTED.label),
    Standing.PROSPECTIVE: Mark("wait", "circle-dashed", Standing.PROSPECTIVE.label),
    Standing.CLAIMED: Mark("good", "badge-check", Standing.CLAIMED.label),
    Standing.VERIFIED: Mark("good", "shield-check", Standing.VERIFIED.label),
}
RELIANCE: Mapping[str, str | Promise] = {
    Standing.LISTED: gettext_lazy("The operator has put this entry in. Nobody of the platform has confirmed it yet."),
    Standing.PROSPECTIVE: gettext_lazy(
        "A sender has put this entry in. Nobody of the platform has confirmed it: check the contact before you rely on"
        " it."
    ),
    Standing.CLAIMED: gettext_lazy("Somebody who reads mail on the platform's own domain keeps this entry up to date."),
    Standing.VERIFIED: gettext_lazy("The platform has proven that its domains are its own."),
}
VERDICTS: Mapping[str, Mark] = {
    Verdict.FAILING: Mark("bad", "mail-x", Verdict.FAILING.label),
    Verdict.UNPROVEN: Mark("wait", "circle-dashed", Verdict.UNPROVEN.label),
    Verdict.WORKING: Mark("good", "check", Verdict.WORKING.label),
}


@dataclass(frozen=True, slots=True)
class Contact:
    pk: int
    purpose: str | Promise
    email: str
    phone: str
    hours: str
    languages: str
    mark: Mark
    proven_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One platform in the directory."""

    slug: str
    name: str
    country: str | Promise
    hosts: str
    more_hosts: int
    contact: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Directory:
    lines: Sequence[Line]
    page: Page[Organisation]
    search: str


@dataclass(frozen=True, slots=True)
class Version:
    url: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """A kind of policy: where it is now, and where it was."""

    label: str | Promise
    now: Version
    earlier: Sequence[Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`made_on`: when one's own organisation put the entry in. `may_invite`: a link to its contact would prove it."""

    name: str
    slug: str
    country: str | Promise
    mark: Mark
    reliance: str | Promise
    contacts: Sequence[Contact]
    owed: Sequence[Obligation]
    exempt: Sequence[Obligation]
    policies: Sequence[Policy]
    promises: Sequence[Row]
    about: Sequence[tuple[str | Promise, object]]
    representative: Sequence[tuple[str | Promise, object]]
    is_presumed: bool
    may_invite: bool
    may_change: bool
    made: PlatformProposal | None


def directory(*, search: str, number: str, by: Principal) -> Directory:
    """A page of the directory by name: three queries and one for each kind of what hangs on it."""
    rows = matching(platforms_for(by), search)
    listed = rows.prefetch_related("domains", "contact_points").order_by("name", "pk")
    page = page_of(listed, number=number, size=PAGE_SIZE, total=rows.count())
    return Directory([_line(row) for row in page.rows], page, search)


def matching(rows: QuerySet[Organisation], search: str) -> QuerySet[Organisation]:
    """Those with these words in their name or in one of their host names."""
    if not search:
        return rows
    hosts = Organisation.objects.filter(domains__host__icontains=search).values("pk")
    return rows.filter(Q(name__icontains=search) | Q(pk__in=hosts))


def entry_of(platform: Organisation, *, by: Principal, today: date) -> Entry:
    profile: PlatformProfile | None = getattr(platform, "platform", None)
    duties = duties_of(platform, on=today)
    senders = by.organisation.sends and by.may(Permission.FILE_REFERRALS)
    unconfirmed = platform.standing in {Standing.LISTED, Standing.PROSPECTIVE}
    return Entry(
        name=platform.name,
        slug=platform.slug,
        country=country_of(platform.country),
        mark=STANDINGS[platform.standing],
        reliance=RELIANCE[platform.standing],
        contacts=contacts_of(platform),
        owed=[one for one in duties if one.is_owed],
        exempt=[one for one in duties if one.is_exempt],
        policies=policies_of(platform),
        promises=promises_of(platform),
        about=_about(platform, profile),
        representative=_representative(profile),
        is_presumed=profile is None or profile.is_presumed,
        may_invite=senders and unconfirmed and may_be_offered(platform),
        may_change=platform.pk == by.organisation_id and by.may(Permission.MANAGE_MEMBERS),
        made=PlatformProposal.objects.filter(platform=platform).select_related("made_by").first(),
    )


def contacts_of(organisation: Organisation, *, internal: bool = False) -> Sequence[Contact]:
    """What the directory lists, by purpose; `internal`: whom reminders go to, which nobody else reads."""
    order = {purpose: place for place, purpose in enumerate(ContactPurpose.values)}
    rows = ContactPoint.objects.filter(organisation=organisation).select_related("health").order_by("pk")
    wanted = [row for row in rows if (row.purpose in INTERNAL_PURPOSES) == internal]
    return [_contact(row, organisation) for row in sorted(wanted, key=lambda one: order[one.purpose])]


def policies_of(platform: Organisation) -> Sequence[Policy]:
    """Each kind that was ever published, the newest version first."""
    rows = PolicyLink.objects.filter(organisation=platform).order_by("kind", "-at", "-pk")
    found = {
        kind: [Version(row.url, row.note, row.at) for row in group]
        for kind, group in groupby(rows, lambda row: row.kind)
    }
    return [Policy(PolicyKind(kind).label, found[kind][0], found[kind][1:]) for kind in PolicyKind if kind in found]


def promises_of(platform: Organisation) -> Sequence[Row]:
    """Within what time it says it answers."""
    newest = newest_of(platform.pk)
    return [row_of(line) for line in newest.lines] if newest else []


def country_of(code: str) -> str | Promise:
    return Country(code).label if code in Country.values else code


def _line(row: Organisation) -> Line:
    hosts = sorted(domain.host for domain in row.domains.all())
    listed = [one for one in row.contact_points.all() if one.purpose not in INTERNAL_PURPOSES]
    contacts = sorted(listed, key=lambda one: (one.purpose != ContactPurpose.AUTHORITIES, one.pk))
    return Line(
        slug=row.slug,
        name=row.name,
        country=country_of(row.country),
        hosts=", ".join(hosts[:2]),
        more_hosts=max(len(hosts) - 2, 0),
        contact=contacts[0].email if contacts else "",
        mark=STANDINGS[row.standing],
    )


def _contact(row: ContactPoint, platform: Organisation) -> Contact:
    hours = f"{row.hours} ({row.time_zone or platform.time_zone})" if row.hours else ""
    known = contact_of(row)
    return Contact(
        pk=row.pk,
        purpose=known.purpose,
        email=row.email,
        phone=row.phone,
        hours=hours,
        languages=_languages(row.languages),
        mark=VERDICTS[known.verdict],
        proven_at=max(filter(None, (known.last_success_at, known.last_verified_at)), default=None),
    )


def _about(platform: Organisation, profile: PlatformProfile | None) -> Sequence[tuple[str | Promise, object]]:
    hosts = platform.domains.order_by("host").values_list("host", flat=True)
    facts: list[tuple[str | Promise, object]] = [
        (_("Established in"), country_of(platform.country)),
        (_("Host names"), format_html('<code translate="no">{}</code>', ", ".join(hosts))),
        (_("Languages"), _languages(platform.languages)),
        (_("Time zone"), platform.time_zone),
    ]
    if profile is None:
        return facts
    size = SizeClass(profile.size_class).label
    since = _day(profile.size_since)
    recipients = number_format(profile.recipients_eu) if profile.recipients_eu is not None else ""
    return [
        (_("Kind of service"), ServiceType(profile.service_type).label),
        (_("Size"), _("%(size)s since %(day)s") % {"size": size, "day": since} if since else size),
        *([(_("Micro or small until"), _day(profile.size_lost_on))] if profile.size_lost_on else []),
        *([(_("Designated on"), _day(profile.designated_on))] if profile.designated_on else []),
        (_("Monthly recipients in the Union"), recipients),
        *facts,
    ]


def _representative(profile: PlatformProfile | None) -> Sequence[tuple[str | Promise, object]]:
    if profile is None or not profile.representative_name:
        return []
    return [
        (_("Name"), profile.representative_name),
        (_("Postal address"), profile.representative_address),
        (_("E-mail address"), profile.representative_email),
        (_("Telephone"), profile.representative_phone),
    ]


def _languages(codes: Sequence[str]) -> str:
    return ", ".join(str(Language(code).label) if code in Language.values else code for code in codes)


def _day(day: date | None) -> str:
    return date_format(day) if day else ""
