from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.audit.services import consulted
from apps.portal.responses import download
from apps.referrals.access import access_attachment


@require_safe
def attachment(request: Request, reference: str, key: UUID) -> HttpResponse:
    """One file of a conversation, always as a download; the reading is recorded."""
    found = access_attachment(request.principal, reference, key)
    consulted(
        "attachment.consulted",
        organisation_id=request.principal.organisation_id,
        target_type="attachment",
        targets=[f"{reference}/{found.key}"],
        by=request.principal,
        at=timezone.now(),
    )
    return download(bytes(found.content), name=found.name, media_type=found.media_type)
