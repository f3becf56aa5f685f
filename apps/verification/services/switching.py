from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Refused
from apps.organisations.models import Organisation
from apps.referrals.models import Decision
from apps.verification.models import Checker


class CheckerRefused(Refused):
    code = "checker_refused"
    message = _("Only organisations that refer content can have it looked at, and no sandbox can.")


@transaction.atomic
def switch_checker(*, on: bool, by: Principal, at: datetime) -> Checker:
    """Have the claimed removals of the acting organisation looked at from now on, or no more."""
    organisation = Organisation.objects.get(pk=by.organisation_id)
    if not by.organisation.sends or organisation.is_sandbox:
        raise CheckerRefused
    newest = Decision.objects.filter(sender=organisation).aggregate(newest=Max("pk"))["newest"] or 0
    values = {"is_on": on, "changed_at": at, "changed_by_id": by.person_id, "decisions_seen": newest}
    checker, _made = Checker.objects.update_or_create(organisation=organisation, defaults=values)
    record(
        "checker.switched",
        operation=Operation.ADMINISTER,
        organisation_id=by.organisation_id,
        target_type="organisation",
        target=organisation.slug,
        details={"on": on},
        by=by,
        at=at,
    )
    return checker
