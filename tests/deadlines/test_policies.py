from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.deadlines import services
from apps.deadlines.policies import Difference, Line, differences, newest_of, versions_of
from apps.deadlines.simulation import simulate
from apps.organisations.models import Calendar
from apps.referrals import clocks
from apps.referrals.clockwork import Act, Moment, read
from apps.referrals.models import Obligation, Policy, Referral
from apps.referrals.terms import Book, Kind, planned
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.referrals.test_clocks import delivery

LATER = MONDAY + timedelta(days=1)
DAY = Line(urgency="day", amount=12, unit="hours")
TERRORISM = Line(instrument="referral", area="terrorism", urgency="hour", amount=2, unit="hours")
ANYTHING = Line(amount=5, unit="working_days")


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def platform():
    return PlatformFactory()


@pytest.fixture
def author(unit):
    return principal_for(unit, Role.ADMINISTRATOR)


def save(by, *lines, based_on=0, ladder=None, at=MONDAY, note=""):
    with acting_as(by):
        return services.save_policy(lines, ladder=ladder or {}, note=note, based_on=based_on, by=by, at=at)


def started(**facts):
    """A referral whose clocks the portal has started itself."""
    at = facts.pop("at", MONDAY)
    referral = ReferralFactory(state=State.SENT, **facts)
    delivery(referral, received_at=at)
    with acting_as(system("start clocks")):
        clocks.start_clocks()
    return referral


class TestSaving:
    def test_writes_versions_that_stay(self, unit, author):
        assert (save(author, DAY, note="First."), save(author, DAY, TERRORISM, based_on=1, at=LATER)) == (1, 2)

        newest, first = versions_of(unit.pk)

        assert (newest.number, list(newest.lines), newest.made_by) == (2, [DAY, TERRORISM], author.user_id)
        assert (first.number, list(first.lines), first.note, first.at) == (1, [DAY], "First.", MONDAY)

    def test_leaves_a_trace(self, unit, author):
        save(author, DAY)

        entry = AuditEntry.objects.get(verb="policy.saved")
        assert (entry.organisation_id, entry.actor_id, entry.details) == (
            unit.pk,
            author.user_id,
            {"version": 1, "lines": 1},
        )

    def test_of_a_stale_version_is_refused(self, unit, author):
        save(author, DAY)

        with pytest.raises(services.PolicyHasChanged):
            save(author, TERRORISM, based_on=0)
        assert list(newest_of(unit.pk).lines) == [DAY]

    def test_of_the_same_again_is_refused(self, author):
        save(author, DAY)

        with pytest.raises(services.NothingHasChanged):
            save(author, DAY, based_on=1)

    def test_of_two_lines_about_the_same_is_refused(self, author):
        with pytest.raises(services.LineIsDoubled):
            save(author, DAY, replace(DAY, amount=1))

    @pytest.mark.parametrize(
        ("amount", "unit_name"), [(0, "hours"), (8761, "hours"), (101, "working_days"), (1, "months")]
    )
    def test_of_a_time_that_cannot_be_counted_is_refused(self, author, amount, unit_name):
        with pytest.raises(services.LimitOutOfReach):
            save(author, Line(amount=amount, unit=unit_name))

    @pytest.mark.parametrize("ladder", [{"attic": 100}, {"late": -1}, {"late": 10_001}, {"late": 0}])
    def test_of_a_ladder_that_cannot_be_climbed_is_refused(self, author, ladder):
        with pytest.raises(services.LadderOutOfReach):
            save(author, DAY, ladder=ladder)

    def test_of_another_ladder_alone_is_a_new_version(self, unit, author):
        save(author, DAY)
        save(author, DAY, based_on=1, ladder={"late": 130})

        assert newest_of(unit.pk).ladder == {"late": 130}

    def test_of_no_lines_goes_back_to_the_portals_own(self, unit, author):
        save(author, DAY)
        save(author, based_on=1)

        assert newest_of(unit.pk).lines == []

    def test_writes_for_the_acting_organisation_alone(self, platform, author):
        save(author, DAY)

        assert newest_of(platform.pk) is None


