"""Looks are planned from claims, made once each, at hosts that are left in peace, and judged by people."""

from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.organisations.models import Capability
from apps.referrals.models import Decision, Item, Referral
from apps.referrals.transitions import State
from apps.taxonomy.outcomes import Outcome
from apps.taxonomy.sharing import Pap
from apps.tenancy.context import acting_as, system
from apps.verification import services
from apps.verification.findings import Finding
from apps.verification.models import Check, Checker, Recheck, Review
from apps.verification.services import checking, planning
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member, principal_for
from tests.factories.referrals import MONDAY

CLAIMED = MONDAY + timedelta(hours=5)  # when the factory's platforms answer


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def switched_on(unit):
    administrator = principal_for(unit, Role.ADMINISTRATOR)
    with acting_as(administrator):
        return services.switch_checker(on=True, by=administrator, at=MONDAY)


def claimed(unit, outcome=Outcome.REMOVED, url="https://video.example/watch/1", **facts):
    """An item whose removal the platform has claimed, on a referral that may be looked at."""
    facts = {"pap": Pap.GREEN, "recipient": PlatformFactory(), "items__host": "video.example", **facts}
    referral = ReferralFactory(sender=unit, state=State.ANSWERED, items__outcome=outcome, items__url=url, **facts)
    item = Item.objects.select_related("referral").get(referral=referral)
    decide(item, outcome, item.decided_at)
    return item


def decide(item, outcome, at):
    person = member(item.recipient, Role.CONTACT_POINT)
    Decision.objects.create(
        sender=item.sender,
        recipient=item.recipient,
        item=item,
        outcome=outcome,
        refusal_reason="OTHER" if outcome == Outcome.NO_ACTION else "",
        decided_at=at,
        channel="web",
        decided_by=person,
    )
    Item.objects.filter(pk=item.pk).update(outcome=outcome, decided_at=at)


def run(at):
    return services.check_due(at=at)


def plan(at=CLAIMED):
    with acting_as(system("verify")):
        return planning.plan(at=at)


def take(at):
    with acting_as(system("verify")):
        return planning.take(at=at)


@pytest.fixture
def found(monkeypatch, open_egress):
    """What the checker will find from now on: `found.append((Finding.GONE, "status_404"))`; the last one stays."""
    from apps.verification.findings import Reason
    from apps.verification.styles import Judgement, Look

    answers = []

    def look_at(address):
        finding, reason = answers.pop(0) if len(answers) > 1 else answers[0]
        return Look(asked=address), Judgement(Finding(finding), Reason(reason))

    monkeypatch.setattr(checking, "look_at", look_at)
    return answers


GONE, THERE, AWAY = ("gone", "status_404"), ("still_there", "page"), ("unreachable", "timeout")


class TestPlanning:
    def test_looks_follow_a_claim_after_1_7_and_30_days(self, unit, switched_on):
        item = claimed(unit)
        assert plan() == 3
        assert plan() == 0
        due = Recheck.objects.filter(item=item).order_by("due_at").values_list("after_days", "due_at")
        assert list(due) == [(days, CLAIMED + timedelta(days=days)) for days in (1, 7, 30)]

    @pytest.mark.parametrize("pap", [Pap.RED, Pap.AMBER])
    def test_nothing_where_active_contact_is_not_allowed(self, unit, switched_on, pap):
        claimed(unit, pap=pap)
        assert plan() == 0

    @pytest.mark.parametrize("pap", [Pap.GREEN, Pap.CLEAR])
    def test_something_where_it_is(self, unit, switched_on, pap):
        claimed(unit, pap=pap)
        assert plan() == 3

    @pytest.mark.parametrize(
        "facts",
        [
            {"area": "csam"},
            {"keywords": ["KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"]},
            {"keywords": ["KEYWORD_TERRORIST_CONTENT", "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS"]},
        ],
    )
    def test_nothing_in_the_child_abuse_lane(self, unit, switched_on, facts):
        claimed(unit, **facts)
        assert plan() == 0

    @pytest.mark.parametrize("outcome", [Outcome.NO_ACTION, Outcome.DEMOTED, Outcome.DISABLED_COUNTRIES])
    def test_nothing_where_no_removal_is_claimed_that_could_be_seen(self, unit, switched_on, outcome):
        claimed(unit, outcome=outcome)
        assert plan() == 0

    def test_nothing_for_whoever_has_not_switched_it_on(self, unit):
        claimed(unit)
        assert plan() == 0

    def test_nothing_of_before_it_was_switched_on(self, unit, request):
        claimed(unit)
        request.getfixturevalue("switched_on")
        assert plan() == 0

    def test_nothing_in_a_sandbox_even_if_its_switch_were_on(self, unit, switched_on):
        platform = PlatformFactory()
        made_up = ReferralUnitFactory(sandbox_of=platform)
        administrator = member(made_up, Role.ADMINISTRATOR)
        Checker.objects.create(organisation=made_up, is_on=True, changed_at=MONDAY, changed_by=administrator)
        claimed(made_up, recipient=PlatformFactory(sandbox_of=platform))
        assert plan() == 0

    def test_nothing_of_another_sender(self, unit, switched_on):
        claimed(ReferralUnitFactory())
        assert plan() == 0

    def test_goes_on_from_what_it_has_seen_and_misses_no_late_decision(self, unit, switched_on):
        claimed(unit)
        plan(at=CLAIMED + timedelta(hours=1))
        seen = Checker.objects.get().decisions_seen
        assert seen == Decision.objects.latest("pk").pk
        claimed(unit)
        assert plan(at=CLAIMED + timedelta(minutes=5)) == 3
        assert Checker.objects.get().decisions_seen == seen


