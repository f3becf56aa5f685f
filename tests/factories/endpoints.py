from datetime import UTC, datetime

from apps.accounts.roles import Role
from apps.delivery.models import Endpoint, EndpointKey, EndpointState
from apps.delivery.webhooks.sealing import seal
from apps.delivery.webhooks.signing import new_pair
from tests.factories.organisations import LONG_AGO
from tests.factories.people import member


def endpoint_for(organisation, url="https://hooks.platform.example/relay", **fields):
    """An endpoint in service with its keys: `endpoint, pair = endpoint_for(platform, httpserver.url_for("/hook"))`."""
    facts = {"state": EndpointState.ACTIVE, "since": LONG_AGO, "created_at": LONG_AGO, **fields}
    if "created_by" not in facts:
        facts["created_by"] = member(organisation, Role.ADMINISTRATOR)
    endpoint = Endpoint.objects.create(organisation=organisation, url=url, **facts)
    return endpoint, key_for(endpoint)


def key_for(endpoint, created_at=datetime(2025, 1, 2, tzinfo=UTC), retires_at=None):
    pair = new_pair()
    key = EndpointKey(
        organisation=endpoint.organisation,
        endpoint=endpoint,
        public_key=pair.public,
        created_at=created_at,
        retires_at=retires_at,
    )
    key.sealed = seal(pair.packed(), row=key.public_id)
    key.save()
    return pair