class TestDifferences:
    def test_are_new_changed_and_gone_lines(self):
        longer = replace(DAY, amount=20)

        assert differences([DAY, ANYTHING], [longer, TERRORISM]) == [
            Difference(DAY, longer),
            Difference(None, TERRORISM),
            Difference(ANYTHING, None),
        ]

    def test_are_none_between_equals(self):
        assert differences([DAY, ANYTHING], [ANYTHING, DAY]) == []


class TestOldObligations:
    def test_keep_their_terms_and_new_ones_follow_the_new_version(self, unit, author, platform):
        save(author, DAY, at=MONDAY - timedelta(days=9))
        old = started(sender=unit, recipient=platform)
        save(author, replace(DAY, amount=3), based_on=1, at=MONDAY + timedelta(hours=1))
        new = started(sender=unit, recipient=platform, at=MONDAY + timedelta(hours=2))

        found = {row.referral_id: row for row in Obligation.objects.all()}
        assert found[old.pk].due_at == MONDAY + timedelta(hours=12)
        assert found[new.pk].due_at == MONDAY + timedelta(hours=5)
        assert [Policy.objects.get(pk=found[one.pk].policy_id).version for one in (old, new)] == [1, 2]


class TestSimulation:
    def test_counts_what_would_change(self, unit, author, platform):
        for urgency in ("day", "day", "standard"):
            started(sender=unit, recipient=platform, urgency=urgency)
        started(sender=ReferralUnitFactory(), recipient=platform)

        with acting_as(author):
            found = simulate([DAY], by=author, at=MONDAY + timedelta(hours=13))

        assert (found.total, found.earlier, found.later, found.same, found.overdue) == (3, 2, 0, 1, 2)
        assert {(one.urgency, one.total) for one in found.tallies} == {("day", 2), ("standard", 1)}
        assert {(one.before, one.after) for one in found.examples} == {
            (MONDAY + timedelta(hours=24), MONDAY + timedelta(hours=12))
        }

    def test_writes_nothing(self, unit, author, platform):
        started(sender=unit, recipient=platform)
        before = list(Obligation.objects.values())

        with acting_as(author):
            simulate([DAY], by=author, at=LATER)

        assert list(Obligation.objects.values()) == before
        assert not Policy.objects.exists()

    def test_leaves_out_what_is_answered(self, unit, author, platform):
        started(sender=unit, recipient=platform)
        clocks.meet([Referral.objects.get().pk], at=MONDAY + timedelta(hours=2))

        with acting_as(author):
            assert simulate([DAY], by=author, at=LATER).total == 0

    def test_what_stands_still_is_not_late(self, unit, author, platform):
        referral = started(sender=unit, recipient=platform)
        clocks.stop([referral.pk], at=MONDAY + timedelta(hours=1))

        with acting_as(author):
            found = simulate([DAY], by=author, at=MONDAY + timedelta(hours=13))

        assert (found.earlier, found.overdue) == (1, 0)

    def test_asks_as_many_queries_for_many_as_for_few(self, unit, author, platform, django_assert_num_queries):
        for _ in range(6):
            started(sender=unit, recipient=platform)

        with acting_as(author), django_assert_num_queries(4):
            simulate([DAY], by=author, at=LATER)


class TestTheSimulationIsWhatTheTermsSay:
    """Every open referral of a random world, counted the slow way by `planned` and `read`."""

    @pytest.mark.parametrize("seed", range(6))
    def test_for_senders_and_platforms(self, seed):
        draw = Random(seed)
        world = World(draw)
        for owner in world.owners:
            lines = world.lines()
            with acting_as(owner):
                found = simulate(lines, by=owner, at=world.now)
            assert found == slowly(lines, found, by=owner, at=world.now)
            assert found.total > 0


