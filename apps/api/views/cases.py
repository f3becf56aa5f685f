from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from apps.api.answers import answer
from apps.api.examples import FILING
from apps.api.http import Request
from apps.api.idempotency import once
from apps.api.limits import TooManyRows
from apps.api.pages import invalid_parameters
from apps.api.reading import read
from apps.api.schema import Operation
from apps.api.selectors import leftovers_of, referrals_of
from apps.api.serializers.cases import CaseDetail, CaseRow, write_case, write_case_detail
from apps.api.serializers.filing import FiledOut, FilingIn, write_filed, write_rows
from apps.api.views.base import ApiView
from apps.api.views.lists import ListView
from apps.audit.services import consulted
from apps.organisations.permissions import Permission
from apps.referrals import services
from apps.referrals.access import access_case
from apps.referrals.intake.rows import BadRow, Row, read_rows
from apps.referrals.models import Case
from apps.referrals.paging import Order
from apps.referrals.services import Filing, NothingToFile

MOST_ROWS = 10_000
DRY_RUN = OpenApiParameter("dry_run", type=bool, description="Say what would happen, and write nothing.")
FILE = Operation(
    id="cases_file",
    tag="cases",
    summary="File many addresses",
    description="Up to 10,000 items in one call make one case, one referral per platform and one item per address."
    " Good rows are filed whatever the others are; each has its own result. A dry run needs no `Idempotency-Key`.",
    permission=Permission.FILE_REFERRALS,
    takes=FilingIn,
    answers=FiledOut,
    status=HTTPStatus.CREATED,
    meaning="Filed; what became of each row.",
    also={200: "A dry run: what would happen."},
    parameters=[DRY_RUN],
    idempotent=True,
    refusals={
        409: "`external_id_taken`: the filing's own identifier has been used already.",
        422: "`filing_invalid`, `instrument_not_permitted`, `too_many_rows`; `nothing_to_file`: see `rows`.",
    },
    examples=FILING,
)


class Cases(ListView):
    orders = {"newest": Order("created_at", descending=True)}
    parameters = frozenset({"dry_run"})
    operations = {
        "GET": Operation(
            id="cases_list",
            tag="cases",
            summary="List cases",
            description="The organisation's own filings, newest first. Reading them is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=CaseRow,
            paged=True,
        ),
        "POST": FILE,
    }

    def rows(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.principal)

    def write(self, rows: Sequence[Case]) -> Sequence[Mapping[str, Any]]:
        return [write_case(row) for row in rows]

    def note(self, rows: Sequence[Case]) -> None:
        consulted(
            "case.listed",
            organisation_id=self.principal.organisation_id,
            target_type="case",
            targets=[row.reference for row in rows],
            by=self.principal,
            at=self.at,
        )

    def post(self, request: Request) -> HttpResponse:
        if _is_dry_run(request):
            return self.file(dry=True)
        return once(request, partial(self.file, dry=False))

    def file(self, *, dry: bool) -> HttpResponse:
        given = read(FilingIn, self.request.data)
        rows, submit = _rows(given.pop("items")), given.pop("submit", False)
        filing = Filing(**given)
        if dry:
            return answer(write_filed(services.preview(filing, rows, by=self.principal, at=self.at)))
        try:
            filed = services.file(filing, rows, submit=submit, source="api", by=self.principal, at=self.at)
        except NothingToFile as problem:
            raise NothingToFile(rows=write_rows(problem.facts["rows"])) from problem
        return answer(write_filed(filed), status=HTTPStatus.CREATED)


class OneCase(ApiView):
    operations = {
        "GET": Operation(
            id="cases_read",
            tag="cases",
            summary="Read a case",
            description="With its referrals, and how many rows were left over. Reading it is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=CaseDetail,
        )
    }

    def get(self, request: Request, reference: str) -> HttpResponse:
        case = access_case(self.principal, reference, self.permission)
        consulted(
            "case.consulted",
            organisation_id=self.principal.organisation_id,
            target_type="case",
            targets=[case.reference],
            by=self.principal,
            at=self.at,
        )
        referrals = referrals_of(case, by=self.principal)
        return answer(write_case_detail(case, referrals, leftovers_of(case), by=self.principal, at=self.at))


def _is_dry_run(request: Request) -> bool:
    given = request.query_params.get("dry_run", "false")
    if given not in {"true", "false"}:
        raise invalid_parameters({"dry_run": [_("Write true or false.")]})
    return given == "true"


def _rows(items: Sequence[Any]) -> list[Row | BadRow]:
    if len(items) > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS, count=len(items))
    return read_rows(items, today=timezone.localdate())
