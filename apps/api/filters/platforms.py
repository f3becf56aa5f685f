from django.db.models import QuerySet

from apps.api.filters.kinds import Filters, OneOf, Text
from apps.organisations.models import Organisation
from apps.organisations.models.platform import ServiceType, SizeClass


class PlatformFilters(Filters):
    q = Text(field_name="name", lookup_expr="icontains", label="Part of the name.")
    domain = Text(method="with_domain", label="One of its host names, exactly.", max_length=253)
    service_type = OneOf(field_name="platform__service_type", choices=ServiceType.choices, label="The kind of service.")
    size_class = OneOf(field_name="platform__size_class", choices=SizeClass.choices, label="The size of the service.")

    def with_domain(self, rows: QuerySet[Organisation], name: str, host: str) -> QuerySet[Organisation]:
        return rows.filter(domains__host=host.lower())