class TestTaking:
    def test_takes_nothing_before_it_is_due(self, unit, switched_on):
        claimed(unit)
        plan()
        assert take(CLAIMED + timedelta(hours=23, minutes=59)) is None
        assert take(CLAIMED + timedelta(hours=24)).url == "https://video.example/watch/1"

    def test_asks_one_host_one_at_a_time_and_after_a_pause(self, unit, switched_on, settings):
        settings.CHECKER_GAP_SECONDS = 2
        claimed(unit), claimed(unit, url="https://video.example/watch/2")
        plan()
        at = CLAIMED + timedelta(days=1)
        first = take(at)
        assert first and take(at) is None
        Recheck.objects.filter(pk=first.pk).update(done_at=at, lease_until=None)
        assert take(at + timedelta(seconds=1)) is None
        assert take(at + timedelta(seconds=3)).url != first.url

    def test_takes_again_what_a_dead_worker_held(self, unit, switched_on):
        claimed(unit)
        plan()
        at = CLAIMED + timedelta(days=1)
        first = take(at)
        assert take(at + timedelta(minutes=4)) is None
        assert take(at + timedelta(minutes=6)).pk == first.pk

    @pytest.mark.parametrize(
        ("change", "skipped"),
        [
            (lambda item: Checker.objects.update(is_on=False), "switched_off"),
            (lambda item: Referral.objects.update(pap=Pap.RED), "not_allowed"),
            (lambda item: decide(item, Outcome.NO_ACTION, CLAIMED + timedelta(hours=1)), "superseded"),
        ],
        ids=["switched off", "no longer allowed", "corrected"],
    )
    def test_what_must_not_be_made_any_more_is_neither_taken_nor_kept(self, unit, switched_on, change, skipped):
        item, at = claimed(unit), CLAIMED + timedelta(days=1)
        plan()
        change(item)
        assert take(at) is None
        plan(at=at)
        assert Recheck.objects.get(done_at=at, item=item, after_days=1).skipped == skipped

    def test_after_an_outage_the_last_of_the_looks_is_made(self, unit, switched_on, found):
        claimed(unit)
        found.append(GONE)
        assert run(CLAIMED + timedelta(days=40)) == 1
        assert Check.objects.get().after_days == 30


