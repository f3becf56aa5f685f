"""Answers that a platform gives again and again, under a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Refused
from apps.referrals.models import AnswerTemplate

MOST_TEMPLATES = 200
NAME_LENGTH = 100


class TooManyTemplates(Refused):
    code = "too_many_templates"
    message = _("Your organisation has 200 templates already. Delete one that nobody needs.")


@transaction.atomic
def keep_template(name: str, *, facts: Mapping[str, Any], by: Principal, at: datetime) -> AnswerTemplate:
    """Keep an answer under a name; one that has this name already is replaced."""
    mine = AnswerTemplate.objects.filter(organisation_id=by.organisation_id)
    if not mine.filter(name=name).exists() and mine.count() >= MOST_TEMPLATES:
        raise TooManyTemplates
    template, _created = mine.update_or_create(
        organisation_id=by.organisation_id,
        name=name,
        defaults={"facts": dict(facts), "changed_at": at, "changed_by_id": by.user_id},
    )
    _record("answer_template.kept", template, Operation.ALTER, by=by, at=at)
    return template


@transaction.atomic
def delete_template(template: AnswerTemplate, *, by: Principal, at: datetime) -> None:
    _record("answer_template.deleted", template, Operation.ERASE, by=by, at=at)
    template.delete()


def _record(verb: str, template: AnswerTemplate, operation: Operation, *, by: Principal, at: datetime) -> None:
    record(
        verb,
        operation=operation,
        organisation_id=by.organisation_id,
        target_type="answer_template",
        target=str(template.pk),
        by=by,
        at=at,
    )
