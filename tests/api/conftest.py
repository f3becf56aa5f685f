import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.organisations.models import Organisation
from apps.taxonomy.outcomes import Outcome, RefusalReason
from tests.factories import PlatformFactory, ReferralUnitFactory, token_for

BASE = "/api/v1/"


class ApiClient:
    """A client with a token; `post` sends a new idempotency key each time unless one is given."""

    def __init__(self, token: str):
        self.token = token
        self.client = Client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str):
        return self.client.get(path if path.startswith("http") else BASE + path, query, headers=headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, raw: bytes | None = None, **headers: str):
        data = raw if raw is not None else json.dumps(body if body is not None else {})
        key = uuid.uuid4().hex if key is None else key
        headers = {"Idempotency-Key": key, **headers} if key else headers
        return self.client.post(BASE + path, data, content_type="application/json", headers=headers)


@pytest.fixture
def api() -> Callable[..., ApiClient]:
    def make(organisation: Organisation, role: Role, user: User | None = None) -> ApiClient:
        return ApiClient(token_for(organisation, role, user))

    return make


@pytest.fixture
def nobody() -> ApiClient:
    return ApiClient("")


@pytest.fixture
def unit():
    return ReferralUnitFactory(slug="unit")


@pytest.fixture
def video():
    """Answers for video.example."""
    return PlatformFactory(slug="video")


@pytest.fixture
def officer(api, unit):
    return api(unit, Role.OFFICER)


@pytest.fixture
def reviewer(api, unit):
    return api(unit, Role.REVIEWER)


@pytest.fixture
def contact(api, video):
    return api(video, Role.CONTACT_POINT)


def filing(*urls: str, **fields: Any) -> dict[str, Any]:
    """A body that files these addresses."""
    body = {
        "instrument": "referral",
        "area": "terrorism",
        "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "keywords": ["KEYWORD_TERRORIST_CONTENT"],
        "reasons": "Instructions for violence.",
        "items": [{"url": url} for url in urls],
    }
    return {**body, **fields}


def refusal(item: str) -> dict[str, Any]:
    return {"item": item, "outcome": Outcome.NO_ACTION, "refusal_reason": RefusalReason.NOT_ILLEGAL}
