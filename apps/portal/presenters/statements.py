"""A platform's statements of reasons: how many there are, the files they come in, its own exports."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.presenters.pages import Page, page_of
from apps.referrals.models import Origin, Statement, StatementExport, StatementFile, StatementPlan
from apps.referrals.services.loading import in_order

PAGE_SIZE = 50
EXPORTS = 20


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """`waiting`: made by the portal and in no file yet."""

    counts: Sequence[tuple[str | Promise, int]]
    waiting: int
    nightly: bool
    files: Page[StatementFile]
    exports: Sequence[StatementExport]


def statements_page(by: Principal, *, number: str) -> StatementsPage:
    mine = Statement.objects.filter(organisation_id=by.organisation_id)
    counted = mine.aggregate(
        made=Count("pk", filter=Q(origin=Origin.PORTAL)),
        loaded=Count("pk", filter=Q(origin=Origin.PLATFORM)),
        waiting=Count("pk", filter=Q(origin=Origin.PORTAL, file=None)),
    )
    files = StatementFile.objects.filter(organisation_id=by.organisation_id)
    plan = StatementPlan.objects.filter(organisation_id=by.organisation_id).first()
    exports = StatementExport.objects.filter(organisation_id=by.organisation_id).defer("content", "results")
    return StatementsPage(
        counts=[
            (_("Made from your answers"), counted["made"]),
            (_("Loaded by you"), counted["loaded"]),
            (_("Not in a file yet"), counted["waiting"]),
        ],
        waiting=counted["waiting"],
        nightly=bool(plan and plan.nightly),
        files=page_of(files.order_by("-number"), number=number, size=PAGE_SIZE, total=files.count()),
        exports=list(exports.order_by("-created_at", "-pk")[:EXPORTS]),
    )


def file_name(file: StatementFile, *, by: Principal) -> str:
    return f"statements-{by.organisation.slug}-{file.made_on:%Y-%m-%d}-{file.number:05}.json"


def file_content(file: StatementFile) -> bytes:
    """The body of one call of the database: `{"statements": […]}`, the oldest first."""
    rows = Statement.objects.filter(file=file).order_by("pk").values_list("content", flat=True)
    whole = {"statements": [in_order(content) for content in rows]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
