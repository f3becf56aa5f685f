"""Many requests at once, each on a connection of its own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from apps.accounts.roles import Role
from apps.api.idempotency import lock_of
from apps.referrals.models import Case
from apps.tenancy.context import AS_OWNER, acting_as
from tests.api.conftest import ApiClient, filing
from tests.factories import PlatformFactory, ReferralUnitFactory, token_for

POSTS, KEYS, CLIENTS = 100, 5, 8


@pytest.mark.django_db(transaction=True)
def test_a_key_in_use_elsewhere_is_a_conflict_at_once():
    """The first request is under way on another connection: the second neither waits nor does anything."""
    with acting_as(AS_OWNER):
        PlatformFactory(slug="video")
        unit = ReferralUnitFactory.create()
        client = ApiClient(token_for(unit, Role.OFFICER))
    under_way, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_of(unit.pk, "k")])
                under_way.set()
                done.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert under_way.wait(10)
        response = client.post("cases/", filing("https://video.example/1"), key="k")
        done.set()
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_in_flight")
    assert client.post("cases/", filing("https://video.example/1"), key="k").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_hundred_posts_over_five_keys_have_five_effects():
    with acting_as(AS_OWNER):
        PlatformFactory(slug="video")
        token = token_for(ReferralUnitFactory.create(), Role.OFFICER)

    def post(number: int) -> tuple[int, int, str | None]:
        key = number % KEYS
        try:
            response = ApiClient(token).post("cases/", filing(f"https://video.example/{key}"), key=f"key-{key}")
            return key, response.status_code, response.json().get("case")
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(post, range(POSTS)))
    assert Counter(status for _key, status, _case in answers).keys() <= {201, 409}
    assert len({(key, case) for key, status, case in answers if status == 201}) == KEYS
    with acting_as(AS_OWNER):
        assert Case.objects.count() == KEYS
