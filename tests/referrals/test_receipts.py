"""The receipt: the same for both sides, worked out again by anybody, and nothing of the sender's house in it."""

import hashlib
import json
import re
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.delivery.models import Delivery
from apps.referrals.models import Event
from apps.referrals.receipts.chain import chain, digest_of
from apps.referrals.receipts.facts import NotSentYet, receipt_of
from apps.referrals.receipts.pdf import receipt_pdf
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member, principal_for, token_for
from tests.factories.referrals import MONDAY


def attached(pdf: bytes) -> Any:
    """The JSON file inside a PDF: the one stream that unpacks into an object."""
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(raw)
        except zlib.error:
            continue
        if text.startswith(b"{"):
            return json.loads(text)
    raise AssertionError("no JSON is attached")


@pytest.fixture
def referral():
    unit = ReferralUnitFactory(name="Unité Ωμέγα Север")
    found = ReferralFactory(
        state=State.ANSWERED,
        items=3,
        sender=unit,
        recipient=PlatformFactory(name="Streamhub"),
        reasons="Secret reasons.",
    )
    found.case.note = "A private note."
    found.case.save()
    for number, (verb, by, hidden) in enumerate(
        [
            ("referral.approved", unit.pk, True),
            ("referral.sent", unit.pk, False),
            ("referral.received", None, False),
            ("referral.information_requested", found.recipient_id, False),
            ("referral.answered", found.recipient_id, False),
        ]
    ):
        Event.objects.create(
            sender=unit,
            recipient=found.recipient,
            disclosed=not hidden,
            referral=found,
            verb=verb,
            at=MONDAY + timedelta(minutes=number, microseconds=7),
            actor_label="Private Person",
            organisation_id=by,
            text="A private question." if "requested" in verb else "",
        )
    Delivery.objects.create(
        sender=unit,
        recipient=found.recipient,
        key=f"{found.reference}:sent:email",
        channel="email",
        message="referral_sent",
        about=found.reference,
        state="delivered",
        next_at=MONDAY,
        created_at=MONDAY,
        sent_at=MONDAY,
        received_at=MONDAY + timedelta(seconds=3),
        proof={"message_id": "<private@mail.example>"},
        last_error="a private error",
    )
    return found


def seen_by(organisation, role, referral):
    principal = principal_for(organisation, role)
    with acting_as(principal):
        return receipt_pdf(receipt_of(referral))


