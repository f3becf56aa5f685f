from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.referrals.models import (
    AnswerSheet,
    AnswerTemplate,
    Attachment,
    Case,
    Item,
    Referral,
    StatementExport,
    StatementFile,
    Upload,
)
from apps.referrals.transitions import TRANSITIONS, Side, Transition

M = TypeVar("M", bound=Model)


def access_referral(principal: Principal, reference: str, permission: Permission | None = None) -> Referral:
    """The one way from a request to a referral: 404 if it is not theirs to see, 403 if not to do."""
    return _access(Referral.objects.visible_to(principal).with_parties(), principal, reference, permission)


def access_case(principal: Principal, reference: str, permission: Permission | None = None) -> Case:
    """The one way from a request to a case; errors as `access_referral`."""
    return _access(Case.objects.visible_to(principal), principal, reference, permission)


def access_item(principal: Principal, reference: str, permission: Permission | None = None) -> Item:
    """The one way from a request to an item; errors as `access_referral`."""
    return _access(Item.objects.visible_to(principal).with_referral(), principal, reference, permission)


def access_upload(principal: Principal, key: UUID) -> Upload:
    """The one way from a request to an uploaded file: 404 for whoever files nothing in its organisation."""
    rows = Upload.objects.filter(organisation_id=principal.organisation_id, key=key)
    found = rows.first() if principal.may(Permission.FILE_REFERRALS) else None
    if found is None:
        raise Http404
    return found


def access_attachment(principal: Principal, reference: str, key: UUID) -> Attachment:
    """A file of a referral that is theirs to see; 404 for every other."""
    found = Attachment.objects.filter(referral=access_referral(principal, reference), key=key).first()
    if found is None:
        raise Http404
    return found


def access_statement_file(principal: Principal, key: UUID) -> StatementFile:
    """The one way from a request to a file of statements; errors as `access_template`."""
    return _prepared(StatementFile.objects.filter(key=key), principal)


def access_statement_export(principal: Principal, key: UUID) -> StatementExport:
    """The one way from a request to an export that was loaded; errors as `access_template`."""
    return _prepared(StatementExport.objects.filter(key=key), principal)


def access_template(principal: Principal, pk: int) -> AnswerTemplate:
    """The one way from a request to a saved answer: 404 for whoever answers nothing in its organisation."""
    return _prepared(AnswerTemplate.objects.filter(pk=pk), principal)


def access_sheet(principal: Principal, key: UUID) -> AnswerSheet:
    """The one way from a request to a file of answers; errors as `access_template`."""
    return _prepared(AnswerSheet.objects.filter(key=key), principal)


def _prepared(rows: QuerySet[M], principal: Principal) -> M:
    found = rows.filter(organisation_id=principal.organisation_id).first()
    if found is None or not principal.may(Permission.ANSWER_REFERRALS):
        raise Http404
    return found


def _access(rows: QuerySet[M], principal: Principal, reference: str, permission: Permission | None) -> M:
    found = rows.filter(reference=reference).first() if reference.isascii() else None
    if found is None:
        raise Http404
    need(principal, permission)
    return found


def need(principal: Principal, permission: Permission | None) -> None:
    """Refuse (403) whoever lacks a permission in the organisation they act for."""
    if permission is not None and not principal.may(permission):
        raise PermissionDenied


def side_of(principal: Principal) -> Side:
    return Side.RECIPIENT if principal.organisation.receives else Side.SENDER


def open_transitions(principal: Principal, referral: Referral) -> Sequence[Transition]:
    """What this person may do to this referral now: the buttons, and the API's `actions`. Asks no query."""
    side = side_of(principal)
    return [
        transition
        for transition, move in TRANSITIONS.items()
        if move.side is side
        and move.permission
        and principal.may(move.permission)
        and referral.allows(transition)
        and not (transition is Transition.APPROVE and _wrote_it(principal, referral))
    ]


def _wrote_it(principal: Principal, referral: Referral) -> bool:
    return principal.user_id in {referral.created_by_id, referral.submitted_by_id}
