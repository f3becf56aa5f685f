"""Statements of our own making, of the same shape as the official examples, valid under every rule."""

from typing import Any


def statement(**changes: Any) -> dict[str, Any]:
    """A valid statement; a change to None leaves the field out."""
    whole = {
        "puid": "pf-2026-000001",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "Community guidelines, section 4.2",
        "incompatible_content_explanation": "The clip praises an attack.",
        "content_type": ["CONTENT_TYPE_VIDEO"],
        "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "category_specification": ["KEYWORD_TERRORIST_CONTENT"],
        "territorial_scope": ["DE", "GR"],
        "content_language": "EL",
        "content_date": "2026-03-01",
        "application_date": "2026-03-02",
        "decision_facts": "A clip was reported and seen by a person.",
        "source_type": "SOURCE_TRUSTED_FLAGGER",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def whole_statement(number: int = 0) -> dict[str, Any]:
    """All families at once, end dates that are null, and what the database itself adds: as an export has it."""
    return {
        "puid": f"export-{number:06}_{number * 7919 % 1000:03}-TEST",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_LABELLED", "DECISION_VISIBILITY_CONTENT_DEMOTED"],
        "decision_monetary": "DECISION_MONETARY_TERMINATION",
        "decision_provision": "DECISION_PROVISION_TOTAL_TERMINATION",
        "decision_account": "DECISION_ACCOUNT_TERMINATED",
        "account_type": "ACCOUNT_TYPE_BUSINESS",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "decision_ground_reference_url": "https://terms.video.example/",
        "incompatible_content_ground": "Section 7 of the terms, “imitations”.",
        "incompatible_content_explanation": "The listing offers imitations\nof a registered design.",
        "incompatible_content_illegal": "Yes",
        "content_type": ["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "category_specification": [],
        "territorial_scope": ["NL", "GR", "RO"],
        "content_language": "SV",
        "content_date": "2026-02-09",
        "application_date": "2026-02-08",
        "end_date_monetary_restriction": "2026-02-09",
        "decision_facts": "Gemeldet am 8. Februar; geprüft, für zutreffend befunden.",
        "source_type": "SOURCE_TRUSTED_FLAGGER",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_PARTIALLY",
        "end_date_visibility_restriction": None,
        "end_date_account_restriction": None,
        "end_date_service_restriction": None,
        "platform_name": "Video",
        "permalink": f"https://database.example/statement/{number}",
    }
