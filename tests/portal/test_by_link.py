"""Answering without an account: what following a link shows, what a press does, and what a robot cannot."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.delivery import links
from apps.delivery.channels import email_link
from apps.delivery.mail.enclosure import enclosures
from apps.delivery.models import Channel, Delivery, DeliveryState, Link, LinkEnd, Message
from apps.referrals.models import Decision, Event, Item, Referral, Statement
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory, member
from tests.statements.checker import faults

ADDRESS = "contact@pinboard.example"
LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Regulation (EU) 2021/784, Article 2"}


def referral_with(area="terrorism", items=3, **facts):
    platform = PlatformFactory.create(slug="pinboard", name="Pinboard", time_zone="Europe/Dublin")
    return ReferralFactory.create(recipient=platform, state=State.SENT, area=area, items=items, **facts)


def link_to(referral, *, address=ADDRESS, at=None):
    """The link as the worker makes it while it sends the message."""
    at = at or timezone.now()
    delivery = Delivery.objects.create(
        sender=referral.sender,
        recipient=referral.recipient,
        key=f"{referral.reference}:sent:{address}",
        channel=Channel.EMAIL_LINK,
        message=Message.REFERRAL_SENT,
        about=referral.reference,
        state=DeliveryState.SENT,
        proof={"to": [address]},
        next_at=at,
        created_at=at,
    )
    sensitive = enclosures([referral.reference])[referral.reference].is_sensitive
    return links.link_for(delivery, address=address, needs_passcode=sensitive, at=at)


def path_of(link):
    return links.address_of(link).removeprefix("http://portal.example")


@pytest.fixture
def referral(db):
    return referral_with()


@pytest.fixture
def link(referral):
    return link_to(referral)


def everything():
    """All that a robot could change."""
    tables = (Link, Delivery, Referral, Item, Decision, Event, AuditEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def opened(client, link, **given):
    page = client.post(path_of(link), {"step": "open", **given})
    found = re.search(r'name="seal" value="([^"]+)"', page.content.decode())
    return page, found.group(1) if found else ""


def answer(client, link, **given):
    _page, seal = opened(client, link)
    return client.post(path_of(link), {"step": "answer", "seal": seal, "act": "removed", **LAW, **given})


class TestFollowing:
    def test_shows_who_asks_and_a_button(self, client, referral, link):
        page = client.get(path_of(link))
        body = page.content.decode()
        assert page.status_code == 200 and referral.sender.name in body and "Open it and answer" in body
        assert "not an order" in body and ADDRESS in body

    def test_shows_nothing_of_the_matter(self, client, referral, link):
        body = client.get(path_of(link)).content.decode()
        assert "watch" not in body and referral.reasons not in body

    @pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete"])
    def test_changes_nothing_whoever_follows_it(self, client, link, method):
        before = everything()
        for _ in range(3):
            getattr(client, method)(path_of(link))
        assert everything() == before

    def test_is_not_kept_by_caches_nor_told_to_others(self, client, link):
        page = client.get(path_of(link))
        assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"

    def test_asks_for_nobody_s_session(self, client, link):
        client.get(path_of(link))
        assert "portal_session" not in client.cookies


class TestOpening:
    def test_shows_the_addresses_defanged_and_the_reasons(self, client, referral, link):
        page, _seal = opened(client, link)
        body = page.content.decode()
        assert "hxxps://pinboard[.]example/watch" in body and "https://pinboard.example/watch" not in body
        assert referral.reasons in body

    def test_is_the_receipt_that_starts_the_clock(self, client, commit, referral, link):
        with commit():
            opened(client, link)
        delivery = Delivery.objects.get(about=referral.reference)
        assert delivery.state == DeliveryState.READ and delivery.proof["to"] == [ADDRESS]
        referral.refresh_from_db()
        assert referral.state == State.RECEIVED and referral.received_at == delivery.received_at

    def test_is_written_down_as_a_reading(self, client, referral, link):
        opened(client, link)
        entry = AuditEntry.objects.get(verb="referral.consulted")
        assert entry.actor_id is None and entry.actor_label == f"by link sent to {ADDRESS}"
        assert entry.organisation_id == referral.recipient_id


class TestAnswering:
    def test_records_one_answer_for_all(self, client, referral, link):
        page = answer(client, link)
        assert page.status_code == 200 and "Your answer is recorded" in page.content.decode()
        decisions = Decision.objects.filter(item__referral=referral)
        assert {(one.outcome, one.channel, one.decided_as, one.decided_by_id) for one in decisions} == {
            ("REMOVED", "email_link", ADDRESS, None)
        }
        referral.refresh_from_db()
        assert referral.state == State.ANSWERED and decisions.count() == 3

    def test_leaves_a_valid_statement_of_reasons_for_each(self, client, referral, link):
        answer(client, link)
        made = Statement.objects.filter(organisation=referral.recipient, item__referral=referral)
        assert [faults(content) for content in made.values_list("content", flat=True)] == [[], [], []]

    def test_says_by_which_link_in_the_audit_log(self, client, referral, link):
        answer(client, link)
        assert AuditEntry.objects.get(verb="item.decided").actor_label == f"by link sent to {ADDRESS}"

    @pytest.mark.parametrize(
        ("given", "outcome"),
        [
            ({"act": "disabled", "where": "DISABLED_GLOBAL"}, "DISABLED_GLOBAL"),
            ({"act": "disabled"}, "DISABLED_EU"),
            ({"act": "gone", "gone": "ALREADY_REMOVED"}, "ALREADY_REMOVED"),
            ({"act": "gone"}, "NOT_FOUND"),
            ({"act": "refused", "refusal_reason": "COUNTER_SPEECH"}, "NO_ACTION"),
            ({"act": "not_ours"}, "NOT_OUR_SERVICE"),
        ],
    )
    def test_each_button_is_an_outcome(self, client, referral, link, given, outcome):
        answer(client, link, **given)
        assert set(referral.items.values_list("outcome", flat=True)) == {outcome}

    def test_takes_another_answer_for_some_and_leaves_others_open(self, client, referral, link):
        _first, second, third = referral.items.order_by("pk")
        page = answer(client, link, **{f"item-{second.reference}": "not_ours", f"item-{third.reference}": "later"})
        assert "1 address is still open" in page.content.decode()
        outcomes = [item.outcome for item in referral.items.order_by("pk")]
        assert outcomes == ["REMOVED", "NOT_OUR_SERVICE", ""]
        assert answer(client, link).status_code == 200
        assert not referral.items.filter(state="open").exists()

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"act": ""}, "Choose what you did."),
            ({"ground": ""}, "illegal or against the terms"),
            ({"legal_ground": " "}, "Name the provision of law"),
            ({"act": "refused"}, "Say why no action was taken"),
            ({"acted_at": "2999-01-01T10:00"}, "cannot lie in the future"),
        ],
    )
    def test_asks_for_what_is_missing_and_loses_nothing(self, client, link, given, words):
        page = answer(client, link, **{"explanation": "Kept words.", **given})
        body = page.content.decode()
        assert page.status_code == 422 and words in body and "Kept words." in body
        assert not Decision.objects.exists()

    def test_reaches_no_other_referral(self, client, link):
        other = ReferralFactory.create(recipient=link.recipient, state=State.SENT, items=1)
        item = other.items.get().reference
        answer(client, link, **{f"item-{item}": "removed"})
        assert not Decision.objects.filter(item__referral=other).exists()

    def test_needs_the_link_to_have_been_opened(self, client, link):
        page = client.post(path_of(link), {"step": "answer", "act": "removed", **LAW})
        assert page.status_code == 403 and not Decision.objects.exists()


class TestQuestion:
    def test_stops_the_clock_and_ends_the_link(self, client, referral, link):
        _page, seal = opened(client, link)
        given = {"step": "question", "seal": seal, "text": "Which of the two pictures?"}
        page = client.post(path_of(link), given)
        assert "on its way" in page.content.decode()
        referral.refresh_from_db()
        assert referral.state == State.INFO_REQUESTED
        assert client.get(path_of(link)).status_code == 410

    def test_needs_words(self, client, link):
        _page, seal = opened(client, link)
        page = client.post(path_of(link), {"step": "question", "seal": seal, "text": " "})
        assert page.status_code == 422 and "Write what you need to know." in page.content.decode()


class TestTheEnd:
    def test_a_used_link_says_so(self, client, link):
        answer(client, link)
        page = client.get(path_of(link))
        assert page.status_code == 410 and "This has been answered" in page.content.decode()

    def test_an_answer_ends_the_links_of_the_other_addresses_too(self, client, referral, link):
        other = link_to(referral, address="second@pinboard.example")
        answer(client, link)
        assert client.get(path_of(other)).status_code == 410

    def test_an_expired_link_says_so(self, client, referral):
        old = link_to(referral, at=timezone.now() - timedelta(days=31))
        for page in (client.get(path_of(old)), client.post(path_of(old), {"step": "open"})):
            assert page.status_code == 410 and "This link has expired" in page.content.decode()

    def test_a_revoked_link_says_so(self, client, referral, link):
        links.end_links([referral.reference], by=LinkEnd.REVOKED, at=timezone.now())
        assert "This link was taken back" in client.get(path_of(link)).content.decode()

    def test_its_sender_takes_it_back(self, client, referral, link):
        client.force_login(member(referral.sender, Role.OFFICER))
        assert ADDRESS in client.get(f"/referrals/{referral.reference}/").content.decode()
        client.post(f"/referrals/{referral.reference}/links/revoke/")
        assert (
            Link.objects.get().ended_by == LinkEnd.REVOKED and AuditEntry.objects.filter(verb="link.revoked").exists()
        )

    def test_its_reader_cannot(self, client, referral, link):
        client.force_login(member(referral.recipient, Role.CONTACT_POINT))
        assert client.post(f"/referrals/{referral.reference}/links/revoke/").status_code == 403

    def test_an_unknown_link_says_so(self, client, db):
        page = client.get("/l/nobody-made-this/")
        assert page.status_code == 404 and "There is no such link" in page.content.decode()

    def test_a_withdrawn_referral_leaves_nothing_to_do(self, client, referral, link):
        Referral.objects.filter(pk=referral.pk).update(state=State.WITHDRAWN)
        page, _seal = opened(client, link)
        assert "nothing left for you to do" in page.content.decode()

    def test_two_presses_at_once_record_one_answer(self, client, link):
        _page, seal = opened(client, link)
        given = {"step": "answer", "seal": seal, "act": "removed", **LAW}
        first, second = client.post(path_of(link), given), client.post(path_of(link), given)
        assert (first.status_code, second.status_code) == (200, 410) and Decision.objects.count() == 3


class TestCode:
    @pytest.fixture
    def link(self, db):
        return link_to(referral_with(area="csam"))

    def test_is_asked_for_in_sensitive_areas(self, client, link):
        assert 'name="passcode"' in client.get(path_of(link)).content.decode()
        page, seal = opened(client, link)
        assert page.status_code == 422 and not seal and "watch" not in page.content.decode()

    def test_opens_it_however_it_is_typed(self, client, link):
        code = links.passcode_of(link)
        for typed in (code, code.lower(), code.replace("-", ""), f" {code} "):
            assert opened(client, link, passcode=typed)[1]

    def test_is_tried_five_times_in_a_quarter_of_an_hour(self, client, link):
        answers = [opened(client, link, passcode="0000-0000")[0].content.decode() for _ in range(7)]
        assert ["not the code" in one for one in answers] == [True] * 5 + [False] * 2
        assert "Wait a quarter of an hour" in answers[-1]
        assert not opened(client, link, passcode=links.passcode_of(link))[1]
        Link.objects.update(tries_since=timezone.now() - timedelta(minutes=16))
        assert opened(client, link, passcode=links.passcode_of(link))[1]

    def test_ends_the_link_after_too_many_guesses(self, client, link):
        for _ in range(links.MOST_WRONG):
            Link.objects.update(tries=0, tries_since=None)
            opened(client, link, passcode="0000-0000")
        page = client.get(path_of(link))
        assert page.status_code == 410 and "too many wrong codes" in page.content.decode()

    def test_cannot_be_gone_round_by_the_seal_of_another_link(self, client, link):
        other = link_to(ReferralFactory.create(recipient=link.recipient, state=State.SENT))
        _page, seal = opened(client, other)
        page = client.post(path_of(link), {"step": "answer", "seal": seal, "act": "removed", **LAW})
        assert page.status_code == 403 and not Decision.objects.exists()

    def test_stands_nowhere_in_the_database(self, link):
        row = Link.objects.filter(pk=link.pk).values().get()
        secret, code = links.address_of(link).split("/")[-2], links.passcode_of(link)
        assert secret.encode() not in repr(row).encode() and code not in repr(row)


def test_forms_are_guarded_against_other_sites(link):
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post(path_of(link), {"step": "open"}).status_code == 403


def test_a_message_that_is_sent_again_carries_the_same_link(link):
    again = links.link_for(link.delivery, address=ADDRESS, needs_passcode=False, at=timezone.now())
    assert links.address_of(again) == links.address_of(link) and email_link.reachable([link.recipient_id])
