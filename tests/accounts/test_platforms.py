"""A sender puts a platform into the directory, and the platform takes its entry over."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Claim, Membership, PlatformProposal
from apps.accounts.roles import Role
from apps.accounts.services.claims import AlreadyClaimed, NoOwnContact, TooManyLinks
from apps.accounts.services.platforms import NotAHost, TooManyPlatforms
from apps.audit.models import AuditEntry
from apps.organisations.models import ContactPoint, Domain, Organisation, Standing
from apps.organisations.selectors import routes
from apps.tenancy.context import Context, acting_as
from tests.factories import DomainFactory, PlatformFactory, ReferralUnitFactory, member, principal_for

NOW = timezone.now()


@pytest.fixture
def officer():
    return principal_for(ReferralUnitFactory(name="Unit North"), Role.OFFICER)


def proposal(**facts):
    said = {"name": "Small Forum", "hosts": ["https://www.Forum.example/start"], "country": "AT",
            "contact": "Abuse@forum.example", **facts}  # fmt: skip
    return services.Proposal(**said)


def make(by, at=NOW, **facts):
    with acting_as(by):
        return services.make_platform(proposal(**facts), by=by, at=at)


def offer(platform, by, commit, mailoutbox):
    with commit(), acting_as(by):
        services.offer_claim(platform, by=by, at=NOW)
    return re.search(r"/claims/([^/]+)/", mailoutbox[-1].body).group(1)


def ask_the_database(maker):
    facts = [maker, "x", "X", "AT", ["en"], "hosting", "small", True, ["x.example"], "", NOW]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tenancy.make_platform({', '.join(['%s'] * len(facts))})", facts)


class TestMakePlatform:
    def test_routes_addresses_at_once_and_says_who_is_behind_it(self, officer):
        made = make(officer)
        assert routes(["www.forum.example"])["www.forum.example"].platform_id == made.pk
        assert (made.standing, made.country, made.slug) == (Standing.PROSPECTIVE, "AT", "small-forum")
        assert made.platform.is_presumed and made.platform.size_class == "medium"
        assert made.contact_points.get().email == "abuse@forum.example"

    def test_tells_the_maker_s_own_organisation_only_who_made_it(self, officer):
        made = make(officer)
        with acting_as(officer):
            assert PlatformProposal.objects.get().platform_id == made.pk
            assert AuditEntry.objects.get(verb="platform.proposed").target == "small-forum"
        with acting_as(principal_for(ReferralUnitFactory(), Role.OFFICER)):
            assert not PlatformProposal.objects.exists()

    @pytest.mark.parametrize("host", ["streamhub.example", "clips.streamhub.example", "example", "co.uk", "10.0.0.1"])
    def test_takes_no_host_that_is_another_s_or_nobody_s(self, officer, host):
        hub = PlatformFactory(slug="streamhub", name="Streamhub")
        with pytest.raises((services.PlatformIsThere, NotAHost)) as refused:
            make(officer, hosts=[host])
        if isinstance(refused.value, services.PlatformIsThere):
            assert "Streamhub" in str(refused.value) and refused.value.facts["platform"] == hub.slug
        assert Organisation.objects.filter(kind="platform").count() == 1

    def test_does_not_reach_around_a_platform_below_it(self, officer):
        DomainFactory(platform=PlatformFactory(name="Clips"), host="clips.hub.example")
        with pytest.raises(services.PlatformIsThere, match="Clips"):
            make(officer, hosts=["hub.example"])

    def test_refuses_a_name_that_is_there(self, officer):
        PlatformFactory(name="SMALL FORUM")
        with pytest.raises(services.PlatformIsThere, match="SMALL FORUM"):
            make(officer)

    def test_stops_at_twenty_a_day(self, officer):
        for number in range(20):
            make(officer, name=f"Forum {number}", hosts=[f"f{number}.example"])
        with pytest.raises(TooManyPlatforms):
            make(officer)
        make(principal_for(ReferralUnitFactory(), Role.OFFICER))

    def test_opens_the_roles_that_the_code_gives_a_platform(self, officer):
        make(officer)
        assert services.sync_roles() == 0

    @pytest.mark.parametrize("who", ["contact", "administrator", "nobody", "another unit"])
    def test_the_database_itself_refuses_everybody_else(self, officer, who):
        unit = ReferralUnitFactory()
        others = {
            "contact": principal_for(PlatformFactory(), Role.CONTACT_POINT),
            "administrator": principal_for(unit, Role.ADMINISTRATOR),
            "nobody": Context(),
            "another unit": principal_for(unit, Role.OFFICER),
        }
        maker = officer.organisation_id if who in {"nobody", "another unit"} else others[who].organisation_id
        with pytest.raises(DatabaseError, match="only a sender"), transaction.atomic(), acting_as(others[who]):
            ask_the_database(maker)
        assert not Domain.objects.filter(host="x.example").exists()


class TestDirectoryTables:
    def test_are_read_by_all_and_written_by_their_own_platform(self, officer):
        platform, other = PlatformFactory(), PlatformFactory()
        administrator = principal_for(platform, Role.ADMINISTRATOR)
        with acting_as(administrator):
            assert ContactPoint.objects.count() == 2
            assert ContactPoint.objects.filter(organisation=other).update(email="stolen@x.example") == 0
            assert ContactPoint.objects.filter(organisation=platform).update(email="new@x.example") == 1
        with acting_as(officer):
            assert ContactPoint.objects.update(email="stolen@x.example") == 0


class TestClaim:
    @pytest.fixture
    def platform(self, officer):
        return make(officer)

    @pytest.fixture
    def secret(self, platform, officer, commit, mailoutbox):
        return offer(platform, officer, commit, mailoutbox)

    def test_goes_to_the_platform_s_own_domain_and_names_no_sender(self, secret, mailoutbox):
        (mail,) = mailoutbox
        assert mail.to == ["abuse@forum.example"]
        assert "Unit North" not in mail.body + mail.subject + mail.alternatives[0].content
        assert secret not in repr(Claim.objects.values())

    def test_looking_at_it_changes_nothing(self, secret, platform):
        for _ in range(3):
            services.find_claim(secret, at=NOW)
        assert Organisation.objects.get(pk=platform.pk).standing == Standing.PROSPECTIVE

    def test_makes_the_first_administrator_through_an_invitation(self, secret, platform):
        taken = services.take_claim(secret, email="abuse@forum.example", at=NOW)
        user = services.accept(taken.secret, name="Ida Moser", password="a long enough phrase", at=NOW)
        membership = Membership.objects.get(user=user)
        assert (membership.organisation_id, membership.role) == (platform.pk, Role.ADMINISTRATOR)
        assert Organisation.objects.get(pk=platform.pk).standing == Standing.CLAIMED
        assert ContactPoint.objects.get(organisation=platform).verified_at is not None
        assert AuditEntry.objects.filter(organisation_id=platform.pk, verb="platform.claimed").exists()

    def test_proves_a_colleague_s_mailbox_by_a_mail_of_its_own(self, secret, commit, mailoutbox):
        with commit():
            taken = services.take_claim(secret, email="ida@mail.forum.example", at=NOW)
        assert taken.secret == "" and mailoutbox[-1].to == ["ida@mail.forum.example"]

    def test_accepts_no_mailbox_of_another_domain_and_stays_open(self, secret):
        with pytest.raises(services.ForeignMailbox):
            services.take_claim(secret, email="ida@elsewhere.example", at=NOW)
        assert services.find_claim(secret, at=NOW)

    @pytest.mark.parametrize(
        ("spoil", "why"),
        [
            (lambda s: services.take_claim(s, email="abuse@forum.example", at=NOW), "used"),
            (lambda s: Claim.objects.update(expires_at=NOW + timedelta(seconds=1), revoked_at=NOW), "revoked"),
            (lambda s: Claim.objects.update(expires_at=NOW, created_at=NOW - timedelta(days=8)), "expired"),
            (lambda s: Claim.objects.all().delete(), "unknown"),
        ],
        ids=["used", "revoked", "expired", "unknown"],
    )
    def test_says_why_it_works_no_more(self, secret, spoil, why):
        spoil(secret)
        with pytest.raises(services.ClaimUnusable) as refused:
            services.find_claim(secret, at=NOW)
        assert refused.value.facts["why"] == why
        with pytest.raises(services.ClaimUnusable):
            services.take_claim(secret, email="abuse@forum.example", at=NOW)

    def test_ends_when_a_newer_one_is_sent(self, secret, platform, officer, commit, mailoutbox):
        newer = offer(platform, officer, commit, mailoutbox)
        with pytest.raises(services.ClaimUnusable):
            services.find_claim(secret, at=NOW)
        assert services.find_claim(newer, at=NOW)

    def test_is_sent_three_times_a_day_at_most(self, secret, platform, officer, commit, mailoutbox):
        for _ in range(2):
            offer(platform, officer, commit, mailoutbox)
        with pytest.raises(TooManyLinks), acting_as(officer):
            services.offer_claim(platform, by=officer, at=NOW)

    def test_is_not_offered_where_it_would_prove_nothing(self, officer):
        platform = make(officer, contact="forum@webmail.example")
        with pytest.raises(NoOwnContact), acting_as(officer):
            services.offer_claim(platform, by=officer, at=NOW)

    def test_is_not_offered_once_somebody_acts_for_the_platform(self, platform, officer):
        member(platform, Role.CONTACT_POINT)
        with pytest.raises(AlreadyClaimed), acting_as(officer):
            services.offer_claim(platform, by=officer, at=NOW)
