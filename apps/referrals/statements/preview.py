"""What an answer would become: the statement as it would be stored, and what people will read of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from apps.referrals.answers import FAMILY_OF, Answer
from apps.referrals.models import Item
from apps.referrals.services.stating import new_puid
from apps.referrals.statements.compose import compose, owes_statement
from apps.referrals.statements.rules import Problem, problems
from apps.referrals.statements.shape import DECISIONS, EAN_13, NO, YES
from apps.referrals.statements.subject import reported_of, subject_of
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.languages import Language
from apps.taxonomy.statements import AccountType, AutomatedDecision, ContentType, DecisionGround, SourceType
from apps.taxonomy.territories import EEA, MEMBER_STATES, Country

Line = tuple[str | Promise, str]

TERMS: Mapping[str, str | Promise] = {
    "decision_visibility": _("Restriction of visibility"),
    "decision_visibility_other": _("Which restriction of visibility"),
    "decision_monetary": _("Restriction of payments"),
    "decision_monetary_other": _("Which restriction of payments"),
    "decision_provision": _("Restriction of the service"),
    "decision_account": _("Restriction of the account"),
    "account_type": _("Kind of account"),
    "end_date_visibility_restriction": _("Visibility restricted until"),
    "end_date_monetary_restriction": _("Payments restricted until"),
    "end_date_service_restriction": _("Service restricted until"),
    "end_date_account_restriction": _("Account restricted until"),
    "territorial_scope": _("Where it applies"),
    "application_date": _("Applies from"),
    "decision_facts": _("Facts and circumstances"),
    "source_type": _("How it came to notice"),
    "source_identity": _("Who reported it"),
    "automated_detection": _("Detected automatically"),
    "automated_decision": _("Automation"),
    "decision_ground": _("Ground"),
    "illegal_content_legal_ground": _("Provision of law"),
    "illegal_content_explanation": _("Why it is illegal"),
    "incompatible_content_ground": _("Clause of the terms"),
    "incompatible_content_explanation": _("Why it is incompatible"),
    "incompatible_content_illegal": _("Also illegal"),
    "decision_ground_reference_url": _("Where the ground is published"),
    "category": _("Category"),
    "category_addition": _("Further categories"),
    "category_specification": _("Keywords"),
    "category_specification_other": _("Other keyword"),
    "content_type": _("Type of content"),
    "content_type_other": _("Which type of content"),
    "content_language": _("Language of the content"),
    "content_date": _("Date of the content"),
    "content_id": _("Product number"),
}
# DSA Art 17(3): what the person whose content it is must be told. The rest is for the database.
OF_THE_USER = tuple(TERMS)[: tuple(TERMS).index("category")]
# What the platform's decision tells the sender; of its account and its further measures no more than their kind.
OF_THE_SENDER = (
    *DECISIONS,
    "end_date_visibility_restriction",
    "end_date_monetary_restriction",
    "end_date_service_restriction",
    "end_date_account_restriction",
    "decision_ground",
    "illegal_content_legal_ground",
    "incompatible_content_ground",
    "territorial_scope",
)

_LABELS: Mapping[str, str | Promise] = {
    str(code): label
    for vocabulary in (
        *set(FAMILY_OF.values()),
        AccountType,
        AutomatedDecision,
        Category,
        ContentType,
        DecisionGround,
        Keyword,
        SourceType,
    )
    for code, label in vocabulary.choices
} | {YES: _("Yes"), NO: _("No")}


@dataclass(frozen=True, slots=True)
class Preview:
    """`statement` is None where the answer restricts nothing; `problems` are the rules it would break.

    Its `puid` is an example: each decision gets its own when it is made.
    """

    statement: Mapping[str, Any] | None
    problems: Sequence[Problem]
    sender: Sequence[Line]
    user: Sequence[Line]


def preview_statement(answer: Answer, item: Item, *, at: datetime) -> Preview:
    """Stores nothing. The item comes with its referral; the answer has passed `first_problem`."""
    if answer.puid or not owes_statement(answer.outcome, item.referral.instrument):
        return Preview(None, (), (), ())
    subject = subject_of(item, reported_of(item.referral))
    statement = compose(answer, subject, puid=new_puid(item.reference), at=at)
    said = {**statement, "explanation": answer.explanation}
    sender = [*lines_of(said, OF_THE_SENDER)]
    if answer.explanation:
        sender.append((_("Explanation"), answer.explanation))
    return Preview(statement, problems(statement), sender, lines_of(statement, OF_THE_USER))


def lines_of(statement: Mapping[str, Any], fields: Sequence[str] = tuple(TERMS)) -> list[Line]:
    """A statement in words, field by field; what it leaves out is left out."""
    return [(TERMS[name], _words(name, statement[name])) for name in fields if statement.get(name)]


def _words(name: str, value: Any) -> str:
    if name == "territorial_scope":
        return _territory(value)
    if name == "content_id":
        return str(value.get(EAN_13, "")) if isinstance(value, Mapping) else str(value)
    if name == "content_language":
        code = str(value).lower()
        return str(Language(code).label) if code in Language.values else str(value)
    if name.endswith("_date") or name.startswith("end_date"):
        day = parse_date(str(value))
        return formats.date_format(day, pgettext("date format", "j M Y")) if day else str(value)
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(_LABELS.get(str(one), one)) for one in values)


def _territory(codes: Sequence[str]) -> str:
    if set(codes) == set(EEA):
        return str(_("European Economic Area"))
    if set(codes) == set(MEMBER_STATES):
        return str(_("European Union"))
    return ", ".join(str(Country(code).label) if code in Country.values else str(code) for code in codes)
