import json
import stat
from datetime import timedelta
from random import Random

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Q
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Membership
from apps.core.references import normalise
from apps.deadlines.models import Chase
from apps.deadlines.services import chase
from apps.delivery.contacts import houses
from apps.delivery.models import ContactHealth, Delivery, Endpoint
from apps.delivery.webhooks.messages import keys_of
from apps.organisations.data import starter_directory
from apps.organisations.models import ContactPoint, Domain, Organisation
from apps.portal.demo import seeding
from apps.portal.demo.cast import PASSWORD, PLATFORMS, SENDERS
from apps.portal.demo.stories import year_of_work
from apps.referrals.clocks import start_clocks
from apps.referrals.intake.addresses import read_address
from apps.referrals.models import Decision, Event, Item, Obligation, Referral, Statement
from apps.referrals.services import Answer
from apps.referrals.services.answer_rules import first_problem
from apps.referrals.transitions import State
from apps.statistics.models import Compilation
from apps.taxonomy.outcomes import RESTRICTIONS, Outcome
from tests.statements.checker import faults

NOW = timezone.now()
SCALE = seeding.Scale(140, fresh=0.5)


@pytest.fixture
def year():
    seeding.seed(SCALE, draw=Random(1), now=NOW, done=lambda count: None)


def stories(number, referrals=100):
    return list(year_of_work(SENDERS, PLATFORMS, referrals=referrals, fresh=0.2, draw=Random(number), now=NOW))


class TestStories:
    def test_the_same_seed_gives_the_same_year(self):
        assert stories(1) == stories(1) != stories(2)

    def test_there_are_as_many_referrals_as_were_asked_for(self):
        assert sum(len(case.referrals) for case in stories(3, referrals=137)) == 137

    def test_most_items_are_removed(self):
        items = [item for case in stories(4, 3_000) for referral in case.referrals for item in referral.items]
        decided = [item for item in items if item.outcome]
        assert 0.89 < sum(item.outcome == Outcome.REMOVED for item in decided) / len(decided) < 0.93


@pytest.mark.usefixtures("year")
class TestTheYear:
    def test_has_referrals_in_every_state(self):
        states = set(Referral.objects.values_list("state", flat=True))
        assert set(State) - states <= {State.SENT}  # those on their way are there for a moment only

    def test_counts_what_it_holds(self):
        counted = Referral.objects.annotate(
            held=Count("items"), still_open=Count("items", filter=Q(items__state="open"))
        )
        assert not counted.exclude(held=F("item_count"), still_open=F("open_count")).exists()

    def test_has_platforms_that_have_taken_over_their_entries(self):
        joined = Organisation.objects.filter(kind="platform", memberships__isnull=False).distinct()
        assert {one.standing for one in joined} == {"claimed"} and joined.count() == len(PLATFORMS)
        assert set(Organisation.objects.filter(slug__in=["streamhub"]).values_list("standing")) == {("claimed",)}

    def test_has_one_system_that_is_connected_and_stands_still(self):
        endpoint = Endpoint.objects.get()
        assert (endpoint.organisation.slug, endpoint.state) == ("streamhub", "paused")
        assert set(endpoint.knocks.values_list("kind", "succeeded")) == {("challenge", True), ("test", True)}
        assert keys_of(endpoint, at=NOW)[0].public == endpoint.keys.get().public_key

    def test_asks_no_contact_point_at_once_whether_it_is_still_the_right_one(self):
        assert all(house.is_reachable for house in houses() if house.slug in {one.slug for one in PLATFORMS})
        proven = ContactHealth.objects.filter(last_verified_at__gte=NOW - timedelta(days=15))
        assert proven.count() == ContactPoint.objects.exclude(verified_at=None).count() > 0

    def test_lies_in_the_past_and_in_order(self):
        assert Event.objects.aggregate(last=Max("at"))["last"] < NOW
        assert not Event.objects.filter(at__lt=F("referral__filed_at")).exists()
        for referral in Referral.objects.all()[:50]:
            times = list(referral.events.order_by("pk").values_list("at", flat=True))
            assert times == sorted(times)

    def test_leaves_nothing_to_chase_and_no_clock_to_start(self):
        assert Chase.objects.exists()
        assert chase(at=NOW - timedelta(minutes=1)) == 0
        assert start_clocks() == 0

    def test_has_some_answers_overdue_now(self):
        assert Referral.objects.filter(due_at__lt=NOW, open_count__gt=0).count() >= 5

    def test_has_one_due_time_for_clock_referral_and_items(self):
        running = Obligation.objects.filter(met_at=None, ended_at=None, paused_since=None)
        assert running.exists()
        assert not running.exclude(due_at=F("referral__due_at")).exists()
        assert (
            not Item.objects.filter(state="open", disclosed=True)
            .exclude(due_at=F("referral__due_at"))
            .filter(referral__due_at__isnull=False)
            .exists()
        )

    def test_has_only_answers_that_the_rules_would_take(self):
        for decision in Decision.objects.select_related("item"):
            given = Answer(
                item=decision.item.reference,
                outcome=decision.outcome,
                refusal_reason=decision.refusal_reason,
                ground=decision.ground,
                legal_ground=decision.legal_ground,
                explanation=decision.explanation,
                acted_at=decision.acted_at,
                automated_detection=decision.automated_detection,
                automated_decision=decision.automated_decision,
            )
            assert first_problem(given, at=NOW) is None

    def test_has_a_valid_statement_for_every_decision_that_restricts(self):
        owed = Decision.objects.filter(outcome__in=RESTRICTIONS)
        made = Statement.objects.all()
        assert set(made.values_list("decision_id", flat=True)) == set(owed.values_list("pk", flat=True))
        assert made.exists()
        assert [faults(content) for content in made.values_list("content", flat=True) if faults(content)] == []

    def test_names_everything_as_the_portal_would(self):
        for referral in Referral.objects.all()[:20]:
            assert normalise(referral.reference) == referral.reference
        for item in Item.objects.all()[:20]:
            assert bytes(item.url_hash) == read_address(item.url).url_hash

    def test_says_nothing_about_anybody_real(self):
        real = {entry.slug for entry in starter_directory()}
        assert Organisation.objects.filter(slug__in=real).count() == len(real)
        assert not Referral.objects.filter(recipient__slug__in=real).exists()
        assert not Delivery.objects.filter(Q(recipient__slug__in=real) | Q(sender__slug__in=real)).exists()
        assert not Membership.objects.filter(organisation__slug__in=real).exists()
        invented = Domain.objects.exclude(platform__slug__in=real).values_list("host", flat=True)
        assert all(host.endswith(".example") for host in invented)

    def test_is_counted(self):
        assert Compilation.objects.filter(as_of=NOW).exists()


