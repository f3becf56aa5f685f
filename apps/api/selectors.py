"""What pages of the API show beside their rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count

from apps.accounts.principal import Principal
from apps.api.serializers.items import DECISION_COLUMNS
from apps.referrals.models import Case, Decision, Event, Leftover, Referral
from apps.referrals.transitions import ItemState

EVENTS_SHOWN = 500


def newest_decisions(items: Sequence[Any]) -> Mapping[int, Any]:
    """The `DECISION_COLUMNS` of the decision that counts, by the item's key; the items were read for whoever acts."""
    decided = [item.pk for item in items if item.state == ItemState.DECIDED]
    if not decided:
        return {}
    rows = Decision.objects.filter(item_id__in=decided).order_by("item_id", "-pk").distinct("item_id")
    return {row.item_id: row for row in rows.values_list("item_id", *DECISION_COLUMNS, named=True)}


def events_of(referral: Referral) -> Sequence[Event]:
    """What whoever acts may know of a referral's life, oldest first; the newest 500."""
    newest = Event.objects.filter(referral=referral, item__isnull=True).order_by("-pk")[:EVENTS_SHOWN]
    return list(newest)[::-1]


def leftovers_of(case: Case) -> Mapping[str, int]:
    """How many rows of a filing did not become items, by result."""
    counted = Leftover.objects.filter(case=case).values_list("result").annotate(Count("pk")).order_by("result")
    return dict(counted)


def referrals_of(case: Case, *, by: Principal) -> Sequence[Referral]:
    rows = Referral.objects.visible_to(by).filter(case=case).select_related("sender", "recipient", "case")
    return list(rows.order_by("pk"))
