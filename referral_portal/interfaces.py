"""How the REST interface behaves, and how its OpenAPI document is made."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.api.permissions.HasPrincipal"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.api.parsing.StrictJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Referral portal",
    "DESCRIPTION": "File referrals of illegal content, follow and answer them, read the figures. See docs/api.md.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ReferralState": "apps.referrals.transitions.State",
        "ItemState": "apps.referrals.transitions.ItemState",
        "Instrument": "apps.referrals.instruments.Instrument",
        "FileableInstrument": "apps.api.serializers.filing.INSTRUMENTS",
        "Outcome": "apps.taxonomy.outcomes.Outcome",
        "AnswerableOutcome": "apps.api.serializers.answering.OUTCOMES",
        "Category": "apps.taxonomy.categories.Category",
        "StatementCategory": "apps.api.serializers.answering.TO_STATEMENTS",
        "Keyword": "apps.taxonomy.keywords.Keyword",
        "FiledResult": "apps.api.serializers.filing.RESULTS",
        "ActedResult": "apps.api.serializers.acts.RESULTS",
        "DeliveryState": "apps.delivery.vocabulary.DeliveryState",
        "Channel": "apps.delivery.vocabulary.Channel",
        "LimitUnit": "apps.taxonomy.limits.Unit",
        "UnitEnum": "apps.api.serializers.statistics.UNITS",
        "Message": "apps.delivery.vocabulary.Message",
        "WebhookState": "apps.delivery.vocabulary.EndpointState",
        "AnsweredResult": "apps.api.serializers.answering.RESULTS",
    },
}
