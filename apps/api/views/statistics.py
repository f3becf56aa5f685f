import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from apps.api.answers import answer
from apps.api.errors import BadRequest
from apps.api.filters.kinds import MomentField
from apps.api.http import Request
from apps.api.pages import invalid_parameters
from apps.api.schema import Operation
from apps.api.serializers.statistics import (
    BREAKDOWNS,
    CatalogueOut,
    IndicatorOut,
    write_catalogue,
    write_indicator,
)
from apps.api.views.base import ApiView
from apps.organisations.permissions import Permission
from apps.statistics import selectors
from apps.statistics.access import access_scope
from apps.statistics.indicators import CATALOGUE
from apps.statistics.periods import Period

V = TypeVar("V")
USUAL_MONTHS = 12
MONTH = re.compile("(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
MONTH_FORM = {"type": "string", "pattern": f"^{MONTH.pattern}$"}


class Catalogue(ApiView):
    operations = {
        "GET": Operation(
            id="statistics_list",
            tag="statistics",
            summary="List indicators",
            description="What is counted, how it can be broken down, and how fresh the figures are.",
            permission=Permission.VIEW_STATISTICS,
            answers=CatalogueOut,
        )
    }

    def get(self, request: Request) -> HttpResponse:
        scope = access_scope(self.principal)
        return answer(write_catalogue(selectors.catalogue(), scope=scope, as_of=selectors.latest_as_of()))


class Indicator(ApiView):
    parameters = frozenset({"from", "to", "by", "as_of"})
    operations = {
        "GET": Operation(
            id="statistics_read",
            tag="statistics",
            summary="Read an indicator",
            description="Over whole months of filing (UTC), both included, in total and along one breakdown: value,"
            " numerator, denominator, what was excluded, and the time it was counted. Left out, the months are the"
            " last twelve.",
            permission=Permission.VIEW_STATISTICS,
            answers=IndicatorOut,
            parameters=[
                OpenApiParameter(
                    "indicator",
                    location=OpenApiParameter.PATH,
                    type={"type": "string", "enum": list(CATALOGUE)},
                    description="Its identifier in the catalogue.",
                ),
                OpenApiParameter("from", type=MONTH_FORM, description="The first month, like `2026-01`."),
                OpenApiParameter("to", type=MONTH_FORM, description="The last month."),
                OpenApiParameter("by", type={"type": "string", "enum": BREAKDOWNS}, description="A breakdown."),
                OpenApiParameter(
                    "as_of",
                    type={"type": "string", "format": "date-time"},
                    description="As it was counted then: the last count that is no newer.",
                ),
            ],
            refusals={
                400: "`invalid_parameter`, `unknown_period`, `unknown_breakdown`: see `breakdowns`.",
                404: "`unknown_indicator`: see `indicators`.",
            },
        )
    }

    def get(self, request: Request, indicator: str) -> HttpResponse:
        last = self.given("to", month) or timezone.now().date()  # months are those of UTC
        usual = Period.up_to(last, months=USUAL_MONTHS).first
        ask = partial(
            selectors.indicator,
            self.principal,
            indicator,
            from_month=self.given("from", month) or usual,
            to_month=last,
            by=request.query_params.get("by", ""),
            as_of=self.given("as_of", MomentField(required=False).clean),
        )
        return answer(write_indicator(answered(ask)))

    def given(self, name: str, read: Callable[[str], V]) -> V | None:
        """A parameter's value, None where it was left out."""
        if name not in self.request.query_params:
            return None
        try:
            return read(self.request.query_params[name])
        except forms.ValidationError as problem:
            raise invalid_parameters({name: problem.messages}) from problem


def month(text: str) -> date:
    """`2026-03`; months of this century and the last."""
    if not MONTH.fullmatch(text):
        raise forms.ValidationError(_("Write a month like 2026-03."))
    return date(int(text[:4]), int(text[5:]), 1)


def answered(ask: Callable[[], selectors.IndicatorResult]) -> selectors.IndicatorResult:
    """What is refused here stands in the address: it is not there, or it cannot be read."""
    try:
        return ask()
    except selectors.UnknownIndicator as problem:
        raise BadRequest(problem.code, str(problem), status=404, **problem.facts) from problem
    except (selectors.UnknownBreakdown, selectors.UnknownPeriod) as problem:
        raise BadRequest(problem.code, str(problem), **problem.facts) from problem
