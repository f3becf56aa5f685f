import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.reading import NOT_AN_OBJECT, NOT_KNOWN, Invalid, UnknownField, read, strangers, values_of
from apps.api.serializers.fields import Code, Text, Truth
from apps.referrals.answers import FAMILY_OF
from apps.referrals.services import ANSWERABLE, Answer, Answered, Detail
from apps.referrals.services.answer_rules import EXPLANATION_LENGTH, FORWARDED_LENGTH, LEGAL_GROUND_LENGTH
from apps.referrals.statements.detail import NOTHING_MORE
from apps.referrals.statements.shape import CATEGORIES
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.outcomes import RefusalReason
from apps.taxonomy.statements import AccountType, AutomatedDecision, ContentType, DecisionGround
from apps.taxonomy.territories import EEA

MOST_ANSWERS = 1000
REFUSED = "refused"
PLAIN_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,24}")
RESULTS = ("decided", "corrected", REFUSED)
OUTCOMES = [(one.value, one.label) for one in ANSWERABLE]


TO_STATEMENTS = [(one.value, one.label) for one in CATEGORIES]


class StatementDetail(serializers.Serializer[Any]):
    """More for the statement of reasons; fields, codes and limits of the Transparency Database's schema v2.

    All of it is optional: what is left out is derived from the referral, the item and the answer.
    """

    decision_visibility_other = Text(required=False, allow_blank=True, max_length=500)
    decision_monetary_other = Text(required=False, allow_blank=True, max_length=500)
    account_type = Code(AccountType.choices, required=False)
    decision_ground_reference_url = Text(required=False, allow_blank=True, max_length=500)
    incompatible_content_illegal = Truth(
        required=False, allow_null=True, help_text="Whether what breaks the terms is illegal as well."
    )
    content_type = serializers.ListField(
        child=Code(ContentType.choices), required=False, max_length=len(ContentType), help_text="Default: the item's."
    )
    content_type_other = Text(required=False, allow_blank=True, max_length=500)
    category = Code(TO_STATEMENTS, required=False, help_text="Default: the sender's.")
    category_addition = serializers.ListField(child=Code(TO_STATEMENTS), required=False, max_length=len(TO_STATEMENTS))
    category_specification = serializers.ListField(
        child=Code(Keyword.choices),
        required=False,
        max_length=len(Keyword),
        help_text="Default: the sender's keywords.",
    )
    category_specification_other = Text(required=False, allow_blank=True, max_length=500)
    content_language = Text(
        required=False, allow_blank=True, max_length=3, help_text="ISO 639-1, in any case. Default: the item's."
    )
    content_date = serializers.DateField(
        required=False, allow_null=True, help_text="Default: when it was published, else when it was filed."
    )
    end_date_visibility_restriction = serializers.DateField(required=False, allow_null=True)
    end_date_monetary_restriction = serializers.DateField(required=False, allow_null=True)
    end_date_service_restriction = serializers.DateField(required=False, allow_null=True)
    end_date_account_restriction = serializers.DateField(required=False, allow_null=True)
    decision_facts = Text(
        required=False, allow_blank=True, max_length=5000, help_text="Default: when it was reported, and the decision."
    )
    source_identity = Text(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Who reported it: only where strictly necessary (DSA Art 17(3)(b)).",
    )
    ean_13 = Text(required=False, allow_blank=True, max_length=13, help_text="Of a product: 13 digits.")


@extend_schema_field(StatementDetail)
class Details(serializers.Field[Any, Any, Any, Any]):
    """Checked as an object of its own, unknown fields included."""

    def to_internal_value(self, data: Any) -> Detail:
        try:
            return Detail(**read(StatementDetail, data))
        except (Invalid, UnknownField) as problem:
            errors = problem.facts["errors"].items()
            raise serializers.ValidationError([f"{name}: {' '.join(said)}" for name, said in errors]) from problem


