"""What each call is, said once beside its view; the OpenAPI document is read from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from apps.api.answers import PROBLEM
from apps.api.pages import LARGEST, SIZE
from apps.api.reading import Shape
from apps.api.serializers.problems import Problem
from apps.organisations.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address. `refusals`: the statuses that only this call has, with what they mean."""

    id: str
    tag: str
    summary: str
    description: str
    permission: Permission | None = None
    answers: Shape
    status: int = HTTPStatus.OK
    meaning: str = "As asked."
    media_type: str = "application/json"  # of the good answer
    also: Mapping[int, str] | None = None  # further good statuses with the same body
    paged: bool = False
    rows: str = "results"  # what a page calls its rows
    takes: Shape | None = None
    parameters: Sequence[OpenApiParameter] = ()
    idempotent: bool = False
    refusals: Mapping[int, str] | None = None
    examples: Sequence[OpenApiExample] = ()


IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    type={"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x20-\x7E]+$"},
    description="A new random value for each new request, such as a UUID. The same again gives the same answer again.",
)
PAGING = (
    OpenApiParameter(
        name="cursor",
        type={"type": "string", "maxLength": 1000},
        description="A page's place, from `next` or `previous` of another page. Opaque.",
    ),
    OpenApiParameter(
        name="page_size",
        type={"type": "integer", "minimum": 1, "maximum": LARGEST, "default": SIZE},
        description="How many to list at most.",
    ),
)
COMMON = {
    401: "`not_authenticated`: no token, or one that is unknown, expired or revoked.",
    406: "`not_acceptable`: the API answers with JSON.",
    503: "`busy`: somebody else is changing the same thing; `Retry-After` says when to try again.",
}
UNKNOWN_PARAMETER = "`unknown_parameter`: a parameter of the address that this call does not know."
BODY = {
    400: "`malformed_json`, `duplicate_key`, `too_deep`, `unknown_parameter`: the request cannot be read.",
    413: "`too_large`: the body is larger than 20 MiB.",
    415: "`unsupported_media_type`: the API reads JSON.",
    422: "`unknown_field`, `invalid`: fields that are not known, missing or wrong; `errors` names them.",
}


@cache
def page_shape(row: Shape, rows: str = "results") -> Shape:
    """The shape of a page of rows."""
    link = serializers.URLField(allow_null=True, help_text="The page's address; null at the end.")
    return type(
        f"{row.__name__}Page", (serializers.Serializer,), {rows: row(many=True), "next": link, "previous": link}
    )


class Schema(AutoSchema):
    """Reads a view's `operations` instead of guessing."""

    view: Any
    method: str

    @property
    def operation(self) -> Operation:
        found: Operation = self.view.operations[self.method]
        return found

    def is_excluded(self) -> bool:
        return self.method not in self.view.operations

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        """`FilingIn` is `FilingRequest`, `FiledOut` is `Filed`."""
        return type(serializer).__name__.removesuffix("Out").removesuffix("In")

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]  # as the library itself has it
        needs = self.operation.permission
        return self.operation.description + (f"\n\nNeeds the permission `{needs.value}`." if needs else "")

    def get_examples(self) -> list[OpenApiExample]:
        return list(self.operation.examples)

    def get_request_serializer(self) -> Shape | None:
        return self.operation.takes

    def get_override_parameters(self) -> list[OpenApiParameter | Any]:
        operation = self.operation
        found: list[OpenApiParameter | Any] = [*operation.parameters]
        if operation.paged:
            found += [*self.view.filter_parameters(), *PAGING]
        if operation.idempotent:
            found.append(IDEMPOTENCY_KEY)
        return found

    def get_response_serializers(self) -> Any:
        operation = self.operation
        shape = page_shape(operation.answers, operation.rows) if operation.paged else operation.answers
        good = {operation.status: operation.meaning, **(operation.also or {})}
        responses: dict[Any, Any] = {
            (status, operation.media_type): OpenApiResponse(shape, description=meaning)
            for status, meaning in good.items()
        }
        for status, meaning in sorted(self._refusals().items()):
            responses[status, PROBLEM] = OpenApiResponse(Problem, description=meaning)
        return responses

    def _refusals(self) -> dict[int, str]:
        operation = self.operation
        found = {**COMMON, 400: UNKNOWN_PARAMETER}
        if operation.paged:
            found[400] += " `invalid_parameter`, `invalid_cursor`: one with a wrong value."
        if operation.permission:
            found[403] = f"`permission_denied`: the token may not `{operation.permission.value}`."
        if "{reference}" in self.path:
            found[404] = "`not_found`: no such reference, or not one of yours."
        if operation.takes:
            found |= BODY
        if operation.idempotent:
            found[400] += " `idempotency_key_missing`, `idempotency_key_invalid`."
            found[409] = "`idempotency_in_flight`: the first request with this key is still being worked on."
            found[422] += " `idempotency_key_reused`: the key belongs to another request."
        for status, meaning in (operation.refusals or {}).items():
            found[status] = f"{found[status]} {meaning}" if status in found else meaning
        return found
