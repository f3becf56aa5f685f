"""Reminders that nobody could be told of: the rung was taken, and there was nobody to write to."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count

from apps.accounts.principal import Principal
from apps.deadlines.models import Chase
from apps.deadlines.models.chase import Rung
from apps.organisations.permissions import Permission

WITHIN = timedelta(days=30)
TO_THE_PLATFORM = (Rung.BEFORE, Rung.DUE, Rung.LATE, Rung.BACKUP, Rung.PLATFORM_SUPERVISOR)


def unheard_by(principal: Principal, *, at: datetime) -> Mapping[str, int]:
    """How many of a sender's reminders of the last 30 days reached nobody, by the platform's slug. One query."""
    if not (principal.organisation.sends and principal.may(Permission.VIEW_REFERRALS)):
        return {}
    rows = Chase.objects.filter(sender_id=principal.organisation_id, at__gte=at - WITHIN, message="")
    counted = rows.filter(rung__in=TO_THE_PLATFORM).values_list("recipient__slug").annotate(count=Count("pk"))
    return dict(counted.order_by("recipient__slug"))
