from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.errors import Refused
from apps.referrals.models import Case
from apps.referrals.services.filing_rules import LENGTHS


class CaseInvalid(Refused):
    """`facts["errors"]` maps each field to its sentences."""

    code = "case_invalid"
    message = _("The case was not changed. Correct what is marked.")


@transaction.atomic
def edit_case(case: Case, *, title: str, note: str, by: Principal, at: datetime) -> Case:
    """Change what a case is called and the sender's own note. No platform sees either."""
    title = title.strip()
    if not title:
        raise CaseInvalid(errors={"title": [_("Give the case a title.")]})
    for field, text in {"title": title, "note": note}.items():
        if len(text) > LENGTHS[field]:
            sentence = _("This text is too long. Shorten it to %(count)d characters.") % {"count": LENGTHS[field]}
            raise CaseInvalid(errors={field: [sentence]})
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    case.title, case.note = title, note
    case.save(update_fields=["title", "note"])
    record(
        "case.edited",
        organisation_id=by.organisation_id,
        target_type="case",
        target=case.reference,
        by=by,
        at=at,
    )
    return case
