"""From a platform's answer to its statement of reasons (DSA Art 17), as the Transparency Database takes it.

What the answer leaves out is derived from what is known: where a rule of law or of the schema needs a word that nobody
has said, the sentence says no more than the answer does.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.referrals.answers import FAMILY_OF, Answer, restrictions_of
from apps.referrals.instruments import Instrument
from apps.referrals.statements.detail import Detail
from apps.referrals.statements.shape import (
    DECISION_FIELD,
    EAN_13,
    EARLIEST_CONTENT,
    FIELDS,
    LATEST,
    NO,
    YES,
)
from apps.referrals.statements.subject import Reported, Subject
from apps.taxonomy.categories import ONLY_ORDERS, Category
from apps.taxonomy.keywords import KEYWORDS, Keyword
from apps.taxonomy.outcomes import MEANINGS, Outcome
from apps.taxonomy.restrictions import VisibilityRestriction
from apps.taxonomy.statements import AutomatedDecision, ContentType, DecisionGround, SourceType
from apps.taxonomy.territories import EEA, MEMBER_STATES
from apps.taxonomy.variants import read_language, statement_language

Statement = dict[str, Any]

CATEGORIES = frozenset(Category.values)

# domain.md 2.1. Orders under Art 9 have no statement of reasons (DSA Art 17(5)): they are not in here.
SOURCES: Mapping[str, SourceType] = MappingProxyType(
    {
        Instrument.REFERRAL: SourceType.OTHER_NOTIFICATION,
        Instrument.NOTICE: SourceType.ARTICLE_16,
        Instrument.TRUSTED_FLAGGER_NOTICE: SourceType.TRUSTED_FLAGGER,
    }
)


def owes_statement(outcome: str, instrument: str) -> bool:
    """Whether a decision restricts something, on an instrument within Art 17."""
    return MEANINGS[Outcome(outcome)].restricts and instrument in SOURCES


def compose(answer: Answer, subject: Subject, *, puid: str, at: datetime) -> Statement:
    """The statement of an answer that restricts, in the schema's order. It holds what was said, right or wrong."""
    parts = {
        **_decision(answer),
        **_ground(answer),
        **_content(answer.detail, subject),
        **_category(answer.detail, subject.reported),
        **_source(answer, subject.reported),
        "territorial_scope": territory_of(answer),
        "application_date": timezone.localdate(answer.acted_at or at).isoformat(),
        "decision_facts": answer.detail.decision_facts or _facts(answer, subject.reported),
        "puid": puid,
    }
    return {name: parts[name] for name in FIELDS if parts.get(name)}


def territory_of(answer: Answer) -> list[str]:
    """Where it holds: as the platform says, else the Union where the outcome names it, else the whole area."""
    if answer.territorial_scope:
        return list(dict.fromkeys(map(str, answer.territorial_scope)))
    area = MEMBER_STATES if answer.outcome == Outcome.DISABLED_EU else EEA
    return [country.value for country in area]


def last_end(answer: Answer) -> date | None:
    """When the last of its restrictions ends; None where one has no end, or nothing is restricted."""
    ends = [getattr(answer.detail, DECISION_FIELD[FAMILY_OF[code]][1]) for code in restrictions_of(answer)]
    return max(ends, default=None) if all(ends) else None


def _decision(answer: Answer) -> Statement:
    found: Statement = {}
    for code in restrictions_of(answer):
        field, end = DECISION_FIELD[FAMILY_OF[code]]
        if FAMILY_OF[code] is VisibilityRestriction:
            found.setdefault(field, []).append(code)
        else:
            found[field] = code
        found[end] = _iso(getattr(answer.detail, end))
    found["decision_visibility_other"] = answer.detail.decision_visibility_other
    found["decision_monetary_other"] = answer.detail.decision_monetary_other
    found["account_type"] = answer.detail.account_type
    return found


def _ground(answer: Answer) -> Statement:
    stem = "illegal_content" if answer.ground == DecisionGround.ILLEGAL_CONTENT else "incompatible_content"
    ground = "illegal_content_legal_ground" if stem == "illegal_content" else "incompatible_content_ground"
    return {
        "decision_ground": answer.ground,
        "decision_ground_reference_url": answer.detail.decision_ground_reference_url,
        ground: answer.legal_ground,
        f"{stem}_explanation": answer.explanation if answer.explanation.strip() else _explanation(answer),
        "incompatible_content_illegal": _yes_no(answer.detail.incompatible_content_illegal),
    }


def _content(detail: Detail, subject: Subject) -> Statement:
    types = list(dict.fromkeys(map(str, detail.content_type))) or [subject.content_type or ContentType.OTHER.value]
    unsaid = _("The type of the content was not stated.") if ContentType.OTHER in types else ""
    language = read_language(detail.content_language or subject.content_language)
    return {
        "content_type": types,
        "content_type_other": detail.content_type_other or unsaid,
        "content_language": statement_language(language) if language else detail.content_language,
        "content_date": _iso(detail.content_date or _published(subject)),
        "content_id": {EAN_13: detail.ean_13} if detail.ean_13 else None,
    }


def _published(subject: Subject) -> date:
    """When the content came up: as the sender says; else the day of the filing, when it was there at the latest."""
    known = subject.published_on
    return known if known and EARLIEST_CONTENT <= known <= LATEST else subject.reported.filed_on


def _category(detail: Detail, reported: Reported) -> Statement:
    """The sender's category and keywords, unless the platform found others. `KEYWORD_OTHER` says nothing alone."""
    unfit = reported.category in ONLY_ORDERS
    category = detail.category or (Category.NOT_SPECIFIED_NOTICE.value if unfit else reported.category)
    keywords = list(dict.fromkeys(map(str, detail.category_specification)))
    if not keywords and category in CATEGORIES:
        known = KEYWORDS[Category(category)]
        keywords = [one for one in reported.keywords if one in known and one != Keyword.OTHER]
    if detail.category_specification_other and Keyword.OTHER not in keywords:
        keywords.append(Keyword.OTHER.value)
    return {
        "category": category,
        "category_addition": list(dict.fromkeys(map(str, detail.category_addition))),
        "category_specification": keywords,
        "category_specification_other": detail.category_specification_other,
    }


def _source(answer: Answer, reported: Reported) -> Statement:
    return {
        "source_type": SOURCES[reported.instrument].value,
        "source_identity": answer.detail.source_identity,
        "automated_detection": _yes_no(bool(answer.automated_detection)),
        "automated_decision": answer.automated_decision or AutomatedDecision.NOT_AUTOMATED.value,
    }


def _explanation(answer: Answer) -> str:
    if answer.ground == DecisionGround.ILLEGAL_CONTENT:
        return _("The provider found the content to be illegal on the ground named.")
    return _("The provider found the content to be incompatible with the ground named.")


def _facts(answer: Answer, reported: Reported) -> str:
    """Art 17(3)(b), without who reported it and without the address: the database takes no personal data."""
    words = [str(FAMILY_OF[code](code).label) for code in restrictions_of(answer)]
    sentence = _(
        "The content was reported to the provider on %(day)s. The provider examined it and decided: %(words)s."
    )
    return sentence % {"day": reported.reported_on.isoformat(), "words": ", ".join(words)}


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else YES if value else NO


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