class TestLooking:
    def test_is_off_without_a_way_out_of_its_own(self, unit, switched_on, settings):
        settings.CHECKER_DIRECT, settings.CHECKER_PROXY_URL = False, ""
        claimed(unit)
        assert run(CLAIMED + timedelta(days=1)) == 0
        assert not Recheck.objects.exists()

    def test_writes_down_what_a_real_server_answers(self, unit, switched_on, site):
        item = claimed(unit, url=site.url_for("/status-410/content"))
        assert run(CLAIMED + timedelta(days=1)) == 1
        check = Check.objects.get(item=item)
        assert (check.finding, check.reason, check.http_status) == ("gone", "status_410", 410)
        assert (check.final_host, check.source, check.disclosed) == ("127.0.0.1", "checker", False)
        assert Decision.objects.get(item=item).outcome == Outcome.REMOVED

    def test_each_look_is_made_once(self, unit, switched_on, found):
        claimed(unit)
        found.append(GONE)
        made = [run(CLAIMED + timedelta(days=days)) for days in (0, 1, 1, 2, 7, 8, 30, 31, 90)]
        assert made == [0, 1, 0, 0, 1, 0, 1, 0, 0]
        assert list(Check.objects.order_by("at").values_list("after_days", flat=True)) == [1, 7, 30]

    def test_is_tried_again_where_nothing_answers_three_times_in_all(self, unit, switched_on, found):
        claimed(unit)
        found.append(AWAY)
        at = CLAIMED + timedelta(days=1)
        assert [run(at + timedelta(hours=hours)) for hours in (0, 1, 5, 10)] == [0, 0, 0, 1]
        assert Check.objects.get().finding == Finding.UNREACHABLE

    def test_a_look_that_took_longer_than_its_lease_is_dropped(self, unit, switched_on, found, monkeypatch):
        claimed(unit)
        found.append(GONE)
        at = CLAIMED + timedelta(days=1)
        real = checking.look_at

        def slow(address):
            Recheck.objects.update(lease_until=at + timedelta(minutes=30))
            return real(address)

        monkeypatch.setattr(checking, "look_at", slow)
        with acting_as(system("verify")):
            assert run(at) == 0
        assert not Check.objects.exists()


class TestWhatIsBack:
    def test_opens_a_review_linked_to_the_item(self, unit, switched_on, found):
        item = claimed(unit)
        found[:] = [GONE, THERE]
        assert [run(CLAIMED + timedelta(days=days)) for days in (1, 7)] == [1, 1]
        review = Review.objects.get()
        assert (review.item, review.kind, review.state, review.disclosed) == (item, "back_again", "waiting", False)
        assert review.gone_at.date() == (CLAIMED + timedelta(days=1)).date()
        assert review.check_made.after_days == 7

    def test_what_was_never_gone_is_still_there(self, unit, switched_on, found):
        claimed(unit)
        found.append(THERE)
        run(CLAIMED + timedelta(days=1))
        run(CLAIMED + timedelta(days=7))
        assert Review.objects.get().kind == "still_there"

    def test_what_was_dismissed_comes_back_only_if_it_was_gone_in_between(self, unit, switched_on, found):
        officer = principal_for(unit, Role.OFFICER)
        item = claimed(unit)
        found[:] = [THERE, THERE, THERE]
        run(CLAIMED + timedelta(days=1))
        with acting_as(officer):
            services.dismiss(item, by=officer, at=CLAIMED + timedelta(days=2))
        run(CLAIMED + timedelta(days=7))
        assert Review.objects.count() == 1
        with acting_as(officer):
            services.check_by_hand(item, finding="gone", by=officer, at=CLAIMED + timedelta(days=9))
        found[:] = [THERE]
        run(CLAIMED + timedelta(days=30))
        assert list(Review.objects.order_by("pk").values_list("kind", "state")) == [
            ("still_there", "dismissed"),
            ("back_again", "waiting"),
        ]

    def test_nothing_where_the_finding_says_nothing(self, unit, switched_on, found):
        claimed(unit)
        found.append(("login_wall", "sign_in"))
        run(CLAIMED + timedelta(days=1))
        assert Check.objects.exists() and not Review.objects.exists()


class TestTheSwitch:
    def test_is_audited(self, unit, switched_on):
        assert AuditEntry.objects.get(verb="checker.switched").details == {"on": True}

    def test_is_not_for_platforms_or_sandboxes(self):
        made_up = ReferralUnitFactory(sandbox_of=PlatformFactory(), capabilities=[Capability.REFER])
        for organisation in (PlatformFactory(), made_up):
            administrator = principal_for(organisation, Role.ADMINISTRATOR)
            with acting_as(administrator), pytest.raises(services.CheckerRefused):
                services.switch_checker(on=True, by=administrator, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_looks_as_well_though_it_does_not_know_this_app(open_egress):
    from apps.deadlines.management.commands.sweep import sweep

    assert sweep()["verification.check_due"] == 0
