"""Files that go with a question to the sender and with the reply: kept as they came, for both sides and nobody else."""

import hashlib

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.models import Attachment, Event
from apps.referrals.services import AttachmentRefused, GivenFile
from apps.referrals.services.attaching import LARGEST, clean_name, media_type_of
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for

PDF = b"%PDF-1.7\n%fictional"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def referral():
    return ReferralFactory(sender=ReferralUnitFactory(), recipient=PlatformFactory(), state=State.RECEIVED)


@pytest.fixture
def contact(referral):
    return principal_for(referral.recipient, Role.CONTACT_POINT)


@pytest.fixture
def officer(referral):
    return principal_for(referral.sender, Role.OFFICER)


def ask(referral, contact, *files):
    with acting_as(contact):
        return services.request_information(referral, text="Which video?", files=files, by=contact, at=timezone.now())


class TestAttach:
    def test_keeps_the_bytes_with_the_question_they_belong_to(self, referral, contact, officer):
        ask(referral, contact, GivenFile("screen.png", PNG), GivenFile("list.txt", "ärger".encode()))
        question = Event.objects.get(verb="referral.information_requested")
        with acting_as(officer):
            first, second = Attachment.objects.order_by("pk")
        assert (bytes(first.content), first.media_type, first.size) == (PNG, "image/png", len(PNG))
        assert bytes(first.sha256) == hashlib.sha256(PNG).digest()
        assert (first.at, first.verb, first.organisation_id) == (question.at, question.verb, referral.recipient_id)
        assert second.media_type == "text/plain; charset=utf-8"

    def test_a_reply_has_files_too(self, referral, contact, officer):
        ask(referral, contact)
        referral.refresh_from_db()
        with acting_as(officer):
            services.provide_information(
                referral, text="This one.", files=[GivenFile("proof.pdf", PDF)], by=officer, at=timezone.now()
            )
        with acting_as(contact):
            assert Attachment.objects.get().organisation_id == referral.sender_id

    def test_nobody_else_sees_them(self, referral, contact):
        ask(referral, contact, GivenFile("screen.png", PNG))
        for other in (ReferralUnitFactory(), PlatformFactory()):
            stranger = principal_for(other, Role.OFFICER if other.sends else Role.CONTACT_POINT)
            with acting_as(stranger):
                assert not Attachment.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("files", "words"),
        [
            ([GivenFile("x.exe", b"MZ\x90\0")], "no PDF, PNG, JPEG or plain text"),
            ([GivenFile("x.png", b"\0\1\2")], "no PDF, PNG, JPEG or plain text"),
            ([GivenFile("x.svg", b"\xff\xfe<\0s\0v\0g\0")], "no PDF, PNG, JPEG or plain text"),
            ([GivenFile("x.pdf", b"")], "is empty"),
            ([GivenFile("x.pdf", b"%PDF-" + b"x" * LARGEST)], "larger than 5 MB"),
            ([GivenFile(f"{n}.pdf", PDF) for n in range(6)], "at most five"),
        ],
    )
    def test_say_which_file_and_send_nothing(self, referral, contact, files, words):
        with pytest.raises(AttachmentRefused, match=words):
            ask(referral, contact, *files)
        referral.refresh_from_db()
        assert referral.state == State.RECEIVED
        assert not Attachment.objects.exists() and not Event.objects.filter(verb="referral.information_requested")

    def test_no_file_at_all_in_the_child_abuse_lane(self, contact, referral):
        referral.area = "csam"
        referral.save(update_fields=["area"])
        with pytest.raises(AttachmentRefused, match="No files are exchanged"):
            ask(referral, contact, GivenFile("note.txt", b"words"))


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd", "_.._etc_passwd"),
            ('a"b\r\nSet-Cookie: x.pdf', "a_b_Set-Cookie_ x.pdf"),
            ("invoice\u202efdp.exe", "invoicefdp.exe"),
            ("", "file"),
            ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
        ],
    )
    def test_are_fit_for_every_disk_and_header(self, given, kept):
        assert clean_name(given) == kept

    def test_the_kind_is_what_the_bytes_say(self):
        assert media_type_of(PDF) == "application/pdf" and media_type_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
        assert media_type_of(b"plain <script>") == "text/plain; charset=utf-8"
        assert media_type_of(b"\x1b[31m") == ""
