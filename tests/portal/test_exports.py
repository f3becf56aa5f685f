import csv
from io import StringIO

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

EXPORT = reverse("portal:referrals-export")


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="=cmd|calc")


@pytest.fixture
def platform():
    return PlatformFactory(name="VidStream")


@pytest.fixture
def contact(client, platform):
    client.force_login(member(platform, Role.CONTACT_POINT))
    return client


def lines(response):
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


class TestTheExportOfReferrals:
    def test_has_what_the_list_shows_and_nothing_else(self, contact, unit, platform):
        shown = ReferralFactory(sender=unit, recipient=platform, state="received", urgency="life")
        ReferralFactory(sender=unit, recipient=platform, state="received")
        ReferralFactory(sender=unit, recipient=platform, state="draft", urgency="life")
        (line,) = lines(contact.get(EXPORT, {"urgency": "life"}))
        assert line["Referral"] == shown.reference and line["Urgency"] == "Threat to life or safety"
        assert "Case" not in line and "Filed at" not in line

    def test_runs_no_formula_in_a_spreadsheet(self, contact, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state="received")
        (line,) = lines(contact.get(EXPORT))
        assert line["Sender"] == "'=cmd|calc"

    def test_is_recorded_as_a_disclosure(self, contact, unit, platform):
        referral = ReferralFactory(sender=unit, recipient=platform, state="received")
        contact.get(EXPORT)
        entry = AuditEntry.objects.get(verb="referral.exported")
        assert entry.operation == "disclose" and entry.details == {"references": [referral.reference]}

    def test_names_the_case_for_its_sender(self, client, unit, platform):
        client.force_login(member(unit, Role.OFFICER))
        referral = ReferralFactory(sender=unit, recipient=platform)
        (line,) = lines(client.get(EXPORT))
        assert line["Case"] == referral.case.reference and line["Platform"] == "VidStream"

    def test_ends_at_its_limit(self, contact, unit, platform, monkeypatch):
        monkeypatch.setattr("apps.portal.views.exports.AT_MOST", 1)
        for _ in range(2):
            ReferralFactory(sender=unit, recipient=platform, state="received")
        assert len(lines(contact.get(EXPORT))) == 1

    def test_is_closed_to_those_who_may_not_see_referrals(self, client, unit):
        client.force_login(member(unit, Role.ADMINISTRATOR))
        assert client.get(EXPORT).status_code == 403
