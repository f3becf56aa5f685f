from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.examples import STATEMENTS
from apps.api.filters.statements import StatementFilters
from apps.api.http import Request
from apps.api.idempotency import once
from apps.api.limits import TooManyRows
from apps.api.schema import Operation
from apps.api.serializers.statements import (
    LIST,
    LoadedOut,
    StatementOfReasons,
    StatementsIn,
    read_statements,
    write_loaded,
    write_statement,
)
from apps.api.views.lists import ListView
from apps.audit.services import consulted
from apps.organisations.permissions import Permission
from apps.referrals import services
from apps.referrals.models import Statement
from apps.referrals.paging import Order
from apps.referrals.statements.shape import MOST_STATEMENTS


class Statements(ListView):
    """A platform's own statements of reasons, the oldest first, so that `since` goes on where the last call ended."""

    filters = StatementFilters
    orders = {"oldest": Order("created_at")}
    operations = {
        "GET": Operation(
            id="statements_list",
            tag="statements",
            summary="List statements of reasons",
            description="Every decision that restricts something has one, in exactly the format of the Transparency"
            " Database's API (schema v2); what you have loaded yourself comes out as it went in. With `page_size=100`"
            " the list `statements` of a page is what one call of the database takes. Reading them is logged.",
            permission=Permission.ANSWER_REFERRALS,
            answers=StatementOfReasons,
            paged=True,
            rows=LIST,
        ),
        "POST": Operation(
            id="statements_load",
            tag="statements",
            summary="Load your own statements of reasons",
            description='Up to 100 in one call, as `{"statements": […]}`, or one statement by itself as the body, both'
            " as the Transparency Database takes them. Good ones are stored whatever the others are; each has its own"
            " result, and each broken rule is named. Name a statement's `puid` in an answer to make it that"
            " decision's.",
            permission=Permission.ANSWER_REFERRALS,
            takes=StatementsIn,
            answers=LoadedOut,
            idempotent=True,
            refusals={422: "`too_many_rows`: more than 100 statements."},
            examples=STATEMENTS,
        ),
    }

    def rows(self) -> QuerySet[Any]:
        return Statement.objects.filter(organisation_id=self.principal.organisation_id).only("content", "created_at")

    def write(self, rows: Sequence[Statement]) -> Sequence[Mapping[str, Any]]:
        return [write_statement(row) for row in rows]

    def note(self, rows: Sequence[Statement]) -> None:
        consulted(
            "statement.listed",
            organisation_id=self.principal.organisation_id,
            target_type="statement",
            targets=[row.content["puid"] for row in rows],
            by=self.principal,
            at=self.at,
        )

    def post(self, request: Request) -> HttpResponse:
        return once(request, self.act)

    def act(self) -> HttpResponse:
        given = read_statements(self.request.data)
        if len(given) > MOST_STATEMENTS:
            raise TooManyRows(limit=MOST_STATEMENTS, count=len(given))
        loaded = services.load_statements(given, by=self.principal, at=self.at)
        return answer({"rows": [write_loaded(place, one) for place, one in enumerate(loaded)]})
