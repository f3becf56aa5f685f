"""The OpenAPI document is true: requests generated from it are answered as it says, and never with a failure."""

from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.accounts.roles import Role
from apps.referrals.transitions import State
from deploy.local.calls import with_calls
from referral_portal.wsgi import application
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, token_for

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
OPERATIONS = [
    (path, method) for path, methods in yaml.safe_load(DOCUMENT.read_text())["paths"].items() for method in methods
]
EXAMPLES = 20
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FOR_PLATFORMS = ("acknowledge/", "request-information/", "items/answer/", "statements/")

pytestmark = pytest.mark.contract


def test_the_document_in_the_repository_is_the_one_that_is_served():
    assert Client().get("/api/v1/schema/").content.decode() == DOCUMENT.read_text()


def test_the_page_for_engineers_names_every_call():
    page, document = DOCUMENT.with_name("api.md").read_text(), yaml.safe_load(DOCUMENT.read_text())
    assert with_calls(page, document) == page, "Run `make schema`."
    for path, method in OPERATIONS:
        assert f"| `{method.upper()} {path.removeprefix('/api/v1/')}`" in page


def test_json_is_served_to_those_who_ask_for_it():
    response = Client().get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert response.json() == yaml.safe_load(DOCUMENT.read_text())


@pytest.fixture
def one_connection():
    """Requests that come by WSGI would end the test's connection, and with it its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(one_connection):
    """A sender and a platform, with a referral between them in every state that either can do something about."""
    unit, video = ReferralUnitFactory.create(slug="unit"), PlatformFactory.create(slug="video")
    referrals = {
        state: ReferralFactory.create(sender=unit, recipient=video, state=state, items=2)
        for state in (State.DRAFT, State.IN_REVIEW, State.RECEIVED, State.INFO_REQUESTED, State.ANSWERED)
    }
    tokens = {
        "sender": token_for(unit, Role.REVIEWER),
        "platform": token_for(video, Role.CONTACT_POINT),
    }
    return referrals, tokens


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_what_it_describes_is_what_happens(path, method, world):
    referrals, tokens = world
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=SchemathesisConfig())
    operation = document[path][method]
    token = tokens["platform" if path.endswith(FOR_PLATFORMS) else "sender"]
    known = referrals[State.RECEIVED]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def holds(case):
        if "reference" in case.path_parameters:
            case.path_parameters["reference"] = known.case.reference if "cases" in path else known.reference
        case.headers["Authorization"] = f"Bearer {token}"
        case.call_and_validate(checks=CHECKS)

    holds()
