"""The clocks of a referral by keyboard: opened, read and added up again; and nothing a screen reader trips over."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.roles import Role
from apps.referrals.models import Obligation
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.looking import problems_of
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def referral(signed_in):
    """Received on the hour two hours ago, with a question of half an hour, and a promise of two working days."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    stop = [(start + timedelta(minutes=20)).isoformat(), (start + timedelta(minutes=50)).isoformat(), "question"]
    with acting_as(AS_OWNER):
        unit = ReferralUnitFactory.create(time_zone="UTC")  # no hour is skipped on the way
        platform = PlatformFactory.create(country="DE", time_zone="Europe/Berlin")
        due_at = start + timedelta(hours=24, minutes=30)
        made = ReferralFactory.create(
            sender=unit, recipient=platform, state=State.ACKNOWLEDGED, received_at=start, due_at=due_at
        )
        clock = Obligation.objects.get()
        Obligation.objects.filter(pk=clock.pk).update(stops=[stop], due_at=due_at, paused_seconds=1800, round=1)
        clock.pk, clock.clock, clock.is_leading = None, "platform_target", False
        clock.limit_amount, clock.limit_unit = 2, "working_days"
        clock.calendar = {"zone": "Europe/Berlin", "country": "DE"}
        clock.due_at = start + timedelta(days=4)
        clock.save(force_insert=True)
        signed_in(member(unit, Role.OFFICER))
    return made


@pytest.mark.parametrize("width", [1280, 390])
def test_its_sum_is_opened_by_keyboard_and_comes_out(page: Page, live_server, referral, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/referrals/{referral.reference}/")
    section = page.locator("#clocks")
    expect(section.get_by_role("heading", level=3)).to_have_text(["Target for an answer", "The platform's own promise"])
    for summary in section.locator("summary").all():
        summary.press("Enter")
    formula = section.locator("[data-formula]").inner_text()
    found = re.search(r", (\d\d:\d\d) \+ (\d+) h \+ (\d+) min = .*, (\d\d:\d\d)$", formula)
    assert found, formula
    began, hours, minutes, due = found.groups()
    of_day = [int(clock[:2]) * 60 + int(clock[3:]) for clock in (began, due)]
    assert (of_day[0] + int(hours) * 60 + int(minutes) - of_day[1]) % 1440 == 0, formula
    expect(section.get_by_text("not counted: the period begins on it")).to_be_visible()
    assert list(problems_of(page)) == []
