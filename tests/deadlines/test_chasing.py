"""The sweep on the database: what is written, to whom, how often, and at what cost."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.roles import Role
from apps.deadlines import services
from apps.deadlines.models import Chase, Escalation
from apps.delivery.models import Audience, Delivery, Message
from apps.delivery.services import deliver_pending
from apps.organisations.models import Calendar, ContactPurpose
from apps.referrals import clocks
from apps.referrals.models import Event, Obligation, Policy
from apps.referrals.transitions import State
from apps.taxonomy.urgency import Urgency
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member
from tests.factories.organisations import ContactPointFactory

# The factory's clocks start on Monday, 2 March 2026, at 11:00 UTC and run 24 hours.
STARTED = datetime(2026, 3, 2, 11, tzinfo=UTC)
DUE = STARTED + timedelta(days=1)
DAY = timedelta(days=1)
LATE = DUE + DAY / 4  # 17:00 UTC
BACKUP = DUE + DAY / 2  # 23:00 UTC, in the night
MORNING = datetime(2026, 3, 4, 7, tzinfo=UTC)
SUPERVISORS = DUE + DAY
COMMISSION = DUE + 3 * DAY


@pytest.fixture
def platform():
    platform = PlatformFactory(slug="vidstream", time_zone="UTC")
    ContactPointFactory(organisation=platform, purpose=ContactPurpose.BACKUP, email="backup@vidstream.example")
    ContactPointFactory(organisation=platform, purpose=ContactPurpose.SUPERVISOR, email="boss@vidstream.example")
    return platform


@pytest.fixture
def unit():
    unit = ReferralUnitFactory(time_zone="UTC")
    ContactPointFactory(organisation=unit, purpose=ContactPurpose.SUPERVISOR, email="head@unit.example")
    return unit


@pytest.fixture
def running(unit, platform):
    """A referral whose clock runs, to be looked at from its start on: `running(urgency="life")`."""

    def running(statutory=False, **facts):
        referral = ReferralFactory(**{"sender": unit, "recipient": platform, "state": State.RECEIVED, **facts})
        rows = Obligation.objects.filter(referral=referral)
        rows.update(chase_at=STARTED, escalate_at=STARTED, statutory=statutory)
        return referral

    return running


def chase(at):
    return services.chase(at=at)


def taken(referral=None):
    rows = Chase.objects.filter(obligation__referral=referral) if referral else Chase.objects.all()
    return list(rows.order_by("planned_at", "pk").values_list("rung", flat=True))


def letters(**conditions):
    return Delivery.objects.filter(channel="portal", **conditions).order_by("pk")


def clock_of(referral):
    return Obligation.objects.get(referral=referral)


class TestEveryRung:
    def test_is_taken_once_at_its_time_and_nothing_else_is_ever_said(self, running):
        referral = running()
        for at in (STARTED, DUE - DAY / 4, DUE, LATE, MORNING, SUPERVISORS, COMMISSION, COMMISSION + 99 * DAY):
            chase(at)
            assert chase(at) == 0
        assert taken() == [
            "before",
            "due",
            "late",
            "backup",
            "platform_supervisor",
            "sender_supervisor",
            "commission",
        ]
        assert (clock_of(referral).chase_at, clock_of(referral).escalate_at) == (None, None)

    def test_writes_to_whom_it_is_for(self, running, unit, platform):
        running()
        for at in (DUE - DAY / 8, DUE, LATE, MORNING, SUPERVISORS):
            chase(at)
        assert list(letters().values_list("recipient", "audience")) == [
            (platform.pk, Audience.CONTACT),
            (platform.pk, Audience.CONTACT),
            (platform.pk, Audience.CONTACT),
            (platform.pk, Audience.BACKUP),
            (platform.pk, Audience.SUPERVISOR),
            (unit.pk, Audience.SUPERVISOR),
        ]
        assert set(Delivery.objects.values_list("message", flat=True)) == {Message.REMINDER_SENT}

    def test_names_the_message_that_carried_it_and_when_it_was_meant(self, running):
        running()
        chase(DUE + timedelta(minutes=5))
        assert set(Chase.objects.values_list("rung", "planned_at", "at")) == {
            ("before", DUE - DAY / 4, DUE + timedelta(minutes=5)),
            ("due", DUE, DUE + timedelta(minutes=5)),
        }
        (key,) = set(Chase.objects.values_list("message", flat=True))
        assert set(Delivery.objects.values_list("key", flat=True)) == {f"{key}:portal", f"{key}:push"}

    def test_stands_on_the_timeline_with_its_due_time(self, running):
        referral = running()
        chase(LATE)
        event = Event.objects.get(verb="referral.chased")
        assert event.referral_id == referral.pk and event.disclosed
        assert event.data == {"rung": "late", "due_at": DUE.isoformat()}

    def test_to_the_senders_supervisor_stays_in_the_senders_house(self, running):
        running()
        chase(SUPERVISORS)
        assert dict(Chase.objects.values_list("rung", "disclosed"))["sender_supervisor"] is False
        assert not Event.objects.get(data__rung="sender_supervisor").disclosed
        assert letters(audience="supervisor").filter(sender_id=1).count() == 0

    def test_hurries_the_delivery(self, running, postman, commit):
        running()
        with commit():
            chase(DUE)
        assert len(postman.letters) == 1


class TestNobodyIsChased:
    @pytest.mark.parametrize("ended", ["met_at", "ended_at", "paused_since"])
    def test_for_what_is_answered_withdrawn_or_asked(self, running, ended):
        rows = Obligation.objects.filter(referral=running())
        rows.update(**{ended: STARTED, "chase_at": None, "escalate_at": None})
        assert chase(COMMISSION) == 0

    def test_while_the_ball_is_with_the_sender_and_anew_when_it_is_back(self, running):
        referral = running()
        chase(DUE)
        clocks.stop([referral.pk], at=DUE + timedelta(hours=1))
        assert chase(COMMISSION) == 0
        clocks.go_on([referral.pk], at=COMMISSION)
        assert chase(COMMISSION) == 0, "before and due were said already"
        moved = clock_of(referral)
        assert (moved.round, moved.chase_at) == (1, moved.due_at + DAY / 4)
        chase(moved.chase_at)
        assert list(Chase.objects.order_by("pk").values_list("rung", "round")) == [
            ("before", 0),
            ("due", 0),
            ("late", 1),
        ]

    def test_by_a_ladder_that_leaves_it_out(self, running, unit):
        policy = Policy.objects.create(organisation=unit, version=1, ladder={"late": 200}, created_at=STARTED)
        Obligation.objects.filter(referral=running()).update(policy=policy)
        chase(COMMISSION)
        assert taken() == ["late"]
        assert Chase.objects.get().planned_at == DUE + DAY


class TestQuietHours:
    NIGHT = datetime(2026, 3, 3, 23, tzinfo=UTC)

    @pytest.fixture
    def at_night(self, running):
        """Due at 23:00."""

        def at_night(**facts):
            referral = running(**facts)
            Obligation.objects.filter(referral=referral).update(due_at=self.NIGHT)
            return referral

        return at_night

    def test_let_the_morning_bring_one_message(self, at_night):
        at_night(), at_night()
        chase(self.NIGHT)
        assert taken() == [] and not letters().exists()
        chase(self.NIGHT + timedelta(hours=8) - timedelta(seconds=1))
        assert taken() == []
        assert set(Obligation.objects.values_list("chase_at", flat=True)) == {MORNING}
        chase(MORNING)
        assert letters().get().facts["count"] == 2
        assert taken() == ["before", "before", "due", "due", "late", "late"]

    @pytest.mark.parametrize("facts", [{"urgency": Urgency.LIFE}, {"urgency": Urgency.CRISIS}, {"statutory": True}])
    def test_do_not_count_for_the_law_and_for_lives(self, at_night, facts):
        at_night(**facts)
        chase(self.NIGHT)
        assert taken() == ["before", "due"]

    def test_are_those_of_whoever_is_told(self, running, platform, unit):
        Calendar.objects.create(organisation=unit, quiet_from="06:00", quiet_until="20:00", updated_at=STARTED)
        running()
        chase(SUPERVISORS)
        assert "platform_supervisor" in taken() and "sender_supervisor" not in taken()
        chase(SUPERVISORS + timedelta(hours=9))
        assert "sender_supervisor" in taken()


class TestOneMessage:
    def test_tells_one_contact_of_everything_the_most_urgent_first(self, running, platform):
        later, soon, life = running(), running(sender=ReferralUnitFactory()), running(urgency=Urgency.LIFE)
        Obligation.objects.filter(referral=soon).update(due_at=DUE - DAY / 8)
        chase(DUE)
        letter = letters().get()
        assert [one["reference"] for one in letter.facts["referrals"]] == [
            life.reference,
            soon.reference,
            later.reference,
        ]
        assert (letter.facts["count"], letter.facts["more"], letter.facts["overdue_count"]) == (3, 0, 1)
        assert letter.urgent

    def test_about_several_is_about_none_of_them_and_no_sender_sees_it(self, running, platform, acting):
        first, second = running(), running(sender=ReferralUnitFactory())
        chase(DUE)
        letter = letters().get()
        assert (letter.sender_id, letter.recipient_id) == (platform.pk, platform.pk)
        assert letter.about not in {first.reference, second.reference} and len(letter.about) <= 24

    def test_about_a_single_one_belongs_to_it(self, running, unit):
        referral = running()
        chase(DUE)
        assert (letters().get().about, letters().get().sender_id) == (referral.reference, unit.pk)

    def test_names_a_hundred_and_counts_the_rest(self, running, monkeypatch):
        from apps.deadlines.services import reminding

        monkeypatch.setattr(reminding, "MOST_LISTED", 2)
        for _ in range(3):
            running()
        chase(DUE)
        facts = letters().get().facts
        assert (len(facts["referrals"]), facts["count"], facts["more"]) == (2, 3, 1)
        assert Chase.objects.values("message").distinct().count() == 1

    def test_goes_to_every_contact_point_where_no_backup_is_named(self, running, platform, postman):
        platform.contact_points.filter(purpose=ContactPurpose.BACKUP).delete()
        ContactPointFactory(organisation=platform, purpose=ContactPurpose.USERS, email="users@vidstream.example")
        running()
        chase(MORNING)
        assert [letter.audience for letter in letters()] == [Audience.EVERYONE]
        deliver_pending(at=MORNING)
        assert sorted(address for to, _letter in postman.letters for address in to) == [
            "contact@vidstream.example",
            "users@vidstream.example",
        ]


class TestASupervisor:
    def test_is_an_administrator_where_none_is_named(self, running, platform, unit, postman, commit):
        platform.contact_points.filter(purpose=ContactPurpose.SUPERVISOR).delete()
        administrator = member(platform, Role.ADMINISTRATOR)
        running()
        with commit():
            chase(SUPERVISORS)
        assert [administrator.email] in [to for to, _letter in postman.letters]

    def test_that_nobody_is_leaves_a_rung_that_reached_nobody(self, running, platform):
        platform.contact_points.filter(purpose=ContactPurpose.SUPERVISOR).delete()
        running()
        chase(SUPERVISORS)
        assert Chase.objects.get(rung="platform_supervisor").message == ""
        assert not letters(recipient=platform, audience="supervisor").exists()


class TestTheCommissionsList:
    def test_counts_without_naming(self, running, platform, unit):
        running(), running(), running(area="hate_speech")
        chase(COMMISSION)
        assert set(Escalation.objects.values_list("platform", "area", "day", "age", "count")) == {
            (platform.pk, "terrorism", COMMISSION.date(), "3_days", 2),
            (platform.pk, "hate_speech", COMMISSION.date(), "3_days", 1),
        }
        assert set(Escalation.objects.values_list("organisation", flat=True)) == {None}

    def test_leaves_practice_out(self, running, platform):
        played = {
            "sender": ReferralUnitFactory(sandbox_of=platform),
            "recipient": PlatformFactory(sandbox_of=platform),
        }
        clock = clock_of(running(**played))
        chase(COMMISSION)
        assert clock.chases.filter(rung="commission").exists() and not Escalation.objects.exists()

    def test_adds_up_over_a_day(self, running):
        running()
        chase(COMMISSION)
        running()
        chase(COMMISSION + timedelta(hours=1))
        assert sum(Escalation.objects.values_list("count", flat=True)) == 2


class TestCost:
    @pytest.mark.parametrize("count", [1, 12])
    def test_is_the_same_number_of_statements_for_any_number_of_clocks(self, running, count, django_assert_num_queries):
        for _ in range(count):
            running(sender=ReferralUnitFactory(), recipient=PlatformFactory())
        with django_assert_num_queries(38):
            chase(COMMISSION)

    def test_reads_only_what_is_due(self, running):
        running()
        Obligation.objects.update(chase_at=DUE, escalate_at=DUE)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN SELECT id FROM referrals_obligation WHERE chase_at <= now()")
            plan = " ".join(row[0] for row in cursor.fetchall())
        assert "obligation_to_chase" in plan


def test_organisations_come_most_urgent_first(running):
    from apps.deadlines.ladder import Side
    from apps.deadlines.services.waiting import chunks

    late = running(recipient=PlatformFactory())
    soon, life, law = (
        running(recipient=PlatformFactory(), **facts) for facts in ({}, {"urgency": Urgency.LIFE}, {"statutory": True})
    )
    Obligation.objects.filter(referral=soon).update(due_at=DUE + DAY)
    Obligation.objects.filter(referral=law).update(due_at=DUE - DAY / 8)
    (chunk,) = chunks(Side.PLATFORM, at=DUE)
    assert list(chunk) == [one.recipient_id for one in (law, life, late, soon)]
