from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes

from apps.api.http import Request
from apps.api.schema import Operation
from apps.api.views.base import ApiView
from apps.audit.services import consulted
from apps.organisations.permissions import Permission
from apps.referrals.access import access_referral
from apps.referrals.receipts.facts import receipt_of
from apps.referrals.receipts.pdf import receipt_pdf

PDF = "application/pdf"


class OneReceipt(ApiView):
    operations = {
        "GET": Operation(
            id="referrals_receipt",
            tag="referrals",
            summary="Fetch the receipt",
            description="What was sent, by which channel, what became of it and when, with a chain of digests over the"
            " events: a tagged PDF, the same for both sides, with its data inside as `receipt.json`. Reading it is"
            " logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=OpenApiTypes.BINARY,  # type: ignore[arg-type]  # bytes have no shape
            media_type=PDF,
            refusals={409: "`not_sent_yet`: it has not been sent."},
        )
    }

    def get(self, request: Request, reference: str) -> HttpResponse:
        referral = access_referral(self.principal, reference, self.permission)
        receipt = receipt_of(referral)
        consulted(
            "referral.exported",
            organisation_id=self.principal.organisation_id,
            target_type="referral",
            targets=[referral.reference],
            by=self.principal,
            at=self.at,
        )
        response = HttpResponse(receipt_pdf(receipt), content_type=PDF)
        response["Content-Disposition"] = f'attachment; filename="{referral.reference}-receipt.pdf"'
        return response
