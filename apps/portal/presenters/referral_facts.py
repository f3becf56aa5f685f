"""What the side column of a referral says about it: parties, subject, handling, moments."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Kind
from apps.portal.presenters.clock import in_words
from apps.referrals.models import Case, Referral
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.languages import Language
from apps.taxonomy.sharing import Pap, Tlp

Facts = Sequence[tuple[str | Promise, object]]


def about(referral: Referral, case: Case | None) -> Facts:
    """What the side column says; the case is the sender's alone."""
    return [*_parties(referral, case), *_subject(referral), *_handling(referral), *_moments(referral, case)]


def _parties(referral: Referral, case: Case | None) -> Facts:
    other = referral.recipient if case else referral.sender
    parties: Facts = [
        (_("To") if case else _("From"), other.name),
        (_("Which is"), f"{Kind(other.kind).label}, {other.country}"),
    ]
    if case is None:
        targets = format_html('<a href="{}">{}</a>', reverse("portal:policy", args=[other.slug]), _("Its targets"))
        return [*parties, (_("Answer hoped for within"), targets)]
    link = format_html('<a href="{}">{}</a>', reverse("portal:case", args=[case.reference]), case.title)
    return [*parties, (_("Case"), link)]


def _subject(referral: Referral) -> Facts:
    return [
        (_("Area"), referral.get_area_display()),
        (_("Category"), referral.get_category_display()),
        (_("Keywords"), ", ".join(str(Keyword(keyword).label) for keyword in referral.keywords)),
        (_("Legal basis"), referral.legal_basis),
        (_("Language"), Language(referral.language).label),
    ]


def _handling(referral: Referral) -> Facts:
    marks: Facts = [(_("Who may know"), Tlp(referral.tlp).label), (_("What may be done"), Pap(referral.pap).label)]
    if referral.good_faith_at is None:
        return marks
    return [*marks, (_("Good faith"), _("Confirmed by the sender"))]


def _moments(referral: Referral, case: Case | None) -> Facts:
    """What has not happened yet is left out."""
    found = [
        (_("Filed"), referral.filed_at if case else None),
        (_("Sent"), referral.sent_at),
        (_("Received"), referral.received_at),
        (_("Acknowledged"), referral.acknowledged_at),
        (_("Due"), referral.due_at),
        (_("Answered"), referral.answered_at),
    ]
    return [(term, in_words(at)) for term, at in found if at]
