"""Codes that are guessed at the same time are counted one by one."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import DomainError
from apps.delivery import links
from apps.delivery.models import Link
from apps.referrals import services
from apps.tenancy.context import AS_OWNER, acting_as
from tests.portal.test_by_link import link_to, referral_with

pytestmark = pytest.mark.django_db(transaction=True)
GUESSES = 24


def guess(secret):
    try:
        services.open_link(secret, passcode="0000-0000", at=timezone.now())
    except DomainError as problem:
        return problem.code
    finally:
        connection.close()
    return "opened"


def test_no_more_than_five_of_many_are_looked_at():
    with acting_as(AS_OWNER):
        link = link_to(referral_with(area="csam"))
    secret = links.address_of(link).split("/")[-2]
    with ThreadPoolExecutor(8) as pool:
        results = Counter(pool.map(guess, [secret] * GUESSES))
    assert results == {"wrong_passcode": links.TRIES, "too_many_tries": GUESSES - links.TRIES}
    with acting_as(AS_OWNER):
        assert Link.objects.get().wrong_count == links.TRIES
