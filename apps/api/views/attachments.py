from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes

from apps.api.http import Request
from apps.api.schema import Operation
from apps.api.views.base import ApiView
from apps.audit.services import consulted
from apps.organisations.permissions import Permission
from apps.referrals.access import access_attachment


class OneAttachment(ApiView):
    operations = {
        "GET": Operation(
            id="attachments_read",
            tag="referrals",
            summary="Fetch a file",
            description="The bytes of a file that went with a question or a reply, as they came. Reading it is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=OpenApiTypes.BINARY,  # type: ignore[arg-type]  # bytes have no shape
            media_type="application/octet-stream",
        )
    }

    def get(self, request: Request, reference: str, key: UUID) -> HttpResponse:
        found = access_attachment(self.principal, reference, key)
        consulted(
            "attachment.consulted",
            organisation_id=self.principal.organisation_id,
            target_type="attachment",
            targets=[f"{reference}/{found.key}"[:64]],
            by=self.principal,
            at=self.at,
        )
        response = HttpResponse(bytes(found.content), content_type=found.media_type)
        response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=found.name))
        return response
