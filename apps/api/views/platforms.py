from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from apps.api.answers import answer
from apps.api.filters.platforms import PlatformFilters
from apps.api.http import Request
from apps.api.pages import invalid_parameters
from apps.api.schema import Operation
from apps.api.serializers.platforms import (
    PlatformDetail,
    PlatformRow,
    Resolved,
    write_platform,
    write_platform_detail,
    write_resolved,
)
from apps.api.views.base import ApiView
from apps.api.views.lists import ListView
from apps.organisations.access import access_platform, platforms_for
from apps.organisations.models import Organisation
from apps.organisations.permissions import Permission
from apps.referrals import services
from apps.referrals.intake.rows import read_rows
from apps.referrals.paging import Order


class Platforms(ListView):
    filters = PlatformFilters
    orders = {"joined": Order("created_at")}
    operations = {
        "GET": Operation(
            id="platforms_list",
            tag="platforms",
            summary="List platforms",
            description="The directory: who can be reached, for which host names.",
            permission=Permission.FILE_REFERRALS,
            answers=PlatformRow,
            paged=True,
        )
    }

    def rows(self) -> QuerySet[Organisation]:
        rows = platforms_for(self.principal).select_related("platform")
        return rows.prefetch_related("domains", "contact_points")

    def write(self, rows: Sequence[Organisation]) -> Sequence[Mapping[str, Any]]:
        return [write_platform(row) for row in rows]


class OnePlatform(ApiView):
    operations = {
        "GET": Operation(
            id="platforms_read",
            tag="platforms",
            summary="Read a platform's entry",
            description="Public facts alone. Senders read every entry, a platform its own.",
            answers=PlatformDetail,
            refusals={404: "`not_found`: no such platform, or not one of yours."},
        )
    }

    def get(self, request: Request, slug: str) -> HttpResponse:
        platform = access_platform(self.principal, slug)
        return answer(write_platform_detail(platform, on=timezone.localdate(self.at)))


class Resolve(ApiView):
    """The routing preview of one address; a dry run of a filing does it for many."""

    parameters = frozenset({"url"})
    operations = {
        "GET": Operation(
            id="platforms_resolve",
            tag="platforms",
            summary="Find the platform of an address",
            description="Where an address would go, and whether it is known already. Nothing is fetched.",
            permission=Permission.FILE_REFERRALS,
            answers=Resolved,
            parameters=[OpenApiParameter("url", required=True, type=str, description="The address.")],
            refusals={400: "`invalid_parameter`: no `url`."},
        )
    }

    def get(self, request: Request) -> HttpResponse:
        url = request.query_params.get("url", "")
        if not url:
            raise invalid_parameters({"url": [_("Name the address in `url`.")]})
        rows = read_rows([{"url": url}], today=timezone.localdate())
        return answer(write_resolved(url, services.preview(None, rows, by=self.principal, at=self.at)))