class World:
    def __init__(self, draw):
        self.draw, self.now = draw, datetime(2026, 4, 28, 12, tzinfo=UTC)
        units = [ReferralUnitFactory() for _ in range(2)]
        platforms = [
            PlatformFactory(country=country, time_zone=zone, profile=size)
            for country, zone, size in (("DE", "Europe/Berlin", "vlop"), ("PT", "Europe/Lisbon", "small"))
        ]
        Calendar.objects.create(organisation=platforms[0], weekdays=[1, 2, 3], updated_at=MONDAY)
        people = [principal_for(one, Role.ADMINISTRATOR) for one in (*units, *platforms)]
        self.owners = people
        for number, person in enumerate(people):
            save(person, *self.lines(), at=datetime(2026, 3, 24 + number, tzinfo=UTC))
        self.referrals = [self._referral(draw.choice(units), draw.choice(platforms)) for _ in range(30)]
        with acting_as(system("start clocks")):
            clocks.start_clocks()
        for referral in self.referrals:
            self._live(referral)

    def lines(self):
        found = {
            line.about: line
            for line in (
                Line(
                    instrument=self.draw.choice(["", "referral", "notice"]),
                    area=self.draw.choice(["", "terrorism", "food"]),
                    urgency=self.draw.choice(["", "hour", "day"]),
                    size_class=self.draw.choice(["", "vlop", "small"]),
                    amount=self.draw.randint(1, 30),
                    unit=self.draw.choice(["hours", "calendar_days", "working_days"]),
                )
                for _ in range(5)
            )
        }
        return list(found.values())

    def _referral(self, sender, recipient):
        referral = ReferralFactory(
            state=State.SENT,
            sender=sender,
            recipient=recipient,
            instrument=self.draw.choice(["referral", "notice"]),
            area=self.draw.choice(["terrorism", "food"]),
            urgency=self.draw.choice(["hour", "day", "standard"]),
        )
        begin = datetime(2026, 3, 23, tzinfo=UTC)
        delivery(referral, received_at=begin + timedelta(minutes=self.draw.randint(0, 20_000)))
        return referral

    def _live(self, referral):
        """Questions and answers of some; now and then a question is still open."""
        at = Referral.objects.get(pk=referral.pk).received_at
        for number in range(self.draw.choice([0, 0, 1, 2, 3])):
            at += timedelta(minutes=self.draw.randint(1, 4000))
            (clocks.go_on if number % 2 else clocks.stop)([referral.pk], at=at)


def slowly(lines, found, *, by, at):
    """The same simulation from one referral at a time; the examples are those found, checked one by one."""
    mine = "sender_id" if by.organisation.sends else "recipient_id"
    open_ones = Referral.objects.filter(**{mine: by.organisation_id}, obligations__isnull=False).distinct()
    tallies = {(tally.instrument, tally.urgency): [0, 0, 0, 0] for tally in found.tallies}
    changes = {}
    for referral in open_ones:
        before, after, is_paused = due_times(referral, lines, by)
        counts = tallies[referral.instrument, referral.urgency]
        counts[0 if after < before else 1 if after > before else 2] += 1
        counts[3] += not is_paused and after < at <= before
        if after != before:
            changes[referral.reference] = (before, after)
    assert all(changes[one.reference] == (one.before, one.after) for one in found.examples)
    told = [
        replace(tally, earlier=counts[0], later=counts[1], same=counts[2], overdue=counts[3])
        for tally, counts in ((tally, tallies[tally.instrument, tally.urgency]) for tally in found.tallies)
    ]
    return replace(found, tallies=told)


def due_times(referral, lines, by):
    rows = list(Obligation.objects.filter(referral=referral))
    kind = Kind(
        sender_id=referral.sender_id,
        recipient_id=referral.recipient_id,
        instrument=referral.instrument,
        area=referral.area,
        urgency=referral.urgency,
    )
    house = by.organisation_id
    book = Book.of({referral.sender_id, referral.recipient_id}).with_draft(house, [one.unsaved(house) for one in lines])
    stops = clocks.reading_of(rows[0]).stops
    history = [Moment(Act.START, rows[0].started_at)]
    for stop in stops:
        history.append(Moment(Act.STOP, stop.since))
        if stop.until:
            history.append(Moment(Act.GO_ON, stop.until))
    after = min(read(history, plan.terms).due_at for plan in planned(kind, book, at=rows[0].started_at))
    return min(row.due_at for row in rows), after, bool(stops and stops[-1].until is None)
