from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

from apps.tenancy.classes import Tenancy, tenancy_of
from apps.tenancy.context import Context, current

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class TenantManager(models.Manager[M_co]):
    """The first net: refuses to work without a context, and then shows the context's rows only.

    It raises in `get_queryset()` itself, so no method (`exists()`, a subquery, `refresh_from_db`) slips past. Models
    name it `base_manager_name` too. `TenantManager.from_queryset(MyQuerySet)()` gives it the model's own questions.
    """

    def get_queryset(self) -> QuerySet[M_co]:
        return rows_of(super().get_queryset(), current())

    # Writing new rows reads none: a context is asked for, its filter would be built for nothing. What may be written
    # is the row-level policy's to say.

    def create(self, **fields: Any) -> M_co:
        return self._unfiltered().create(**fields)

    def bulk_create(self, *args: Any, **options: Any) -> list[M_co]:
        return self._unfiltered().bulk_create(*args, **options)

    def _insert(self, *args: Any, **options: Any) -> Any:
        return self._unfiltered()._insert(*args, **options)  # type: ignore[attr-defined]  # what Model.save() calls

    def _unfiltered(self) -> QuerySet[M_co]:
        current()
        return super().get_queryset()


def rows_of(rows: QuerySet[M_co], context: Context) -> QuerySet[M_co]:
    """The rows of a tenant table that `context` may reach: what the row-level policy says, in the ORM's words."""
    if context.sees_every_tenant:
        return rows
    return rows.filter(_condition(tenancy_of(rows.model), context))


def _condition(tenancy: Tenancy | None, context: Context) -> Q:
    mine: Any = context.organisation_ids
    if tenancy is Tenancy.PRIVATE:
        return Q(organisation_id__in=mine)
    if tenancy is Tenancy.PERSONAL:
        return Q(organisation_id__in=mine) | Q(user_id=context.user_id)
    if tenancy is Tenancy.ENVELOPE:
        return Q(sender_id__in=mine) | Q(recipient_id__in=mine, disclosed=True)
    if tenancy is Tenancy.STATISTICS:
        seen = Q(organisation_id__in=mine)
        return seen | Q(organisation_id__isnull=True) if context.oversight else seen
    raise TypeError(f"{tenancy} is not a class of tenant tables.")
