"""What a platform has decided about an item, in words."""

from collections.abc import Mapping, Sequence

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.portal.presenters.clock import in_words
from apps.referrals.answers import FAMILY_OF
from apps.referrals.models import Decision, Item
from apps.taxonomy.outcomes import RefusalReason
from apps.taxonomy.statements import AutomatedDecision, DecisionGround
from apps.taxonomy.territories import Country


def newest_of(items: Sequence[Item]) -> Mapping[int, Decision]:
    """The decision that counts, by item: one query, and none where nothing is decided."""
    decided = [item.pk for item in items if item.outcome]
    if not decided:
        return {}
    rows = Decision.objects.filter(item_id__in=decided).order_by("item_id", "-pk").distinct("item_id")
    return {row.item_id: row for row in rows}


def facts_of(decision: Decision | None) -> Sequence[tuple[str | Promise, object]]:
    """Terms and values of a decision, the empty ones left out."""
    if decision is None:
        return []
    pairs = [
        (_("Reason for no action"), _label(RefusalReason, decision.refusal_reason)),
        (_("Forwarded to"), decision.forwarded_to),
        (_("Ground"), _label(DecisionGround, decision.ground)),
        (_("Provision or clause"), decision.legal_ground),
        (_("Explanation"), decision.explanation),
        (_("Countries"), ", ".join(str(_label(Country, code)) for code in decision.territorial_scope)),
        (_("Restrictions"), ", ".join(str(FAMILY_OF[code](code).label) for code in decision.restrictions)),
        (_("Restricted until"), formats.date_format(decision.ends_on) if decision.ends_on else ""),
        (_("Acted"), in_words(decision.acted_at) if decision.acted_at else ""),
        (_("Detected automatically"), {True: _("Yes"), False: _("No"), None: ""}[decision.automated_detection]),
        (_("Automation"), _label(AutomatedDecision, decision.automated_decision)),
        (_("The platform's reference"), decision.platform_reference),
    ]
    return [(term, value) for term, value in pairs if value]


def _label(vocabulary: type[RefusalReason | DecisionGround | AutomatedDecision | Country], value: str) -> str | Promise:
    return vocabulary(value).label if value in vocabulary.values else value
