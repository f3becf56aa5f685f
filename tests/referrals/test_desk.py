from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals import selectors, services
from apps.referrals.desk import tracking_of
from apps.referrals.models import Event, Item, Tracking
from apps.referrals.selectors import Wanted
from apps.referrals.services import Answer, AssigneeRefused, DeskCode, SnoozePast
from apps.referrals.services.desk import NumberTooLong
from apps.taxonomy.outcomes import Outcome
from apps.tenancy import managers
from tests.factories import ItemFactory, PlatformFactory, ReferralFactory, member, principal_for
from tests.factories.referrals import MONDAY

LATER = MONDAY + timedelta(days=2)
NEXT_WEEK = MONDAY + timedelta(days=7)


@pytest.fixture
def platform():
    return PlatformFactory.create()


@pytest.fixture
def ann(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def ben(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def make(platform):
    """References of the items of a new referral."""

    def make(**facts):
        facts = {"recipient": platform, "state": "received", "due_at": MONDAY + timedelta(days=4), **facts}
        return [item.reference for item in ReferralFactory.create(**facts).items.order_by("pk")]

    return make


def codes(results):
    return [one.code for one in results]


class TestClaiming:
    def test_puts_an_item_on_ones_own_desk(self, acting, make, ann):
        items = make(items=2)
        with acting(ann):
            results = services.claim(items, by=ann, at=MONDAY)
        assert [(one.item, one.result, one.code) for one in results] == [(item, "done", None) for item in items]
        assert set(Tracking.objects.values_list("assignee", "assigned_at")) == {(ann.user_id, MONDAY)}

    def test_leaves_to_a_colleague_what_is_theirs(self, acting, make, ann, ben):
        items = make(items=2)
        with acting(ben):
            services.claim(items[:1], by=ben, at=MONDAY)
        with acting(ann):
            assert codes(services.claim(items, by=ann, at=MONDAY)) == [DeskCode.HELD, None]
        assert Tracking.objects.get(item__reference=items[0]).assignee_id == ben.user_id

    def test_twice_changes_nothing(self, acting, make, ann):
        items = make()
        with acting(ann):
            services.claim(items, by=ann, at=MONDAY)
            assert codes(services.claim(items, by=ann, at=LATER)) == [None]

    def test_says_of_each_why_it_was_left(self, acting, make, ann):
        theirs = make(recipient=PlatformFactory.create())
        unsent, answered, mine = make(state="draft"), make(state="answered"), make()
        with acting(ann):
            results = services.claim(["I-X", *theirs, *unsent, *answered, *mine], by=ann, at=MONDAY)
        assert codes(results) == [*[DeskCode.NOT_FOUND] * 3, DeskCode.NOT_OPEN, None]


class TestAssigning:
    def test_takes_over_whoever_had_it(self, acting, make, ann, ben):
        items = make()
        with acting(ben):
            services.claim(items, by=ben, at=MONDAY)
            services.assign(items, to=ann.email.upper(), by=ben, at=MONDAY)
        assert Tracking.objects.get().assignee_id == ann.user_id
        assert AuditEntry.objects.get(verb="item.assigned").details == {"references": items, "assignee": ann.user_id}

    def test_is_only_to_members_who_may_answer(self, acting, make, platform, ann):
        strangers = [
            member(platform, Role.ADMINISTRATOR),
            member(PlatformFactory.create(), Role.CONTACT_POINT),
            member(platform, Role.CONTACT_POINT, is_active=False),
        ]
        items = make()
        for stranger in strangers:
            with acting(ann), pytest.raises(AssigneeRefused):
                services.assign(items, to=stranger.email, by=ann, at=MONDAY)
        assert not Tracking.objects.exists()

    def test_is_undone_by_releasing(self, acting, make, ann, ben):
        items = make()
        with acting(ben):
            services.claim(items, by=ben, at=MONDAY)
        with acting(ann):
            services.release(items, by=ann, at=MONDAY)
        assert list(Tracking.objects.values_list("assignee", "assigned_at")) == [(None, None)]


class TestPuttingOff:
    def awake(self, by, at):
        found = selectors.items(by, Wanted(states=("open",), awake=True), at=at)
        return set(found.values_list("reference", flat=True))

    def test_hides_items_until_then(self, acting, make, ann):
        (put_off,), (other,) = make(due_at=NEXT_WEEK), make(due_at=NEXT_WEEK)
        with acting(ann):
            (result,) = services.snooze([put_off], until=LATER, by=ann, at=MONDAY)
            assert (result.result, result.until) == ("done", LATER)
            assert self.awake(ann, MONDAY) == {other}
            assert self.awake(ann, LATER) == {put_off, other}

    def test_ends_four_hours_before_they_are_due(self, acting, make, ann):
        due_at = MONDAY + timedelta(days=1)
        (item,) = make(due_at=due_at)
        with acting(ann):
            (result,) = services.snooze([item], until=NEXT_WEEK, by=ann, at=MONDAY)
            assert result.until == due_at - timedelta(hours=4)
            assert self.awake(ann, due_at - timedelta(hours=5)) == set()
            assert self.awake(ann, due_at - timedelta(hours=4)) == {item}

    def test_never_hides_what_has_become_due_meanwhile(self, acting, make, ann):
        """Its clock had not started when it was put off."""
        (item,) = make(state="sent", due_at=None)
        with acting(ann):
            services.snooze([item], until=NEXT_WEEK, by=ann, at=MONDAY)
            assert self.awake(ann, MONDAY) == set()
        Item.objects.update(due_at=MONDAY + timedelta(hours=1))
        with acting(ann):
            assert self.awake(ann, MONDAY) == {item}
            assert not selectors.items(ann, Wanted(desk="snoozed"), at=MONDAY).exists()

    def test_is_refused_for_what_is_due_at_once(self, acting, make, ann):
        items = make(due_at=MONDAY + timedelta(hours=4)) + make(due_at=MONDAY - timedelta(hours=1)) + make()
        with acting(ann):
            assert codes(services.snooze(items, until=LATER, by=ann, at=MONDAY)) == [*[DeskCode.DUE_SOON] * 2, None]
        assert Tracking.objects.count() == 1

    def test_is_refused_into_the_past(self, acting, make, ann):
        items = make()
        with acting(ann), pytest.raises(SnoozePast):
            services.snooze(items, until=MONDAY, by=ann, at=MONDAY)

    def test_can_be_ended(self, acting, make, ann):
        items = make()
        with acting(ann):
            services.snooze(items, until=LATER, by=ann, at=MONDAY)
            services.wake(items, by=ann, at=MONDAY)
            assert self.awake(ann, MONDAY) == {*items}


class TestNumbers:
    def test_are_each_items_own(self, acting, make, ann):
        one, two = make(items=2)
        with acting(ann):
            services.claim([one], by=ann, at=MONDAY)
            services.number({one: "T-1", two: "T-2"}, by=ann, at=LATER)
        rows = Tracking.objects.order_by("number").values_list("item__reference", "number", "assignee")
        assert list(rows) == [(one, "T-1", ann.user_id), (two, "T-2", None)]

    def test_may_be_given_to_what_is_answered(self, acting, make, ann):
        items = make(state="answered")
        with acting(ann):
            assert codes(services.number(dict.fromkeys(items, "T-1"), by=ann, at=MONDAY)) == [None]

    def test_have_a_length(self, acting, make, ann):
        items = make()
        with acting(ann), pytest.raises(NumberTooLong):
            services.number(dict.fromkeys(items, "x" * 101), by=ann, at=MONDAY)


class TestTheNextOne:
    def next(self, by, **wanted):
        found = services.take_next(Wanted(awake=True, **wanted), by=by, at=MONDAY)
        return found and found.reference

    def test_is_what_is_due_first_and_then_ones_own(self, acting, make, ann, ben):
        (later,), (sooner,) = make(due_at=NEXT_WEEK), make(due_at=LATER)
        with acting(ann):
            assert self.next(ann) == self.next(ann) == sooner
        with acting(ben):
            assert self.next(ben) == later
            assert Tracking.objects.get(item__reference=later).assignee_id == ben.user_id

    def test_is_danger_to_life_before_all_else(self, acting, make, ann):
        make(due_at=LATER)
        (danger,) = make(urgency="life", state="sent", due_at=None)
        with acting(ann):
            assert self.next(ann) == danger

    def test_keeps_to_the_filter_and_to_what_is_not_put_off(self, acting, make, ann):
        (put_off,), (other,) = make(due_at=LATER), make(due_at=NEXT_WEEK, category="STATEMENT_CATEGORY_VIOLENCE")
        make(due_at=LATER)
        with acting(ann):
            services.snooze([put_off], until=MONDAY + timedelta(hours=1), by=ann, at=MONDAY)
            assert self.next(ann, category="STATEMENT_CATEGORY_VIOLENCE") == other

    def test_is_none_where_nothing_waits(self, acting, make, ann):
        make(state="answered")
        with acting(ann):
            assert self.next(ann) is None


class TestTheWorklist:
    def found(self, by, part):
        return set(
            selectors.items(by, Wanted(desk=part, states=("open",)), at=MONDAY).values_list("reference", flat=True)
        )

    def test_knows_whose_is_what(self, acting, make, ann, ben):
        (mine,), (bens,), (nobodys,) = make(), make(), make()
        with acting(ben):
            services.claim([bens], by=ben, at=MONDAY)
        with acting(ann):
            services.claim([mine], by=ann, at=MONDAY)
            services.number({nobodys: "T-1"}, by=ann, at=MONDAY)
            assert self.found(ann, "mine") == {mine}
            assert self.found(ann, "unassigned") == {nobodys}
            assert self.found(ann, "free") == {mine, nobodys}

    def test_does_not_depend_on_how_much_is_on_the_desk(self, acting, make, ann, monkeypatch):
        items = make(items=3)
        with acting(ann):
            services.claim(items, by=ann, at=MONDAY)
            monkeypatch.setattr("apps.referrals.desk.FEW", 2)
            assert self.found(ann, "mine") == {*items}

    def test_loses_what_is_answered(self, acting, make, ann):
        items = make()
        with acting(ann):
            services.claim(items, by=ann, at=MONDAY)
            services.snooze(items, until=LATER, by=ann, at=MONDAY)
            services.answer([Answer(item=items[0], outcome=Outcome.NOT_FOUND)], channel="web", by=ann, at=MONDAY)
        assert list(Tracking.objects.values_list("is_done", "snoozed_until", "assignee")) == [(True, None, ann.user_id)]


class TestPrivacy:
    def test_neither_net_shows_a_sender_anything(self, acting, make, ann):
        items = make()
        with acting(ann):
            services.claim(items, by=ann, at=MONDAY)
            services.number(dict.fromkeys(items, "T-1"), by=ann, at=MONDAY)
        sender = principal_for(Item.objects.get().sender, Role.OFFICER)
        with acting(sender):
            assert not Tracking.objects.exists()
            assert tracking_of(sender, list(Item.objects.values_list("pk", flat=True))) == {}
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(managers, "rows_of", lambda rows, context: rows)
                assert not Tracking.objects.exists(), "row-level security alone"
        assert not Event.objects.filter(referral__recipient=ann.organisation_id).exists()

    def test_nothing_can_be_noted_about_what_was_sent_to_another(self, acting, make, ann):
        theirs = Item.objects.get(reference=make(recipient=PlatformFactory.create())[0])
        with acting(ann):
            Tracking.objects.create(
                organisation_id=ann.organisation_id,
                sender_id=theirs.sender_id,
                item_id=theirs.pk,
                changed_at=MONDAY,
                changed_by_id=ann.user_id,
            )
        with pytest.raises(DatabaseError, match="tracking_of_an_item_sent_to_its_organisation"), transaction.atomic():
            connection.check_constraints()
        Tracking.objects.all().delete()


@pytest.mark.parametrize("act", ["claim", "release", "wake"])
@pytest.mark.parametrize("count", [1, 300])
def test_an_act_costs_three_statements_for_any_number_of_items(
    acting, make, ann, act, count, django_assert_num_queries
):
    referral = Item.objects.get(reference=make()[0]).referral
    ItemFactory.create_batch(count - 1, referral=referral)
    items = list(Item.objects.values_list("reference", flat=True))
    with acting(ann), django_assert_num_queries(5):  # savepoint; items, what is written, log; release
        getattr(services, act)(items, by=ann, at=MONDAY)
