"""What is written is what is documented: every field of a shape, and none beside it."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from rest_framework import serializers

from apps.accounts.roles import Role
from apps.api.reading import fields_of
from apps.api.schema import page_shape
from apps.api.serializers.account import MeOut
from apps.api.serializers.acts import Acted
from apps.api.serializers.answering import AnsweredOut
from apps.api.serializers.cases import CaseDetail, CaseRow
from apps.api.serializers.deliveries import DeliveryDetail, DeliveryRow, ReplayedOut
from apps.api.serializers.filing import FiledOut
from apps.api.serializers.items import ItemRow
from apps.api.serializers.platforms import PlatformRow, Resolved
from apps.api.serializers.referrals import ReferralDetail, ReferralRow
from apps.api.serializers.statistics import CatalogueOut, IndicatorOut
from apps.api.serializers.webhooks import WebhookMade, WebhookRow
from apps.referrals.models import Attachment, Obligation
from apps.referrals.transitions import State
from apps.statistics.services import compile_figures
from tests.api.conftest import ApiClient, filing, refusal
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, token_for
from tests.factories.referrals import MONDAY


def differences(field: Any, value: Any, path: str = "") -> list[str]:
    """Where a value has other keys than its shape; lists must hold something, or nothing was compared."""
    if value is None:
        return [] if field.allow_null else [f"{path} is null"]
    if isinstance(field, serializers.ListSerializer):
        found = [one for each in value for one in differences(field.child, each, f"{path}[]")]
        return found if value else [f"{path} is empty"]
    if isinstance(field, serializers.Serializer):
        shape = fields_of(type(field))
        found = [f"{path}.{name}" for name in shape.keys() ^ value.keys()]
        for name in shape.keys() & value.keys():
            found += differences(shape[name], value[name], f"{path}.{name}")
        return found
    return []


@pytest.fixture
def scene():
    unit, video = ReferralUnitFactory.create(), PlatformFactory.create(slug="video")
    answered = ReferralFactory.create(sender=unit, recipient=video, state=State.RECEIVED)
    stop = [MONDAY.isoformat(), (MONDAY + timedelta(hours=1)).isoformat(), "question"]
    Obligation.objects.filter(referral=answered).update(stops=[stop])
    content = b"A note."
    Attachment.objects.create(
        sender=unit,
        recipient=video,
        referral=answered,
        verb="referral.information_requested",
        at=MONDAY,
        organisation_id=video.pk,
        name="note.txt",
        media_type="text/plain; charset=utf-8",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        content=content,
    )
    review = ReferralFactory.create(sender=unit, recipient=video, state=State.IN_REVIEW)
    officer, contact = ApiClient(token_for(unit, Role.REVIEWER)), ApiClient(token_for(video, Role.CONTACT_POINT))
    case = officer.post("cases/", filing("https://video.example/1", submit=True)).json()["case"]
    compile_figures(at=MONDAY)
    return officer, contact, answered, review, case


def test_every_answer_has_the_fields_of_its_shape(scene):
    officer, contact, answered, review, case = scene
    item = answered.items.get().reference
    answers = [
        (MeOut, officer.get("me/")),
        (FiledOut, officer.post("cases/", filing("https://video.example/2", "https://nobody.example/"))),
        (AnsweredOut, contact.post("items/answer/", {"answers": [refusal(item)]})),
        (page_shape(ItemRow), contact.get("items/", {"referral": answered.reference})),
        (Acted, officer.post("referrals/approve/", {"references": [review.reference, "R-0"]})),
        (ReferralDetail, officer.get(f"referrals/{answered.reference}/")),
        (page_shape(ReferralRow), officer.get("referrals/")),
        (ReferralRow, officer.post(f"referrals/{answered.reference}/close/")),
        (page_shape(CaseRow), officer.get("cases/")),
        (CaseDetail, officer.get(f"cases/{case}/")),
        (page_shape(DeliveryRow), officer.get("deliveries/", {"referral": review.reference})),
        (ReplayedOut, officer.post("deliveries/replay/", {})),
        (page_shape(PlatformRow), officer.get("platforms/")),
        (Resolved, officer.get("platforms/resolve/", {"url": "https://video.example/3"})),
        (CatalogueOut, officer.get("statistics/")),
    ]
    assert {response.status_code for _shape, response in answers} <= {200, 201}
    found = {shape.__name__: differences(shape(), response.json()) for shape, response in answers}
    assert {name: odd for name, odd in found.items() if odd} == {}


def test_a_message_and_an_endpoint_have_the_fields_of_their_shapes(scene):
    officer, _contact, _answered, review, _case = scene
    officer.post("referrals/approve/", {"references": [review.reference]})
    first = officer.get("deliveries/").json()["results"][0]
    found = differences(DeliveryDetail(), officer.get(f"deliveries/{first['id']}/").json())
    assert found == [".tries is empty"]
    administrator = ApiClient(token_for(review.sender, Role.ADMINISTRATOR))
    made = administrator.post("webhooks/", {"url": "https://hooks.unit.example/", "messages": ["referral_answered"]})
    assert differences(WebhookMade(), made.json()) == []
    assert differences(page_shape(WebhookRow)(), administrator.get("webhooks/").json()) == []


def test_an_indicator_has_the_fields_of_its_shape(scene):
    officer, *_ = scene
    body = officer.get("statistics/I7/", {"by": "month", "from": "2026-03", "to": "2026-03"}).json()
    missing = differences(IndicatorOut(), body)
    assert [one for one in missing if not one.endswith("is empty")] == []
    assert body["rows"]
