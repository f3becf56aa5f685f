from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a platform may add to the statement of reasons that its answer yields; names as in the official schema.

    All of it is optional. Where something is left out, `compose` derives it, or the statement does without.
    """

    decision_visibility_other: str = ""
    decision_monetary_other: str = ""
    account_type: str = ""
    decision_ground_reference_url: str = ""
    incompatible_content_illegal: bool | None = None
    content_type: Sequence[str] = ()
    content_type_other: str = ""
    category: str = ""
    category_addition: Sequence[str] = ()
    category_specification: Sequence[str] = ()
    category_specification_other: str = ""
    content_language: str = ""  # ISO 639-1 in any case
    content_date: date | None = None
    end_date_visibility_restriction: date | None = None
    end_date_monetary_restriction: date | None = None
    end_date_service_restriction: date | None = None
    end_date_account_restriction: date | None = None
    decision_facts: str = ""
    source_identity: str = ""  # DSA Art 17(3)(b): only where strictly necessary
    ean_13: str = ""


NOTHING_MORE = Detail()
