from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request as RestRequest
from rest_framework.views import APIView

from apps.accounts.principal import Principal
from apps.api.errors import BadRequest
from apps.api.http import Request
from apps.api.schema import Operation, Schema
from apps.organisations.permissions import Permission
from apps.referrals.access import need


class ApiView(APIView):
    """One address. `operations` say by method what it takes, gives and needs.

    Who lacks the permission is refused here; a view of one thing hands it to `access_*` instead, so that what is not
    theirs to see is not there (404) before it is forbidden (403).
    """

    schema = Schema()
    http_method_names = ["get", "head", "post"]
    operations: ClassVar[Mapping[str, Operation]] = {}
    parameters: ClassVar[frozenset[str]] = frozenset()

    request: Request
    at: datetime

    @property
    def principal(self) -> Principal:
        return self.request.user

    @property
    def permission(self) -> Permission | None:
        operation = self.operations.get("GET" if self.request.method == "HEAD" else str(self.request.method))
        return operation.permission if operation else None

    def initial(self, request: RestRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.at = timezone.now()
        if "reference" not in kwargs:
            need(self.principal, self.permission)
        if unknown := sorted(request.query_params.keys() - self.known_parameters()):
            raise BadRequest(
                "unknown_parameter",
                _("The address has parameters that this call does not know; see `errors`."),
                errors={name[:100]: [_("Remove this parameter, or check its spelling.")] for name in unknown},
            )

    def known_parameters(self) -> frozenset[str]:
        return self.parameters

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final
