"""Contact points: asked once a month, remembered when mail comes back, listed when nobody there can be reached."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery import health
from apps.delivery.contacts import Verdict, houses
from apps.delivery.mail import seals
from apps.delivery.mail.seals import Purpose, Thing
from apps.delivery.models import ContactHealth, Probe, ProbeState
from apps.delivery.services import inbound, probing
from apps.delivery.services.probing import probe_contacts, turn_of
from apps.organisations.models import ContactPoint
from apps.tenancy.context import acting_as, system
from tests.delivery.test_incoming import report
from tests.factories import PlatformFactory, ReferralUnitFactory, member

MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 9, tzinfo=UTC)
ADDRESS = "contact@pinboard.example"


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_MAIL_DOMAIN = "mail.portal.example"


@pytest.fixture
def platform():
    return PlatformFactory.create(slug="pinboard", name="Pinboard")


@pytest.fixture
def no_turns(monkeypatch):
    """Everybody's turn is on the first of the month."""
    monkeypatch.setattr(probing, "SPREAD_DAYS", 1)


def path_in(letter):
    return re.search(r"/c/[^/\s]+/", letter.get_body(("plain",)).get_content()).group()


@pytest.mark.usefixtures("no_turns")
class TestProbe:
    def test_asks_once_a_month_however_often_it_runs(self, postman, platform):
        assert [probe_contacts(at=MARCH), probe_contacts(at=MARCH), probe_contacts(at=MARCH)] == [1, 0, 0]
        assert probe_contacts(at=MARCH + timedelta(days=20)) == 0
        assert probe_contacts(at=APRIL) == 1 and len(postman.letters) == 2

    def test_leaves_alone_who_has_said_it_this_month(self, postman, platform):
        with acting_as(system("test")):
            health.note_success([ADDRESS], organisation_id=platform.pk, verified=True, at=MARCH)
        assert probe_contacts(at=MARCH + timedelta(days=1)) == 0

    def test_is_tried_again_when_the_server_is_away(self, postman, platform, settings):
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        assert probe_contacts(at=MARCH) == 0 and Probe.objects.get().state == ProbeState.QUEUED
        settings.EMAIL_PORT = port
        assert probe_contacts(at=MARCH + timedelta(minutes=5)) == 0
        assert probe_contacts(at=MARCH + timedelta(hours=5)) == 1

    def test_that_is_refused_marks_the_contact(self, postman, platform):
        postman.to_recipient[ADDRESS] = "550 no such user"
        probe_contacts(at=MARCH)
        assert Probe.objects.get().state == ProbeState.BOUNCED and ContactHealth.objects.get().is_failing

    def test_that_comes_back_marks_the_contact(self, postman, platform):
        probe_contacts(at=MARCH)
        probe = Probe.objects.get()
        to = seals.address_for(Purpose.BOUNCE, Thing.PROBE, probe.pk)
        inbound.receive(report("failed", "5.1.1"), envelope_from="", envelope_to=[to], at=MARCH)
        probe.refresh_from_db()
        assert probe.state == ProbeState.BOUNCED and ContactHealth.objects.get().is_failing


class TestTurns:
    MONTH = MARCH.date().replace(day=1)

    def people(self, count):
        for number in range(count):
            PlatformFactory.create(slug=f"service-{number}")

    def run_the_month(self, days=28):
        """How many were asked on each day of the month, hour by hour."""
        first = datetime(2026, 3, 1, 0, 5, tzinfo=UTC)
        hours = [
            sum(probe_contacts(at=first + timedelta(days=day, hours=h)) for h in (0, 1, 12)) for day in range(days)
        ]
        return dict(enumerate(hours, start=1))

    def test_are_spread_over_the_month_and_everybody_has_one(self, postman):
        self.people(60)
        asked = self.run_the_month()
        assert sum(asked.values()) == 60 == Probe.objects.filter(month=self.MONTH).count()
        assert max(asked.values()) <= 12 and sum(bool(count) for count in asked.values()) >= 15

    def test_are_another_day_each_month(self):
        turns = {turn_of(7, date(2026, month, 1)).day for month in range(1, 13)}
        assert len(turns) > 6 and max(turns) <= 25

    def test_that_were_all_missed_are_caught_up_over_days(self, postman):
        self.people(45)
        late = datetime(2026, 3, 27, 9, tzinfo=UTC)
        asked = [probe_contacts(at=late + timedelta(hours=hour)) for hour in range(3)]
        assert asked == [probing.LEAST_A_DAY, 0, 0]
        assert probe_contacts(at=late + timedelta(days=1, minutes=1)) == probing.LEAST_A_DAY
        assert probe_contacts(at=late + timedelta(days=2, minutes=2)) == 5


