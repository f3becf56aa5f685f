"""Examples in the OpenAPI document. Everything in them is fictional."""

from drf_spectacular.utils import OpenApiExample

_FILED_REFERRAL = {
    "reference": "R-7KQ4-93DM-X",
    "platform": "video",
    "platform_name": "Video",
    "state": "in_review",
    "items": 1,
}

FILING = (
    OpenApiExample(
        "Two addresses, one of them unknown",
        request_only=True,
        value={
            "instrument": "referral",
            "area": "terrorism",
            "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
            "keywords": ["KEYWORD_TERRORIST_CONTENT"],
            "legal_basis": "Regulation (EU) 2016/794, Article 4(1)(m)",
            "reasons": "Instructions for making explosives, with a call to use them.",
            "language": "en",
            "urgency": "day",
            "tlp": "amber",
            "external_id": "IRU-2026-118",
            "submit": True,
            "items": [
                {
                    "url": "https://video.example/watch?v=1",
                    "external_id": "118-1",
                    "content_type": "CONTENT_TYPE_VIDEO",
                    "content_language": "ar",
                    "account": "@abc",
                    "published_on": "2026-11-01",
                },
                {"url": "https://nobody-knows.example/page"},
            ],
        },
    ),
    OpenApiExample(
        "One filed, one kept with the case",
        response_only=True,
        status_codes=["201"],
        value={
            "case": "C-2M8T-V1ZE-4",
            "referrals": [_FILED_REFERRAL],
            "rows": [
                {
                    "row": 0,
                    "result": "filed",
                    "item": "I-7KQ4-93DM-2F6H-X",
                    "referral": "R-7KQ4-93DM-X",
                    "platform": "video",
                    "code": None,
                    "detail": None,
                },
                {
                    "row": 1,
                    "result": "unrouted",
                    "item": None,
                    "referral": None,
                    "platform": None,
                    "code": "unrouted",
                    "detail": "No platform in the directory answers for this host. It is kept with the case.",
                },
            ],
        },
    ),
)
ANSWERING = (
    OpenApiExample(
        "One removed, one left in place",
        request_only=True,
        value={
            "answers": [
                {
                    "item": "I-7KQ4-93DM-2F6H-X",
                    "outcome": "REMOVED",
                    "ground": "DECISION_GROUND_ILLEGAL_CONTENT",
                    "legal_ground": "Criminal Code, section 91",
                    "explanation": "The video gives instructions for making explosives.",
                    "acted_at": "2026-11-02T09:30:00Z",
                    "automated_detection": False,
                    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
                    "platform_reference": "T-5512",
                },
                {"item": "I-0F3N-8WQZ-61KC-4", "outcome": "NO_ACTION", "refusal_reason": "NOT_ILLEGAL"},
            ]
        },
    ),
    OpenApiExample(
        "Both taken",
        response_only=True,
        status_codes=["200"],
        value={
            "rows": [
                {
                    "row": 0,
                    "item": "I-7KQ4-93DM-2F6H-X",
                    "result": "decided",
                    "code": None,
                    "detail": None,
                    "puid": "I-7KQ4-93DM-2F6H-X-5d0c19ae",
                },
                {
                    "row": 1,
                    "item": "I-0F3N-8WQZ-61KC-4",
                    "result": "corrected",
                    "code": None,
                    "detail": None,
                    "puid": None,
                },
            ]
        },
    ),
)

STATEMENTS = (
    OpenApiExample(
        "One of your own",
        request_only=True,
        value={
            "statements": [
                {
                    "puid": "T-5512-1",
                    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
                    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
                    "incompatible_content_ground": "Community guidelines, section 4.2",
                    "incompatible_content_explanation": "The video praises an attack.",
                    "content_type": ["CONTENT_TYPE_VIDEO"],
                    "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
                    "category_specification": ["KEYWORD_TERRORIST_CONTENT"],
                    "territorial_scope": ["DE", "GR"],
                    "content_language": "EN",
                    "content_date": "2026-11-01",
                    "application_date": "2026-11-02",
                    "decision_facts": "A video was reported, and looked at by a person.",
                    "source_type": "SOURCE_ARTICLE_16",
                    "automated_detection": "No",
                    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
                }
            ]
        },
    ),
    OpenApiExample(
        "Stored",
        response_only=True,
        status_codes=["200"],
        value={
            "rows": [
                {"row": 0, "puid": "T-5512-1", "result": "stored", "code": None, "detail": None, "problems": []},
            ]
        },
    ),
)