class AnswerIn(serializers.Serializer[Any]):
    """What a platform decided about one item; which fields an outcome asks for is in the documentation."""

    item = Text(max_length=24, help_text="The item's reference.")
    outcome = Code(OUTCOMES)
    refusal_reason = Code(RefusalReason.choices, required=False, help_text="Where nothing was done.")
    ground = Code(DecisionGround.choices, required=False, help_text="Where action was taken.")
    legal_ground = Text(
        required=False, allow_blank=True, max_length=LEGAL_GROUND_LENGTH, help_text="The provision or clause relied on."
    )
    explanation = Text(required=False, allow_blank=True, max_length=EXPLANATION_LENGTH)
    acted_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Not in the future.")
    automated_detection = Truth(required=False, allow_null=True)
    automated_decision = Code(AutomatedDecision.choices, required=False)
    territorial_scope = serializers.ListField(
        child=Code([(one.value, one.value) for one in EEA]), required=False, max_length=len(EEA)
    )
    restrictions = serializers.ListField(
        child=Code([(code, code) for code in FAMILY_OF]),
        required=False,
        max_length=len(FAMILY_OF),
        help_text="Required for `MONETARY`, `SERVICE` and `PARTIAL`; else what was restricted beside the outcome.",
    )
    forwarded_to = Text(
        required=False,
        allow_blank=True,
        max_length=FORWARDED_LENGTH,
        help_text="Required for `FORWARDED`, possible for `NOT_OUR_SERVICE`: a platform's name, or other words.",
    )
    platform_reference = Text(required=False, allow_blank=True, max_length=200)
    statement = Details(required=False)
    puid = Text(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Of your own statement, sent before to `statements/`: it is this decision's, and none is made.",
    )


@extend_schema_field(AnswerIn(many=True))
class Answers(serializers.Field[Any, Any, Any, Any]):
    """A list of whatever was sent: each answer has its own result."""

    default_error_messages = {"no_list": _("Send a list of answers, each an object with an `item` and an `outcome`.")}

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or not data:
            self.fail("no_list")
        return data


class AnsweringIn(serializers.Serializer[Any]):
    answers = Answers(help_text="Up to 1,000.")


class AnsweredRow(serializers.Serializer[Any]):
    """`corrected`: it was decided before; that decision stays in the history."""

    row = serializers.IntegerField(help_text="Its place in the list, from 0.")
    item = serializers.CharField(allow_null=True)
    result = serializers.ChoiceField(RESULTS)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)
    puid = serializers.CharField(allow_null=True, help_text="Of its statement of reasons, if it has one.")


class AnsweredOut(serializers.Serializer[Any]):
    rows = AnsweredRow(many=True)


def read_answers(given: Sequence[Any]) -> list[Answer | Mapping[str, Any]]:
    """Each an answer, or the row that says why it is none. What many answers say alike is looked at once."""
    known: dict[str, Answer | Mapping[str, Any]] = {}
    return [_read_alike(place, one, known) for place, one in enumerate(given)]


def _read_alike(place: int, given: Any, known: dict[str, Answer | Mapping[str, Any]]) -> Answer | Mapping[str, Any]:
    item = given.get("item") if isinstance(given, dict) else None
    if not isinstance(item, str) or not PLAIN_REFERENCE.fullmatch(item):
        return read_answer(place, given)
    said = repr({**given, "item": ""})  # of what JSON can say, `repr` tells apart all that differs: 1, 1.0, true, "1"
    if said not in known:
        known[said] = read_answer(place, given)
    found = known[said]
    return replace(found, item=item) if isinstance(found, Answer) else {**found, "row": place, "item": item}


def read_answer(place: int, given: Any) -> Answer | Mapping[str, Any]:
    """An answer, or the row that says why it is none."""
    if not isinstance(given, dict):
        return _refusal(place, None, "not_an_object", NOT_AN_OBJECT)
    item = given.get("item")
    item = item if isinstance(item, str) and len(item) <= 24 else None
    if unknown := strangers(AnswerIn, given):
        return _refusal(place, item, "unknown_field", f"{', '.join(unknown)}: {NOT_KNOWN}")
    values, errors = values_of(AnswerIn, given)
    if errors:
        sentences = (f"{name}: {' '.join(found)}" for name, found in errors.items())
        return _refusal(place, item, "invalid", " ".join(sentences))
    detail = values.pop("statement", NOTHING_MORE)
    said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Answer(**said, detail=detail)


def write_answered(place: int, one: Answered) -> Mapping[str, Any]:
    if one.code:
        return _refusal(place, one.item, one.code.value, one.detail or one.code.label)
    facts = {"row": place, "item": one.item, "result": one.result}
    return {**facts, "code": None, "detail": None, "puid": one.puid or None}


def _refusal(place: int, item: str | None, code: str, detail: Any) -> Mapping[str, Any]:
    return {"row": place, "item": item, "result": REFUSED, "code": code, "detail": str(detail), "puid": None}


def in_order(read: Sequence[Answer | Mapping[str, Any]], answered: Sequence[Answered]) -> Sequence[Mapping[str, Any]]:
    """One row per answer that came: what the service said, where it was asked."""
    said = iter(answered)
    return [write_answered(place, next(said)) if isinstance(one, Answer) else one for place, one in enumerate(read)]