class TestReceipt:
    def test_is_the_same_to_the_last_byte_for_both_sides(self, referral):
        ours = seen_by(referral.sender, Role.OFFICER, referral)
        theirs = seen_by(referral.recipient, Role.CONTACT_POINT, referral)
        assert ours == theirs

    def test_is_a_tagged_pdf_for_the_archive(self, referral):
        pdf = receipt_pdf(receipt_of(referral))
        assert pdf.startswith(b"%PDF-1.7")
        assert b"/StructTreeRoot" in pdf and b"/MarkInfo" in pdf and b"/Lang" in pdf
        assert b"pdfuaid:part" in pdf and b"pdfaid:part" in pdf

    def test_says_when_and_by_which_channel_with_proof(self, referral):
        data = attached(receipt_pdf(receipt_of(referral)))
        (message,) = data["deliveries"]
        assert (message["channel"], message["state"]) == ("email", "delivered")
        assert message["received_at"] == "2026-03-02T09:00:03.000000Z" and message["proof"] == ["message_id"]
        assert [one["event"]["verb"] for one in data["events"]] == [
            "referral.sent",
            "referral.received",
            "referral.information_requested",
            "referral.answered",
        ]
        assert data["events"][0]["event"]["at"] == "2026-03-02T09:01:00.000007Z"
        assert data["items"][0]["address"].startswith("hxxps://") and "[.]" in data["items"][0]["address"]

    def test_holds_nothing_private(self, referral):
        data = json.dumps(attached(receipt_pdf(receipt_of(referral))))
        assert not [
            word for word in ("private", "Private", "Secret", "https://", referral.case.reference) if word in data
        ]

    def test_can_be_worked_out_again(self, referral):
        data = attached(receipt_pdf(receipt_of(referral)))
        written = json.dumps(data["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        last = hashlib.sha256(written).digest()
        assert last.hex() == data["content_sha256"]
        for one in data["events"]:
            event = json.dumps(one["event"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            last = hashlib.sha256(last + event).digest()
            assert last.hex() == one["sha256"]
        assert last.hex() == data["chain_sha256"]
        address = hashlib.sha256(referral.items.order_by("row")[0].url.encode()).hexdigest()
        assert data["content"]["items"][0]["url_sha256"] == address

    def test_grows_by_what_happens_and_keeps_what_it_had(self, referral):
        before = receipt_of(referral).data
        event = Event.objects.filter(referral=referral, verb="referral.answered").get()
        event.pk, event.verb, event.at = None, "referral.closed", event.at + timedelta(days=1)
        event.save(force_insert=True)
        after = receipt_of(referral).data
        assert after["events"][:-1] == before["events"] and after["as_of"] > before["as_of"]
        assert after["content_sha256"] == before["content_sha256"]

    def test_hides_addresses_nobody_may_see_by_chance(self):
        found = ReferralFactory(state=State.SENT, area="csam")
        (item,) = attached(receipt_pdf(receipt_of(found)))["items"]
        assert item["address"] == "" and len(item["url_sha256"]) == 64

    def test_is_there_from_sending_on(self):
        with pytest.raises(NotSentYet):
            receipt_of(ReferralFactory(state=State.DRAFT))

    def test_prints_a_name_in_a_script_its_fonts_lack(self):
        found = ReferralFactory(state=State.SENT, sender=ReferralUnitFactory(name="وحدة 部门 🚓"))
        assert attached(receipt_pdf(receipt_of(found)))["content"]["sender"]["name"] == "وحدة 部门 🚓"

    def test_takes_a_thousand_items(self):
        assert len(attached(receipt_pdf(receipt_of(ReferralFactory(state=State.SENT, items=1000))))["items"]) == 1000


class TestChain:
    EVENTS = [{"at": "1"}, {"at": "2"}, {"at": "3"}]
    SEED = digest_of("content")

    @pytest.mark.parametrize(
        "changed", [EVENTS[1:], EVENTS[:1] + EVENTS[2:], EVENTS[::-1], [{"at": "1"}, {"at": "x"}, {"at": "3"}]]
    )
    def test_ends_elsewhere_for_other_events(self, changed):
        assert chain(self.SEED, changed)[-1] != chain(self.SEED, self.EVENTS)[-1]

    def test_ends_elsewhere_for_other_content(self):
        assert chain(digest_of("other"), self.EVENTS)[-1] != chain(self.SEED, self.EVENTS)[-1]


class TestDownload:
    def test_is_on_the_page_of_both_sides_and_is_recorded(self, client, referral):
        address = reverse("portal:referral-receipt", args=[referral.reference])
        for organisation, role in ((referral.sender, Role.OFFICER), (referral.recipient, Role.CONTACT_POINT)):
            client.force_login(member(organisation, role))
            assert address in client.get(reverse("portal:referral", args=[referral.reference])).content.decode()
            response = client.get(address)
            assert response["Content-Type"] == "application/pdf" and response["Cache-Control"] == "no-store"
            assert attached(response.content)["content"]["referral"] == referral.reference
        read = AuditEntry.objects.filter(verb="referral.exported", target=referral.reference)
        assert set(read.values_list("organisation_id", flat=True)) == {referral.sender_id, referral.recipient_id}

    def test_is_given_to_programs(self, client, referral):
        headers = {"Authorization": f"Bearer {token_for(referral.recipient, Role.CONTACT_POINT)}"}
        response = client.get(f"/api/v1/referrals/{referral.reference}/receipt/", headers=headers)
        assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
        draft = ReferralFactory(state=State.DRAFT)
        headers = {"Authorization": f"Bearer {token_for(draft.sender, Role.OFFICER)}"}
        response = client.get(f"/api/v1/referrals/{draft.reference}/receipt/", headers=headers)
        assert (response.status_code, response.json()["code"]) == (409, "not_sent_yet")

    def test_is_nobody_else_s(self, client, referral):
        client.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        assert client.get(reverse("portal:referral-receipt", args=[referral.reference])).status_code == 404
