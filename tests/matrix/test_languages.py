"""The same as tests/browser/test_languages.py for what no browser shows: forms sent back, the API, mails."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.invitation_mail import send_invitation
from apps.accounts.password_mail import send_password_link
from apps.core.pseudo import LANGUAGE
from apps.delivery.mail.composing import compose
from apps.delivery.models import Delivery, Message
from tests.matrix.operations import Operation, operations, values_for
from tests.matrix.untranslated import (
    names_in_the_world,
    pages_of,
    plain_words,
    sentences_in,
    speak,
    speaking,
    texts_in,
    texts_of,
)
from tests.matrix.world import Person, Thing, World

PEOPLE = [
    "unit A officer",
    "unit A reviewer",
    "unit A administrator",
    "flagger officer",
    "platform P contact",
    "platform Q contact",
    "Commission analyst",
    "auditor",
    "nobody's member",
    "nobody",
]
SENDING_FORMS = ["unit A officer", "unit A administrator", "platform P contact", "nobody"]
NONSENSE = {"text": "", "references": ["x"], "item": ["x"], "role": "x", "name": "", "email": "x", "outcome": "x"}
NONSENSE_TO_APIS: list[dict[str, Any]] = [
    {},
    {"limit": "x", "order": "x", "unknown": "x", "overdue": "x", "due_before": "x", "state": "x", "cursor": "x"},
    {"items": [{"url": "x"}], "references": ["x"], "answers": [{"item": "x", "outcome": "REMOVED"}], "text": ""},
]


@pytest.fixture(autouse=True)
def pseudo(settings) -> None:
    speak(settings)


@pytest.fixture
def world() -> World:
    return World()


class TestPages:
    @pytest.mark.parametrize("name", PEOPLE)
    def test_have_no_text_of_their_own(self, world, name):
        names, plain = names_in_the_world(), {}
        for path, html in pages_of(world, world.people[name]).items():
            assert f'<html lang="{LANGUAGE}"' in html, path
            plain |= dict.fromkeys(plain_words(texts_in(html), names), path)
        assert plain == {}


class TestForms:
    @pytest.mark.parametrize("name", SENDING_FORMS)
    def test_answer_without_a_text_of_their_own(self, world, name):
        person, names = world.people[name], names_in_the_world()
        plain, said = {}, 0
        for operation in operations():
            if operation.is_api or operation.method != "post":
                continue
            things = (world.a_to_p, world.draft) if operation.parameters else (world.a_to_p,)
            for thing, body in [(things[0], NONSENSE), *((thing, sense(thing)) for thing in things)]:
                page = sent(person, operation, thing, body)
                said += "⟦" in page
                plain |= dict.fromkeys(plain_words(texts_in(page), names), str(operation))
        assert plain == {}
        assert said > 20


def sense(thing: Thing) -> dict[str, Any]:
    """What most forms accept: they answer with what they have done."""
    return {
        "text": "…",
        "references": [thing.referral.reference],
        "item": [thing.item.reference],
        "outcome": "REMOVED",
        "ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "legal_ground": "…",
        "act": "withdraw",
        "role": "officer",
        "email": "somebody@people.example",
        "name": "…",
        "title": "…",
        "permissions": ["view_referrals"],
        "days": "90",
    }


def sent(person: Person, operation: Operation, thing: Thing, body: dict[str, Any]) -> str:
    """The page that a form leads to; nothing of it stays."""
    path = reverse(operation.name, kwargs=values_for(operation, thing))
    with transaction.atomic():
        response = speaking(person).post(path, body, follow=True)
        transaction.set_rollback(True)
    return response.content.decode() if response.headers["Content-Type"].startswith("text/html") else ""


class TestApi:
    @pytest.mark.parametrize("name", ["unit A officer", "flagger officer", "platform P contact", "Commission analyst"])
    def test_says_nothing_of_its_own(self, world, name):
        person, names = world.people[name], names_in_the_world()
        client, plain, said = speaking(person), {}, 0
        for operation in operations():
            if operation.is_api:
                path = reverse(operation.name, kwargs=values_for(operation, world.a_to_p))
                texts = [
                    text for nonsense in NONSENSE_TO_APIS for text in asked(client, person, operation, path, nonsense)
                ]
                said += len(texts)
                plain |= dict.fromkeys(plain_words(texts, names), str(operation))
        assert plain == {}
        assert said > 20


def asked(client: Client, person: Person, operation: Operation, path: str, nonsense: dict[str, Any]) -> list[str]:
    headers = {"authorization": f"Bearer {person.token}", "idempotency-key": uuid.uuid4().hex}
    if operation.method == "post":
        response = client.post(path, nonsense, content_type="application/json", headers=headers)
    else:
        response = client.get(path, nonsense, headers=headers)
    return list(sentences_in(response.json())) if "json" in response.headers.get("Content-Type", "") else []


class TestMails:
    @pytest.mark.parametrize("message", Message)
    def test_about_referrals_have_no_text_of_their_own(self, world, message):
        delivery = Delivery.objects.filter(about=world.a_to_p.referral.reference).select_related("recipient").get()
        delivery.message = message
        delivery.recipient.languages = [LANGUAGE]
        facts = {"instrument": "referral", "items": 3, "urgency": "day", "due_at": "2026-03-02T09:00:00Z"}
        line = {**facts, "reference": delivery.about, "from": world.a.name, "platform": world.p.name}
        lines = [{**line, "is_overdue": late, "is_statutory": late, "rung": "due"} for late in (True, False)]
        delivery.facts = {**facts, "count": 3, "overdue_count": 1, "more": 1, "referrals": lines}
        assert plain_words(texts_of(compose(delivery, to=["x@pp.example"])), names_in_the_world()) == []

    def test_to_people_have_no_text_of_their_own(self, world):
        invitation = world.a_to_p.invitation
        invitation.organisation.languages = [LANGUAGE]
        names = names_in_the_world()
        send_invitation(invitation, "secret", organisation=world.a.name, by=world.people["unit A officer"].user.name)
        send_password_link(user_id=world.people["unit A officer"].user.pk, language=LANGUAGE)
        assert [plain_words(texts_of(sent), names) for sent in mail.outbox] == [[], []]


def test_a_forgotten_text_is_found(world):
    """The test of the test: an English sentence beside a name, an address and a code is seen."""
    names = names_in_the_world()
    assert plain_words([f"{world.a.name} wrote to contact@pp.example", "⟦Šéńď⟧ KEYWORD_PHISHING"], names) == [
        f"{world.a.name} wrote to contact@pp.example"
    ]