class TestCommand:
    @pytest.fixture
    def accounts(self, tmp_path, monkeypatch):
        monkeypatch.setitem(seeding.SCALES, "demo", seeding.Scale(30, fresh=0.5))
        call_command("seed_demo", accounts=tmp_path / "demo.json")
        return tmp_path / "demo.json"

    def test_writes_accounts_that_can_sign_in(self, accounts, rf):
        written = json.loads(accounts.read_text())
        assert set(written) == {"base_url", "accounts", "tokens"}
        first = written["accounts"][0]
        assert set(first) == {"email", "password", "organisation", "role"} and first["password"] == PASSWORD
        assert authenticate(rf.post("/"), email=first["email"], password=first["password"])

    def test_writes_tokens_that_work(self, accounts):
        tokens = json.loads(accounts.read_text())["tokens"]
        assert set(tokens) == {"officer", "reviewer", "flagger", "platform", "commission"}
        for token in tokens.values():
            assert Client().get("/api/v1/me/", headers={"authorization": f"Bearer {token}"}).status_code == 200

    def test_keeps_the_file_to_its_owner(self, accounts):
        assert stat.S_IMODE(accounts.stat().st_mode) == 0o600

    def test_a_second_run_keeps_everything(self, accounts, capsys):
        before = accounts.read_text(), Referral.objects.count()
        call_command("seed_demo", accounts=accounts)
        assert (accounts.read_text(), Referral.objects.count()) == before
        assert "is kept" in capsys.readouterr().out

    def test_a_lost_file_is_written_again(self, accounts):
        accounts.unlink()
        call_command("seed_demo", accounts=accounts)
        assert json.loads(accounts.read_text())["tokens"]["officer"]

    def test_force_adds_another_year(self, accounts):
        call_command("seed_demo", accounts=accounts, force=True, seed=5)
        assert Referral.objects.count() == 60

    def test_is_for_the_owner_of_the_database(self, settings):
        settings.AS_OWNER = False
        with pytest.raises(CommandError):
            call_command("seed_demo")
