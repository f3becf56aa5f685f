import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Attachment
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

PDF = b"%PDF-1.7\n%fictional"


@pytest.fixture
def referral():
    return ReferralFactory(sender=ReferralUnitFactory(), recipient=PlatformFactory(), state=State.RECEIVED)


@pytest.fixture
def contact(client, referral):
    client.force_login(member(referral.recipient, Role.CONTACT_POINT))


def ask(client, referral, *files):
    url = reverse("portal:referral-request-information", args=[referral.reference])
    return client.post(url, {"text": "Which one?", "files": list(files)})


def test_a_question_takes_a_file_and_both_sides_can_fetch_it(client, contact, referral):
    assert ask(client, referral, SimpleUploadedFile("<b>évidence.pdf", PDF)).status_code == 302
    kept = Attachment.objects.get()
    address = reverse("portal:referral-attachment", args=[referral.reference, kept.key])
    page = client.get(reverse("portal:referral", args=[referral.reference])).content.decode()
    assert address in page and bytes(kept.sha256).hex() in page and "<b>évidence" not in page

    client.force_login(member(referral.sender, Role.OFFICER))
    response = client.get(address)
    assert (response.content, response["Content-Type"]) == (PDF, "application/pdf")
    assert (
        response["Content-Disposition"].startswith("attachment;")
        and "%C3%A9vidence.pdf" in response["Content-Disposition"]
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(verb="attachment.consulted").count() == 1


def test_a_refused_file_loses_no_word_that_was_written(client, contact, referral):
    response = ask(client, referral, SimpleUploadedFile("x.exe", b"MZ\x90\0"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "no PDF, PNG, JPEG or plain text" in page and "Which one?" in page
    assert not Attachment.objects.exists()


def test_a_file_is_found_under_its_own_referral_alone(client, contact, referral):
    ask(client, referral, SimpleUploadedFile("x.pdf", PDF))
    other = ReferralFactory(sender=referral.sender, recipient=referral.recipient, state=State.RECEIVED)
    address = reverse("portal:referral-attachment", args=[other.reference, Attachment.objects.get().key])
    assert client.get(address).status_code == 404
