"""Statements of reasons on the wire. Their fields and codes are read from the one table of the format."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from rest_framework import serializers

from apps.api.reading import Invalid, UnknownField
from apps.referrals.models import Statement
from apps.referrals.services import Loaded
from apps.referrals.services.loading import KNOWN, REFUSED, STORED, in_order, sentences
from apps.referrals.statements.rules import SENTENCES
from apps.referrals.statements.shape import EAN_13, FIELDS, Field, Kind

RESULTS = (STORED, KNOWN, REFUSED)
LIST = "statements"
OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}


class ContentId(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return {EAN_13: serializers.CharField(help_text="13 digits.")}


def _text(field: Field) -> Any:
    return serializers.CharField(**OPTIONAL, allow_blank=True, max_length=field.longest)


_KINDS: Mapping[Kind, Callable[[Field], Any]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.URL: _text,
        Kind.PUID: lambda field: serializers.CharField(**OPTIONAL, max_length=field.longest),
        Kind.CODE: lambda field: serializers.CharField(**OPTIONAL, allow_blank=True),
        Kind.CODES: lambda field: serializers.ListField(**OPTIONAL, child=serializers.CharField()),
        Kind.DAY: lambda field: serializers.CharField(**OPTIONAL, allow_blank=True, help_text="YYYY-MM-DD."),
        Kind.CONTENT_ID: lambda field: ContentId(**OPTIONAL),
        Kind.ANYTHING: lambda field: serializers.CharField(**OPTIONAL),
    }
)


class StatementOfReasons(serializers.Serializer[Any]):
    """One statement in the format of the Transparency Database's API, schema v2, neither more nor less.

    Which field needs which, and the codes, are the database's; a broken rule is named in the answer.
    """

    def get_fields(self) -> dict[str, Any]:
        return {name: _KINDS[field.kind](field) for name, field in FIELDS.items()}


class StatementsIn(serializers.Serializer[Any]):
    statements = StatementOfReasons(many=True, help_text="Up to 100.")


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Empty where it is about the statement as a whole.")
    code = serializers.ChoiceField(sorted(SENTENCES))
    detail = serializers.CharField()


class LoadedRow(serializers.Serializer[Any]):
    """`known`: the same statement was there already, and is there once."""

    row = serializers.IntegerField(help_text="Its place in the list, from 0.")
    puid = serializers.CharField(allow_blank=True)
    result = serializers.ChoiceField(RESULTS)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)
    problems = FieldProblem(many=True)


class LoadedOut(serializers.Serializer[Any]):
    rows = LoadedRow(many=True)


def read_statements(body: Any) -> list[Any]:
    """What a body holds: `{"statements": […]}`, or one statement by itself. Each is looked at later."""
    if not isinstance(body, dict):
        raise Invalid(errors={"": [str(SENTENCES["not_an_object"])]})
    if LIST not in body:
        return [body]
    if strange := sorted(str(name)[:100] for name in body if name != LIST):
        raise UnknownField(errors={name: [str(SENTENCES["unknown_field"])] for name in strange})
    if not isinstance(body[LIST], list):
        raise Invalid(errors={LIST: [str(SENTENCES["not_a_list"])]})
    return list(body[LIST])


def write_loaded(place: int, one: Loaded) -> Mapping[str, Any]:
    said = " ".join(sentences(one))
    return {
        "row": place,
        "puid": one.puid,
        "result": one.result,
        "code": one.code.value if one.code else None,
        "detail": said or None,
        "problems": [{"field": each.field, "code": each.code, "detail": each.sentence} for each in one.problems],
    }


def write_statement(row: Statement) -> Mapping[str, Any]:
    return in_order(row.content)