@pytest.mark.usefixtures("no_turns")
class TestConfirming:
    @pytest.fixture
    def path(self, postman, platform):
        probe_contacts(at=timezone.now())
        return path_in(postman.letters[0][1])

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_following_the_link_changes_nothing(self, client, path, method):
        before = list(Probe.objects.values()), list(ContactHealth.objects.values())
        assert getattr(client, method)(path).status_code == 200
        assert (list(Probe.objects.values()), list(ContactHealth.objects.values())) == before

    def test_the_button_says_that_it_is_still_them(self, client, path):
        assert "We keep writing to this address" in client.post(path).content.decode()
        row = ContactHealth.objects.get()
        assert row.last_verified_at and row.last_success_at and Probe.objects.get().confirmed_at

    def test_a_used_link_says_so(self, client, path):
        client.post(path)
        page = client.get(path)
        assert page.status_code == 410 and "confirmed already" in page.content.decode()

    def test_an_old_link_says_so(self, client, path):
        Probe.objects.update(month=timezone.now().date() - timedelta(days=90))
        page = client.post(path)
        assert page.status_code == 410 and "has expired" in page.content.decode()

    def test_an_unknown_link_says_so(self, client, db):
        assert client.get("/c/nobody-made-this/").status_code == 404


class TestHealth:
    def note(self, act, platform, at, **more):
        with acting_as(system("test")):
            act([ADDRESS.upper()], organisation_id=platform.pk, at=at, **more)

    def test_counts_what_came_back(self, platform):
        for day in range(4):
            self.note(health.note_sent, platform, MARCH + timedelta(days=day))
        self.note(health.note_bounce, platform, MARCH + timedelta(days=4), problem="5.1.1 no such user")
        (house,) = houses()
        (contact,) = house.contacts
        assert (contact.verdict, contact.bounce_rate) == (Verdict.FAILING, 0.25)
        assert not house.is_reachable and contact.last_problem == "5.1.1 no such user"

    def test_is_mended_by_a_later_proof(self, platform):
        self.note(health.note_bounce, platform, MARCH, problem="x")
        self.note(health.note_success, platform, APRIL)
        assert houses()[0].is_reachable and houses()[0].contacts[0].verdict is Verdict.WORKING

    def test_is_not_mended_by_an_earlier_one(self, platform):
        self.note(health.note_bounce, platform, APRIL, problem="x")
        self.note(health.note_success, platform, MARCH)
        assert not houses()[0].is_reachable

    def test_of_a_platform_without_any_contact_is_none(self, platform):
        ContactPoint.objects.all().delete()
        assert not houses()[0].is_reachable


class TestList:
    @pytest.fixture
    def unit(self, platform):
        PlatformFactory.create(slug="streamhub", name="StreamHub")
        with acting_as(system("test")):
            health.note_bounce([ADDRESS], organisation_id=platform.pk, problem="5.1.1 =gone", at=timezone.now())
        return ReferralUnitFactory.create()

    def test_shows_a_sender_who_cannot_be_reached(self, client, unit):
        client.force_login(member(unit, Role.OFFICER))
        body = client.get("/contacts/").content.decode()
        assert "Pinboard" in body and "StreamHub" not in body and "1 of 2 platforms" in body
        assert "StreamHub" in client.get("/contacts/?all=1").content.decode()

    def test_leaves_as_a_file_without_formulas(self, client, unit):
        client.force_login(member(unit, Role.ADMINISTRATOR))
        body = client.get("/contacts/export/").content.decode("utf-8-sig")
        assert "Pinboard" in body and "Mail comes back" in body and '"=' not in body

    def test_is_nothing_for_a_platform_s_contact(self, client, unit, platform):
        client.force_login(member(platform, Role.CONTACT_POINT))
        assert client.get("/contacts/").status_code == 403

    def test_leads_a_platform_s_administrator_to_its_own(self, client, unit, platform):
        client.force_login(member(platform, Role.ADMINISTRATOR))
        answer = client.get("/contacts/", follow=True)
        assert answer.redirect_chain == [("/our-platform/contacts/", 302)]
        own = answer.content.decode()
        assert ADDRESS in own and "StreamHub" not in own
        assert client.get("/contacts/export/").status_code == 403

    def test_asks_the_same_for_few_and_many(self, client, unit, django_assert_max_num_queries):
        client.force_login(member(unit, Role.OFFICER))
        for number in range(20):
            PlatformFactory.create(slug=f"place-{number}")
        client.get("/contacts/")  # a new connection reads the database's clock once
        with django_assert_max_num_queries(16):
            client.get("/contacts/?all=1")
